"""The parts of the Compare page: heading with previous and next, and the linked viewer."""

from dataclasses import dataclass, replace

import streamlit as st

from components import compare_session
from components.compare_fetching import described
from components.compare_panels import nearby_addresses, overlay_of, panels_of
from components.compare_problems import show_problems
from components.compare_state import DEFAULT_OPACITY, LOOK, CompareState
from components.data_sets import OpenedSet
from components.filters.vocabulary import label
from components.opening import wait_until
from components.plain_text import plain
from components.try_again import show_try_again_where_closed
from components.viewer.component import ViewerInput, show_viewer
from components.words import hold_for_words
from data_access.collections import DATASETS, Collections, collections_of_process
from data_access.dataset import Dataset, Neighbours, SampleRecord
from errors import PatchworkError, UnknownSampleError

MAP_PAGE, GENERATE_PAGE = "explore.py", "generate.py"  # beside pages/shell.py, the script that Streamlit runs


@dataclass(frozen=True)
class OpenedSample:
    """The sample that the page shows, and its place in the selection."""

    dataset: Dataset
    record: SampleRecord
    neighbours: Neighbours


def current_state() -> CompareState:
    """The state that the page's address describes; a filter that means nothing is named and left out."""
    state, problem = compare_session.arrive()
    if problem:
        message = f"{problem.message} Previous and next go through all samples."
        st.warning(plain(message), icon=":material/filter_alt_off:")
    return state


def open_sample(state: CompareState) -> tuple[CompareState, OpenedSample]:
    """Open the sample of the address, or the first of the selection where the address names none.

    What can not be opened is explained on the page, which ends there.
    """
    collections = collections_of_process()
    name = state.dataset
    try:
        name = name or _first_opened(collections)
        wait_until(collections.opening(name).done)
        dataset = collections.get(name)
        hold_for_words([OpenedSet(dataset.info.dataset, dataset, None)], state.selection)
        state = replace(state, dataset=dataset.info.dataset)
        if not state.sample:
            state = state.with_sample(state.dataset, _first(dataset, state))
        record = described(dataset, state.sample)
        neighbours = dataset.catalog.neighbours(state.selection, state.sample)
    except PatchworkError as problem:
        _explain(problem)
        show_try_again_where_closed(collections, name)
        st.stop()
    return state, OpenedSample(dataset, record, neighbours)


def _first_opened(collections: Collections) -> str:
    """The data set to begin with: the first that is open, where one can be."""
    wait_until(lambda: bool(_opened(collections)) or all(collections.opening(name).done() for name in DATASETS))
    return next(iter(_opened(collections)), DATASETS[0])


def _opened(collections: Collections) -> list[str]:
    ended = {name: collections.opening(name) for name in DATASETS if collections.opening(name).done()}
    return [name for name, future in ended.items() if not isinstance(future.result(), PatchworkError)]


def _first(dataset: Dataset, state: CompareState) -> str:
    rows = dataset.catalog.rows(state.selection, limit=1)
    if not rows.num_rows:
        raise UnknownSampleError("No sample matches the filter of this address. Loosen the filter on the map.")
    return str(rows["id"][0].as_py())


def _explain(problem: PatchworkError) -> None:
    st.error(plain(problem.message), icon=":material/error:")
    st.page_link(MAP_PAGE, label="Choose a sample on the map", icon=":material/map:")


def finish(state: CompareState, before: CompareState, drawn: CompareState) -> None:
    """Put the state into the page's address, and draw the page again where the viewer's events changed it.

    Args:
        state: the page as it is to be.
        before: what the address described.
        drawn: what this run has drawn.
    """
    if state != before:
        compare_session.write(state)
    if replace(state, viewer=drawn.viewer) != drawn:
        st.rerun()


def show_heading(state: CompareState, opened: OpenedSample) -> CompareState:
    """Name the sample and offer the way to its neighbours; returns the state of the page to go to."""
    record, neighbours = opened.record, opened.neighbours
    words, steps = st.columns([3, 2], vertical_alignment="bottom")
    with words:
        st.markdown(f"### {plain(place_of(record))}")
        synthetic = " :orange-badge[Synthetic demo data]" if opened.dataset.info.synthetic else ""
        st.markdown(f":gray-badge[{opened.dataset.info.title}]{synthetic} `{record.id}`")
    with steps, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        here = _map_address(state)
        st.page_link(MAP_PAGE, label="Map", icon=":material/map:", query_params=here)
        if record.modalities:
            st.page_link(GENERATE_PAGE, label="Generate", icon=":material/brush:", query_params=here)
        act = compare_session.act
        back = st.button("Previous", icon=":material/chevron_left:", disabled=neighbours.previous is None, on_click=act)
        st.markdown(position_of(neighbours), width="content")
        forward = st.button("Next", icon=":material/chevron_right:", disabled=neighbours.next is None, on_click=act)
    return step(state, opened, "previous" if back else "next" if forward else None)


def step(state: CompareState, opened: OpenedSample, direction: str | None) -> CompareState:
    """The page of the previous or the next sample of the selection; the same page where there is none."""
    target = {"previous": opened.neighbours.previous, "next": opened.neighbours.next}.get(direction or "")
    return state.with_sample(state.dataset, target) if target else state


def _map_address(state: CompareState) -> dict[str, list[str]]:
    """The map with the same selection and this sample marked; the Generate page reads the same."""
    return {key: values for key, values in state.to_query().items() if key not in LOOK}


def place_of(record: SampleRecord) -> str:
    """Where and when a sample was taken, in one line."""
    row = record.properties
    known = [label(key, str(row[key])) for key in ("country", "season") if row.get(key) not in (None, "", "unknown")]
    north, east = "NS"[record.lat < 0], "EW"[record.lon < 0]
    return " · ".join([*known, f"{abs(record.lat):.2f}° {north} {abs(record.lon):.2f}° {east}"])


def position_of(neighbours: Neighbours) -> str:
    """Which sample of the selection this is."""
    if neighbours.position is None:
        return "outside the selection"
    return f"{neighbours.position:,} of {neighbours.matched:,}"


def show_panels(state: CompareState, opened: OpenedSample) -> CompareState:
    """Draw the viewer; returns the state after what the user did in it."""
    panels = panels_of(state, opened.record, opened.dataset.info.revision)
    show_problems(opened.record, opened.dataset.info)
    sample = f"{opened.record.dataset}/{opened.record.id}"
    given = ViewerInput(
        sample=sample,
        panels=panels,
        overlay=overlay_of(state, opened.record, opened.dataset.info.revision),
        nearby=nearby_addresses(state, opened.dataset, opened.neighbours),
        ways=[way for way in ("previous", "next") if getattr(opened.neighbours, way)],
        start=state.viewer,
        goto=compare_session.serial(),
    )
    events = show_viewer(given, on_event=compare_session.act)
    if events.preset:
        modality, preset = events.preset
        first = {panel.modality: panel.default for panel in panels}.get(modality)
        state = state.with_preset(modality, None if preset == first else preset)
    if (arranged := compare_session.news(events.arranged, sample)) is not None:
        state = replace(state, viewer=arranged)
    if events.cloud is not None:
        state = replace(state, cloud=DEFAULT_OPACITY if events.cloud else 0.0)
    return step(state, opened, events.step)
