"""What is taken along: the samples of one data set that a filter leaves, in id order, and what goes with them."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

import pyarrow as pa

from data_access.dataset import CollectionInfo, Dataset
from data_access.sample_filter import SampleFilter

ROWS_AT_ONCE = 4_000  # 3 MB of text; more saves no time, and every export under way holds some copies of it
_DIGEST_BYTES = 4  # tells two selections in one download folder apart
_REVISION_CHARACTERS = 12  # of the collection's revision, in a file name
_UNFIT = re.compile(r"[^A-Za-z0-9-]+")  # in file names and identifiers


@runtime_checkable
class _Streams(Protocol):
    """A catalogue that hands matching rows out in one go, in id order."""

    def batches(self, columns: object, sample_filter: SampleFilter) -> Iterator[pa.RecordBatch]:
        """Rows as record batches; None for all columns."""


class Wanted(Protocol):
    """A filter, of samples or of annotations, as far as a file tells of it."""

    def query_string(self) -> str:
        """The filter as the API takes it; empty for everything."""


class Taken(Protocol):
    """Whatever is taken along as rows: what a file asks for."""

    @property
    def about(self) -> dict[str, str]:
        """What the file says of itself: licence, credit, filter and more."""

    def tables(self) -> Iterator[pa.Table]:
        """The rows, some thousands at a time, each piece with the same columns and types; at least one piece."""


def name_of(info: CollectionInfo, wanted: Wanted, rows: str = "") -> str:
    """What the files of a selection are called, and its STAC collection: letters, digits and hyphens.

    Args:
        info: the collection.
        wanted: the selection.
        rows: what its rows are, such as annotations, where they are not samples.
    """
    query = wanted.query_string()
    digest = hashlib.blake2b(query.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
    revision = _UNFIT.sub("-", info.revision)[:_REVISION_CHARACTERS]
    return "-".join(filter(None, (info.dataset, rows, digest if query else "all", revision)))


def about(info: CollectionInfo, wanted: Wanted, created: datetime) -> dict[str, str]:
    """What every file says of itself; the filter is a query string, as the API takes it."""
    licence = info.licence
    return {
        "title": info.title,
        "licence": licence.name,
        "licence_url": licence.url,
        "credit": licence.credit,
        "citation": licence.citation,
        "filter": wanted.query_string(),
        "revision": info.revision,
        "created": created.isoformat(),
    }


def now() -> datetime:
    """The moment that a file is made, UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def sliced(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches as tables of at most `ROWS_AT_ONCE` rows."""
    for batch in batches:
        for start in range(0, max(batch.num_rows, 1), ROWS_AT_ONCE):
            yield pa.Table.from_batches([batch.slice(start, ROWS_AT_ONCE)])


@dataclass(frozen=True)
class Selection:
    """The samples of one data set that a filter leaves."""

    dataset: Dataset
    sample_filter: SampleFilter
    created: datetime = field(default_factory=now)

    @property
    def name(self) -> str:
        """A name for files and identifiers: data set, a digest of the filter, revision."""
        return name_of(self.dataset.info, self.sample_filter)

    @property
    def about(self) -> dict[str, str]:
        """What every file says of itself."""
        return about(self.dataset.info, self.sample_filter, self.created)

    def tables(self, columns: tuple[str, ...] | None = None) -> Iterator[pa.Table]:
        """The matching rows in id order, some thousands at a time, each piece with the same columns and types.

        Where nothing matches, one table without rows tells the columns.

        Args:
            columns: what to read; all without it. Names that are not there are left out.
        """
        catalog = self.dataset.catalog
        pieces: Iterator[pa.Table]
        if isinstance(catalog, _Streams):
            pieces = sliced(catalog.batches(columns, self.sample_filter))
        else:
            pieces = self._pages(columns)
        first: pa.Schema | None = None
        for piece in pieces:
            if first is None:
                first = piece.schema
            elif not piece.num_rows:
                continue
            yield piece.cast(first)
        if first is None:
            yield self._pick(catalog.rows(self.sample_filter, limit=0), columns)

    def _pages(self, columns: tuple[str, ...] | None) -> Iterator[pa.Table]:
        """The same from a catalogue that answers page by page."""
        after: str | None = None
        while True:
            page = self.dataset.catalog.rows(self.sample_filter, limit=ROWS_AT_ONCE, after=after)
            yield self._pick(page, columns)
            if page.num_rows < ROWS_AT_ONCE:
                return
            after = str(page.column("id")[-1].as_py())

    @staticmethod
    def _pick(table: pa.Table, columns: tuple[str, ...] | None) -> pa.Table:
        return table if columns is None else table.select([name for name in columns if name in table.column_names])
