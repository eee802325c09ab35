"""Pictures of Sentinel-2: composites of three bands with the stretch of the published notebooks, and single bands.

The stretch is that of TerraMind's notebooks: over the three bands of one image together, black is the minimum clipped
to 0...1000 and white the 99th percentile clipped to 2000...20000; then gamma 0.7. The clips keep a dark or a cloudy
image from being stretched to noise.
"""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np

from rendering.offset import offset_notes, offset_shift
from rendering.options import Range
from rendering.picture import Channel, number
from rendering.preset import Drawing, Preset, Scene
from rendering.stretch import FULL, percentiles, to_bytes

UNIT = "reflectance x 10000"
BLACK_LIMITS = (0.0, 1000.0)
WHITE_LIMITS = (2000.0, 20000.0)
WHITE_PERCENTILE = 99.0
GAMMA = 0.7
FIXED_RANGE: Range = (0.0, 3000.0)  # comparable between samples: bright soil is white, water is black
FREE_PERCENTILES = (1.0, 99.0)
LEAST_SPAN = (
    100.0  # one percent of reflectance: the noise of a cloudless cirrus band or of open sea stays even and dark
)
_COLOURS: tuple[Literal["red", "green", "blue"], ...] = ("red", "green", "blue")
_STRETCH = "black = minimum clipped to 0...1000, white = 99th percentile clipped to 2000...20000, gamma 0.7"


def image_range(scene: Scene, planes: np.ndarray) -> Range:
    """Black and white of the stretch described above, over all planes together, after any offset was removed."""
    valid = scene.valid(planes)
    shift = offset_shift(scene)
    low = float(np.clip(float(valid.min()) - shift, *BLACK_LIMITS))
    (bright,) = percentiles(valid, WHITE_PERCENTILE)
    high = float(np.clip(bright - shift, *WHITE_LIMITS))
    return low, high


def composite(scene: Scene, planes: np.ndarray, ranges: Sequence[Range], gamma: float = 1.0) -> np.ndarray:
    """Draw three planes as red, green and blue, or one as grey.

    Args:
        scene: for the offset.
        planes: (3, y, x) or (1, y, x).
        ranges: black and full of each plane.
        gamma: exponent.

    Returns:
        uint8 (y, x, 4), opaque.
    """
    rgba = np.empty((*planes.shape[1:], 4), np.uint8)
    rgba[..., 3] = FULL
    shift = offset_shift(scene)
    if len(set(ranges)) == 1:  # one table serves all bands
        low, high = ranges[0]
        rgba[..., :3] = np.moveaxis(to_bytes(planes, low + shift, high + shift, gamma), 0, -1)
        return rgba
    for channel, (plane, (low, high)) in enumerate(zip(planes, ranges, strict=True)):
        rgba[..., channel] = to_bytes(plane, low + shift, high + shift, gamma)
    return rgba


def describe_channels(names: Sequence[str], ranges: Sequence[Range]) -> tuple[Channel, ...]:
    """The channels of a composite for its legend."""
    colours = _COLOURS if len(names) == len(_COLOURS) else ("grey",)
    return tuple(
        Channel(colour, name, low, high)  # type: ignore[arg-type]
        for colour, name, (low, high) in zip(colours, names, ranges, strict=True)
    )


def bands_text(names: Sequence[str]) -> str:
    """Which bands are shown in which colours, for a recipe."""
    return f"grey = {names[0]}" if len(names) == 1 else f"red, green, blue = {', '.join(names)}"


def _range_text(ranges: Sequence[Range]) -> str:
    distinct = ranges[:1] if len(set(ranges)) == 1 else ranges
    return ", ".join(f"{number(low)}...{number(high)}" for low, high in distinct)


def _draw(scene: Scene, ranges: Sequence[Range], gamma: float, how: str) -> Drawing:
    planes = scene.stack.planes(scene.names)
    low, high = ranges[0]
    recipe = f"{bands_text(scene.names)}; {how}: {_range_text(ranges)}; gamma {gamma:g}"
    return Drawing(
        rgba=composite(scene, planes, ranges, gamma),
        recipe=recipe,
        missing=scene.missing,
        range=(low, high) if len(set(ranges)) == 1 else None,
        gamma=gamma,
        channels=describe_channels(scene.names, ranges),
        notes=offset_notes(scene),
    )


def draw_stretched(scene: Scene) -> Drawing:
    """The per-image stretch; `range` and `gamma` of the caller take its place."""
    gamma = scene.options.gamma or GAMMA
    chosen = scene.options.ranges(len(scene.names))
    if chosen:
        return _draw(scene, chosen, gamma, "chosen range")
    found = image_range(scene, scene.stack.planes(scene.names))
    how = "minimum clipped to 0...1000 to 99th percentile clipped to 2000...20000"
    return _draw(scene, (found,) * len(scene.names), gamma, how)


def draw_fixed(scene: Scene) -> Drawing:
    """The same range for every image, no gamma."""
    return _draw(scene, (FIXED_RANGE,) * len(scene.names), 1.0, "fixed range")


def draw_free(scene: Scene, least_span: float = 0.0) -> Drawing:
    """Bands of the caller's choice, each over its own 1st to 99th percentile unless a range is chosen.

    Args:
        scene: what to draw.
        least_span: how far apart black and white are at least.
    """
    gamma = scene.options.gamma or 1.0
    chosen = scene.options.ranges(len(scene.names))
    if chosen:
        return _draw(scene, chosen, gamma, "chosen range")
    shift = offset_shift(scene)
    found: list[Range] = []
    for name in scene.names:
        low, high = percentiles(scene.valid(scene.stack.plane(name)), *FREE_PERCENTILES)
        found.append((low - shift, max(high, low + least_span) - shift))
    return _draw(scene, found, gamma, "1st to 99th percentile of each band")


def _stretched(name: str, title: str, bands: str, advice: str) -> Preset:
    names = tuple(bands.split())
    return Preset(
        name=name,
        title=title,
        recipe=f"{bands_text(names)}; {_STRETCH}; unit {UNIT}",
        kind="composite",
        unit=UNIT,
        bands=names,
        draw=draw_stretched,
        parameters=("range", "gamma"),
        advice=advice,
    )


def _single(name: str, title: str, band: str, advice: str) -> Preset:
    return Preset(
        name=name,
        title=title,
        recipe=f"grey = {band}; 1st to 99th percentile of the image, at least {LEAST_SPAN:g} apart; unit {UNIT}",
        kind="grey",
        unit=UNIT,
        bands=(band,),
        draw=partial(draw_free, least_span=LEAST_SPAN),
        parameters=("range", "gamma"),
        advice=advice,
    )


OPTICAL_PRESETS: tuple[Preset, ...] = (
    _stretched(
        "irrg", "Colour infrared", "B08 B04 B03", "Vegetation is red, water dark, towns grey-blue: read it first."
    ),
    _stretched("true-colour", "True colour", "B04 B03 B02", "As the eye would see it."),
    Preset(
        name="true-colour-fixed",
        title="True colour, fixed range",
        recipe=f"red, green, blue = B04, B03, B02; 0...3000, no gamma; unit {UNIT}",
        kind="composite",
        unit=UNIT,
        bands=("B04", "B03", "B02"),
        draw=draw_fixed,
        advice="To compare brightness between samples; clouds and snow are white, dark forest is nearly black.",
    ),
    _stretched("swir-20m", "Short-wave infrared, 20 m bands", "B12 B8A B05", "The whole picture at its own 20 m."),
    _stretched("swir", "Short-wave infrared", "B12 B8A B04", "Vegetation green, soil and burnt land brown to red."),
    _stretched("agriculture", "Agriculture", "B11 B08 B02", "Vigorous crops bright green, bare fields brown."),
    _stretched("geology", "Geology", "B12 B11 B02", "Differences of rock, soil and sand."),
    _stretched("urban", "Urban false colour", "B12 B11 B04", "Towns against vegetation, through light haze."),
    _stretched("bathymetric", "Bathymetric", "B04 B03 B01", "Shallow water, sediment and coast."),
    _stretched("atmospheric", "Atmospheric penetration", "B12 B11 B8A", "Infrared only: haze and thin smoke vanish."),
    _single("aerosol", "Coastal aerosol band", "B01", "Haze and shallow water, 60 m."),
    _single("water-vapour", "Water vapour band", "B09", "Moist air and clouds, 60 m."),
    _single("cirrus", "Cirrus band", "B10", "Thin high clouds; the ground is black. Level-1C only."),
)

FREE_BANDS = Preset(
    name="bands",
    title="Bands of your choice",
    recipe=f"one band in grey or three as red, green, blue; 1st to 99th percentile of each band; unit {UNIT}",
    kind="composite",
    unit=UNIT,
    bands=(),
    draw=draw_free,
    parameters=("bands", "range", "gamma"),
    advice="Any combination, with range and gamma of your own.",
)
