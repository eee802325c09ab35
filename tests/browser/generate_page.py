"""The Generate page as a user sees it: what is chosen, how a run goes, what its result is."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import psutil  # type: ignore[import-untyped]  # it comes with distributed
from playwright.sync_api import Locator, Page

STEP_MS = 50
PATIENCE_S = 90.0  # the worker is started at first, and yields to everything else on the machine
LONG = {"outputs": "S1RTC,S2L2A", "steps": "100", "seeds": "0,1"}  # a run that nobody waits for
SHORT = {"outputs": "S1RTC", "steps": "2"}


class GeneratePage:
    """Drives the Generate page and reads what it shows."""

    def __init__(self, page: Page, url: str) -> None:
        """Wrap a page; `url` is the app's address without a path."""
        self.page = page
        self.url = url

    def open(self, **query: str) -> "GeneratePage":
        """Go to the page of a sample and wait until a run could be started."""
        self.page.goto(f"{self.url}/generate?{urlencode({'dataset': 'terramesh', **query})}")
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until the form and the button are there."""
        self.page.locator(".toggles[data-ready]").wait_for()
        self.page.locator(".live[data-ready]").wait_for()

    def start(self) -> None:
        """Press the button, and wait until the server has taken the run."""
        before = self.query.get("run")
        self.page.locator(".live .main").click()
        self.wait(lambda: self.query.get("run", before) != before, "the run to be in the address")

    @property
    def state(self) -> str:
        """How the run goes."""
        return self.page.locator(".live").get_attribute("data-state") or ""

    @property
    def words(self) -> str:
        """What is said beside the button."""
        return self.page.locator(".live .words").inner_text()

    @property
    def query(self) -> dict[str, list[str]]:
        """Parameters of the address."""
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def run(self) -> str:
        """Id of the run of the address."""
        return self.query["run"][0]

    @property
    def previews(self) -> int:
        """Small pictures of diffusion steps that have come."""
        return self.page.locator(".live .strip img").count()

    def panels(self) -> list[str]:
        """The panels of the result, once all their pictures are drawn."""
        panels = self.page.locator(".panel")
        self.wait(lambda: panels.count() > 0, "the result's panels")
        self.wait(lambda: self.page.locator(".panel.loading").count() == 0, "the pictures")
        names: list[str] = panels.evaluate_all("all => all.map(one => one.dataset.modality)")
        return names

    def panel(self, name: str) -> Locator:
        """One panel."""
        return self.page.locator(f'.panel[data-modality="{name}"]')

    def until(self, *states: str) -> None:
        """Wait until the run is in one of these states."""
        self.wait(lambda: self.state in states, " or ".join(states))

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Let the page work until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline, (
                f"waited {PATIENCE_S:g} s for {what}; the run is {self.state}: {self.words}"
            )
            self.page.wait_for_timeout(STEP_MS)


def worker_of(url: str) -> psutil.Process:
    """The process in which the app at this address generates."""
    port = urlsplit(url).port
    servers = [each.pid for each in psutil.net_connections("tcp") if each.laddr and each.laddr.port == port]
    for pid in filter(None, servers):
        for child in psutil.Process(pid).children(recursive=True):
            if "generation.worker" in child.cmdline():
                return child
    raise AssertionError(f"no worker of {url} is running")
