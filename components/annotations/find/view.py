"""Find: the annotations that match, as rows or as patches, beside the map."""

import streamlit as st

from components.annotations.conditions import CONDITION_TITLES
from components.annotations.counting import count_rows
from components.annotations.find.map import show_patch_map
from components.annotations.find.patches import show_patches
from components.annotations.find.rows import show_rows
from components.annotations.page_state import change, current
from components.annotations.state import AFTER, AnnotationsState
from components.empty_note import show_empty
from components.view_switch import show_view_switch
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet

FORM = "find_as"  # parameter of the address
ROWS, PATCHES = "rows", "patches"
_FORMS = {ROWS: "Rows", PATCHES: "Patches"}
_SWITCH = "annotations_form"
_RESULTS_WIDTH, _MAP_WIDTH = 1.5, 1.0  # of the two columns
_MOST_TRIED = 6  # conditions that are taken away one by one to see what would match: each is a count of all rows
_MOST_OFFERED = 3


def show_find(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the results and the map."""
    results, beside = st.columns([_RESULTS_WIDTH, _MAP_WIDTH], gap="medium")
    with results:
        form = PATCHES if state.extra(FORM) == PATCHES else ROWS
        show_view_switch(_FORMS, form, key=_SWITCH, take=_take_form, name="Show as")
        if not count_rows(dataset.info.revision, state.wanted).matched:
            _show_empty(state.wanted, dataset.info.revision)
        elif form == PATCHES:
            show_patches(state, dataset)
        else:
            show_rows(state, dataset)
    with beside, st.container(key="annotations_beside"):
        show_patch_map(state, dataset)


def _show_empty(wanted: RowFilter, revision: str) -> None:
    """Nothing matches: says what to loosen."""
    gains = [
        (count_rows(revision, wanted.without(name)).matched, name) for name in sorted(wanted.restricted)[:_MOST_TRIED]
    ]
    names = [name for matched, name in sorted(gains, reverse=True) if matched][:_MOST_OFFERED]
    hint = "Take one condition away:" if names else "Take conditions away above, or reset them all."
    show_empty("No annotations match", hint)
    for name in names:
        text = f"Any {CONDITION_TITLES.get(name, name).lower()}"
        st.button(text, key=f"annotations_loosen_{name}", on_click=_loosen, args=(name,), width="stretch")


def _loosen(name: str) -> None:
    state = current()
    change(state.replace(wanted=state.wanted.without(name)))


def _take_form(form: str) -> None:
    change(current().with_extra(FORM, "" if form == ROWS else form).with_extra(AFTER, ""))
