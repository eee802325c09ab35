"""The five views of the page behind one switch: what each is called, and who draws it."""

from collections.abc import Callable

import streamlit as st

from components.annotations.audit.view import show_audit
from components.annotations.charts.view import show_charts
from components.annotations.console.view import show_console
from components.annotations.find.view import show_find
from components.annotations.page_state import change, current
from components.annotations.reader.view import show_reader
from components.annotations.state import VIEWS, AnnotationsState, View
from data_access.bigearthnet.dataset import BigEarthNet

_SWITCH = "annotations_view"
_LABELS: dict[View, str] = {
    "find": ":material/search: Find",
    "read": ":material/image_search: Read",
    "charts": ":material/bar_chart: Charts",
    "check": ":material/fact_check: Check",
    "sql": ":material/terminal: SQL",
}
_SHOW: dict[View, Callable[[AnnotationsState, BigEarthNet], None]] = {
    "find": show_find,
    "read": show_reader,
    "charts": show_charts,
    "check": show_audit,
    "sql": show_console,
}


def show_switch(state: AnnotationsState) -> None:
    """The switch; the view is part of the address."""
    st.session_state[_SWITCH] = state.view
    st.segmented_control(
        "View",
        VIEWS,
        key=_SWITCH,
        format_func=_LABELS.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=_take_view,
    )


def show_view(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Whatever the switch says."""
    _SHOW[state.view](state, dataset)


def _take_view() -> None:
    change(current().replace(view=st.session_state[_SWITCH]))
