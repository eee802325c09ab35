"""A result on the page: its heading, one output in linked panels, and what can be said and done about it."""

from collections.abc import Mapping

import streamlit as st

from components.amounts import duration
from components.compare import OpenedSample
from components.compare_state import ViewerState
from components.generation.judging.view import show_judging
from components.generation.provenance.view import show_provenance
from components.generation.result.panels import MADE_OF, outputs_of, result_panels
from components.generation.result.taking_along import show_taking_along
from components.generation.state import GenerateState
from components.modality_names import modality_name
from components.plain_text import plain
from components.viewer.component import ViewerInput, show_viewer
from errors import GenerationRequestError
from generation.kept_result import KeptResult
from generation.models import MODELS
from generation.request import RECONSTRUCT

_OUTPUT, _PRESETS = "generate_output", "generate_presets"


def show_result(state: GenerateState, result: KeptResult, opened: OpenedSample | None) -> None:
    """Draw a finished run."""
    _show_heading(state, result)
    outputs = outputs_of(result)
    if outputs:
        output = _choose(outputs)
        _show_panels(result, output, opened)
    show_judging(result, opened.dataset if opened else None)
    show_provenance(result, opened.dataset if opened else None)


def _show_heading(state: GenerateState, result: KeptResult) -> None:
    request = result.request
    given, made = (
        ", ".join(modality_name(name).title for name in names) for names in (request.inputs, request.outputs)
    )
    model = MODELS[request.model].title if request.model in MODELS else request.model
    synthetic = request.model in MODELS and MODELS[request.model].synthetic
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        what = "Tokenizer reconstruction" if request.kind == RECONSTRUCT else "Mental image"
        badge = f" :violet-badge[{what}]" + (" :orange-badge[Synthetic model]" if synthetic else "")
        name = f"{plain(result.title)} \u00b7 " if result.title else ""
        st.markdown(f"##### {name}{plain(given)} \u2192 {plain(made)}{badge}", width="stretch")
        with st.container(horizontal=True, width="content"):
            show_taking_along(result)
    seeds = ", ".join(map(str, request.seeds))
    told = [model, f"{request.timesteps} steps", f"seed {seeds}", f"measured {duration(result.seconds)}"]
    st.caption(" \u00b7 ".join(map(plain, [*told, *result.notes])))
    if _differs(state, result):
        st.caption(":material/update: The settings above have changed since. Generate runs the new ones.")


def _differs(state: GenerateState, result: KeptResult) -> bool:
    try:
        return state.request != result.request
    except GenerationRequestError:
        return True


def _choose(outputs: list[str]) -> str:
    """The output that is looked at; a choice only where there are several."""
    if st.session_state.get(_OUTPUT) not in outputs:
        st.session_state[_OUTPUT] = outputs[0]
    if len(outputs) == 1:
        return outputs[0]
    chosen = st.segmented_control(
        "Output",
        outputs,
        key=_OUTPUT,
        format_func=_output_title,
        label_visibility="collapsed",
        required=True,
    )
    return chosen or outputs[0]


def _output_title(output: str) -> str:
    title = modality_name(output).title
    return f"{title}, made of {modality_name(MADE_OF[output]).title}" if output in MADE_OF else title


def _show_panels(result: KeptResult, output: str, opened: OpenedSample | None) -> None:
    presets: Mapping[str, str] = st.session_state.setdefault(_PRESETS, {})
    panels = result_panels(result, output, opened, presets)
    given = ViewerInput(
        sample=f"{result.id}/{output}",
        panels=panels,
        overlay=None,
        nearby=(),
        ways=(),
        start=ViewerState(),
        goto=0,
    )
    events = show_viewer(given, on_event=_drawn_again)
    if events.preset:
        panel, preset = events.preset
        shown = output if not panel.startswith("input-") else panel.removeprefix("input-")
        st.session_state[_PRESETS] = {**presets, shown: preset}
        st.rerun(scope="fragment")


def _drawn_again() -> None:
    """The run that follows draws what the viewer reported."""
