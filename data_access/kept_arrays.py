"""Arrays kept as `.npy` files and mapped into memory: opened in no time, one copy in memory for all processes.

Every file ends in a checksum of what stands before it, which `np.load` does not look at. A file is checked once per
process, when it is asked for first; one that is truncated or garbled is as good as none.
"""

import logging
import mmap
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Protocol

import numpy as np
from numpy.lib import format as npy

from data_access.kept_tables import mark_used, replace_atomically

logger = logging.getLogger(__name__)

MEMORY_BYTES = 160_000_000  # of columns that can not be kept in files: two of 9.2 M doubles
_CHECKSUM_BYTES = 4
_BLOCK_BYTES = 1 << 20


class Arrays(Protocol):
    """Named one-dimensional arrays; safe to use from many threads at once."""

    def get(self, name: str) -> np.ndarray | None:
        """The array of this name, read-only; None where there is none."""

    def get_or_make(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """The array of this name; where there is none it is made, and kept. Who asks meanwhile waits."""

    def rest(self, name: str) -> None:
        """Say that an array that was read as a whole is not needed for a while: its memory may be used otherwise."""


class MemoryArrays:
    """Arrays in the memory of this process; of those that can be made again, the latest within a limit."""

    def __init__(self, lasting: dict[str, np.ndarray], limit: int = MEMORY_BYTES) -> None:
        """Hold the lasting arrays for good, and others of up to `limit` bytes together."""
        self._lasting = lasting
        self._limit = limit
        self._others: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str) -> np.ndarray | None:
        """See `Arrays`."""
        with self._lock:
            return self._lasting.get(name, self._others.get(name))

    def get_or_make(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """See `Arrays`."""
        with self._lock:
            if name in self._lasting:
                return self._lasting[name]
            found = self._others.pop(name) if name in self._others else make()
            self._others[name] = found  # as the latest
            while len(self._others) > 1 and sum(each.nbytes for each in self._others.values()) > self._limit:
                self._others.popitem(last=False)
            return found

    def rest(self, name: str) -> None:
        """See `Arrays`; there is no other copy, so it stays."""

    def drop(self, name: str) -> None:
        """Hold an array no longer, unless it is a lasting one."""
        with self._lock:
            self._others.pop(name, None)


class MappedArrays:
    """Arrays in the files of one folder; a file that is mapped may be removed, its array stays."""

    def __init__(self, folder: Path) -> None:
        """Use the files that `write_array` made in a folder; more may be added while it is in use."""
        self._folder = folder
        self._mapped: dict[str, tuple[mmap.mmap, np.ndarray]] = {}
        self._refused: set[str] = set()  # what could not be written is not tried again and again
        self._unkept = MemoryArrays({})
        self._lock = Lock()
        self._making = Lock()  # of its own: what is there already is not kept waiting

    def get(self, name: str) -> np.ndarray | None:
        """See `Arrays`."""
        with self._lock:
            if name not in self._mapped:
                path = array_file(self._folder, name)
                try:
                    if not _is_sound(path):
                        return None
                    self._mapped[name] = _map(path)
                except (OSError, ValueError):  # there is none, or it is no array
                    return None
                mark_used(path)
            return self._mapped[name][1]

    def get_or_make(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """See `Arrays`. Where the folder can not be written, the array is held in memory."""
        with self._making:
            found = self.get(name)
            if found is None:
                found = self._unkept.get_or_make(name, make)
                if name not in self._refused and self._keep(name, found):
                    self._unkept.drop(name)
                else:
                    self._refused.add(name)
            return found

    def rest(self, name: str) -> None:
        """See `Arrays`. The pages leave this process, not the system's cache: the next reader has them at once."""
        with self._lock:
            if name in self._mapped and hasattr(mmap, "MADV_DONTNEED"):  # not on every system
                self._mapped[name][0].madvise(mmap.MADV_DONTNEED)

    def _keep(self, name: str, array: np.ndarray) -> bool:
        path = array_file(self._folder, name)
        if not self._folder.is_dir():  # removed while in use: half an index must not come into being there
            return False
        try:
            replace_atomically(path, lambda temporary: write_array(temporary, len(array), [array]))
        except OSError as error:
            logger.warning("%s of %s can not be kept: %s", path.name, self._folder.name, error)
            return False
        return True


def array_file(folder: Path, name: str) -> Path:
    """Where an array of a folder is kept."""
    return folder / f"{name}.npy"


def write_array(path: Path, length: int, blocks: Iterable[np.ndarray]) -> None:
    """Write an array block by block, so that it never has to be in memory as a whole, and its checksum.

    Args:
        path: of the new file.
        length: elements of all blocks together.
        blocks: (m,) each, at least one, of one dtype.

    Raises:
        OSError: the disk is full, or the folder can not be written.
    """
    with path.open("wb") as file:
        checked = _ChecksumWriter(file)
        for number, block in enumerate(blocks):
            if number == 0:
                described = {"descr": npy.dtype_to_descr(block.dtype), "fortran_order": False, "shape": (length,)}
                npy.write_array_header_1_0(checked, described)
            checked.write(np.ascontiguousarray(block).view(np.uint8).data)
        file.write(checked.checksum.to_bytes(_CHECKSUM_BYTES, "little"))


class _ChecksumWriter:
    """A file to write to that knows the checksum of all that was written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.checksum = 0

    def write(self, data: bytes | memoryview) -> None:
        self.checksum = zlib.crc32(data, self.checksum)
        self._file.write(data)


def _map(path: Path) -> tuple[mmap.mmap, np.ndarray]:
    """The mapping of a file, and its array as a read-only view of it."""
    with path.open("rb") as file:
        npy.read_magic(file)
        (length,), _, dtype = npy.read_array_header_1_0(file)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return mapped, np.frombuffer(mapped, dtype, count=length, offset=file.tell())


def _is_sound(path: Path) -> bool:
    """Whether a file ends in the checksum of the rest. Read, not mapped: its pages then do not count as ours."""
    left = path.stat().st_size - _CHECKSUM_BYTES
    checksum = 0
    with path.open("rb") as file:
        while left > 0:
            block = file.read(min(left, _BLOCK_BYTES))
            if not block:
                return False
            checksum = zlib.crc32(block, checksum)
            left -= len(block)
        return left == 0 and file.read() == checksum.to_bytes(_CHECKSUM_BYTES, "little")
