"""Towns, villages, farmsteads, works, and the roads between them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene.curves import distance_m, drawn
from demo.scene.noise import Field, dice, fractal, highest, metres, smooth
from demo.scene.roads import lay_roads
from demo.scene.setting import Setting
from demo.scene.surface import Surface

Mask = NDArray[np.bool_]

_CITY_SHARE = 0.22  # above, one town with a dense heart; below, villages
_NOT_BUILT = 255


@dataclass(frozen=True)
class Settlement:
    """What people built.

    Attributes:
        surface: Surface values where something is built, else 255.
        streets: pixels of streets inside the town (drawn by the sensors as half street, half house).
    """

    surface: NDArray[np.uint8]
    streets: Mask


def build(
    setting: Setting, rng: np.random.Generator, height_m: Field, water: Mask, *, tracks: Mask, pixel_m: float
) -> Settlement:
    """Found towns where the ground is flat and dry, join them with roads, and scatter farmsteads."""
    size = height_m.shape[0]
    surface = np.full((size, size), _NOT_BUILT, dtype=np.uint8)
    streets = np.zeros((size, size), dtype=bool)
    slope = np.hypot(*np.gradient(height_m, pixel_m)).astype(np.float32)
    high = (height_m - height_m.min()) / max(float(np.ptp(height_m)), 30.0)
    fit = -6.0 * smooth(slope, 6) - 1.5 * high - 3.0 * smooth(water, 3) + 0.35 * fractal(rng, size, 1.8, cutoff=2)
    centres = _centres(setting, rng, fit)
    if setting.roads > 0:
        lines = lay_roads(setting.roads, rng, slope, water, centres=centres, pixel_m=pixel_m)
        surface[drawn(lines, size, pixel_m)] = Surface.ROAD
    if setting.town > 0:
        streets = _town(setting, rng, surface, centres, slope=slope, water=water, pixel_m=pixel_m)
    if setting.farmed > 0.08:
        _farmsteads(rng, surface, water | (slope > 0.25), tracks)
    return Settlement(surface, streets)


def _centres(setting: Setting, rng: np.random.Generator, fit: Field) -> list[tuple[int, int]]:
    """Where towns are founded: the best places that are not too close to each other."""
    size = fit.shape[0]
    count = 0 if setting.town <= 0 else 1 if setting.town >= _CITY_SHARE else int(rng.integers(2, 5))
    fit = fit.copy()
    line = np.abs(np.arange(size) - size / 2) / size
    fit -= 1.5 * np.maximum(line[:, None], line[None, :]) ** 2  # a scene shows its town, not its rim
    centres: list[tuple[int, int]] = []
    row, column = np.indices(fit.shape)
    for _ in range(count):
        best = int(fit.argmax())
        y, x = divmod(best, size)
        centres.append((y, x))
        fit -= 3.0 * np.exp(-((row - y) ** 2 + (column - x) ** 2) / (2 * (size / 5) ** 2))
    return centres


def _town(
    setting: Setting,
    rng: np.random.Generator,
    surface: NDArray[np.uint8],
    centres: list[tuple[int, int]],
    *,
    slope: Field,
    water: Mask,
    pixel_m: float,
) -> Mask:
    """Write the town into `surface`; returns its streets."""
    size = surface.shape[0]
    row, column = np.indices((size, size))
    reach = size * math.sqrt(setting.town / math.pi / max(len(centres), 1)) * 1.1
    density = np.zeros((size, size), dtype=np.float32)
    for y, x in centres:
        weight = rng.uniform(0.7, 1.3)
        density = np.maximum(density, np.exp(-np.hypot(row - y, column - x) / (reach * weight)))
    along_roads = np.exp(-distance_m(surface == Surface.ROAD, pixel_m) / 140)
    density = density + 0.16 * along_roads - 1.2 * slope + 0.10 * fractal(rng, size, 1.6, cutoff=3)
    dry = ~water & (slope < 0.6)
    road = surface == Surface.ROAD
    built = highest(density, setting.town, dry)
    heart = highest(density, setting.town * (0.45 if setting.town >= _CITY_SHARE else 0.12), dry)
    streets, block = _street_plan(rng, size, pixel_m, centres)
    fate = dice(block, 21)
    built = built & ((fate > 0.07) | heart)  # parks and lots
    surface[built] = Surface.URBAN_OPEN
    surface[built & heart] = Surface.URBAN_DENSE
    works = built & ~heart & (dice(block // 9, 23) > 0.86) & (setting.town > 0.05)
    surface[works] = Surface.INDUSTRY
    surface[road] = Surface.ROAD
    return streets & built & ~works


def _street_plan(
    rng: np.random.Generator, size: int, pixel_m: float, centres: list[tuple[int, int]]
) -> tuple[Mask, NDArray[np.int64]]:
    """Streets and block numbers: quarters of one direction each, the oldest bent around its centre."""
    east, north = metres(size, pixel_m)
    bend = 45 * fractal(rng, size, 2.0)
    count = max(3, len(centres) * 3)
    places = rng.uniform(-0.5, 0.5, (count, 2)) * size * pixel_m
    quarter = np.stack([np.hypot(east + bend - e, north - bend - n) for e, n in places]).argmin(axis=0)
    angle = rng.uniform(0, math.pi / 2, count)[quarter]
    period = rng.uniform(65, 120, count)[quarter]
    u = (east + bend) * np.cos(angle) + (north - bend) * np.sin(angle)
    v = (north - bend) * np.cos(angle) - (east + bend) * np.sin(angle)
    long_period = period * 1.7
    streets = ((u % period) < pixel_m * 0.9) | ((v % long_period) < pixel_m * 0.9)
    block = np.floor(u / period).astype(np.int64) * 3 + np.floor(v / long_period).astype(np.int64) * 1709
    return streets, block + quarter * 999_983


def _farmsteads(rng: np.random.Generator, surface: NDArray[np.uint8], bad: Mask, tracks: Mask) -> None:
    """Lone farms, most of them at a road or a track."""
    size = surface.shape[0]
    wish = rng.random((size, size)) + 0.25 * smooth(tracks | (surface == Surface.ROAD), 2)
    count = int(6 + size * size / 6000)
    place = np.argpartition(np.where(bad, 0, wish).ravel(), -count)[-count:]
    farm = np.zeros(size * size, dtype=bool)
    farm[place] = True
    grown = ndimage.binary_dilation(farm.reshape(size, size), structure=np.ones((2, 2), dtype=bool))
    surface[grown & ~bad & (surface == _NOT_BUILT)] = Surface.URBAN_OPEN
