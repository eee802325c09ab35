"""The map beside the results: the patches that match, a box or lasso as a filter, a click that opens a patch."""

import streamlit as st

from components.annotations.conditions import unknown_to_the_map
from components.annotations.page_state import change, current, keep, map_serial
from components.annotations.results import DATASET, read_patch
from components.annotations.state import AnnotationsState
from components.counts import count_of
from components.data_sets import OpenedSet
from components.explore_state import ExploreState, SampleReference
from components.explore_state import View as MapView
from components.map.component import MapInput, map_reports, show_map
from components.map.selection import selected_filter
from data_access.bigearthnet.dataset import BigEarthNet
from errors import UnknownSampleError

KEY = "annotations_map"
EXPLORE_PAGE = "explore.py"  # beside pages/shell.py, the script that Streamlit runs
_SENT, _MOUNTED = "annotations_map_sent", "annotations_map_mounted"  # revisions that the browser got what is fixed of
_EUROPE = MapView(53.5, 11.5, 2.6)  # from Portugal to Finland, as far as BigEarthNet goes, on a map of 360 x 520 pixels


def show_patch_map(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the map, and say what of the filter it can not show."""
    this = OpenedSet(DATASET, dataset, None)
    st.session_state[_SENT] = dataset.info.revision
    samples = state.wanted.samples
    on_map = ExploreState(
        sample_filter=samples,
        shown=(DATASET,),
        selected=SampleReference(DATASET, state.sample) if state.sample else None,
        view=state.map_view or _EUROPE,
    )
    given = MapInput(
        on_map,
        (this,),
        {DATASET: count_of(this, samples)},
        _place(state.sample, dataset),
        mounted=st.session_state.get(_MOUNTED) == dataset.info.revision,
        serial=map_serial(),
        key=KEY,
    )
    show_map(given, on_event=_take_reports)
    if blind := unknown_to_the_map(state.wanted):
        names = " and ".join(name.lower() for name in blind)
        st.caption(f"The map shows patches: it knows every condition but {names}.")
    st.page_link(
        EXPLORE_PAGE,
        label="Show on the big map",
        icon=":material/public:",
        query_params=[*samples.to_query(), ("show", DATASET)],
    )


def _place(sample: str, dataset: BigEarthNet) -> tuple[float, float] | None:
    """Longitude and latitude of the patch that was read last."""
    if not sample:
        return None
    try:
        row = dataset.catalog.row(sample)
    except UnknownSampleError:
        return None
    lon, lat = row.get("lon"), row.get("lat")
    return (lon, lat) if isinstance(lon, float) and isinstance(lat, float) else None


def _take_reports() -> None:
    """Take over what the user did on the map, all at once."""
    reports = map_reports(KEY)
    state = current()
    if viewport := reports.get("viewport"):
        view = MapView(float(viewport["lat"]), float(viewport["lon"]), float(viewport["zoom"]))
        st.session_state[_MOUNTED] = st.session_state.get(_SENT)  # a map that reports has it
        keep(state := state.replace(map_view=view))
    if selected := reports.get("selected"):
        wanted = state.wanted
        state = state.replace(wanted=wanted.replace(samples=selected_filter(wanted.samples, selected)))
        change(state)
    if clicked := reports.get("clicked"):
        read_patch(str(clicked["id"]))
