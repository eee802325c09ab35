"""How the pictures are drawn, as the page's address keeps it: the preset of each modality, and the zoom."""

from collections.abc import Mapping

from components.annotations.state import AnnotationsState
from components.data_sets import LOOKS

VIEW = "read_view"  # "x,y,scale" as the reader writes it
PRESETS = "read_preset"  # "S2:swir;S1:vv-vh": modalities with another preset than they begin with
_FIRST = {LOOKS["bigearthnet"].layer: LOOKS["bigearthnet"].preset}  # what an eye recognises, as captions speak of it


def presets_of(state: AnnotationsState) -> Mapping[str, str]:
    """Modality to preset, where it is not the rendering's own default."""
    return _FIRST | _chosen(state)


def with_preset(state: AnnotationsState, modality: str, preset: str) -> AnnotationsState:
    """The same page with another preset for one modality."""
    chosen = _chosen(state) | {modality: preset}
    others = {name: each for name, each in chosen.items() if each != _FIRST.get(name)}
    return state.with_extra(PRESETS, ";".join(f"{name}:{each}" for name, each in others.items()))


def _chosen(state: AnnotationsState) -> dict[str, str]:
    pairs = [part.partition(":") for part in state.extra(PRESETS).split(";")]
    return {modality: preset for modality, _, preset in pairs if preset}
