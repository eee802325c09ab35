"""Counts, facets and tiles at true size, beside the naive way: the same table as a pandas DataFrame in memory.

    python -m benchmarks.catalogue [--synthetic 9200000] [--seconds 4]

Two tables: the positions of the first 464,044 real patches (skipped without PATCHWORK_REAL_DATA) with made-up task
counts, and a synthetic world of 9.2 million samples. Every line is the median and the 95th percentile of one question
under several filters, for at most `--seconds`; the last column says how many times faster than the naive way it is.
Tiles are asked as a map asks them: the twelve tiles around a place at every zoom, the first one paying for the mask.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.catalog import TableCatalog, build_catalog
from data_access.point_index import PointIndex
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASK_COLUMNS

PATCHES = 464_044
SYNTHETIC = 9_200_000
ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("PATCHWORK_REAL_DATA", ROOT.parent / "shared" / "data" / "real"))
CATEGORIES = ("country", "season", "climate_zone", "split", "source")
SEASONS = ("Spring", "Summer", "Fall", "Winter")
BUDGET_MS = {  # median and 95th percentile, from the design
    ("count", "categories"): (50, 150),
    ("facets", "categories"): (50, 150),
    ("count", "box, time, clouds"): (300, 300),
    ("facets", "box, time, clouds"): (300, 300),
    ("tile", "all"): (10, 100),
}
Question = Callable[[], object]


def real_patches() -> pa.Table | None:
    """The real positions, with as many made-up annotations per task as the published file has."""
    path = REAL_DATA / "bigearthnet_v2" / "all_patches_with_coords.parquet"
    if not path.is_file():
        return None
    patches = pq.read_table(path, filters=[("set", "==", "main")]).slice(0, PATCHES)
    random = np.random.default_rng(0)
    columns = {
        "id": patches["patch_id"],
        "lon": patches["longitude"],
        "lat": patches["latitude"],
        "country": patches["country"],
        "season": patches["season"],
        "climate_zone": patches["kg"],
        "split": patches["split"],
        "source": pa.array(["bigearthnet"] * len(patches)),
        "time": patches["date"],
    }
    return pa.table(columns | {name: random.poisson(1.4, len(patches)) for name in TASK_COLUMNS})


def synthetic_world(rows: int) -> pa.Table:
    """Samples in clusters over the land belt, with as many values per category as the real world has."""
    random = np.random.default_rng(0)
    centre = random.integers(0, 300, rows)
    lon = random.uniform(-170, 170, 300)[centre] + random.normal(0, 6, rows)
    lat = np.clip(random.uniform(-50, 65, 300)[centre] + random.normal(0, 4, rows), -85, 85)
    zone = np.minimum(np.abs(lat) / 3 + random.integers(0, 4, rows), 29)
    days = random.integers(17_167, 20_000, rows).astype("datetime64[D]").astype("datetime64[us]")
    numbers = pc.utf8_lpad(pa.array(np.arange(rows)).cast(pa.string()), 7, "0")
    return pa.table(
        {
            "id": pc.binary_join_element_wise("majortom_train_", numbers, ""),
            "lon": (lon + 180) % 360 - 180,
            "lat": lat,
            "country": _words(np.minimum(random.pareto(1.2, rows) * 6, 235), [f"Country {n}" for n in range(236)]),
            "season": _words(random.integers(0, 4, rows), SEASONS),
            "climate_zone": _words(zone, [f"Zone {n}" for n in range(30)]),
            "split": _words(random.random(rows) < 0.01, ("train", "val")),
            "source": _words(random.random(rows) < 0.1, ("majortom", "ssl4eos12")),
            "time": days,
            "cloud_cover": random.beta(0.3, 2, rows) * 100,
        }
    )


def _words(numbers: np.ndarray, words: Iterable[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(numbers.astype(np.int32), list(words))


def filters_of(table: pa.Table) -> dict[str, list[SampleFilter]]:
    """Filters by kind: categories alone, and those that the cubes can not answer."""
    first = {name: sorted(set(table[name].slice(0, 50_000).to_pylist()))[:3] for name in CATEGORIES}
    categorical = [
        SampleFilter(),
        *(SampleFilter().replace(**{name: tuple(words[:1])}) for name, words in first.items()),
        SampleFilter(country=tuple(first["country"]), season=("Fall", "Winter")),
        SampleFilter(season=("Summer",), split=tuple(first["split"][:1]), climate_zone=tuple(first["climate_zone"])),
    ]
    if TASK_COLUMNS[0] in table.column_names:
        categorical += [SampleFilter(type=("mcq",)), SampleFilter(category=("area",), season=("Summer",))]
    other = [
        SampleFilter(bbox=(5.0, 45.0, 20.0, 60.0)),
        SampleFilter(bbox=(-100.0, -40.0, 100.0, 60.0), season=("Summer",)),
        SampleFilter(time_from=date(2017, 9, 1), time_to=date(2019, 3, 1)),
    ]
    if "cloud_cover" in table.column_names:
        other.append(SampleFilter(cloud_max=10.0))
    return {"categories": categorical, "box, time, clouds": other}


def naive_mask(frame: pd.DataFrame, sample_filter: SampleFilter) -> np.ndarray:
    """Rows of a DataFrame that match, the way a notebook does it."""
    mask: np.ndarray = np.ones(len(frame), dtype=bool)
    for name in CATEGORIES:
        if getattr(sample_filter, name):
            mask &= frame[name].isin(getattr(sample_filter, name)).to_numpy()
    if sample_filter.bbox:
        west, south, east, north = sample_filter.bbox
        mask &= (frame["lon"].between(west, east) & frame["lat"].between(south, north)).to_numpy()
    if sample_filter.time_from and sample_filter.time_to:
        first, last = pd.Timestamp(sample_filter.time_from), pd.Timestamp(sample_filter.time_to)
        mask &= frame["time"].between(first, last).to_numpy()
    if sample_filter.cloud_max is not None:
        mask &= (frame["cloud_cover"] <= sample_filter.cloud_max).to_numpy()
    for name in ("type", "category"):
        for value in getattr(sample_filter, name):
            named = [column for column in TASK_COLUMNS if value.replace(" ", "_") in column]
            mask &= frame[named].sum(axis=1).to_numpy() > 0
    return mask


def naive_facets(frame: pd.DataFrame, sample_filter: SampleFilter) -> list[pd.Series]:
    """Value counts of the five categories and the months, each without its own restriction."""
    found = [frame.loc[naive_mask(frame, sample_filter.without(name)), name].value_counts() for name in CATEGORIES]
    untimed = naive_mask(frame, sample_filter.without("time_from", "time_to"))
    return [*found, frame.loc[untimed, "time"].dt.to_period("M").value_counts()]


def naive_tile(frame: pd.DataFrame, sample_filter: SampleFilter, zoom: int, x: int, y: int) -> np.ndarray:
    """A density tile from longitude and latitude, computed anew."""
    rows = frame.loc[naive_mask(frame, sample_filter), ["lon", "lat"]].to_numpy()
    across = ((rows[:, 0] + 180) / 360 * 2**zoom - x) * 256
    down = ((1 - np.arcsinh(np.tan(np.radians(rows[:, 1]))) / np.pi) / 2 * 2**zoom - y) * 256
    counts: np.ndarray = np.histogram2d(down, across, bins=256, range=[[0, 256], [0, 256]])[0]
    return counts


def tiles_of(table: pa.Table, filters: list[SampleFilter]) -> Iterator[tuple[int, int, int, SampleFilter]]:
    """Tiles as a map asks for them: filter by filter, zooming in on one sample."""
    lon, lat = (float(np.nanmedian(table[name].to_numpy())) for name in ("lon", "lat"))
    for sample_filter in filters:
        for zoom in range(10):
            column = int((lon + 180) / 360 * 2**zoom)
            row = int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**zoom)
            for across in range(-2, 2):
                for down in range(-1, 2):
                    yield zoom, (column + across) % 2**zoom, min(max(row + down, 0), 2**zoom - 1), sample_filter


def timings(questions: Iterable[Question], seconds: float) -> list[float]:
    """Milliseconds of each question, one after the other, until the time is up; at least one."""
    found: list[float] = []
    end = time.perf_counter() + seconds
    for question in questions:
        start = time.perf_counter()
        question()
        found.append((time.perf_counter() - start) * 1000)
        if time.perf_counter() > end:
            break
    return found


def report(name: str, kind: str, ours: list[float], naive: list[float]) -> None:
    """One line: ours, the budget, the naive way, and how many times faster ours is."""
    median, high, slow = np.median(ours), np.percentile(ours, 95), np.median(naive)
    budget = BUDGET_MS[name, kind]
    verdict = "meets" if median <= budget[0] and high <= budget[1] else "MISSES"
    print(
        f"{name:7} {kind:18} {len(ours):5} asked  median {median:7.1f} ms  p95 {high:7.1f} ms  "
        f"{verdict} {budget[0]}/{budget[1]}   naive {slow:8.1f} ms   x{slow / median:,.0f}"
    )


def measure(title: str, table: pa.Table, seconds: float) -> None:
    """Print the lines of one table."""
    start = time.perf_counter()
    catalog: TableCatalog = build_catalog(table)
    built = time.perf_counter() - start
    points = PointIndex(catalog)
    print(
        f"\n{title}: {len(table):,} samples; catalogue {built:.1f} s, index {time.perf_counter() - start - built:.1f} s"
    )
    frame = table.to_pandas()
    filters = filters_of(table)
    for kind, chosen in filters.items():
        # Each filter three times: a user comes back to a filter, and the first answer pays for cold pages.
        sides: list[tuple[str, Callable[[SampleFilter], object], Callable[[pd.DataFrame, SampleFilter], object]]] = [
            ("count", catalog.count, naive_mask),
            ("facets", catalog.facets, naive_facets),
        ]
        for name, ask, slow in sides:
            ours = timings([partial(ask, each) for each in chosen * 3], seconds)
            naive = timings([partial(slow, frame, each) for each in chosen], seconds)
            report(name, kind, ours, naive)
    everything = [each for chosen in filters.values() for each in chosen]
    tiles = list(tiles_of(table, everything))
    ours = timings([partial(points.density, *tile) for tile in tiles], seconds * 3)
    naive = timings((partial(naive_tile, frame, each, 4, 8, 5) for each in cycle(everything)), seconds)
    report("tile", "all", ours, naive)


def main() -> None:
    """Measure both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synthetic", type=int, default=SYNTHETIC, help="samples of the synthetic world; 0 skips it")
    parser.add_argument("--seconds", type=float, default=4.0, help="longest time per line and side")
    choices = parser.parse_args()
    patches = real_patches()
    if patches is None:
        print(f"No real positions at {REAL_DATA.name}: set PATCHWORK_REAL_DATA. Skipped.")
    else:
        measure("Real patches", patches, choices.seconds)
    if choices.synthetic:
        measure("Synthetic world", synthetic_world(choices.synthetic), choices.seconds)


if __name__ == "__main__":
    main()
