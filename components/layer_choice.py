"""Which modality is drawn in place on the map, how, and how strongly."""

import streamlit as st

from components.data_sets import LOOKS, OpenedSet
from components.explore_state import ExploreState, LayerChoice, first_layer
from components.modality_names import modality_name
from components.page_state import change, current_state
from data_access.dataset import DatasetName
from rendering import default_preset, presets_of


def show_layer_choice(state: ExploreState, sets: tuple[OpenedSet, ...]) -> None:
    """A button with the current layer; behind it modality and preset per data set, opacity and the cloud mask."""
    layer = state.layers[state.shown[0]] if state.shown else first_layer("terramesh")
    title = f"Layer: {modality_name(layer.modality).title}"
    popover = st.popover(title, icon=":material/layers:", key="layer_choice", on_change="rerun")
    if not popover.open:
        return  # six widgets that nobody sees would be sent with every move of the map
    with popover:
        for each in sets:
            if each.name in state.shown and each.dataset:
                _choose_layer(each.name, state.layers[each.name])
        st.session_state["layer_opacity"] = state.opacity
        st.slider("Opacity", 0, 100, key="layer_opacity", format="%d %%", on_change=_take_opacity)
        st.session_state["layer_cloud_mask"] = state.cloud_mask
        st.toggle("Cloud mask over the chips", key="layer_cloud_mask", on_change=_take_cloud_mask)
        st.caption("Chips appear on the map as you zoom in; samples without the modality are drawn as empty frames.")


def _choose_layer(name: DatasetName, layer: LayerChoice) -> None:
    look = LOOKS[name]
    modality_key, preset_key = f"layer_{name}_modality", f"layer_{name}_preset"
    st.session_state[modality_key] = layer.modality
    # A free preset needs choices that a menu on the map has no room for.
    presets = {preset.name: preset.title for preset in presets_of(layer.modality) if not preset.is_free}
    st.session_state[preset_key] = layer.preset if layer.preset in presets else default_preset(layer.modality).name
    modality, preset = st.columns(2)
    modality.selectbox(
        look.title, look.layers, key=modality_key, format_func=_titled, on_change=_take_modality, args=(name,)
    )
    preset.selectbox(
        "Drawn as", list(presets), key=preset_key, format_func=presets.__getitem__, on_change=_take_preset, args=(name,)
    )


def _titled(modality: str) -> str:
    title, about = modality_name(modality)
    return f"{title}: {about}" if about else title


def _take_modality(name: DatasetName) -> None:
    modality = st.session_state[f"layer_{name}_modality"]
    start = first_layer(name)
    preset = start.preset if modality == start.modality else ""
    change(current_state().with_layer(name, LayerChoice(modality, preset)))


def _take_preset(name: DatasetName) -> None:
    state = current_state()
    modality = state.layers[name].modality
    change(state.with_layer(name, LayerChoice(modality, st.session_state[f"layer_{name}_preset"])))


def _take_opacity() -> None:
    change(current_state().replace(opacity=st.session_state["layer_opacity"]))


def _take_cloud_mask() -> None:
    change(current_state().replace(cloud_mask=st.session_state["layer_cloud_mask"]))
