"""The Tokenizer view: what is left of a modality that goes through its tokens and back."""

import math

import streamlit as st

from components import urls
from components.amounts import size
from components.compare import OpenedSample
from components.empty_note import show_empty
from components.generation.embeddings.choices import links_html, show_modalities, show_models
from components.generation.embeddings.patches import grid_of_tokens, photo_of, show_patches, token_figure
from components.generation.form.offer import inputs_of
from components.generation.form.problems import show_model_problem
from components.generation.form.settings import STEPS
from components.generation.form.view import settle
from components.generation.live.component import show_live
from components.generation.page_state import change, current
from components.generation.result.view import show_result
from components.generation.runs import run_of
from components.generation.state import GenerateState
from components.modality_names import modality_name
from components.plain_text import plain
from generation.kept_result import KeptResult
from generation.modalities import MODALITIES
from generation.request import RECONSTRUCT

KEY = "reconstruction_live"
_STEPS = "inside_timesteps"
_STORED_BYTES = {"S2L2A": 2, "S1GRD": 4, "S1RTC": 4, "DEM": 4, "LULC": 1, "NDVI": 4}  # of a value in TerraMesh
_ABOUT = (
    "TerraMind does not generate pixels but tokens: one code per patch of 16 \u00d7 16 pixels. Here the real picture "
    "is written as tokens and read again, with no guessing in between. What is lost here no generated picture has."
)


def show_reconstruction(state: GenerateState, opened: OpenedSample) -> None:
    """Draw the view."""
    state, model, offered = settle(state, opened)
    why = show_model_problem(model)
    names = [
        each.name for each in inputs_of(opened.record, model) if not each.why and each.name in _tokenized(model.outputs)
    ]
    chosen = tuple(name for name in names if name in state.wish.inputs) or tuple(names[:1])
    row = st.columns([3, 3, 1.6], vertical_alignment="bottom")
    with row[0]:
        show_modalities("Modalities", "inputs", names, chosen, about="Each goes through its own tokenizer.")
    with row[1]:
        _show_steps(state.wish.timesteps)
    with row[2]:
        show_models(offered, state.wish.model)
    run = run_of(state.run)
    if run.problem:
        st.info(plain(run.problem), icon=":material/history:")
    if not names:
        why = why or "This sample has nothing that a tokenizer of this model takes."
    asked = state.with_request(inputs=chosen, outputs=chosen)
    show_live(asked, key=KEY, label="Reconstruct", estimate="encode and decode, without the token model", why=why)
    if run.result and run.result.request.kind == RECONSTRUCT:
        _show_result(asked, run.result, opened)
    elif not state.run:
        show_empty("What tokens lose", _ABOUT)


def _tokenized(outputs: tuple[str, ...]) -> tuple[str, ...]:
    """Modalities with an image tokenizer here."""
    return tuple(name for name in outputs if MODALITIES[name].is_image)


def _show_steps(timesteps: int) -> None:
    st.session_state[_STEPS] = timesteps
    st.select_slider(
        "Diffusion steps",
        sorted({*STEPS, timesteps}),
        key=_STEPS,
        on_change=_take_steps,
        help="In which the decoder turns tokens into a picture. Land cover needs none.",
    )


def _take_steps() -> None:
    change(current().with_request(timesteps=int(st.session_state[_STEPS])))


def _show_result(asked: GenerateState, result: KeptResult, opened: OpenedSample) -> None:
    st.caption(_ABOUT)
    names = [name for name in result.request.outputs or result.request.inputs if name in result.modalities]
    grid = grid_of_tokens(result)
    show_patches(
        [*photo_of(result, opened, grid), *(token_figure(result, name, grid) for name in names)],
        key="reconstruction_patches",
    )
    st.markdown("\n".join(f"- **{modality_name(name).title}**: {plain(kept_text(result, name))}" for name in names))
    links = [(modality_name(name).title, urls.generated(result.id, f"tokens/{name}.npy")) for name in names]
    st.html(links_html(links).replace("Files for NumPy", "Tokens for NumPy"))
    show_result(asked, result, opened)


def kept_text(result: KeptResult, name: str) -> str:
    """How much smaller the tokens are than the values, and how many codes they use."""
    rows, columns = result.tokens(name).shape[-2:]
    bands, height, width = result.shape(name)[1:]
    codes, used = (int(result.facts[fact][name]) for fact in ("codes", "used"))
    bits = math.log2(codes)
    tokens = rows * columns
    kept = tokens * bits / 8
    stored = bands * height * width * _STORED_BYTES[name]
    return (
        f"{tokens} tokens of {codes:,} codes ({bits:.1f} bits each, {used} different here) are "
        f"{size(kept)}, where the stored values take {size(stored)}: {stored / kept:,.0f} times as much"
    )
