"""One audit under way: a thread that checks patch after patch, tells how far it is, and stops when it is told to."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pyarrow as pa
from filelock import FileLock, Timeout

from data_access.annotations.audit.parts import AuditParts
from data_access.annotations.audit.verdicts import verdict_table
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.map_facts import MapFacts
from data_access.progress import Activity, activity
from errors import PatchworkError

logger = logging.getLogger(__name__)

TITLE = "Checking answers against reference maps"
_READ_AT_ONCE = 64  # patches: about 1,300 rows
_KEPT_AT_ONCE = 1024  # patches of a part: about 20,000 rows, 1 MB
_KEPT_EVERY_S = 10.0  # what a killed process loses at most, and how often pages see more
# Of the time that a patch takes: a pause in which the interpreter is the pages' alone. It costs a sixth of the pace.
# Facets over nine million rows, 61 ms without a check, take 114 ms beside one (180 at most), and not 198 (850).
_PAUSE = 0.5

ReadMap = Callable[[str], MapFacts | None]


class AuditRun:
    """The check of some patches, in the background from the moment it is made."""

    def __init__(
        self, parts: AuditParts, rows: AnnotationRows, read_map: ReadMap, wanted: np.ndarray, lock: Path | None
    ) -> None:
        """Start.

        Args:
            parts: where findings go.
            rows: the annotations.
            read_map: the facts of a patch's map.
            wanted: (patches,) bool, which patches to check; those that are done are left out.
            lock: file that one process at a time holds; None where no other can be meant.
        """
        self._parts, self._rows, self._read_map, self._wanted = parts, rows, read_map, wanted
        self._lock = lock
        self._stop = Event()
        self.activity = Activity(TITLE, total=int(np.count_nonzero(wanted)), unit="patches")
        self.problem = ""  # why it ended early, or what it had to leave out, in a sentence
        self._unread: list[str] = []  # patches whose maps can not be read
        self._thread = Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        """Whether somebody has stopped it."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Stop after the patch at hand; what was found stays."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for the end."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        try:
            with self._alone(), activity(TITLE, total=self.activity.total, unit="patches") as told:
                self.activity = told
                self._check_all(told)
            self.problem = _left_out(self._unread)
        except Timeout:
            self.problem = "Another process checks these annotations right now. Wait for it to end, then start again."
        except PatchworkError as error:
            self.problem = error.message
        except Exception:
            # A thread has nobody above it: the page tells, the log has the rest.
            logger.exception("an audit broke off")
            self.problem = "The check broke off; the log says why. What was found until then is kept."

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from checking the same. Raises Timeout where one does."""
        lock = FileLock(self._lock) if self._lock else None
        try:
            if lock and self._lock:
                self._lock.parent.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=0)
                self._parts.reload()  # what another has found until now
        except Timeout:
            raise
        except (OSError, NotImplementedError) as error:  # nothing can be kept there, or files have no locks
            logger.warning("an audit goes on without its lock: %s", error)
            lock = None
        try:
            yield
        finally:
            if lock:
                lock.release()

    def _check_all(self, told: Activity) -> None:
        todo = np.flatnonzero(self._wanted & ~self._parts.done)
        told.resume(int(np.count_nonzero(self._wanted)) - len(todo))
        tables: list[pa.Table] = []
        waiting: list[int] = []
        since = time.monotonic()
        try:
            for patch, table in self._checked(todo):
                if table is not None:
                    tables.append(table)
                    waiting.append(patch)
                told.advance()
                if waiting and (len(waiting) >= _KEPT_AT_ONCE or time.monotonic() - since > _KEPT_EVERY_S):
                    found, numbers = pa.concat_tables(tables).unify_dictionaries(), waiting
                    tables, waiting, since = [], [], time.monotonic()
                    self._parts.add(found, numbers)
                if self._stop.is_set():
                    break
        finally:  # whatever ends it
            if waiting:
                self._parts.add(pa.concat_tables(tables).unify_dictionaries(), waiting)

    def _checked(self, todo: np.ndarray) -> Iterator[tuple[int, pa.Table | None]]:
        """Every patch with what was found for its rows; None where its map can not be read."""
        patch_of = self._rows.arrays.patch
        places_of = _Places(patch_of)
        ids = self._rows.arrays.patches["id"]
        for start in range(0, len(todo), _READ_AT_ONCE):
            numbers = todo[start : start + _READ_AT_ONCE]
            places = places_of(numbers)
            rows = self._rows.take(places).to_pylist()
            for number in numbers:
                began = time.monotonic()
                mine = np.flatnonzero(patch_of[places] == number)
                yield int(number), self._found(ids[int(number)].as_py(), places[mine], [rows[each] for each in mine])
                self._stop.wait(_PAUSE * (time.monotonic() - began))

    def _found(self, patch: str, places: np.ndarray, rows: Sequence[dict[str, object]]) -> pa.Table | None:
        facts = self._read_map(patch)
        if facts is None:
            self._unread.append(patch)
            return None
        return verdict_table(places.tolist(), rows, facts)


def _left_out(patches: Sequence[str]) -> str:
    """What is to be said of patches whose maps can not be read; empty without one."""
    if not patches:
        return ""
    maps = "The reference map of 1 patch" if len(patches) == 1 else f"The reference maps of {len(patches):,} patches"
    return f"{maps} can not be read, so nothing there is checked. Read {patches[0]} to see why."


class _Places:
    """Finds the rows of patches: they lie together where the file is in the order of its patches, as published."""

    def __init__(self, patch_of: np.ndarray) -> None:
        self._order = None if bool((patch_of[1:] >= patch_of[:-1]).all()) else np.argsort(patch_of, kind="stable")
        self._sorted = patch_of if self._order is None else patch_of[self._order]

    def __call__(self, patches: np.ndarray) -> np.ndarray:
        """Places of the rows of patches, ascending."""
        starts = np.searchsorted(self._sorted, patches, side="left")
        ends = np.searchsorted(self._sorted, patches, side="right")
        found = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])
        return found if self._order is None else np.sort(self._order[found])
