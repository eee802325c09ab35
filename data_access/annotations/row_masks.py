"""Which rows a `RowFilter` leaves, one bit each; the latest answers are kept."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow.compute as pc

from data_access.annotations.row_arrays import ANSWER_CODES, BLOCK, NO_BOX, NO_PATCH, STEPS
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.row_store import RowStore
from data_access.bit_mask import BitMask
from data_access.catalog import TableCatalog
from data_access.memory_cache import OnceCache
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASKS, matching_tasks

CACHE_BYTES = 32_000_000  # of filters: 17 over 9.55 M rows
_ROUNDING = 1e-9  # of a hundredth: 0.29 * 100 is not 29
_CODES = 256  # values of a byte

Condition = Callable[[slice], np.ndarray]  # which of some rows meet it, (m,) bool


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
        in_order = bool((arrays.patch[1:] >= arrays.patch[:-1]).all()) and NO_PATCH not in arrays.patch[:1]
        # Where the rows of each patch begin and the last one's end; None where they do not lie together.
        self._starts = np.concatenate([[0], np.cumsum(self._per_patch)]) if in_order else None
        self._filters: OnceCache[RowFilter, BitMask] = OnceCache(CACHE_BYTES, lambda mask: mask.nbytes)

    def get(self, wanted: RowFilter) -> BitMask:
        """Which rows match, computed once however many ask at the same time."""
        return self._filters.get(wanted, lambda: BitMask(self._blocks(wanted)))

    def of_patches(self, mask: BitMask) -> np.ndarray:
        """How many rows of each patch are in a mask, (patches,) int64."""
        if self._starts is not None:
            return np.diff(mask.before(self._starts).astype(np.int64))
        numbers = self._store.arrays.patch[mask.places(0, len(mask))]
        return np.bincount(numbers[numbers != NO_PATCH], minlength=len(self._places))

    def _blocks(self, wanted: RowFilter) -> Iterator[np.ndarray]:
        conditions = list(self._conditions(wanted))
        size = len(self._store.arrays)
        for start in range(0, max(size, 1), BLOCK):
            part = slice(start, min(start + BLOCK, size))
            found = np.ones(part.stop - part.start, dtype=np.bool_)
            for condition in conditions:
                found &= condition(part)
            yield found
        self._store.rest()

    def _conditions(self, wanted: RowFilter) -> Iterator[Condition]:
        arrays, samples = self._store.arrays, wanted.samples
        allowed = self._allowed_patches(wanted)
        if allowed is not None:
            yield lambda part: np.asarray(allowed[arrays.patch[part]])
        if samples.type or samples.category:
            tasks = matching_tasks(samples.type, samples.category)
            yield _one_of(arrays.task, [TASKS.index(task) for task in tasks])
        if wanted.answers:
            yield _one_of(arrays.answer, [ANSWER_CODES[answer] for answer in wanted.answers])
        if wanted.malformed:
            yield lambda part: arrays.malformed[part]
        if wanted.box_at:
            x, y = wanted.box_at
            yield lambda part: _holds(arrays.box[part], x, y)
        if wanted.box_size:
            size = wanted.box_size
            yield lambda part: _is_sized(arrays.box[part], *size)
        if samples.words:
            held = self._store.search(samples.words)
            yield lambda part: held.between(part.start, part.stop)

    def _allowed_patches(self, wanted: RowFilter) -> np.ndarray | None:
        """Which patches meet the conditions on patches, and no for rows without one; None without conditions."""
        of_patch = wanted.samples.without("text", "type", "category")
        if of_patch.is_empty and wanted.per_patch is None:
            return None
        allowed = np.zeros(len(self._places) + 1, dtype=np.bool_)  # NO_PATCH is the last one
        allowed[:-1] = self._patches(of_patch)
        if wanted.per_patch is not None:
            low, high = wanted.per_patch
            allowed[:-1] &= (self._per_patch >= low) & (self._per_patch <= high)
        return allowed

    def _patches(self, of_patch: SampleFilter) -> np.ndarray:
        if of_patch.is_empty:
            return np.ones(len(self._places), dtype=np.bool_)
        matching = np.zeros(self._catalog.total + 1, dtype=np.bool_)
        matching[self._catalog.matching_rows(of_patch)] = True
        return np.asarray(matching[self._places])


def _one_of(codes: np.ndarray, wanted: Sequence[int]) -> Condition:
    allowed = np.zeros(_CODES, dtype=np.bool_)
    allowed[list(wanted)] = True
    return lambda part: np.asarray(allowed[codes[part]])


def _holds(box: np.ndarray, x: float, y: float) -> np.ndarray:
    """Which boxes hold a point, edges included."""
    left, top, right, bottom = box.T
    low_x, low_y = (math.floor(each * STEPS + _ROUNDING) for each in (x, y))
    high_x, high_y = (math.ceil(each * STEPS - _ROUNDING) for each in (x, y))
    inside = (left <= low_x) & (right >= high_x) & (top <= low_y) & (bottom >= high_y)
    return np.asarray(inside & (left != NO_BOX))


def _is_sized(box: np.ndarray, narrowest: float, widest: float, lowest: float, highest: float) -> np.ndarray:
    """Which boxes have a width and a height in these ranges, bounds included."""
    least = [math.ceil(each * STEPS - _ROUNDING) for each in (narrowest, lowest)]
    most = [math.floor(each * STEPS + _ROUNDING) for each in (widest, highest)]
    sizes = box[:, 2:] - box[:, :2]
    inside = (sizes >= np.array(least, np.uint8)) & (sizes <= np.array(most, np.uint8))
    return np.asarray(inside.all(axis=1) & (box[:, 0] != NO_BOX))
