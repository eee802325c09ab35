"""Explore with all 9,178,624 samples of TerraMesh on a hub, in real Chromium: shown, filtered, flown over, opened.

    python -m benchmarks.map_at_full_size [--samples 9178624] [--latency 0.03] [--keep FOLDER]

The metadata is made up at true size (`benchmarks.terramesh_metadata`), the first shard of every modality has true size
and exists nowhere (`benchmarks.true_size_shards`); both lie behind the loopback hub, which waits before every answer.
The app knows them as `hf`. The first start downloads the metadata and builds catalogue and index, the second is the
usual one. Chromium draws in software where there is no GPU, which "drawn" includes and "here" does not.
"""

import argparse
import math
import os
import random
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx
import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.idle_memory import BUILD_S, memory_of, peak_mb
from benchmarks.map_browser import EVERYTHING, WatchedPage, launched, opened
from benchmarks.terramesh_metadata import SAMPLES, write_metadata
from benchmarks.true_size_shards import true_size_root
from tests.loopback_hub import LoopbackHub, loopback_hub
from tests.running_app import running_process

CHOICES = (("country", "Brazil"), ("season", "Winter"), ("country", "Canada"), ("climate_zone", "Polar, tundra"))
SHARD = "majortom_shard_000001.tar"
OPENED = 3  # samples that are flown to and opened
CLOSE_ZOOM = 6.0  # the flight to one sample ends closer than that
PLACES = ((52.0, 12.0), (-10.0, -55.0), (23.0, 80.0))  # latitude and longitude of zooms into dense parts
ZOOMS = (1.5, 3, 4, 5, 6, 7, 8)
SETTLE_MS = 2000  # between two measurements
# Milliseconds from asking for each density tile to its last byte, without its time in the browser's own queue.
_TILE_TIMES = """() => performance.getEntriesByType('resource').filter(({name}) => name.includes('/tiles/'))
  .map(({requestStart, responseEnd}) => responseEnd - requestStart)"""


def line(label: str, values: Iterable[float], unit: str = "ms") -> None:
    """One line of the report: median and worst."""
    found = list(values)
    print(f"{label:52}{median(found):10.0f}{max(found):10.0f} {unit}", flush=True)


def tiles_alone(url: str) -> None:
    """Density tiles while nothing draws: the twelve around each place at every zoom, filter by filter."""
    first: list[float] = []
    rest: list[float] = []
    with httpx.Client(base_url=url, timeout=60) as client:
        for query in ("", *(urlencode([choice]) for choice in CHOICES), "cloud_max=20", "time_from=2020-03-01"):
            asked = [
                (zoom, x, y) for zoom in range(12) for place in PLACES for x, y in _tiles_around(*place, zoom=zoom)
            ]
            for number, (zoom, x, y) in enumerate(asked):
                begin = time.monotonic()
                client.get(f"/api/terramesh/tiles/{zoom}/{x}/{y}.png?{query}").raise_for_status()
                (rest if number else first).append(_since(begin))
    line("the first tile of a filter over HTTP", first)
    line(f"any of {len(rest):,} others", rest)
    line("  95 of 100 are below", [float(np.percentile(rest, 95))])


def _tiles_around(latitude: float, longitude: float, *, zoom: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the twelve tiles around a place, as far as they are on the map."""
    side = 2**zoom
    column = int((longitude + 180) / 360 * side)
    row = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side)
    places = {((column + x) % side, row + y) for x in range(-2, 2) for y in range(-1, 2)}
    yield from sorted((x, y) for x, y in places if 0 <= y < side)


def first_drawing(watched: WatchedPage, url: str) -> None:
    """The world with everything on it."""
    begin = time.monotonic()
    watched.page.goto(f"{url}/?show=terramesh")
    watched.until(lambda: watched.attribute("terramesh-tiles") == EVERYTHING, "the first drawing")
    line("page opened to all samples drawn", [_since(begin)])
    watched.page.wait_for_timeout(SETTLE_MS)


def filters(watched: WatchedPage) -> None:
    """Conditions, one at a time and then one more on top."""
    changes = []
    for field, value in CHOICES:
        changes.append(watched.choose("terramesh", field, value, urlencode({field: value})))
        watched.page.wait_for_timeout(SETTLE_MS)
        watched.reset("terramesh")
        watched.page.wait_for_timeout(SETTLE_MS)
    line("filter clicked to map told", (each.told for each in changes))
    line("filter clicked to last tile here", (each.arrived for each in changes))
    line("filter clicked to tiles drawn", (each.drawn for each in changes))


def zooms(watched: WatchedPage, url: str) -> None:
    """How long tiles take on the way into three dense places."""
    times: list[float] = []
    for latitude, longitude in PLACES:
        for zoom in ZOOMS:
            watched.page.goto(f"{url}/?show=terramesh&lat={latitude}&lon={longitude}&zoom={zoom}")
            watched.until(lambda: watched.attribute("modes") is not None and _is_settled(watched), "a zoom")
            watched.page.wait_for_timeout(SETTLE_MS / 4)
            times += watched.page.evaluate(_TILE_TIMES)
    line(f"one of {len(times)} density tiles while Chromium draws", times)


def _is_settled(watched: WatchedPage) -> bool:
    return "loading" not in (watched.attribute("modes") or "loading")


def flights(watched: WatchedPage, url: str, hub: LoopbackHub, keys: Sequence[str]) -> None:
    """Find samples among all by their names, fly there, click them, open them in Compare."""
    times: dict[str, list[float]] = {}
    requests = []
    for key in keys:
        watched.page.goto(f"{url}/?show=terramesh")
        watched.until(lambda: watched.attribute("terramesh-tiles") == EVERYTHING, "the map")
        watched.page.wait_for_timeout(SETTLE_MS)
        hub.forget()
        for label, taken in (*_find(watched, key), *_open(watched, key)):
            times.setdefault(label, []).append(taken)
        requests.append(len(hub.asked("/signed/")))
    for label, taken_each in times.items():
        line(label, taken_each)
    line("ranged requests for card and pictures", requests, "requests")


def _find(watched: WatchedPage, key: str) -> Iterator[tuple[str, float]]:
    """Type a name and fly to its point; gives milliseconds of each step."""
    words = watched.page.get_by_placeholder(re.compile("Search"))
    words.fill(key)
    begin = time.monotonic()
    words.press("Enter")
    watched.until(lambda: watched.attribute("points") == "1", f"the point of {key}")
    yield "name typed to its point on the map", _since(begin)
    watched.map.focus()
    begin = time.monotonic()
    watched.page.keyboard.press("f")
    watched.until(lambda: _zoom(watched) > CLOSE_ZOOM, "the flight")
    yield "key pressed to the end of the flight", _since(begin)
    watched.page.wait_for_timeout(SETTLE_MS)


def _open(watched: WatchedPage, key: str) -> Iterator[tuple[str, float]]:
    """Click the point in the middle of the map and go on to Compare; gives milliseconds of each step."""
    box = watched.map.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    begin = time.monotonic()
    watched.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    link = watched.page.locator(f'.results .card[data-id="{key}"]').get_by_text("Open in Compare")
    link.wait_for()
    yield "clicked to its card", _since(begin)
    begin = time.monotonic()
    link.click()
    panels, done = watched.page.locator(".panel"), watched.page.locator(".panel:not(.loading)")
    watched.until(lambda: done.count() > 0, "the first picture")
    yield "opened to the first picture", _since(begin)
    watched.until(lambda: 0 < panels.count() == done.count(), "all pictures")
    yield "opened to all pictures of the sample", _since(begin)


def _since(begin: float) -> float:
    return (time.monotonic() - begin) * 1000


def _zoom(watched: WatchedPage) -> float:
    found = re.search(r"[?&]zoom=([\d.]+)", watched.page.url)
    return float(found[1]) if found else 0.0


def main() -> None:
    """Build once, start again, drive Chromium."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of both splits together")
    parser.add_argument("--latency", type=float, default=0.03, help="seconds before every answer of the hub")
    parser.add_argument("--keep", type=Path, help="folder for tables and cache, kept for the next time")
    choices = parser.parse_args()
    shards = {path: file for path, file in true_size_root().files.items() if path.endswith(SHARD)}
    numbers = random.sample(range(1, 10_240), OPENED)  # others at every run: what was opened before is in the cache
    keys = [f"majortom_train_{number:07d}" for number in numbers]
    with tempfile.TemporaryDirectory() as passing:
        folder = choices.keep or Path(passing)
        root = write_metadata(folder, choices.samples)
        with loopback_hub(root, files=shards, latency_s=choices.latency) as hub:
            environment = {"PATCHWORK_TERRAMESH": "hf", "HF_ENDPOINT": hub.url}
            environment["PATCHWORK_CACHE_DIR"] = str(folder / "cache-of-the-hub")
            with started(environment, "first"):
                pass
            with started(environment, "second") as (url, process):
                measure(url, hub, keys)
                print(f"{'resident memory of the app after all that':52}{memory_of(process).resident:10.0f} MB")


@contextmanager
def started(environment: Mapping[str, str], attempt: str) -> Iterator[tuple[str, int]]:
    """The app, its address and its process; tells how long it took to open everything."""
    begin = time.monotonic()
    with running_process(environment, start_s=BUILD_S) as (client, process):
        taken, peak = time.monotonic() - begin, peak_mb(process)
        total = client.get("/api/terramesh/count").raise_for_status().json()["total"]
        print(f"{attempt} start: {total:,} samples open after {taken:.1f} s, peak {peak:.0f} MB", flush=True)
        yield str(client.base_url).rstrip("/"), process


def measure(url: str, hub: LoopbackHub, keys: Sequence[str]) -> None:
    """Drive Chromium and print what it saw."""
    print(f"{'':52}{'median':>10}{'worst':>10}    load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    tiles_alone(url)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        with opened(browser) as watched:
            first_drawing(watched, url)
            filters(watched)
            zooms(watched, url)
            flights(watched, url, hub, keys)
        browser.close()


if __name__ == "__main__":
    main()
