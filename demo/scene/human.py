"""Surfaces that people made as mixtures of materials: fields, orchards, houses, works, roads."""

from collections.abc import Callable

import numpy as np

from demo.scene import spectra
from demo.scene.nature import grassy
from demo.scene.noise import dice
from demo.scene.palette import GREY_CLIMATES, Index, Palette, Parts
from demo.scene.setting import Climate


def pasture(p: Palette, at: Index) -> Parts:
    """Meadows, mown or grazed field by field."""
    mown = np.clip(0.72 + 0.38 * p.field_roll[at], 0, 1)
    return [(mown * share, m) for share, m in grassy(p, at, 0.015, spectra.BROADLEAF)] + [
        ((1 - mown) * p.grass, spectra.CROP),
        ((1 - mown) * (1 - p.grass), spectra.STRAW),
    ]


def arable(p: Palette, at: Index) -> Parts:
    """Crops by field and season: young, green, in flower, straw or bare soil."""
    green, straw, roll = p.crop[at], p.straw[at], p.field_roll[at]
    bare = 1 - green
    dark = np.where(roll > 0.6, 0.55, 0.0) * (p.scene.setting.climate in GREY_CLIMATES) * (1 - p.scene.setting.red)
    flower = np.where((roll > 0.78) & (green > 0.62), 0.8, 0.0) * (p.scene.setting.climate is Climate.TEMPERATE)
    tone = p.bright[at]
    return [
        (green * (1 - flower), spectra.CROP),
        (green * flower, spectra.RAPE),
        (bare * straw, spectra.STRAW),
        (bare * (1 - straw) * (1 - dark) * tone, p.soil),
        (bare * (1 - straw) * dark * tone, spectra.DARK_SOIL),
    ]


def orchard(p: Palette, at: Index) -> Parts:
    """Rows of trees over grass or soil."""
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


def mosaic(p: Palette, at: Index) -> Parts:
    """Small fields, meadows and trees side by side."""
    trees = np.where(p.tree[at] < 0.16, 0.8, 0.0)
    mixed = [((1 - trees) * 0.6 * s, m) for s, m in arable(p, at)]
    mixed += [((1 - trees) * 0.4 * s, m) for s, m in pasture(p, at)]
    return [*mixed, (trees, spectra.BROADLEAF if p.leaves > 0.5 else spectra.TWIGS)]


def montado(p: Palette, at: Index) -> Parts:
    """Pasture under scattered oaks."""
    return grassy(p, at, 0.10 + 0.22 * float(np.mean(p.field_roll[at])), spectra.BRUSH)


def rice(p: Palette, at: Index) -> Parts:
    """Rice: flooded, green or fallow."""
    green = p.crop[at]
    flooded = (1 - green) * (p.field_roll[at] > 0.4)
    return [(green, spectra.CROP), (flooded, spectra.PADDY_WATER), (1 - green - flooded, p.soil)]


def houses(gardens: float) -> Callable[[Palette, Index], Parts]:
    """Roofs of several kinds, streets and gardens; every 20 m block its own roof."""

    def mixture(p: Palette, at: Index) -> Parts:
        roll = p.roof_roll[at]
        street = np.where(p.scene.streets.ravel()[at], 0.6, 0.12)
        garden = np.clip(gardens * (0.5 + 1.1 * p.tree[at]), 0, 0.9) * (1 - street)
        roof = 1 - street - garden
        dry = p.scene.setting.climate in (Climate.DESERT, Climate.SAVANNA)
        common = spectra.MUD_ROOF if dry else spectra.RED_ROOF
        kinds = [
            (roll < 0.45, common),
            ((roll >= 0.45) & (roll < 0.97), spectra.GREY_ROOF),
            (roll >= 0.97, spectra.WHITE_ROOF),
        ]
        plants = (0.5 + 0.5 * p.leaves) * (0.25 if dry and gardens < 0.3 else 0.8)
        return [(roof * kind * (0.8 + 0.4 * p.tree[at]), material) for kind, material in kinds] + [
            (street, spectra.ASPHALT),
            (garden * plants, 0.6 * spectra.BROADLEAF + 0.4 * spectra.GRASS),
            (garden * (1 - plants), p.soil),
        ]

    return mixture


def works(p: Palette, at: Index) -> Parts:
    """Halls and yards."""
    size = p.scene.surface.shape[0]
    row, column = np.divmod(at, size)
    hall = dice((row // 6) * 7919 + column // 5, p.scene.seed % 967 + 59)
    kinds = [
        (hall < 0.35, spectra.WHITE_ROOF),
        ((hall >= 0.35) & (hall < 0.7), spectra.GREY_ROOF),
        (hall >= 0.7, spectra.ASPHALT),
    ]
    return [(0.9 * kind.astype(np.float32), material) for kind, material in kinds] + [(0.1, spectra.GRASS)]


def road(p: Palette, _: Index) -> Parts:
    """Asphalt, narrower than a pixel."""
    ground = spectra.GRASS if p.scene.setting.climate in GREY_CLIMATES else p.soil
    return [(0.62, spectra.ASPHALT), (0.12, spectra.GREY_ROOF), (0.26, ground)]
