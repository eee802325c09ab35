"""How people cut the land: every region's fields have a handwriting of their own."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene.noise import Field, dice, fractal, metres
from demo.scene.setting import Fields

Mask = NDArray[np.bool_]
_SECTION_M = 804.7  # half a mile: the quarter sections of a land survey, and the square around an irrigated circle


@dataclass(frozen=True)
class Parcels:
    """A plan of fields over the whole scene, before it is known which of them are farmed.

    Attributes:
        number: int32 (y, x) from 0 up, one number per field.
        farmable: where the plan has fields at all (circles, clearings).
        track: farm roads between blocks of fields.
        edge: pixels on the border of two fields.
        rows: phase (0-1) across the rows of trees of an orchard, else 0.
    """

    number: NDArray[np.int32]
    farmable: Mask
    track: Mask
    edge: Mask
    rows: Field


@dataclass(frozen=True)
class _Cut:
    """Sizes of one handwriting, metres: block length, width of a field (low, high), disturbance, size of a district."""

    block: tuple[float, float]
    width: tuple[float, float]
    warp: float
    district: float  # 0: one direction in the whole scene
    turn: float  # how far districts differ in direction, radians


_CUTS = {
    Fields.OPEN: _Cut((320, 620), (110, 420), 22, 1500, 0.5),
    Fields.STRIPS: _Cut((240, 460), (18, 70), 24, 850, 1.2),
    Fields.BOCAGE: _Cut((130, 230), (90, 230), 60, 700, 0.9),
    Fields.SMALLHOLDER: _Cut((60, 120), (25, 70), 35, 450, 1.4),
    Fields.ORCHARD: _Cut((140, 300), (90, 240), 25, 700, 0.8),
    Fields.PADDY: _Cut((90, 190), (25, 60), 30, 900, 0.6),
}


def cut_parcels(kind: Fields, rng: np.random.Generator, height_m: Field, pixel_m: float) -> Parcels:
    """Draw the plan of fields of a scene."""
    size = height_m.shape[0]
    east, north = metres(size, pixel_m)
    everywhere = np.ones((size, size), dtype=bool)
    nowhere = ~everywhere
    rows = np.zeros((size, size), dtype=np.float32)
    if kind is Fields.NONE:
        return Parcels(np.zeros((size, size), dtype=np.int32), nowhere, nowhere, nowhere, rows)
    if kind is Fields.PIVOT:
        number, farmable, track = _circles(rng, east, north, pixel_m)
    elif kind is Fields.SURVEY:
        number, track = _survey(rng, east, north, pixel_m)
        farmable = everywhere
    elif kind is Fields.FISHBONE:
        number, farmable, track = _fishbone(rng, east, north, pixel_m)
    else:
        number, track, across = _blocks(_CUTS[kind], rng, east, north, pixel_m)
        farmable = everywhere
        if kind is Fields.PADDY and float(np.ptp(height_m)) > 40:
            number = _terraces(number, rng, height_m)
        if kind is Fields.ORCHARD:
            rows = ((across / 24.0) % 1.0).astype(np.float32)
    compact: NDArray[np.int32] = np.unique(number, return_inverse=True)[1].reshape(size, size).astype(np.int32)
    return Parcels(compact, farmable, track, _borders(compact), rows)


def _borders(number: NDArray[np.int32]) -> Mask:
    edge = np.zeros(number.shape, dtype=bool)
    edge[:, 1:] |= number[:, 1:] != number[:, :-1]
    edge[1:] |= number[1:] != number[:-1]
    return edge


def _districts(rng: np.random.Generator, east: Field, north: Field, reach_m: float) -> NDArray[np.int64]:
    """Number of the nearest of a handful of random centres."""
    extent = float(east.max() - east.min())
    count = max(1, round((extent / reach_m) ** 2 * 1.3))
    centres = rng.uniform(-0.6, 0.6, (count, 2)) * extent
    distance = np.stack([(east - e) ** 2 + (north - n) ** 2 for e, n in centres])
    return np.asarray(distance.argmin(axis=0))


def _blocks(
    cut: _Cut, rng: np.random.Generator, east: Field, north: Field, pixel_m: float
) -> tuple[NDArray[np.int64], Mask, Field]:
    """Blocks of fields, each block cut across into fields of its own width; districts differ in direction."""
    size = east.shape[0]
    warp_e, warp_n = fractal(rng, size, 1.9), fractal(rng, size, 1.9)
    x, y = east + cut.warp * warp_e, north + cut.warp * warp_n
    district = (
        _districts(rng, x + 2 * cut.warp * warp_n, y + 2 * cut.warp * warp_e, cut.district)
        if cut.district
        else np.zeros(x.shape, dtype=np.int64)
    )
    count = int(district.max()) + 1
    base = rng.uniform(0, math.pi)
    angle = (base + cut.turn * rng.uniform(-1, 1, count))[district]
    along = x * np.cos(angle) + y * np.sin(angle) + rng.uniform(0, 900, count)[district]
    across = -x * np.sin(angle) + y * np.cos(angle) + rng.uniform(0, 900, count)[district]
    length = rng.uniform(*cut.block, count)[district]
    block = np.floor(along / length).astype(np.int64)
    block_id = district * 4001 + block
    narrow, wide = cut.width
    width = narrow + (wide - narrow) * dice(block_id, 3) ** 1.5
    shifted = across + 997.0 * dice(block_id, 5)
    # neighbouring fields differ in width: the line of borders is bent by a slow wave of the block's own
    wave = 0.28 * width * np.sin(shifted / width * 1.7 + 6.28 * dice(block_id, 7))
    strip = np.floor((shifted + wave) / width).astype(np.int64)
    merged = strip - (dice(block_id * 7919 + strip, 11) < 0.22)  # some owners hold two
    into = (along / length - block) * length
    track = (into < pixel_m) & (dice(district * 4001 + block, 13) < 0.55)
    return block_id * 7919 + merged, track, across.astype(np.float32)


def _survey(rng: np.random.Generator, east: Field, north: Field, pixel_m: float) -> tuple[NDArray[np.int64], Mask]:
    """Square sections with roads on every line, cut into halves, quarters and strips."""
    tilt = float(rng.normal(0, 0.03))
    u = east * math.cos(tilt) + north * math.sin(tilt) + rng.uniform(0, _SECTION_M)
    v = north * math.cos(tilt) - east * math.sin(tilt) + rng.uniform(0, _SECTION_M)
    section = np.floor(u / _SECTION_M).astype(np.int64) * 911 + np.floor(v / _SECTION_M).astype(np.int64)
    fu, fv = (u / _SECTION_M) % 1.0, (v / _SECTION_M) % 1.0
    parts = 1 + np.floor(3.2 * dice(section, 2)).astype(np.int64)
    lengthwise = dice(section, 4) < 0.5
    first = np.floor(np.where(lengthwise, fu, fv) * parts).astype(np.int64)
    halved = dice(section * 17 + first, 6) < 0.4
    second = np.where(halved, np.floor(np.where(lengthwise, fv, fu) * 2), 0).astype(np.int64)
    step = pixel_m / _SECTION_M
    road_u = (fu < step) & (dice(np.floor(u / _SECTION_M).astype(np.int64), 8) < 0.75)
    road_v = (fv < step) & (dice(np.floor(v / _SECTION_M).astype(np.int64), 9) < 0.75)
    return section * 64 + first * 4 + second, road_u | road_v


def _circles(
    rng: np.random.Generator, east: Field, north: Field, pixel_m: float
) -> tuple[NDArray[np.int64], Mask, Mask]:
    """Irrigated circles in their squares: some small, some half, some cut like a cake, some not built."""
    pitch = _SECTION_M * float(rng.choice([0.75, 1.0]))
    u, v = east + rng.uniform(0, pitch), north + rng.uniform(0, pitch)
    cell = np.floor(u / pitch).astype(np.int64) * 911 + np.floor(v / pitch).astype(np.int64)
    du, dv = ((u / pitch) % 1.0 - 0.5) * pitch, ((v / pitch) % 1.0 - 0.5) * pitch
    radius, angle = np.hypot(du, dv), np.arctan2(dv, du)
    reach = pitch * (0.485 - 0.10 * (dice(cell, 2) < 0.15))
    start = 2 * math.pi * dice(cell, 4)
    turned = (angle - start) % (2 * math.pi)
    half = (dice(cell, 6) < 0.12) & (turned > math.pi)
    sectors = 1 + np.floor(3 * dice(cell, 8) ** 1.5).astype(np.int64)
    sector = np.floor(turned / (2 * math.pi) * sectors).astype(np.int64)
    farmable = (radius < reach) & ~half & (dice(cell, 10) > 0.08)
    arm = (np.abs(turned * radius) < pixel_m * 0.6) & farmable
    track = (np.abs(du) > pitch / 2 - pixel_m * 0.55) & (dice(cell, 12) < 0.5)
    return cell * 8 + sector, farmable & ~arm, track


def _fishbone(
    rng: np.random.Generator, east: Field, north: Field, pixel_m: float
) -> tuple[NDArray[np.int64], Mask, Mask]:
    """A trunk road, side roads every few hundred metres, and lots cleared from the roads into the forest."""
    size = east.shape[0]
    angle = float(rng.uniform(0, math.pi))
    bent = 25 * fractal(rng, size, 2.0)
    u = east * math.cos(angle) + north * math.sin(angle) + bent + rng.uniform(-200, 200)
    v = north * math.cos(angle) - east * math.sin(angle) + bent
    spacing = 560.0
    side = np.floor(v / spacing + 0.5).astype(np.int64)
    off = np.abs(v - side * spacing)
    lot = np.floor(u / 190.0).astype(np.int64) * 733 + side * 2 + (v > side * spacing)
    depth = spacing * 0.5 * (1.15 * dice(lot, 2) - 0.10) * np.exp(-np.abs(u) / 1900)
    depth += 14 * fractal(rng, size, 1.2, cutoff=10)
    reach = 500 + 1300 * dice(side, 4)
    farmable = ((off < depth) & (np.abs(u) < reach)) | (np.abs(u) < 60 + 25 * bent / 25)
    track = ((off < pixel_m * 0.7) & (np.abs(u) < reach)) | (np.abs(u) < pixel_m)
    return lot, farmable, track


def _terraces(number: NDArray[np.int64], rng: np.random.Generator, height_m: Field) -> NDArray[np.int64]:
    """On slopes the basins follow the contours."""
    step = max(2.5, float(np.ptp(height_m)) / 60)
    bench = np.floor((height_m + 0.4 * step * fractal(rng, height_m.shape[0], 1.5, cutoff=6)) / step).astype(np.int64)
    coarse = np.unique(number, return_inverse=True)[1].reshape(number.shape)
    return bench * 100_003 + coarse // 2
