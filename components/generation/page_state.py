"""Keeps the Generate page's state in step with its address, in both directions."""

import streamlit as st

from components.addressed_page import AddressedPage
from components.generation.address import read_state
from components.generation.state import GenerateState, View
from errors import PatchworkError

BODY = "generate_body"  # key of the fragment below the heading
_RUNS = "generate_runs"  # the runs of this session by what they are of: a view that was left is found as it was
_MOST_RUNS = 200
_PAGE: AddressedPage[GenerateState] = AddressedPage("generate", read_state)


def arrive() -> GenerateState:
    """The state at the beginning of a run of the whole page; the address wins where it was changed from outside.

    Widgets must not be drawn before this was called, since a new address gives them new values.
    """
    return _PAGE.arrive()


def current() -> GenerateState:
    """The state of this session's page, for a part of it and for a widget's callback."""
    return _PAGE.current()


def change(state: GenerateState) -> None:
    """Make this the state of the page and write the address: the end of a widget's callback."""
    _PAGE.keep(state)
    _PAGE.write()


def keep(state: GenerateState) -> None:
    """Make this the state of the page while it is drawn: the page fills in what the address leaves open."""
    _PAGE.keep(state)


def write_address() -> None:
    """Write the state into the address, where it differs."""
    _PAGE.write()


def address_problems() -> tuple[PatchworkError, ...]:
    """What was wrong with the address that this page was opened with."""
    return _PAGE.problems()


def serial() -> int:
    """Changes whenever the address, not the user's hand, arranged the page."""
    return _PAGE.serial()


def remember_run(state: GenerateState) -> None:
    """Note the run of a view, for the way back to it."""
    runs: dict[tuple[str, ...], str] = st.session_state.setdefault(_RUNS, {})
    if state.run:
        runs[_place(state, state.view)] = state.run
        while len(runs) > _MOST_RUNS:
            del runs[next(iter(runs))]


def at_view(state: GenerateState, view: View) -> GenerateState:
    """The page in another view, with the run that was last looked at there."""
    runs: dict[tuple[str, ...], str] = st.session_state.get(_RUNS, {})
    return state.with_view(view).replace(run=runs.get(_place(state, view), ""))


def _place(state: GenerateState, view: View) -> tuple[str, ...]:
    return state.dataset, state.sample, str(state.coordinates), view
