"""The map component: Python sends a small declaration, the browser reports viewport, clicks and selections.

Bulk data never passes through here: `map.js` asks the API for tiles, points, footprints and pictures itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.browser import component, reported
from components.data_sets import DRAWN_FROM, LOOKS, OpenedSet, opened_sets
from components.explore_state import ExploreState
from components.map.declaration import map_declaration
from components.map.selection import selection_ring
from data_access.dataset import FAR_KINDS, Count, DatasetName

KEY = "explore_map"

_OPENING = "It is being opened."


@dataclass(frozen=True)
class MapInput:
    """Everything the map depends on."""

    state: ExploreState
    sets: tuple[OpenedSet, ...]
    counts: Mapping[DatasetName, Count]  # of the filter, by data set
    selected_place: tuple[float, float] | None  # lon, lat of the selected sample
    mounted: bool  # whether the browser has what never changes; it is sent no more then
    serial: int  # changes whenever the map has to go to the state's view
    key: str = KEY  # of the map in the session; each page has its own


def show_map(given: MapInput, *, on_event: Callable[[], None]) -> None:
    """Draw the map; `on_event` is called before the next run whenever the user did something, see `map_reports`."""
    component("patchwork_map", "map/map.js", "map/map.css", "patchwork-map")(
        key=given.key,
        data=_data(given),
        on_viewport_change=on_event,
        on_clicked_change=on_event,
        on_selected_change=on_event,
        on_shown_change=on_event,
    )


def map_reports(key: str = KEY) -> dict[str, Any]:
    """What the browser reported in this run, by name: `viewport`, `clicked`, `selected`, `shown`."""
    names = ("viewport", "clicked", "selected", "shown")
    return {name: value for name in names if isinstance(value := reported(key, name), Mapping)}


def _data(given: MapInput) -> dict[str, Any]:
    state = given.state
    place = given.selected_place
    selected = state.selected
    mark = selected and place and {"dataset": selected.dataset, "id": selected.id, "lon": place[0], "lat": place[1]}
    data = {
        "constant": None if given.mounted else {"deck": map_declaration(), "looks": _looks()},
        "datasets": [_data_set(each, state, given.counts.get(each.name)) for each in given.sets],
        "query": state.sample_filter.without("bbox").query_string(),
        "bbox": list(state.sample_filter.bbox) if state.sample_filter.bbox else None,
        "selection": selection_ring(state.sample_filter),
        "opacity": state.opacity / 100,
        "cloud_mask": state.cloud_mask,
        "selected": mark or None,
        "goto": {
            "serial": given.serial,
            "latitude": state.view.latitude if state.view else None,
            "longitude": state.view.longitude if state.view else None,
            "zoom": state.view.zoom if state.view else None,
        },
    }
    # Every change of the filter sends this again, so what is not there is not told.
    return {name: value for name, value in data.items() if value not in (None, False)}


def _data_set(each: OpenedSet, state: ExploreState, count: Count | None) -> dict[str, Any]:
    layer = state.layers[each.name]
    drawn_from = DRAWN_FROM.get(layer.modality)
    problem = each.problem.message if each.problem else _OPENING if each.is_opening else ""
    told = {
        "name": each.name,
        "shown": each.name in state.shown,
        "matched": count.matched if count else 0,
        "revision": each.dataset.info.revision if each.dataset else "",
        "layer": {"modality": layer.modality, "preset": layer.preset}
        | ({"from": list(drawn_from)} if drawn_from else {}),  # from itself, where nothing is said
    }
    return told | ({"problem": problem} if problem else {})


def _looks() -> dict[str, dict[str, Any]]:
    """Of all data sets, whichever the page shows: the browser keeps them for the maps of all pages."""
    # Of these the hover card asks for the thumbnail made beforehand: a chip would fetch a member of 600 kB.
    far = {each.name for each in opened_sets() if each.dataset and each.dataset.info.kind in FAR_KINDS}
    return {
        name: {
            "title": look.title,
            "colour": {"light": look.colour_light, "dark": look.colour_dark},
            "ramp": {"light": look.ramp_light, "dark": look.ramp_dark},
            "chip_metres": look.chip_metres,
            "thumbnail": None if name in far else {"modality": look.layer, "preset": look.preset},
        }
        for name, look in LOOKS.items()
    }
