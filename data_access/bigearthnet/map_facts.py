"""Measures a patch's reference map: areas, contiguous regions, neighbourhoods, boxes.

All texts are made of these facts. Whether cells that meet only at a corner belong together is a matter of convention,
and readers differ. So a class whose regions differ between the two conventions is marked, and no question is asked
whose answer depends on it.
"""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_access.bigearthnet.classes import class_numbers

PIXEL_AREA_M2 = 100
_EIGHT = np.ones((3, 3), int)
_SHIFTS_EDGE = ((0, 1), (1, 0))
_SHIFTS_CORNER = ((1, 1), (1, -1))

Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the edge, rounded to 0.01
Pair = tuple[int, int]  # two class numbers, the smaller first


@dataclass(frozen=True)
class Region:
    """One contiguous area of one class.

    Attributes:
        pixels: its size.
        box: the smallest box around it.
        mask: bool (y, x), True inside it.
    """

    pixels: int
    box: Box
    mask: NDArray[np.bool_] = field(compare=False, repr=False)

    @property
    def area_m2(self) -> int:
        """Area in square metres."""
        return self.pixels * PIXEL_AREA_M2


@dataclass(frozen=True)
class MapFacts:
    """What a reference map says. Classes are numbered as `data_access.bigearthnet.classes` does, from 1.

    Attributes:
        area_m2: area of the whole patch in square metres.
        areas: area in square metres of every class that occurs.
        regions: contiguous areas of every class that occurs, largest first.
        unsettled: classes whose regions depend on whether corners connect.
        touching: pairs of classes that share an edge of a pixel.
        touching_at_corners: pairs that meet at a corner of pixels only.
        centres: centre of gravity (x, y) of every class, as shares of the edge.
    """

    area_m2: int
    areas: dict[int, int]
    regions: dict[int, tuple[Region, ...]]
    unsettled: frozenset[int]
    touching: frozenset[Pair]
    touching_at_corners: frozenset[Pair]
    centres: dict[int, tuple[float, float]]

    @property
    def classes(self) -> tuple[int, ...]:
        """Numbers of the classes that occur, by falling area."""
        return tuple(sorted(self.areas, key=lambda number: (-self.areas[number], number)))

    @property
    def settled(self) -> tuple[int, ...]:
        """Classes whose regions can be counted and boxed without doubt, by falling area."""
        return tuple(number for number in self.classes if number not in self.unsettled)

    @property
    def apart(self) -> tuple[Pair, ...]:
        """Pairs of classes that both occur and certainly do not touch."""
        pairs = combinations(sorted(self.areas), 2)
        return tuple(pair for pair in pairs if pair not in self.touching and pair not in self.touching_at_corners)


def facts_of(codes: NDArray[np.uint16]) -> MapFacts:
    """Measure a reference map of CORINE codes, uint16 (y, x)."""
    numbers = class_numbers(codes)
    present = [int(number) for number in np.unique(numbers) if number]
    regions, unsettled, areas, centres = {}, set(), {}, {}
    for number in present:
        mask = numbers == number
        labels, count = ndimage.label(mask, structure=_EIGHT)
        regions[number] = _regions(labels, count)
        if ndimage.label(mask)[1] != count:
            unsettled.add(number)
        areas[number] = int(mask.sum()) * PIXEL_AREA_M2
        row, column = ndimage.center_of_mass(mask)
        centres[number] = ((column + 0.5) / mask.shape[1], (row + 0.5) / mask.shape[0])
    touching = _pairs(numbers, _SHIFTS_EDGE)
    return MapFacts(
        area_m2=numbers.size * PIXEL_AREA_M2,
        areas=areas,
        regions=regions,
        unsettled=frozenset(unsettled),
        touching=touching,
        touching_at_corners=_pairs(numbers, _SHIFTS_CORNER) - touching,
        centres=centres,
    )


def _regions(labels: NDArray[np.int32], count: int) -> tuple[Region, ...]:
    height, width = labels.shape
    found = []
    for label, (rows, columns) in enumerate(ndimage.find_objects(labels, count), start=1):
        mask = labels == label
        corners = (columns.start / width, rows.start / height, columns.stop / width, rows.stop / height)
        left, top, right, bottom = (round(corner, 2) for corner in corners)
        found.append(Region(int(mask.sum()), (left, top, right, bottom), mask))
    return tuple(sorted(found, key=lambda region: (-region.pixels, region.box)))


def _pairs(numbers: NDArray[np.uint8], shifts: tuple[tuple[int, int], ...]) -> frozenset[Pair]:
    """Pairs of classes found side by side under any of the shifts (rows down, columns right)."""
    found: set[Pair] = set()
    for down, right in shifts:
        height, width = numbers.shape[0] - down, numbers.shape[1] - abs(right)
        first = numbers[:height, max(0, -right) : max(0, -right) + width]
        second = numbers[down:, max(0, right) : max(0, right) + width]
        codes = np.unique(first.astype(np.int64) * 32 + second)
        pairs = {tuple(sorted(divmod(int(code), 32))) for code in codes}
        found |= {(low, high) for low, high in pairs if 0 < low < high}
    return frozenset(found)
