"""The point index in a folder: written once, in one step, and mapped by every process after that."""

import json
import logging
import secrets
import shutil
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from data_access.catalog import TableCatalog
from data_access.kept_arrays import Arrays, MappedArrays, MemoryArrays, array_file, write_array
from data_access.kept_tables import mark_used
from data_access.point_arrays import MAX_ZOOM, WIDE_ZOOMS, PointFacts, build, fingerprint

logger = logging.getLogger(__name__)

FORMAT = 2  # raise it when older folders can not be read any more
MANIFEST = "manifest.json"
_ABANDONED_S = 3600.0  # a build takes a minute: what has not moved for an hour was left by a process that is no more
_ARRAYS = ("code", "rows", "lon", "lat", "id_ends", "id_text")
_CELLS = tuple(f"{kind}_{zoom}" for zoom in range(WIDE_ZOOMS) for kind in ("cells", "starts"))


def open_or_build(catalog: TableCatalog, folder: Path | None) -> tuple[Arrays, PointFacts]:
    """The arrays kept in `folder`; built, and kept where that is possible, if there are none or they are broken."""
    if folder is None:
        return _in_memory(catalog)
    found = _open(folder, catalog)
    if found is not None:
        return found
    try:
        _keep(catalog, folder)
    except OSError as error:
        logger.warning("the point index %s can not be kept: %s", folder.name, error)
    return _open(folder, catalog) or _in_memory(catalog)


def _in_memory(catalog: TableCatalog) -> tuple[Arrays, PointFacts]:
    arrays: dict[str, np.ndarray] = {}
    facts = build(catalog, lambda name, _, blocks: arrays.update({name: np.concatenate(list(blocks))}))
    return MemoryArrays(arrays), facts


def _open(folder: Path, catalog: TableCatalog) -> tuple[Arrays, PointFacts] | None:
    """What a folder holds; None where there is none, or it is broken or of another catalogue (it is then removed)."""
    if not folder.exists():
        return None
    facts = _read_manifest(folder / MANIFEST)
    arrays = MappedArrays(folder)
    if facts and facts.catalogue == fingerprint(catalog) and _is_whole(arrays, facts):
        mark_used(folder / MANIFEST)
        return arrays, facts
    logger.warning("the point index %s is broken and is built again", folder.name)
    with suppress(OSError):  # a read-only cache keeps the broken folder; it is a miss either way
        _remove(folder)
    return None


def _is_whole(arrays: Arrays, facts: PointFacts) -> bool:
    found = {name: arrays.get(name) for name in (*_ARRAYS, *_CELLS, *facts.categories)}
    along = [found[name] for name in ("code", "rows", "lon", "lat", *facts.categories)]
    return not any(array is None for array in found.values()) and len({len(a) for a in along if a is not None}) == 1


def _keep(catalog: TableCatalog, folder: Path) -> None:
    """Build into a temporary folder beside `folder` and put it in place; of two who do, the first wins.

    Files are not flushed to the disk one by one: after a power cut their checksums tell what is missing.

    Raises:
        OSError: the disk is full, or the folder can not be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder)
    temporary = _beside(folder)
    temporary.mkdir()
    try:
        facts = build(catalog, lambda name, length, blocks: write_array(array_file(temporary, name), length, blocks))
        _write_manifest(temporary / MANIFEST, facts)
        with suppress(OSError):  # another process was first; what it built is as good
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _beside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")


def _remove(folder: Path) -> None:
    """Remove a folder in one step for those who look, file by file behind their backs."""
    aside = _beside(folder)
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _remove_abandoned(folder: Path) -> None:
    for left in folder.parent.glob(f".{folder.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)


def _write_manifest(path: Path, facts: PointFacts) -> None:
    words = {
        "format": FORMAT,
        "catalogue": facts.catalogue,
        "categories": facts.categories,
        "fullest": facts.fullest,
    }
    path.write_text(json.dumps({**words, "checksum": _checksum(words)}), encoding="utf-8")


def _read_manifest(path: Path) -> PointFacts | None:
    try:
        words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        checksum = words.pop("checksum")
        if checksum != _checksum(words) or words["format"] != FORMAT or len(words["fullest"]) != MAX_ZOOM + 1:
            return None
        categories = {name: tuple(values) for name, values in words["categories"].items()}
        return PointFacts(words["catalogue"], categories, tuple(words["fullest"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # missing, no JSON, or JSON of something else
        return None


def _checksum(words: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(words, sort_keys=True).encode())
