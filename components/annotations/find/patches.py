"""Results as patches: the gallery, each thumbnail with the number of its annotations that match."""

from collections.abc import Mapping
from typing import Any

from components.annotations.counting import Row, count_rows, patch_page
from components.annotations.find.turning import turn, turned
from components.annotations.results import DATASET, has_picture, place_of, read_patch, reading_query
from components.annotations.state import AFTER, PATH, AnnotationsState
from components.browser import reported
from components.data_sets import OpenedSet
from components.results.cards import place
from components.results.gallery import NO_OPTICAL, gallery_set, show_thumbnails
from data_access.bigearthnet.dataset import BigEarthNet

KEY = "annotations_gallery"
SIZE = 24


def show_patches(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw a page of patches."""
    show_thumbnails(KEY, _data(state, dataset), on_event=_take_event)


def _data(state: AnnotationsState, dataset: BigEarthNet) -> dict[str, Any]:
    revision = dataset.info.revision
    patches = patch_page(revision, state.wanted, SIZE + 1, state.extra(AFTER) or None)
    shown, more = patches[:SIZE], len(patches) > SIZE
    first = turned(state, ("patches", state.wanted)).first(SIZE)
    return {
        "sets": {DATASET: gallery_set(OpenedSet(DATASET, dataset, None))},
        "items": [_item(row, dataset) for row in shown],
        "pages": [first, len(shown), count_rows(revision, state.wanted).patches, int(more)],
        "last": str(shown[-1]["id"]) if shown and more else "",
        "query": reading_query(state),
        "page": PATH,
        "unit": "patches",
    }


def _item(row: Row, dataset: BigEarthNet) -> list[Any]:
    """One thumbnail as the gallery takes it, with the matching rows in the place of the day."""
    sample, count = str(row["id"]), int(row["annotations"])
    where = place_of(row["lon"], row["lat"])
    item = [DATASET, sample, place(row), "1 annotation" if count == 1 else f"{count:,} annotations", where]
    return item if has_picture(dataset, sample) else [*item, NO_OPTICAL]


def _take_event() -> None:
    opened, turned_to = reported(KEY, "opened"), reported(KEY, "turned")
    if isinstance(opened, Mapping):
        read_patch(str(opened["id"]))
    if isinstance(turned_to, Mapping):
        turn(int(turned_to["by"]), str(turned_to.get("last") or ""))
