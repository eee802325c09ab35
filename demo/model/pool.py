"""The pool of scenes on disk: one memory-mapped array per modality, filled by two processes, resumable."""

import logging
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from demo.model.scenes import Split, draw_scene, plan_scene
from demo.terramesh.placing import SIZE_PX

LAYERS: Mapping[str, tuple[int, type[np.generic]]] = {
    "S2L2A": (12, np.int16),
    "S1RTC": (2, np.float16),
    "S1GRD": (2, np.float16),
    "S1RTC-clean": (2, np.float16),
    "S1GRD-clean": (2, np.float16),
    "DEM": (1, np.int16),
    "NDVI": (1, np.float16),
    "LULC": (1, np.uint8),
}

_CHUNK = 16  # scenes that a worker draws in one go
_log = logging.getLogger(__name__)

Pool = dict[str, NDArray[np.generic]]


def make_pool(folder: Path, split: Split, count: int, *, seed: int, workers: int = 2, progress: bool = True) -> Pool:
    """Draw a pool, or what of it is missing, and open it for reading.

    Args:
        folder: where the arrays lie, `{split}/{layer}.npy` below it.
        split: which scenes.
        count: how many; must be the same in every call for a folder.
        seed: of the whole training.
        workers: processes that draw.
        progress: whether to show a bar.

    Returns:
        Read-only arrays (scene, band, y, x) by layer, on disk.
    """
    home = folder / split
    home.mkdir(parents=True, exist_ok=True)
    for layer in LAYERS:
        if not (home / f"{layer}.npy").exists():
            _create(home / f"{layer}.npy", layer, count)
    marks = home / "done"
    marks.mkdir(exist_ok=True)
    chunks = [range(at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK)]
    missing = [chunk for chunk in chunks if not (marks / str(chunk.start)).exists()]
    if missing:
        _log.info("%d scenes are missing from the pool in %s", sum(map(len, missing)), home)
        # spawned, not forked: a forked child of a process with threads may hang
        with ProcessPoolExecutor(min(workers, len(missing)), mp_context=get_context("spawn")) as pool:
            futures = [pool.submit(_fill, home, split, chunk, seed) for chunk in missing]
            for future in tqdm(as_completed(futures), total=len(futures), desc=f"{split} scenes", disable=not progress):
                future.result()
    return open_pool(folder, split)


def open_pool(folder: Path, split: Split) -> Pool:
    """The arrays of a pool that was made."""
    return {layer: np.load(folder / split / f"{layer}.npy", mmap_mode="r") for layer in LAYERS}


def _create(path: Path, layer: str, count: int) -> None:
    bands, dtype = LAYERS[layer]
    partial = path.with_suffix(".partial")
    np.lib.format.open_memmap(partial, mode="w+", dtype=dtype, shape=(count, bands, SIZE_PX, SIZE_PX)).flush()
    partial.rename(path)


def _fill(home: Path, split: Split, chunk: range, seed: int) -> None:
    """Draw some scenes into their rows; runs in a worker."""
    rows = {layer: np.load(home / f"{layer}.npy", mmap_mode="r+") for layer in LAYERS}
    for index in chunk:
        for layer, pixels in draw_scene(plan_scene(split, index, seed=seed)).items():
            rows[layer][index] = pixels
    (home / "done" / str(chunk.start)).touch()
