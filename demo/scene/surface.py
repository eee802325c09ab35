"""The fine surface types of a synthetic scene, and what each is called in TerraMesh and in CORINE.

A scene is drawn once in these types; the LULC map, the reference map and every sensor are derived from them, so the
modalities of a sample can not disagree.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Surface(IntEnum):
    """What covers one pixel. Values are stable: they index the lookup tables of this room."""

    SEA = 0
    RIVER = 1
    LAKE = 2
    BROADLEAF = 3
    CONIFER = 4
    MIXED_FOREST = 5
    SHRUB = 6  # transitional woodland
    ARABLE = 7
    PERMANENT_CROP = 8  # vines, olives, fruit, palms
    PASTURE = 9
    COMPLEX_CULTIVATION = 10
    MIXED_FARMLAND = 11  # farmland with much natural vegetation
    AGROFORESTRY = 12
    GRASSLAND = 13
    HEATH = 14
    SPARSE = 15  # stones with some plants
    INLAND_WETLAND = 16
    COASTAL_WETLAND = 17
    MANGROVE = 18
    SAND = 19  # beaches and dunes
    ROCK = 20
    URBAN_DENSE = 21
    URBAN_OPEN = 22
    INDUSTRY = 23
    ROAD = 24
    ICE = 25  # glaciers and perpetual snow
    BURNT = 26
    RICE = 27
    SALT = 28
    LAVA = 29


# (TerraMesh LULC class, CORINE land cover code); the annual map knows no roads finer than its classes
_MEANING: dict[Surface, tuple[int, int]] = {
    Surface.SEA: (1, 523),
    Surface.RIVER: (1, 511),
    Surface.LAKE: (1, 512),
    Surface.BROADLEAF: (2, 311),
    Surface.CONIFER: (2, 312),
    Surface.MIXED_FOREST: (2, 313),
    Surface.SHRUB: (9, 324),
    Surface.ARABLE: (4, 211),
    Surface.PERMANENT_CROP: (4, 221),
    Surface.PASTURE: (9, 231),
    Surface.COMPLEX_CULTIVATION: (4, 242),
    Surface.MIXED_FARMLAND: (4, 243),
    Surface.AGROFORESTRY: (9, 244),
    Surface.GRASSLAND: (9, 321),
    Surface.HEATH: (9, 322),
    Surface.SPARSE: (6, 333),
    Surface.INLAND_WETLAND: (3, 411),
    Surface.COASTAL_WETLAND: (3, 421),
    Surface.MANGROVE: (3, 421),
    Surface.SAND: (6, 331),
    Surface.ROCK: (6, 332),
    Surface.URBAN_DENSE: (5, 111),
    Surface.URBAN_OPEN: (5, 112),
    Surface.INDUSTRY: (5, 121),
    Surface.ROAD: (5, 122),
    Surface.ICE: (7, 335),
    Surface.BURNT: (9, 334),
    Surface.RICE: (3, 213),
    Surface.SALT: (6, 422),
    Surface.LAVA: (6, 332),
}

WATER = (Surface.SEA, Surface.RIVER, Surface.LAKE)
FOREST = (Surface.BROADLEAF, Surface.CONIFER, Surface.MIXED_FOREST, Surface.MANGROVE)
URBAN = (Surface.URBAN_DENSE, Surface.URBAN_OPEN, Surface.INDUSTRY)

_LULC = np.array([_MEANING[surface][0] for surface in Surface], dtype=np.uint8)
_CORINE = np.array([_MEANING[surface][1] for surface in Surface], dtype=np.uint16)


def lulc_of(surface: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """TerraMesh LULC classes (0-9) of a map of surface types, before cloud and snow are written over it."""
    return _LULC[surface]


def corine_of(surface: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """CORINE land cover codes (111-523) of a map of surface types, pixel by pixel."""
    return _CORINE[surface]


def is_any(surface: NDArray[np.uint8], kinds: tuple[Surface, ...]) -> NDArray[np.bool_]:
    """Where a map of surface types shows one of `kinds`."""
    table = np.zeros(len(Surface), dtype=bool)
    table[list(kinds)] = True
    return table[surface]
