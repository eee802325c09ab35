"""Builds the BigEarthNet half of the demo collection: LMDB, metadata and annotations; resumable, atomic, reproducible.

Sites are written one by one into a hidden folder; a site counts as done once its metadata part exists, which is written
after its pictures are safe in the LMDB. The last act renames the folder, so a reader sees a whole collection or none.
"""

import os
import shutil
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import lmdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from safetensors.numpy import load

from data_access.bigearthnet.modalities import MAP_SUFFIX, MAP_TENSOR
from demo.bigearthnet.imagery import SiteImagery, photograph
from demo.bigearthnet.places import all_patches
from demo.bigearthnet.sites import SITES, Site
from demo.bigearthnet.tables import is_annotated, metadata_table, note_of, text_table, write_table
from demo.folders import replace_folder
from demo.sources import source_version

IMAGES_FOLDER = "bigearthnet_images"
METADATA_FILE = "metadata.parquet"
TEXT_FILE = "BigEarthNet.txt.parquet"

_NOTE = "patchwork_demo"  # key of the fingerprint in the Parquet files
_MAP_SIZE = 2**30  # largest size of the LMDB; the file only takes what it holds
_WORKERS = min(2, os.cpu_count() or 1)  # threads: numpy and scipy let go of the GIL while they draw
_PARTS = "parts"

Progress = Callable[[int, int, str], None]


def build_bigearthnet(out: Path, seed: int, progress: Progress) -> None:
    """Write the synthetic BigEarthNet v2 imagery and BigEarthNet.txt annotations.

    Args:
        out: folder to write `bigearthnet_images/` (data.mdb, lock.mdb, metadata.parquet) and
            `BigEarthNet.txt.parquet` into; made if missing. What an interrupted run left there is used.
        seed: equal seeds give equal collections.
        progress: called with steps done, steps in all, and what is being made.
    """
    fingerprint = f"{seed}-{source_version('bigearthnet', 'scene')}"
    steps = len(SITES) + 1
    if _is_complete(out, fingerprint):
        progress(steps, steps, "BigEarthNet demo is complete")
        return
    partial = _partial_folder(out, fingerprint)
    with closing(_write_sites(partial, seed, fingerprint)) as labels:  # an interruption closes the LMDB at once
        for done, label in enumerate(labels, start=1):
            progress(done, steps, label)
    _finish(out, partial, seed, fingerprint)
    progress(steps, steps, "BigEarthNet.txt annotations")


def _is_complete(out: Path, fingerprint: str) -> bool:
    files = (out / IMAGES_FOLDER / METADATA_FILE, out / TEXT_FILE)
    return (out / IMAGES_FOLDER / "data.mdb").exists() and all(note_of(file, _NOTE) == fingerprint for file in files)


def _partial_folder(out: Path, fingerprint: str) -> Path:
    """The folder of this collection in the making; leftovers of others are removed."""
    partial = out / f".{IMAGES_FOLDER}.{fingerprint}"
    for leftover in out.glob(f".{IMAGES_FOLDER}.*"):
        if leftover != partial:
            shutil.rmtree(leftover)
    (partial / _PARTS).mkdir(parents=True, exist_ok=True)
    return partial


def _write_sites(partial: Path, seed: int, fingerprint: str) -> Generator[str]:
    """Write what is missing, and name each site once it is there."""
    waiting = []
    for site in SITES:
        if note_of(_part(partial, site), _NOTE) == fingerprint:
            yield _label(site)
        else:
            waiting.append(site)
    with (
        lmdb.open(str(partial), map_size=_MAP_SIZE) as environment,
        ThreadPoolExecutor(_WORKERS, thread_name_prefix="demo-site") as pool,
    ):
        jobs = deque((site, pool.submit(photograph, site, seed)) for site in waiting)
        try:
            while jobs:  # in the order of the sites, whichever is drawn first: equal seeds give equal LMDB files
                site, job = jobs.popleft()
                imagery = job.result()
                _store(environment, imagery)
                write_table(metadata_table(imagery.rows), _part(partial, site), {_NOTE: fingerprint})
                yield _label(site)
        finally:
            pool.shutdown(cancel_futures=True)  # interrupted: sites not begun are left to the next run


def _part(partial: Path, site: Site) -> Path:
    return partial / _PARTS / f"{site.tile}_{site.column}_{site.row}.parquet"


def _label(site: Site) -> str:
    return f"BigEarthNet site {site.tile} in {site.country}"


def _store(environment: lmdb.Environment, imagery: SiteImagery) -> None:
    """Write a site in one transaction, which is on the disk when this returns."""
    with environment.begin(write=True) as transaction:
        for key, value in sorted(imagery.values.items()):
            transaction.put(key.encode(), value)


def _finish(out: Path, partial: Path, seed: int, fingerprint: str) -> None:
    """Write both tables and put the folder in its place."""
    note = {_NOTE: fingerprint}
    parts = [pq.read_table(_part(partial, site)) for site in SITES]
    metadata = pa.concat_tables(parts).sort_by("patch_id")
    annotated = {row["patch_id"] for row in metadata.to_pylist() if is_annotated(row)}
    patches = [patch for patch in all_patches() if patch.patch_id in annotated]
    write_table(text_table(patches, _maps(partial, annotated), seed), out / TEXT_FILE, note)
    write_table(metadata, partial / METADATA_FILE, note)
    shutil.rmtree(partial / _PARTS)
    replace_folder(partial, out / IMAGES_FOLDER)


def _maps(folder: Path, patch_ids: set[str]) -> dict[str, NDArray[np.uint16]]:
    """Reference maps as the LMDB holds them, so that texts are true to what a reader will find."""
    with lmdb.open(str(folder), readonly=True, lock=False) as environment, environment.begin() as transaction:
        return {name: load(transaction.get(f"{name}{MAP_SUFFIX}".encode(), b""))[MAP_TENSOR] for name in patch_ids}
