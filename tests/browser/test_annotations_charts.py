"""Charts of the annotations in a real browser: a click on a mark filters, and the next one takes that back."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Locator, Page, expect


def marks(page: Page, chart: str, layer: int) -> Locator:
    """The marks of one layer of a chart."""
    return page.locator(f".st-key-annotations_charts_{chart} svg .layer_{layer}_marks path")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def press(page: Page, mark: Locator) -> None:
    """Click into the middle of a mark, whatever lies over it."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_bar_and_a_cell_filter_and_take_it_back(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/annotations?view=charts")
    bar = marks(page, "tasks", 1).locator("visible=true").and_(page.locator('[aria-label*="Multiple choice, area"]'))
    in_test = bar.and_(page.locator('[aria-label*="Split: test"]'))
    press(page, in_test)
    expect(page).to_have_url(re.compile(r"split=test&type=mcq&category=area"))
    asked = httpx.get(f"{app_url}/api/bigearthnet/count?split=test&type=mcq&category=area", timeout=30).json()
    expect(page.locator(".patchwork-counts").first).to_contain_text(f"{asked['annotations']:,} of")
    expect(page.get_by_text("No boxes among these annotations")).to_be_visible()

    press(page, in_test)  # the same bar once more
    expect(page).not_to_have_url(re.compile("type="))
    cell = marks(page, "places", 0).nth(20 * 40 + 12)
    press(page, cell)
    expect(page).to_have_url(re.compile("box_at="))
    assert query(page)["box_at"] == ["0.3125,0.5125"]

    press(page, marks(page, "sizes", 0).last)
    expect(page).to_have_url(re.compile("box_size="))
    assert query(page)["box_size"] == ["0.69,1.0,0.69,1.0"]
    page.get_by_role("button", name="box 0.69 to 1 wide, 0.69 to 1 high").click()
    expect(page).not_to_have_url(re.compile("box_size="))
