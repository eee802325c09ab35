"""Counts and pages of annotations, remembered while nothing changes."""

from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pyarrow as pa

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


def patch_page(revision: str, wanted: RowFilter, limit: int, after: str | None) -> tuple[Row, ...]:
    """Patches with matching rows in the order of their ids, from the first behind `after`.

    Returns:
        id, annotations (how many match), country, lon, lat of each.
    """
    return _patches(revision, wanted, limit, after)


# The revision is part of the key, so that a collection that is opened anew is counted anew.
@lru_cache(maxsize=REMEMBERED_COUNTS)
def _count(_revision: str, wanted: RowFilter) -> RowCount:
    return opened_rows()[1].count(wanted)


@lru_cache(maxsize=REMEMBERED_PAGES)
def _rows(_revision: str, wanted: RowFilter, limit: int, after: int | None) -> tuple[Row, ...]:
    return tuple(opened_rows()[1].page(wanted, limit=limit, after=after).to_pylist())


@lru_cache(maxsize=REMEMBERED_PAGES)
def _patches(_revision: str, wanted: RowFilter, limit: int, after: str | None) -> tuple[Row, ...]:
    rows = opened_rows()[1]
    found = rows.patches(wanted, limit=limit, after=after)
    patches = rows.arrays.patches
    ids = patches["id"]  # in order: nothing is hashed, and nothing asked of the catalogue patch by patch
    places = [bisect_left(ids, name, key=lambda scalar: scalar.as_py()) for name in found["id"].to_pylist()]
    known = patches.select(["country", "lon", "lat"]).take(pa.array(places, pa.int64())).to_pylist()
    return tuple(row | facts for row, facts in zip(found.to_pylist(), known, strict=True))
