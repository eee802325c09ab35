"""A job on the demo collection in a real browser: started, watched, paused, resumed, finished; and a place tested."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.data_page import DataPage
from tests.running_app import running_app


@pytest.fixture(scope="module")
def own_url(demo_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app with a cache of its own: what the job makes must not stay with the demo that other tests see."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "demo").symlink_to(demo_collection)
    with running_app({"PATCHWORK_CACHE_DIR": str(cache)}) as client:
        yield str(client.base_url).rstrip("/")


def test_a_job_from_start_to_end(page: Page, own_url: str) -> None:
    data = DataPage(page, own_url).open()
    assert data.coverage("shards indexed") == (0, 4)
    data.button("data_job_index_start").click()
    data.wait(lambda: data.button("data_job_index_pause").count() == 1, "the job to start")
    assert data.button("data_job_statistics_start").is_disabled()
    data.button("data_job_index_pause").click()
    data.wait(lambda: "paus" in data.job("index") or "complete" in data.job("index"), "the pause")
    data.wait(lambda: data.button("data_job_index_start").count() + data.job("index").count("complete") > 0, "the end")
    if data.button("data_job_index_start").count():  # unless it was faster than the click
        data.wait(data.button("data_job_index_start").is_enabled, "the process to end")
        data.button("data_job_index_start").click()
    data.wait(lambda: "complete" in data.job("index"), "the job to end")
    data.wait(lambda: data.coverage("shards indexed") == (4, 4), "the card to follow")
    data.wait(lambda: data.button("data_job_index_pause").count() == 0, "the button to go")
    data.open()
    data.wait(lambda: data.job("index") != "", "the page to be there again")
    assert "complete" in data.job("index"), "and so it stays"


def test_a_place_is_tested(page: Page, own_url: str, demo_collection: Path) -> None:
    data = DataPage(page, own_url).open()
    page.get_by_text("Folder", exact=True).first.click()
    box = page.locator(".st-key-data_connect input[placeholder='/data/TerraMesh']")
    data.wait(lambda: box.count() == 1, "the example")
    box.fill(str(demo_collection / "terramesh"))
    box.press("Enter")
    data.wait(lambda: page.get_by_text(f'terramesh = "{demo_collection}').count() > 0, "the line to copy")
    page.get_by_text("Test this", exact=True).click()
    data.wait(lambda: page.get_by_text("This works").count() == 1, "the answer")
    assert page.get_by_text("264 × 264").count() == 1
