"""Natural surfaces as mixtures of materials: water, forest, grass, stone, wetland."""

from collections.abc import Callable

import numpy as np

from demo.scene import spectra
from demo.scene.palette import GREY_CLIMATES, Index, Palette, Parts
from demo.scene.setting import Climate
from demo.scene.spectra import Spectrum


def sea(p: Palette, at: Index) -> Parts:
    """Clear or muddy sea; in warm clear water the bottom shines through."""
    depth = p.scene.depth_m.ravel()[at]
    bottom = (
        np.exp(-spectra.FADING[:, None] * 2 * depth[None]) if p.scene.setting.climate not in GREY_CLIMATES else None
    )
    murk = np.clip(0.30 * np.exp(-depth / 4), 0, 1)
    if p.scene.setting.wetland is not None:
        murk = np.clip(0.75 * np.exp(-depth / 12), 0, 1)
    parts: Parts = [(1 - murk, spectra.CLEAR_WATER), (murk, spectra.BROWN_WATER)]
    if bottom is not None and p.scene.setting.wetland is None:
        # the bottom shines through band by band: one part per band, each with one band
        parts = [(1.0, spectra.CLEAR_WATER)]
        parts += [(0.55 * fade, np.where(np.arange(12) == band, spectra.SAND, 0)) for band, fade in enumerate(bottom)]
    return parts


def river(p: Palette, _: Index) -> Parts:
    """Running water, brown in the tropics."""
    brown = 0.75 if p.scene.setting.climate not in GREY_CLIMATES else 0.22
    return [(brown, spectra.BROWN_WATER), (1 - brown, spectra.LAKE_WATER)]


def lake(p: Palette, at: Index) -> Parts:
    """Standing water, a little murky at the shore."""
    murk = np.clip(0.25 * np.exp(-p.scene.depth_m.ravel()[at] / 2), 0, 1)
    return [(murk, spectra.BROWN_WATER), (1 - murk, spectra.LAKE_WATER)]


def broadleaf(p: Palette, at: Index) -> Parts:
    """Broad-leaved trees: green, coloured or bare."""
    if p.scene.setting.climate is Climate.RAINFOREST:
        return [(0.92, spectra.JUNGLE), (0.08, spectra.BRUSH)]
    coloured = p.leaves * p.autumn * np.clip(0.55 + 0.3 * p.scene.texture.ravel()[at], 0, 1)
    bare = 1 - p.leaves
    return [(p.leaves - coloured, spectra.BROADLEAF), (coloured, spectra.AUTUMN), (bare, spectra.TWIGS)]


def conifer(p: Palette, at: Index) -> Parts:
    """Conifers with gaps."""
    gap = np.clip(0.06 + 0.05 * p.scene.texture.ravel()[at], 0, 0.3)
    return [(1 - gap, spectra.CONIFER), (gap, spectra.BRUSH)]


def mixed(p: Palette, at: Index) -> Parts:
    """Broad-leaved trees among conifers."""
    share = np.clip(0.5 + 0.25 * p.scene.texture.ravel()[at], 0.1, 0.9)
    leafy = [(share * part, material) for part, material in broadleaf(p, at)]
    return [*leafy, (1 - share, spectra.CONIFER)]


def grassy(p: Palette, at: Index, trees: float, tree: Spectrum) -> Parts:
    """Grass, green or dry, with lone trees on a share of the pixels."""
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


def grassland(p: Palette, at: Index) -> Parts:
    """Natural grass; in the savanna with trees."""
    savanna = p.scene.setting.climate is Climate.SAVANNA
    return grassy(p, at, 0.14 if savanna else 0.01, spectra.BRUSH)


def shrub(p: Palette, at: Index) -> Parts:
    """Shrubs over grass and soil."""
    cover = np.clip(0.62 + 0.2 * p.scene.texture.ravel()[at] + 0.2 * (p.grass - 0.5), 0.1, 1)
    return [(cover, spectra.BRUSH), ((1 - cover) * p.grass, spectra.GRASS), ((1 - cover) * (1 - p.grass), p.soil)]


def heath(p: Palette, at: Index) -> Parts:
    """Heather over grass."""
    cover = np.clip(0.7 + 0.15 * p.scene.texture.ravel()[at], 0.2, 1)
    return [
        (cover, spectra.HEATHER),
        ((1 - cover) * p.grass, spectra.GRASS),
        ((1 - cover) * (1 - p.grass), spectra.STRAW),
    ]


def stony(p: Palette, at: Index) -> Parts:
    """Stones with some plants."""
    plants = np.clip(0.18 + 0.12 * p.scene.texture.ravel()[at], 0.0, 0.5) * (0.25 + 0.75 * p.grass)
    stone = (1 - p.scene.setting.red) * spectra.ROCK + p.scene.setting.red * spectra.RED_ROCK
    dry = p.scene.setting.climate in (Climate.DESERT, Climate.SAVANNA, Climate.STEPPE)
    ground = 0.45 * stone + 0.55 * p.soil if dry else stone
    return [(plants, spectra.BRUSH), (1 - plants, ground)]


def sand(p: Palette, at: Index) -> Parts:
    """Dunes and beaches are sand, river beds of the north are gravel."""
    share, north = p.scene.setting.red, p.scene.setting.climate in GREY_CLIMATES and p.scene.setting.sea <= 0
    sand = spectra.GRAVEL if north else (1 - share) * spectra.SAND + share * spectra.RED_SAND
    return [(0.94 + 0.06 * p.tree[at], sand)]


def bare(material: Spectrum, red: Spectrum | None = None) -> Callable[[Palette, Index], Parts]:
    """A surface of one material, reddened where the place is red."""

    def mixture(p: Palette, at: Index) -> Parts:
        share = p.scene.setting.red if red is not None else 0.0
        other = material if red is None else red
        return [(np.ones(at.shape, dtype=np.float32), (1 - share) * material + share * other)]

    return mixture


def marsh(p: Palette, at: Index) -> Parts:
    """Reeds or bog around open water."""
    wet = np.clip(0.25 - 0.22 * p.scene.texture.ravel()[at], 0, 0.8)
    plants = spectra.REED if p.scene.setting.climate not in GREY_CLIMATES else 0.5 * spectra.REED + 0.5 * spectra.BOG
    alive = 0.45 + 0.55 * p.grass
    return [(wet, spectra.LAKE_WATER), ((1 - wet) * alive, plants), ((1 - wet) * (1 - alive), spectra.STRAW)]


def mangrove(_palette: Palette, _at: Index) -> Parts:
    """Mangrove over mud."""
    return [(0.95, spectra.MANGROVE), (0.05, spectra.BROWN_WATER)]
