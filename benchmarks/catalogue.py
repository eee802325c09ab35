"""The catalogue of TerraMesh at true size, beside DuckDB and pandas on the raw Parquet.

    python -m benchmarks.catalogue [--folder FOLDER] [--samples 1000000 3000000 9178624] [--seconds 4]

For every number of samples: the time and the peak memory of building the catalogue from metadata tables (in a process
of its own), and its size; then, in another process, the time to open it, the memory it is resident in before and after
all questions, and the latency of counts, facets and rows under filters of several kinds. Beside each stands the same
question asked of the raw Parquet, as far as that knows the answer: by DuckDB, scanning the files, and by pandas, with
the columns in memory already. The last line of each block is the load of the machine: on a busy one, latencies are
upper bounds.

`--folder` keeps the metadata tables that `benchmarks.terramesh_metadata` makes, so that several benchmarks share them.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.terramesh_metadata import SAMPLES, write_metadata
from data_access.catalog import TableCatalog
from data_access.sample_filter import SampleFilter
from data_access.terramesh.layout import discover
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.opening import catalog_of, revision_of

BUDGET_MS = {  # median and 95th percentile, from the design
    "categories": (50, 150),
    "box": (300, 300),
    "time": (300, 300),
    "clouds": (300, 300),
    "text": (None, None),
    "row": (None, None),
}
FILTERS: dict[str, tuple[SampleFilter, ...]] = {
    "categories": (
        SampleFilter(),
        SampleFilter(country=("Italy",)),
        SampleFilter(season=("Summer", "Fall"), split=("val",)),
        SampleFilter(source=("ssl4eos12",), climate_zone=("Polar, tundra", "Arid, desert, hot")),
    ),
    "box": (
        SampleFilter(bbox=(5.0, 45.0, 20.0, 60.0)),
        SampleFilter(bbox=(-100.0, -40.0, 100.0, 60.0), season=("Summer",)),
        SampleFilter(bbox=(170.0, -50.0, -170.0, 70.0)),
    ),
    "time": (
        SampleFilter(time_from=date(2018, 9, 1), time_to=date(2019, 3, 1)),
        SampleFilter(time_from=date(2020, 1, 1), source=("majortom",)),
    ),
    "clouds": (SampleFilter(cloud_max=10.0), SampleFilter(cloud_max=50.0, split=("train",))),
    "text": (SampleFilter(text="541L"),),
}
# What the raw tables can answer: they know neither countries nor climate zones, and seasons only through months.
RAW_FACETS = ("split", "substr(zarr, 1, 4)", "date_trunc('month', S2_time)", "floor(cloud_cover / 10)")
RAW_COLUMNS = ("split", "zarr", "center_lon", "center_lat", "S2_time", "cloud_cover")
REPEATS = 7  # of each filter: a user comes back to one, and the first answer pays for cold pages
MEGABYTE = 1e6
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident_mb() -> float:
    """What this process holds in memory now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / MEGABYTE


def raw_condition(sample_filter: SampleFilter) -> str:
    """The filter over the raw columns, as far as they know it."""
    found = ["TRUE"]
    if sample_filter.bbox:
        west, south, east, north = sample_filter.bbox
        joined = "AND" if west <= east else "OR"
        found.append(f"(center_lon >= {west} {joined} center_lon <= {east}) AND center_lat BETWEEN {south} AND {north}")
    if sample_filter.time_from:
        found.append(f"S2_time >= '{sample_filter.time_from}'")
    if sample_filter.time_to:
        found.append(f"S2_time < DATE '{sample_filter.time_to}' + 1")
    if sample_filter.cloud_max is not None:
        found.append(f"cloud_cover <= {sample_filter.cloud_max}")
    if sample_filter.text:
        found.append(f"contains(lower(zarr), '{sample_filter.text.lower()}')")
    found += [f"split = '{value}'" for value in sample_filter.split]
    found += [f"starts_with(zarr, '{value}')" for value in sample_filter.source]
    return " AND ".join(f"({each})" for each in found)


def raw_facets(connection: duckdb.DuckDBPyConnection, sample_filter: SampleFilter) -> None:
    """The facets that the raw tables know, one group-by each."""
    for facet in RAW_FACETS:
        query = f"SELECT {facet}, count(*) FROM raw WHERE {raw_condition(sample_filter)} GROUP BY 1"
        connection.execute(query).fetchall()


def frame_mask(frame: pd.DataFrame, sample_filter: SampleFilter) -> np.ndarray:
    """Rows of a DataFrame that match, the way a notebook does it."""
    mask: np.ndarray = np.ones(len(frame), dtype=bool)
    if sample_filter.bbox:
        west, south, east, north = sample_filter.bbox
        lon, lat = frame["center_lon"].to_numpy(), frame["center_lat"].to_numpy()
        across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        mask &= across & (lat >= south) & (lat <= north)
    if sample_filter.time_from:
        mask &= (frame["S2_time"] >= pd.Timestamp(sample_filter.time_from)).to_numpy()
    if sample_filter.time_to:
        mask &= (frame["S2_time"] < pd.Timestamp(sample_filter.time_to) + pd.Timedelta(days=1)).to_numpy()
    if sample_filter.cloud_max is not None:
        mask &= (frame["cloud_cover"] <= sample_filter.cloud_max).to_numpy()
    if sample_filter.text:
        mask &= frame["zarr"].str.lower().str.contains(sample_filter.text.lower(), regex=False).to_numpy()
    if sample_filter.split:
        mask &= frame["split"].isin(sample_filter.split).to_numpy()
    for value in sample_filter.source:
        mask &= frame["zarr"].str.startswith(value).to_numpy()
    return mask


def frame_facets(frame: pd.DataFrame, sample_filter: SampleFilter) -> None:
    """The same facets as `raw_facets`."""
    chosen = frame.loc[frame_mask(frame, sample_filter)]
    chosen["split"].value_counts()
    chosen["zarr"].str[:4].value_counts()
    chosen["S2_time"].dt.to_period("M").value_counts()
    (chosen["cloud_cover"] // 10).value_counts()


def timings(questions: Sequence[Callable[[], object]], seconds: float) -> list[float]:
    """Milliseconds of each question, one after the other, until the time is up; each kind at least once."""
    found: list[float] = []
    end = time.perf_counter() + seconds
    for question in questions:
        start = time.perf_counter()
        question()
        found.append((time.perf_counter() - start) * 1000)
        if time.perf_counter() > end:
            break
    return found


def report(name: str, kind: str, ours: list[float], raw: list[float], frame: list[float]) -> None:
    """One line: ours, the budget, and how many times faster it is than each other way."""
    median, high = float(np.median(ours)), float(np.percentile(ours, 95))
    low, top = BUDGET_MS[kind]
    meets = low is not None and top is not None and median <= low and high <= top
    verdict = f"{'meets' if meets else 'MISSES'} {low}/{top}" if low else ""
    others = "".join(
        f"  {title} {np.median(times):8.1f} ms x{np.median(times) / median:<6,.1f}"
        for title, times in (("duckdb", raw), ("pandas", frame))
        if times
    )
    print(f"{name:7} {kind:11} {len(ours):4} asked  median {median:7.1f} ms  p95 {high:7.1f} ms  {verdict:14}{others}")


def kept(root: Path, tables: Path) -> TableCatalog:
    """The catalogue of the metadata tables in a folder."""
    layout, parts = discover(root), tables / "parts"
    return catalog_of(
        layout, MemberIndex(tables / "members"), revision_of(layout, parts), tables_dir=tables, parts=parts
    )


def build(root: Path, tables: Path) -> None:
    """Build the catalogue and print what it took; meant for a process of its own."""
    start = time.perf_counter()
    catalog = kept(root, tables)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    (file,) = tables.glob("terramesh-*.duckdb")
    print(
        f"built in {took:.1f} s ({time.process_time():.1f} s of processor), peak memory {peak:,.0f} MB, "
        f"{catalog.total:,} samples in {file.stat().st_size / MEGABYTE:,.0f} MB"
    )


def ask(root: Path, tables: Path, seconds: float) -> None:
    """Open the kept catalogue and print latencies; meant for a process of its own."""
    before, start = resident_mb(), time.perf_counter()
    catalog = kept(root, tables)
    took = time.perf_counter() - start
    print(f"opened in {took * 1000:.0f} ms; resident {resident_mb():.0f} MB ({before:.0f} MB before)")
    found = own_timings(catalog, seconds)
    print(f"resident {resident_mb():.0f} MB after all questions")
    connection = duckdb.connect()
    files = ", ".join(f"'{path}'" for path in sorted(root.glob("*.parquet")))
    connection.execute(f"CREATE VIEW raw AS SELECT * FROM read_parquet([{files}])")
    start = time.perf_counter()
    frame = pd.concat([pq.read_table(path, columns=list(RAW_COLUMNS)).to_pandas() for path in root.glob("*.parquet")])
    read = time.perf_counter() - start
    print(
        f"pandas reads its columns in {read:.1f} s and holds {frame.memory_usage(deep=True).sum() / MEGABYTE:,.0f} MB"
    )
    for (name, kind), ours in found.items():
        filters = FILTERS.get(kind, ())
        if name == "count":
            queries = [f"SELECT count(*) FROM raw WHERE {raw_condition(each)}" for each in filters]
            raw = timings([partial(_fetch, connection, query) for query in queries * 3], seconds)
            naive = timings([partial(frame_mask, frame, each) for each in filters], seconds)
        elif name == "facets":
            raw = timings([partial(raw_facets, connection, each) for each in filters * 3], seconds)
            naive = timings([partial(frame_facets, frame, each) for each in filters], seconds)
        else:
            query = "SELECT * FROM raw WHERE zarr = 'majortom_train_0004711.zarr.zip'"
            raw, naive = timings([partial(_fetch, connection, query)] * 3, seconds), []
        report(name, kind, ours, raw, naive)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    connection.execute(query).fetchall()


def own_timings(catalog: TableCatalog, seconds: float) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of every question to the catalogue, by its name and the kind of its filter."""
    found = {}
    for kind, filters in FILTERS.items():
        found["count", kind] = timings([partial(catalog.count, each) for each in filters * REPEATS], seconds)
        found["facets", kind] = timings([partial(catalog.facets, each) for each in filters * REPEATS], seconds)
    numbers = np.random.default_rng(0).integers(0, catalog.total, 200)
    ids = catalog.take(numbers, ["id"])["id"].to_pylist()
    found["row", "row"] = timings([partial(catalog.row, sample_id) for sample_id in ids], seconds)
    return found


def measure(folder: Path, samples: int, seconds: float) -> None:
    """Print the block of one number of samples."""
    root = write_metadata(folder, samples)
    size = sum(path.stat().st_size for path in root.glob("*.parquet"))
    print(f"\n{samples:,} samples, {size / MEGABYTE:,.0f} MB of metadata", flush=True)
    with tempfile.TemporaryDirectory() as tables:
        for step in ("build", "ask"):
            words = [sys.executable, "-m", "benchmarks.catalogue", "--step", step, "--seconds", str(seconds)]
            subprocess.run([*words, "--folder", str(root), "--tables", f"{tables}/tables"], check=True)


def main() -> None:
    """Measure all sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where metadata tables are kept; a temporary folder unless given")
    parser.add_argument("--samples", type=int, nargs="*", default=[1_000_000, 3_000_000, SAMPLES])
    parser.add_argument("--seconds", type=float, default=4.0, help="longest time per line and side")
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--tables", type=Path, help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if choices.step == "build":
        build(choices.folder, choices.tables)
    elif choices.step == "ask":
        ask(choices.folder, choices.tables, choices.seconds)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            for samples in choices.samples:
                measure(choices.folder or Path(temporary), samples, choices.seconds)


if __name__ == "__main__":
    main()
