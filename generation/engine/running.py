"""What accompanies one run: who listens, whether anybody still waits, and how long the rest will take."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from errors import GenerationCancelledError
from generation.events import Event
from generation.speeds import SPEEDS, Pace

Tell = Callable[[Event], None]
Stopped = Callable[[], bool]


class Running:
    """One run as its parts see it."""

    def __init__(self, tell: Tell, stopped: Stopped, pace: Pace) -> None:
        """Nothing is planned or timed yet."""
        self.tell = tell
        self._stopped = stopped
        self.pace = pace
        self._left: dict[str, int] = {}
        self.timings: dict[str, float] = {}

    def check(self) -> None:
        """Raises GenerationCancelledError once nobody waits any more; called many times a second."""
        if self._stopped():
            raise GenerationCancelledError("The generation was cancelled.")

    def plan(self, what: str, units: int) -> None:
        """Units of work (see `speeds`) that will have to be done."""
        self._left[what] = self._left.get(what, 0) + units

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time of a block to `timings`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - start

    def worked(self, what: str, units: int, seconds: float) -> None:
        """Units are done, and this is how long they took together."""
        self._left[what] = max(0, self._left.get(what, 0) - units)
        if units:
            SPEEDS.measured(self.pace, what, seconds / units)

    def seconds_left(self) -> float:
        """What is planned and not done, at the speed last seen."""
        return sum(units * SPEEDS.seconds(self.pace, what) for what, units in self._left.items())


class Stopwatch:
    """Seconds between two moments of the same work."""

    def __init__(self) -> None:
        """Begin now."""
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap, or the beginning."""
        now = time.perf_counter()
        seconds, self._last = now - self._last, now
        return seconds
