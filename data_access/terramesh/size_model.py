"""Where a member of a shard probably begins, and how surely, told by the few headers that are known.

Members follow one another without an index, so the offset of member k is the sum of the sizes before it. Sizes vary
around their mean, and neighbours resemble one another: the sub-tiles of one grid cell are one scene, and neighbouring
cells one landscape. That is a Gaussian process, and every stretch between two known headers is an exact observation of
a sum of it. Conditioning on the stretches around k (kriging) gives the best guess and its standard deviation: wide in
the middle of a long stretch, as of a Brownian bridge, narrow near a known header, and narrower where the sizes of the
neighbours are known.

A simulation with sizes correlated along the shard and heavy-tailed finds the stated deviation true within a tenth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Standard deviation of sizes over their mean: up to three times what the few real chips at hand show (S2 0.04, S1 0.03,
# S2RGB 0.06 to 0.1, NDVI 0.05 to 0.08, LULC 0.06, DEM 0.28), because those hold no sea, snow or cloud.
SPREADS = {"S1RTC": 0.06, "S1GRD": 0.06, "LULC": 0.1, "NDVI": 0.12, "S2RGB": 0.15, "DEM": 0.4}
DEFAULT_SPREAD = 0.12
# Shares of the variance: of each member alone, of its cell of up to 16 sub-tiles, of its landscape of some ten cells.
_SHARES = (0.3, 0.4, 0.3)
_LENGTHS = (10.0, 140.0)  # members; of the second and third share, as exponential correlations
_CONFIDENCE = 12  # stretches whose own spread outweighs the assumed one
_NUGGET = 1e-6  # keeps the matrix of nearly equal stretches invertible


@dataclass(frozen=True)
class Estimate:
    """A guessed offset."""

    middle: float  # bytes
    deviation: float  # bytes, one standard deviation; 0 where it is known


class SizeModel:
    """Guesses offsets between known ones."""

    def __init__(self, ranks: Sequence[int], offsets: Sequence[int], spread: float, mean: float) -> None:
        """Learn from known offsets.

        Args:
            ranks: at least two, rising.
            offsets: bytes, rising, one per rank; nothing else is assumed of them.
            spread: expected standard deviation of sizes over their mean.
            mean: bytes per member, over the whole shard.
        """
        self._ranks = np.asarray(ranks, np.float64)
        self._offsets = np.asarray(offsets, np.float64)
        self._unit = mean
        starts, ends = self._ranks[:-1], self._ranks[1:]
        self._starts, self._ends = starts, ends
        excess = (np.diff(self._offsets) / mean - (ends - starts)) / spread
        covariance = _covariance(starts[:, None], ends[:, None], starts[None], ends[None])
        self._inverse = np.linalg.inv(covariance + _NUGGET * np.eye(len(starts)))
        self._weights = self._inverse @ excess
        surprise = float(excess @ self._weights)
        # Where sizes turn out to vary more or less than expected, all deviations follow.
        self._scale = spread * np.sqrt((_CONFIDENCE + surprise) / (_CONFIDENCE + len(starts)))
        self._spread = spread

    def offset(self, rank: int) -> Estimate:
        """Where the member of this rank begins; ranks beyond the known ones count as the last."""
        rank = int(np.clip(rank, self._ranks[0], self._ranks[-1]))
        before = int(np.searchsorted(self._ranks, rank, side="right")) - 1
        known = self._ranks[before]
        if known == rank:
            return Estimate(float(self._offsets[before]), 0.0)
        cross = _covariance(self._starts, self._ends, known, float(rank))
        own = float(_covariance(known, float(rank), known, float(rank)))
        excess = float(cross @ self._weights) * self._spread
        variance = max(own - float(cross @ self._inverse @ cross), 0.0)
        middle = self._offsets[before] + (rank - known + excess) * self._unit
        return Estimate(float(middle), float(np.sqrt(variance) * self._scale * self._unit))


def _covariance(
    a: np.ndarray | float, b: np.ndarray | float, c: np.ndarray | float, d: np.ndarray | float
) -> np.ndarray:
    """Covariance of the sums over ranks a to b and over c to d, for sizes of variance 1."""
    total: np.ndarray = (
        _twice_integrated(d - a) - _twice_integrated(c - a) - _twice_integrated(d - b) + _twice_integrated(c - b)
    )
    return total


def _twice_integrated(distance: np.ndarray | float) -> np.ndarray:
    """The function whose second derivative is the correlation of two sizes at this distance."""
    far = np.abs(np.asarray(distance, np.float64))
    total = _SHARES[0] * far / 2
    for share, length in zip(_SHARES[1:], _LENGTHS, strict=True):
        total = total + share * length**2 * (np.exp(-far / length) + far / length)
    return np.asarray(total)
