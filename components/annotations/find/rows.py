"""Results as rows: each annotation with its patch, question and answer, page by page in the order of the IDs."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.annotations.conditions import task_name
from components.annotations.counting import Row, count_rows, row_page
from components.annotations.find.turning import turn, turned
from components.annotations.results import DATASET, has_picture, place_of, read_patch, reading_query
from components.annotations.state import AFTER, PATH, AnnotationsState
from components.browser import component, reported
from components.data_sets import LOOKS
from components.filters.vocabulary import label
from data_access.annotations.reading import read_row
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
    rows = row_page(revision, state.wanted, SIZE + 1, _start(state))
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
        "row": state.row,
        "items": [_item(row, dataset) for row in shown],
    }


def _start(state: AnnotationsState) -> int | None:
    """The ID behind which the page begins; None for the first page, and where the address names no ID."""
    start = state.extra(AFTER)
    return int(start) if start.isascii() and start.isdigit() else None


def _whole(rows: Sequence[Row]) -> Sequence[Row]:
    """A page of rows, and beyond its size what shares the last one's ID: the next page begins behind that ID."""
    size = SIZE
    while SIZE <= size < len(rows) and rows[size]["ID"] == rows[size - 1]["ID"]:
        size += 1
    return rows[:size]


def _item(row: Row, dataset: BigEarthNet) -> dict[str, Any]:
    """One row as the browser draws it: what is empty is left out."""
    reading = read_row(row)
    sample = str(row["patch_id"] or "")
    item = {
        "row": row["ID"],
        "sample": sample,
        "task": task_name(str(row["type"]), str(row["category"])),
        "place": _place(row),
        "question": reading.question or str(row["input"] or ""),
        "options": [[choice.letter, choice.text] for choice in reading.options],
        "letter": reading.letter,
        "answer": reading.answer,
        "problem": reading.problem,
        "where": place_of(row["longitude"], row["latitude"]),
        "picture": int(has_picture(dataset, sample)),
    }
    return {name: value for name, value in item.items() if value}


def _place(row: Row) -> str:
    words = (label(name, str(row[name] or "")) for name in ("country", "season", "split"))
    return " \u00b7 ".join(word for word in words if word)


def _take_opened() -> None:
    opened = reported(KEY, "opened")
    if isinstance(opened, Mapping):
        read_patch(str(opened["sample"]), int(opened["row"]))


def _take_turned() -> None:
    turned_to = reported(KEY, "turned")
    if isinstance(turned_to, Mapping):
        turn(int(turned_to["by"]), str(turned_to.get("last") or ""))
