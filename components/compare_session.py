"""Keeps the Compare page in step with its address, in both directions: links, the back button, and the viewer."""

from collections.abc import Mapping

import streamlit as st

from components.addressed_page import ARRIVED
from components.compare_state import MAX_TEXT, CompareState, ViewerState, read_state
from errors import FilterError

_WRITTEN = "compare_address"  # the last address of this session: another one came from a link or the back button
_SERIAL = "compare_goto"  # counts the times that the address, not the user's hand, arranged the viewer
_MOMENT = "compare_moment"  # of the last report of the viewer; Streamlit hands over the same one in every later run
_ACTED = "compare_acted"  # set in a run that the user's hand on the page causes


def act() -> None:
    """Note that the user did something on the page; callbacks call it, before the run that they cause.

    The address that comes with such a run may be older than the last one written: the browser may not have got that
    one yet. What was written counts then, or two quick actions would undo each other.
    """
    st.session_state[_ACTED] = True


def arrive() -> tuple[CompareState, FilterError | None]:
    """The state that the address describes, and what is wrong with its filter.

    Through the navigation, which carries no parameters, the page opens as it was left.
    """
    address = {key: st.query_params.get_all(key) for key in st.query_params}
    written: dict[str, list[str]] | None = st.session_state.get(_WRITTEN)
    arrived = st.session_state.pop(ARRIVED, False)
    if st.session_state.pop(_ACTED, False) and written:
        address = written
    if arrived and not address and written:
        st.query_params.from_dict(written)
        address = written
    if address != written:
        st.session_state[_SERIAL] = serial() + 1
        st.session_state[_WRITTEN] = address
    return read_state(address)


def serial() -> int:
    """Changes whenever the viewer has to follow the address."""
    number: int = st.session_state.get(_SERIAL, 0)
    return number


def write(state: CompareState) -> None:
    """Put the state into the page's address."""
    query = state.to_query()
    st.session_state[_WRITTEN] = query
    st.query_params.from_dict(query)


def news(report: Mapping[str, object] | None, sample: str) -> ViewerState | None:
    """What the viewer reports of this sample; None where it reports nothing that was not known before."""
    if not report or report.get("sample") != sample or report.get("moment") == st.session_state.get(_MOMENT):
        return None
    st.session_state[_MOMENT] = report.get("moment")
    view, pins, pair = (str(report.get(name) or "")[:MAX_TEXT] for name in ("view", "pins", "pair"))
    return ViewerState(view, pins, pair)
