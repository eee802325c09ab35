"""Land cover of the reference maps: CORINE codes, their names and colours, and the 19 classes of BigEarthNet.

Reference maps hold CORINE Land Cover 2018 codes (level 3). The texts speak of 19 classes that merge some codes and
leave out others; a code without a class is "no class". Names and colours are those of the CORINE nomenclature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

Colour = tuple[int, int, int]  # red, green, blue, 0-255

NO_CLASS = "no class"
UNLABELLED = 999  # CORINE code of pixels without a label
NODATA = 0

# The 19 classes, in the spelling that the texts use.
CLASSES: tuple[str, ...] = (
    "Urban fabric",
    "Industrial or commercial units",
    "Arable land",
    "Permanent crops",
    "Pastures",
    "Complex cultivation patterns",
    "Land principally occupied by agriculture, with significant areas of natural vegetation",
    "Agro-forestry areas",
    "Broad-leaved forest",
    "Coniferous forest",
    "Mixed forest",
    "Natural grassland and sparsely vegetated areas",
    "Moors, heathland and sclerophyllous vegetation",
    "Transitional woodland, shrub",
    "Beaches, dunes, sands",
    "Inland wetlands",
    "Coastal wetlands",
    "Inland waters",
    "Marine waters",
)


@dataclass(frozen=True)
class CorineClass:
    """One CORINE code: its name, official colour, and the BigEarthNet class it belongs to (None: no class)."""

    code: int
    name: str
    colour: Colour
    class_name: str | None


def _corine(code: int, name: str, colour: Colour, class_number: int | None) -> CorineClass:
    return CorineClass(code, name, colour, None if class_number is None else CLASSES[class_number])


_ENTRIES: tuple[CorineClass, ...] = (
    _corine(111, "Continuous urban fabric", (230, 0, 77), 0),
    _corine(112, "Discontinuous urban fabric", (255, 0, 0), 0),
    _corine(121, "Industrial or commercial units", (204, 77, 242), 1),
    _corine(122, "Road and rail networks and associated land", (204, 0, 0), None),
    _corine(123, "Port areas", (230, 204, 204), None),
    _corine(124, "Airports", (230, 204, 230), None),
    _corine(131, "Mineral extraction sites", (166, 0, 204), None),
    _corine(132, "Dump sites", (166, 77, 0), None),
    _corine(133, "Construction sites", (255, 77, 255), None),
    _corine(141, "Green urban areas", (255, 166, 255), None),
    _corine(142, "Sport and leisure facilities", (255, 230, 255), None),
    _corine(211, "Non-irrigated arable land", (255, 255, 168), 2),
    _corine(212, "Permanently irrigated land", (255, 255, 0), 2),
    _corine(213, "Rice fields", (230, 230, 0), 2),
    _corine(221, "Vineyards", (230, 128, 0), 3),
    _corine(222, "Fruit trees and berry plantations", (242, 166, 77), 3),
    _corine(223, "Olive groves", (230, 166, 0), 3),
    _corine(231, "Pastures", (230, 230, 77), 4),
    _corine(241, "Annual crops associated with permanent crops", (255, 230, 166), 3),
    _corine(242, "Complex cultivation patterns", (255, 230, 77), 5),
    _corine(
        243,
        "Land principally occupied by agriculture, with significant areas of natural vegetation",
        (230, 204, 77),
        6,
    ),
    _corine(244, "Agro-forestry areas", (242, 204, 166), 7),
    _corine(311, "Broad-leaved forest", (128, 255, 0), 8),
    _corine(312, "Coniferous forest", (0, 166, 0), 9),
    _corine(313, "Mixed forest", (77, 255, 0), 10),
    _corine(321, "Natural grassland", (204, 242, 77), 11),
    _corine(322, "Moors and heathland", (166, 255, 128), 12),
    _corine(323, "Sclerophyllous vegetation", (166, 230, 77), 12),
    _corine(324, "Transitional woodland/shrub", (166, 242, 0), 13),
    _corine(331, "Beaches, dunes, sands", (230, 230, 230), 14),
    _corine(332, "Bare rock", (204, 204, 204), None),
    _corine(333, "Sparsely vegetated areas", (204, 255, 204), 11),
    _corine(334, "Burnt areas", (0, 0, 0), None),
    _corine(335, "Glaciers and perpetual snow", (166, 230, 204), None),
    _corine(411, "Inland marshes", (166, 166, 255), 15),
    _corine(412, "Peatbogs", (77, 77, 255), 15),
    _corine(421, "Salt marshes", (204, 204, 255), 16),
    _corine(422, "Salines", (230, 230, 255), 16),
    _corine(423, "Intertidal flats", (166, 166, 230), None),
    _corine(511, "Water courses", (0, 204, 242), 17),
    _corine(512, "Water bodies", (128, 242, 230), 17),
    _corine(521, "Coastal lagoons", (0, 255, 166), 18),
    _corine(522, "Estuaries", (166, 255, 230), 18),
    _corine(523, "Sea and ocean", (230, 242, 255), 18),
    _corine(UNLABELLED, "Unlabelled", (10, 10, 10), None),
)
CORINE: Mapping[int, CorineClass] = MappingProxyType({entry.code: entry for entry in _ENTRIES})


def class_of(code: int) -> str:
    """The BigEarthNet class of a CORINE code, or `NO_CLASS` for codes that have none or do not exist."""
    entry = CORINE.get(code)
    return entry.class_name if entry and entry.class_name else NO_CLASS


def class_numbers(codes: np.ndarray) -> np.ndarray:
    """Turn CORINE codes into class numbers.

    Args:
        codes: reference map of any shape, unsigned integers.

    Returns:
        uint8 of the same shape: index into `CLASSES` plus one; 0 where there is no class.
    """
    table = np.zeros(UNLABELLED + 1, np.uint8)
    for entry in _ENTRIES:
        if entry.class_name is not None:
            table[entry.code] = CLASSES.index(entry.class_name) + 1
    numbers: np.ndarray = np.where(codes <= UNLABELLED, table[np.minimum(codes, UNLABELLED)], 0).astype(np.uint8)
    return numbers
