"""Where boxes lie in their pictures, and how large they are."""

from typing import NamedTuple

import numpy as np

from data_access.annotations.charts.counting import blocks, count_values
from data_access.annotations.charts.remembered import remembered
from data_access.annotations.row_arrays import NO_BOX, STEPS
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows

OWN = ("box_at",)  # what this chart filters by
CELLS = 40  # across a picture: no centre of a cell lies on a coordinate, so that a point is inside of a box or is not
# Widths and heights fall into bins (1, 2], (2, 3], ... hundredths: as equal on a log scale as whole hundredths allow.
SIZE_EDGES = (0, 1, 2, 3, 5, 7, 10, 15, 22, 32, 46, 68, STEPS)

# Per coordinate in hundredths: how many centres of cells lie before it, and into which bin it falls as a length.
_CENTRES = (np.arange(CELLS) + 0.5) * (STEPS / CELLS)
_CELL = np.searchsorted(_CENTRES, np.arange(STEPS + 1)).astype(np.uint16)
_BIN = np.maximum(np.searchsorted(np.array(SIZE_EDGES), np.arange(STEPS + 1)) - 1, 0).astype(np.uint16)


class BoxHeat(NamedTuple):
    """Boxes as two pictures.

    Attributes:
        coverage: (CELLS, CELLS) int64, [y, x] from the top left: boxes that hold the centre of the cell.
        sizes: (bins, bins) int64, [height, width]: boxes per bin of `SIZE_EDGES`.
        boxes: all that were counted.
    """

    coverage: np.ndarray
    sizes: np.ndarray
    boxes: int


def centre_of(column: int, line: int) -> tuple[float, float]:
    """The point in the middle of a cell: x, y from the top left, 0 to 1."""
    return (column + 0.5) / CELLS, (line + 0.5) / CELLS


def cell_of(x: float, y: float) -> tuple[int, int]:
    """The cell that a point lies in: column and line from the top left."""
    return min(int(x * CELLS), CELLS - 1), min(int(y * CELLS), CELLS - 1)


def box_heat(rows: AnnotationRows, wanted: RowFilter) -> BoxHeat:
    """Count the boxes that a filter leaves by place and size; `box_at` itself is ignored.

    Raises:
        FilterError: the text has too many words.
    """
    left = wanted.without(*OWN)
    return remembered(rows, "boxes", left, lambda: count_boxes(*_boxes(rows, left)))


def _boxes(rows: AnnotationRows, left: RowFilter) -> np.ndarray:
    """The boxes of the rows that a filter leaves, (4, n) uint8."""
    # As one number per row they are chosen four times as fast as by fours of bytes.
    box, selected = np.ascontiguousarray(rows.arrays.box).view(np.uint32).ravel(), rows.selected(left)
    none = np.full(4, NO_BOX, dtype=np.uint8).view(np.uint32)[0]
    found = [box[part][selected[part] & (box[part] != none)] for part in blocks(len(selected))]
    return np.concatenate([np.zeros(0, np.uint32), *found]).view(np.uint8).reshape(-1, 4).T


def count_boxes(left: np.ndarray, top: np.ndarray, right: np.ndarray, bottom: np.ndarray) -> BoxHeat:
    """Count boxes by place and size.

    Args:
        left: (n,) uint8 hundredths, 0 to 100, as the others.
        top: above `bottom`.
        right: not left of `left`.
        bottom: of the box.
    """
    edge = CELLS + 1
    x0, y0, x1, y1 = (_CELL[each] for each in (left, top, right, bottom))
    # A box adds one between its corners: counted at the four corners, summed along both axes.
    corners = ((y0, x0, 1), (y0, x1, -1), (y1, x0, -1), (y1, x1, 1))
    steps = sum(sign * count_values(y * np.uint16(edge) + x, edge * edge) for y, x, sign in corners)
    coverage = np.asarray(steps).reshape(edge, edge).cumsum(axis=0).cumsum(axis=1)[:CELLS, :CELLS]
    bins = len(SIZE_EDGES) - 1
    size = _BIN[bottom - top] * np.uint16(bins) + _BIN[right - left]
    return BoxHeat(coverage, count_values(size, bins * bins).reshape(bins, bins), len(left))
