"""Annotations taken along: the rows of BigEarthNet.txt that a filter leaves, by ID, and what goes with them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from data_access.annotations.row_filter import RowFilter
from data_access.dataset import CollectionInfo
from data_access.exports.selection import about, name_of, now, sliced

WHAT = "annotations"  # in the names of files


class RowSource(Protocol):
    """Whatever hands annotations out."""

    def batches(self, wanted: RowFilter) -> Iterator[pa.RecordBatch]:
        """The matching rows by ID: the thirteen columns with their own names, order and types."""

    def page(self, wanted: RowFilter, *, limit: int, after: int | None) -> pa.Table:
        """The first of them, beyond an ID."""


@dataclass(frozen=True)
class AnnotationSelection:
    """The annotations that a filter leaves."""

    info: CollectionInfo
    rows: RowSource
    wanted: RowFilter
    created: datetime = field(default_factory=now)

    @property
    def name(self) -> str:
        """A name for files: data set, annotations, a digest of the filter, revision."""
        return name_of(self.info, self.wanted, WHAT)

    @property
    def about(self) -> dict[str, str]:
        """What every file says of itself."""
        return about(self.info, self.wanted, self.created)

    def tables(self) -> Iterator[pa.Table]:
        """The matching rows by ID, some thousands at a time.

        Where nothing matches, one table without rows tells the columns.
        """
        none_yet = True
        for table in sliced(self.rows.batches(self.wanted)):
            none_yet = False
            yield table
        if none_yet:
            yield self.rows.page(self.wanted, limit=0, after=None)
