"""Where a patch stands among those with matching rows, and which of its rows match."""

from bisect import bisect_left
from functools import lru_cache

import numpy as np

from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.dataset import Neighbours

_REMEMBERED = 8  # filters of this process; each list has at most 464,044 numbers


def first_of(rows: AnnotationRows, wanted: RowFilter) -> str | None:
    """The first patch with a matching row; None where no row matches."""
    chosen = _patches_of(rows, wanted)
    return _id_of(rows, int(chosen[0])) if len(chosen) else None


def neighbours_of(rows: AnnotationRows, wanted: RowFilter, sample: str) -> Neighbours:
    """The patches with matching rows before and after this one, by id, and its place among them."""
    chosen = _patches_of(rows, wanted)
    number, known = _number_of(rows, sample)
    place = int(np.searchsorted(chosen, number))
    inside = known and place < len(chosen) and int(chosen[place]) == number
    following = place + 1 if inside else place
    return Neighbours(
        previous=_id_of(rows, int(chosen[place - 1])) if place else None,
        next=_id_of(rows, int(chosen[following])) if following < len(chosen) else None,
        position=place + 1 if inside else None,
        matched=len(chosen),
    )


def matching_rows(rows: AnnotationRows, wanted: RowFilter, sample: str) -> tuple[int, ...] | None:
    """Which rows of a patch match, as places among its rows in the order of their IDs; None where all do."""
    number, known = _number_of(rows, sample)
    if wanted.is_empty or not known:
        return None
    match = rows.selected(wanted)[np.flatnonzero(rows.arrays.patch == number)]
    return None if match.all() else tuple(np.flatnonzero(match).tolist())


@lru_cache(maxsize=_REMEMBERED)
def _patches_of(rows: AnnotationRows, wanted: RowFilter) -> np.ndarray:
    """Numbers of the patches with a matching row, ascending, (patches,) int64."""
    return np.flatnonzero(rows.of_patches(wanted))


def _number_of(rows: AnnotationRows, sample: str) -> tuple[int, bool]:
    """The number of a patch, or of the first behind it where it has no rows; and whether it has any."""
    ids = rows.arrays.patches["id"]
    number = bisect_left(range(len(ids)), sample, key=lambda at: ids[at].as_py())
    return number, number < len(ids) and ids[number].as_py() == sample


def _id_of(rows: AnnotationRows, number: int) -> str:
    return str(rows.arrays.patches["id"][number].as_py())
