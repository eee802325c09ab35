"""Counts, facets and pages of rows over the sample table of one data set, answered by DuckDB.

The sample table that a data set stages (see `store_building.Recipe`), or that a test hands to `build_catalog`, has one
row per sample, in any order:

| column | type | meaning |
| --- | --- | --- |
| id | string, unique, not null | sample id |
| lon, lat | float64 | centre, degrees; null or NaN where unknown |
| country, season, climate_zone, split, source | string or dictionary | null is stored as "unknown" |
| time | timestamp (UTC, no zone), may be null | acquisition of the optical image |
| cloud_cover | float, may be null | percent, 0 to 100 |
| sample | string, optional | the name of the grid cell or location, searched by `text` |
| available, has_imagery | bool, optional | whether a shard, or imagery, holds the sample: only `rows` and `row` tell |
| n_* | integer, optional | annotations per task, see `data_access.tasks.TASK_COLUMNS` |
| a measure | float32, may be null, optional | see `data_access.measures` |
| tar | string, optional | the shard that holds it |

Only `id`, `lon` and `lat` must be there. Any other column is carried along into `rows` and `row` unchanged.
`places.enrich` fills country, season and climate zone before the rows come here. Where there are `split` and `tar`, two
int32 columns are added: `position`, the rank of the id in its shard from 0, and `shard_samples`, how many ids that has.

Rows are in id order and the row number is the place in it. Everything is answered from one DuckDB file per revision,
which `kept_store` builds once and opens read-only; a filter of categories alone is answered from cubes, all others scan
the columns that they need, which is within the budget at 9.2 million rows (see `benchmarks/catalogue.py`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from data_access.dataset import Count, FacetValue, Neighbours
from data_access.facets import FACETS, Relation, count_facets, facet_filters, smallest
from data_access.filter_mask import TypedColumn, typed_columns
from data_access.kept_store import kept_store
from data_access.name_matches import NameMatches
from data_access.sample_filter import SampleFilter
from data_access.sample_store import ROW, SampleStore, annotations_sql, open_store
from data_access.store_building import BATCH_ROWS, Recipe, Staging
from data_access.tasks import TASK_COLUMNS, matching_tasks
from data_access.text_matches import TextMatches, TextSearch
from errors import UnknownSampleError


class TableCatalog:
    """`dataset.Catalog` over one sample table; safe to use from many threads at once."""

    def __init__(
        self, store: SampleStore, text_search: TextSearch | None = None, passing_notes: tuple[str, ...] = ()
    ) -> None:
        """Answer from an opened store; `build_catalog`, `kept_catalog` and `open_catalog` are the usual ways."""
        self.notes = (*store.notes, *passing_notes)  # what a user should know of the rows, in sentences
        self._store = store
        self._texts = TextMatches(text_search, self._store) if text_search else NameMatches(self._store)

    @property
    def total(self) -> int:
        """Number of samples."""
        return self._store.total

    @property
    def column_names(self) -> tuple[str, ...]:
        """Columns of `rows`."""
        return self._store.column_names

    @property
    def path(self) -> Path | None:
        """The database's file, for another process that reads it too; None where it is not kept."""
        return self._store.path

    def count(self, sample_filter: SampleFilter) -> Count:
        """Count the samples (and annotation rows) that match."""
        tasks = [task.column for task in matching_tasks(sample_filter.type, sample_filter.category)]
        with self._relation(sample_filter) as (cursor, relation, left):
            source = smallest(self._store, relation, left)
            each = "annotations" if source.is_cube else annotations_sql(self._store.present(tasks))
            condition, bound = left.where(source.columns)
            query = f"SELECT {source.samples}, sum({each}) FROM {source.sql} WHERE {condition}"
            matched, annotations = cursor.execute(query, bound).fetchone() or (0, 0)
        has_text = bool(self._store.present(TASK_COLUMNS))
        return Count(self.total, int(matched or 0), int(annotations or 0) if has_text else None)

    def facets(self, sample_filter: SampleFilter) -> dict[str, list[FacetValue]]:
        """Count per value of every filter field, each ignoring its own restriction.

        Values that no sample has under the filter are left out.
        """
        found: dict[str, list[FacetValue]] = {}
        for left, names in facet_filters(sample_filter).items():
            with self._relation(left) as (cursor, relation, rest):
                found |= count_facets(cursor, self._store, relation, rest, names)
        return {name: found[name] for name in FACETS}

    def rows(self, sample_filter: SampleFilter, *, limit: int, after: str | None = None) -> pa.Table:
        """Matching rows in id order, from the first id greater than `after`."""
        first = 0 if after is None else self._store.first_row_after(after)
        with self._matching(sample_filter) as (cursor, source, condition, bound):
            query = f"SELECT {ROW} FROM {source} WHERE {ROW} >= ? AND ({condition}) ORDER BY {ROW} LIMIT ?"
            numbers = cursor.execute(query, [first, *bound, limit]).fetchnumpy()[ROW]
        return self.take(np.asarray(numbers))

    def row(self, sample_id: str) -> dict[str, object]:
        """The row of one sample. Raises UnknownSampleError."""
        condition, bound = self._store.lookup(sample_id)
        return self._one(sample_id, f"SELECT {self._chosen(None)} FROM store.samples s WHERE {condition}", bound)

    def unplaced_row(self, sample_id: str) -> dict[str, object]:
        """The row of a sample that is in no count and no page, since no place on the globe is known for it.

        Raises:
            UnknownSampleError: there is no such sample.
        """
        if not self._store.unplaced:
            raise _unknown(sample_id)
        return self._one(sample_id, f"SELECT {self._chosen(None)} FROM store.unplaced s WHERE id = ?", [sample_id])

    def neighbours(self, sample_filter: SampleFilter, sample_id: str) -> Neighbours:
        """Previous and next sample of the selection."""
        number = self._number(sample_id)
        with self._matching(sample_filter) as (cursor, source, condition, bound):
            row = cursor.execute(
                f"SELECT max({ROW}) FILTER ({ROW} < ?), min({ROW}) FILTER ({ROW} > ?), count(*) FILTER ({ROW} <= ?), "
                f"count(*) FILTER ({ROW} = ?), count(*) FROM {source} WHERE {condition}",
                [number, number, number, number, *bound],
            ).fetchone()
        before, behind, position, inside, matched = row or (None, None, 0, 0, 0)
        return Neighbours(self._id(before), self._id(behind), position if inside else None, matched)

    def take(self, row_numbers: np.ndarray, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows with these numbers (0-based, in id order), in the order asked for; all columns unless named."""
        chosen = self._chosen(columns)
        if len(row_numbers) == 1:  # a join costs ten times as much
            return self._read(f"SELECT {chosen} FROM store.samples s WHERE rowid = ?", [int(row_numbers[0])])
        wanted = pa.table({"number": row_numbers.astype(np.int64), "place": np.arange(len(row_numbers))})
        with self._store.cursor() as cursor:
            cursor.register("wanted", wanted)
            return cursor.sql(
                f"SELECT {chosen} FROM wanted w JOIN store.samples s ON s.rowid = w.number ORDER BY w.place"
            ).to_arrow_table()

    def matching_rows(self, sample_filter: SampleFilter) -> np.ndarray:
        """Numbers of the rows that match, (n,) int64, ascending."""
        with self._relation(sample_filter) as (cursor, relation, left):
            condition, bound = left.where(relation.columns)
            query = f"SELECT {ROW} AS number FROM {relation.sql} WHERE {condition}"
            numbers = np.asarray(cursor.execute(query, bound).fetchnumpy()["number"])
        return numbers if relation.is_all else np.sort(numbers)

    def batches(
        self, columns: Sequence[str] | None = None, sample_filter: SampleFilter | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Matching rows in id order, at most 122,880 at a time, so that memory stays bounded however many there are.

        Args:
            columns: their names; those that are not there are left out. All columns unless named.
            sample_filter: which rows; all unless given.
        """
        with self._relation(sample_filter or SampleFilter()) as (cursor, relation, left):
            condition, bound = left.where(relation.columns)
            # A scan keeps the order of row numbers; matches of a text search are joined in any.
            order = "" if relation.is_all else f"ORDER BY {ROW}"
            query = f"SELECT {self._chosen(columns)} FROM {relation.sql} s WHERE {condition} {order}"
            yield from cursor.sql(query, params=bound).to_arrow_reader(BATCH_ROWS)

    def columns(self, names: Sequence[str]) -> dict[str, TypedColumn]:
        """Whole columns in row order, as masks need them; names that are not there are left out."""
        chosen = self._chosen(names)
        # Without a filter the database keeps the order of insertion, which is the order of row numbers.
        return typed_columns(self._read(f"SELECT {chosen} FROM store.samples s", [])) if chosen else {}

    def tally(self, names: Sequence[str]) -> pa.Table:
        """How many samples have each combination of values: these columns, as far as they are there, and `samples`.

        For columns of few values, such as flags, splits and shards.
        """
        chosen = ", ".join(f'"{name}"' for name in self._store.present(names))
        with self._store.cursor() as cursor:
            return cursor.sql(
                f"SELECT {chosen}{', ' if chosen else ''}count(*) AS samples FROM store.samples "
                f"{'GROUP BY ALL ORDER BY ALL' if chosen else ''}"
            ).to_arrow_table()

    def _chosen(self, columns: Sequence[str] | None) -> str:
        names = self.column_names if columns is None else self._store.present(columns)
        return ", ".join('s."' + name.replace('"', '""') + '"' for name in names)

    def _one(self, sample_id: str, query: str, bound: Sequence[object]) -> dict[str, object]:
        """The one row of an answer. Plain values are quicker than a table of one row."""
        with self._store.cursor() as cursor:
            values = cursor.execute(query, list(bound)).fetchone()
        if values is None:
            raise _unknown(sample_id)
        return dict(zip(self.column_names, values, strict=True))

    def _read(self, query: str, bound: Sequence[object]) -> pa.Table:
        with self._store.cursor() as cursor:
            return cursor.sql(query, params=list(bound)).to_arrow_table()

    def _number(self, sample_id: str) -> int:
        number = self._store.row_number(sample_id)
        if number is None:
            raise _unknown(sample_id)
        return number

    def _id(self, number: int | None) -> str | None:
        return None if number is None else str(self.take(np.array([number]), ["id"]).column("id")[0].as_py())

    @contextmanager
    def _relation(
        self, sample_filter: SampleFilter
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, Relation, SampleFilter]]:
        """A cursor, what to select from, and what is then left of the filter: text is in the relation if it can be."""
        columns = frozenset(self.column_names) | set(self._store.derived)
        with self._store.cursor() as cursor:
            source = self._texts.join(cursor, sample_filter.words) if sample_filter.text else None
            if source is not None:
                yield cursor, Relation(source, columns, is_all=False), sample_filter.without("text")
            else:
                source = f"(SELECT rowid AS {ROW}, * FROM store.samples)"
                yield cursor, Relation(source, columns), sample_filter

    @contextmanager
    def _matching(
        self, sample_filter: SampleFilter
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, str, str, list[object]]]:
        with self._relation(sample_filter) as (cursor, relation, left):
            yield cursor, relation.sql, *left.where(relation.columns)


def build_catalog(
    table: pa.Table,
    path: Path | None = None,
    *,
    text_search: TextSearch | None = None,
    notes: Sequence[str] = (),
) -> TableCatalog:
    """The catalogue of a sample table that is in memory; kept at `path` where one is given, and opened from there.

    Args:
        table: see the module docstring.
        path: as for `kept_catalog`; None keeps everything in memory.
        text_search: as for `kept_catalog`.
        notes: sentences to keep beside the table.

    Raises:
        SchemaError: a column is missing, has a type that can not be read, or ids are null or not unique.
    """

    def fill(staging: Staging) -> None:
        staging.add(table)
        staging.notes += notes

    return kept_catalog(path, Recipe("samples", fill), text_search=text_search)


def kept_catalog(path: Path | None, recipe: Recipe, *, text_search: TextSearch | None = None) -> TableCatalog:
    """The catalogue kept at `path`; built, with progress and bounded memory, where there is none or it is broken.

    Args:
        path: a file named after the collection's revision, below `Settings.tables_dir`. A folder that can not be
            written costs time at every start, nothing else. None keeps everything in memory.
        recipe: how it is made.
        text_search: answers `SampleFilter.text` from annotations; without it, text is matched against id and sample.

    Raises:
        SchemaError: the rows can not be read, or their ids are not unique.
    """
    store, notes = kept_store(path, recipe)
    return TableCatalog(store, text_search, notes)


def open_catalog(path: Path, *, text_search: TextSearch | None = None) -> TableCatalog | None:
    """The catalogue kept at `path`; None where there is none, or where the file is broken (it is then removed)."""
    store = open_store(path)
    return None if store is None else TableCatalog(store, text_search)


def _unknown(sample_id: str) -> UnknownSampleError:
    return UnknownSampleError(f"No sample has the id {sample_id[:100]!r}. Check the id, or choose one on the map.")
