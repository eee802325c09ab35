"""What boxes and points the rows of a table tell, as numbers: read by the one reader that all pages use."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.reading import read_box, read_point
from data_access.tasks import matching_tasks

_LARGEST_PLAIN = 1e7  # larger numbers are written with an exponent, which needs no fraction
_BOXED = "bounding box"  # the one type that has boxes and points


@dataclass(frozen=True)
class Marks:
    """Boxes and points of n rows, 0 to 1 from the top left of the picture; NaN where a row has none."""

    boxes: np.ndarray  # (n, 4) float64: left, top, right, bottom
    points: np.ndarray  # (n, 2) float64: x, y


def marks_of(table: pa.Table) -> Marks:
    """Read the boxes and points of some rows; whatever can not be read is none."""
    boxes, points = np.full((table.num_rows, 4), np.nan), np.full((table.num_rows, 2), np.nan)
    texts = table.select(["input", "output"])
    places = np.flatnonzero(_is_boxed(table))
    # Only these two are read, not the whole row: millions of rows pass here, one by one.
    for place, row in zip(places, texts.take(pa.array(places)).to_pylist(), strict=True):
        box, point = read_box(row["output"] or "")[0], read_point(row["input"] or "")
        if box:
            boxes[place] = box.left, box.top, box.right, box.bottom
        if point:
            points[place] = point.x, point.y
    return Marks(boxes, points)


def _is_boxed(table: pa.Table) -> np.ndarray:
    """Which rows are of a task that has boxes and points, (n,) bool."""
    kinds = pc.equal(table["type"].cast(pa.string()), _BOXED)
    known = pc.is_in(
        table["category"].cast(pa.string()), pa.array([task.category for task in matching_tasks([_BOXED])])
    )
    return np.asarray(pc.fill_null(pc.and_(kinds, known), fill_value=False))


def numbers_json(values: np.ndarray) -> pa.Array:
    """Rows of numbers as JSON lists, string; a row with NaN is `null`.

    Args:
        values: (n, k) float64.
    """
    texts = [_number_texts(column) for column in np.ascontiguousarray(values.T)]
    joined = pc.binary_join_element_wise("[", pc.binary_join_element_wise(*texts, ","), "]", "")
    return pc.if_else(pa.array(np.isfinite(values).all(axis=1)), joined, "null")


def _number_texts(column: np.ndarray) -> pa.Array:
    """Numbers as JSON; whole ones as 1.0, so that readers which guess types from the first rows are right."""
    texts = pa.array(column).cast(pa.string())
    whole = (column == np.floor(column)) & (np.abs(column) < _LARGEST_PLAIN)
    return pc.if_else(pa.array(whole), pc.binary_join_element_wise(texts, ".0", ""), texts)
