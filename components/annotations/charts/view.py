"""Charts: the annotations that match, in numbers to look at; every mark can be clicked and filters.

Each chart ignores its own restriction, so that what could be chosen instead stays visible, and marks what is chosen.
"""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillBuilding

import streamlit as st

from components.annotations.charts.boxes import draw_places, draw_sizes
from components.annotations.charts.numbers import short
from components.annotations.charts.per_patch import draw_per_patch
from components.annotations.charts.tasks import draw_balance, draw_tasks
from components.annotations.charts.words import draw_words
from components.annotations.page_state import BODY, change, current
from components.annotations.state import AnnotationsState
from components.empty_note import show_empty
from components.opening import under_way
from components.plain_text import plain
from components.progress_rows import rows as progress
from data_access.annotations.charts import (
    KINDS,
    GroupKind,
    WordIndex,
    box_heat,
    hidden_words,
    per_patch,
    task_cube,
    word_counts,
    word_index_soon,
)
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from errors import PatchworkError

PATIENCE_S = 0.4  # that the page waits for the index of words before it tells of it
TICK_S = 1.0  # between two looks at it
_BY = "charts_words"  # parameter of the address: season, which is the first, or country
_ALSO = "charts_also"  # words that are shown too, by their lists' names, with a dot between
_LISTS = {"stop": "Stop words", "leaks": "Words that name season, country or climate"}
_GROUPS: dict[GroupKind, str] = {"season": "By season", "country": "By country"}


def show_charts(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw all charts of the rows that the filter leaves."""
    rows = dataset.rows
    if rows is None:
        show_empty("There are no annotations here", "Connect BigEarthNet.txt.parquet on the Data page.")
        return
    st.caption("Click a bar or a cell to filter by it, and once more to take that back.")
    left, right = st.columns([1.15, 1], gap="large")
    cube = task_cube(rows, state.wanted)
    with left:
        _title("Tasks by split", "annotations; bars are to scale within a column")
        draw_tasks(cube, state.wanted)
    with right:
        _title(
            "Balance of answers",
            "lines: even shares; ±: the furthest off, in points",
        )
        if not draw_balance(cube, state.wanted):
            show_empty("No answers among these annotations", "Only yes or no and multiple choice questions have them.")
    _show_boxes(state, rows)
    _show_words(state, rows)
    _title("Annotations per patch", "all of a patch that has a match; a second bar takes all in between")
    draw_per_patch(per_patch(rows, state.wanted), state.wanted)


def _show_boxes(state: AnnotationsState, rows: AnnotationRows) -> None:
    places, sizes = (box_heat(rows, state.wanted, own) for own in ("box_at", "box_size"))
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        span = f"; a place lies in {short(places.coverage.min())} to {short(places.coverage.max())} of them"
        _title("Where boxes lie", f"{places.boxes:,} boxes{span if places.boxes else ''}")
        if places.boxes:
            draw_places(places, state.wanted)
        else:
            show_empty("No boxes among these annotations", "Only tasks of type bounding box have them.")
    with right:
        if sizes.boxes:
            _title("How large they are", f"up to {short(sizes.sizes.max())} of a size; both axes are logarithmic")
            draw_sizes(sizes, state.wanted)
        elif places.boxes:
            show_empty("No boxes over this place", "Click another place, or the same one once more.")


def _show_words(state: AnnotationsState, rows: AnnotationRows) -> None:
    _title("Words of the captions", "bars: share of a group's captions that hold the word; ×: against all captions")
    index = word_index_soon(rows)
    try:
        if not _is_there(index):
            st.fragment(_tell_progress, run_every=TICK_S)(index)
            return
    except PatchworkError as problem:  # the other charts need no words
        st.error(plain(problem.message), icon=":material/error:")
        return
    by, also = _words_shown(state)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.session_state["annotations_words_by"] = by
        st.segmented_control(
            "Words by",
            KINDS,
            key="annotations_words_by",
            format_func=_GROUPS.__getitem__,
            label_visibility="collapsed",
            required=True,
            on_change=_take_words,
        )
        for name, label in _LISTS.items():
            st.session_state[f"annotations_words_{name}"] = name in also
            st.checkbox(label, key=f"annotations_words_{name}", on_change=_take_words)
    hidden = hidden_words(rows, stop="stop" not in also, leaks="leaks" not in also)
    if not draw_words(word_counts(rows, state.wanted, by), state.wanted, hidden):
        show_empty("No words to compare", "The captions that match are too few, or all of one group.")


def _words_shown(state: AnnotationsState) -> tuple[GroupKind, frozenset[str]]:
    """What the words are grouped by, and which lists of words are shown too."""
    asked = state.extra(_BY, KINDS[0])
    by = next((kind for kind in KINDS if kind == asked), KINDS[0])
    return by, frozenset(state.extra(_ALSO).split(".")) & set(_LISTS)


def _take_words() -> None:
    by = st.session_state["annotations_words_by"]
    also = ".".join(name for name in _LISTS if st.session_state[f"annotations_words_{name}"])
    change(current().with_extra(_BY, "" if by == KINDS[0] else by).with_extra(_ALSO, also))
    st.rerun([BODY])


def _is_there(index: "Future[WordIndex]") -> bool:
    """Whether the index of words is open, a moment from now at the latest; what went wrong is raised."""
    try:
        index.result(PATIENCE_S)
    except StillBuilding:
        return False
    return True


def _tell_progress(index: "Future[WordIndex]") -> None:
    if index.done():
        st.rerun()
    st.html(f'<div role="status">{progress(under_way())}</div>')


def _title(title: str, about: str) -> None:
    with st.container(gap=None):
        st.markdown(f"##### {title}")
        st.caption(about)
