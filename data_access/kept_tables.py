"""Tables built once from a collection and kept in the cache folder, written so that a reader never sees half of one.

A table belongs to a revision of its collection, so tables of earlier revisions are never read again; `prune` removes
what was not used for the longest time once the folder grows over its limit. What is read for as long as the process
lives is held meanwhile: `prune`, in whatever process, leaves it alone.
"""

import logging
import os
import secrets
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

try:
    import fcntl
except ImportError:  # not on Windows, where a file that is open can not be removed anyway
    fcntl = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)

_LONGEST_WRITE_S = 86_400  # a hidden file older than a day is left over from a process that was killed


class Hold:
    """A kept file in use; let go by `release`, at the end of a `with` block, or with this object."""

    def __init__(self, descriptor: int | None) -> None:
        """Keep the open file that carries the lock; None where the system has none."""
        self._release = weakref.finalize(self, os.close, descriptor) if descriptor is not None else None

    def __enter__(self) -> "Hold":
        """Hold it for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self.release()

    def release(self) -> None:
        """Let go; a second time does nothing."""
        if self._release:
            self._release()


def hold(path: Path) -> Hold:
    """Mark a kept file as used now and in use from now on. A file that is not there is held as well as can be."""
    mark_used(path)
    return hold_as_it_is(path)


def hold_as_it_is(path: Path) -> Hold:
    """As `hold`, for a file whose time of the last change tells its revision: that stays."""
    with suppress(BlockingIOError):  # it is being removed right now; who has it open may go on reading
        return Hold(_locked(path, shared=True))
    return Hold(None)


def replace_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then flush it and put it in its place.

    Raises:
        OSError: the folder can not be written or the disk is full; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def kept_table(path: Path, build: Callable[[], pa.Table]) -> pa.Table:
    """The table kept at `path`; built, and kept where that is possible, if there is none or it is broken.

    A cache folder that can not be written costs time at the next start, nothing else.
    """
    if path.is_file():
        try:
            table = pq.read_table(path, page_checksum_verification=True)
            mark_used(path)
            return table
        except (pa.ArrowException, OSError) as error:
            logger.warning("the kept table %s is broken and is built again: %s", path.name, error)
            with suppress(OSError):
                path.unlink()
    table = build()
    try:
        replace_atomically(path, lambda temporary: _write(table, temporary))
    except OSError as error:
        logger.warning("the table %s can not be kept: %s", path.name, error)
    return table


def mark_used(path: Path) -> None:
    """Note that a kept table was used just now, which is what `prune` goes by."""
    with suppress(OSError):  # a cache that can not be written is not pruned either
        os.utime(path)


def prune(folder: Path, limit: float) -> int:
    """Remove the longest unused files below `folder` until the rest is within `limit` bytes; returns how many.

    Files that are held are left alone. What is read now and missing later is built again, so a file that can not be
    removed or has gone is no error.
    """
    used: list[tuple[float, int, Path]] = []
    young = time.time() - _LONGEST_WRITE_S
    for path in folder.rglob("*"):
        with suppress(OSError):
            status = path.stat()
            unfinished = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file() and not (unfinished and status.st_mtime > young):
                used.append((status.st_mtime, status.st_size, path))
    excess = sum(size for _, size, _ in used) - limit
    removed = 0
    for _, size, path in sorted(used):
        if excess <= 0:
            break
        with suppress(OSError):
            if size:  # empty files are locks, which free nothing
                remove_unheld(path)
                excess -= size
                removed += 1
    if removed:
        logger.info("%d kept tables of %s were removed to stay within %.1f GB", removed, folder.name, limit / 1e9)
    return removed


def remove_unheld(path: Path) -> None:
    """Remove a file that nobody holds. Raises OSError where somebody does, or it can not be removed."""
    with Hold(_locked(path, shared=False)):
        path.unlink()


def _locked(path: Path, *, shared: bool) -> int | None:
    """An open file with a lock of its own, apart from those that a database takes; None where there are no locks.

    Raises:
        BlockingIOError: another holds it.
    """
    if fcntl is None:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:  # a file system without locks
        os.close(descriptor)
        return None
    return descriptor


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)
