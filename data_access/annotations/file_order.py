"""The rows of a query in the order of the file, however the database's threads hand them out."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

PLACE = "file_row_number"


def in_file_order(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Put the rows of a whole file in order; what comes too early is held back until its turn.

    DuckDB (2.0.0) hands out the answer of one long scan by several threads in stretches that may change places, even
    where it is told to keep the order. Sorting by the database instead would write gigabytes.

    Args:
        batches: rows with their place in the file, from 0, each place once.
    """
    waiting: dict[int, pa.RecordBatch] = {}
    following = 0
    for batch in batches:
        places = batch.column(PLACE).to_numpy()
        starts = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist()] if len(places) else []
        for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
            waiting[int(places[start])] = batch.slice(start, end - start)
        while following in waiting:
            ready = waiting.pop(following)
            following += len(ready)
            yield ready
