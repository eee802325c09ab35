"""Builds the TerraMesh half of the demo collection: shards under val/ and their metadata table.

Samples are drawn by two processes into a hidden folder, one file each; what an interrupted build left there is used.
The last act renames the folder, so a reader sees a whole collection or none.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import numcodecs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import scipy
import shapely

from data_access.terramesh.modalities import FOLDERS, MEMBER_SUFFIX
from demo.folders import replace_folder
from demo.terramesh.encode import encode_sample
from demo.terramesh.plan import SamplePlan, make_plan
from demo.terramesh.shards import read_record, shard_members, write_part, write_tar

FOLDER = "terramesh"
METADATA_FILE = "val_metadata.parquet"

_WORKERS = 2
_NOTE = {b"synthetic": b"true", b"note": b"Drawn by the Patchwork demo builder; no observations."}

Progress = Callable[[int, int, str], None]


def build_terramesh(
    out: Path, seed: int, progress: Progress, *, plans: Sequence[SamplePlan] | None = None, workers: int = _WORKERS
) -> None:
    """Write `terramesh/val/{modality}/*.tar` and `terramesh/val_metadata.parquet` below `out`.

    Args:
        out: an existing folder.
        seed: equal seeds give equal bytes.
        progress: called with steps done, steps in all, and what was made.
        plans: the samples to build; all of them by default.
        workers: processes that draw.
    """
    plans = make_plan(seed) if plans is None else plans
    partial = out / f".{FOLDER}-{_fingerprint(seed, plans)}"
    for other in out.glob(f".{FOLDER}-*"):
        if other != partial:
            shutil.rmtree(other)
    parts = partial / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    steps = len(plans) + 1
    for done, plan in enumerate(_draw(parts, plans, workers), start=1):
        progress(done, steps, plan.place.name)
    tree = partial / "tree"
    _assemble(tree, parts, plans)
    replace_folder(tree, out / FOLDER)
    shutil.rmtree(partial)
    progress(steps, steps, "TerraMesh shards")


def versions() -> dict[str, str]:
    """The libraries whose arithmetic decides the bytes."""
    return {"numpy": np.__version__, "scipy": scipy.__version__, "numcodecs": numcodecs.__version__}


def _fingerprint(seed: int, plans: Sequence[SamplePlan]) -> str:
    """Tells parts of another seed, library or choice of samples apart."""
    words = [str(seed), repr(sorted(versions().items())), *(repr(plan) for plan in plans)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def _draw(parts: Path, plans: Sequence[SamplePlan], workers: int) -> Iterable[SamplePlan]:
    """Yield every sample once its part is on the disk; those that are there already come first."""
    missing = []
    for plan in plans:
        if read_record(_part(parts, plan)) is None:
            missing.append(plan)
        else:
            yield plan
    if not missing:
        return
    # spawned, not forked: a forked child of a process with threads may hang
    with ProcessPoolExecutor(min(workers, len(missing)), mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(_draw_one, _part(parts, plan), plan): plan for plan in missing}
        try:
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        finally:
            pool.shutdown(cancel_futures=True)


def _part(parts: Path, plan: SamplePlan) -> Path:
    return parts / f"{plan.key}.tar"


def _draw_one(path: Path, plan: SamplePlan) -> None:
    """Draw one sample into its part; runs in a worker."""
    members, cloud_cover = encode_sample(plan)
    write_part(path, members, {"key": plan.key, "cloud_cover": cloud_cover})


def _assemble(tree: Path, parts: Path, plans: Sequence[SamplePlan]) -> None:
    """Join the parts into shards: the same order of keys in every modality."""
    for shard, group in groupby(plans, key=lambda plan: plan.shard):
        members = list(group)
        for modality in FOLDERS:
            if modality.startswith("S1") and modality != members[0].s1_modality:
                continue
            folder = tree / "val" / modality
            folder.mkdir(parents=True, exist_ok=True)
            write_tar(folder / shard, shard_members([(plan.key, _part(parts, plan)) for plan in members], modality))
    records = [read_record(_part(parts, plan)) or {} for plan in plans]
    table = _metadata(plans, [float(str(record["cloud_cover"])) for record in records])
    pq.write_table(table, tree / METADATA_FILE, compression="zstd")


def _metadata(plans: Sequence[SamplePlan], cloud_cover: Sequence[float]) -> pa.Table:
    """One row per sample, with the columns that the metadata of TerraMesh and of its sister data set have."""
    centres = [plan.square.centre for plan in plans]
    outlines = [shapely.Polygon(plan.square.corners) for plan in plans]
    stamp = pa.timestamp("ns")
    columns = {
        "tar": pa.array([plan.shard for plan in plans]),
        "zarr": pa.array([f"{plan.key}{MEMBER_SUFFIX}" for plan in plans]),
        "sample_id": pa.array([plan.square.sample for plan in plans]),
        "split": pa.array(["val"] * len(plans)),
        "center_lon": pa.array([lon for lon, _ in centres]),
        "center_lat": pa.array([lat for _, lat in centres]),
        "crs": pa.array([f"EPSG:{plan.square.epsg}" for plan in plans]),
        "bounds": pa.array([list(outline.bounds) for outline in outlines], pa.list_(pa.float64())),
        "geometry": pa.array([shapely.to_wkb(outline) for outline in outlines], pa.binary()),
        "S2_time": pa.array([plan.s2_time.replace(tzinfo=None) for plan in plans], stamp),
        "S1_time": pa.array([plan.s1_time.replace(tzinfo=None) for plan in plans], stamp),
        "cloud_cover": pa.array(cloud_cover, pa.float64()),
    }
    return pa.table(columns).replace_schema_metadata(_NOTE)
