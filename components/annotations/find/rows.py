"""Results as rows: each annotation with its patch, question and answer, page by page in the order of the IDs."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.annotations.counting import Row, count_rows, row_page
from components.annotations.find.row_items import id_of, row_item
from components.annotations.find.turning import turn, turned
from components.annotations.results import DATASET, has_picture, read_patch, reading_query
from components.annotations.state import AFTER, PATH, AnnotationsState
from components.browser import component, reported
from components.data_sets import LOOKS
from data_access.bigearthnet.dataset import BigEarthNet

KEY = "annotations_rows"
SIZE = 20  # rows of a page: three screens, about 9 kB


def show_rows(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw a page of rows."""
    component("patchwork_annotation_rows", "annotations/find/rows.js", "annotations/find/rows.css", "annotation-rows")(
        key=KEY, data=_data(state, dataset), on_opened_change=_take_opened, on_turned_change=_take_turned
    )


def _data(state: AnnotationsState, dataset: BigEarthNet) -> dict[str, Any]:
    look, revision = LOOKS[DATASET], dataset.info.revision
    rows = row_page(revision, state.wanted, SIZE + 1, id_of(state.extra(AFTER)))
    shown = _whole(rows)
    more = len(rows) > len(shown)
    first = turned(state, ("rows", state.wanted)).first(SIZE)
    return {
        "dataset": DATASET,
        "revision": revision,
        "layer": look.layer,
        "preset": look.preset,
        "page": PATH,
        "query": reading_query(state),
        "pages": [first, len(shown), count_rows(revision, state.wanted).matched, int(more)],
        "last": str(shown[-1]["ID"]) if shown and more else "",
        "terms": list(state.wanted.samples.words),
        "row": "" if state.row is None else str(state.row),
        "items": [row_item(row, picture=has_picture(dataset, str(row["patch_id"] or ""))) for row in shown],
    }


def _whole(rows: Sequence[Row]) -> Sequence[Row]:
    """A page of rows, and beyond its size what shares the last one's ID: the next page begins behind that ID."""
    size = SIZE
    while SIZE <= size < len(rows) and rows[size]["ID"] == rows[size - 1]["ID"]:
        size += 1
    return rows[:size]


def _take_opened() -> None:
    opened = reported(KEY, "opened")
    if isinstance(opened, Mapping):
        read_patch(str(opened.get("sample") or ""), id_of(opened.get("row")))


def _take_turned() -> None:
    turned_to = reported(KEY, "turned")
    if isinstance(turned_to, Mapping):
        turn(int(turned_to["by"]), str(turned_to.get("last") or ""))
