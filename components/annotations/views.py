"""The five views of the page behind one switch: what each is called, and who draws it."""

from collections.abc import Callable

from components.annotations.audit.view import show_audit
from components.annotations.charts.view import show_charts
from components.annotations.console.view import show_console
from components.annotations.find.view import show_find
from components.annotations.page_state import change, current
from components.annotations.reader.view import show_reader
from components.annotations.state import AnnotationsState, View
from components.view_switch import show_view_switch
from data_access.bigearthnet.dataset import BigEarthNet

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
    show_view_switch(_LABELS, state.view, key="annotations_view", take=_take_view)


def show_view(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Whatever the switch says."""
    _SHOW[state.view](state, dataset)


def _take_view(name: View) -> None:
    change(current().replace(view=name))
