"""The Data page as a user sees it: its cards, its jobs, its test of a place."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page

STEP_MS = 100
PATIENCE_S = 120.0  # a job starts processes of its own, on cores that other work shares


class DataPage:
    """Drives the Data page and reads what it shows."""

    def __init__(self, page: Page, url: str) -> None:
        """Wrap a page; `url` is the app's address without a path."""
        self.page = page
        self.url = url

    def open(self) -> "DataPage":
        """Go to the page and wait until the cards are drawn."""
        self.page.goto(f"{self.url}/data")
        self.wait(lambda: self.page.locator(".patchwork-matrix").count() == 1, "the cards")
        return self

    def job(self, command: str) -> str:
        """What the page says of a job."""
        titles = {"index": "Index", "statistics": "Statistics", "thumbnails": "Thumbnails"}
        row = self.page.locator(".st-key-data_jobs .patchwork-work", has=self.page.get_by_text(titles[command]))
        return str(row.first.inner_text()) if row.count() else ""

    def button(self, key: str) -> Locator:
        """A button by its key."""
        return self.page.locator(f".st-key-{key} button")

    def coverage(self, title: str) -> tuple[int, int]:
        """How many of how many, by a line of a card."""
        text = self.page.locator(".patchwork-coverage li", has_text=title).first.inner_text()
        found = re.search(r"([\d,]+) of ([\d,]+)", text)
        assert found, f"no numbers in {text!r}"
        return int(found[1].replace(",", "")), int(found[2].replace(",", ""))

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Let the page work until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, (
                f"waited {PATIENCE_S:g} s for {what}: {self.page.locator('body').inner_text()[:800]}"
            )
            self.page.wait_for_timeout(STEP_MS)
