"""Keeps the Explore page's state in step with its address, in both directions."""

from typing import NoReturn

import streamlit as st

from components.addressed_page import AddressedPage
from components.explore_address import read_state
from components.explore_state import ExploreState
from errors import PatchworkError

FILTERS, BODY = "explore_filters", "explore_body"  # keys of the page's two fragments
_PAGE: AddressedPage[ExploreState] = AddressedPage("explore", read_state)


def arrive() -> ExploreState:
    """The state at the beginning of a run of the whole page; the address wins where it was changed from outside.

    Widgets must not be drawn before this was called, since a new address gives them new values.
    """
    return _PAGE.arrive()


def current_state() -> ExploreState:
    """The state of this session's page, for a part of it and for a widget's callback."""
    return _PAGE.current()


def change(state: ExploreState) -> None:
    """Make this the state of the page; the address follows at the end of the run, or at the next one."""
    _PAGE.keep(state)


def change_filter(state: ExploreState) -> NoReturn:
    """Make this the state and rerun what depends on the filter; the end of a widget's callback.

    Two fragments instead of the page: half the work, and the browser gets none of the frame around them again.
    """
    change(state)
    st.rerun([FILTERS, BODY])


def write_address() -> None:
    """Write the state into the address, where it differs."""
    _PAGE.write()


def address_problems() -> tuple[PatchworkError, ...]:
    """What was wrong with the address that this page was opened with."""
    return _PAGE.problems()


def view_serial() -> int:
    """Changes whenever the map has to go to the view of the address."""
    return _PAGE.serial()
