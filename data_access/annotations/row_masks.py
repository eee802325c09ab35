"""Which rows a `RowFilter` leaves, one bit each; the latest answers are kept."""

import math
from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from data_access.annotations.row_arrays import ANSWER_CODES, FOREIGN_TASK, NO_BOX, NO_PATCH, STEPS
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.row_store import RowStore
from data_access.catalog import TableCatalog
from data_access.memory_cache import OnceCache
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASKS, matching_tasks

CACHE_BYTES = 32_000_000  # of filters and again of searches: 26 over 9.55 M rows
_ROUNDING = 1e-9  # of a hundredth: 0.29 * 100 is not 29
_CODES = 256  # values of a byte


class RowMasks:
    """Masks over the rows of one store; safe to use from many threads at once."""

    def __init__(self, store: RowStore, catalog: TableCatalog) -> None:
        """Patches are asked of the catalogue, which knows every patch of the store."""
        self._store = store
        self._catalog = catalog
        arrays = store.arrays
        ids = catalog.take(np.arange(catalog.total), ["id"])["id"].combine_chunks()
        places = pc.fill_null(pc.index_in(arrays.patches["id"], value_set=ids), -1)
        self._places = np.asarray(places).astype(np.int32)  # row of the catalogue for each patch
        self._per_patch = np.bincount(arrays.patch[arrays.patch != NO_PATCH], minlength=len(self._places))
        self._filters: OnceCache[RowFilter, np.ndarray] = OnceCache(CACHE_BYTES, lambda bits: int(bits.nbytes))
        self._searches: OnceCache[tuple[str, ...], np.ndarray] = OnceCache(CACHE_BYTES, lambda bits: int(bits.nbytes))

    def get(self, wanted: RowFilter) -> np.ndarray:
        """Which rows match, (n,) bool, computed once however many ask at the same time."""
        size = len(self._store.arrays)
        if wanted.is_empty:
            return np.ones(size, dtype=np.bool_)
        return _unpacked(self._filters.get(wanted, lambda: np.packbits(self._computed(wanted))), size)

    def search(self, terms: Sequence[str]) -> np.ndarray:
        """Which rows hold all terms, (n,) bool."""
        chosen = tuple(sorted(set(terms)))
        bits = self._searches.get(chosen, lambda: np.packbits(self._store.search(chosen)))
        return _unpacked(bits, len(self._store.arrays))

    def _computed(self, wanted: RowFilter) -> np.ndarray:
        arrays, samples = self._store.arrays, wanted.samples
        found = self._of_patches(wanted)
        if samples.type or samples.category:
            found &= _one_of(
                arrays.task, [TASKS.index(task) for task in matching_tasks(samples.type, samples.category)]
            )
        if wanted.answers:
            found &= _one_of(arrays.answer, [ANSWER_CODES[answer] for answer in wanted.answers])
        if wanted.malformed:
            found &= arrays.malformed
        if wanted.box_at:
            found &= _holds(arrays.box, *wanted.box_at)
        if samples.words:
            found &= self.search(samples.words)
        return found

    def _of_patches(self, wanted: RowFilter) -> np.ndarray:
        """Which rows belong to a patch that meets the conditions on patches; without any, all rows."""
        arrays = self._store.arrays
        of_patch = wanted.samples.without("text", "type", "category")
        if of_patch.is_empty and wanted.per_patch is None:
            return np.ones(len(arrays), dtype=np.bool_)
        allowed = np.zeros(len(self._places) + 1, dtype=np.bool_)  # the last one is for rows that name no patch
        allowed[:-1] = self._patches(of_patch)
        if wanted.per_patch is not None:
            low, high = wanted.per_patch
            allowed[:-1] &= (self._per_patch >= low) & (self._per_patch <= high)
        return np.asarray(allowed[arrays.patch])

    def _patches(self, of_patch: SampleFilter) -> np.ndarray:
        if of_patch.is_empty:
            return np.ones(len(self._places), dtype=np.bool_)
        matching = np.zeros(self._catalog.total + 1, dtype=np.bool_)
        matching[self._catalog.matching_rows(of_patch)] = True
        return np.asarray(matching[self._places])


def _unpacked(bits: np.ndarray, size: int) -> np.ndarray:
    return np.unpackbits(bits, count=size).view(np.bool_)


def _one_of(codes: np.ndarray, wanted: Sequence[int]) -> np.ndarray:
    allowed = np.zeros(_CODES, dtype=np.bool_)
    allowed[list(wanted)] = True
    allowed[FOREIGN_TASK] = False
    return np.asarray(allowed[codes])


def _holds(box: np.ndarray, x: float, y: float) -> np.ndarray:
    """Which boxes hold a point, edges included."""
    left, top, right, bottom = box.T
    low_x, low_y = (math.floor(each * STEPS + _ROUNDING) for each in (x, y))
    high_x, high_y = (math.ceil(each * STEPS - _ROUNDING) for each in (x, y))
    inside = (left <= low_x) & (right >= high_x) & (top <= low_y) & (bottom >= high_y)
    return np.asarray(inside & (left != NO_BOX))
