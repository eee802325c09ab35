"""Keeps the Explore page's state in step with its address, in both directions."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

import streamlit as st

from components.explore_address import read_state
from components.explore_state import ExploreState
from errors import PatchworkError

_STATE = "explore_state"
_WRITTEN = "explore_address"  # what this session last wrote: anything else came from a link or the back button
_PROBLEMS = "explore_problems"
_SERIAL = "explore_goto"  # counts the times that Python, not the user, moved the map
FILTERS, BODY = "explore_filters", "explore_body"  # keys of the page's two fragments
ARRIVED = "shell_arrived"  # the shell sets it in a run that comes from another page


def current_state() -> ExploreState:
    """The state of this session's page; the address wins where it was changed from outside.

    Widgets must not be drawn before this was called, since a new address gives them new values.
    """
    address = _address()
    arrived = st.session_state.pop(ARRIVED, False)
    if _STATE not in st.session_state:
        _adopt(address)
    elif arrived and not address:  # back through the navigation, which carries no parameters
        st.session_state[_WRITTEN] = address
    elif address != st.session_state.get(_WRITTEN):
        _adopt(address)
    state: ExploreState = st.session_state[_STATE]
    return state


def change(state: ExploreState) -> None:
    """Make this the state of the page; the address follows at the end of the run, or at the next one."""
    st.session_state[_STATE] = state


def change_filter(state: ExploreState) -> NoReturn:
    """Make this the state and rerun what depends on the filter; the end of a widget's callback.

    Two fragments instead of the page: half the work, and the browser gets none of the frame around them again.
    """
    change(state)
    st.rerun([FILTERS, BODY])


def write_address() -> None:
    """Write the state into the address, where it differs."""
    pairs = st.session_state[_STATE].to_query()
    if pairs != st.session_state.get(_WRITTEN):
        st.session_state[_WRITTEN] = pairs
        st.query_params.from_dict(_grouped(pairs))


def address_problems() -> tuple[PatchworkError, ...]:
    """What was wrong with the address that this page was opened with."""
    problems: tuple[PatchworkError, ...] = st.session_state.get(_PROBLEMS, ())
    return problems


def view_serial() -> int:
    """Changes whenever the map has to go to the view of the address."""
    serial: int = st.session_state.get(_SERIAL, 0)
    return serial


def _adopt(address: list[tuple[str, str]]) -> None:
    query = _grouped(address)
    state, problems = read_state(query)
    st.session_state[_STATE] = state
    st.session_state[_PROBLEMS] = problems
    st.session_state[_WRITTEN] = address
    st.session_state[_SERIAL] = view_serial() + 1


def _address() -> list[tuple[str, str]]:
    return [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]


def _grouped(pairs: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    query: dict[str, list[str]] = {}
    for key, value in pairs:
        query.setdefault(key, []).append(value)
    return query
