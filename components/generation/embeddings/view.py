"""The Embeddings view: how the backbone sees a sample, patch by patch."""

import streamlit as st

from components import urls
from components.compare import OpenedSample
from components.empty_note import show_empty
from components.generation.embeddings.choices import links_html, one_window, show_modalities, show_models, show_one
from components.generation.embeddings.looks import chosen_look, note_run
from components.generation.embeddings.patches import components_figure, photo_of, show_patches
from components.generation.form.offer import inputs_of
from components.generation.form.problems import show_model_problem
from components.generation.form.view import settle
from components.generation.live.component import show_live
from components.generation.runs import run_of
from components.generation.state import GenerateState
from components.modality_names import modality_name
from components.plain_text import plain
from generation.embedding_parts import parts_of
from generation.kept_result import KeptResult

KEY = "embeddings_live"
MERGES = {"mean": "Mean", "max": "Maximum", "concat": "Joined", "dict": "Per input", "none": "All tokens"}
_MERGE_HELP = (
    "What becomes of several inputs. Mean and maximum: one vector per patch, as most downstream models take it. "
    "Joined: the vectors end to end. Per input: a picture each. All tokens: likewise, kept as one long row."
)
_ABOUT = (
    "Each square is a patch of 16 \u00d7 16 pixels. The model sees it as {dimensions} numbers; red, green and blue "
    "are the three directions in which these differ most between the patches. Patches of like colour are alike to the "
    "model; which colour it is means nothing."
)
_BEFORE = (
    "The backbone turns every patch of 16 \u00d7 16 pixels into a vector. Patches that are alike to it get one colour, "
    "beside the sample; click one to see where others like it are."
)


def show_embeddings(state: GenerateState, opened: OpenedSample) -> None:
    """Draw the view."""
    state, model, offered = settle(state, opened)
    why = show_model_problem(model)
    names = [each.name for each in inputs_of(opened.record, model) if not each.why]
    row = st.columns([3, 3, 1.6], vertical_alignment="bottom")
    with row[0]:
        show_modalities("Inputs", "inputs", names, state.wish.inputs, about="What the backbone is given together.")
    with row[1]:
        show_one("Several inputs", "merge", MERGES, state.wish.merge, about=_MERGE_HELP)
    with row[2]:
        show_models(offered, state.wish.model)
    run = run_of(state.run)
    if run.problem:
        st.info(plain(run.problem), icon=":material/history:")
    asked = one_window(state, opened).with_request(outputs=())
    show_live(asked, key=KEY, label="Embed", estimate="one pass of the encoder", why=why)
    if run.result and run.result.request.kind == "embed":
        _show_result(state, run.result, opened)
    elif not state.run:
        show_empty("A picture of what the model sees", _BEFORE)


def _show_result(state: GenerateState, result: KeptResult, opened: OpenedSample) -> None:
    parts = parts_of(result.facts)
    inputs = ", ".join(modality_name(name).title for name in result.request.inputs)
    st.markdown(f"##### {plain(inputs)}, {MERGES[result.request.merge].lower()}")
    st.caption(_ABOUT.format(dimensions=result.facts["dimensions"]))
    note_run(result, opened.record.id)
    look = chosen_look(state, result, parts[0].name)
    query = look.query
    figures = photo_of(result, opened, (parts[0].rows, parts[0].columns))
    figures += [components_figure(result, part, query, about=f"layer {look.layer + 1}") for part in parts]
    show_patches(figures, key="embeddings_patches")
    layer = {"layer": look.layer}
    links = [
        (f"{modality_name(part.modality).title if part.modality else 'vectors'}, layer {look.layer + 1}", address)
        for part in parts
        if (address := urls.generated(result.id, f"embeddings/{part.name}.npy", layer))
    ]
    st.html(links_html(links))
