"""Chromium on the Explore page, with a watch: what the benchmarks of the map share."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, Playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE_MS = 180_000
STEP_MS = 50
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader"]
FLAGS += ["--enable-unsafe-swiftshader", "--no-first-run", "--disable-background-networking", "--disable-quic"]
FLAGS += ["--disable-component-update", "--disable-sync"]
VIEWPORT = {"width": 1280, "height": 800}
EVERYTHING = "all"  # how the map names the tiles of no filter

# Clicks a value of a facet and waits for attributes of the map; gives milliseconds from the click until the map is
# told, until all its tiles are drawn, and until the last tile has arrived.
_FILTER = """async (map, [dataset, field, value, wanted]) => {
  const hosts = [...document.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map((host) => host.shadowRoot);
  const facets = hosts.find((root) => root.querySelector('.facets'));
  const chosen = `details[data-field="${field}"] label[data-value="${value}"] input`;
  const box = facets.querySelector(chosen);
  const started = performance.now();
  const until = (done) => new Promise((resolve) => {
    const check = () => done() && (observer.disconnect(), resolve(performance.now() - started));
    const observer = new MutationObserver(check);
    observer.observe(map, {attributes: true});
  });
  const known = until(() => map.dataset.query === wanted);
  const arrived = until(() => map.dataset.query === wanted && map.dataset[`${dataset}Tiles`] === wanted);
  performance.clearResourceTimings();
  box.click();
  const times = [await known, await arrived];
  const tiles = performance.getEntriesByType('resource').filter(({name}) => name.includes('/tiles/'));
  return [...times, Math.max(...tiles.map(({responseEnd}) => responseEnd)) - started];
}"""


@dataclass(frozen=True)
class FilterTimes:
    """Of one change of the filter, in milliseconds from the click."""

    told: float  # the map knows the filter
    drawn: float  # all tiles were handed to the renderer
    arrived: float  # the last tile was here


def launched(playwright: Playwright) -> Browser:
    """The Chromium of this machine, drawing in software."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        sys.exit("no Chromium is installed; `make browser` installs it")
    return playwright.chromium.launch(executable_path=found, args=FLAGS)


@dataclass
class WatchedPage:
    """A page and what its websocket brings."""

    page: Page
    sizes: list[int]  # of the messages, in bytes
    finished: list[float]  # when the script behind the page came to an end

    @property
    def map(self) -> Locator:
        """The map's frame."""
        return self.page.locator(".patchwork-map")

    def attribute(self, name: str) -> str | None:
        """What the map says of itself; None before it is there."""
        return self.map.get_attribute(f"data-{name}") if self.map.count() else None

    def until(self, done: Callable[[], bool], what: str = "the page") -> None:
        """Let the page work until something is true."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not get there in time")
            self.page.wait_for_timeout(STEP_MS)

    def choose(self, dataset: str, field: str, value: str, wanted: str) -> FilterTimes:
        """Tick a value of the filter panel; `wanted` is the query that the map then has."""
        told, drawn, arrived = self.map.evaluate(_FILTER, [dataset, field, value, wanted])
        return FilterTimes(told, drawn, arrived)

    def reset(self, dataset: str) -> None:
        """Take all conditions away."""
        self.page.locator(".facets .reset").click()
        self.until(lambda: self.attribute(f"{dataset}-tiles") == EVERYTHING, "the map without a filter")


@contextmanager
def opened(browser: Browser, script: str = "") -> Iterator[WatchedPage]:
    """A fresh page; `script` runs in it before its own."""
    context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    watched = WatchedPage(context.new_page(), [], [])

    def received(frame: str | bytes) -> None:
        watched.sizes.append(len(frame))
        if isinstance(frame, bytes) and ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
            watched.finished.append(time.monotonic())

    if script:
        watched.page.add_init_script(script)
    watched.page.on("websocket", lambda socket: socket.on("framereceived", received))
    yield watched
    context.close()
