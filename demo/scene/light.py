"""Sunlight on the ground: slopes that face the sun, and shadows that mountains cast."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene.noise import Field, smooth

_SKY = 0.16  # share of the light that comes from the sky and reaches shadows too
_RAY_STEPS = 28


def illumination(height_m: Field, pixel_m: float, sun: tuple[float, float]) -> Field:
    """Light on every pixel relative to level ground (1.0).

    Args:
        height_m: (y, x), row 0 north.
        pixel_m: edge length of a pixel.
        sun: azimuth (clockwise from north) and elevation, radians.
    """
    azimuth, elevation = sun
    south, east = np.gradient(height_m, pixel_m)
    facing = np.sin(azimuth) * east - np.cos(azimuth) * south  # rise of the ground towards the sun
    cosine = (math.sin(elevation) - math.cos(elevation) * facing) / np.sqrt(1 + east**2 + south**2)
    direct = np.clip(cosine / math.sin(elevation), 0.0, 2.6) * (1 - shadow(height_m, pixel_m, sun))
    # real slopes scatter in all directions: damp the contrast a little
    return np.asarray(_SKY + (1 - _SKY) * direct**0.85, dtype=np.float32)


def shadow(height_m: Field, pixel_m: float, sun: tuple[float, float]) -> Field:
    """Share (0-1) of each pixel that lies in the shadow of higher ground."""
    azimuth, elevation = sun
    reach = float(np.ptp(height_m)) / math.tan(elevation) / pixel_m
    if reach < 2:
        return np.zeros(height_m.shape, dtype=np.float32)
    dark = np.zeros(height_m.shape, dtype=bool)
    for step in np.geomspace(1.5, min(reach, height_m.shape[0]), _RAY_STEPS):
        towards = shifted(height_m, -step * math.cos(azimuth), step * math.sin(azimuth))
        dark |= towards - step * pixel_m * math.tan(elevation) > height_m + 1.0
    return smooth(dark, 0.7)


def shifted(field: NDArray[np.floating], down: float, right: float) -> Field:
    """What each pixel finds `down` rows below and `right` columns beside it (rounded; edges held)."""
    moved: Field = ndimage.shift(field, (-round(down), -round(right)), order=0, mode="nearest", output=np.float32)
    return moved
