"""Where boxes lie in their pictures, and how large they are."""

from typing import Literal, NamedTuple

import numpy as np

from data_access.annotations.charts.counting import blocks, count_selected
from data_access.annotations.charts.remembered import kept, remembered
from data_access.annotations.row_arrays import NO_BOX, STEPS
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows

Own = Literal["box_at", "box_size"]  # what the pictures of places and of sizes filter by
CELLS = 40  # across a picture: no centre of a cell lies on a coordinate, so that a point is inside of a box or is not
# Widths and heights fall into bins (1, 2], (2, 3], ... hundredths: as equal on a log scale as whole hundredths allow.
SIZE_EDGES = (0, 1, 2, 3, 5, 7, 10, 15, 22, 32, 46, 68, STEPS)

# Per coordinate in hundredths: how many centres of cells lie before it, and into which bin it falls as a length.
_CENTRES = (np.arange(CELLS) + 0.5) * (STEPS / CELLS)
_CELL = np.searchsorted(_CENTRES, np.arange(STEPS + 1)).astype(np.uint16)
_EDGE = CELLS + 1  # places that a corner can have along one axis
_BINS = len(SIZE_EDGES) - 1
# Corners of a box: which of its two lines and columns, and what is added there.
_CORNERS = ((0, 0, 1), (0, 1, -1), (1, 0, -1), (1, 1, 1))
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


def size_of(column: int, line: int) -> tuple[float, float, float, float]:
    """The lengths of a bin as `RowFilter.box_size` takes them: least and most width, then height."""
    return (*_lengths(column), *_lengths(line))


def _lengths(place: int) -> tuple[float, float]:
    low, high = SIZE_EDGES[place], SIZE_EDGES[place + 1]
    return (low + 1 if place else 0) / STEPS, high / STEPS  # what is no wider than a line is in the first bin


def box_heat(rows: AnnotationRows, wanted: RowFilter, own: Own) -> BoxHeat:
    """Count the boxes that a filter leaves by place and size.

    Args:
        rows: the annotations.
        wanted: the filter.
        own: the restriction that is ignored: of places `box_at`, of sizes `box_size`.

    Raises:
        FilterError: the text has too many words.
    """
    left = wanted.without(own)
    return remembered(rows, "boxes", left, lambda: _count(rows, left))


def _count(rows: AnnotationRows, left: RowFilter) -> BoxHeat:
    numbers = kept(rows, "box_rows", lambda: _box_rows(rows))
    cells = kept(rows, "box_cells", lambda: box_cells(rows.arrays.box[numbers]).ravel())
    return count_boxes(cells.reshape(len(_CORNERS) + 1, -1), rows.selected(left)[numbers])


def _box_rows(rows: AnnotationRows) -> np.ndarray:
    """Numbers of the rows with a box, (boxes,) uint32."""
    left = rows.arrays.box[:, 0]
    found = [np.flatnonzero(left[part] != NO_BOX) + part.start for part in blocks(len(left))]
    return np.concatenate([np.zeros(0, np.int64), *found]).astype(np.uint32)


def box_cells(boxes: np.ndarray) -> np.ndarray:
    """What is counted of each box.

    Args:
        boxes: (n, 4) uint8 hundredths from 0 to 100: left, top, right, bottom.

    Returns:
        (5, n) uint16, counted from 1: the place of each of `_CORNERS`, and the size.
    """
    x, y = _CELL[boxes[:, 0::2]], _CELL[boxes[:, 1::2]]
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    places = [y[:, line] * np.uint16(_EDGE) + x[:, column] for line, column, _ in _CORNERS]
    return np.stack([*places, _BIN[high] * np.uint16(_BINS) + _BIN[wide]]) + np.uint16(1)


def count_boxes(cells: np.ndarray, selected: np.ndarray) -> BoxHeat:
    """Count boxes by place and size.

    Args:
        cells: of all boxes, as `box_cells` gives them.
        selected: (n,) bool.
    """
    # A box adds one between its corners: counted at the four corners, summed along both axes.
    steps = np.zeros(_EDGE * _EDGE, dtype=np.int64)
    for (_, _, sign), places in zip(_CORNERS, cells, strict=False):
        steps += sign * count_selected(places, selected, 1 + len(steps))[1:]
    coverage = steps.reshape(_EDGE, _EDGE).cumsum(axis=0).cumsum(axis=1)[:CELLS, :CELLS]
    sizes = count_selected(cells[-1], selected, 1 + _BINS * _BINS)[1:].reshape(_BINS, _BINS)
    return BoxHeat(coverage, sizes, int(np.count_nonzero(selected)))
