"""Read: one patch beside everything that is said about it."""

import streamlit as st

from components import urls
from components.annotations import page_state
from components.annotations.reader.component import KEY, ReaderInput, Start, show_component
from components.annotations.reader.heading import show_heading
from components.annotations.reader.look import VIEW, presets_of, with_preset
from components.annotations.reader.patch import ReadPatch, blank_reason, odd_id, open_patch
from components.annotations.reader.steps import step_to
from components.annotations.state import AnnotationsState
from components.browser import reported
from components.compare_panels import nearby_addresses, panels_of
from components.compare_problems import show_problems
from components.compare_state import CompareState
from components.plain_text import plain
from data_access.bigearthnet.dataset import BigEarthNet
from errors import PatchworkError

_NEIGHBOURS = "annotations_neighbours"  # of the patch that was drawn last: where a step of the reader leads


def show_reader(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the patch of the address; what can not be opened is explained in its place."""
    try:
        patch = open_patch(state, dataset)
    except PatchworkError as problem:
        st.error(plain(problem.message), icon=":material/error:")
        if state.sample:
            st.button("To the first patch that matches", icon=":material/first_page:", on_click=step_to, args=("",))
        return
    state = state.replace(sample=patch.record.id)
    page_state.keep(state)
    st.session_state[_NEIGHBOURS] = patch.neighbours
    show_heading(state, patch)
    if odd := odd_id(patch.record.id):
        st.error(plain(odd), icon=":material/error:")
        return
    if patch.record.modalities:
        show_problems(patch.record, dataset.info)
    show_component(_given(state, patch, dataset), on_arranged=_take_arranged, on_preset=_take_preset, on_step=_step)


def _given(state: AnnotationsState, patch: ReadPatch, dataset: BigEarthNet) -> ReaderInput:
    record, neighbours, revision = patch.record, patch.neighbours, dataset.info.revision
    drawn = CompareState(presets=presets_of(state))
    following = [each for each in (neighbours.next, neighbours.previous) if each]
    readings = [urls.readings(record.dataset, each, revision=revision) for each in (record.id, *following)]
    return ReaderInput(
        sample=record.id,
        revision=revision,
        readings=readings[0],
        panels=panels_of(drawn, record, revision),
        blank=blank_reason(patch, dataset),
        checked=patch.has_map,
        matching=patch.matching,
        terms=state.wanted.samples.words,
        nearby=[*readings[1:], *nearby_addresses(drawn, dataset, neighbours)],
        ways=[way for way in ("previous", "next") if getattr(neighbours, way)],
        start=Start(state.extra(VIEW), state.row),
        goto=page_state.map_serial(),
    )


def _take_arranged() -> None:
    """Follow the user's hand: zoom and highlighted row become part of the address."""
    report, state = reported(KEY, "arranged"), page_state.current()
    if report and report.get("sample") == state.sample:
        row = report.get("row")
        state = state.replace(row=row if isinstance(row, int) else None)
        page_state.change(state.with_extra(VIEW, str(report.get("view") or "")))


def _take_preset() -> None:
    if chosen := reported(KEY, "preset"):
        page_state.change(with_preset(page_state.current(), str(chosen["modality"]), str(chosen["preset"])))


def _step() -> None:
    target = getattr(st.session_state.get(_NEIGHBOURS), str(reported(KEY, "step")), None)
    if target:
        step_to(target)
