"""One generation on its way, and what happened to it so far: numbered, so that a reload goes on where it was."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Condition
from typing import Literal

from generation.events import Cancelled, Done, Event, Failed, Loading, Queued, Step, Tokens
from generation.place import Place
from generation.prepared import Prepared
from generation.request import Request

State = Literal["queued", "loading", "running", "done", "failed", "cancelled"]
STATES: dict[type[Event], State] = {
    Queued: "queued",
    Loading: "loading",
    Tokens: "running",
    Step: "running",
    Done: "done",
    Failed: "failed",
    Cancelled: "cancelled",
}
FINAL = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True)
class Asked:
    """What somebody wants: a request, of what, and who."""

    id: str
    request: Request
    dataset: str  # empty where there is no sample
    sample: str | None
    revision: str  # of the collection
    session: str
    given: tuple[float, float] | None = None  # longitude and latitude that stand for a sample
    place: Place | None = None  # where the window lies, if that is known
    made_at: str = ""  # ISO 8601, UTC: when it was asked for


@dataclass(frozen=True)
class Told:
    """An event and its number: 1 for the first of its job, rising."""

    number: int
    event: Event


class Job:
    """A generation; safe to use from many threads.

    Of events that replace each other, such as the steps of one modality, only the latest is kept: memory stays bounded,
    and whoever comes late sees how things are rather than how they came about.
    """

    def __init__(self, asked: Asked, prepared: Prepared | None) -> None:
        """Begin without an event.

        Args:
            asked: what is wanted.
            prepared: the inputs; let go when the job ends. None for a job that has ended before this process began.
        """
        self.asked = asked
        self.prepared = prepared
        self._changed = Condition()
        self._told: dict[tuple[str, str], Told] = {}  # by what they replace, in the order of their numbers
        self._number = 0
        self._listeners: list[Callable[[], None]] = []
        self._began: float | None = None
        self.is_unwanted = False

    @property
    def id(self) -> str:
        """What it is asked for by."""
        return self.asked.id

    @property
    def state(self) -> State:
        """Where it is."""
        last = self.last
        return STATES[type(last.event)] if last else "queued"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in FINAL

    @property
    def last(self) -> Told | None:
        """The latest event."""
        with self._changed:
            return next(reversed(self._told.values()), None)

    @property
    def number(self) -> int:
        """Of the latest event; 0 before the first."""
        with self._changed:
            return self._number

    @property
    def queued(self) -> Queued | None:
        """Its place in the line, while it waits."""
        last = self.last
        return last.event if last and isinstance(last.event, Queued) else None

    @property
    def failure(self) -> Failed | None:
        """Why it failed, if it did."""
        last = self.last
        return last.event if last and isinstance(last.event, Failed) else None

    @property
    def running_s(self) -> float:
        """Seconds since its turn came; 0 before."""
        return time.monotonic() - self._began if self._began is not None else 0.0

    def begin(self) -> None:
        """Note that its turn has come."""
        self._began = time.monotonic()

    def cancel(self) -> None:
        """Nobody wants the result any more; whoever runs it looks at `is_unwanted`."""
        self.is_unwanted = True

    def tell(self, event: Event, *, number: int | None = None) -> None:
        """Note an event and wake whoever waits for it. What comes after the last event is dropped.

        Args:
            event: what happened.
            number: of the event, where it was told before in another process.
        """
        with self._changed:
            last = next(reversed(self._told.values()), None)
            if last and STATES[type(last.event)] in FINAL:
                return
            self._number = number or self._number + 1
            key = (event.name, getattr(event, "modality", ""))
            self._told.pop(key, None)
            self._told[key] = Told(self._number, event)
            if not isinstance(event, Queued):
                self._told.pop((Queued.name, ""), None)
            if STATES[type(event)] in FINAL:
                self.prepared = None
            listeners = tuple(self._listeners)
            self._changed.notify_all()
        for each in listeners:
            each()

    def after(self, number: int) -> tuple[Told, ...]:
        """What happened after an event."""
        with self._changed:
            return tuple(told for told in self._told.values() if told.number > number)

    def wait(self, number: int, seconds: float) -> tuple[Told, ...]:
        """The same; where nothing has happened yet, wait for it, but not longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > number or self.is_over, seconds)
        return self.after(number)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have a function called, in any thread, whenever something happened; returns how to end that."""
        with self._changed:
            self._listeners.append(listener)

        def end() -> None:
            with self._changed, suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def events(self, number: int = 0) -> Iterator[Told]:
        """What happened after an event, and what will, up to the last one; waits in between."""
        while True:
            news = self.wait(number, _LOOK_S)
            yield from news
            number = news[-1].number if news else number
            if self.is_over and not self.after(number):
                return


def now_text() -> str:
    """This moment as results name it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_LOOK_S = 10.0  # a wait is woken by what happens; this only bounds what a lost wake-up costs
