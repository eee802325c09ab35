"""Counts and pages of annotations, remembered while nothing changes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from components.data_sets import dataset_of
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows, RowCount
from data_access.bigearthnet.dataset import BigEarthNet
from errors import SourceMissingError

DATASET = "bigearthnet"
NO_ANNOTATIONS = (
    "No annotations are configured, only imagery: set PATCHWORK_BIGEARTHNET_TXT to BigEarthNet.txt.parquet and restart."
)
REMEMBERED_COUNTS = 256  # of this process; each is three numbers
REMEMBERED_PAGES = 64  # a page of rows has about 20 kB
Row = Mapping[str, Any]


def opened_rows() -> tuple[BigEarthNet, AnnotationRows]:
    """The collection that this process has open, and its rows.

    Raises:
        SourceMissingError: there are no annotations.
        PatchworkError: they could not be opened, with the reason met then.
    """
    dataset = dataset_of(DATASET)
    if not isinstance(dataset, BigEarthNet) or (rows := dataset.rows) is None:
        raise SourceMissingError(NO_ANNOTATIONS)
    return dataset, rows


def count_rows(revision: str, wanted: RowFilter) -> RowCount:
    """How many rows and patches match; the revision is that of the collection."""
    return _count(revision, wanted)


def row_page(revision: str, wanted: RowFilter, limit: int, after: int | None) -> tuple[Row, ...]:
    """Matching rows as stored in the order of their IDs, from the first ID above `after`."""
    return _rows(revision, wanted, limit, after)


def patch_page(revision: str, wanted: RowFilter, limit: int, after: str | None) -> tuple[tuple[str, int], ...]:
    """Patches with matching rows and how many each has, in the order of their ids, from the first behind `after`."""
    return _patches(revision, wanted, limit, after)


# The revision is part of the key, so that a collection that is opened anew is counted anew.
@lru_cache(maxsize=REMEMBERED_COUNTS)
def _count(_revision: str, wanted: RowFilter) -> RowCount:
    return opened_rows()[1].count(wanted)


@lru_cache(maxsize=REMEMBERED_PAGES)
def _rows(_revision: str, wanted: RowFilter, limit: int, after: int | None) -> tuple[Row, ...]:
    return tuple(opened_rows()[1].page(wanted, limit=limit, after=after).to_pylist())


@lru_cache(maxsize=REMEMBERED_PAGES)
def _patches(_revision: str, wanted: RowFilter, limit: int, after: str | None) -> tuple[tuple[str, int], ...]:
    table = opened_rows()[1].patches(wanted, limit=limit, after=after)
    return tuple(zip(table["id"].to_pylist(), table["annotations"].to_pylist(), strict=True))
