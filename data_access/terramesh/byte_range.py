"""The one way bytes of a collection are read: a range of a file, as long as promised or a named error.

Everything above works with ranges, so that a file behind HTTP can take the place of a local one.
"""

import io
from collections.abc import Callable
from pathlib import Path

from data_access.remote import ranges
from data_access.remote.remote_file import RemoteFile
from errors import ShardError, SourceMissingError

ReadRange = Callable[[int, int], bytes]  # (offset, length) -> exactly `length` bytes
Location = Path | RemoteFile


def read_range(location: Location, offset: int, length: int) -> bytes:
    """Bytes `offset` to `offset + length` of a file: exactly `length` of them.

    Raises:
        SourceMissingError: the file is gone or may not be read.
        ShardError: the file ends before the range does, or the disk fails.
        RemoteError: a remote file can not be fetched, timed out, or changed; see `data_access.remote.ranges`.
    """
    if isinstance(location, RemoteFile):
        return ranges.fetch(location, offset, length)
    return _read_local(location, offset, length)


def size_of(location: Location) -> int:
    """Size of a file in bytes; of a remote file by its listing or, asked once, by its server.

    Raises:
        SourceMissingError: the file is gone or may not be read.
        RemoteError: a remote file can not be reached.
    """
    if isinstance(location, RemoteFile):
        return ranges.size_of(location)
    try:
        return location.stat().st_size
    except OSError as error:
        raise _unreadable(location, error) from error


def _unreadable(path: Path, error: OSError) -> SourceMissingError:
    return SourceMissingError(f"{path.name} can not be read ({error.strerror}). Check that it is there.")


def _read_local(path: Path, offset: int, length: int) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            data = file.read(length)
            while len(data) < length and (more := file.read(length - len(data))):
                data += more
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
        raise _unreadable(path, error) from error
    except OSError as error:
        raise ShardError(f"{path.name} can not be read at byte {offset} ({error}). Check the disk.") from error
    if len(data) < length:
        raise ShardError(
            f"{path.name} has {len(data)} of the {length} bytes promised from byte {offset}: "
            "it is truncated. Fetch it again."
        )
    return data


class RangeFile(io.RawIOBase):
    """A range read as a file, for readers that seek; wrap it in `io.BufferedReader`."""

    def __init__(self, read: ReadRange, offset: int, length: int) -> None:
        """Present bytes `offset` to `offset + length` behind `read` as a file of their own."""
        super().__init__()
        self._read = read
        self._offset = offset
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Position in the range."""
        return self._position

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        """Move as in any file; before the beginning is a ValueError."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        if start + position < 0:
            raise ValueError(f"seek to {start + position}, before the beginning")
        self._position = start + position
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` as far as the range goes."""
        count = max(0, min(len(buffer), self._length - self._position))
        if count:
            buffer[:count] = self._read(self._offset + self._position, count)
            self._position += count
        return count
