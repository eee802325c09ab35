"""What BigEarthNet.txt costs at its published size, beside pandas on the same Parquet.

    python -m benchmarks.annotations_at_scale [FILE]

Without FILE a synthetic one of 9.55 million rows is made in a temporary folder (about a minute, 350 MB). Each side runs
in a process of its own, so that its peak memory is its own. Prints a line per promise: time, time the naive way, ratio.
"""

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.annotation_rows import write_annotations
from data_access.annotations.annotation_file import open_annotation_file
from data_access.annotations.annotations import Annotations

LOOKUPS = 50
WORDS = {"a rare word": ("1439999",), "two words": ("coniferous", "forest"), "a common word": ("sqm",)}
Measured = dict[str, float]


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_mb() -> float:
    """Largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def ours(path: Path, tables: Path) -> Measured:
    """Patchwork: tables built, then opened again, then asked."""
    measured: Measured = {"open, first time": timed(lambda: Annotations(open_annotation_file(path), tables))}
    measured["peak MB"] = peak_mb()
    measured["open, later"] = timed(lambda: Annotations(open_annotation_file(path), tables))
    annotations = Annotations(open_annotation_file(path), tables)
    ids = annotations.patches()["id"]
    chosen = ids.take(list(range(0, len(ids), max(len(ids) // LOOKUPS, 1)))).to_pylist()
    measured["annotations of a patch"] = statistics.median(timed(partial(annotations.of, i)) for i in chosen)
    for name, words in WORDS.items():
        measured[f"search, {name}"] = statistics.median(timed(partial(annotations.search, words)) for _ in range(3))
    return measured


def naive(path: Path, _: Path) -> Measured:
    """pandas: the whole file in memory."""
    frames: list[pd.DataFrame] = []
    opening = timed(lambda: frames.append(pd.read_parquet(path)))
    frame = frames[0]
    measured: Measured = {"open, first time": opening, "open, later": opening}
    patch = frame["patch_id"].iloc[len(frame) // 2]
    measured["annotations of a patch"] = timed(lambda: frame[frame["patch_id"] == patch].to_dict("records"))
    for name, words in WORDS.items():
        measured[f"search, {name}"] = timed(partial(search_frame, frame, words))
    measured["peak MB"] = peak_mb()
    return measured


def search_frame(frame: pd.DataFrame, words: tuple[str, ...]) -> pd.Series:
    """Count the rows that hold all words, per patch and task."""
    held = pd.Series(data=True, index=frame.index)
    for word in words:
        in_input = frame["input"].str.contains(word, case=False, regex=False)
        held &= in_input | frame["output"].str.contains(word, case=False, regex=False)
    return frame[held].groupby(["patch_id", "type", "category"], observed=True).size()


def in_own_process(side: Callable[[Path, Path], Measured], path: Path, tables: Path) -> Measured:
    """Run one side in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(side, (path, tables))


def main() -> None:
    """Measure both sides and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "annotations.parquet"
        if not path.exists():
            print(f"made {write_annotations(path):,} rows, {path.stat().st_size / 1e6:.0f} MB")
        patchwork = in_own_process(ours, path, Path(folder) / "tables")
        pandas = in_own_process(naive, path, Path(folder) / "tables")
        kept = sum(file.stat().st_size for file in (Path(folder) / "tables").rglob("*.parquet"))
    print(f"{'':26}{'patchwork':>12}{'pandas':>12}{'ratio':>9}")
    for name, value in patchwork.items():
        unit, scale = ("MB", 1.0) if name.endswith("MB") else ("ms", 1000.0)
        other = pandas[name]
        print(f"{name:26}{value * scale:9.0f} {unit}{other * scale:9.0f} {unit}{other / value:8.1f}x")
    print(f"kept tables: {kept / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
