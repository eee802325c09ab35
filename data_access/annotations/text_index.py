"""The different texts of the annotations: searched in one pass, and given back as they were stored."""

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.spools import table_of

TEXT_ARRAYS = ("text", "ends", "capitals", "odd_texts")
MEMORY_LIMIT = "256MB"  # of the database: the texts themselves are mapped, answers are a byte per text
_BATCH = 122_880  # texts that one thread of the database looks at at a time
_CASE_STEP = ord("a") - ord("A")


class TextIndex:
    """Read-only; safe to use from many threads at once."""

    def __init__(self, array: Callable[[str], np.ndarray], rest: Callable[[str], None]) -> None:
        """Read what `TextWriter` wrote.

        Args:
            array: gives each array of TEXT_ARRAYS by its name.
            rest: told which one is not needed for a while.
        """
        self._array = array
        self._rest = rest
        self._connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})

    def holding(self, terms: Sequence[str]) -> np.ndarray:
        """Which texts hold each term, ignoring case, (terms, texts) bool, in one pass over all texts."""
        texts = self._lowered()
        numbers = pa.array(np.arange(len(texts), dtype=np.int32))
        table = pa.table({"number": numbers, "text": texts})
        batches = pa.Table.from_batches(table.to_batches(max_chunksize=_BATCH), table.schema)
        chosen = ", ".join(f"contains(text, lower(?)) AS held_{place}" for place in range(len(terms)))
        with self._connection.cursor() as cursor:
            cursor.register("texts", batches)
            found = cursor.sql(f"SELECT number, {chosen} FROM texts", params=list(terms)).to_arrow_table()
        self._rest("text")
        held: np.ndarray = np.zeros((len(terms), len(texts)), dtype=np.bool_)
        for place, column in enumerate(found.columns[1:]):
            held[place, np.asarray(found["number"])] = np.asarray(column)  # threads may have changed the order
        return held

    def originals(self, numbers: np.ndarray) -> pa.Array:
        """The texts with these numbers as they were stored, large strings; null for negative numbers."""
        wanted = pa.array(numbers, mask=numbers < 0)
        taken = self._lowered().take(wanted)
        ends, capitals = self._array("ends"), self._array("capitals")
        there = np.maximum(numbers, 0)
        starts, stops = ends[there], np.where(numbers < 0, ends[there], ends[there + 1])
        first, last = np.searchsorted(capitals, starts), np.searchsorted(capitals, stops)
        counts = last - first
        # Each capital's place in the index, then its place within its text, then in the texts that were taken.
        each = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        _, offsets, data = taken.buffers()
        taken_at = np.frombuffer(offsets, np.int64)[taken.offset : taken.offset + len(taken)]
        places = capitals[each] + np.repeat(taken_at - starts, counts)
        content = np.array(np.frombuffer(data or b"", np.uint8))
        content[places] -= _CASE_STEP
        validity = taken.buffers()[0]
        whole = pa.LargeStringArray.from_buffers(len(taken), offsets, pa.py_buffer(content), validity, -1, taken.offset)
        return self._with_odd(whole, wanted)

    def _with_odd(self, texts: pa.Array, numbers: pa.Array) -> pa.Array:
        odd = table_of(self._array("odd_texts"))
        places = pc.index_in(numbers, value_set=odd["number"].combine_chunks(), skip_nulls=True)
        if places.null_count == len(places):
            return texts
        return pc.coalesce(odd["text"].combine_chunks().take(places), texts)

    def _lowered(self) -> pa.Array:
        """All texts in lower case as views of the kept bytes."""
        ends = self._array("ends")
        buffers = (pa.py_buffer(ends), pa.py_buffer(self._array("text")))
        return pa.LargeStringArray.from_buffers(len(ends) - 1, *buffers)
