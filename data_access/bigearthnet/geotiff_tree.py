"""Finds the patches in trees of GeoTIFFs by the names of folders and files alone.

The published trees are `{tile}/{patch}/{patch}_B02.tif`, `{acquisition}/{s1_name}/{s1_name}_VV.tif` and, for reference
maps, `{tile}/{patch}_reference_map.tif` or `{tile}/{patch}/{patch}_reference_map.tif`. What the trees themselves are
called does not matter, nor whether the root is one tree or the folder of all three.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from data_access.bigearthnet.modalities import MAP_SUFFIX, S1_BANDS, S2_BANDS, Product
from data_access.bigearthnet.patch_grid import PATCH_ID_PATTERN, is_patch_id, is_s1_name

SUFFIXES = (".tif", ".tiff", ".TIF", ".TIFF")
DEEPEST = 3  # folders between the root and a patch: tree, tile, and one to spare
SMALL_TREE = 2_000  # patches; up to here every file's size and time of change are looked at, which takes about 0.2 s

_MAP_FILE = re.compile(rf"(?P<patch>{PATCH_ID_PATTERN}){MAP_SUFFIX}\.(?:tiff?|TIFF?)")
_BAND_ENDS: tuple[tuple[str, Product], ...] = (
    *((band, "S2") for band in S2_BANDS),
    *((band, "S1") for band in S1_BANDS),
    (MAP_SUFFIX.removeprefix("_"), "reference_map"),
)


def tree_revision(root: Path) -> str:
    """Digest that changes when patches come or go; in small trees also when any file is written anew."""
    digest, patches = hashlib.sha256(), []
    count = 0
    for folder, entry in _walk(root, DEEPEST):
        if entry is None:
            digest.update(f"{folder.relative_to(root)}:{folder.stat().st_mtime_ns};".encode())
            continue
        count += 1
        if count <= SMALL_TREE:
            patches.append(Path(entry.path))
    digest.update(str(count).encode())
    if count <= SMALL_TREE:
        files = [file for patch in patches for file in ([patch] if patch.is_file() else patch.iterdir())]
        for file in sorted(files):
            stat = file.stat()
            digest.update(f"{file.relative_to(root)}:{stat.st_size}:{stat.st_mtime_ns};".encode())
    return digest.hexdigest()[:16]


def list_patches(root: Path) -> pa.Table:
    """Every patch with what it has.

    Returns:
        Columns product (string; null for a patch folder without any image), name (string) and folder (string,
        relative to the root, where the files of this product and name lie), sorted by name.
    """
    found: dict[tuple[str, str], str] = {}  # of copies of one patch, the first counts
    for folder, entry in _walk(root, DEEPEST):
        if entry is None:
            continue
        match = _MAP_FILE.fullmatch(entry.name)
        if match:
            found.setdefault((match["patch"], "reference_map"), str(folder.relative_to(root)))
        else:
            inside = str(Path(entry.path).relative_to(root))
            for product in _products(entry) or [""]:
                found.setdefault((entry.name, product), inside)
    keys = sorted(found)
    return pa.table(
        {
            "product": pa.array([product or None for _, product in keys], pa.string()),
            "name": pa.array([name for name, _ in keys], pa.string()),
            "folder": pa.array([found[key] for key in keys], pa.string()),
        }
    )


def image_file(folder: Path, name: str, band: str) -> Path | None:
    """The file of one band, whatever its suffix; None where there is none."""
    candidates = (folder / f"{name}_{band}{suffix}" for suffix in SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)


def _walk(folder: Path, deeper: int) -> Iterator[tuple[Path, os.DirEntry[str] | None]]:
    """Folders on the way, each once with None, and every patch folder and map file with the folder that holds it."""
    yield folder, None
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        if entry.is_dir():
            if is_patch_id(entry.name) or is_s1_name(entry.name):
                yield folder, entry
            elif deeper > 0 and not entry.name.startswith("."):
                yield from _walk(Path(entry.path), deeper - 1)
        elif _MAP_FILE.fullmatch(entry.name):
            yield folder, entry


def _products(patch: os.DirEntry[str]) -> set[Product]:
    """What lies in a patch folder."""
    with os.scandir(patch.path) as entries:
        present = {Path(entry.name).stem for entry in entries if entry.name.endswith(SUFFIXES)}
    return {product for band, product in _BAND_ENDS if f"{patch.name}_{band}" in present}
