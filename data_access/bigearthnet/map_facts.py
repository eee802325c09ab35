"""Measures a patch's reference map: areas, contiguous regions, neighbourhoods, boxes.

The demo's texts are made of these facts, and answers of any text are checked against them. Whether cells that meet only
at a corner belong together is a matter of convention, and readers differ: both counts are known, a class whose regions
differ between them is marked, and nobody should make an answer depend on it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_access.bigearthnet.classes import class_numbers

PIXEL_AREA_M2 = 100
_EIGHT = np.ones((3, 3), int)
_FOUR = ndimage.generate_binary_structure(2, 1)
_SHIFTS_EDGE = ((0, 1), (1, 0))
_SHIFTS_CORNER = ((1, 1), (1, -1))
_RADIX = 32  # larger than any class number, so that two of them fit one code

Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the edge, rounded to 0.01
Pair = tuple[int, int]  # two class numbers, the smaller first


@dataclass(frozen=True)
class Region:
    """One contiguous area of one class.

    Attributes:
        pixels: its size.
        box: the smallest box around it.
        labels: the labelled map it was found on, (y, x); shared by all regions of its class.
        label: its own label there.
    """

    pixels: int
    box: Box
    labels: NDArray[np.int32] = field(compare=False, repr=False)
    label: int = field(compare=False, repr=False)

    @property
    def area_m2(self) -> int:
        """Area in square metres."""
        return self.pixels * PIXEL_AREA_M2

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Bool (y, x), True inside it."""
        return np.asarray(self.labels == self.label)


@dataclass(frozen=True)
class MapFacts:
    """What a reference map says. Classes are numbered as `data_access.bigearthnet.classes` does, from 1.

    Attributes:
        area_m2: area of the whole patch in square metres.
        areas: area in square metres of every class that occurs.
        regions: contiguous areas of every class that occurs, largest first; cells that share a corner are connected.
        regions_by_edges: the same where only cells that share an edge are connected.
        borders: pairs of classes that share edges of pixels, and how many edges (of 10 m each).
        touching_at_corners: pairs that meet at a corner of pixels only.
        centres: centre of gravity (x, y) of every class, as shares of the edge.
    """

    area_m2: int
    areas: dict[int, int]
    regions: dict[int, tuple[Region, ...]]
    regions_by_edges: dict[int, tuple[Region, ...]]
    borders: dict[Pair, int]
    touching_at_corners: frozenset[Pair]
    centres: dict[int, tuple[float, float]]

    @property
    def classes(self) -> tuple[int, ...]:
        """Numbers of the classes that occur, by falling area."""
        return tuple(sorted(self.areas, key=lambda number: (-self.areas[number], number)))

    @cached_property
    def unsettled(self) -> frozenset[int]:
        """Classes whose regions depend on whether corners connect."""
        return frozenset(n for n in self.areas if len(self.regions[n]) != len(self.regions_by_edges[n]))

    @property
    def settled(self) -> tuple[int, ...]:
        """Classes whose regions can be counted and boxed without doubt, by falling area."""
        return tuple(number for number in self.classes if number not in self.unsettled)

    @property
    def touching(self) -> frozenset[Pair]:
        """Pairs of classes that share an edge of a pixel."""
        return frozenset(self.borders)

    @property
    def apart(self) -> tuple[Pair, ...]:
        """Pairs of classes that both occur and certainly do not touch."""
        pairs = combinations(sorted(self.areas), 2)
        return tuple(pair for pair in pairs if pair not in self.borders and pair not in self.touching_at_corners)


def facts_of(codes: NDArray[np.uint16]) -> MapFacts:
    """Measure a reference map of CORINE codes, uint16 (y, x)."""
    numbers = class_numbers(codes)
    regions, by_edges, areas, centres = {}, {}, {}, {}
    for number in (int(number) for number in np.unique(numbers) if number):
        mask = numbers == number
        regions[number] = _regions(mask, _EIGHT)
        by_edges[number] = _regions(mask, _FOUR)
        areas[number] = int(np.count_nonzero(mask)) * PIXEL_AREA_M2
        centres[number] = _centre(mask)
    borders = _pairs(numbers, _SHIFTS_EDGE)
    return MapFacts(
        area_m2=numbers.size * PIXEL_AREA_M2,
        areas=areas,
        regions=regions,
        regions_by_edges=by_edges,
        borders=borders,
        touching_at_corners=frozenset(_pairs(numbers, _SHIFTS_CORNER).keys() - borders.keys()),
        centres=centres,
    )


def _centre(mask: NDArray[np.bool_]) -> tuple[float, float]:
    """Centre of gravity (x, y) as shares of the edge: pixel centres lie half a pixel in."""
    height, width = mask.shape
    columns, rows = np.count_nonzero(mask, axis=0), np.count_nonzero(mask, axis=1)
    pixels = columns.sum()
    x = (columns @ np.arange(width) / pixels + 0.5) / width
    y = (rows @ np.arange(height) / pixels + 0.5) / height
    return float(x), float(y)


def _regions(mask: NDArray[np.bool_], structure: NDArray[np.int_]) -> tuple[Region, ...]:
    """The connected parts of a mask, largest first."""
    labels, count = ndimage.label(mask, structure=structure)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    height, width = labels.shape
    found = []
    for label, (rows, columns) in enumerate(ndimage.find_objects(labels, count), start=1):
        corners = (columns.start / width, rows.start / height, columns.stop / width, rows.stop / height)
        left, top, right, bottom = (round(corner, 2) for corner in corners)
        found.append(Region(int(sizes[label]), (left, top, right, bottom), labels, label))
    return tuple(sorted(found, key=lambda region: (-region.pixels, region.box)))


def _pairs(numbers: NDArray[np.uint8], shifts: tuple[tuple[int, int], ...]) -> dict[Pair, int]:
    """Pairs of classes found side by side under any of the shifts (rows down, columns right), and how often."""
    found = np.zeros((_RADIX, _RADIX), np.int64)
    for down, right in shifts:
        height, width = numbers.shape[0] - down, numbers.shape[1] - abs(right)
        first = numbers[:height, max(0, -right) : max(0, -right) + width]
        second = numbers[down:, max(0, right) : max(0, right) + width]
        codes = first.astype(np.uint16) * _RADIX + second
        found += np.bincount(codes.ravel(), minlength=_RADIX * _RADIX).reshape(_RADIX, _RADIX)
    both = found + found.T
    lows, highs = np.nonzero(np.triu(both, k=1))
    return {(int(low), int(high)): int(both[low, high]) for low, high in zip(lows, highs, strict=True) if low}
