"""Sea, lakes and rivers, and how they shape the ground beside them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene.curves import Line, dense, distance_m, drawn, meander, pixels
from demo.scene.noise import Field, fractal, highest, smooth
from demo.scene.setting import Climate, Landform, River, Setting
from demo.scene.terrain import Terrain

Mask = NDArray[np.bool_]

_STREAM_SHARE = 0.010  # of the domain's area: a cell with more land above it carries a visible stream
_BROOK_PER_CELL_M = 0.30  # width grows with the root of the drained cells
_THREADS = 6  # of a braided river


@dataclass(frozen=True)
class Water:
    """Where water is, and the ground after it has done its work.

    Attributes:
        sea: sea and lagoons.
        lake: standing fresh water, oxbows too.
        river: running water.
        bed: dry gravel and sand of a river.
        height_m: the ground, valley floors levelled; the sea at or below 0.
        depth_m: depth of the water, 0 on land.
        distance_m: to the nearest water of any kind.
    """

    sea: Mask
    lake: Mask
    river: Mask
    bed: Mask
    height_m: Field
    depth_m: Field
    distance_m: Field

    @property
    def any(self) -> Mask:
        """All water."""
        return np.asarray(self.sea | self.lake | self.river)


def lay_water(setting: Setting, rng: np.random.Generator, terrain: Terrain, pixel_m: float) -> Water:
    """Fill the sea, let the rivers of the setting run, fill its lakes."""
    height = terrain.height_m
    size = height.shape[0]
    sea = height < 0 if setting.sea > 0 else np.zeros(height.shape, dtype=bool)
    river = bed = oxbow = np.zeros(height.shape, dtype=bool)
    if setting.river is River.STREAMS:
        river = _streams(terrain, rng, size, pixel_m)
        height = np.where(river, height - 1.0, height)
        if setting.climate is Climate.DESERT:
            river, bed = bed, river  # wadis carry water for a few days a year
    elif setting.river is not River.NONE:
        lines = _courses(setting, rng, terrain, size * pixel_m)
        river, bed, oxbow = _great_river(setting, rng, lines, size, pixel_m)
        height = _valley_floor(height, drawn(lines, size, pixel_m), setting, pixel_m)
    lake, height = _lakes(setting, rng, height, sea | river)
    lake = lake | (oxbow & ~river & ~sea)
    river &= ~sea
    water = sea | lake | river
    shore = distance_m(~water, pixel_m)
    depth = np.where(sea, np.maximum(-height, 0.02 * shore), np.where(water, 0.04 * shore, 0)).astype(np.float32)
    return Water(sea, lake, river, bed & ~water, height.astype(np.float32), depth, distance_m(water, pixel_m))


def _streams(terrain: Terrain, rng: np.random.Generator, size: int, pixel_m: float) -> Mask:
    """Streams along the drainage tree, wider downstream."""
    drainage, n = terrain.drainage, terrain.coarse_m.shape[0]
    channel = np.flatnonzero(drainage.area > _STREAM_SHARE * n * n)
    channel = channel[drainage.downstream[channel] < n * n]
    row, column = np.divmod(np.arange(n * n), n)
    place = np.stack([(column - (n - 1) / 2), ((n - 1) / 2 - row)], axis=1) * terrain.cell_m
    place += rng.uniform(-0.3, 0.3, place.shape) * terrain.cell_m
    for _ in range(2):  # a step of the grid becomes a bend
        target = drainage.downstream[channel]
        middle = (place[channel] + place[target]) / 2
        place[target] = 0.4 * place[target] + 0.6 * middle
    width = np.zeros((size, size), dtype=np.float32)
    for cell in channel.tolist():
        leg = dense(place[[cell, drainage.downstream[cell]]], pixel_m / 2)
        y, x, inside = pixels(leg, size, pixel_m)
        width[y[inside], x[inside]] = _BROOK_PER_CELL_M * np.sqrt(drainage.area[cell])
    if not width.any():
        return np.zeros((size, size), dtype=bool)
    distance, nearest = ndimage.distance_transform_edt(width == 0, return_indices=True)
    return np.asarray(distance * pixel_m <= width[tuple(nearest)] / 2)


def _courses(setting: Setting, rng: np.random.Generator, terrain: Terrain, extent_m: float) -> list[Line]:
    """The centre lines of a great river: one, or the fan of a delta."""
    width = setting.river_width_m
    east, north = rng.uniform(-0.18, 0.18, 2) * extent_m
    if setting.river is not River.DELTA:
        if setting.river is River.MEANDER:
            return [meander(rng, axis=terrain.axis, through=(east, north), width_m=width, reach_m=extent_m)]
        middle = meander(
            rng, axis=terrain.axis, through=(east, north), width_m=width * 2.5, reach_m=extent_m, swing=0.3
        )
        middle = dense(middle, 45.0)
        return [middle, *(_thread(rng, middle, width) for _ in range(_THREADS))]
    apex = -0.42 * extent_m * np.array([np.cos(terrain.axis), np.sin(terrain.axis)])
    arms: list[Line] = []
    for fan in (-0.65, -0.22, 0.2, 0.62):
        arm = meander(
            rng,
            axis=terrain.axis + fan,
            through=(0.0, 0.0),
            width_m=width * rng.uniform(0.5, 0.9),
            reach_m=extent_m,
            swing=0.55,
        )
        arms.append(arm[len(arm) // 2 :] + apex)
    trunk = meander(rng, axis=terrain.axis, through=(float(apex[0]), float(apex[1])), width_m=width, reach_m=extent_m)
    return [trunk[: len(trunk) // 2], *arms]


def _thread(rng: np.random.Generator, middle: Line, width: float) -> Line:
    """One thread of a braided river: it swings from side to side of the bed."""
    count = len(middle)
    along = np.arange(count) / count
    swing = sum(np.sin(2 * np.pi * (along * rng.uniform(3, 13) + rng.random())) for _ in range(3)) / 3
    heading = np.gradient(middle, axis=0)
    heading /= np.hypot(*heading.T)[:, None]
    side = np.stack([-heading[:, 1], heading[:, 0]], axis=1)
    return np.asarray(middle + 0.62 * width * np.asarray(swing)[:, None] * side)


def _great_river(
    setting: Setting, rng: np.random.Generator, lines: list[Line], size: int, pixel_m: float
) -> tuple[Mask, Mask, Mask]:
    """Water, dry bed and oxbows of a great river."""
    width = setting.river_width_m
    distance = distance_m(drawn(lines, size, pixel_m), pixel_m) * (1 + 0.12 * fractal(rng, size, 1.5, cutoff=6))
    none = np.zeros((size, size), dtype=bool)
    if setting.river is River.BRAIDED:
        middle = distance_m(drawn(lines[:1], size, pixel_m), pixel_m)
        bed = middle < width * 0.8 * (1 + 0.15 * fractal(rng, size, 1.8, cutoff=2))
        return bed & (distance < width * 0.045), bed, none
    if setting.river is River.DELTA:
        arms = distance < width * 0.28
        trunk = distance_m(drawn(lines[:1], size, pixel_m), pixel_m) < width * 0.5
        creeks = np.abs(fractal(rng, size, 1.5, cutoff=6)) < 0.035
        return arms | trunk, none, creeks
    water = distance < width / 2
    point_bars = (distance < width * 0.95) & (fractal(rng, size, 1.6, cutoff=5) > 0.9)
    scars: list[Line] = []
    for _ in range(int(rng.integers(2, 6))):
        beside = lines[0][int(rng.integers(0, len(lines[0])))] + rng.uniform(-4, 4, 2) * width
        turn = np.linspace(0, rng.uniform(3.0, 4.6), 24) + rng.uniform(0, 2 * np.pi)
        radius = width * rng.uniform(1.3, 2.4) * np.linspace(1.0, 1.25, 24)
        scars.append(beside + np.stack([radius * np.cos(turn), 0.8 * radius * np.sin(turn)], axis=1))
    oxbow = distance_m(drawn(scars, size, pixel_m), pixel_m) < width * 0.2
    return water, point_bars, oxbow & (distance > width * 0.9)


def _valley_floor(height: Field, course: Mask, setting: Setting, pixel_m: float) -> Field:
    """Level the ground beside a river: its floodplain falls with the river and blends into the slopes."""
    if not course.any():
        return height
    distance, nearest = ndimage.distance_transform_edt(~course, return_indices=True)
    level = smooth(smooth(np.minimum(height, smooth(height, 20)), 12)[tuple(nearest)], 14)
    reach = setting.river_width_m * 5 + 150
    blend = np.clip(distance * pixel_m / reach, 0, 1)
    blend = blend * blend * (3 - 2 * blend)
    floor = level + 0.06 * (height - level)
    return np.asarray(floor + (height - floor) * blend, dtype=np.float32)


def _lakes(setting: Setting, rng: np.random.Generator, height: Field, taken: Mask) -> tuple[Mask, Field]:
    """Fill the hollows of the land until the wished share is lake; every lake is level."""
    if setting.lakes <= 0:
        return np.zeros(height.shape, dtype=bool), height
    size = height.shape[0]
    hollow = smooth(height, size / 5) - height
    hollow = hollow / max(float(hollow.std()), 1e-6)
    weight = 0.35 if setting.landform in (Landform.MOUNTAINS, Landform.GLACIAL) else 0.9
    field = smooth(hollow + weight * fractal(rng, size, 1.9, cutoff=2.5), 1.0)
    lake = ndimage.binary_opening(highest(field, setting.lakes, ~taken), iterations=1)
    label, count = ndimage.label(lake)
    if count:
        level = ndimage.minimum(height, label, np.arange(count + 1))
        height = np.where(lake, np.asarray(level)[label], height).astype(np.float32)
    return np.asarray(lake), height
