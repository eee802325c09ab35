"""Reflectance of the ground: every surface as a mixture of materials, by season, field by field."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene import spectra
from demo.scene.light import illumination
from demo.scene.mixtures import MIXTURES
from demo.scene.moment import Moment, snow_line_m
from demo.scene.noise import Field, fractal, smooth
from demo.scene.palette import make_palette
from demo.scene.scene import Scene
from demo.scene.setting import Climate, Landform
from demo.scene.surface import WATER, Surface, is_any

_POINT_SPREAD_PX = 0.55  # the sensor's blur on the 10 m bands

# strength of the brightness texture of each surface; 0.035 where nothing is said
_TEXTURE = {
    Surface.SEA: 0.0, Surface.RIVER: 0.0, Surface.LAKE: 0.0,
    Surface.BROADLEAF: 0.10, Surface.MANGROVE: 0.10, Surface.CONIFER: 0.11, Surface.MIXED_FOREST: 0.10,
    Surface.SHRUB: 0.12,
    Surface.GRASSLAND: 0.09, Surface.HEATH: 0.10, Surface.SPARSE: 0.09, Surface.ROCK: 0.12, Surface.LAVA: 0.20,
    Surface.ICE: 0.03, Surface.SALT: 0.05, Surface.SAND: 0.015, Surface.URBAN_OPEN: 0.03, Surface.URBAN_DENSE: 0.03,
    Surface.INDUSTRY: 0.02, Surface.BURNT: 0.2, Surface.INLAND_WETLAND: 0.13, Surface.COASTAL_WETLAND: 0.12,
}  # fmt: skip


@dataclass(frozen=True)
class Reflectance:
    """The ground in the twelve L2A bands.

    Attributes:
        rho: float32 (12, y, x), reflectance x 10,000, lit by the sun.
        snow: share of snow, (y, x).
        water: where water is not frozen or snowed in.
    """

    rho: NDArray[np.float32]
    snow: Field
    water: NDArray[np.bool_]


def reflectance(scene: Scene, moment: Moment, rng: np.random.Generator) -> Reflectance:
    """The reflectance of a scene at a moment, with snow and relief, without atmosphere."""
    palette = make_palette(scene, moment, rng)
    water = is_any(scene.surface, WATER)
    size = scene.surface.shape[0]
    rho = np.zeros((12, size * size), dtype=np.float32)
    flat = scene.surface.ravel()
    strength = np.full(len(Surface), 0.035, dtype=np.float32)
    strength[list(_TEXTURE)] = list(_TEXTURE.values())
    for number in np.unique(flat).tolist():
        at = np.flatnonzero(flat == number)
        for share, material in MIXTURES[Surface(number)](palette, at):
            rho[:, at] += material[:, None] * np.broadcast_to(share, at.shape)[None, :]
    rho = rho.reshape(12, size, size)
    crowns = smooth(rng.standard_normal((size, size), dtype=np.float32), 0.6) * 1.6
    rho *= np.clip(1 + strength[scene.surface] * (scene.texture + crowns), 0.35, 1.9)[None]
    rho *= (1 - 0.18 * scene.edge)[None]
    if scene.setting.landform is Landform.CANYON:  # layers of rock, each of its own tone
        layer = scene.elevation_m / (scene.setting.relief_m / 13)
        rho *= np.where(water, 1, 1 + 0.13 * np.sin(2 * np.pi * layer) * np.cos(1.7 * layer))[None]
    snow = _snow(scene, moment, rng)
    frozen = snow if scene.setting.climate in (Climate.BOREAL, Climate.POLAR) else snow * ~water
    rho += (spectra.SNOW[:, None, None] * 0.93 - rho) * frozen[None]
    rho *= np.where(water, 1.0, illumination(scene.elevation_m, scene.pixel_m, moment.sun))[None]
    for band in rho:
        band[...] = smooth(band, _POINT_SPREAD_PX)
    return Reflectance(np.maximum(rho, 1), frozen, water & (frozen < 0.5))


def _snow(scene: Scene, moment: Moment, rng: np.random.Generator) -> Field:
    """Share of snow: above the line, higher on sunny slopes, less under conifers and in towns."""
    line = snow_line_m(moment, scene.setting.climate)
    south, east = np.gradient(smooth(scene.elevation_m, 2), scene.pixel_m)
    azimuth, _ = moment.sun
    sunny = np.clip(-(np.sin(azimuth) * east - np.cos(azimuth) * south), -0.8, 0.8)
    ragged = 45 * fractal(rng, scene.surface.shape[0], 1.3, cutoff=3)
    above = scene.elevation_m - line - 260 * sunny + ragged - 120 * np.hypot(south, east)
    snow = np.clip(above / 140 + 0.5, 0, 1)
    hidden = np.zeros(len(Surface), dtype=np.float32)
    hidden[[Surface.CONIFER, Surface.MIXED_FOREST, Surface.BROADLEAF, Surface.URBAN_DENSE]] = (0.72, 0.6, 0.45, 0.6)
    hidden[[Surface.URBAN_OPEN, Surface.ROAD, Surface.SHRUB, Surface.SEA]] = (0.4, 0.7, 0.3, 1.0)
    return np.asarray(snow * (1 - hidden[scene.surface]), dtype=np.float32)
