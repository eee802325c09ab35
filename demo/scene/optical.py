"""Reflectance of the ground: every surface as a mixture of materials, by season, field by field."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.scene import phenology, spectra
from demo.scene.light import illumination
from demo.scene.moment import Moment, snow_line_m
from demo.scene.noise import Field, dice, fractal, smooth
from demo.scene.scene import Scene
from demo.scene.setting import Climate
from demo.scene.spectra import Spectrum
from demo.scene.surface import WATER, Surface, is_any

_POINT_SPREAD_PX = 0.55  # the sensor's blur on the 10 m bands
_GREY = {Climate.TEMPERATE, Climate.BOREAL, Climate.POLAR}

# strength of the brightness texture of each surface; 0.035 where nothing is said
_TEXTURE = {
    Surface.SEA: 0.0, Surface.RIVER: 0.0, Surface.LAKE: 0.0,
    Surface.BROADLEAF: 0.08, Surface.CONIFER: 0.11, Surface.MIXED_FOREST: 0.10, Surface.SHRUB: 0.12,
    Surface.GRASSLAND: 0.09, Surface.HEATH: 0.10, Surface.SPARSE: 0.13, Surface.ROCK: 0.16, Surface.LAVA: 0.20,
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


@dataclass
class _Palette:
    """What the mixtures of a scene are made of: per-pixel dice, per-field crops, the season."""

    scene: Scene
    grass: float
    leaves: float
    autumn: float
    crop: Field
    straw: Field
    field_roll: Field
    roof_roll: Field
    tree: Field
    soil: Spectrum
    bright: Field


def reflectance(scene: Scene, moment: Moment, rng: np.random.Generator) -> Reflectance:
    """The reflectance of a scene at a moment, with snow and relief, without atmosphere."""
    palette = _palette(scene, moment, rng)
    size = scene.surface.shape[0]
    rho = np.zeros((12, size * size), dtype=np.float32)
    flat = scene.surface.ravel()
    strength = np.full(len(Surface), 0.035, dtype=np.float32)
    strength[list(_TEXTURE)] = list(_TEXTURE.values())
    for number in np.unique(flat).tolist():
        at = np.flatnonzero(flat == number)
        for share, material in _MIXTURES[Surface(number)](palette, at):
            rho[:, at] += material[:, None] * np.broadcast_to(share, at.shape)[None, :]
    rho = rho.reshape(12, size, size)
    crowns = smooth(rng.standard_normal((size, size), dtype=np.float32), 0.6) * 1.6
    rho *= np.clip(1 + strength[scene.surface] * (scene.texture + crowns), 0.35, 1.9)[None]
    rho *= (1 - 0.18 * scene.edge)[None]
    snow = _snow(scene, moment, rng)
    water = is_any(scene.surface, WATER)
    frozen = snow if scene.setting.climate in (Climate.BOREAL, Climate.POLAR) else snow * ~water
    rho += (spectra.SNOW[:, None, None] * 0.93 - rho) * frozen[None]
    rho *= np.where(water, 1.0, illumination(scene.elevation_m, scene.pixel_m, moment.sun))[None]
    for band in rho:
        band[...] = smooth(band, _POINT_SPREAD_PX)
    return Reflectance(np.maximum(rho, 1), frozen, water & (frozen < 0.5))


def _palette(scene: Scene, moment: Moment, rng: np.random.Generator) -> _Palette:
    climate, red = scene.setting.climate, scene.setting.red
    size = scene.surface.shape[0]
    roll, second = dice(scene.parcel, scene.seed % 997 + 41), dice(scene.parcel, scene.seed % 997 + 43)
    crop, straw = phenology.crops(moment, climate, roll, second)
    on, autumn = phenology.leaves(moment, climate)
    pale = spectra.PALE_SOIL if climate in (Climate.DESERT, Climate.STEPPE) else spectra.SOIL
    block = np.add.outer(np.arange(size) // 2 * 9973, np.arange(size) // 2)
    wobble = np.clip(1 + 0.10 * fractal(rng, size, 1.2, cutoff=5), 0.5, 1.5)
    return _Palette(
        scene=scene,
        grass=phenology.grass(moment, climate),
        leaves=on,
        autumn=autumn,
        crop=np.clip(crop * wobble, 0, 1).ravel(),
        straw=straw.ravel(),
        field_roll=second.ravel(),
        roof_roll=dice(block, scene.seed % 991 + 51).ravel(),
        tree=dice(np.arange(size * size), scene.seed % 983 + 53),
        soil=(1 - red) * pale + red * spectra.RED_SOIL,
        bright=(0.75 + 0.5 * dice(scene.parcel, scene.seed % 977 + 57)).ravel(),
    )


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


# --- mixtures: for the pixels `at` of one surface, shares and materials that add up to about one -----------------------

_Parts = list[tuple[Field | float, Spectrum]]
_Index = NDArray[np.int64]


def _sea(p: _Palette, at: _Index) -> _Parts:
    depth = p.scene.depth_m.ravel()[at]
    bottom = np.exp(-spectra.FADING[:, None] * 2 * depth[None]) if p.scene.setting.climate not in _GREY else None
    murk = np.clip(0.30 * np.exp(-depth / 4), 0, 1)
    if p.scene.setting.wetland is not None:
        murk = np.clip(0.75 * np.exp(-depth / 12), 0, 1)
    parts: _Parts = [(1 - murk, spectra.CLEAR_WATER), (murk, spectra.BROWN_WATER)]
    if bottom is not None and p.scene.setting.wetland is None:
        # the bottom shines through band by band: one part per band, each with one band
        parts = [(1.0 - 0 * murk, spectra.CLEAR_WATER)]
        parts += [(0.55 * fade, np.where(np.arange(12) == band, spectra.SAND, 0)) for band, fade in enumerate(bottom)]
    return parts


def _river(p: _Palette, at: _Index) -> _Parts:
    brown = 0.75 if p.scene.setting.climate not in _GREY else 0.22
    return [(brown, spectra.BROWN_WATER), (1 - brown + 0 * at.astype(np.float32), spectra.LAKE_WATER)]


def _lake(p: _Palette, at: _Index) -> _Parts:
    murk = np.clip(0.25 * np.exp(-p.scene.depth_m.ravel()[at] / 2), 0, 1)
    return [(murk, spectra.BROWN_WATER), (1 - murk, spectra.LAKE_WATER)]


def _broadleaf(p: _Palette, at: _Index) -> _Parts:
    if p.scene.setting.climate is Climate.RAINFOREST:
        return [(0.92, spectra.JUNGLE), (0.08 + 0 * at.astype(np.float32), spectra.BRUSH)]
    coloured = p.leaves * p.autumn * np.clip(0.55 + 0.3 * p.scene.texture.ravel()[at], 0, 1)
    bare = (1 - p.leaves) + 0 * coloured
    return [(p.leaves - coloured, spectra.BROADLEAF), (coloured, spectra.AUTUMN), (bare, spectra.TWIGS)]


def _conifer(p: _Palette, at: _Index) -> _Parts:
    gap = np.clip(0.06 + 0.05 * p.scene.texture.ravel()[at], 0, 0.3)
    return [(1 - gap, spectra.CONIFER), (gap, spectra.BRUSH)]


def _mixed(p: _Palette, at: _Index) -> _Parts:
    share = np.clip(0.5 + 0.25 * p.scene.texture.ravel()[at], 0.1, 0.9)
    leafy = [(share * part, material) for part, material in _broadleaf(p, at)]
    return [*leafy, (1 - share, spectra.CONIFER)]


def _grassy(p: _Palette, at: _Index, trees: float, tree: Spectrum) -> _Parts:
    green = np.clip(
        p.grass * (0.9 + 0.18 * p.scene.texture.ravel()[at] + 0.3 * (p.scene.wetness.ravel()[at] - 0.4)), 0, 1
    )
    crown = np.where(p.tree[at] < trees, 0.7, 0.0)
    straw = 0.6 if p.scene.setting.climate is not Climate.DESERT else 0.25
    rest = 1 - crown
    return [
        (rest * green, spectra.GRASS),
        (rest * (1 - green) * straw, spectra.STRAW),
        (rest * (1 - green) * (1 - straw), p.soil),
        (crown, tree),
    ]


def _grassland(p: _Palette, at: _Index) -> _Parts:
    savanna = p.scene.setting.climate is Climate.SAVANNA
    return _grassy(p, at, 0.14 if savanna else 0.01, spectra.BRUSH)


def _pasture(p: _Palette, at: _Index) -> _Parts:
    mown = np.clip(0.72 + 0.38 * p.field_roll[at], 0, 1)
    return [(mown * share, m) for share, m in _grassy(p, at, 0.015, spectra.BROADLEAF)] + [
        ((1 - mown) * p.grass, spectra.CROP),
        ((1 - mown) * (1 - p.grass), spectra.STRAW),
    ]


def _arable(p: _Palette, at: _Index) -> _Parts:
    green, straw, roll = p.crop[at], p.straw[at], p.field_roll[at]
    bare = 1 - green
    dark = np.where(roll > 0.6, 0.55, 0.0) * (p.scene.setting.climate in _GREY) * (1 - p.scene.setting.red)
    flower = np.where((roll > 0.78) & (green > 0.62), 0.8, 0.0) * (p.scene.setting.climate is Climate.TEMPERATE)
    tone = p.bright[at]
    return [
        (green * (1 - flower), spectra.CROP),
        (green * flower, spectra.RAPE),
        (bare * straw, spectra.STRAW),
        (bare * (1 - straw) * (1 - dark) * tone, p.soil),
        (bare * (1 - straw) * dark * tone, spectra.DARK_SOIL),
    ]


def _orchard(p: _Palette, at: _Index) -> _Parts:
    rows = p.scene.rows.ravel()[at]
    dense = 0.35 + 0.35 * p.field_roll[at]
    crown = np.clip(dense * (1 + 0.6 * np.sin(2 * np.pi * rows)) * (0.8 + 0.4 * p.tree[at]), 0, 0.92)
    tree = spectra.JUNGLE if p.scene.setting.climate is Climate.RAINFOREST else spectra.BRUSH
    between = 1 - crown
    return [
        (crown, tree),
        (between * p.grass * 0.7, spectra.GRASS),
        (between * (1 - p.grass * 0.7) * p.bright[at], p.soil),
    ]


def _mosaic(p: _Palette, at: _Index) -> _Parts:
    trees = np.where(p.tree[at] < 0.16, 0.8, 0.0)
    mixed = [((1 - trees) * 0.6 * s, m) for s, m in _arable(p, at)]
    mixed += [((1 - trees) * 0.4 * s, m) for s, m in _pasture(p, at)]
    return [*mixed, (trees, spectra.BROADLEAF if p.leaves > 0.5 else spectra.TWIGS)]


def _montado(p: _Palette, at: _Index) -> _Parts:
    return _grassy(p, at, 0.10 + 0.22 * float(np.mean(p.field_roll[at])), spectra.BRUSH)


def _shrub(p: _Palette, at: _Index) -> _Parts:
    cover = np.clip(0.62 + 0.2 * p.scene.texture.ravel()[at] + 0.2 * (p.grass - 0.5), 0.1, 1)
    return [(cover, spectra.BRUSH), ((1 - cover) * p.grass, spectra.GRASS), ((1 - cover) * (1 - p.grass), p.soil)]


def _heath(p: _Palette, at: _Index) -> _Parts:
    cover = np.clip(0.7 + 0.15 * p.scene.texture.ravel()[at], 0.2, 1)
    return [
        (cover, spectra.HEATHER),
        ((1 - cover) * p.grass, spectra.GRASS),
        ((1 - cover) * (1 - p.grass), spectra.STRAW),
    ]


def _stony(p: _Palette, at: _Index) -> _Parts:
    plants = np.clip(0.18 + 0.12 * p.scene.texture.ravel()[at], 0.0, 0.5) * (0.25 + 0.75 * p.grass)
    stone = (1 - p.scene.setting.red) * spectra.ROCK + p.scene.setting.red * spectra.RED_ROCK
    dry = p.scene.setting.climate in (Climate.DESERT, Climate.SAVANNA, Climate.STEPPE)
    ground = 0.45 * stone + 0.55 * p.soil if dry else stone
    return [(plants, spectra.BRUSH), (1 - plants, ground)]


def _sand(p: _Palette, at: _Index) -> _Parts:
    """Dunes and beaches are sand, river beds of the north are gravel."""
    share, north = p.scene.setting.red, p.scene.setting.climate in _GREY and p.scene.setting.sea <= 0
    sand = spectra.GRAVEL if north else (1 - share) * spectra.SAND + share * spectra.RED_SAND
    return [(0.94 + 0.06 * p.tree[at], sand)]


def _bare(material: Spectrum, red: Spectrum | None = None) -> Callable[[_Palette, _Index], _Parts]:
    """A surface of one material, reddened where the place is red."""

    def mixture(p: _Palette, at: _Index) -> _Parts:
        share = p.scene.setting.red if red is not None else 0.0
        other = material if red is None else red
        return [(np.ones(at.shape, dtype=np.float32), (1 - share) * material + share * other)]

    return mixture


def _marsh(p: _Palette, at: _Index) -> _Parts:
    wet = np.clip(0.25 - 0.22 * p.scene.texture.ravel()[at], 0, 0.8)
    plants = spectra.REED if p.scene.setting.climate not in _GREY else 0.5 * spectra.REED + 0.5 * spectra.BOG
    alive = 0.45 + 0.55 * p.grass
    return [(wet, spectra.LAKE_WATER), ((1 - wet) * alive, plants), ((1 - wet) * (1 - alive), spectra.STRAW)]


def _mangrove(p: _Palette, at: _Index) -> _Parts:
    return [(0.95 + 0 * at.astype(np.float32), spectra.MANGROVE), (0.05, spectra.BROWN_WATER)]


def _rice(p: _Palette, at: _Index) -> _Parts:
    green = p.crop[at]
    flooded = (1 - green) * (p.field_roll[at] > 0.4)
    return [(green, spectra.CROP), (flooded, spectra.PADDY_WATER), (1 - green - flooded, p.soil)]


def _houses(gardens: float) -> Callable[[_Palette, _Index], _Parts]:
    """Roofs of several kinds, streets and gardens; every 20 m block its own roof."""

    def mixture(p: _Palette, at: _Index) -> _Parts:
        roll = p.roof_roll[at]
        street = np.where(p.scene.streets.ravel()[at], 0.6, 0.12)
        garden = np.clip(gardens * (0.5 + 1.1 * p.tree[at]), 0, 0.9) * (1 - street)
        roof = 1 - street - garden
        dry = p.scene.setting.climate in (Climate.DESERT, Climate.SAVANNA)
        common = spectra.MUD_ROOF if dry else spectra.RED_ROOF
        kinds = [
            (roll < 0.45, common),
            ((roll >= 0.45) & (roll < 0.93), spectra.GREY_ROOF),
            (roll >= 0.93, spectra.WHITE_ROOF),
        ]
        plants = (0.5 + 0.5 * p.leaves) * (0.25 if dry and gardens < 0.3 else 0.8)
        return [(roof * kind * (0.6 + 0.75 * p.tree[at]), material) for kind, material in kinds] + [
            (street, spectra.ASPHALT),
            (garden * plants, 0.6 * spectra.BROADLEAF + 0.4 * spectra.GRASS),
            (garden * (1 - plants), p.soil),
        ]

    return mixture


def _works(p: _Palette, at: _Index) -> _Parts:
    size = p.scene.surface.shape[0]
    row, column = np.divmod(at, size)
    hall = dice((row // 6) * 7919 + column // 5, p.scene.seed % 967 + 59)
    kinds = [
        (hall < 0.35, spectra.WHITE_ROOF),
        ((hall >= 0.35) & (hall < 0.7), spectra.GREY_ROOF),
        (hall >= 0.7, spectra.ASPHALT),
    ]
    return [(0.9 * kind.astype(np.float32), material) for kind, material in kinds] + [(0.1, spectra.GRASS)]


def _road(p: _Palette, at: _Index) -> _Parts:
    ground = spectra.GRASS if p.scene.setting.climate in _GREY else p.soil
    return [(0.62 + 0 * at.astype(np.float32), spectra.ASPHALT), (0.12, spectra.GREY_ROOF), (0.26, ground)]


_MIXTURES: dict[Surface, Callable[[_Palette, _Index], _Parts]] = {
    Surface.SEA: _sea,
    Surface.RIVER: _river,
    Surface.LAKE: _lake,
    Surface.BROADLEAF: _broadleaf,
    Surface.CONIFER: _conifer,
    Surface.MIXED_FOREST: _mixed,
    Surface.SHRUB: _shrub,
    Surface.ARABLE: _arable,
    Surface.PERMANENT_CROP: _orchard,
    Surface.PASTURE: _pasture,
    Surface.COMPLEX_CULTIVATION: _mosaic,
    Surface.MIXED_FARMLAND: _mosaic,
    Surface.AGROFORESTRY: _montado,
    Surface.GRASSLAND: _grassland,
    Surface.HEATH: _heath,
    Surface.SPARSE: _stony,
    Surface.INLAND_WETLAND: _marsh,
    Surface.COASTAL_WETLAND: _marsh,
    Surface.MANGROVE: _mangrove,
    Surface.SAND: _sand,
    Surface.ROCK: _bare(spectra.ROCK, spectra.RED_ROCK),
    Surface.URBAN_DENSE: _houses(0.14),
    Surface.URBAN_OPEN: _houses(0.5),
    Surface.INDUSTRY: _works,
    Surface.ROAD: _road,
    Surface.ICE: _bare(spectra.GLACIER),
    Surface.BURNT: _bare(spectra.ASH),
    Surface.RICE: _rice,
    Surface.SALT: _bare(spectra.SALT),
    Surface.LAVA: _bare(spectra.LAVA),
}
