"""How fast the running app answers over HTTP, beside what a user would do otherwise.

    python -m benchmarks.api_latency

With real samples (PATCHWORK_REAL_DATA) it asks 464,044 real patch positions and the real TerraMesh chips; without them
the demo collection. Every question of a series differs from the others, so that nothing but the first look at the data
is remembered; `warm` repeats one. Prints one line per promise: median, 95th percentile, budget, ratio to the naive way.
"""

import io
import math
import os
import statistics
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import httpx
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import zarr

from benchmarks.real_positions import write_real_positions
from tests.running_app import running_app

mpl.use("Agg")  # no window

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("PATCHWORK_REAL_DATA", ROOT.parent / "shared" / "data" / "real"))
NAIVE_REPEATS = 3  # the naive ways are slow and steady
WARM_REPEATS = 50
COUNTRIES = ("Austria", "Belgium", "Finland", "Ireland", "Kosovo", "Lithuania", "Luxembourg", "Portugal", "Serbia")
SEASONS = ("Spring", "Summer", "Fall", "Winter")
CHIPS = ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC")
COLUMNS = ["patch_id", "country", "season", "split", "climate_zone", "type", "category", "latitude", "longitude"]


@dataclass(frozen=True)
class Budget:
    """What is promised, in milliseconds."""

    median: float
    p95: float = math.inf


@dataclass(frozen=True)
class Sources:
    """What the app is asked about, as files for the naive ways."""

    annotations: Path
    shards: Path  # folder of modality folders


@contextmanager
def serving(folder: Path) -> Iterator[tuple[httpx.Client, Sources]]:
    """The app on real positions and chips, or on the demo collection where there are none."""
    if REAL_DATA.is_dir():
        annotations = folder / "annotations.parquet"
        patches = write_real_positions(REAL_DATA / "bigearthnet_v2", annotations)
        print(f"{patches:,} real patch positions")
        settings = {
            "PATCHWORK_TERRAMESH": str(REAL_DATA / "terramesh"),
            "PATCHWORK_BIGEARTHNET_TXT": str(annotations),
            "PATCHWORK_CACHE_DIR": str(folder / "cache"),
        }
        sources = Sources(annotations, REAL_DATA / "terramesh" / "val")
    else:
        from data_access.settings import settings as current  # noqa: PLC0415 - only this branch reads the settings

        demo = current().demo_dir
        print(f"no real samples at {REAL_DATA}: the demo collection instead")
        settings = {"PATCHWORK_CACHE_DIR": str(current().cache_dir)}
        sources = Sources(demo / "BigEarthNet.txt.parquet", demo / "terramesh" / "val")
    began = time.perf_counter()
    with running_app(settings) as client:
        print(f"open after {time.perf_counter() - began:.1f} s")
        yield client, sources


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that one piece of work takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def asked(client: httpx.Client, urls: Sequence[str]) -> list[float]:
    """Milliseconds of each request, one after the other over one connection."""
    client.get("/api/health")
    return [timed(lambda url=url: client.get(url).raise_for_status()) for url in urls]  # type: ignore[misc]


def report(name: str, took: Sequence[float], naive: float | None, budget: Budget | None) -> None:
    """One line of the table."""
    ordered = sorted(took)
    median, p95 = statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    allowed = f"{budget.median:.0f}/{budget.p95:.0f}".removesuffix("/inf") if budget else "-"
    verdict = "" if budget is None else "ok" if median <= budget.median and p95 <= budget.p95 else "OVER"
    ratio = "-" if naive is None else f"{naive / median:.0f}x of {naive:.0f} ms"
    print(f"{name:34} {median:8.1f} {p95:8.1f}   {allowed:>9} {verdict:5} {ratio}")


def filter_queries() -> list[str]:
    """Filters by category, all different."""
    return [urlencode({"country": country, "season": season}) for country, season in product(COUNTRIES, SEASONS)]


def naive_count(path: Path) -> None:
    """Pandas on the Parquet: patches of one country and season."""
    frame = pd.read_parquet(path, columns=["patch_id", "country", "season"])
    frame[(frame.country == "Austria") & (frame.season == "Summer")].patch_id.nunique()


def naive_facets(path: Path) -> None:
    """Pandas on the Parquet: patches per value of six columns under one country."""
    frame = pd.read_parquet(path, columns=COLUMNS)
    for column in ("country", "season", "split", "climate_zone", "type", "category"):
        frame[frame.country == "Austria"].groupby(column).patch_id.nunique()


def naive_tile(path: Path) -> None:
    """Pandas, numpy and matplotlib: a density picture of 256 pixels."""
    frame = pd.read_parquet(path, columns=["patch_id", "latitude", "longitude"]).drop_duplicates("patch_id")
    counts, _, _ = np.histogram2d(frame.longitude, frame.latitude, bins=256)
    plt.imsave(io.BytesIO(), np.log1p(counts.T), format="png")


def naive_chip(shards: Path) -> None:
    """Tar, zarr and matplotlib: one chip as a figure."""
    shard = next((shards / "S2L2A").glob("*.tar"))
    with tarfile.open(shard) as tar, tempfile.TemporaryDirectory() as folder:
        member = next(item for item in tar if item.name.endswith(".zarr.zip"))
        tar.extract(member, folder, filter="data")
        store = zarr.storage.ZipStore(Path(folder) / member.name, mode="r")
        bands = np.asarray(zarr.open_consolidated(store, mode="r")["bands"]).squeeze()
    figure, axes = plt.subplots()
    axes.imshow(np.clip(bands[[7, 3, 2]].transpose(1, 2, 0) / 4000, 0, 1))
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)


def naive(work: Callable[[Path], None], source: Path) -> float:
    """Median milliseconds of a naive way."""
    return statistics.median(timed(lambda: work(source)) for _ in range(NAIVE_REPEATS))


def catalogue(client: httpx.Client, sources: Sources) -> None:
    """Counts, facets, rows, tiles and points."""
    queries = filter_queries()
    by_category = Budget(50, 150)
    counts = asked(client, [f"/api/bigearthnet/count?{query}" for query in queries])
    report("count by category", counts, naive(naive_count, sources.annotations), by_category)
    facets = asked(client, [f"/api/bigearthnet/facets?{query}" for query in queries])
    report("facets by category", facets, naive(naive_facets, sources.annotations), by_category)
    boxes = [f"/api/bigearthnet/facets?bbox={west},{south},{west + 3},{south + 3}" for west, south in places()]
    report("facets in a box", asked(client, boxes), None, Budget(300))
    rows = asked(client, [f"/api/bigearthnet/samples?limit=100&{query}" for query in queries])
    report("100 rows as JSON", rows, None, None)
    tile_naive = naive(naive_tile, sources.annotations)
    for zoom in (0, 4, 6, 8):
        urls = [f"/api/bigearthnet/tiles/{zoom}/{tile_of(zoom)}.png?{query}" for query in queries]
        report(f"tile of zoom {zoom}, new filter", asked(client, urls), tile_naive, Budget(10, 100))
    tiles = [f"/api/bigearthnet/tiles/7/{x}/{y}.png" for x, y in product(range(60, 76), range(35, 45))]
    report("tile of zoom 7, no filter", asked(client, tiles), tile_naive, Budget(10, 100))
    around = [f"/api/bigearthnet/points?bbox={lon},{lat},{lon + 0.5},{lat + 0.3}" for lon, lat in places()]
    report("points in view", asked(client, around), None, None)


def places() -> list[tuple[float, float]]:
    """Lower left corners of boxes over Europe."""
    return [(float(lon), float(lat)) for lon, lat in product(range(-9, 27, 4), (38, 43, 48, 53, 58, 63))]


def tile_of(zoom: int) -> str:
    """x/y of the tile over central Europe."""
    middle = {0: "0/0", 4: "8/5", 6: "34/22", 8: "137/88"}
    return middle[zoom]


def chips(client: httpx.Client, sources: Sources) -> None:
    """Chips never seen, chips whose values are at hand, chips already drawn."""
    ids = [row["id"] for row in client.get("/api/terramesh/samples?limit=20").json()["items"]]
    urls = [f"/api/terramesh/samples/{sample}/{modality}.webp" for sample, modality in product(ids, CHIPS)]
    urls = [url for url in urls if client.head(url.replace(".webp", ".npy")).status_code == httpx.codes.OK]
    first = urls[: len(CHIPS)]
    slow = naive(naive_chip, sources.shards)
    drawn = [f"{url}?size={size}" for url in first for size in range(200, 208)]
    report("chip, values at hand", asked(client, drawn), slow, Budget(15))
    report("chip, drawn before", asked(client, first * (WARM_REPEATS // len(first))), slow, Budget(15))
    rounds = [sum(asked(client, [f"{url}?size={210 + turn}" for url in first])) for turn in range(10)]
    report("all modalities of a sample", rounds, slow * len(first), Budget(80))
    values = asked(client, [url.replace(".webp", ".npy") for url in urls])
    report("values (.npy)", values, None, None)


def cold_chips(client: httpx.Client, sources: Sources) -> None:
    """Chips whose bytes nobody has asked for since the start; to be measured first."""
    ids = [row["id"] for row in client.get("/api/terramesh/samples?limit=20").json()["items"]]
    took = []
    for sample, modality in product(ids, CHIPS):
        url = f"/api/terramesh/samples/{sample}/{modality}.webp"
        began = time.perf_counter()
        if client.get(url).status_code == httpx.codes.OK:
            took.append((time.perf_counter() - began) * 1000)
    report("chip never seen", took, naive(naive_chip, sources.shards), None)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as (client, sources):
        print(f"{'':34} {'median':>8} {'p95':>8}   {'budget':>9}       naive way (ratio)")
        cold_chips(client, sources)
        chips(client, sources)
        catalogue(client, sources)


if __name__ == "__main__":
    main()
