"""Explore in a real browser: map, filters, gallery and table tell one story, and a link restores it."""

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.map_page import MapPage


@pytest.fixture
def explore(page: Page, app_url: str) -> MapPage:
    return MapPage(page, app_url)


@pytest.fixture
def a_sample(app_url: str) -> dict[str, object]:
    """Some TerraMesh sample, as the API has it."""
    answer = httpx.get(f"{app_url}/api/terramesh/samples", params={"limit": 1}, timeout=30)
    row: dict[str, object] = answer.json()["items"][0]
    return row


def total(app_url: str, query: str = "") -> int:
    """Matching samples of both data sets."""
    counts = [
        httpx.get(f"{app_url}/api/{name}/count?{query}", timeout=30).json() for name in ("terramesh", "bigearthnet")
    ]
    return sum(count["matched"] for count in counts)


def test_the_map_shows_every_sample_over_a_basemap(explore: MapPage, app_url: str) -> None:
    explore.open()
    assert int(explore.state()["points"]) == total(app_url) == explore.matched()
    assert explore.state()["modes"] == "terramesh:points bigearthnet:points"
    assert explore.gallery_ids()


def test_a_filter_changes_counts_map_and_gallery_together(explore: MapPage, app_url: str) -> None:
    explore.open()
    explore.sent.clear()
    explore.choose("season", "Winter")
    wanted = total(app_url, "season=Winter")
    explore.wait(lambda: explore.state()["query"] == "season=Winter", "the filter to reach the map")
    explore.wait(lambda: int(explore.state()["points"]) == wanted, "the points of the filter")
    explore.settle()
    assert explore.matched() == wanted < total(app_url)
    assert "season=Winter" in explore.page.url
    assert sum(explore.sent) < 10_000, f"{sum(explore.sent)} bytes on the websocket"
    rows = httpx.get(f"{app_url}/api/terramesh/samples?season=Winter&limit=1000", timeout=30).json()["items"]
    rows += httpx.get(f"{app_url}/api/bigearthnet/samples?season=Winter&limit=1000", timeout=30).json()["items"]
    assert set(explore.gallery_ids()) <= {row["id"] for row in rows}


def test_the_table_shows_the_same_samples(explore: MapPage) -> None:
    explore.open("season=Summer")
    explore.page.get_by_role("radio", name="Table").or_(explore.page.get_by_role("button", name="Table")).first.click()
    explore.page.locator('[data-testid="stDataFrame"]').wait_for()
    explore.settle()
    assert not explore.gallery_ids()


def test_the_back_button_takes_a_filter_back(explore: MapPage, app_url: str) -> None:
    explore.open()
    explore.choose("season", "Summer")
    explore.wait(lambda: "season=Summer" in explore.page.url, "the address")
    explore.settle()
    explore.page.go_back()
    explore.wait(lambda: explore.state()["query"] == "", "the filter to be gone")
    explore.settle()
    assert explore.matched() == total(app_url)


def test_a_chip_takes_its_condition_away(explore: MapPage, app_url: str) -> None:
    explore.open("season=Winter&season=Summer")
    explore.page.locator(".facets .chip", has_text="Winter").click()
    explore.wait(lambda: explore.state()["query"] == "season=Summer", "one condition to go")
    explore.page.locator(".facets .reset").click()
    explore.wait(lambda: explore.state()["query"] == "", "all conditions to go")
    explore.settle()
    assert explore.matched() == total(app_url)


def test_a_click_opens_the_sample(explore: MapPage, a_sample: dict[str, object]) -> None:
    explore.open(f"lat={a_sample['lat']}&lon={a_sample['lon']}&zoom=9&show=terramesh")
    explore.page.mouse.click(*explore.centre())
    card = explore.page.locator(f'.results .card[data-id="{a_sample["id"]}"]')
    card.wait_for()
    explore.wait(lambda: f"sample={a_sample['id']}" in explore.page.url, "the address")
    card.get_by_text("Open in Compare").click()
    explore.wait(lambda: "/compare" in explore.page.url, "the Compare page")
    assert f"sample={a_sample['id']}" in explore.page.url


def test_chips_are_drawn_in_place(explore: MapPage, a_sample: dict[str, object]) -> None:
    with explore.page.expect_response(lambda answer: "/S2L2A.webp" in answer.url and "size=512" in answer.url) as chip:
        explore.open(f"lat={a_sample['lat']}&lon={a_sample['lon']}&zoom=12&show=terramesh")
    assert chip.value.ok
    explore.wait(lambda: int(explore.state()["chips"]) >= 1, "chips")


def test_box_and_lasso_select(explore: MapPage, app_url: str) -> None:
    explore.open()
    everything = total(app_url)
    x, y = explore.centre()
    mouse, keyboard = explore.page.mouse, explore.page.keyboard
    keyboard.down("Shift")
    mouse.move(x - 120, y - 120)
    mouse.down()
    mouse.move(x + 100, y + 40, steps=4)
    mouse.up()
    keyboard.up("Shift")
    explore.wait(lambda: "bbox=" in explore.page.url, "the box")
    explore.settle()
    boxed = explore.matched()
    assert 0 < boxed < everything
    explore.wait(lambda: int(explore.state()["points"]) == boxed, "the points of the box")
    explore.map.focus()
    keyboard.press("Escape")
    explore.wait(lambda: "bbox=" not in explore.page.url, "the box to go")
    explore.map.focus()
    keyboard.press("l")
    mouse.move(x - 100, y - 150)
    mouse.down()
    for corner in ((x + 120, y - 150), (x + 120, y + 60), (x, y + 20), (x - 100, y + 60)):
        mouse.move(*corner, steps=4)
    mouse.up()
    explore.wait(lambda: "lasso=" in explore.page.url, "the lasso")
    explore.settle()
    assert 0 < explore.matched() < everything
    assert "tool" not in explore.state() or explore.state()["tool"] == "none", "the tool is put away after use"


def test_a_link_restores_the_page(explore: MapPage, a_sample: dict[str, object]) -> None:
    query = (
        f"season={a_sample['season']}&show=terramesh&terramesh_layer=DEM&opacity=60&cloud_mask=1"
        f"&dataset=terramesh&sample={a_sample['id']}&lat={float(str(a_sample['lat'])):.4f}"
        f"&lon={float(str(a_sample['lon'])):.4f}&zoom=11.50"
    )
    explore.open(query)
    assert explore.page.url.endswith(query), explore.page.url
    assert "bigearthnet:hidden" in explore.state()["modes"]
    explore.page.locator(f'.results .card[data-id="{a_sample["id"]}"]').wait_for()
    assert explore.page.locator(".facets .chip").count() == 1
    explore.page.get_by_text("Layer: DEM").wait_for()


def test_only_what_the_map_shows(explore: MapPage, a_sample: dict[str, object]) -> None:
    explore.open(f"lat={a_sample['lat']}&lon={a_sample['lon']}&zoom=9&in_view=1")
    explore.wait(lambda: explore.matched() == explore.in_view(), "the counts to follow the view")
    assert explore.matched() >= 1


def test_a_failing_server_leaves_a_message_and_a_way_to_try_again(explore: MapPage) -> None:
    explore.page.route(
        "**/api/*/points*",
        lambda route: route.fulfill(status=500, json={"error": "x", "message": "It broke.", "retryable": True}),
    )
    explore.open()
    notice = explore.page.locator(".notice", has_text="It broke.")
    notice.wait_for()
    explore.page.unroute("**/api/*/points*")
    notice.get_by_text("Try again").click()
    explore.wait(lambda: "points" in explore.state()["modes"], "the points after all")


def test_a_bad_address_is_named_and_the_rest_works(explore: MapPage, app_url: str) -> None:
    explore.open("season=Monsoon&cloud_max=lots&zoom=99&country=%3Cscript%3E")
    text = explore.page.locator('[data-testid="stAlert"]').all_inner_texts()
    assert any("Monsoon" in each for each in text)
    assert any("cloud_max" in each for each in text)
    assert any("zoom" in each for each in text)
    assert explore.matched() == 0, "the country that is left has no samples"
    explore.page.get_by_text("No samples match").wait_for()
    explore.page.get_by_role("button", name="Any country").click()
    explore.wait(lambda: explore.matched() == total(app_url), "everything to match")
