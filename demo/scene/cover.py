"""What grows and lies on the ground: forest, farmland, heath, wetland, beach, rock and ice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene.curves import distance_m
from demo.scene.noise import Field, dice, fractal, highest, per_parcel_mean, smooth
from demo.scene.parcels import Parcels
from demo.scene.setting import Climate, Fields, Landform, River, Setting
from demo.scene.surface import Surface
from demo.scene.water import Water

Mask = NDArray[np.bool_]

_TREE_LINE_M = 450.0  # forest ends this far below the bare rock
_WOODED_BANKS = (Climate.TEMPERATE, Climate.MEDITERRANEAN, Climate.SAVANNA, Climate.BOREAL)
_HEDGED = {Fields.BOCAGE: 0.75, Fields.SMALLHOLDER: 0.3, Fields.OPEN: 0.05, Fields.ORCHARD: 0.06}


@dataclass(frozen=True)
class Ground:
    """What the place offers to plants, per pixel: slope (m/m), wetness (0-1), height and three rough fields."""

    slope: Field
    wetness: Field
    height_m: Field
    coarse: Field
    middle: Field
    fine: Field


def survey(rng: np.random.Generator, water: Water, pixel_m: float) -> Ground:
    """Measure slope and wetness, and roll the rough fields that decide between kinds of plants."""
    height = water.height_m
    size = height.shape[0]
    slope = np.hypot(*np.gradient(height, pixel_m)).astype(np.float32)
    hollow = smooth(height, 9) - height
    near = np.exp(-water.distance_m / 180)
    wetness = np.clip(0.35 + 0.6 * near + hollow / (2 * max(float(hollow.std()), 0.1)) * 0.12 - 0.5 * slope, 0, 1)
    return Ground(
        slope,
        wetness.astype(np.float32),
        height,
        fractal(rng, size, 1.7, cutoff=1.5),
        fractal(rng, size, 1.4, cutoff=4),
        fractal(rng, size, 0.7, cutoff=20),
    )


def lay_cover(
    setting: Setting, rng: np.random.Generator, ground: Ground, water: Water, *, parcels: Parcels, pixel_m: float
) -> NDArray[np.uint8]:
    """Surface values of everything but settlements; fields are numbered by `parcels`."""
    land = ~water.any
    order = ground.coarse + 0.5 * ground.middle + 0.22 * ground.fine + 1.5 * (ground.wetness - 0.5)
    if setting.landform is Landform.DUNES:  # plants stand between the dunes, not on them
        order = smooth(ground.height_m, 1) - smooth(ground.height_m, 25)
    surface = _kinds(setting.open_kinds, order)
    forest = _forest(setting, ground, land, parcels)
    farmland = _farmland(setting, ground, land & ~forest, parcels)
    height_order = 1.2 * (ground.height_m - ground.height_m.mean()) / max(float(ground.height_m.std()), 1e-3)
    surface = np.where(forest, _kinds(setting.forest_kinds, height_order + ground.middle + 0.5 * ground.fine), surface)
    surface = np.where(farmland, _crops(setting, rng, parcels), surface)
    fringe = ndimage.binary_dilation(forest, iterations=2) & ~forest & ~farmland & (ground.fine > -0.1)
    surface[fringe & (setting.forest > 0.05) & (setting.rock_m > 8000)] = Surface.SHRUB
    hedged = parcels.edge & farmland & (dice(parcels.number, 31) < _HEDGED.get(setting.fields, 0.0))
    surface[hedged & (ground.fine > -0.6)] = setting.forest_kinds[0]
    if setting.river is River.STREAMS and setting.climate in _WOODED_BANKS:
        surface[land & (water.distance_m < 16) & (ground.fine > 0)] = setting.forest_kinds[0]
    _wet(setting, ground, water, land, surface)
    _high(setting, ground, land, surface)
    _shore(setting, ground, water, land, surface, pixel_m=pixel_m)
    if setting.burnt > 0:
        scar = highest(ground.coarse - ground.middle * 0.3, setting.burnt, land & ~farmland)
        surface[scar & (ground.fine > -1.6)] = Surface.BURNT
    surface[water.bed] = Surface.SAND
    surface[water.bed & (ground.coarse > 1.0) & (ground.middle > 0)] = Surface.SHRUB
    surface[water.lake] = Surface.LAKE
    surface[water.river] = Surface.RIVER
    surface[water.sea] = Surface.SEA
    return surface.astype(np.uint8)


def _kinds(kinds: tuple[Surface, ...], order: Field) -> NDArray[np.uint8]:
    """Share the scene out among kinds, in the order of a field; the first kind gets the lowest values."""
    if len(kinds) == 1:
        return np.full(order.shape, kinds[0], dtype=np.uint8)
    steps = np.quantile(order, np.linspace(0, 1, len(kinds) + 1)[1:-1])
    return np.array(kinds, dtype=np.uint8)[np.searchsorted(steps, order)]


def _forest(setting: Setting, ground: Ground, land: Mask, parcels: Parcels) -> Mask:
    """Forest keeps to slopes where people farm, and stands in lots with straight borders there."""
    wish = ground.coarse + 0.5 * ground.middle
    if setting.farmed > 0:
        wish = wish + 3.0 * np.minimum(ground.slope, 0.5)
        wish = np.where(parcels.farmable, 0.75 * per_parcel_mean(wish, parcels.number) + 0.25 * wish, wish + 0.4)
        if setting.fields is Fields.FISHBONE:
            wish = np.where(parcels.farmable, wish - 3, wish + 3)
    wish = wish - np.where(ground.height_m > setting.rock_m - _TREE_LINE_M - 90 * ground.middle, 1e3, 0)
    forest = highest(wish, setting.forest, land & (wish > -500))
    return np.asarray(forest & (ground.fine > -2.2))


def _farmland(setting: Setting, ground: Ground, free: Mask, parcels: Parcels) -> Mask:
    """The flattest, driest fields of the plan, whole fields at a time."""
    if setting.farmed <= 0:
        return np.zeros(free.shape, dtype=bool)
    wish = -5.0 * ground.slope - 0.6 * ground.wetness + 0.25 * ground.coarse
    wish = per_parcel_mean(wish, parcels.number) + 0.15 * dice(parcels.number, 33)
    return highest(wish, setting.farmed, free & parcels.farmable)


def _crops(setting: Setting, rng: np.random.Generator, parcels: Parcels) -> NDArray[np.uint8]:
    """One kind of farming per field; neighbours often do alike."""
    size = parcels.number.shape[0]
    district = per_parcel_mean(fractal(rng, size, 1.8, cutoff=1.5), parcels.number)
    return _kinds(setting.crops, district + 0.5 * dice(parcels.number, 35))


def _wet(setting: Setting, ground: Ground, water: Water, land: Mask, surface: NDArray[np.uint8]) -> None:
    """Marsh, mangrove or bog along the water and in hollows."""
    if setting.wetland is None or setting.wetland_share <= 0:
        return
    wish = 2.5 * np.exp(-water.distance_m / 250) + ground.wetness + 0.35 * ground.middle
    if setting.wetland in (Surface.COASTAL_WETLAND, Surface.MANGROVE):
        wish = wish - 0.05 * np.maximum(ground.height_m, 0)
    surface[highest(wish, setting.wetland_share, land)] = setting.wetland


def _high(setting: Setting, ground: Ground, land: Mask, surface: NDArray[np.uint8]) -> None:
    """Stones, bare rock and perpetual ice, each above its line; steep ground loses its cover earlier."""
    height = ground.height_m + 60 * ground.middle + 30 * ground.fine
    rocky = height + 260 * (ground.slope - 0.45)
    surface[land & (rocky > setting.rock_m - 180)] = Surface.SPARSE
    surface[land & (rocky > setting.rock_m)] = Surface.ROCK
    surface[land & (height - 350 * np.maximum(ground.slope - 0.75, 0) > setting.ice_m)] = Surface.ICE


def _shore(
    setting: Setting, ground: Ground, water: Water, land: Mask, surface: NDArray[np.uint8], *, pixel_m: float
) -> None:
    """Beaches where the coast is gentle, cliffs where it is steep, a dark rim of reeds around lakes."""
    if setting.sea > 0:
        distance = distance_m(water.sea, pixel_m)
        gentle = smooth(ground.slope, 2) < 0.12
        muddy = setting.wetland in (Surface.COASTAL_WETLAND, Surface.MANGROVE)
        rocky = ~gentle | (setting.climate in (Climate.BOREAL, Climate.POLAR))
        width = np.where(rocky, 14.0, 8.0) if muddy else 16 + 24 * ground.coarse
        surface[land & ~rocky & (distance < width)] = Surface.SAND
        surface[land & rocky & (distance < 12 + 8 * ground.middle)] = Surface.ROCK
    salt = Surface.SALT in setting.open_kinds
    if salt:
        surface[land & (water.distance_m < 260 + 120 * ground.middle) & water.lake.any()] = Surface.SALT
