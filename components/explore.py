"""The body of the Explore page: counts and layer above, map and samples beside each other, filters in the sidebar.

Map and samples are one fragment, the filters another: moving the map or choosing a sample reruns the first alone, what
changes the filter reruns both, and neither reruns the frame of the page.
"""

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.counts import Totals, totals
from components.data_sets import OpenedSet
from components.explore_state import ExploreState, View, reported_sample
from components.filters.panel import show_filter_panel
from components.layer_choice import show_layer_choice
from components.map.component import MapInput, map_reports, show_map
from components.map.selection import selected_filter, selection_ring
from components.page_state import BODY, FILTERS, change, change_filter, current_state, view_serial, write_address
from components.results.panel import show_results
from components.words import hold_for_words
from data_access.collections import DATASETS
from data_access.dataset import DatasetName
from data_access.sample_filter import BoundingBox, SampleFilter
from errors import CoordinateError, PatchworkError

_VIEW_BOX = "explore_view_box"  # west, south, east, north of the map as the browser last reported it
_MAP_WIDTH, _RESULTS_WIDTH = 1.72, 1.0  # of the two columns


def show_filters(sets: tuple[OpenedSet, ...]) -> None:
    """The sidebar."""
    with st.sidebar:
        _filters(sets)


@st.fragment(key=FILTERS)
def _filters(sets: tuple[OpenedSet, ...]) -> None:
    state = current_state()
    show_filter_panel(state, _shown(state, sets), counted_filter(state), mounted=_is_mounted(FILTERS, sets))


@st.fragment(key=BODY)
def show_map_and_samples(sets: tuple[OpenedSet, ...]) -> None:
    """Everything that follows the map."""
    state = current_state()
    shown = _shown(state, sets)
    mounted = _is_mounted(BODY, sets)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        hold_for_words(shown, state.sample_filter)
        _show_counts(totals(shown, counted_filter(state)))
        show_layer_choice(state, sets)
    map_column, results_column = st.columns([_MAP_WIDTH, _RESULTS_WIDTH], gap="small")
    with map_column:
        _show_map(state, sets, mounted=mounted)
    with results_column, st.container(key="explore_results"):
        show_results(state, shown, within(state.sample_filter, view_box()), mounted=mounted)
    write_address()


def _is_mounted(fragment: str, sets: tuple[OpenedSet, ...]) -> bool:
    """Whether the browser has what changes only with what is open: it stands, and got this for these data sets."""
    opened = tuple(each.name for each in sets if each.dataset)
    sent = st.session_state.get(f"{fragment}_sent_for")
    st.session_state[f"{fragment}_sent_for"] = opened
    return sent == opened and view_box() is not None


def _shown(state: ExploreState, sets: tuple[OpenedSet, ...]) -> tuple[OpenedSet, ...]:
    return tuple(each for each in sets if each.name in state.shown)


def counted_filter(state: ExploreState) -> SampleFilter:
    """What counts and facets are about: the filter, with the map's edges where the user wants that."""
    return within(state.sample_filter, view_box()) if state.in_view else state.sample_filter


def view_box() -> BoundingBox | None:
    """Edges of the map; None before the browser has told."""
    box: BoundingBox | None = st.session_state.get(_VIEW_BOX)
    return box


def within(sample_filter: SampleFilter, box: BoundingBox | None) -> SampleFilter:
    """A filter and a box; a box that was selected before becomes a polygon, so that both count."""
    if box is None:
        return sample_filter
    if sample_filter.bbox:
        ring = selection_ring(sample_filter.replace(lasso=())) or ()
        sample_filter = sample_filter.replace(lasso=sample_filter.lasso or tuple(ring))
    return sample_filter.replace(bbox=box)


def _show_counts(counted: Totals) -> None:
    text = f"<b>{counted.matched:,}</b> of {counted.total:,} samples"
    if counted.annotations is not None:
        text += f" \u00b7 <b>{counted.annotations:,}</b> annotations"
    st.html(f'<div class="patchwork-counts" role="status">{text}</div>')


def _show_map(state: ExploreState, sets: tuple[OpenedSet, ...], *, mounted: bool) -> None:
    counts = totals(sets, state.sample_filter).by_set
    given = MapInput(state, sets, counts, _place(state, sets), mounted, view_serial())
    show_map(given, on_event=take_map_reports)


def _place(state: ExploreState, sets: tuple[OpenedSet, ...]) -> tuple[float, float] | None:
    """Longitude and latitude of the selected sample."""
    for each in sets:
        if state.selected and each.name == state.selected.dataset and each.dataset:
            try:
                row = each.dataset.catalog.row(state.selected.id)
            except PatchworkError:  # its card says so; the map has nothing to ring
                return None
            lon, lat = row.get("lon"), row.get("lat")
            return (lon, lat) if isinstance(lon, float) and isinstance(lat, float) and math.isfinite(lon) else None
    return None


def take_map_reports() -> None:
    """Take over what the user did on the map; called before anything runs again.

    Several things may have happened since the last run: the state changes once, with all of them.
    """
    reports = map_reports()
    state = before = current_state()
    counted = counted_filter(before)
    if viewport := reports.get("viewport"):
        state = state.replace(view=_take_viewport(viewport))
    if clicked := reports.get("clicked"):
        state = state.replace(selected=reported_sample(clicked) or state.selected)
    if selected := reports.get("selected"):
        state = state.replace(sample_filter=selected_filter(state.sample_filter, selected))
    if toggled := reports.get("shown"):
        state = state.replace(shown=_toggled(state, toggled))
    if counted_filter(state) != counted or state.sample_filter != before.sample_filter or state.shown != before.shown:
        change_filter(state)
    change(state)


def _toggled(state: ExploreState, toggled: Mapping[str, Any]) -> tuple[DatasetName, ...]:
    """The data sets shown after one was switched on or off in the legend."""
    wanted = {*state.shown, toggled["name"]} if toggled["shown"] else {*state.shown} - {toggled["name"]}
    return tuple(name for name in DATASETS if name in wanted)


def _take_viewport(viewport: Mapping[str, Any]) -> View:
    """Remember the map's edges; gives back where it looks."""
    west, south, east, north = (float(edge) for edge in viewport["bbox"])
    if not south < north:
        raise CoordinateError(f"The map reported edges from {south} to {north} degrees north; that is no area.")
    st.session_state[_VIEW_BOX] = (west, south, east, north)
    return View(float(viewport["lat"]), float(viewport["lon"]), float(viewport["zoom"]))
