"""What the views that look inside have in common: modalities and model to choose, and the run that they ask for."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.compare import OpenedSample
from components.generation.form.offer import edge_of, windows_for
from components.generation.page_state import change, current
from components.generation.state import GenerateState
from components.modality_names import modality_name
from generation.models import ModelState

Field = str  # of the wish: inputs, outputs, merge, layer, timesteps, model


def show_modalities(label: str, field: Field, names: Sequence[str], chosen: Sequence[str], *, about: str) -> None:
    """Modalities to switch on and off; the order stays that of the page."""
    key = f"inside_{field}"
    st.session_state[key] = [name for name in names if name in chosen]
    st.pills(
        label,
        names,
        selection_mode="multi",
        format_func=lambda name: modality_name(name).title,
        key=key,
        help=about,
        on_change=_take_names,
        args=(field, tuple(names)),
    )


def show_one(label: str, field: Field, words: dict[str, str], value: str, *, about: str) -> None:
    """One of a few values of a field of the wish."""
    key = f"inside_{field}"
    st.session_state[key] = value
    st.segmented_control(
        label,
        list(words),
        key=key,
        format_func=words.__getitem__,
        help=about,
        required=True,
        on_change=_take,
        args=(field,),
    )


def show_models(offered: Sequence[ModelState], chosen: str) -> None:
    """The models that serve the collection, where there are several."""
    if len(offered) < 2:
        return
    titles = {each.model.name: each.model.title for each in offered}
    st.session_state["inside_model"] = chosen
    st.selectbox(
        "Model", list(titles), key="inside_model", format_func=titles.__getitem__, on_change=_take, args=("model",)
    )


def one_window(state: GenerateState, opened: OpenedSample) -> GenerateState:
    """The page with a window that is one square of patches: the encoder takes no tiles."""
    sizes = [size for size in windows_for(edge_of(opened.record)) if size]
    wanted = state.wish.window
    return state if wanted in sizes or not sizes else state.with_request(window=max(sizes))


def links_html(links: Sequence[tuple[str, str]]) -> str:
    """Files to take along, as words and addresses."""
    words = " \u00b7 ".join(f'<a href="{escape(address)}" download>{escape(text)}</a>' for text, address in links)
    return f'<p style="margin:0;font-size:0.9rem">Files for NumPy: {words}</p>'


def _take_names(field: Field, names: Sequence[str]) -> None:
    taken = st.session_state[f"inside_{field}"]
    change(current().with_request(**{field: tuple(name for name in names if name in taken)}))


def _take(field: Field) -> None:
    change(current().with_request(**{field: st.session_state[f"inside_{field}"]}))
