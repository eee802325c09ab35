"""The kept arrays of one annotation file: opened where they are there, built once where they are not.

Of several processes that need them at the same time one builds and the others wait. The folder appears whole or not at
all: it is built beside its place, and the next build clears away what a killed one left. Where the cache folder can
not be written, the same files are built in the system's folder for temporary files at every start.
"""

import json
import logging
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from data_access.annotations.annotation_file import AnnotationFile
from data_access.annotations.file_order import in_file_order
from data_access.annotations.row_sql import BY_ID, ROWS_SQL
from data_access.annotations.row_writer import ROW_ARRAYS, RowWriter, UnsortedError
from data_access.annotations.text_index import TEXT_ARRAYS
from data_access.kept_arrays import MappedArrays, array_file
from data_access.kept_tables import Hold, hold
from data_access.progress import activity

logger = logging.getLogger(__name__)

PREPARING = "Preparing the annotations for searches"  # what progress is told of
BUILDING_MEMORY = "2GB"  # of the database; only a file that is not in the order of its IDs comes near it
BATCH_ROWS = 122_880  # as the published file groups them
MANIFEST = "rows.json"  # sizes of all files: written last, so a folder with it was whole once
_NAMES = (*ROW_ARRAYS, *TEXT_ARRAYS)
# Up to this size checksums are told when a folder is opened: a tenth of a second. Above, nobody should wait for it.
_CHECKED_BYTES = 64_000_000
# Of a file system without locks the second.
_DISK_PROBLEMS = (OSError, NotImplementedError)


@dataclass(frozen=True)
class RowFiles:
    """Opened arrays; their files are held, so that no other process prunes them."""

    arrays: MappedArrays
    folder: Path
    holds: tuple[Hold, ...]

    def forget(self) -> None:
        """Remove the files, since one proved damaged: they are built again when they are opened next."""
        shutil.rmtree(self.folder, ignore_errors=True)


def kept_rows(folder: Path, file: AnnotationFile, patch_ids: pa.Array) -> RowFiles:
    """The arrays kept in `folder`, built where there are none.

    Args:
        folder: named after the file's revision.
        file: the annotations.
        patch_ids: the patches in the order of their numbers.

    Raises:
        OSError: they can be written nowhere.
        duckdb.Error: the file's rows are damaged.
    """
    found = _open(folder)
    if found is not None:
        return found
    try:
        return _kept(folder, file, patch_ids)
    except _DISK_PROBLEMS as error:
        logger.warning("the rows of %s can not be kept: %s", file.path.name, error)
    with tempfile.TemporaryDirectory(prefix="patchwork-", ignore_cleanup_errors=True) as temporary:
        _build(Path(temporary), file, patch_ids)
        opened = RowFiles(MappedArrays(Path(temporary)), folder, ())
        for name in _NAMES:  # what is mapped outlives its file
            opened.arrays.get(name)
        return opened


def _open(folder: Path) -> RowFiles | None:
    """What a folder holds; None where there is none, or a file is not as long as it was."""
    try:
        sizes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = all(array_file(folder, name).stat().st_size == sizes[name] for name in _NAMES)
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        return None
    holds = tuple(hold(path) for path in (folder / MANIFEST, *(array_file(folder, name) for name in _NAMES)))
    arrays = MappedArrays(folder)
    if sum(sizes.values()) > _CHECKED_BYTES:
        Thread(target=lambda: [arrays.get(name) for name in _NAMES], name="checking rows", daemon=True).start()
    elif any(arrays.get(name) is None for name in _NAMES):
        return None
    return RowFiles(arrays, folder, holds)


def _kept(folder: Path, file: AnnotationFile, patch_ids: pa.Array) -> RowFiles:
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        with activity("Waiting for another process that prepares the annotations"):
            lock.acquire()
    try:
        found = _open(folder)  # another may have built it meanwhile
        if found is not None:
            return found
        temporary = folder.with_name(f".{folder.name}.building")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        try:
            _build(temporary, file, patch_ids)
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        found = _open(folder)
        if found is None:
            raise OSError(f"{folder.name} can not be read right after it was written")
        return found
    finally:
        lock.release()


def _build(folder: Path, file: AnnotationFile, patch_ids: pa.Array) -> None:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": BUILDING_MEMORY,
        "temp_directory": str(folder / "sorting"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(config=config) as connection:
        try:
            _write(folder, file, patch_ids, connection, by_id=False)
        except UnsortedError:
            for path in folder.glob("*.spool"):
                path.unlink()
            connection.execute("SET threads = 1")  # see `in_file_order`: by their IDs they must come in order
            _write(folder, file, patch_ids, connection, by_id=True)
    shutil.rmtree(folder / "sorting", ignore_errors=True)
    sizes = {name: array_file(folder, name).stat().st_size for name in _NAMES}
    (folder / MANIFEST).write_text(json.dumps(sizes), encoding="utf-8")


def _write(
    folder: Path, file: AnnotationFile, patch_ids: pa.Array, connection: duckdb.DuckDBPyConnection, *, by_id: bool
) -> None:
    with (
        activity(PREPARING, total=file.rows, unit="rows") as progress,
        connection.cursor() as reading,
        connection.cursor() as lowering,
    ):
        writer = RowWriter(folder, lowering, patch_ids)
        try:
            query = ROWS_SQL + (BY_ID if by_id else "")
            batches = reading.sql(query, params=[file.pattern]).to_arrow_reader(BATCH_ROWS)
            for batch in batches if by_id else in_file_order(batches):
                writer.add(batch)
                progress.advance(len(batch))
            progress.tell(file.rows, "writing")
            writer.finish()
        finally:
            with suppress(OSError):  # of a full disk, which was told already
                writer.close()
