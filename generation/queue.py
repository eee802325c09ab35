"""The line in which generations wait: one runs at a time, first come first served, one unfinished job per session."""

import math
from collections import deque
from collections.abc import Callable
from threading import Condition

from errors import GenerationQueueError, GenerationStateError
from generation.events import Queued
from generation.jobs import Job


class Line:
    """Jobs that wait, and the one whose turn it is; safe to use from many threads.

    Since nobody has two unfinished jobs, whoever comes first is also served fairly.
    """

    def __init__(self, places: int, expected_s: Callable[[Job], float]) -> None:
        """Nobody waits yet.

        Args:
            places: how many may.
            expected_s: tells how many seconds a job will take.
        """
        self._places = places
        self._expected_s = expected_s
        self._changed = Condition()
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._closed = False

    def check(self, session: str) -> None:
        """Refuse now what `join` would refuse.

        Raises:
            GenerationStateError: the session has an unfinished job.
            GenerationQueueError: the line is full.
        """
        with self._changed:
            own = next((job for job in self._all() if job.asked.session == session and not job.is_over), None)
            if own:
                raise GenerationStateError(
                    f"The run {own.id} of this session is not finished. Wait for it, or cancel it with DELETE "
                    f"/api/generations/{own.id}, and ask again.",
                    own.id,
                )
            if len(self._waiting) >= self._places:
                wait = self._wait_before(len(self._waiting))
                raise GenerationQueueError(
                    f"{len(self._waiting)} runs wait already, which is as many as may. Ask again in a moment.", wait
                )

    def join(self, job: Job) -> None:
        """Wait for a turn. Raises what `check` raises."""
        with self._changed:
            self.check(job.asked.session)
            self._waiting.append(job)
            self._tell_places()
            self._changed.notify_all()

    def leave(self, job: Job) -> bool:
        """Wait no longer; False for a job that does not wait."""
        with self._changed:
            if job not in self._waiting:
                return False
            self._waiting.remove(job)
            self._tell_places()
            return True

    def turn(self, seconds: float) -> Job | None:
        """The next job, whose turn it is until `end`; None where nobody comes in that time."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, seconds)
            if not self._waiting:
                return None
            self._running = self._waiting.popleft()
            self._running.begin()
            self._tell_places()
            return self._running

    def end(self) -> None:
        """The job whose turn it was is over."""
        with self._changed:
            self._running = None
            self._tell_places()

    def close(self) -> tuple[Job, ...]:
        """Nobody gets a turn any more; returns who waited."""
        with self._changed:
            self._closed = True
            waiting = tuple(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
            return waiting

    def _all(self) -> tuple[Job, ...]:
        return (*((self._running,) if self._running else ()), *self._waiting)

    def _wait_before(self, place: int) -> float:
        """Seconds until the turn of a place, 0 being the next."""
        before = self._all()[: place + (self._running is not None)]
        return float(math.ceil(sum(max(0.0, self._expected_s(job) - job.running_s) for job in before)))

    def _tell_places(self) -> None:
        """Tell everyone who waits where they are, if that has changed."""
        for place, job in enumerate(self._waiting):
            now = Queued(place + 1, self._wait_before(place))
            if job.queued != now:
                job.tell(now)
