"""Tables built once from a collection and kept in the cache folder, written so that a reader never sees half of one.

A table belongs to a revision of its collection, so tables of earlier revisions are never read again; `prune` removes
what was not used for the longest time once the folder grows over its limit.
"""

import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

logger = logging.getLogger(__name__)


def replace_atomically(path: Path, write: Callable[[Path], None]) -> None:
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

    What is read now and missing later is built again, so a file that can not be removed or has gone is no error.
    """
    used: list[tuple[float, int, Path]] = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file():
                status = path.stat()
                used.append((status.st_mtime, status.st_size, path))
    excess = sum(size for _, size, _ in used) - limit
    removed = 0
    for _, size, path in sorted(used):
        if excess <= 0:
            break
        with suppress(OSError):
            path.unlink()
            excess -= size
            removed += 1
    if removed:
        logger.info("%d kept tables of %s were removed to stay within %.1f GB", removed, folder.name, limit / 1e9)
    return removed


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)
