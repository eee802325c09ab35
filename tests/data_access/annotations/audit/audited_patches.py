"""A small BigEarthNet with reference maps, and rows of which somebody knows what is right."""

from pathlib import Path

import numpy as np

from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.data_access.bigearthnet.image_files import write_lmdb

PATCHES = tuple(f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{number:02d}_57" for number in range(12))
WITHOUT_MAP = PATCHES[-1]
DAMAGED = PATCHES[-2]
PER_PATCH = 5
CHECKED = len(PATCHES) - 2  # patches with a map that can be read


def rows_of(number: int, patch: str) -> list[dict[str, object]]:
    """Right, wrong, open, right by the metadata, and one that can not be read."""
    texts = (
        {"output": "yes"},  # is there any arable land?
        {"input": "Are there any pastures?", "output": "yes"},
        {"category": "count", "input": "Are there many areas of arable land?", "output": "yes"},
        {"type": "mcq", "category": "season", "input": "Season? a) Spring, b) Summer", "output": "b"},
        {"output": "perhaps"},
    )
    place = {"split": "bench" if number % 3 else "train", "country": "Austria" if number % 2 else "Finland"}
    return [row(PER_PATCH * number + step, patch, **place, **text) for step, text in enumerate(texts, start=1)]


def audited_patches(folder: Path) -> BigEarthNet:
    """The data set; files and tables lie in an empty folder. One patch has no map, and one a map that is broken."""
    rows = [each for number, patch in enumerate(PATCHES) for each in rows_of(number, patch)]
    codes = np.full((120, 120), 211, np.uint16)
    codes[:40] = 512
    maps: dict[str, dict[str, np.ndarray] | bytes] = {
        f"{patch}_reference_map": {"Data": codes} for patch in PATCHES if patch != WITHOUT_MAP
    }
    images = write_lmdb(folder / "images", maps | {f"{DAMAGED}_reference_map": b"broken"})
    return open_bigearthnet(
        write_rows(folder / "BigEarthNet.txt.parquet", rows), images, kind="local", tables_dir=folder / "tables"
    )
