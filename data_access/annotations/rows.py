"""All rows of BigEarthNet.txt: what a `RowFilter` leaves of them, in numbers, as pages, as patches and as a stream."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data_access.annotations.row_arrays import BLOCK, RowArrays
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.row_masks import RowMasks
from data_access.annotations.row_store import RowStore
from data_access.annotations.row_writer import NO_ID
from data_access.bit_mask import BitMask
from data_access.catalog import TableCatalog
from data_access.kept_arrays import Arrays

BATCH_ROWS = 8_192  # of a stream: captions of 8,192 rows are a few megabytes
MOST_TIES = 10_000  # rows of the same ID that come together beyond the limit of a page


@dataclass(frozen=True)
class RowCount:
    """How many rows a filter leaves, and of how many patches they are."""

    total: int
    matched: int
    patches: int


class AnnotationRows:
    """The rows of one annotation file in the order of their IDs; safe to use from many threads at once."""

    def __init__(self, store: RowStore, catalog: TableCatalog) -> None:
        """Answer from a store; conditions on patches are answered by the catalogue."""
        self._store = store
        self._masks = RowMasks(store, catalog)

    @property
    def arrays(self) -> RowArrays:
        """What filters and charts need of every row."""
        return self._store.arrays

    def selected(self, wanted: RowFilter) -> np.ndarray:
        """Which rows match, (n,) bool, in the order of `arrays`; the latest answers are kept.

        Raises:
            FilterError: the text has too many words.
        """
        return self._masks.get(wanted).between(0, len(self.arrays))

    @property
    def kept(self) -> Arrays:
        """Where whoever computes something from all rows keeps it, beside them and for as long as they are kept."""
        return self._store.kept

    def of_patches(self, wanted: RowFilter) -> np.ndarray:
        """Matching rows of each patch, (patches,) int64, in the order of `arrays.patches`.

        Raises:
            FilterError: the text has too many words.
        """
        return self._masks.of_patches(self._masks.get(wanted))

    def count(self, wanted: RowFilter) -> RowCount:
        """Count the rows that match, and their patches."""
        mask = self._masks.get(wanted)
        return RowCount(len(mask), mask.count, int(np.count_nonzero(self._masks.of_patches(mask))))

    def page(self, wanted: RowFilter, *, limit: int, after: int | None = None) -> pa.Table:
        """Matching rows by ID, the thirteen columns as stored, from the first ID greater than `after`.

        Where IDs repeat, rows of one ID are not torn apart, so that a page may have more rows than asked for; rows
        without an ID come with the last page.
        """
        ids = self._store.ids
        first = 0 if after is None else int(np.searchsorted(ids, after, side="right"))
        numbers = self._first_of(self._masks.get(wanted), first, limit + MOST_TIES)
        end = min(limit, len(numbers))
        if 0 < end < len(numbers):
            end = max(end, int(np.searchsorted(ids[numbers], ids[numbers[end - 1]], side="right")))
            if end < len(numbers) and ids[numbers[end]] == NO_ID:
                end = len(numbers)
        return self._store.take(numbers[:end])

    def patches(self, wanted: RowFilter, *, limit: int, after: str | None = None) -> pa.Table:
        """Patches with matching rows, by id, from the first id greater than `after`.

        Returns:
            Columns id (string) and annotations (int64), the number of matching rows.
        """
        ids = self.arrays.patches["id"]
        counts = self.of_patches(wanted)
        numbers = np.flatnonzero(counts)
        if after is not None:
            place = bisect_right(ids, after, key=lambda identifier: str(identifier.as_py()))
            numbers = numbers[np.searchsorted(numbers, place) :]
        chosen = numbers[:limit]
        return pa.table({"id": ids.take(pa.array(chosen)), "annotations": counts[chosen]})

    def batches(self, wanted: RowFilter) -> Iterator[pa.RecordBatch]:
        """Matching rows by ID, the thirteen columns as stored, so that memory stays bounded however many there are."""
        mask = self._masks.get(wanted)
        for first in range(0, len(mask), BLOCK):
            numbers = mask.places(first, min(first + BLOCK, len(mask)))
            for start in range(0, len(numbers), BATCH_ROWS):
                yield from self._store.take(numbers[start : start + BATCH_ROWS]).combine_chunks().to_batches()

    def take(self, numbers: np.ndarray) -> pa.Table:
        """The rows with these numbers, which are places in `arrays`, in the order asked for: columns as stored."""
        return self._store.take(numbers)

    @property
    def ids(self) -> np.ndarray:
        """The IDs, (n,) int64, ascending, in the order of `arrays`; the largest number where a row has none."""
        return self._store.ids

    def row(self, identifier: int) -> dict[str, object] | None:
        """The row of an ID, the first where IDs repeat; None where there is none."""
        place = int(np.searchsorted(self._store.ids, identifier))
        if place == len(self._store.ids) or self._store.ids[place] != identifier:
            return None
        found: dict[str, object] = self._store.take(np.array([place])).to_pylist()[0]
        return found

    def _first_of(self, mask: BitMask, first: int, most: int) -> np.ndarray:
        """Numbers of the first matching rows from `first` on, at most `most`, (m,) int64."""
        found: list[np.ndarray] = [np.zeros(0, np.int64)]
        while first < len(mask) and sum(map(len, found)) < most:
            found.append(mask.places(first, min(first + BLOCK, len(mask))))
            first += BLOCK
        return np.concatenate(found)[:most]
