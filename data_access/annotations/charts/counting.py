"""Counts of rows by the block: nothing of millions of rows is copied as a whole."""

from collections.abc import Iterator

import numpy as np

BLOCK = 1 << 17  # rows at a time: some arrays of that length fit a core's own cache
_FEW = 8  # of so many rows one at most: then it is quicker to pick them than to count all


def blocks(length: int) -> Iterator[slice]:
    """Slices that cover a length, in order."""
    for start in range(0, length, BLOCK):
        yield slice(start, min(start + BLOCK, length))


def count_selected(cells: np.ndarray, selected: np.ndarray, size: int) -> np.ndarray:
    """How often each cell occurs among the selected rows.

    Args:
        cells: (n,) unsigned integers below `size`; 0 stands for none.
        selected: (n,) bool.
        size: of the answer.

    Returns:
        (size,) int64; nothing is counted for cell 0.
    """
    counted: np.ndarray = np.zeros(size, dtype=np.int64)
    for part in blocks(len(cells)):
        chosen = selected[part]
        times = np.count_nonzero(chosen)
        if times * _FEW < len(chosen):
            block = cells[part][chosen]
        elif times < len(chosen):
            block = cells[part] * chosen  # without a branch per row, which is slow where selected rows are scattered
        else:
            block = cells[part]
        counted += np.bincount(block, minlength=size)
    counted[0] = 0
    return counted
