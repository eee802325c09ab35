"""The any-to-any view: every input alone to every output alone, and one cell of it at large."""

from collections.abc import Mapping

import streamlit as st

from components.compare import OpenedSample
from components.compare_state import ViewerState
from components.empty_note import show_empty
from components.generation.form.offer import inputs_of, outputs_of, sources_of
from components.generation.form.view import settle, show_form
from components.generation.judging.tokens import tokens_told
from components.generation.live.component import show_live
from components.generation.matrix.cells import matrix_of, preset_of, told
from components.generation.matrix.component import chosen_cell, draw_matrix
from components.generation.matrix.detail import cell_panels
from components.generation.page_state import change, current, keep
from components.generation.provenance.view import show_provenance
from components.generation.runs import run_of
from components.generation.state import GenerateState
from components.modality_names import modality_name
from components.plain_text import plain
from components.viewer.component import ViewerInput, show_viewer
from generation.judging.of_result import OF_A_PAIR, JudgedResult, judge_result, modality_of
from generation.judging.truth import truth_of
from generation.kept_result import KeptResult
from generation.modalities import MODALITIES
from rendering.comparison import range_for_all

LIVE = "generate_matrix_live"
_RANGES = "generate_matrix_ranges"
_FEWEST = 2  # inputs and outputs: fewer are no matrix
_NO_SAMPLE = "A matrix needs a sample"
_TAKE_ONE = "A place alone has one modality. Choose a sample on the map or with Previous and Next."
_ABOUT = (
    "Each row gives TerraMind one modality alone; each column is what it makes of it. The diagonal is real. "
    "Click a picture to compare it pixel by pixel."
)


def show_matrix(state: GenerateState, opened: OpenedSample) -> None:
    """Draw the view."""
    if state.coordinates:
        show_empty(_NO_SAMPLE, _TAKE_ONE)
        return
    filled = show_form(_widened(state, opened), opened)
    run = run_of(filled.state.run)
    if run.problem:
        st.info(plain(run.problem), icon=":material/history:")
    show_live(filled.state, key=LIVE, label="Fill the matrix", estimate=filled.estimate, why=filled.why)
    if run.result and run.result.request.kind == "matrix":
        show_matrix_result(filled.state, run.result, opened)


def show_matrix_result(state: GenerateState, result: KeptResult, opened: OpenedSample) -> None:
    """The matrix of a finished run, one cell of it at large, and where it comes from."""
    judged = judge_result(result, opened.dataset)
    ranges = _ranges(result, opened)
    cell = state.cell if state.cell in judged.outputs else ""
    st.caption(_ABOUT)
    draw_matrix(matrix_of(result, judged, ranges) | {"chosen": cell}, on_chosen=take_cell)
    if judged.reason:
        st.caption(plain(f"Nothing is compared, since {judged.reason}."))
    if cell:
        _show_cell(result, judged, cell, opened, ranges)
    show_provenance(result, opened.dataset)


def _widened(state: GenerateState, opened: OpenedSample) -> GenerateState:
    """The page with everything that the sample and the model offer, where too little for a matrix is chosen."""
    wish = state.wish
    if len(wish.inputs) >= _FEWEST and len(wish.outputs) >= _FEWEST:
        return state
    _, model, _ = settle(state, opened)
    real = sources_of(opened.record)
    wide = state.with_request(
        inputs=tuple(each.name for each in inputs_of(opened.record, model) if not each.why),
        outputs=tuple(each.name for each in outputs_of(opened.record, model) if not each.why and each.name in real),
    )
    keep(wide)
    return wide


def _ranges(result: KeptResult, opened: OpenedSample) -> dict[str, str | None]:
    """The colours of each column, the same for all its pictures and the real one; found once per run."""
    kept: dict[str, dict[str, str | None]] = st.session_state.setdefault(_RANGES, {})
    if result.id not in kept:
        kept.clear()
        truth = truth_of(result, opened.dataset).arrays
        found = {}
        for name in {modality_of(each) for each in result.modalities} & set(MODALITIES):
            made = [result.seed(each) for each in result.modalities if modality_of(each) == name]
            arrays = [*made, *([truth[name]] if name in truth else [])]
            bands = MODALITIES[name].bands
            found[name] = range_for_all(arrays, bands=bands, modality=name, preset=preset_of(name))
        kept[result.id] = found
    return kept[result.id]


def take_cell() -> None:
    """A click opens a cell, a second one closes it."""
    cell = chosen_cell()
    if cell is not None:
        state = current()
        change(state.replace(cell="" if state.cell == cell else cell))


def _show_cell(
    result: KeptResult, judged: JudgedResult, cell: str, opened: OpenedSample, ranges: Mapping[str, str | None]
) -> None:
    given, _, made = cell.partition(OF_A_PAIR)
    best, tokens = judged.outputs[cell].best, judged.outputs[cell].real_tokens
    st.markdown(f"##### {plain(modality_name(given).title)} → {plain(modality_name(made).title)}")
    words = told(best)
    st.caption(plain(words[:1].upper() + words[1:] + (f". {tokens_told(tokens)}" if tokens else "")))
    panels = cell_panels(result, cell, opened, ranges, is_real=not best.reason)
    given_data = ViewerInput(
        sample=f"{result.id}/{cell}",
        panels=panels,
        overlay=None,
        nearby=(),
        ways=(),
        start=ViewerState(),
        goto=0,
    )
    show_viewer(given_data, on_event=_drawn_again)


def _drawn_again() -> None:
    """The run that follows draws what the viewer reported."""
