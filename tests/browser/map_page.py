"""The Explore page as a user sees it: its map, its counts, its gallery."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page

STEP_MS = 100
PATIENCE_S = 60.0
QUIET_MS = 700  # the map reports a move only after a pause
OPENING_QUIET_MS = 2_500  # and its edges once more where the page around it found its final size


class MapPage:
    """Drives the Explore page and reads what it shows."""

    def __init__(self, page: Page, url: str) -> None:
        """Wrap a page; `url` is the app's address without a path."""
        self.page = page
        self.url = url
        self.sent: list[int] = []  # sizes of the messages on the websocket, in bytes, before compression
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, frame: object) -> None:
        self.sent.append(len(frame) if isinstance(frame, bytes | str) else 0)

    def open(self, query: str = "") -> "MapPage":
        """Go to the page and wait until the map is drawn and the viewport reported."""
        self.page.goto(f"{self.url}/{'?' if query else ''}{query}")
        self.wait(lambda: self.state().get("countries") == "loaded", "the basemap")
        self.wait(lambda: "loading" not in self.state().get("modes", "loading"), "the samples")
        self.wait(lambda: "zoom=" in self.page.url, "the viewport")
        self.settle(OPENING_QUIET_MS)
        return self

    @property
    def map(self) -> Locator:
        """The map's frame."""
        return self.page.locator(".patchwork-map")

    def state(self) -> dict[str, str]:
        """What the map says that it draws."""
        found: dict[str, str] = self.map.evaluate("element => ({...element.dataset})") if self.map.count() else {}
        return found

    def matched(self) -> int:
        """Samples that match, as the line above the map says."""
        return _number(self.page.locator(".patchwork-counts").first.inner_text())

    def in_view(self) -> int:
        """Samples in view, as the line above the gallery says."""
        return _number(self.page.locator(".results .bar").inner_text())

    def gallery_ids(self) -> list[str]:
        """Samples in the gallery."""
        ids: list[str] = self.page.locator(".results .thumb").evaluate_all("all => all.map(one => one.dataset.id)")
        return ids

    def choose(self, field: str, value: str) -> None:
        """Tick a value in the filter panel."""
        self.page.locator(f'.facets details[data-field="{field}"] label[data-value="{value}"]').click()

    def centre(self) -> tuple[float, float]:
        """Middle of the map on the page, in pixels."""
        box = self.map.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Let the page work until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, f"waited {PATIENCE_S:g} s for {what}; the map says {self.state()}"
            self.page.wait_for_timeout(STEP_MS)

    def settle(self, quiet_ms: int = QUIET_MS) -> None:
        """Wait until the script behind the page rests, and no more messages come of what was done."""
        running = self.page.locator('[data-testid="stApp"][data-test-script-state="running"]')

        def quiet() -> bool:
            before = len(self.sent)
            self.page.wait_for_timeout(quiet_ms)
            return len(self.sent) == before and running.count() == 0

        self.wait(quiet, "the script")


def _number(text: str) -> int:
    found = re.search(r"[\d,]+", text)
    assert found, f"no number in {text!r}"
    return int(found[0].replace(",", ""))
