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
        self._sizes: dict[Key, int] = {}  # of finished answers; asked once, since large objects are slow to tell
        self._bytes = 0

    def get(self, key: Key, compute: Callable[[], Answer]) -> Answer:
        """The answer of this key; an error of `compute` reaches every waiting caller and is not kept."""
        with self._lock:
            answer = self._answers.get(key)
            mine = answer is None
            if answer is None:
                answer = self._answers[key] = Future()
            self._answers.move_to_end(key)
        if not mine:
            return answer.result()
        try:
            found = compute()
            size = self._size_of(found)
        except BaseException as error:
            with self._lock:
                self._answers.pop(key, None)
            answer.set_exception(error)  # before raising: other threads wait on this future
            raise
        answer.set_result(found)
        self._keep(key, size)
        return found

    def _keep(self, newest: Key, size: int) -> None:
        """Count an answer in, and drop the least recently used others until all fit."""
        with self._lock:
            self._sizes[newest] = size
            self._bytes += size
            for key in [key for key in self._answers if key != newest and key in self._sizes]:
                if self._bytes <= self._max_bytes:
                    break
                self._bytes -= self._sizes.pop(key)
                del self._answers[key]
