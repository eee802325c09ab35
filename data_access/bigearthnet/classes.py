"""Land cover of the reference maps: which CORINE codes make up each of the 19 classes of BigEarthNet.

Reference maps hold CORINE Land Cover 2018 codes (level 3). The texts speak of 19 classes that merge some codes and
leave out others; a code without a class is "no class". Names and colours of codes are `rendering.corine`'s business.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

# Classes in the order of their numbers and in the spelling that the texts use, each with its CORINE codes.
_CODES_OF_CLASS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("Urban fabric", (111, 112)),
    ("Industrial or commercial units", (121,)),
    ("Arable land", (211, 212, 213)),
    ("Permanent crops", (221, 222, 223, 241)),
    ("Pastures", (231,)),
    ("Complex cultivation patterns", (242,)),
    ("Land principally occupied by agriculture, with significant areas of natural vegetation", (243,)),
    ("Agro-forestry areas", (244,)),
    ("Broad-leaved forest", (311,)),
    ("Coniferous forest", (312,)),
    ("Mixed forest", (313,)),
    ("Natural grassland and sparsely vegetated areas", (321, 333)),
    ("Moors, heathland and sclerophyllous vegetation", (322, 323)),
    ("Transitional woodland, shrub", (324,)),
    ("Beaches, dunes, sands", (331,)),
    ("Inland wetlands", (411, 412)),
    ("Coastal wetlands", (421, 422)),
    ("Inland waters", (511, 512)),
    ("Marine waters", (521, 522, 523)),
)
CLASSES: tuple[str, ...] = tuple(name for name, _ in _CODES_OF_CLASS)
CLASS_OF_CODE: Mapping[int, str] = MappingProxyType({code: name for name, codes in _CODES_OF_CLASS for code in codes})
_LARGEST_CODE = 523


def class_numbers(codes: np.ndarray) -> np.ndarray:
    """Turn CORINE codes into class numbers.

    Args:
        codes: reference map of any shape, unsigned integers.

    Returns:
        uint8 of the same shape: index into `CLASSES` plus one; 0 where there is no class.
    """
    table = np.zeros(_LARGEST_CODE + 2, np.uint8)  # the last entry is for every larger code
    for code, name in CLASS_OF_CODE.items():
        table[code] = CLASSES.index(name) + 1
    return np.asarray(table[np.minimum(codes, _LARGEST_CODE + 1)])
