"""A file read from front to back in large windows, the next one on its way while this one is used."""

from concurrent.futures import Future, ThreadPoolExecutor

from data_access.terramesh.byte_range import ReadRange

FIRST_WINDOW = 1 << 20  # bytes: the first sample is there after a moment
LARGEST_WINDOW = 8 << 20  # a window per request; by then the pace of the network counts, not its latency
_DROP_BYTES = 1 << 20  # used bytes are dropped in pieces, since dropping moves all that follow


class ReadAhead:
    """Ranges of a file at rising offsets; holds two windows and the range asked for. Not for several threads."""

    def __init__(self, read: ReadRange, size: int) -> None:
        """Read a file of `size` bytes through `read`, in a thread of its own; nothing happens before the first range.

        Args:
            read: gives bytes of the file.
            size: its length; nothing behind it is asked for.
        """
        self._read = read
        self._size = size
        self._begin = 0  # offset of the first byte held
        self._held = bytearray()
        self._window = FIRST_WINDOW
        self._coming: Future[bytes] | None = None
        self._pool = ThreadPoolExecutor(1, "patchwork-read-ahead")

    def __call__(self, offset: int, length: int) -> bytes:
        """Bytes `offset` to `offset + length`; no range before the latest offset may be asked for.

        Raises:
            ShardError, SourceMissingError, RemoteError: they can not be read.
        """
        self._drop_before(offset)
        while self._end < offset + length:
            if self._coming is None:
                self._order(self._end)
            data, self._coming = self._take(), None
            self._held += data
            if self._end < self._size:
                self._order(self._end)
        start = offset - self._begin
        return bytes(self._held[start : start + length])

    def close(self) -> None:
        """Fetch nothing more; a window that is on its way comes and is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def _end(self) -> int:
        return self._begin + len(self._held)

    def _drop_before(self, offset: int) -> None:
        if offset < self._begin:
            raise ValueError(f"byte {offset} was asked for after byte {self._begin}")
        if offset > self._end:  # a jump over more than is held: begin anew there
            self._coming, self._begin, self._held = None, offset, bytearray()
        elif offset - self._begin >= _DROP_BYTES:
            del self._held[: offset - self._begin]
            self._begin = offset

    def _order(self, offset: int) -> None:
        """Have the window at an offset fetched."""
        length = min(self._window, self._size - offset)
        if length <= 0:
            raise ValueError(f"byte {offset} lies behind the end of a file of {self._size} bytes")
        self._coming = self._pool.submit(self._read, offset, length)
        self._window = min(2 * self._window, LARGEST_WINDOW)

    def _take(self) -> bytes:
        if self._coming is None:
            raise ValueError("nothing was ordered")
        return self._coming.result()
