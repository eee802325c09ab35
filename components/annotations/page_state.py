"""Keeps the Annotations page's state in step with its address, in both directions."""

import streamlit as st

from components.addressed_page import AddressedPage
from components.annotations.address import read_state
from components.annotations.state import AFTER, AnnotationsState
from errors import PatchworkError

FILTERS, BODY = "annotations_filters", "annotations_body"  # keys of the page's two fragments
_PAGE: AddressedPage[AnnotationsState] = AddressedPage("annotations", read_state)


def arrive() -> AnnotationsState:
    """The state at the beginning of a run of the whole page; the address wins where it was changed from outside.

    Widgets must not be drawn before this was called, since a new address gives them new values.
    """
    return _PAGE.arrive()


def current() -> AnnotationsState:
    """The state of this session's page, for a part of it and for a widget's callback."""
    return _PAGE.current()


def change(state: AnnotationsState) -> None:
    """Make this the state of the page and write the address: the end of a widget's callback.

    What depends on the change and may lie outside the fragment that the widget is in runs again: filters and body where
    other rows are wanted, the body for another view or patch. Then nothing after this call is run.
    """
    before = _PAGE.current()
    if state.wanted != before.wanted:
        state = state.with_extra(AFTER, "")  # other results begin at their first page
    _PAGE.keep(state)
    _PAGE.write()
    if state.wanted != before.wanted:
        st.rerun([FILTERS, BODY])
    if (state.view, state.sample) != (before.view, before.sample):
        st.rerun([BODY])


def keep(state: AnnotationsState) -> None:
    """Make this the state of the page while it is drawn: a view fills in what the address leaves open."""
    _PAGE.keep(state)


def write_address() -> None:
    """Write the state into the address, where it differs."""
    _PAGE.write()


def address_problems() -> tuple[PatchworkError, ...]:
    """What was wrong with the address that this page was opened with."""
    return _PAGE.problems()


def map_serial() -> int:
    """Changes whenever the map has to go to the view of the address."""
    return _PAGE.serial()
