"""Work that is done in the background, once, however many wait for it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import Generic, TypeVar

Made = TypeVar("Made")


def in_background(name: str, work: Callable[[], Made]) -> Future[Made]:
    """What `work` makes, or why it could not, now or later.

    In a daemon's time: a process that is told to stop does not wait for tables to be built.

    Args:
        name: of the thread.
        work: what takes long.
    """
    future: Future[Made] = Future()

    def attempt() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to those who wait
            future.set_exception(error)

    Thread(target=attempt, name=name, daemon=True).start()
    return future


class MadeOnce(Generic[Made]):
    """Something that takes long to make: begun by the first who asks, shared by all, and tried again where it failed.

    Safe to use from many threads at once.
    """

    def __init__(self, name: str, make: Callable[[], Made]) -> None:
        """Make nothing yet.

        Args:
            name: of the thread that will make it.
            make: how.
        """
        self._name = name
        self._make = make
        self._lock = Lock()
        self._future: Future[Made] | None = None
        self._begun = 0.0

    def begin(self) -> Future[Made]:
        """The thing, now or later; begins to make it, once more where it could not be made before."""
        with self._lock:
            known = self._future
            if known is None or (known.done() and known.exception()):
                self._begun = time.monotonic()
                known = self._future = in_background(self._name, self._make)
            return known

    def soon(self, patience_s: float) -> Future[Made]:
        """The same, done where it takes no longer than so many seconds from its beginning, whoever asks when.

        Who comes to something that takes long is not held.
        """
        future = self.begin()
        wait([future], max(0.0, self._begun + patience_s - time.monotonic()))
        return future
