"""What this process is busy with: work that takes long enough for a person to ask how far it is.

Whoever does the work opens an `activity` and tells it how far it is; pages and the API's health list what is under way
and what ended. Nothing here knows who looks.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

KEPT_ENDED = 20  # ended activities that are still listed; a page shows the latest few
PACE_MARKS = 30  # moments that the pace is told from: half a minute, so that a resumed or slowed download is told right
MARK_S = 1.0  # seconds between two of them

ActivityStatus = Literal["running", "done", "failed"]


@dataclass
class Activity:
    """One piece of work; only the worker changes it, anyone may read it at any moment."""

    title: str  # what is done, in the words of a page: "Building the catalogue of TerraMesh"
    total: int | None = None  # units of work; None where it is not known
    unit: str = ""  # what is counted: "samples", "bytes", "shards"
    done: int = 0
    detail: str = ""  # what is worked on right now, or why it failed
    status: ActivityStatus = "running"
    started: float = field(default_factory=time.time)  # seconds since 1970
    ended: float | None = None
    _marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=PACE_MARKS), repr=False)

    def __post_init__(self) -> None:
        """Begin to measure the pace."""
        self._marks.append((self.started, self.done))

    @property
    def fraction(self) -> float | None:
        """Share that is done, 0 to 1; None where the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def remaining_s(self) -> float | None:
        """Seconds left at the latest pace; None where that can not be told."""
        pace = self.pace
        if not self.total or not pace or self.status != "running":
            return None
        return max(self.total - self.done, 0) / pace

    @property
    def pace(self) -> float | None:
        """Units per second over the last half minute; None before anything was done."""
        since, before = self._marks[0]
        passed = (self.ended or time.time()) - since
        return (self.done - before) / passed if passed > 0 and self.done > before else None

    def resume(self, done: int) -> None:
        """Say how many units were there before the work began: they tell nothing of its pace."""
        self.done = done
        self._marks = deque([(time.time(), done)], maxlen=PACE_MARKS)  # in one step: others may be reading

    def advance(self, units: int = 1, detail: str | None = None) -> None:
        """Count finished units."""
        self.tell(self.done + units, detail)

    def tell(self, done: int, detail: str | None = None) -> None:
        """Say how many units are finished, and what is worked on."""
        now = time.time()
        if now - self._marks[-1][0] >= MARK_S:
            self._marks.append((now, done))
        self.done = done
        if detail is not None:
            self.detail = detail


_LOCK = Lock()
_RUNNING: list[Activity] = []
_ENDED: deque[Activity] = deque(maxlen=KEPT_ENDED)


@contextmanager
def activity(title: str, *, total: int | None = None, unit: str = "") -> Iterator[Activity]:
    """List a piece of work while the block runs; an exception marks it failed and goes on to the caller."""
    started = Activity(title, total, unit)
    with _LOCK:
        _RUNNING.append(started)
    try:
        yield started
    except BaseException as error:
        _end(started, "failed", getattr(error, "message", type(error).__name__))
        raise
    _end(started, "done", started.detail)


def activities() -> tuple[Activity, ...]:
    """What is under way, oldest first, then what ended, latest first."""
    with _LOCK:
        return (*_RUNNING, *_ENDED)


def _end(ending: Activity, status: ActivityStatus, detail: str) -> None:
    with _LOCK:
        ending.status, ending.detail, ending.ended = status, detail, time.time()
        _RUNNING.remove(ending)
        _ENDED.appendleft(ending)
