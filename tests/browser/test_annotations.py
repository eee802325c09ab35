"""Annotations in a real browser: filter by task, search words, open a patch from the results, and come back."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.map_page import OPENING_QUIET_MS, MapPage

SENT_LIMIT = 30_000  # bytes of a filter change: twenty rows with their questions, the lists, the map's declaration


@pytest.fixture
def annotations(page: Page, app_url: str) -> MapPage:
    """The page, once its map is drawn and nothing moves any more."""
    found = MapPage(page, app_url)
    page.goto(f"{app_url}/annotations")
    found.wait(lambda: found.state().get("countries") == "loaded", "the basemap")
    found.wait(lambda: "zoom=" in page.url, "the viewport")
    found.settle(OPENING_QUIET_MS)
    return found


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def counted(app_url: str, asked: str) -> dict[str, int]:
    """What the API counts, by another way than the page."""
    found: dict[str, int] = httpx.get(f"{app_url}/api/bigearthnet/count?{asked}", timeout=30).json()
    return found


def headline(page: Page) -> tuple[int, int]:
    """Annotations and patches that match, as the line beside the switch says."""
    numbers = re.findall(r"[\d,]+", page.locator(".patchwork-counts").first.inner_text())
    return int(numbers[0].replace(",", "")), int(numbers[-1].replace(",", ""))


def test_from_a_sample_of_explore_to_its_annotations_and_back(page: Page, app_url: str) -> None:
    row = httpx.get(f"{app_url}/api/bigearthnet/samples?season=Summer&limit=1", timeout=30).json()["items"][0]
    explore = MapPage(page, app_url).open(f"season=Summer&dataset=bigearthnet&sample={row['id']}")
    seen = set(explore.gallery_ids())
    page.locator(".results .card").get_by_role("link", name="Annotations").click()
    explore.wait(lambda: query(page).get("view") == ["read"], "the patch to open")
    assert (query(page)["sample"], query(page)["season"]) == ([row["id"]], ["Summer"])
    page.get_by_role("radio", name="Find").click()
    page.get_by_role("radio", name="Patches").click()
    page.locator(".results .thumb").first.wait_for()
    page.get_by_role("link", name="Explore").click()
    explore.wait(lambda: set(explore.gallery_ids()) == seen, "both data sets in the gallery")
    assert "undefined" not in page.locator(".facets").inner_text()
    assert int(explore.state()["points"]) > 0


def test_filter_by_task_open_a_patch_and_come_back(annotations: MapPage, app_url: str) -> None:
    page, rows = annotations.page, annotations.page.locator(".annotation-rows .row")
    annotations.sent.clear()
    annotations.choose("type", "mcq")
    asked = counted(app_url, "type=mcq")
    annotations.wait(lambda: headline(page) == (asked["annotations"], asked["matched"]), "the counts of the task")
    annotations.wait(lambda: annotations.state()["query"] == "type=mcq", "the filter to reach the map")
    annotations.settle()
    assert sum(annotations.sent) < SENT_LIMIT
    assert query(page)["type"] == ["mcq"]
    assert rows.count() == 20
    assert all(name.startswith("Multiple choice") for name in rows.locator(".head b").all_inner_texts())

    words = page.get_by_placeholder("Words and")
    words.fill('"broad-leaved forest"')
    words.press("Enter")
    asked = counted(app_url, "type=mcq&text=%22broad-leaved%20forest%22")
    annotations.wait(lambda: headline(page)[0] == asked["annotations"], "the counts of the words")
    marks = rows.first.locator("mark")
    annotations.wait(lambda: marks.count() > 0, "the words to be marked")
    assert {text.lower() for text in rows.locator("mark").all_inner_texts()} == {"broad-leaved forest"}
    annotations.wait(
        lambda: bool(rows.first.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")),
        "the thumbnail",
    )

    sample, row = rows.nth(1).get_attribute("data-sample"), rows.nth(1).get_attribute("data-row")
    rows.nth(1).click()
    annotations.wait(lambda: query(page).get("view") == ["read"], "the patch to open")
    assert query(page)["sample"] == [sample]
    assert query(page)["row"] == [row]
    assert query(page)["text"] == ['"broad-leaved forest"'], "the filter goes along"
    annotations.wait(lambda: rows.count() == 0, "the reader in place of the results")
    page.go_back()
    annotations.wait(lambda: rows.count() > 0, "the results again")
    assert headline(page)[0] == asked["annotations"]
