"""Counts of rows by the block: nothing of millions of rows is copied as a whole."""

from collections.abc import Iterator

import numpy as np

BLOCK = 1 << 17  # rows at a time: some arrays of that length fit a core's own cache


def blocks(length: int) -> Iterator[slice]:
    """Slices that cover a length, in order."""
    for start in range(0, length, BLOCK):
        yield slice(start, min(start + BLOCK, length))


def count_values(values: np.ndarray, size: int) -> np.ndarray:
    """How often each number from 0 to `size` - 1 occurs.

    Args:
        values: (n,) unsigned integers below `size`.
        size: of the answer.

    Returns:
        (size,) int64.
    """
    counted: np.ndarray = np.zeros(size, dtype=np.int64)
    for part in blocks(len(values)):
        counted += np.bincount(values[part], minlength=size)
    return counted
