"""The audit of one collection: what was found for any selection of rows, and the door to checking more."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary, ref

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.audit.parts import AuditParts
from data_access.annotations.audit.run import AuditRun
from data_access.annotations.audit.verdicts import CODES, NOT_CHECKED, SCHEMA
from data_access.annotations.checks.verdict import OUTCOMES, Outcome
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.memory_cache import OnceCache
from data_access.settings import settings
from data_access.tasks import TASKS
from errors import JobError, SourceMissingError

VERSION = 2  # part of the folder's name: raise it whenever a check can say something else than before
_ROWS_AT_ONCE = 20_000  # of a stream: about as many as a part has
_CACHE_BYTES = 8_000_000  # of what was asked last: masks of 17 filters over all patches
SUMMARY_SCHEMA = pa.schema(
    [("type", pa.string()), ("category", pa.string())] + [(name, pa.int64()) for name in (*OUTCOMES, "not_checked")]
)


@dataclass(frozen=True)
class Coverage:
    """How far a selection is checked, in patches.

    Attributes:
        patches: of the selection.
        with_map: of those, how many have a reference map and so can be checked.
        checked: of those, how many were.
    """

    patches: int
    with_map: int
    checked: int


class Audit:
    """What is found in the annotations of one data set; safe to use from many threads at once."""

    def __init__(self, dataset: BigEarthNet, rows: AnnotationRows, folder: Path | None) -> None:
        """Take over what earlier audits have kept.

        Args:
            dataset: whose maps are asked.
            rows: its annotations.
            folder: where findings are kept; None keeps them in memory.
        """
        self._rows, self._folder = rows, folder
        self._dataset = ref(dataset)  # audits are kept by data set: one that held its own would keep it for good
        arrays = rows.arrays
        self._has_map = _with_map(dataset, arrays.patches)
        self._parts = AuditParts(folder, len(arrays), len(arrays.patches))
        self._lock = Lock()
        # While a check runs, its page asks for the same every second.
        self._masks: OnceCache[RowFilter, np.ndarray] = OnceCache(_CACHE_BYTES, lambda mask: int(mask.nbytes))
        self._summaries: OnceCache[tuple[RowFilter, int], pa.Table] = OnceCache(
            _CACHE_BYTES, lambda table: table.nbytes
        )
        self.run: AuditRun | None = None  # the latest

    def coverage(self, wanted: RowFilter) -> Coverage:
        """How far a selection is checked."""
        patches = self._patches(wanted)
        with_map = patches & self._has_map
        counted = (patches, with_map, with_map & self._parts.done)
        return Coverage(*(int(np.count_nonzero(each)) for each in counted))

    def start(self, wanted: RowFilter) -> AuditRun:
        """Check what is left of a selection, in the background: all rows of every patch that has a row in it.

        Raises:
            JobError: a check is under way, or the data set is no longer open.
        """
        dataset = self._dataset()
        if dataset is None:
            raise JobError("The data set was opened anew. Reload the page, then start again.")
        with self._lock:
            if self.run and self.run.running:
                raise JobError("A check is under way already. Wait for its end, or cancel it first.")
            lock = self._folder / ".lock" if self._folder else None
            patches = self._patches(wanted) & self._has_map
            self.run = AuditRun(self._parts, self._rows, dataset.map_facts, patches, lock)
            return self.run

    def summary(self, wanted: RowFilter) -> pa.Table:
        """How many rows of a selection have which outcome, per task: `SUMMARY_SCHEMA`; tasks without rows left out."""
        return self._summaries.get((wanted, self._parts.version), lambda: self._summarise(wanted))

    def _summarise(self, wanted: RowFilter) -> pa.Table:
        selected = self._rows.selected(wanted)
        tasks, outcomes = self._rows.arrays.task[selected], self._parts.outcomes[selected]
        known = tasks < len(TASKS)
        width = len(CODES) + 1
        counts = np.bincount(tasks[known].astype(np.int64) * width + outcomes[known], minlength=len(TASKS) * width)
        table = counts.reshape(len(TASKS), width)
        records = [
            {"type": task.type, "category": task.category, "not_checked": int(line[NOT_CHECKED])}
            | {outcome: int(line[code]) for outcome, code in CODES.items()}
            for task, line in zip(TASKS, table, strict=True)
            if line.sum()
        ]
        return pa.Table.from_pylist(records, SUMMARY_SCHEMA)

    def count(self, wanted: RowFilter, outcomes: Collection[Outcome] = OUTCOMES) -> int:
        """How many checked rows of a selection have one of the outcomes."""
        return int(np.count_nonzero(self._chosen(wanted, outcomes)))

    def page(self, wanted: RowFilter, outcomes: Collection[Outcome], *, limit: int, start: int = 0) -> pa.Table:
        """Some of the checked rows in the order of their IDs: `verdicts.SCHEMA`.

        Args:
            wanted: the selection.
            outcomes: which of them.
            limit: how many at most.
            start: how many to leave out before.
        """
        places = np.flatnonzero(self._chosen(wanted, outcomes))[start : start + limit]
        found = self._parts.take(places)
        return SCHEMA.empty_table() if found is None else found.select(SCHEMA.names)

    def tables(self, wanted: RowFilter, outcomes: Collection[Outcome] = OUTCOMES) -> Iterator[pa.Table]:
        """All of them by ID, some thousands at a time, so that memory stays bounded: `verdicts.SCHEMA`.

        The first table has no rows and tells the columns.
        """
        yield SCHEMA.empty_table()
        places = np.flatnonzero(self._chosen(wanted, outcomes))
        for start in range(0, len(places), _ROWS_AT_ONCE):
            found = self._parts.take(places[start : start + _ROWS_AT_ONCE])
            if found is not None:
                yield found.select(SCHEMA.names)

    def _chosen(self, wanted: RowFilter, outcomes: Collection[Outcome]) -> np.ndarray:
        allowed = np.zeros(len(CODES) + 1, np.bool_)
        allowed[[CODES[outcome] for outcome in outcomes]] = True
        chosen: np.ndarray = self._rows.selected(wanted) & allowed[self._parts.outcomes]
        return chosen

    def _patches(self, wanted: RowFilter) -> np.ndarray:
        """Which patches have a row in a selection, (patches,) bool."""
        return self._masks.get(wanted, lambda: self._mask(wanted))

    def _mask(self, wanted: RowFilter) -> np.ndarray:
        return np.asarray(self._rows.of_patches(wanted) > 0)


_AUDITS: "WeakKeyDictionary[BigEarthNet, Audit]" = WeakKeyDictionary()
_OPENING = Lock()


def audit_of(dataset: BigEarthNet) -> Audit:
    """The audit of an open data set, shared by all sessions, kept below the settings' folder for tables.

    Raises:
        SourceMissingError: it has no annotations.
        PatchworkError: they could not be opened.
    """
    with _OPENING:
        if dataset not in _AUDITS:
            rows = dataset.rows
            if rows is None:
                raise SourceMissingError(
                    "There are no annotations to check: set PATCHWORK_BIGEARTHNET_TXT to BigEarthNet.txt.parquet."
                )
            folder = settings().tables_dir / f"audit-{dataset.info.revision}-{VERSION}"
            _AUDITS[dataset] = Audit(dataset, rows, folder)
        return _AUDITS[dataset]


def _with_map(dataset: BigEarthNet, patches: pa.Table) -> np.ndarray:
    """Which patches have a reference map, (patches,) bool."""
    ids = patches["id"].combine_chunks()
    batches = dataset.catalog.batches(("id", "has_reference_map"))
    with_map = [batch.filter(batch["has_reference_map"])["id"].cast(ids.type) for batch in batches]
    return np.asarray(pc.is_in(ids, value_set=pa.chunked_array(with_map, ids.type)))
