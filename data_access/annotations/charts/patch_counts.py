"""How many patches have how many annotations."""

import numpy as np
import pyarrow as pa

from data_access.annotations.charts.counting import blocks
from data_access.annotations.charts.remembered import lasting, remembered
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows

OWN = ("per_patch",)  # what this chart filters by


def per_patch(rows: AnnotationRows, wanted: RowFilter) -> pa.Table:
    """Count the patches that have a wanted row by all the annotations that they have; `per_patch` itself is ignored.

    Returns:
        Columns annotations (int64, from 1 to the most that any patch of the collection has) and patches (int64).

    Raises:
        FilterError: the text has too many words.
    """
    left = wanted.without(*OWN)
    return remembered(rows, "per_patch", left, lambda: _count(rows, left))


def _count(rows: AnnotationRows, left: RowFilter) -> pa.Table:
    arrays, selected = rows.arrays, rows.selected(left)
    has_wanted: np.ndarray = np.zeros(len(arrays.patches) + 1, dtype=np.bool_)
    for part in blocks(len(selected)):
        has_wanted[arrays.patch[part][selected[part]]] = True  # NO_PATCH is -1: the last one
    of_patch = lasting(rows, "annotations-per-patch", lambda: _annotations(rows))
    counts = np.bincount(of_patch[has_wanted[:-1]], minlength=int(of_patch.max(initial=0)) + 1)
    return pa.table({"annotations": np.arange(1, len(counts)), "patches": counts[1:]})


def _annotations(rows: AnnotationRows) -> np.ndarray:
    """All annotations of each patch, (patches,) uint32."""
    counted: np.ndarray = np.zeros(len(rows.arrays.patches) + 1, dtype=np.uint32)
    for part in blocks(len(rows.arrays)):
        numbers, times = np.unique_counts(rows.arrays.patch[part])
        counted[numbers] += times.astype(np.uint32)  # NO_PATCH is -1: the last one
    return counted[:-1]
