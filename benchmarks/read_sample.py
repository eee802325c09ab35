"""How long opening one modality of one sample takes, beside the way that the dataset's own loader goes.

    python -m benchmarks.read_sample [TERRAMESH_ROOT]

The root is by default the real samples (PATCHWORK_REAL_DATA), else the demo collection. `first` opens a sample that
nobody opened before, its shard already listed; `again` one that is still in memory. The reference way opens the tar,
extracts the member, and reads its `bands` through fsspec and zarr; it tells neither place nor time nor offset. For the
offset of a bright S2L2A its S2L1C is opened too, so its first opening counts both.
Prints one line per modality: median milliseconds and the ratio to the reference way.
"""

import io
import os
import statistics
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import fsspec
import numpy as np
import zarr

from data_access.sample_filter import SampleFilter
from data_access.settings import settings
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.opening import open_terramesh
from errors import ModalityMissingError

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("PATCHWORK_REAL_DATA", ROOT.parent / "shared" / "data" / "real")) / "terramesh"
SAMPLES = 24  # enough for a steady median
ROUNDS = 5


def milliseconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


def reference_way(shard: Path, member: str) -> np.ndarray:
    """The bands of a member as the dataset's own loader reads them."""
    with tarfile.open(shard) as archive:
        file = archive.extractfile(member)
        data = file.read() if file else b""
    # fsspec remembers file systems by the address of `fo`, which Python uses again.
    files = fsspec.filesystem("zip", fo=io.BytesIO(data), skip_instance_cache=True)
    files.find("")  # lists the files now: zarr's threads would race for it and miss some, once in 200 readings
    mapper = files.get_mapper("")
    return np.asarray(zarr.open_consolidated(mapper, mode="r")["bands"])


def measure(opened: TerraMesh, root: Path, keys: list[str], modality: str) -> tuple[list[float], list[float]]:
    """Times of the first and the next opening of each sample that has the modality, checked against the reference."""
    first: list[float] = []
    again: list[float] = []
    for key in keys:
        try:
            begun = time.perf_counter()
            chip = opened.read(key, modality)
            first.append((time.perf_counter() - begun) * 1000)
        except ModalityMissingError:
            continue
        again.append(milliseconds(partial(opened.read, key, modality)))
        provenance = chip.attrs["provenance"]
        reference = reference_way(root / provenance["shard"], provenance["member"])
        np.testing.assert_array_equal(chip["bands"], reference[0])
    return first, again


def measure_reference(opened: TerraMesh, root: Path, keys: list[str], modality: str) -> list[float]:
    """Times of the reference way for the same samples."""
    times: list[float] = []
    for key in keys:
        try:
            provenance = opened.read(key, modality).attrs["provenance"]
        except ModalityMissingError:
            continue
        times.append(milliseconds(partial(reference_way, root / provenance["shard"], provenance["member"])))
    return times


def main() -> None:
    """Measure every modality of some samples."""
    default = REAL if REAL.is_dir() else settings().demo_dir / "terramesh"
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    with tempfile.TemporaryDirectory() as tables:
        opened = open_terramesh(root, kind="local", tables_dir=Path(tables))
        keys = opened.catalog.rows(SampleFilter(), limit=SAMPLES)["id"].to_pylist()
        for key in keys:
            opened.corners(key)  # lists the shard, loads libraries
        print(f"{root.name}: {len(keys)} samples, {ROUNDS} rounds; median milliseconds")
        print(f"{'modality':12}{'first':>8}{'again':>8}{'reference':>11}{'ratio':>8}")
        for modality in [name for name in opened.modalities if name != "cloud_mask"]:
            first: list[float] = []
            again: list[float] = []
            reference: list[float] = []
            for _ in range(ROUNDS):
                fresh = open_terramesh(root, kind="local", tables_dir=Path(tables))
                new, old = measure(fresh, root, keys, modality)
                first += new
                again += old
                reference += measure_reference(fresh, root, keys, modality)
            medians = [statistics.median(times) for times in (first, again, reference)]
            print(f"{modality:12}{medians[0]:8.2f}{medians[1]:8.2f}{medians[2]:11.2f}{medians[2] / medians[0]:7.1f}x")


if __name__ == "__main__":
    main()
