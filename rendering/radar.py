"""Pictures of Sentinel-1 backscatter in decibels.

The data set's card, TerraMind's notebooks and the paper each show VV and VH in another way; all three are here.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np

from rendering.options import Range
from rendering.picture import Channel, number
from rendering.preset import Drawing, Preset, Scene
from rendering.stretch import FULL, to_bytes

UNIT = "dB"
VV_RANGE: Range = (-30.0, 5.0)
VH_RANGE: Range = (-40.0, 0.0)
DIFFERENCE_RANGE: Range = (0.0, 20.0)  # VV - VH in dB is the ratio VV / VH
NOTEBOOK_VH_LIMITS = (-40.0, -1.0)  # keeps the notebooks' ratio of decibels away from a division by zero

_SOURCES: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = MappingProxyType(
    {
        "VV": lambda vv, _vh: vv,
        "VH": lambda _vv, vh: vh,
        "VV - VH": lambda vv, vh: vv - vh,
        "VV / clip(VH, -40, -1)": lambda vv, vh: vv / np.clip(vh, *NOTEBOOK_VH_LIMITS),
    }
)
_Layer = tuple[Literal["red", "green", "blue"], str, Range]
_CARD: tuple[_Layer, ...] = (
    ("red", "VH", VH_RANGE),
    ("green", "VV", VV_RANGE),
    ("blue", "VV - VH", DIFFERENCE_RANGE),
)
_TERRAMIND: tuple[_Layer, ...] = (
    ("red", "VV", (-30.0, 10.0)),  # (VV + 30) / 40
    ("green", "VH", (-40.0, 0.0)),  # (VH + 40) / 40
    ("blue", "VV / clip(VH, -40, -1)", (0.0, 1.5)),
)
_PAPER: tuple[_Layer, ...] = (("red", "VH", VH_RANGE), ("green", "VV", VV_RANGE), ("blue", "VH", VH_RANGE))


def _layer_text(layers: tuple[_Layer, ...]) -> str:
    return "; ".join(
        f"{colour} = {source} over {number(low)}...{number(high)}" for colour, source, (low, high) in layers
    )


def _draw_composite(scene: Scene, layers: tuple[_Layer, ...]) -> Drawing:
    vv, vh = (scene.stack.plane(name).astype(np.float64) for name in scene.names)
    chosen = scene.options.ranges(len(layers)) or tuple(layer[2] for layer in layers)
    rgba = np.full((*scene.stack.size, 4), FULL, np.uint8)
    channels = []
    for position, ((colour, source, _), value_range) in enumerate(zip(layers, chosen, strict=True)):
        with np.errstate(over="ignore", invalid="ignore"):  # missing pixels hold NaN and infinities
            rgba[..., position] = to_bytes(_SOURCES[source](vv, vh), *value_range)
        channels.append(Channel(colour, source, *value_range))
    used = tuple((colour, source, chosen[i]) for i, (colour, source, _) in enumerate(layers))
    return Drawing(rgba=rgba, recipe=f"{_layer_text(used)} {UNIT}", missing=scene.missing, channels=tuple(channels))


def _draw_grey(scene: Scene, fixed: Range) -> Drawing:
    chosen = scene.options.ranges(1)
    low, high = chosen[0] if chosen else fixed
    gamma = scene.options.gamma or 1.0
    rgba = np.full((*scene.stack.size, 4), FULL, np.uint8)
    rgba[..., :3] = to_bytes(scene.stack.plane(scene.names[0]), low, high, gamma)[..., None]
    name = scene.names[0]
    return Drawing(
        rgba=rgba,
        recipe=f"grey = {name} over {number(low)}...{number(high)} {UNIT}; gamma {gamma:g}",
        missing=scene.missing,
        range=(low, high),
        gamma=gamma,
        channels=(Channel("grey", name, low, high),),
    )


def _composite(name: str, title: str, layers: tuple[_Layer, ...], advice: str) -> Preset:
    return Preset(
        name=name,
        title=title,
        recipe=f"{_layer_text(layers)} {UNIT}",
        kind="composite",
        unit=UNIT,
        bands=("VV", "VH"),
        draw=partial(_draw_composite, layers=layers),
        parameters=("range",),
        advice=advice,
    )


def _grey(band: str, fixed: Range, advice: str) -> Preset:
    return Preset(
        name=band.lower(),
        title=f"{band} backscatter",
        recipe=f"grey = {band} over {number(fixed[0])}...{number(fixed[1])} {UNIT}",
        kind="grey",
        unit=UNIT,
        bands=(band,),
        draw=partial(_draw_grey, fixed=fixed),
        parameters=("range", "gamma"),
        advice=advice,
    )


RADAR_PRESETS = (
    _composite("card", "VH, VV, VV - VH", _CARD, "Water is blue to black, forest yellow, towns nearly white."),
    _composite(
        "terramind", "As in TerraMind's notebooks", _TERRAMIND, "To compare with published figures of the model."
    ),
    _composite(
        "paper", "VH, VV, VH", _PAPER, "As in the figure of the TerraMesh paper: green is surface, magenta volume."
    ),
    _grey("VV", VV_RANGE, "Surface roughness, ships, waves; safe for every reader."),
    _grey("VH", VH_RANGE, "Volume scattering of forest and crops; safe for every reader."),
)
