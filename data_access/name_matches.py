"""The samples whose id or name holds some words, found once per search: no order of names would help."""

import duckdb
import numpy as np
import pyarrow as pa

from data_access.memory_cache import OnceCache
from data_access.sample_filter import SampleFilter
from data_access.sample_store import ROW, SampleStore
from data_access.search_terms import text_of

# Beyond it, joining the rows found costs more than looking at every name again; such words tell nothing apart anyway.
MOST_ROWS = 500_000
_CACHE_BYTES = 16_000_000  # four searches as large as that, or thousands of such as people type
_VIEW = "name_matches"


class NameMatches:
    """Row numbers of the latest searches; counts, facets, rows and the map's mask then share one look at the names."""

    def __init__(self, store: SampleStore) -> None:
        """Search the names of `store`."""
        self._store = store
        self._found: OnceCache[tuple[str, ...], pa.Table | None] = OnceCache(
            _CACHE_BYTES, lambda table: int(table.nbytes) if table else 0
        )

    def join(self, cursor: duckdb.DuckDBPyConnection, words: tuple[str, ...]) -> str | None:
        """A relation like the sample table, of matching samples only; None where there are too many to gain by it.

        The answer is registered with this cursor, so the relation can be queried through it alone.
        """
        table = self._found.get(words, lambda: self._search(words))
        if table is None:
            return None
        cursor.register(_VIEW, table)
        return f"(SELECT m.number AS {ROW}, s.* FROM {_VIEW} m JOIN store.samples s ON s.rowid = m.number)"

    def _search(self, words: tuple[str, ...]) -> pa.Table | None:
        condition, bound = SampleFilter(text=text_of(words)).where(self._store.column_names)
        query = f"SELECT rowid AS number FROM store.samples WHERE {condition} LIMIT {MOST_ROWS + 1}"
        with self._store.cursor() as cursor:
            numbers = np.sort(cursor.execute(query, bound).fetchnumpy()["number"])
        return pa.table({"number": numbers}) if len(numbers) <= MOST_ROWS else None
