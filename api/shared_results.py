"""Results that are made once, kept while there is room, and shared by everybody who asks meanwhile."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedResults(Generic[T]):
    """A cache limited by bytes, least recently used first out, with one maker per key at a time.

    Whoever asks first for a key makes the result; everybody else who asks before it is there waits for the same one.
    Failures are given to all who waited and are not kept. Safe to use from many threads.
    """

    def __init__(self, limit_bytes: int, size_of: Callable[[T], int]) -> None:
        """Keep results of at most `limit_bytes` in all, as `size_of` counts them."""
        self._limit = limit_bytes
        self._size_of = size_of
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._bytes = 0
        self._flights: dict[str, Future[T]] = {}
        self._lock = Lock()

    @property
    def kept_bytes(self) -> int:
        """Bytes of all results kept now."""
        return self._bytes

    def claim(self, key: str) -> tuple[Future[T], bool]:
        """The (perhaps future) result of a key, and whether the caller must now make it by calling `fulfil`."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                done: Future[T] = Future()
                done.set_result(self._kept[key])
                return done, False
            if key in self._flights:
                return self._flights[key], False
            flight: Future[T] = Future()
            self._flights[key] = flight
            return flight, True

    def fulfil(self, key: str, make: Callable[[], T]) -> None:
        """Make the result that `claim` asked for and hand it, or the error, to all who wait."""
        try:
            result = make()
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to those who wait for it
            self.abandon(key, error)
            return
        with self._lock:
            self._keep(key, result)
            flight = self._flights.pop(key)
        flight.set_result(result)

    def abandon(self, key: str, error: BaseException) -> None:
        """Tell all who wait for a claimed key that it will not be made."""
        with self._lock:
            flight = self._flights.pop(key)
        flight.set_exception(error)

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The result of a key, made in this thread where nobody else has made it or is making it."""
        future, mine = self.claim(key)
        if mine:
            self.fulfil(key, make)
        return future.result()

    def _keep(self, key: str, result: T) -> None:
        """Store a result and drop the oldest until all fit; one larger than the limit is not stored."""
        size = self._size_of(result)
        if size > self._limit:
            return
        self._kept[key] = result
        self._bytes += size
        while self._bytes > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= self._size_of(dropped)
