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
            answer.set_result(compute())
        except BaseException as error:
            with self._lock:
                self._answers.pop(key, None)
            answer.set_exception(error)  # before raising: other threads wait on this future
            raise
        self._shrink(key)
        return answer.result()

    def _shrink(self, newest: Key) -> None:
        with self._lock:
            sizes = {key: self._size_of(held.result()) for key, held in self._answers.items() if held.done()}
            excess = sum(sizes.values()) - self._max_bytes
            for key in [key for key in sizes if key != newest]:
                if excess <= 0:
                    break
                excess -= sizes[key]
                del self._answers[key]
