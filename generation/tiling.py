"""Areas larger than TerraMind's window, cut into overlapping tiles and put together again.

Tiles are square and alike, spread evenly so that the last one ends where the area ends. Between two neighbours the
picture changes over from one to the other in a narrow band in the middle of their overlap: averaging the whole overlap
of two drawn pictures would leave neither one's texture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errors import GenerationRequestError, TooLargeError
from generation.modalities import PATCH_PX

TILE_SIZES = (224, 112)  # TerraMind's own, and half of it for areas that are smaller
SINGLE_TILE_MAX = 256  # TerraMesh's tokenizers were trained up to here, so a square up to it is one tile
OVERLAP_SHARE = 48 / 224  # of a tile's edge that two neighbours share at least
MAX_TILES = 64  # some minutes for base on a GPU, an hour on two cores


Array = NDArray[Any]


@dataclass(frozen=True)
class Tiling:
    """Where the tiles of an area lie, in pixels from its upper left corner."""

    width: int
    height: int
    size: int
    lefts: tuple[int, ...]
    tops: tuple[int, ...]

    @property
    def corners(self) -> tuple[tuple[int, int], ...]:
        """Left and top of every tile, left to right, then top to bottom."""
        return tuple((left, top) for top in self.tops for left in self.lefts)

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return len(self.lefts) * len(self.tops)

    @property
    def tokens(self) -> int:
        """Tokens along the edge of a tile."""
        return self.size // PATCH_PX

    def cut(self, values: Array) -> Array:
        """The tiles of (band, y, x) as (tile, band, y, x)."""
        size = self.size
        return np.stack([values[:, top : top + size, left : left + size] for left, top in self.corners])

    def blend(self, tiles: Array, known: Sequence[bool] = ()) -> Array:
        """The area (band, y, x) of its tiles (tile, band, y, x).

        Args:
            tiles: all of them.
            known: which tiles hold anything yet, all by default; where none does the area is NaN.
        """
        if self.count == 1:
            return np.asarray(tiles[0])
        blended = np.zeros((tiles.shape[1], self.height, self.width), np.float32)
        total = np.zeros((self.height, self.width), np.float32)
        down, across = _shares(self.tops, self.size, self.height), _shares(self.lefts, self.size, self.width)
        for number, (left, top) in enumerate(self.corners):
            if known and not known[number]:
                continue
            row, column = divmod(number, len(self.lefts))
            inside = np.s_[top : top + self.size, left : left + self.size]
            share = np.outer(down[row], across[column])[inside]
            blended[:, *inside] += tiles[number] * share
            total[inside] += share
        with np.errstate(invalid="ignore"):  # 0 / 0 where no tile is known
            return np.asarray(blended / total)

    def mosaic(self, maps: Array) -> Array:
        """Token maps of the tiles (tile, ty, tx) side by side, as (rows x ty, columns x tx)."""
        rows, columns = len(self.tops), len(self.lefts)
        grid = maps.reshape(rows, columns, *maps.shape[1:]).swapaxes(1, 2)
        return grid.reshape(rows * maps.shape[1], columns * maps.shape[2])

    def to_json(self) -> dict[str, object]:
        """Size, lefts and tops, for a result's facts."""
        return {"size": self.size, "lefts": list(self.lefts), "tops": list(self.tops)}


def tiling_of(width: int, height: int) -> Tiling:
    """The tiles for an area: one for a square that TerraMind takes as it is, else overlapping ones.

    Raises:
        GenerationRequestError: the area is smaller than one patch.
        TooLargeError: it would take more than MAX_TILES.
    """
    if width == height and width % PATCH_PX == 0 and width <= SINGLE_TILE_MAX:
        return Tiling(width, height, width, (0,), (0,))
    side = min(width, height)
    if side < PATCH_PX:
        raise GenerationRequestError(
            f"The area is {width} x {height} pixels: TerraMind needs {PATCH_PX} x {PATCH_PX} at least."
        )
    size = next((size for size in TILE_SIZES if size <= side), side // PATCH_PX * PATCH_PX)
    tiling = Tiling(width, height, size, _starts(width, size), _starts(height, size))
    if tiling.count > MAX_TILES:
        raise TooLargeError(
            f"The area of {width} x {height} pixels takes {tiling.count} tiles, more than {MAX_TILES}. Cut it."
        )
    return tiling


def _starts(length: int, size: int) -> tuple[int, ...]:
    """Where tiles start along one axis: as few as overlap enough, evenly spread."""
    overlap = round(size * OVERLAP_SHARE)
    count = max(1, math.ceil((length - overlap) / (size - overlap)))
    if count == 1:
        return (0,)
    return tuple(round(number * (length - size) / (count - 1)) for number in range(count))


def _shares(starts: tuple[int, ...], size: int, length: int) -> Array:
    """How much each tile counts at each pixel of one axis, (tile, length); the shares of a pixel sum up to 1."""
    pixel = np.arange(length) + 0.5
    band = size * OVERLAP_SHARE
    shares = np.ones((len(starts), length))
    for number in range(1, len(starts)):
        middle = (starts[number] + starts[number - 1] + size) / 2
        risen = np.clip((pixel - middle) / band + 0.5, 0, 1)
        risen = risen * risen * (3 - 2 * risen)  # smooth at both ends
        shares[number] *= risen
        shares[number - 1] *= 1 - risen
    return np.asarray(shares / shares.sum(axis=0), np.float32)
