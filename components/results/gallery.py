"""The gallery component: thumbnails of one page of samples, and the selected sample as a card above them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.browser import component
from components.data_sets import LOOKS, OpenedSet, opened_sets
from components.explore_state import SampleReference
from components.results.cards import day, degrees, has_imagery, has_thumbnail, known, named, place, short_id
from components.results.paging import Page, Row
from data_access.collections import DATASETS
from data_access.dataset import FAR_KINDS, DatasetName
from data_access.sample_filter import SampleFilter

KEY = "explore_gallery"
STRIP = {  # modalities on the card of the selected sample, first those that differ most to the eye
    "terramesh": ("S2L2A", "S1RTC", "S1GRD", "DEM", "NDVI", "LULC"),
    "bigearthnet": ("S2", "S1", "reference_map"),
}
NO_OPTICAL, NO_IMAGERY = 0, -1  # why a thumbnail has no picture, as the browser knows it
# What a row of the catalogue tells that a sample lacks; a picture of it need not be asked for.
_LACKING: dict[str, Callable[[Row], bool]] = {
    "S1RTC": lambda row: row.get("source") == "ssl4eos12",
    "S1GRD": lambda row: row.get("source") == "majortom",
    "S2": lambda row: not row.get("has_s2", True),
    "S1": lambda row: not row.get("has_s1", True),
    "reference_map": lambda row: not row.get("has_reference_map", True),
}


@dataclass(frozen=True)
class GalleryInput:
    """Everything the gallery depends on."""

    page: Page
    sample_filter: SampleFilter  # goes along to the Compare page
    mounted: bool  # whether the browser has what never changes; it is sent no more then
    selected: tuple[SampleReference, Row | None] | None  # the row is None where the id does not exist
    first: int  # number of the page's first sample, from 1
    matched: int  # samples on all pages
    thumbnails: bool = True  # False beside the table: the card and the page numbers alone


def show_gallery(given: GalleryInput, *, on_event: Callable[[], None]) -> None:
    """Draw the gallery; `on_event` runs before the next run, see `browser.reported`."""
    show_thumbnails(KEY, _data(given), on_event=on_event)


def show_thumbnails(key: str, data: Mapping[str, Any], *, on_event: Callable[[], None]) -> None:
    """Draw a gallery of any page: `data` as `_data` has it; `page` and `unit` where it is not about what is in view."""
    component("patchwork_gallery", "results/gallery.js", "results/gallery.css", "results")(
        key=key,
        data=data,
        on_opened_change=on_event,
        on_closed_change=on_event,
        on_turned_change=on_event,
    )


def compare_query(reference: SampleReference, sample_filter: SampleFilter) -> dict[str, list[str]]:
    """Query parameters of the Compare page for one sample of a selection."""
    query: dict[str, list[str]] = {"dataset": [reference.dataset], "sample": [reference.id]}
    for key, value in sample_filter.to_query():
        query.setdefault(key, []).append(value)
    return query


def annotations_query(sample_id: str, sample_filter: SampleFilter) -> dict[str, list[str]]:
    """Query parameters of the Annotations page that reads one patch of a selection."""
    query: dict[str, list[str]] = {"view": ["read"], "sample": [sample_id]}
    for key, value in sample_filter.to_query():
        query.setdefault(key, []).append(value)
    return query


def _data(given: GalleryInput) -> dict[str, Any]:
    fixed: dict[str, Any] = {}  # what the browser has is left out: every change of the filter sends this again
    if not given.mounted:
        fixed["sets"] = {each.name: gallery_set(each) for each in opened_sets() if each.dataset}
    if given.selected:
        fixed["card"] = _card(*given.selected)
    return fixed | {
        "items": [_item(name, row) for name, row in given.page.rows] if given.thumbnails else [],
        "pages": [given.first, len(given.page.rows), given.matched, int(given.page.next is not None)],
        "query": given.sample_filter.query_string(),
    }


def gallery_set(each: OpenedSet) -> dict[str, Any]:
    """What the gallery needs to know of a data set to draw its pictures."""
    look = each.look
    info = each.dataset.info if each.dataset else None
    return {
        "title": look.title,
        "colours": [look.colour_light, look.colour_dark],
        "picture": [look.layer, look.preset],
        "far": int(info is not None and info.kind in FAR_KINDS),
        "revision": info.revision if info else "",
    }


def _item(name: DatasetName, row: Row) -> list[Any]:
    """One thumbnail, as short as it gets: the gallery travels with every change of filter and view."""
    lon, lat = row.get("lon"), row.get("lat")
    where = [round(lon, 3), round(lat, 3)] if isinstance(lon, float) and isinstance(lat, float) else None
    item = [DATASETS.index(name), row["id"], place(row), day(row.get("time")), where]
    if has_thumbnail(row):
        return item
    return [*item, NO_OPTICAL if has_imagery(row) else NO_IMAGERY]


def _card(reference: SampleReference, row: Row | None) -> dict[str, Any]:
    card: dict[str, Any] = {"dataset": reference.dataset, "id": reference.id}
    if row is None:
        problem = f"{LOOKS[reference.dataset].title} has no sample {reference.id}. Choose another one on the map."
        return card | {"problem": problem, "facts": []}
    cloud = row.get("cloud_cover")
    facts = [
        ("Place", f"{place(row)} \u00b7 {degrees(row)}" if known(row.get("country")) else degrees(row)),
        ("Acquired", " \u00b7 ".join(filter(None, (day(row.get("time")), named("season", row))))),
        ("Climate", known(row.get("climate_zone"))),
        ("Clouds", f"{cloud:.0f} %" if isinstance(cloud, int | float) and math.isfinite(cloud) else ""),
        ("Split", " \u00b7 ".join(filter(None, (known(row.get("split")), named("source", row))))),
    ]
    title = short_id(reference.id) if has_imagery(row) else f"{short_id(reference.id)} (annotations only)"
    strip = [name for name in STRIP[reference.dataset] if name not in _LACKING or not _LACKING[name](row)]
    return card | {
        "title": title,
        "facts": [fact for fact in facts if fact[1]],
        "strip": strip if has_imagery(row) else [],
    }
