"""Bytes fetched once and kept on disk: small entries by key, checked whenever they are read, within a size.

One file per entry, in 256 folders by the first two digits of its name, which is the hash of the key. An entry carries a
checksum over key and bytes; one that does not fit is a miss and is removed. Entries are written beside their place and
renamed, so a killed process leaves nothing half; what it leaves beside is swept up later. Several processes may share a
folder: each counts what it writes itself, and looks at the whole folder only after a twentieth of the limit.
"""

import hashlib
import logging
import os
import secrets
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock

logger = logging.getLogger(__name__)

_MAGIC = b"patchwork-bytes-1"  # another one when older entries can not be read any more
_HEAD = struct.Struct("<17s32sQ")  # magic, checksum, number of bytes
_LEFT_OVER_S = 3600.0  # no write takes an hour: an older temporary file belongs to a process that was killed
_SWEPT_TO = 0.9  # share of the limit that is left after removing, so that not every put removes
_LOOK_AFTER = 0.05  # share of the limit that this process writes between two looks at the folder
_MOST_OF_LIMIT = 0.25  # a larger entry would push too many others out
_USED_AGAIN_S = 60.0  # how exactly the time of the last use is kept


class KeptBytes:
    """A cache of byte strings on disk; safe to use from many threads and processes at once."""

    def __init__(self, folder: Path, limit_bytes: float) -> None:
        """Keep at most about `limit_bytes` in `folder`, which is made when the first entry is written."""
        self._folder = folder
        self._limit = limit_bytes
        self._unlooked: float | None = None  # bytes written since the last look; None before the first
        self._told = False  # whether the log knows that nothing can be written
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """The bytes kept under a key; None where there are none or they are damaged."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                content = file.read()
                modified = os.fstat(file.fileno()).st_mtime
        except OSError:
            return None
        data = _opened(key, content)
        with suppress(OSError):  # a folder that can only be read is of use all the same
            if data is None:
                path.unlink()
            elif time.time() - modified > _USED_AGAIN_S:
                os.utime(path)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. Where nothing can be written this does nothing: they are fetched again next time."""
        size = _HEAD.size + len(data)
        if size > self._limit * _MOST_OF_LIMIT:
            return
        path = self._path(key)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            self._make_room(size)
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(temporary, _HEAD.pack(_MAGIC, _checksum(key, data), len(data)), data)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            self._tell(error)

    def size(self) -> int:
        """Bytes on disk at this moment, counted file by file: for a page, not for every read."""
        return sum(size for _, size, _ in self._entries())

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / name[:2] / name[2:]

    def _make_room(self, size: int) -> None:
        """Count a write; now and then look at the whole folder and remove what was not used for the longest time."""
        with self._lock:
            self._unlooked = None if self._unlooked is None else self._unlooked + size
            if self._unlooked is not None and self._unlooked < self._limit * _LOOK_AFTER:
                return
            self._unlooked = 0.0
        entries = sorted(self._entries())
        excess = sum(used for _, used, _ in entries) + size + self._limit * _LOOK_AFTER - self._limit
        if excess <= 0:
            return
        excess += self._limit * (1 - _SWEPT_TO)
        for _, used, path in entries:
            if excess <= 0:
                break
            with suppress(OSError):
                path.unlink()
                excess -= used

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Time of last use, size and path of every entry; temporary files left over are removed on the way."""
        now = time.time()
        for shelf in _listed(self._folder):
            for entry in _listed(Path(shelf)):
                with suppress(OSError):
                    status = entry.stat()
                    if entry.name.startswith(".") and now - status.st_mtime > _LEFT_OVER_S:
                        Path(entry).unlink()
                    else:
                        yield status.st_mtime, status.st_size, Path(entry)

    def _tell(self, error: OSError) -> None:
        if not self._told:
            self._told = True
            logger.warning("nothing can be kept in %s, so it is fetched again each time: %s", self._folder, error)


def _listed(folder: Path) -> list["os.DirEntry[str]"]:
    """What lies in a folder; nothing where it can not be read or is none."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _checksum(key: str, data: bytes) -> bytes:
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=32)
    digest.update(b"\0")
    digest.update(data)
    return digest.digest()


def _opened(key: str, content: bytes) -> bytes | None:
    """The bytes of an entry; None where it is not whole, not sound, or another key's."""
    if len(content) < _HEAD.size:
        return None
    magic, checksum, length = _HEAD.unpack_from(content)
    data = content[_HEAD.size :]
    if magic != _MAGIC or length != len(data) or checksum != _checksum(key, data):
        return None
    return data


def _write(path: Path, *parts: bytes) -> None:
    """Write and flush. Not synced: after a power failure the checksum tells what did not reach the disk."""
    with path.open("xb") as file:
        for part in parts:
            file.write(part)
        file.flush()
