"""The Compare page as a user sees it: its panels, its readouts, its address."""

import io
import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page

STEP_MS = 50
PATIENCE_S = 60.0
MINUS = "−"


class ComparePage:
    """Drives the Compare page and reads what it shows."""

    def __init__(self, page: Page, url: str) -> None:
        """Wrap a page; `url` is the app's address without a path."""
        self.page = page
        self.url = url

    def open(self, dataset: str, sample: str, query: str = "") -> "ComparePage":
        """Go to a sample and wait until all its pictures are drawn."""
        rest = f"&{query}" if query else ""
        self.page.goto(f"{self.url}/compare?dataset={dataset}&sample={quote(sample)}{rest}")
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until every panel has its picture and its legend."""
        self.wait(lambda: self.page.locator(".panel").count() > 0, "the panels")
        self.wait(lambda: self.page.locator(".panel.loading").count() == 0, "the pictures")
        self.wait(lambda: self.page.locator(".panel .legend:empty").count() == 0, "the legends")
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Let the page work until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, (
                f"waited {PATIENCE_S:g} s for {what} at {self.page.url}: {self._words()}"
            )
            self.page.wait_for_timeout(STEP_MS)

    def _words(self) -> str:
        """How the page begins, to tell what went wrong."""
        return self.page.locator("body").inner_text()[:300]

    @property
    def query(self) -> dict[str, list[str]]:
        """Parameters of the address."""
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def modalities(self) -> list[str]:
        """Panels in their order."""
        names: list[str] = self.page.locator(".panel").evaluate_all("all => all.map(one => one.dataset.modality)")
        return names

    def panel(self, modality: str) -> Locator:
        """The panel of a modality."""
        return self.page.locator(f'.panel[data-modality="{modality}"]')

    def point(self, modality: str, px: float, py: float) -> tuple[float, float]:
        """A point of a panel, 0 to 1, in pixels of the window; scrolls the panel into view."""
        stage = self.panel(modality).locator(".stage")
        stage.scroll_into_view_if_needed()
        box = stage.bounding_box()
        assert box is not None
        return box["x"] + px * box["width"], box["y"] + py * box["height"]

    def hover(self, modality: str, px: float, py: float) -> None:
        """Rest the mouse on a point of a panel."""
        self.page.mouse.move(*self.point(modality, px, py))

    def colour(self, modality: str, px: float, py: float) -> NDArray[np.int16]:
        """What is drawn at a point of a panel: red, green, blue."""
        script = """(canvas, [px, py]) => {
            const at = [px * canvas.width, py * canvas.height].map(Math.floor);
            return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
        }"""
        rgba = self.panel(modality).locator("canvas").evaluate(script, [px, py])
        return np.array(rgba[:3], np.int16)

    def view(self) -> tuple[float, float, float]:
        """The window that the address names: centre, and magnification."""
        x, y, scale = (float(text) for text in self.query.get("view", ["0.5,0.5,1"])[0].split(","))
        return x, y, scale

    def readouts(self) -> dict[str, str]:
        """The words in every panel, once all values are there."""
        self.wait(lambda: all(text and "Loading" not in text for text in self._readouts().values()), "the values")
        return self._readouts()

    def _readouts(self) -> dict[str, str]:
        texts = self.page.locator(".panel .readout").evaluate_all("all => all.map(one => one.textContent)")
        return dict(zip(self.modalities, texts, strict=True))


def numbers(text: str) -> list[float]:
    """The numbers of a readout, in their order; digits inside band names are none."""
    found = re.findall(rf"(?<![\w,.])[{MINUS}]?\d[\d,]*(?:\.\d+)?(?![\w])", text)
    return [float(each.replace(MINUS, "-").replace(",", "")) for each in found]


def npy(url: str, dataset: str, sample: str, modality: str) -> NDArray[np.generic]:
    """Values of a modality as the API serves them, [band, y, x]."""
    answer = httpx.get(f"{url}/api/{dataset}/samples/{sample}/{modality}.npy", timeout=60)
    array: NDArray[np.generic] = np.load(io.BytesIO(answer.raise_for_status().content))
    return array


def picture(url: str, dataset: str, sample: str, modality: str, query: str = "") -> NDArray[np.uint8]:
    """A chip as the API serves it, (y, x, 3)."""
    answer = httpx.get(f"{url}/api/{dataset}/samples/{sample}/{modality}.webp?{query}", timeout=60)
    return np.asarray(Image.open(io.BytesIO(answer.raise_for_status().content)).convert("RGB"))


def pixel_at(array_shape: tuple[int, int], u: float, v: float) -> tuple[int, int]:
    """Row and column of a place from 0 to 1."""
    height, width = array_shape
    return int(v * height), int(u * width)
