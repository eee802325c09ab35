"""Clouds over a scene and the shadows that they throw away from the sun."""

import math
from dataclasses import dataclass

import numpy as np

from demo.scene.noise import Field, fractal, smooth

_CUMULUS_M = (700.0, 2200.0)  # height of thick clouds above the ground
_VEIL = 0.34  # opacity of a thin cloud where it is thickest
_EDGE = 0.35  # how soft the rim of a cloud is, in standard deviations of its field


@dataclass(frozen=True)
class Sky:
    """How cloudy it is: shares of the scene, 0 to 1."""

    thick: float = 0.0
    thin: float = 0.0


@dataclass(frozen=True)
class Clouds:
    """Opacity of clouds and depth of their shadows, each (y, x), 0 to 1.

    Attributes:
        thick: low white clouds.
        thin: high veils.
        shade: how much sunlight is missing on the ground.
        bright: brightness of the tops, about 1.
    """

    thick: Field
    thin: Field
    shade: Field
    bright: Field


def make_clouds(sky: Sky, rng: np.random.Generator, size: int, pixel_m: float, sun: tuple[float, float]) -> Clouds:
    """Draw the clouds of one image."""
    azimuth, elevation = sun
    billows = fractal(rng, size, 1.45, cutoff=2.0) + 0.25 * fractal(rng, size, 0.9, cutoff=10)
    thick = _cover(billows, sky.thick, _EDGE)
    base_m = float(rng.uniform(*_CUMULUS_M))
    reach = base_m / math.tan(elevation) / pixel_m
    # the shadow of the cloud that stands towards the sun; beyond the edge of the scene the field goes on by its period
    shade = _rolled(thick, -reach * math.cos(azimuth), reach * math.sin(azimuth))
    veil = np.zeros((size, size), dtype=np.float32)
    if sky.thin > 0:
        angle = float(rng.uniform(0, math.pi))
        streaks = fractal(rng, size, 1.5, cutoff=1.5)
        for step in (2, 4, 8, 16):
            streaks = streaks + _rolled(streaks, step * math.sin(angle), step * math.cos(angle))
        veil = _VEIL * _cover(streaks / streaks.std(), sky.thin, 1.8)
    bright = 0.86 + 0.10 * billows - 0.10 * (smooth(billows, 5) - billows)
    return Clouds(
        thick,
        np.maximum(veil, 0.3 * smooth(thick, 3) * (thick < 0.2)).astype(np.float32),
        (0.72 * smooth(shade, 1.5) + 0.35 * veil).astype(np.float32),
        np.clip(bright, 0.55, 1.15).astype(np.float32),
    )


def _cover(field: Field, share: float, edge: float) -> Field:
    """Opacity that is above one half on `share` of the scene, with soft rims."""
    if share <= 0:
        return np.zeros(field.shape, dtype=np.float32)
    if share >= 1:
        return np.ones(field.shape, dtype=np.float32)
    threshold = float(np.quantile(field, 1 - share))
    return np.asarray(np.clip((field - threshold) / edge + 0.5, 0, 1), dtype=np.float32)


def _rolled(field: Field, down: float, right: float) -> Field:
    return np.roll(field, (-round(down), -round(right)), axis=(0, 1))
