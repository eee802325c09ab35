"""The samples whose annotations hold some words, as a table that stands in for the whole sample table."""

from typing import Protocol

import duckdb
import pyarrow as pa

from data_access.bigearthnet.tasks import TASK_COLUMNS, TASKS
from data_access.memory_cache import OnceCache
from data_access.sample_store import ROW, SampleStore

_CACHE_BYTES = 64_000_000  # four searches that each match every one of 464,044 patches
_VIEW = "text_matches"


class TextSearch(Protocol):
    """How a data set with annotations searches their text."""

    def __call__(self, words: tuple[str, ...]) -> pa.Table:
        """Annotations whose input and output together hold all `words`, ignoring case, counted per sample and task.

        Returns:
            Table with columns id (string), type (string), category (string), annotations (int64); one row per sample
            and task with at least one matching annotation, in any order. The catalogue keeps the latest answers.
        """


class TextMatches:
    """Searches kept in memory: each is one row per matching sample, with counts of the matching annotations only."""

    def __init__(self, search: TextSearch, store: SampleStore) -> None:
        """Answer from `search`; the ids that it gives are those of `store`."""
        self._search = search
        self._store = store
        self._tasks = store.present(TASK_COLUMNS)
        self._found: OnceCache[tuple[str, ...], pa.Table] = OnceCache(_CACHE_BYTES, lambda table: int(table.nbytes))

    def join(self, cursor: duckdb.DuckDBPyConnection, words: tuple[str, ...]) -> str:
        """A relation like the sample table, of matching samples only; its task columns count matching annotations.

        The answer is registered with this cursor, so the relation can be queried through it alone.
        """
        cursor.register(_VIEW, self._found.get(words, lambda: self._table(words)))
        counts = f"REPLACE ({', '.join(f'm.{name} AS {name}' for name in self._tasks)})" if self._tasks else ""
        return f"(SELECT m.number AS {ROW}, s.* {counts} FROM {_VIEW} m JOIN store.samples s ON s.rowid = m.number)"

    def _table(self, words: tuple[str, ...]) -> pa.Table:
        tasks = {task.column: task for task in TASKS if task.column in self._tasks}
        counts = "".join(
            f", coalesce(sum(m.annotations) FILTER (m.type = '{task.type}' AND m.category = '{task.category}'), 0)"
            f"::USMALLINT AS {column}"
            for column, task in tasks.items()
        )
        with self._store.cursor() as cursor:
            cursor.register("answer", self._search(words))
            return cursor.sql(
                f"SELECT s.rowid AS number {counts} FROM answer m JOIN store.samples s ON s.id = m.id GROUP BY s.rowid"
            ).to_arrow_table()
