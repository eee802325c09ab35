"""Whole files: metadata tables and annotations, fetched once, going on where an earlier download broke off.

A download lies in a folder named after the file's identity, so that a file that changes is another download. Pieces are
appended to `NAME.part`; the finished file takes its name in one step, after its size and, where the hub tells it, its
SHA-256 are checked.
"""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from data_access.kept_tables import remove_unheld
from data_access.progress import activity
from data_access.remote import ranges
from data_access.remote.limits import PATIENT
from data_access.remote.remote_file import SHA256, RemoteFile
from errors import SourceChangedError, SourceMissingError

logger = logging.getLogger(__name__)

PIECE_BYTES = 16 << 20  # per request: a second on a good line, little to repeat on a bad one
HASHED_AT_ONCE = 8 << 20  # bytes
USED_LATELY_S = 7 * 86_400.0  # someone who opens a data set every weekend does not download it each time
SHORT_WAIT_S = 0.5  # for another process's lock, before the wait is worth telling


def local_copy(location: Path | RemoteFile, folder: Path) -> Path:
    """A path to the bytes: the file itself, or its download in `folder`. Raises as `download`."""
    return download(location, folder) if isinstance(location, RemoteFile) else location


def download(file: RemoteFile, folder: Path) -> Path:
    """A whole file below `folder`, fetched unless it is there; one process fetches, others wait for it.

    Raises:
        SourceMissingError: there is no such file, or no room for it.
        SourceChangedError: its bytes are not those that were listed.
        RemoteError: it can not be fetched; what is there already is kept for the next try.
    """
    file = ranges.known(file)
    target = folder / hashlib.sha256(file.identity.encode()).hexdigest()[:16] / file.name
    if _is_whole(target, file):
        _mark_used(target)
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _probe(target.parent)
    except OSError as error:
        logger.warning("downloads can not be kept in %s: %s", folder, error)
        target = _temporary_folder() / target.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
    with _only_process(target.with_name(f".{file.name}.lock"), file.name):
        if not _is_whole(target, file):
            _fetch(file, target)
    return target


def sweep(folder: Path, limit: float) -> None:
    """Remove the longest unused downloads until the rest is within `limit` bytes.

    What was used in the last week stays, whatever its size: it would only be fetched again at the next start. So does
    what is held.
    """
    found: list[tuple[float, int, Path]] = []
    for path in folder.glob("*/*"):
        with suppress(OSError):
            status = path.stat()
            found.append((max(status.st_atime, status.st_mtime), status.st_size, path))
    excess = sum(size for _, size, _ in found) - limit
    for used, size, path in sorted(found):
        if excess <= 0 or used > time.time() - USED_LATELY_S:
            return
        with suppress(OSError):
            remove_unheld(path)
            excess -= size


def _fetch(file: RemoteFile, target: Path) -> None:
    part, size = target.with_name(f"{target.name}.part"), file.size or 0
    try:
        with activity(f"Downloading {file.name}", total=size, unit="bytes") as progress, part.open("ab") as out:
            if out.tell() > size:
                out.truncate(0)
            progress.tell(out.tell())
            while (offset := out.seek(0, os.SEEK_END)) < size:
                out.write(ranges.fetch(file, offset, min(PIECE_BYTES, size - offset), limits=PATIENT))
                out.flush()
                progress.tell(out.tell())
            os.fsync(out.fileno())
        _check_hash(file, part)
        part.replace(target)
    except OSError as error:
        raise SourceMissingError(
            f"{file.name} can not be kept ({error.strerror}): it has {size / 1e6:.0f} MB. Make room, or set "
            "PATCHWORK_CACHE_DIR to a disk that has some."
        ) from error


def _check_hash(file: RemoteFile, part: Path) -> None:
    """Compare with the SHA-256 of the hub's listing; a download that does not fit is removed."""
    if not (file.etag or "").startswith(SHA256):
        return
    digest = hashlib.sha256()
    with part.open("rb") as written:
        while piece := written.read(HASHED_AT_ONCE):
            digest.update(piece)
    if digest.hexdigest() != file.content_hash:
        part.unlink()
        raise SourceChangedError(
            f"The {file.size} bytes of {file.name} are not those that the hub lists: their SHA-256 differs. Try again."
        )


def _is_whole(target: Path, file: RemoteFile) -> bool:
    try:
        return target.stat().st_size == file.size
    except OSError:
        return False


def _mark_used(path: Path) -> None:
    """Note the time in the access time alone: the time of the last change is part of revisions."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def _probe(folder: Path) -> None:
    """Raise OSError where nothing can be written."""
    with tempfile.TemporaryFile(dir=folder):
        pass


@lru_cache(maxsize=1)
def _temporary_folder() -> Path:
    """For cache folders that can not be written; gone with the process."""
    return Path(_of_process().name)


@lru_cache(maxsize=1)
def _of_process() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="patchwork-downloads-")


@contextmanager
def _only_process(path: Path, name: str) -> Iterator[None]:
    """Hold the lock of one download; a wait for another process is listed."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=SHORT_WAIT_S)
    except Timeout:
        with activity(f"Another process downloads {name}"):
            lock.acquire()
    except (OSError, NotImplementedError) as error:  # a file system without locks; pieces are appended all the same
        logger.warning("%s is downloaded without a lock: %s", name, error)
    try:
        yield
    finally:
        lock.release()
