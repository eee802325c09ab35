"""The Thinking view: what the model imagines before it looks, and how that changes what it sees."""

import streamlit as st

from components import urls
from components.compare import OpenedSample
from components.empty_note import show_empty
from components.generation.embeddings.choices import links_html, one_window, show_modalities, show_models, show_one
from components.generation.embeddings.looks import ChosenLook, chosen_layer
from components.generation.embeddings.patches import Figure, components_figure, photo_of, show_patches, token_figure
from components.generation.form.offer import inputs_of, outputs_of
from components.generation.form.problems import show_model_problem
from components.generation.form.view import settle
from components.generation.live.component import show_live
from components.generation.result.view import show_result
from components.generation.runs import run_of
from components.generation.state import GenerateState
from components.modality_names import modality_name
from components.plain_text import plain
from generation.embedding_parts import Part, parts_of
from generation.kept_result import KeptResult
from generation.modalities import COORDINATES

KEY = "thinking_live"
MERGES = {"mean": "Mean", "max": "Maximum", "dict": "Per input"}
_MERGE_HELP = (
    "What becomes of several inputs and thoughts. Mean and maximum take the thoughts' own vectors in; Per input shows "
    "how the vectors of the inputs themselves change because the thoughts are beside them."
)
_ABOUT = (
    "The model first generates {thoughts} from {inputs}, and then looks at both. Left without these thoughts, right "
    "with them, in the same colours; the last picture is bright where a patch's vector turned most. Whether that helps "
    "a task has to be measured there: a thought adds no observation."
)
_BEFORE = (
    "One without and one with what the model imagines of other modalities, and where that changed what it sees. Choose "
    "the thoughts above, and let it think."
)


def show_thinking(state: GenerateState, opened: OpenedSample) -> None:
    """Draw the view."""
    state, model, offered = settle(state, opened)
    why = show_model_problem(model)
    inputs = [each.name for each in inputs_of(opened.record, model) if not each.why]
    possible = [each.name for each in outputs_of(opened.record, model) if not each.why]
    possible = [name for name in possible if name not in state.wish.inputs and name != COORDINATES]
    thoughts = tuple(name for name in possible if name in state.wish.outputs)
    row = st.columns([2.4, 2.4, 2.2, 1.5], vertical_alignment="bottom")
    with row[0]:
        show_modalities("Inputs", "inputs", inputs, state.wish.inputs, about="What the model is given.")
    with row[1]:
        show_modalities("Thoughts", "outputs", possible, thoughts, about="What it generates of them before it looks.")
    merge = state.wish.merge if state.wish.merge in MERGES else "mean"
    with row[2]:
        show_one("Merged", "merge", MERGES, merge, about=_MERGE_HELP)
    with row[3]:
        show_models(offered, state.wish.model)
    run = run_of(state.run)
    if run.problem:
        st.info(plain(run.problem), icon=":material/history:")
    asked = one_window(state, opened).with_request(outputs=thoughts, merge=merge)
    why = why or ("" if thoughts else "Choose at least one thought.")
    show_live(asked, key=KEY, label="Think", estimate="tokens of the thoughts, then two passes of the encoder", why=why)
    if run.result and run.result.request.kind == "think":
        _show_result(asked, run.result, opened)
    elif not state.run:
        show_empty("Two looks at one sample", _BEFORE)


def _show_result(asked: GenerateState, result: KeptResult, opened: OpenedSample) -> None:
    thoughts, inputs = (
        " and ".join(modality_name(name).title for name in names)
        for names in (result.request.outputs, result.request.inputs)
    )
    st.caption(_ABOUT.format(thoughts=plain(thoughts), inputs=plain(inputs)))
    parts = {part.name: part for part in parts_of(result.facts)}
    look = ChosenLook(chosen_layer(asked, result), "1,2,3", "")
    modalities = [name.partition("_")[2] for name in parts if name.startswith("without")]
    grid = next((part.rows, part.columns) for part in parts.values())
    figures = photo_of(result, opened, grid)
    for modality in modalities:
        figures += _compared(result, parts, modality, look)
    figures += [token_figure(result, name, grid) for name in result.request.outputs]
    show_patches(figures, key="thinking_patches")
    links = [
        (name.replace("_", " "), urls.generated(result.id, f"embeddings/{name}.npy", {"layer": look.layer}))
        for name in parts
    ]
    st.html(links_html(links))
    show_result(asked, result, opened)


def _compared(result: KeptResult, parts: dict[str, Part], modality: str, look: ChosenLook) -> list[Figure]:
    """Without, with, and the change of one input, or of all of them merged."""
    without, after = (f"{name}_{modality}" if modality else name for name in ("without", "with"))
    title = f"{modality_name(modality).title}: " if modality else ""
    pictures = [
        components_figure(
            result, parts[name], {"layer": look.layer, "basis": other}, title=f"{title}{words} thoughts".capitalize()
        )
        for name, other, words in ((without, after, "without"), (after, without, "with"))
    ]
    query = {"part": modality or None, "layer": look.layer}
    change = Figure(
        kind="picture",
        title=f"{title}change by thinking".capitalize(),
        about="",
        url=urls.generated(result.id, "embeddings/change.webp", query),
        grid=pictures[0].grid,
        legend=urls.generated(result.id, "embeddings/change/legend", query),
    )
    return [*pictures, change]
