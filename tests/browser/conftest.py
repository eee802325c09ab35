"""One server and one Chromium for all browser tests; a fresh page for each, which may only ask the loopback address.

`PATCHWORK_TEST_URL=http://127.0.0.1:8501` tests a server that runs already instead of starting one.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

from tests.running_app import running_app

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic", "--disable-sync"),
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),  # WebGL on machines without a GPU
    *("--disable-background-networking", "--disable-component-update"),
)
DESKTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 60_000  # software rendering on two cores that other work shares
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOCAL_SCHEMES = {"data", "blob", "about"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as driving a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def app_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a running app over the demo collection."""
    if url := os.environ.get("PATCHWORK_TEST_URL"):
        yield url.rstrip("/")
        return
    demo: Path = request.getfixturevalue("demo_collection")  # built only where no server runs already
    with running_app({"PATCHWORK_CACHE_DIR": str(demo.parent)}) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, for the whole session."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the whole session."""
    found = [path for name in BROWSERS if (path := shutil.which(name))]
    if not found:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed; `make browser` installs Chromium")
    browser = playwright.chromium.launch(executable_path=found[0], args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page; at the end nothing may have left the machine, and no script may have failed."""
    context = chromium.new_context(viewport=DESKTOP, color_scheme="light")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    foreign: list[str] = []
    failures: list[str] = []
    opened.on("request", lambda request: foreign.extend(_foreign(request)))
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert not foreign, f"requests left the machine: {foreign}"
    assert not failures, f"scripts failed: {failures}"


def _foreign(request: Request) -> list[str]:
    """The address of a request, where it is not of this machine."""
    parts = urlsplit(request.url)
    local = parts.scheme in LOCAL_SCHEMES or parts.hostname in LOOPBACK
    return [] if local else [request.url]
