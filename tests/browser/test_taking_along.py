"""Taking a selection along in a real browser: the file that is saved holds the samples that the page counts."""

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page

from tests.browser.map_page import MapPage

FILTERED = "season=Summer&show=bigearthnet"


@pytest.fixture
def explore(page: Page, app_url: str) -> MapPage:
    return MapPage(page, app_url)


def saved(page: Page, form: str) -> tuple[str, bytes]:
    """Name and bytes of the file that a click on a format saves."""
    with page.expect_download() as download:
        page.locator(f'.patchwork-files [data-format="{form}"]').click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_saved_files_hold_the_samples_that_are_counted(explore: MapPage, app_url: str) -> None:
    explore.open(FILTERED)
    matched = explore.matched()
    explore.page.get_by_role("button", name="Take along").click()
    dialog = explore.page.get_by_role("dialog")
    dialog.get_by_text(f"BigEarthNet.txt · {matched:,}").wait_for()
    code = dialog.locator("code").first
    code.wait_for()
    assert f"{app_url}/api/bigearthnet/export.parquet" in code.inner_text(), "the address that the browser came by"
    name, content = saved(explore.page, "parquet")
    assert name.endswith(".parquet")
    assert pq.read_table(io.BytesIO(content)).num_rows == matched
    name, content = saved(explore.page, "csv")
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert len(rows) == matched
    assert {row["season"] for row in rows} == {"Summer"}
    dialog.get_by_role("tab", name="Reference loader").click()
    dialog.get_by_text("BENTxTDataModule").first.wait_for()
    explore.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_a_filter_sends_nothing_of_what_is_not_open(explore: MapPage) -> None:
    sent: list[bytes] = []
    explore.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(_bytes(frame))))
    explore.open()
    explore.page.get_by_role("button", name="Take along").click()
    explore.page.locator(".patchwork-files").wait_for()
    assert any(b"export.parquet" in frame for frame in sent)
    explore.page.keyboard.press("Escape")
    explore.settle()
    sent.clear()
    explore.choose("season", "Winter")
    explore.wait(lambda: explore.state()["query"] == "season=Winter", "the filter to reach the map")
    explore.settle()
    assert sent
    assert not any(word in frame for frame in sent for word in (b"export.parquet", b"take_along", b"Take along"))


def _bytes(frame: bytes | str) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()
