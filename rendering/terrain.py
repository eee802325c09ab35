"""Pictures of elevation: colours by height, and the same under a low sun."""

from dataclasses import replace

import numpy as np

from rendering.options import LARGEST_VALUE, Range
from rendering.picture import number
from rendering.preset import Drawing, Preset, Scene
from rendering.ramps import draw_ramp
from rendering.stretch import FULL

UNIT = "m"
COLOUR_MAP = "BrBG_r"  # green valleys, brown heights; safe for colour-vision deficiency
MARGIN = 5.0  # metres below the lowest and above the highest: flat land does not become all colours
SUN_AZIMUTH = 315.0  # degrees clockwise from north: light from the upper left, where readers expect it
SUN_ALTITUDE = 45.0  # degrees above the horizon
EXAGGERATION = 2.0  # of height in the shading: a 2.6 km chip has little relief at true scale


def relief_range(low: float, high: float) -> Range:
    """The range of the relief for heights of low...high metres."""
    return low - MARGIN, high + MARGIN


def hillshade(height: np.ndarray, pixel_size: float) -> np.ndarray:
    """Lambert shading of a surface by the sun above.

    Args:
        height: finite metres, float64 (y, x), north up.
        pixel_size: metres.

    Returns:
        float64 (y, x): cosine between surface normal and sun, 0...1; 0.707 on flat land.
    """
    height = height.clip(-LARGEST_VALUE, LARGEST_VALUE)  # squares of larger numbers would overflow
    axes = [
        np.gradient(height * EXAGGERATION, pixel_size, axis=axis) if height.shape[axis] > 1 else np.zeros_like(height)
        for axis in (0, 1)
    ]
    south, east = axes  # rows grow to the south
    azimuth, altitude = np.radians(SUN_AZIMUTH), np.radians(SUN_ALTITUDE)
    to_sun = (np.sin(azimuth) * np.cos(altitude), np.cos(azimuth) * np.cos(altitude), np.sin(altitude))
    length = np.sqrt(east**2 + south**2 + 1.0)
    shade: np.ndarray = (-east * to_sun[0] + south * to_sun[1] + to_sun[2]) / length
    return shade.clip(0.0, 1.0)


def _draw_relief(scene: Scene) -> Drawing:
    plane = scene.stack.plane(scene.names[0])
    chosen = scene.options.ranges(1)
    lowest, highest = scene.extremes(plane)
    how = "chosen range" if chosen else f"minimum - {MARGIN:g} {UNIT} to maximum + {MARGIN:g} {UNIT}"
    heights = f"heights {number(lowest)}...{number(highest)} {UNIT}"
    value_range = chosen[0] if chosen else relief_range(lowest, highest)
    return draw_ramp(scene, plane, value_range, COLOUR_MAP, f"{heights}; {how}")


def _draw_hillshade(scene: Scene) -> Drawing:
    relief = _draw_relief(scene)
    height = scene.stack.plane(scene.names[0]).astype(np.float64)
    if scene.missing is not None:  # filled with the mean, a hole shades no pixels but those at its edge
        height = np.where(scene.missing, scene.valid(height).mean(), height)
    shade = hillshade(height, scene.options.pixel_size)[..., None]
    flat = np.sin(np.radians(SUN_ALTITUDE))
    colour = relief.rgba[..., :3] / FULL
    # Flat land keeps the colour of the legend; slopes towards the sun go to white, slopes away from it to black.
    lit = np.where(shade <= flat, colour * shade / flat, colour + (1.0 - colour) * (shade - flat) / (1.0 - flat) * 0.5)
    rgba = relief.rgba.copy()
    rgba[..., :3] = np.rint(lit * FULL).astype(np.uint8)
    light = f"sun at azimuth {SUN_AZIMUTH:g}, altitude {SUN_ALTITUDE:g}, heights x {EXAGGERATION:g}"
    return replace(relief, rgba=rgba, recipe=f"{relief.recipe}; {light}")


TERRAIN_PRESETS = (
    Preset(
        name="relief",
        title="Relief",
        recipe=f"DEM in colour map {COLOUR_MAP} over minimum - 5 m...maximum + 5 m of the image",
        kind="ramp",
        unit=UNIT,
        bands=("DEM",),
        draw=_draw_relief,
        parameters=("range",),
        advice="Height at a glance; give a range to compare samples, or real with generated.",
    ),
    Preset(
        name="hillshade",
        title="Relief under a low sun",
        recipe=f"the relief, shaded by a sun at azimuth 315, altitude 45, heights x {EXAGGERATION:g}",
        kind="ramp",
        unit=UNIT,
        bands=("DEM",),
        draw=_draw_hillshade,
        parameters=("range",),
        advice="Valleys, ridges and steps in the elevation model.",
    ),
)
