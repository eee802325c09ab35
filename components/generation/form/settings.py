"""The settings of a run: those that everybody wants in a row, the others behind one word."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from components.generation.page_state import change, current
from components.generation.state import GenerateState, Wish
from generation.models import MODELS, ModelState
from generation.provenance import value_range
from generation.request import (
    MAX_DECODING_STEPS,
    MAX_SEED,
    MAX_SEEDS,
    MAX_TEMPERATURE,
    MAX_TOP_K,
    PRECISIONS,
    WHOLE_SAMPLE,
)

STEPS = (1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100)  # of the diffusion: those that run as asked, since they divide 1000
VARIANTS = (1, 2, 4, MAX_SEEDS)
DECODING = (1, 2, 4, 8, 16, 32, MAX_DECODING_STEPS)
_PRECISION_WORDS = {"auto": "Automatic", "fp32": "fp32", "bf16": "bf16"}
_RANGE_WORDS = {True: "As published", False: "Unclipped"}
_RANGE_HELP = (
    "TerraMind's published code clips what its diffusion makes to the mean plus or minus one standard deviation of "
    "each band, so deep water, bright snow and steep relief come out flat. Unclipped lets values go where the decoder "
    "wants them."
)


def show_settings(state: GenerateState, offered: Sequence[ModelState], windows: Sequence[int]) -> None:
    """Draw the settings; each change is in the page's address."""
    wish = state.wish
    row = st.columns([2.1, 2.4, 1.5, 1, 1.9, 1.9, 1.1], vertical_alignment="bottom")
    with row[0]:
        _show_model(wish, offered)
    with row[1]:
        _put("timesteps", wish.timesteps)
        st.select_slider(
            "Diffusion steps",
            sorted({*STEPS, wish.timesteps}),
            key=_key("timesteps"),
            on_change=_taken("timesteps"),
            help="More steps draw finer and take longer; land cover needs none.",
        )
    with row[2]:
        _show_variants(wish)
    with row[3]:
        _put("first", wish.seeds[0])
        st.number_input(
            "First seed",
            0,
            MAX_SEED - MAX_SEEDS,
            step=1,
            key=_key("first"),
            on_change=_take_seeds,
            help="The same seed gives the same result every time, alone or among others.",
        )
    with row[4]:
        _show_window(wish, windows)
    with row[5]:
        _show_range(wish)
    with row[6], st.popover("More", icon=":material/tune:", width="stretch"):
        _show_more(wish)
    st.caption(f"Values {value_range(wish.model, clipped=wish.clipped)}.")


def _show_model(wish: Wish, offered: Sequence[ModelState]) -> None:
    titles = {each.model.name: _model_title(each) for each in offered}
    _put("model", wish.model)
    st.selectbox("Model", list(titles), format_func=titles.__getitem__, key=_key("model"), on_change=_taken("model"))


def _model_title(state: ModelState) -> str:
    if state.ready and not state.fetched:
        return state.model.title
    return f"{state.model.title} ({'fetched when needed' if state.fetched else 'weights missing'})"


def _show_variants(wish: Wish) -> None:
    options = sorted({*VARIANTS, len(wish.seeds)})
    _put("variants", len(wish.seeds))
    st.segmented_control(
        "Variants",
        options,
        key=_key("variants"),
        on_change=_take_seeds,
        required=True,
        help="Each is drawn with a seed of its own; where they differ, the model is unsure.",
    )


def _show_window(wish: Wish, windows: Sequence[int]) -> None:
    _put("window", wish.window if wish.window in windows else windows[0])
    st.segmented_control(
        "Window",
        windows,
        format_func=lambda size: "Whole" if size == WHOLE_SAMPLE else f"{size} px",
        key=_key("window"),
        on_change=_taken("window"),
        required=True,
        help="What of the sample the model sees, as drawn on the pictures. Whole: in overlapping tiles, blended.",
    )


def _show_range(wish: Wish) -> None:
    """The choice; where the model has no clipping, what it is and why there is none."""
    clips = wish.model not in MODELS or MODELS[wish.model].clips
    _put("clipped", wish.clipped and clips)
    st.segmented_control(
        "Value range",
        [True, False],
        format_func=_RANGE_WORDS.__getitem__,
        key=_key("clipped"),
        on_change=_taken("clipped"),
        required=True,
        disabled=not clips,
        help=_RANGE_HELP if clips else f"{MODELS[wish.model].title} was trained without clipping: there is no choice.",
    )


def _show_more(wish: Wish) -> None:
    _put("temperature", wish.temperature)
    st.slider(
        "Temperature",
        0.0,
        MAX_TEMPERATURE,
        step=0.1,
        key=_key("temperature"),
        on_change=_taken("temperature"),
        help="How freely tokens are drawn: 0 takes the likeliest everywhere, above 1 becomes adventurous.",
    )
    _put("top_p", wish.top_p)
    st.slider(
        "Top-p",
        0.0,
        1.0,
        step=0.05,
        key=_key("top_p"),
        on_change=_taken("top_p"),
        help="Only the likeliest tokens whose probabilities sum up to this are drawn from; 0 takes all.",
    )
    _put("top_k", wish.top_k)
    st.number_input(
        "Top-k",
        0,
        MAX_TOP_K,
        key=_key("top_k"),
        on_change=_taken("top_k"),
        help="Only so many of the likeliest tokens are drawn from; 0 takes all.",
    )
    _put("decoding_steps", wish.decoding_steps)
    st.select_slider(
        "Decoding steps",
        sorted({*DECODING, wish.decoding_steps}),
        key=_key("decoding_steps"),
        on_change=_taken("decoding_steps"),
        help="In how many passes the tokens of one output are drawn, each seeing those before.",
    )
    _put("precision", wish.precision)
    st.segmented_control(
        "Precision",
        PRECISIONS,
        format_func=_PRECISION_WORDS.__getitem__,
        key=_key("precision"),
        on_change=_taken("precision"),
        required=True,
        help="Of the diffusion; tokens are always drawn in fp32. bf16 is nearly twice as fast on newer processors.",
    )


def _key(name: str) -> str:
    return f"generate_{name}"


def _put(name: str, value: object) -> None:
    """The value of the page's state, before the widget is drawn: the address may have changed."""
    st.session_state[_key(name)] = value


def _taken(name: str) -> Callable[[], None]:
    return partial(_take, name)


def _take(name: str) -> None:
    """One field of the wish as the widget has it."""
    value: Any = st.session_state[_key(name)]
    _change(**{name: value})


def _take_seeds() -> None:
    first, count = int(st.session_state[_key("first")]), int(st.session_state[_key("variants")])
    _change(seeds=tuple(range(first, first + count)))


def _change(**changes: Any) -> None:  # noqa: ANN401 - fields of the wish have different types
    state = current()
    change(state.replace(wish=replace(state.wish, **changes)))
