"""The map in a real browser with 464,044 real patch positions, beside the same points in `st.pydeck_chart`.

    python -m benchmarks.map_in_browser

Needs Chromium, and the positions (PATCHWORK_REAL_DATA). Both apps run one after the other on this machine, drawn by the
same browser; without a GPU that browser draws in software, which slows both. "Drawn" is, for our map, when all tiles of
the filter have arrived and been handed to the renderer; for the chart, when the draw call of its points is issued: what
the renderer does afterwards is left out for both, which favours the chart.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.real_positions import PATCHES, write_real_positions
from tests.running_app import free_port, running_app

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_MS = 180_000
REPEATS = 5
SEASONS = ("Winter", "Summer", "Fall")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader"]
FLAGS += ["--enable-unsafe-swiftshader", "--no-first-run", "--disable-background-networking", "--disable-quic"]

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
# Clicks a value of the filter and waits for attributes of the map; gives milliseconds.
_FILTER = """async (map, season) => {
  const hosts = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map((host) => host.shadowRoot);
  const facets = hosts.find((root) => root.querySelector('.facets'));
  const box = facets.querySelector(`details[data-field=season] label[data-value=${season}] input`);
  const started = performance.now();
  const until = (done) => new Promise((resolve) => {
    const check = () => done() && (observer.disconnect(), resolve(performance.now() - started));
    const observer = new MutationObserver(check);
    observer.observe(map, {attributes: true});
  });
  const wanted = `season=${season}`;
  const known = until(() => map.dataset.query === wanted);
  const arrived = until(() => map.dataset.query === wanted && map.dataset.bigearthnetTiles === wanted);
  performance.clearResourceTimings();
  box.click();
  const times = [await known, await arrived];
  const tiles = performance.getEntriesByType('resource').filter(({name}) => name.includes('/tiles/'));
  return [...times, Math.max(...tiles.map(({responseEnd}) => responseEnd)) - started];
}"""
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


@contextmanager
def opened(browser: Browser) -> Iterator[tuple[Page, list[int]]]:
    """A fresh page and the sizes of the messages that its websocket brings."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.add_init_script(_HOOK)
    sizes: list[int] = []

    def received(frame: str | bytes) -> None:
        sizes.append(len(frame))
        if isinstance(frame, bytes) and ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
            finished.append(time.monotonic())

    finished.clear()
    page.on("websocket", lambda socket: socket.on("framereceived", received))
    yield page, sizes
    context.close()


finished: list[float] = []  # when the script behind the open page came to an end


def rerun(page: Page) -> float:
    """Seconds from asking for a full rerun, as the keyboard does, to the script's end."""
    finished.clear()
    started = time.monotonic()
    page.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("r")
    while not finished:
        page.wait_for_timeout(2)
    page.wait_for_timeout(500)
    return finished[0] - started


def until(page: Page, done: Callable[[], bool]) -> None:
    """Let the page work until something is true."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the page did not get there in time")
        page.wait_for_timeout(50)


def measure_ours(browser: Browser, url: str) -> dict[str, float]:
    """Our map: seconds and bytes by name."""
    with opened(browser) as (page, sizes):
        started = time.monotonic()
        page.goto(f"{url}/?show=bigearthnet&lat=52&lon=12&zoom=2.6")
        surface = page.locator(".patchwork-map")

        def attribute(name: str) -> str | None:
            return surface.get_attribute(f"data-{name}") if surface.count() else None

        until(page, lambda: attribute("bigearthnet-tiles") == "all")
        found = {"first drawing, s": time.monotonic() - started}
        print(f"  first drawing after {found['first drawing, s']:.1f} s", flush=True)
        page.wait_for_timeout(3000)
        found["first visit, websocket kB"] = sum(sizes) / 1000
        known, drawn, arrived, sent = [], [], [], []
        previous = ""
        for season in SEASONS:
            if previous:  # one season at a time: take the one before away first
                page.locator(".facets .reset").click()
                until(page, lambda: attribute("bigearthnet-tiles") == "all")
            page.wait_for_timeout(1500)
            sizes.clear()
            times = surface.evaluate(_FILTER, season)
            told, drew, came = (round(value) for value in times)
            print(f"  {season}: told after {told} ms, tiles here after {came} ms, drawn after {drew} ms", flush=True)
            page.wait_for_timeout(1500)
            known.append(times[0])
            drawn.append(times[1])
            arrived.append(times[2])
            sent.append(sum(sizes))
            previous = season
        found["filter change to map told, s"] = median(known) / 1000
        found["filter change to tiles arrived, s"] = median(arrived) / 1000
        found["filter change to map drawn, s"] = median(drawn) / 1000
        found["filter change, websocket kB"] = median(sent) / 1000
        found["page rerun, s"] = median(rerun(page) for _ in range(REPEATS))
        return found


def measure_naive(browser: Browser, url: str) -> dict[str, float]:
    """The same points as a DataFrame in `st.pydeck_chart`."""
    with opened(browser) as (page, sizes):
        started = time.monotonic()
        page.goto(url)

        def issued(at_least: int, since: float = 0) -> bool:
            draws: list[list[float]] = page.evaluate("() => window.drawn")
            return any(moment > since and count >= at_least for moment, count in draws)

        until(page, lambda: issued(PATCHES))
        found = {"first drawing, s": time.monotonic() - started}
        print(f"  first drawing after {found['first drawing, s']:.1f} s", flush=True)
        page.wait_for_timeout(3000)
        found["first visit, websocket kB"] = sum(sizes) / 1000
        sizes.clear()
        since: float = page.evaluate("() => (window.drawn = [], performance.now())")
        started = time.monotonic()
        page.get_by_role("combobox").click()
        page.get_by_role("option", name="Winter").click()
        until(page, lambda: issued(10_000, since))
        found["filter change to map drawn, s"] = time.monotonic() - started
        page.wait_for_timeout(3000)
        found["filter change, websocket kB"] = sum(sizes) / 1000
        found["page rerun, s"] = rerun(page)
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
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        rows = folder / "BigEarthNet.txt.parquet"
        patches = write_real_positions(real / "bigearthnet_v2", rows)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
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
