"""The samples whose annotations hold some words, as a table that stands in for the whole sample table."""

from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.memory_cache import OnceCache
from data_access.sample_store import ROW, SampleStore
from data_access.tasks import TASK_COLUMNS, TASKS, Task

_CACHE_BYTES = 64_000_000  # four searches that each match every one of 464,044 patches
_VIEW = "text_matches"


class TextSearch(Protocol):
    """How a data set with annotations searches their text."""

    def __call__(self, words: tuple[str, ...]) -> pa.Table:
        """Annotations whose input and output together hold all `words`, ignoring case, counted per sample and task.

        Returns:
            Table with columns id, type, category (strings, best as dictionaries that stay the same from search to
            search: millions of rows are then never hashed) and annotations (int64); one row per sample and task with
            at least one matching annotation, in any order. The catalogue keeps the latest answers.
        """


class TextMatches:
    """Searches kept in memory: each is one row per matching sample, with counts of the matching annotations only."""

    def __init__(self, search: TextSearch, store: SampleStore) -> None:
        """Answer from `search`; the ids that it gives are those of `store`."""
        self._search = search
        self._store = store
        self._tasks = store.present(TASK_COLUMNS)
        # The latest dictionary of ids and their row numbers: a search that always gives the same one is looked up once.
        self._known: tuple[pa.Array, np.ndarray] = (pa.array([], pa.string()), np.zeros(0, np.int64))
        self._found: OnceCache[tuple[str, ...], pa.Table] = OnceCache(_CACHE_BYTES, lambda table: int(table.nbytes))

    def join(self, cursor: duckdb.DuckDBPyConnection, words: tuple[str, ...]) -> str:
        """A relation like the sample table, of matching samples only; its task columns count matching annotations.

        The answer is registered with this cursor, so the relation can be queried through it alone.
        """
        cursor.register(_VIEW, self._found.get(words, lambda: self._table(words)))
        counts = f"REPLACE ({', '.join(f'm.{name} AS {name}' for name in self._tasks)})" if self._tasks else ""
        return f"(SELECT m.number AS {ROW}, s.* {counts} FROM {_VIEW} m JOIN store.samples s ON s.rowid = m.number)"

    def _table(self, words: tuple[str, ...]) -> pa.Table:
        """One row per matching sample: its number, and the matching annotations per task."""
        answer = self._search(words)
        rows, tasks = self._row_numbers(answer["id"]), self._task_numbers(answer["type"], answer["category"])
        known = (rows >= 0) & (tasks >= 0)
        width = len(self._tasks)
        cells = rows[known] * width + tasks[known]
        weights = answer["annotations"].to_numpy()[known]
        # A dense count per sample and task: quicker than grouping millions of strings, and 56 MB for 464,044 patches.
        counts = np.bincount(cells, weights, minlength=self._store.total * width).reshape(self._store.total, width)
        numbers = np.flatnonzero(counts.any(axis=1))
        columns = dict(zip(self._tasks, np.ascontiguousarray(counts.astype(np.uint16)[numbers].T), strict=True))
        return pa.table({"number": numbers, **columns})

    def _row_numbers(self, ids: pa.ChunkedArray) -> np.ndarray:
        """Row number of each id, (n,) int64; -1 for ids that are not in the table."""
        encoded = _encoded(ids)
        words, numbers = self._known
        if not encoded.dictionary.equals(words):
            with self._store.cursor() as cursor:
                all_ids = cursor.sql("SELECT id FROM store.samples").to_arrow_table()["id"]
            found = pc.fill_null(pc.index_in(encoded.dictionary, value_set=all_ids), -1)
            words, numbers = self._known = (encoded.dictionary, np.asarray(found).astype(np.int64))
        return np.asarray(numbers[np.asarray(encoded.indices)])

    def _task_numbers(self, types: pa.ChunkedArray, categories: pa.ChunkedArray) -> np.ndarray:
        """Place of each type and category among the task columns, (n,) int64; -1 for other combinations."""
        places = {task: self._tasks.index(task.column) for task in TASKS if task.column in self._tasks}
        kinds, groups = _encoded(types), _encoded(categories)
        table = np.array(
            [
                [places.get(Task(kind, group), -1) for group in groups.dictionary.to_pylist()]
                for kind in kinds.dictionary.to_pylist()
            ],
            dtype=np.int64,
        ).reshape(len(kinds.dictionary), len(groups.dictionary))
        return np.asarray(table[np.asarray(kinds.indices), np.asarray(groups.indices)])


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A string or dictionary column as one dictionary array."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    combined = encoded.unify_dictionaries().combine_chunks()
    if not isinstance(combined, pa.ChunkedArray):
        return combined
    empty = pa.array([], column.type).dictionary_encode()
    return combined.chunk(0) if combined.num_chunks else empty
