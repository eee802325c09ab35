"""The map in a real browser with 464,044 real patch positions, beside the same points in `st.pydeck_chart`.

    python -m benchmarks.map_in_browser

Needs Chromium, and the positions (PATCHWORK_REAL_DATA). Both apps run one after the other on this machine, drawn by the
same browser; without a GPU that browser draws in software, which slows both. "Drawn" is, for our map, when all tiles of
the filter have arrived and been handed to the renderer; for the chart, when the draw call of its points is issued: what
the renderer does afterwards is left out for both, which favours the chart.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks.map_browser import EVERYTHING, FilterTimes, WatchedPage, launched, opened
from benchmarks.real_positions import PATCHES, write_real_positions
from tests.running_app import free_port, running_app

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 5
SEASONS = ("Winter", "Summer", "Fall")

# Runs before every page: when a draw call with at least this many points was issued, by `performance.now()`.
_HOOK = """
window.drawn = [];
for (const name of ['drawArraysInstanced', 'drawElementsInstanced']) {
  const original = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...parameters) {
    window.drawn.push([performance.now(), parameters.at(-1)]);
    return original.apply(this, parameters);
  };
}
"""
_NAIVE = """
import pandas as pd
import pydeck
import streamlit as st

rows = pd.read_parquet({path!r}, columns=["patch_id", "longitude", "latitude", "season"]).drop_duplicates("patch_id")
rows = rows.drop(columns="patch_id")
season = st.selectbox("Season", ["all", "Winter", "Summer", "Spring", "Fall"])
chosen = rows if season == "all" else rows[rows["season"] == season]
layer = pydeck.Layer("ScatterplotLayer", chosen, get_position=["longitude", "latitude"], get_radius=600,
                     radius_min_pixels=1, get_fill_color=[200, 80, 20], pickable=True)
view = pydeck.ViewState(longitude=12, latitude=52, zoom=3)
st.pydeck_chart(pydeck.Deck([layer], initial_view_state=view, map_provider=None), key="chart")
"""


def rerun(watched: WatchedPage) -> float:
    """Seconds from asking for a full rerun, as the keyboard does, to the script's end."""
    watched.finished.clear()
    started = time.monotonic()
    watched.page.evaluate("() => document.activeElement?.blur()")
    watched.page.keyboard.press("r")
    while not watched.finished:
        watched.page.wait_for_timeout(2)
    watched.page.wait_for_timeout(500)
    return watched.finished[0] - started


def measure_ours(browser: Browser, url: str) -> dict[str, float]:
    """Our map: seconds and bytes by name."""
    with opened(browser) as watched:
        page, sizes = watched.page, watched.sizes
        started = time.monotonic()
        page.goto(f"{url}/?show=bigearthnet&lat=52&lon=12&zoom=2.6")
        watched.until(lambda: watched.attribute("bigearthnet-tiles") == EVERYTHING, "the first drawing")
        found = {"first drawing, s": time.monotonic() - started}
        print(f"  first drawing after {found['first drawing, s']:.1f} s", flush=True)
        page.wait_for_timeout(3000)
        found["first visit, websocket kB"] = sum(sizes) / 1000
        changes: list[FilterTimes] = []
        sent: list[int] = []
        for season in SEASONS:
            if changes:  # one season at a time: take the one before away first
                watched.reset("bigearthnet")
            page.wait_for_timeout(1500)
            sizes.clear()
            times = watched.choose("bigearthnet", "season", season, f"season={season}")
            print(
                f"  {season}: told after {times.told:.0f} ms, tiles here after {times.arrived:.0f} ms, "
                f"drawn after {times.drawn:.0f} ms",
                flush=True,
            )
            page.wait_for_timeout(1500)
            changes.append(times)
            sent.append(sum(sizes))
        found["filter change to map told, s"] = median(each.told for each in changes) / 1000
        found["filter change to tiles arrived, s"] = median(each.arrived for each in changes) / 1000
        found["filter change to map drawn, s"] = median(each.drawn for each in changes) / 1000
        found["filter change, websocket kB"] = median(sent) / 1000
        found["page rerun, s"] = median(rerun(watched) for _ in range(REPEATS))
        return found


def measure_naive(browser: Browser, url: str) -> dict[str, float]:
    """The same points as a DataFrame in `st.pydeck_chart`."""
    with opened(browser, _HOOK) as watched:
        page, sizes = watched.page, watched.sizes
        started = time.monotonic()
        page.goto(url)

        def issued(at_least: int, since: float = 0) -> bool:
            draws: list[list[float]] = page.evaluate("() => window.drawn")
            return any(moment > since and count >= at_least for moment, count in draws)

        watched.until(lambda: issued(PATCHES), "the chart")
        found = {"first drawing, s": time.monotonic() - started}
        print(f"  first drawing after {found['first drawing, s']:.1f} s", flush=True)
        page.wait_for_timeout(3000)
        found["first visit, websocket kB"] = sum(sizes) / 1000
        sizes.clear()
        since: float = page.evaluate("() => (window.drawn = [], performance.now())")
        started = time.monotonic()
        page.get_by_role("combobox").click()
        page.get_by_role("option", name="Winter").click()
        watched.until(lambda: issued(10_000, since), "the chart with a filter")
        found["filter change to map drawn, s"] = time.monotonic() - started
        page.wait_for_timeout(3000)
        found["filter change, websocket kB"] = sum(sizes) / 1000
        found["page rerun, s"] = rerun(watched)
        return found


@contextmanager
def naive_app(rows: Path, folder: Path) -> Iterator[str]:
    """The naive page, served by plain Streamlit from a folder of its own."""
    script = folder / "naive.py"
    script.write_text(_NAIVE.format(path=str(rows)), encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                httpx.get(f"{url}/_stcore/health")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Print one line per figure: ours, the naive way, and how many times ours is better."""
    real = Path(os.environ.get("PATCHWORK_REAL_DATA", ROOT.parent / "shared" / "data" / "real"))
    if not real.is_dir():
        sys.exit(f"no real positions at {real}; set PATCHWORK_REAL_DATA to the folder that holds them")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        rows = folder / "BigEarthNet.txt.parquet"
        patches = write_real_positions(real / "bigearthnet_v2", rows)
        browser = launched(playwright)
        settings = {"PATCHWORK_BIGEARTHNET_TXT": str(rows), "PATCHWORK_CACHE_DIR": str(folder / "cache")}
        with running_app(settings) as client:
            ours = measure_ours(browser, str(client.base_url).rstrip("/"))
        with naive_app(rows, folder) as url:
            naive = measure_naive(browser, url)
        browser.close()
    print(f"{patches:,} real patch positions, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':34}{'Patchwork':>12}{'pydeck_chart':>14}{'ratio':>9}")
    for label, value in ours.items():
        other = naive.get(label)
        compared = f"{other:14.2f}{other / value:8.1f}x" if other is not None else ""
        print(f"{label:34}{value:12.2f}{compared}")


if __name__ == "__main__":
    main()
