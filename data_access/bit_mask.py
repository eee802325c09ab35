"""Which of millions of samples match, one bit each, with the number of matches before any place at hand."""

from collections.abc import Iterable

import numpy as np

_WORD = 64  # bits; the running count of matches is kept once per word
_SHIFT = 6  # log2 of that


class BitMask:
    """Immutable bits; 9.2 million of them take 1.7 MB, running counts included."""

    def __init__(self, blocks: Iterable[np.ndarray]) -> None:
        """Pack booleans.

        Args:
            blocks: (m,) bool each; all but the last have a multiple of 64 elements, so that no word is shared.
        """
        packed: list[np.ndarray] = []
        self._size = 0
        for block in blocks:
            self._size += len(block)
            octets = np.packbits(block, bitorder="little")
            packed.append(np.pad(octets, (0, -len(octets) % (_WORD // 8))).view("<u8"))
        # One empty word behind the last: the place after the last bit has a word to be looked up in, too.
        self._words = np.concatenate([*packed, np.zeros(1, dtype="<u8")])
        self._before = np.zeros(len(self._words) + 1, dtype=np.uint32)
        np.cumsum(np.bitwise_count(self._words), out=self._before[1:])

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory taken, in bytes."""
        return int(self._words.nbytes + self._before.nbytes)

    @property
    def count(self) -> int:
        """Number of set bits."""
        return int(self._before[-1])

    def before(self, places: np.ndarray) -> np.ndarray:
        """Number of set bits before each place (0 to the length), (n,) uint32."""
        word = places >> _SHIFT
        lower = (np.uint64(1) << (places & (_WORD - 1)).astype(np.uint64)) - np.uint64(1)
        counts: np.ndarray = self._before[word] + np.bitwise_count(self._words[word] & lower)
        return counts

    def between(self, low: int, high: int) -> np.ndarray:
        """The bits from `low` up to, not including, `high`, (high - low,) bool."""
        first, last = low >> _SHIFT, -(-high >> _SHIFT)
        bits = np.unpackbits(self._words[first:last].view(np.uint8), bitorder="little").view(np.bool_)
        return bits[low - first * _WORD : high - first * _WORD]

    def places(self, low: int, high: int) -> np.ndarray:
        """Where bits are set from `low` up to, not including, `high`, (n,) int64, ascending."""
        found: np.ndarray = np.flatnonzero(self.between(low, high)) + low
        return found
