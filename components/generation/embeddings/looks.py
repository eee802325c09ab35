"""How embeddings are drawn: which layer, which components, and with which other pictures they share their colours."""

from dataclasses import dataclass

import streamlit as st

from components.generation.embeddings.patches import Query
from components.generation.page_state import change, current
from components.generation.state import GenerateState
from components.modality_names import modality_name
from generation.embedding_basis import ALL_LAYERS, OF_A_RUN
from generation.embedding_parts import has_all_layers
from generation.kept_result import KeptResult

OWN = ""
COMPONENTS = {"1,2,3": "1 to 3", "4,5,6": "4 to 6", "7,8,9": "7 to 9"}
_SEEN = "embedding_runs"  # runs of this session whose colours others may share: id -> (title, dimensions)
_MOST_SEEN = 12
_LAYER, _COMPONENTS, _BASIS = "embedding_layer", "embedding_components", "embedding_basis"


@dataclass(frozen=True)
class ChosenLook:
    """What was chosen."""

    layer: int  # from 0
    components: str
    basis: str  # as the API takes it; empty for a basis of its own

    @property
    def query(self) -> Query:
        """Parameters of a picture."""
        return {"layer": self.layer, "components": self.components, "basis": self.basis or None}


def note_run(result: KeptResult, sample: str) -> None:
    """Later pictures may share the colours of this one."""
    seen: dict[str, tuple[str, int]] = st.session_state.setdefault(_SEEN, {})
    inputs = " + ".join(modality_name(name).title for name in result.request.inputs)
    seen.pop(result.id, None)
    seen[result.id] = (f"{sample}, {inputs}", int(result.facts["dimensions"]))
    while len(seen) > _MOST_SEEN:
        del seen[next(iter(seen))]


def chosen_look(state: GenerateState, result: KeptResult, part: str) -> ChosenLook:
    """Draw the choices for a result and give what was chosen; `part` is the one that other runs share colours with."""
    row = st.columns([3, 1.6, 2.4], vertical_alignment="bottom")
    with row[0]:
        layer = chosen_layer(state, result)
    with row[1]:
        components = st.segmented_control(
            "Components",
            list(COMPONENTS),
            key=_COMPONENTS,
            default="1,2,3",
            format_func=COMPONENTS.__getitem__,
            required=True,
            help="Which principal components are drawn; later ones explain less of the differences.",
        )
    with row[2]:
        basis = _basis(result, part)
    return ChosenLook(layer, components or "1,2,3", basis)


def chosen_layer(state: GenerateState, result: KeptResult) -> int:
    """The layer that is looked at, in the page's address; the run's own where only that was kept."""
    count, own = int(result.facts["layers"]), int(result.facts["layer"])
    if not has_all_layers(result.facts):
        st.caption(f"Layer {own + 1} of {count}; all of them would be too large to keep.")
        return own
    wanted = state.wish.layer
    st.session_state[_LAYER] = (wanted % count if -count <= wanted < count else own) + 1
    st.select_slider(
        "Layer",
        range(1, count + 1),
        key=_LAYER,
        help="The first layers see what lies where; the last ones, what it may be.",
        on_change=_take_layer,
    )
    return int(st.session_state[_LAYER]) - 1


def _take_layer() -> None:
    change(current().with_request(layer=int(st.session_state[_LAYER]) - 1))


def _basis(result: KeptResult, part: str) -> str:
    """With what the colours are shared."""
    words = {OWN: "This picture's own"}
    if has_all_layers(result.facts):
        words[ALL_LAYERS] = "The same in all layers"
    for run, (title, dimensions) in st.session_state.get(_SEEN, {}).items():
        if run != result.id and dimensions == result.facts["dimensions"]:
            words[f"{run}{OF_A_RUN}{part}"] = f"The same as {title}"
    if st.session_state.get(_BASIS) not in words:
        st.session_state[_BASIS] = OWN
    chosen = st.selectbox(
        "Colours",
        list(words),
        key=_BASIS,
        format_func=words.__getitem__,
        help="Pictures with colours in common can be compared. Those of this session can be shared.",
    )
    return str(chosen or OWN)
