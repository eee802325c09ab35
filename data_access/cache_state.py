"""What the cache folder holds, how large it is, and what of it can be removed without losing anything but time.

Every file below the cache folder was made by Patchwork from data that lie elsewhere, so any of them may go at any
moment, also under a running app: what is open stays open, what is missing is built or fetched again.
"""

import os
import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from data_access.dataset import DatasetName
from data_access.kept_tables import prune
from data_access.settings import Settings

LOOKED_S = 5.0  # how long sizes are remembered: a full cache has some ten thousand files, 50 ms to walk
_REVISION = re.compile(r"[0-9a-f]{16}")  # in the names of tables: of the files that they were built from

CachePartName = Literal[
    "bytes",  # of samples, fetched from far
    "earlier",  # tables of collections that have changed since
    "downloads",  # metadata and listings
    "tables",  # of the collections that are open; of one of them: "catalogue" and "points"
    "catalogue",
    "points",
    "places",  # where samples lie in their shards
    "index",  # what long jobs have made
    "generations",  # results of TerraMind
    "demo",
]
_POINTS = "points-"  # how the folders of the map's index begin


@dataclass(frozen=True)
class CachePart:
    """Files of one purpose."""

    name: CachePartName
    paths: tuple[Path, ...]  # files and folders
    bytes: int = 0
    files: int = 0
    newest: float | None = None  # when the latest file was written or used, seconds since 1970

    @property
    def removable(self) -> bool:
        """Whether a page may empty it: not what a long job or a visitor has made, nor the demo collection."""
        return self.name not in {"index", "generations", "demo"}


def cache_parts(configuration: Settings, revisions: Collection[str]) -> tuple[CachePart, ...]:
    """What the cache folder holds, by purpose; sizes may be a few seconds old.

    Args:
        configuration: names the folder.
        revisions: of the collections that are open; tables of any other are of earlier ones.
    """
    return _parts(configuration.cache_dir, configuration.tables_dir, frozenset(revisions), int(time.time() / LOOKED_S))


def kept_of(configuration: Settings, dataset: DatasetName) -> dict[CachePartName, CachePart]:
    """What is kept of the latest revision of a data set: its `catalogue`, and the `points` of the map's index."""
    tables = _children(configuration.tables_dir)
    catalogues = [path for path in tables if _prefix(path) == f"{dataset}-"]
    latest = max(catalogues, key=_used, default=None)
    points = tuple(path for path in tables if latest and path.name.startswith(_POINTS) and _hash(latest) in path.name)
    return {
        "catalogue": _measured("catalogue", (latest,) if latest else ()),
        "points": _measured("points", points),
    }


def empty(part: CachePart) -> int:
    """Remove the files of a part; returns how many bytes are gone. What can not be removed stays.

    Raises:
        ValueError: the part is not `removable`.
    """
    if not part.removable:
        raise ValueError(f"{part.name} is not made to be emptied")
    before = sum(size for _, size, _ in _files(part.paths))
    for path in part.paths:
        if path.is_dir() and not path.is_symlink():
            prune(path, limit=0)
            _remove_empty(path)
        else:
            with suppress(OSError):
                path.unlink()
    _parts.cache_clear()
    return before - sum(size for _, size, _ in _files(part.paths))


def _remove_empty(folder: Path) -> None:
    """Remove a folder and those below it, as far as nothing is in them."""
    for below, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(below).rmdir()


# Folders of the cache by purpose; tables are told apart by their names.
_FOLDERS: dict[str, CachePartName] = {
    "bytes": "bytes",
    "downloads": "downloads",
    "listings": "downloads",
    "index": "index",
    "generations": "generations",
    "demo": "demo",
}


@lru_cache(maxsize=4)
def _parts(cache: Path, tables: Path, revisions: frozenset[str], _moment: int) -> tuple[CachePart, ...]:
    found: dict[CachePartName, list[Path]] = {}
    for path in _children(cache):
        if path == tables:
            for name, table in _purposes(_children(tables), revisions):
                found.setdefault(name, []).append(table)
        elif purpose := _FOLDERS.get(path.name):
            found.setdefault(purpose, []).append(path)
    return tuple(_measured(name, tuple(paths)) for name, paths in found.items())


def _purposes(tables: Sequence[Path], revisions: frozenset[str]) -> Iterator[tuple[CachePartName, Path]]:
    """Tables that are in use, those of earlier revisions, and what belongs to no revision.

    In use is whatever carries a revision that is open, and of every other kind of table the one used last: it may be
    named after files of its own. The map's index goes by the revision of the catalogue beside it.
    """
    latest: dict[str, Path] = {}
    for path in sorted(tables, key=_used):
        latest[_prefix(path)] = path
    current = {path for path in tables if any(revision in path.name for revision in revisions)}
    current |= {path for prefix, path in latest.items() if prefix != _POINTS}
    hashes = {_hash(path) for path in current}
    for path in tables:
        if not _hash(path):
            yield "places", path
        else:
            yield "tables" if path in current or _hash(path) in hashes else "earlier", path


def _hash(path: Path) -> str:
    found = _REVISION.search(path.name)
    return found[0] if found else ""


def _prefix(path: Path) -> str:
    """What a table is, without which revision it is of."""
    found = _REVISION.search(path.name)
    return path.name[: found.start()] if found else path.name


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _measured(name: CachePartName, paths: tuple[Path, ...]) -> CachePart:
    files = list(_files(paths))
    newest = max((moment for _, _, moment in files), default=None)
    return CachePart(name, paths, sum(size for _, size, _ in files), len(files), newest)


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _files(paths: Collection[Path]) -> Iterator[tuple[str, int, float]]:
    """Path, size and time of every file; those that go meanwhile are left out."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from _files_below(str(path))
        elif path.is_file():
            with suppress(OSError):
                status = path.stat()
                yield str(path), status.st_size, status.st_mtime


def _files_below(folder: str) -> Iterator[tuple[str, int, float]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _files_below(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    with suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        yield entry.path, status.st_size, status.st_mtime
    except OSError:
        return
