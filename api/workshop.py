"""A few threads and a short queue: heavy work never piles up, and the event loop never waits for it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from data_access.memory_cache import OnceCache
from errors import BusyError

T = TypeVar("T")


class Workshop:
    """A thread pool that refuses work when more than `queue` pieces wait."""

    def __init__(self, name: str, *, threads: int, queue: int) -> None:
        """Start no thread yet; the first work does."""
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=f"patchwork-{name}")
        self._places = BoundedSemaphore(threads + queue)
        self._name = name

    async def run(self, work: Callable[[], T]) -> T:
        """Do one piece of work in a thread.

        Raises:
            BusyError: the queue is full.
        """
        return await asyncio.shield(asyncio.wrap_future(self._submit(work)))

    async def shared(self, results: OnceCache[str, T], key: str, make: Callable[[], T]) -> T:
        """The result of a key: kept, being made by somebody, or made here; one thread per key at most.

        Raises:
            BusyError: it would have to be made and the queue is full.
        """
        future, mine = results.claim(key)
        if mine:
            try:
                self._submit(lambda: results.fulfil(key, make))
            except BusyError as error:
                results.abandon(key, error)
        # Shielded: a client that goes away must not take the picture from the others that wait for it.
        return await asyncio.shield(asyncio.wrap_future(future))

    async def stream(self, pieces: Generator[T]) -> AsyncGenerator[T]:
        """What a generator makes, one piece after the other, each in a thread, none before it is asked for.

        Whoever stops listening and closes this stops the generator as well, after the piece that is being made. While
        it lasts it takes one of the places, so only so many are under way at once.

        Raises:
            BusyError: all places are taken.
        """
        self._take_place()
        making: Future[T | None] = Future()
        making.set_result(None)
        try:
            while True:
                making = self._pool.submit(next, pieces, None)
                piece = await asyncio.wrap_future(making)
                if piece is None:
                    return
                yield piece
        finally:
            making.add_done_callback(lambda _: self._end_stream(pieces))

    def _end_stream(self, pieces: Generator[T]) -> None:
        try:
            pieces.close()
        finally:
            self._places.release()

    def close(self) -> None:
        """Stop after the work in progress; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        """Queue a piece of work if there is a place. Raises BusyError."""
        self._take_place()
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return future

    def _take_place(self) -> None:
        if not self._places.acquire(blocking=False):
            raise BusyError(f"All {self._name} threads are busy and their queue is full. Ask again in a second.")
