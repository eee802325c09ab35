"""The parts of the Compare page: heading with previous and next, controls, and the linked viewer."""

from dataclasses import dataclass, replace

import streamlit as st

from components import urls
from components.compare_state import DEFAULT_OPACITY, CompareState, read_state
from components.modality_names import modality_name, unit_name
from components.viewer import Overlay, Panel, PresetChoice, ValueSource, show_viewer
from data_access.collections import DATASETS, collections_of_process
from data_access.dataset import Dataset, ModalitySummary, Neighbours, SampleRecord
from errors import PatchworkError, UnknownSampleError
from rendering import default_preset, presets_of

MAP_PAGE = "explore.py"  # beside pages/shell.py, the script that Streamlit runs
CLOUD_MASK = "cloud_mask"
_SHOWN_IN_S2 = {"S2-10m", "S2-20m", "S2-60m"}  # one panel on the 10 m grid shows all three resolutions


@dataclass(frozen=True)
class OpenedSample:
    """The sample that the page shows, and its place in the selection."""

    dataset: Dataset
    record: SampleRecord
    neighbours: Neighbours


def current_state() -> CompareState:
    """The state that the page's address describes; a filter that means nothing is named and left out."""
    state, problem = read_state({key: st.query_params.get_all(key) for key in st.query_params})
    if problem:
        st.warning(f"{problem.message} Previous and next go through all samples.", icon=":material/filter_alt_off:")
    return state


def open_sample(state: CompareState) -> tuple[CompareState, OpenedSample]:
    """Open the sample of the address, or the first of the selection where the address names none.

    What can not be opened is explained on the page, which ends there.
    """
    try:
        dataset = collections_of_process().get(state.dataset or DATASETS[0])
        if not state.sample:
            state = state.with_sample(dataset.info.dataset, _first(dataset, state))
        record = dataset.describe(state.sample)
        neighbours = dataset.catalog.neighbours(state.selection, state.sample)
    except PatchworkError as problem:
        _explain(problem)
        st.stop()
    return state, OpenedSample(dataset, record, neighbours)


def _first(dataset: Dataset, state: CompareState) -> str:
    rows = dataset.catalog.rows(state.selection, limit=1)
    if not rows.num_rows:
        raise UnknownSampleError("No sample matches the filter of this address. Loosen the filter on the map.")
    return str(rows["id"][0].as_py())


def _explain(problem: PatchworkError) -> None:
    st.error(problem.message, icon=":material/error:")
    st.page_link(MAP_PAGE, label="Choose a sample on the map", icon=":material/map:")


def finish(state: CompareState, before: CompareState) -> None:
    """Put the state into the page's address, and draw the page again where it is drawn differently now."""
    if state != before:
        st.query_params.from_dict(state.to_query())
    if replace(state, view="") != replace(before, view=""):
        st.rerun()


def show_heading(state: CompareState, opened: OpenedSample) -> CompareState:
    """Name the sample and offer the way to its neighbours; returns the state of the page to go to."""
    record, neighbours = opened.record, opened.neighbours
    words, steps = st.columns([3, 2], vertical_alignment="bottom")
    with words:
        st.markdown(f"### {_place(record)}")
        synthetic = " :orange-badge[Synthetic demo data]" if opened.dataset.info.synthetic else ""
        st.markdown(f":gray-badge[{opened.dataset.info.title}]{synthetic} `{record.id}`")
    with steps, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.page_link(MAP_PAGE, label="Map", icon=":material/map:", query_params=_map_address(state))
        back = st.button("Previous", icon=":material/chevron_left:", disabled=neighbours.previous is None)
        st.markdown(_position(neighbours), width="content")
        forward = st.button("Next", icon=":material/chevron_right:", disabled=neighbours.next is None)
    return step(state, opened, "previous" if back else "next" if forward else None)


def step(state: CompareState, opened: OpenedSample, direction: str | None) -> CompareState:
    """The page of the previous or the next sample of the selection; the same page where there is none."""
    target = {"previous": opened.neighbours.previous, "next": opened.neighbours.next}.get(direction or "")
    return state.with_sample(state.dataset, target) if target else state


def _map_address(state: CompareState) -> dict[str, list[str]]:
    """The map with the same selection and this sample marked."""
    query = state.to_query()
    return {key: values for key, values in query.items() if key not in {"preset", "view", "cloud", "offset"}}


def _place(record: SampleRecord) -> str:
    row = record.properties
    known = [str(row[key]) for key in ("country", "season") if row.get(key) not in (None, "", "unknown")]
    north, east = "NS"[record.lat < 0], "EW"[record.lon < 0]
    return " · ".join([*known, f"{abs(record.lat):.2f}° {north} {abs(record.lon):.2f}° {east}"])


def _position(neighbours: Neighbours) -> str:
    if neighbours.position is None:
        return "outside the selection"
    return f"{neighbours.position:,} of {neighbours.matched:,}"


def show_controls(state: CompareState, opened: OpenedSample) -> CompareState:
    """Switches that act on all panels; returns the state that the user chose with them."""
    summaries = {summary.name: summary for summary in opened.record.modalities}
    with st.container(horizontal=True, vertical_alignment="center"):
        cloud = 0.0
        if CLOUD_MASK in summaries:
            shown = st.toggle("Cloud mask", value=state.cloud > 0, help="Drawn over every panel. Key: C")
            if shown:
                cloud = st.slider("Opacity", 0.1, 1.0, state.cloud or DEFAULT_OPACITY, 0.1, width=160)
        remove = False
        if any(summary.offset_state == "present" for summary in summaries.values()):
            remove = st.toggle(
                "Remove the +1000 offset",
                value=state.remove_offset,
                help="This Sentinel-2 scene carries the +1000 of processing baselines from 04.00 on. "
                "Pictures change; values under the cursor stay as stored.",
            )
    return replace(state, cloud=cloud, remove_offset=remove)


def show_panels(state: CompareState, opened: OpenedSample) -> CompareState:
    """Draw the viewer; returns the state after what the user did in it."""
    record, revision = opened.record, opened.dataset.info.revision
    overlay = None
    if state.cloud:
        picture = urls.picture(record.dataset, record.id, CLOUD_MASK, revision=revision, preset="overlay")
        overlay = Overlay(picture, state.cloud)
    panels = [_panel(state, record, summary, revision) for summary in _shown(record)]
    if not panels:
        st.info("No pictures of this sample are here: its collection has no imagery for it.", icon=":material/image:")
    sample = f"{record.dataset}/{record.id}"
    events = show_viewer("viewer", sample=sample, panels=panels, overlay=overlay, view=state.view)
    if events.preset:
        state = state.with_preset(*events.preset)
    if events.view is not None:
        state = replace(state, view=events.view)
    if events.cloud is not None:
        state = replace(state, cloud=DEFAULT_OPACITY if events.cloud else 0.0)
    return step(state, opened, events.step)


def _shown(record: SampleRecord) -> list[ModalitySummary]:
    """The modalities that get a panel."""
    return [summary for summary in record.modalities if summary.name not in _SHOWN_IN_S2]


def _panel(state: CompareState, record: SampleRecord, summary: ModalitySummary, revision: str) -> Panel:
    modality = summary.name
    choices = presets_of(modality)
    preset = state.presets.get(modality, "")
    if preset not in {choice.name for choice in choices}:
        preset = _first_preset(modality)
    where = (record.dataset, record.id, modality)
    offset = "remove" if state.remove_offset and summary.offset_state == "present" else None
    title, about = modality_name(modality)
    return Panel(
        modality=modality,
        title=title,
        about=about,
        bands=summary.bands,
        unit=unit_name(summary.unit),
        presets=tuple(PresetChoice(choice.name, choice.title) for choice in choices),
        preset=preset,
        picture=urls.picture(*where, revision=revision, preset=preset, offset=offset),
        legend=urls.legend(*where, revision=revision, preset=preset, offset=offset),
        values=_value_sources(record, summary, revision),
    )


def _value_sources(record: SampleRecord, shown: ModalitySummary, revision: str) -> tuple[ValueSource, ...]:
    """Where the values of a panel come from: the modality itself, or the three resolutions behind S2."""
    parts = (
        [summary for summary in record.modalities if summary.name in _SHOWN_IN_S2] if shown.name == "S2" else [shown]
    )
    return tuple(
        ValueSource(urls.values(record.dataset, record.id, part.name, revision=revision), part.bands) for part in parts
    )


def _first_preset(modality: str) -> str:
    """The preset that a panel begins with: the rendering's default, unless that is made to lie over another picture."""
    default = default_preset(modality)
    alone = [choice.name for choice in presets_of(modality) if choice.kind != "overlay"]
    return default.name if default.kind != "overlay" or not alone else alone[0]
