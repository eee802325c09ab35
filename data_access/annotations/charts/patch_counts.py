"""How many patches have how many annotations."""

import numpy as np
import pyarrow as pa

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
    of_patch = lasting(rows, "annotations-per-patch", lambda: rows.of_patches(RowFilter()))
    counts = np.bincount(of_patch[rows.of_patches(left) > 0], minlength=int(of_patch.max(initial=0)) + 1)
    return pa.table({"annotations": np.arange(1, len(counts)), "patches": counts[1:]})
