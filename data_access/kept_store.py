"""The one file in which a collection's catalogue is kept: opened where it is there, built once where it is not.

Of several processes that need it at the same time one builds and the others wait. The file appears whole or not at all:
it is built in a folder of its own, which the next build clears away should this one be killed. Where the cache folder
can not be written, the same file is built in the system's folder for temporary files at every start.
"""

import logging
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from data_access.progress import activity
from data_access.sample_store import SampleStore, open_store, quoted
from data_access.store_building import Recipe, Staging, write_store
from errors import SourceMissingError

logger = logging.getLogger(__name__)

BUILDING_MEMORY = "512MB"  # of sorting; beyond it goes to disk
# Of a file system without locks the second; the last one also of a full disk.
_DISK_PROBLEMS = (OSError, NotImplementedError, duckdb.IOException, duckdb.OutOfMemoryException)


def kept_store(path: Path | None, recipe: Recipe) -> tuple[SampleStore, tuple[str, ...]]:
    """The store kept at `path`, built where there is none, and sentences that hold for this start alone.

    Args:
        path: a file named after the collection's revision, below `Settings.tables_dir`; None keeps it in memory.
        recipe: how it is made.

    Raises:
        SchemaError: the rows can not be read, or their ids are not unique.
    """
    if path is None:
        return _in_memory(recipe)
    store = open_store(path)
    if store is not None:
        return store, ()
    try:
        return _kept(path, recipe)
    except _DISK_PROBLEMS as error:
        logger.warning("the catalogue %s can not be kept: %s", path.name, error)
    note = f"The cache folder can not be written, so the catalogue of {recipe.title} is built anew at every start."
    try:
        with tempfile.TemporaryDirectory(prefix="patchwork-", ignore_cleanup_errors=True) as folder:
            store, notes = _opened_once(Path(folder), recipe)
    except _DISK_PROBLEMS as error:
        logger.warning("neither can a temporary one be written: %s", error)
        store, notes = _in_memory(recipe)
    return store, (*notes, note)


def _kept(path: Path, recipe: Recipe) -> tuple[SampleStore, tuple[str, ...]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        with activity(f"Waiting for another process that builds the catalogue of {recipe.title}"):
            lock.acquire()
    try:
        store = open_store(path)  # another may have built it meanwhile
        if store is not None:
            return store, ()
        folder = path.with_name(f".{path.name}.building")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            return _moved(path, folder, recipe)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()


def _moved(path: Path, folder: Path, recipe: Recipe) -> tuple[SampleStore, tuple[str, ...]]:
    """The store built in `folder` and put in its place, unless something on this machine was missing for it."""
    built, staging = _build(folder, recipe)
    if staging.passing_notes:
        return _opened(built), tuple(staging.passing_notes)
    with built.open("rb") as file:
        os.fsync(file.fileno())
    built.replace(path)
    return _opened(path), ()


def _opened_once(folder: Path, recipe: Recipe) -> tuple[SampleStore, tuple[str, ...]]:
    """A store whose file may be removed as soon as it is open."""
    built, staging = _build(folder, recipe)
    return _opened(built), tuple(staging.passing_notes)


def _opened(path: Path) -> SampleStore:
    store = open_store(path)
    if store is None:
        raise SourceMissingError(
            f"The catalogue {path.name} can not be read right after it was written. Check the disk of the cache folder."
        )
    return store


def _build(folder: Path, recipe: Recipe) -> tuple[Path, Staging]:
    # A name of its own: the database refuses one that this process still reads from, even if the file has gone.
    built = folder / f"store-{secrets.token_hex(4)}.duckdb"
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": BUILDING_MEMORY,
        "temp_directory": str(folder / "sorting"),
        "allocator_background_threads": "true",
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(f"ATTACH {quoted(folder / 'staging.duckdb')} AS staging")
        connection.execute(f"ATTACH {quoted(built)} AS store")
        staging = write_store(connection, recipe)
    return built, staging


def _in_memory(recipe: Recipe) -> tuple[SampleStore, tuple[str, ...]]:
    connection = duckdb.connect(config={"allocator_background_threads": "true"})
    connection.execute("ATTACH ':memory:' AS staging")
    connection.execute("ATTACH ':memory:' AS store (COMPRESS)")
    staging = write_store(connection, recipe)
    connection.execute("DETACH staging")
    return SampleStore(connection), tuple(staging.passing_notes)
