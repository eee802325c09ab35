"""Writes the rows of an annotation file, as they stream by, into the arrays that `row_store` reads.

What the rows of a patch share (names, place, country, season, ...) is one record, so that a row has numbers only: of
its record, of its kind (type and category), of its two texts. Every value comes back as it was, since a record is new
whenever anything in it differs.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.annotation_file import COLUMNS
from data_access.annotations.row_arrays import NO_PATCH
from data_access.annotations.spools import Spools, write_table
from data_access.annotations.text_writer import TextWriter

KIND_COLUMNS = ("type", "category")
TEXT_COLUMNS = ("input", "output")
RECORD_COLUMNS = tuple(name for name in COLUMNS if name not in ("ID", *KIND_COLUMNS, *TEXT_COLUMNS))
NO_ID = np.iinfo(np.int64).max  # of a row without one: behind all others
_DTYPES: dict[str, np.dtype[Any]] = {
    "id": np.dtype(np.int64),
    "record": np.dtype(np.int32),
    "kind": np.dtype(np.int32),
    "input": np.dtype(np.int32),
    "output": np.dtype(np.int32),
    "patch": np.dtype(np.int32),
    "task": np.dtype(np.uint8),
    "answer": np.dtype(np.uint8),
    "box": np.dtype("<u4"),
    "malformed": np.dtype(np.bool_),
}
ROW_ARRAYS = (*_DTYPES, "records", "kinds")


class UnsortedError(Exception):
    """The rows do not come in the order of their IDs."""


class RowWriter:
    """Takes batches of `row_sql.ROWS_SQL` in the order of the IDs."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, patch_ids: pa.Array) -> None:
        """Write into an empty folder.

        Args:
            folder: where all files go.
            connection: for lowering texts.
            patch_ids: the patches in the order of their numbers.
        """
        self._folder = folder
        self._spools = Spools(folder, _DTYPES)
        self._texts = TextWriter(folder, connection)
        self._patches = {identifier: number for number, identifier in enumerate(patch_ids.to_pylist())}
        self._records = _Numbers(RECORD_COLUMNS)
        self._kinds = _Numbers(KIND_COLUMNS)
        self._last_id = np.iinfo(np.int64).min

    def add(self, batch: pa.RecordBatch) -> None:
        """Write some rows.

        Raises:
            UnsortedError: an ID is lower than the one before.
            OSError: the disk is full.
        """
        ids = batch["ID"].cast(pa.int64()).fill_null(NO_ID).to_numpy()
        if len(ids) and (ids[0] < self._last_id or (ids[1:] < ids[:-1]).any()):
            raise UnsortedError
        self._last_id = ids[-1] if len(ids) else self._last_id
        texts = pa.concat_arrays([batch[name].cast(pa.large_string()) for name in TEXT_COLUMNS])
        inputs, outputs = np.split(self._texts.numbers(texts), 2)
        records = self._records.of(batch)
        known = [self._patches.get(str(identifier), NO_PATCH) for identifier in self._records.latest("patch_id")]
        values = {
            "id": ids,
            "record": records,
            "kind": self._kinds.of(batch),
            "input": inputs,
            "output": outputs,
            "patch": np.array(known, np.int32)[self._records.latest_places],
            **{name: np.asarray(batch[name]) for name in ("task", "answer", "box", "malformed")},
        }
        for name, of_rows in values.items():
            self._spools.add(name, of_rows)

    def finish(self) -> None:
        """Write what is left. Raises OSError where the disk is full."""
        self._spools.finish()
        self._texts.finish()
        write_table(self._folder, "records", self._records.table())
        write_table(self._folder, "kinds", self._kinds.table())

    def close(self) -> None:
        """Let go of the files."""
        self._spools.close()
        self._texts.close()


class _Numbers:
    """Numbers the different combinations of values in some columns."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._numbers: dict[bytes, int] = {}
        self._new: list[pa.Table] = []
        self._latest = pa.table({name: pa.nulls(0) for name in columns})
        self.latest_places = np.zeros(0, np.int64)  # of each row of the latest batch: its run in `latest`

    def of(self, batch: pa.RecordBatch) -> np.ndarray:
        """The number of each row's combination, (n,) int64."""
        table = pa.Table.from_batches([batch]).select(self._columns)
        changes = np.ones(len(table), dtype=np.bool_)
        if len(table):
            changes[1:] = np.logical_or.reduce([_changes(column.combine_chunks()) for column in table.columns])
        starts = np.flatnonzero(changes)
        self.latest_places = np.cumsum(changes) - 1
        self._latest = table.take(pa.array(starts))
        numbers, new = np.zeros(len(starts), np.int64), []
        for place, values in enumerate(zip(*(column.to_pylist() for column in self._latest.columns), strict=True)):
            # A digest, since the records of half a million patches would fill a gigabyte as Python's objects.
            digest = blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            following = len(self._numbers)
            numbers[place] = self._numbers.setdefault(digest, following)
            if numbers[place] == following:
                new.append(place)
        self._new.append(self._latest.take(pa.array(new, pa.int64())))
        return numbers[self.latest_places]

    def latest(self, column: str) -> list[object]:
        """The values of a column of the latest batch, one per run of equal rows."""
        values: list[object] = self._latest[column].to_pylist()
        return values

    def table(self) -> pa.Table:
        """All combinations in the order of their numbers."""
        return pa.concat_tables(self._new) if self._new else self._latest


def _changes(column: pa.Array) -> np.ndarray:
    """Where a value is not the one before, bit by bit, (n - 1,) bool."""
    if pa.types.is_floating(column.type):  # bits: what is no number differs from itself, minus zero not from zero
        column = column.view({2: pa.int16(), 4: pa.int32(), 8: pa.int64()}[column.type.byte_width])
    missing = np.asarray(column.is_null())
    differ = np.asarray(pc.fill_null(pc.not_equal(column[1:], column[:-1]), fill_value=True))
    return np.asarray(differ & ~(missing[1:] & missing[:-1]))
