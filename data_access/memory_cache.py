"""A small cache of costly answers: bounded in bytes, safe between threads, each answer computed once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class OnceCache(Generic[Key, Answer]):
    """Answers by key, the least recently used dropped first; callers of a key being computed wait for that one run."""

    def __init__(self, max_bytes: int, size_of: Callable[[Answer], int]) -> None:
        """Hold answers of at most `max_bytes` together, but always the latest one, however large."""
        self._max_bytes = max_bytes
        self._size_of = size_of
        self._lock = Lock()
        self._answers: OrderedDict[Key, Future[Answer]] = OrderedDict()
        self._sizes: dict[Key, int] = {}  # of finished answers; not asked often, since large objects are slow to tell
        self._bytes = 0

    def get(self, key: Key, compute: Callable[[], Answer]) -> Answer:
        """The answer of this key; an error of `compute` reaches every waiting caller and is not kept."""
        answer, mine = self.claim(key)
        if mine:
            self.fulfil(key, compute)
        return answer.result()

    def claim(self, key: Key) -> tuple[Future[Answer], bool]:
        """The (perhaps future) answer of a key, and whether the caller must now see to it: `fulfil` or `abandon`."""
        with self._lock:
            answer = self._answers.get(key)
            mine = answer is None
            if answer is None:
                answer = self._answers[key] = Future()
            self._answers.move_to_end(key)
        return answer, mine

    def fulfil(self, key: Key, compute: Callable[[], Answer]) -> None:
        """Compute the answer of a claimed key and hand it, or the error, to all who wait; may run in any thread."""
        try:
            found = compute()
            size = self._size_of(found)
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to those who wait for it
            self.abandon(key, error)
            return
        with self._lock:
            answer = self._answers[key]
            self._keep(key, size)
        answer.set_result(found)

    def abandon(self, key: Key, error: BaseException) -> None:
        """Tell all who wait for a claimed key that it will not be answered; the next who asks may try again."""
        with self._lock:
            answer = self._answers.pop(key)
        answer.set_exception(error)

    def drop(self, key: Key) -> None:
        """Forget a finished answer; one being computed still reaches those who wait for it."""
        with self._lock:
            if key in self._sizes:
                self._bytes -= self._sizes.pop(key)
                del self._answers[key]

    def recount(self, key: Key) -> None:
        """Ask for the size of a finished answer anew, because it has grown since."""
        with self._lock:
            if key in self._sizes:
                self._bytes -= self._sizes.pop(key)
                self._keep(key, self._size_of(self._answers[key].result()))

    def _keep(self, newest: Key, size: int) -> None:
        """Count an answer in, and drop the least recently used others until all fit; the lock is held."""
        self._sizes[newest] = size
        self._bytes += size
        for key in [key for key in self._answers if key != newest and key in self._sizes]:
            if self._bytes <= self._max_bytes:
                break
            self._bytes -= self._sizes.pop(key)
            del self._answers[key]
