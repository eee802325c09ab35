"""Pictures of Sentinel-2: composites of three bands with the stretch of the published notebooks, and single bands.

The stretch is that of TerraMind's notebooks: over the three bands of one image together, black is the minimum clipped
to 0...1000 and white the 99th percentile clipped to 2000...20000; then gamma 0.7. The clips keep a dark or a cloudy
image from being stretched to noise.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from rendering.offset import offset_notes, offset_shift
from rendering.options import Range
from rendering.picture import Channel, number
from rendering.preset import Drawing, Scene
from rendering.stretch import FULL, percentiles, to_bytes

UNIT = "reflectance x 10000"
BLACK_LIMITS = (0.0, 1000.0)
WHITE_LIMITS = (2000.0, 20000.0)
WHITE_PERCENTILE = 99.0
GAMMA = 0.7
FIXED_RANGE: Range = (0.0, 3000.0)  # comparable between samples: bright soil is white, water is black
FREE_PERCENTILES = (1.0, 99.0)
_COLOURS: tuple[Literal["red", "green", "blue"], ...] = ("red", "green", "blue")


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
    if len(names) == 1:
        return (Channel("grey", names[0], *ranges[0]),)
    return tuple(
        Channel(colour, name, low, high) for colour, name, (low, high) in zip(_COLOURS, names, ranges, strict=True)
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
