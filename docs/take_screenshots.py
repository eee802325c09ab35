"""Takes the pictures of README and docs from a running app over the demo collection.

make app                               # in one terminal
python -m docs.take_screenshots        # in another; --url where it is served elsewhere
"""

import argparse
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
FLAGS = ["--headless", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
GENERATED = "dataset=terramesh&sample=majortom_val_0000005&inputs=S2L2A&outputs=LULC,NDVI,DEM,S1RTC&steps=5"
SETTLE_MS = 9_000  # software WebGL on a busy machine draws the map in a few seconds


@dataclass(frozen=True)
class Shot:
    """One picture: a page, a size, a colour scheme, and what to do before the shutter."""

    name: str
    path: str
    width: int = 1280
    height: int = 860
    scheme: Literal["light", "dark"] = "light"
    before: Callable[[Page], None] = lambda page: page.wait_for_timeout(0)


def point_at_first_panel(page: Page) -> None:
    """Rest the cursor on the first panel of the viewer, so that every panel reads its value."""
    box = page.locator(".panel canvas").first.bounding_box()
    if box is None:
        raise RuntimeError("The viewer shows no panel: is the demo collection built?")
    page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + 0.45 * box["height"])
    page.mouse.move(box["x"] + 0.56 * box["width"], box["y"] + 0.46 * box["height"])
    page.wait_for_timeout(3_000)


def open_taking_along(page: Page) -> None:
    """Open the dialog that offers the selection as files and as code."""
    page.get_by_role("button", name="Take along").click()
    page.locator(".patchwork-files").wait_for()
    page.wait_for_timeout(2_000)


def play_the_shard(page: Page) -> None:
    """Let a whole shard of the demo collection arrive."""
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(8_000)


def check_the_selection(page: Page) -> None:
    """Check all patches, unless they are checked already, and wait for the outcome."""
    button = page.get_by_role("button", name="Check them")
    if button.count():
        button.click()
    page.get_by_text("answers differ").wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)


def show_the_chart(page: Page) -> None:
    """Turn from the result's table to its chart."""
    page.get_by_text("Chart", exact=True).click()
    page.wait_for_timeout(3_000)


def generate_it(page: Page) -> None:
    """Let the model imagine what the address asks for, and wait for its pictures beside the real ones."""
    page.locator(".toggles[data-ready]").wait_for()
    page.locator(".live[data-ready] .main").click()
    page.locator('.live[data-state="done"]').wait_for(timeout=120_000)
    page.locator(".panel canvas").first.wait_for()
    page.locator(".panel.loading").first.wait_for(state="detached")
    page.wait_for_timeout(2_000)


SHOTS = (
    Shot("explore-light", "/"),
    Shot("explore-dark", "/?country=Austria&country=Switzerland&lat=47.2&lon=11&zoom=5.6", scheme="dark"),
    Shot("explore-chips", "/?lat=45.225&lon=19.667&zoom=12.4"),
    Shot("take-along", "/?country=Austria&country=Switzerland&season=Summer", before=open_taking_along),
    Shot("explore-phone", "/", width=390, height=844),
    Shot("compare-light", "/compare?dataset=terramesh&sample=majortom_val_0000024", before=point_at_first_panel),
    Shot(
        "compare-dark",
        "/compare?dataset=terramesh&sample=majortom_val_0000064&cloud=0.6",
        scheme="dark",
        before=point_at_first_panel,
    ),
    Shot("compare-bigearthnet", "/compare?dataset=bigearthnet", before=point_at_first_panel),
    Shot("generate-light", f"/generate?{GENERATED}", height=1500, before=generate_it),
    Shot("annotations-read-light", "/annotations?view=read", height=900),
    Shot("annotations-charts-light", "/annotations?view=charts&country=Portugal&country=Austria", height=1180),
    Shot("annotations-check-dark", "/annotations?view=check", scheme="dark", before=check_the_selection),
    Shot(
        "annotations-sql-light",
        "/annotations?view=sql&sql=SELECT country, avg(n_annotations) AS annotations, count(*) AS patches FROM patches "
        "GROUP BY country ORDER BY annotations DESC",
        height=960,
        before=show_the_chart,
    ),
    Shot("stream-dark", "/stream", height=810, scheme="dark", before=play_the_shard),
    Shot("data-light", "/data", height=1180),
    Shot("data-dark", "/data", height=1180, scheme="dark"),
    Shot("compare-phone", "/compare?dataset=terramesh&sample=majortom_val_0000024", width=390, height=844),
)


def main() -> int:
    """Take all pictures, or those named; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--url", default="http://127.0.0.1:8501", help="where the app is served")
    parser.add_argument("names", nargs="*", help=f"which pictures: {', '.join(shot.name for shot in SHOTS)}")
    choices = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    chosen = [shot for shot in SHOTS if not choices.names or shot.name in choices.names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for shot in chosen:
            take(browser, shot, choices.url)
        browser.close()
    sys.stderr.write(f"{len(chosen)} pictures in {IMAGES}\n")
    return 0


def take(browser: Browser, shot: Shot, url: str) -> None:
    """Open a page, let it settle, and keep its picture."""
    page = browser.new_page(viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme)
    page.goto(url + shot.path)
    page.wait_for_timeout(SETTLE_MS)
    shot.before(page)
    page.screenshot(path=str(IMAGES / f"{shot.name}.png"))
    page.close()


if __name__ == "__main__":
    sys.exit(main())
