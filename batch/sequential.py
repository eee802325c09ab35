"""Reading a shard from its beginning to its end, once, in large requests."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from data_access.terramesh.byte_range import ReadRange

# 16 MiB: 400 requests for a shard of 6 GB, long enough that the way to a server (30 ms) costs under a tenth of the
# time at 100 MB/s, and small enough that two of them per worker are nothing.
WINDOW_BYTES = 16 << 20


class SequentialReader:
    """A `ReadRange` for readers that go forward: one window in hand, and the next on its way.

    Going back works, and costs a request. Not for several threads at once.
    """

    def __init__(
        self, read: ReadRange, size: int, window: int = WINDOW_BYTES, told: Callable[[int], None] = lambda _: None
    ) -> None:
        """Read a file of `size` bytes with `read`, `window` bytes at a time; `told` hears how many have come."""
        self._read = read
        self._size = size
        self._window = window
        self._told = told
        self._start = 0
        self._data = b""
        self._coming: tuple[int, Future[bytes]] | None = None  # where it begins, and the bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="patchwork-ahead")

    def __enter__(self) -> "SequentialReader":
        """Use as a context, so that the thread ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the thread; what is on its way is dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def __call__(self, offset: int, length: int) -> bytes:
        """Bytes `offset` to `offset + length`; what lies before them is forgotten. Raises what `read` raises."""
        if offset + length > self._size:
            return self._read(offset, length)  # which says what is wrong with that
        end = self._start + len(self._data)
        if not self._start <= offset <= end + self._window:
            self._start, self._data = offset, b""
        while self._start + len(self._data) < offset + length:
            kept = max(offset - self._start, 0)
            following = self._next(self._start + len(self._data))
            self._start, self._data = self._start + min(kept, len(self._data)), self._data[kept:] + following
        first = offset - self._start
        return self._data[first : first + length]

    def _next(self, begin: int) -> bytes:
        """The window that begins at `begin`; starts fetching the one behind it."""
        if self._coming and self._coming[0] == begin:
            data = self._coming[1].result()
        else:
            data = self._read(begin, self._length_at(begin))
        self._told(len(data))
        behind = begin + len(data)
        length = self._length_at(behind)
        self._coming = (behind, self._thread.submit(self._read, behind, length)) if length else None
        return data

    def _length_at(self, begin: int) -> int:
        return max(0, min(self._window, self._size - begin))
