"""Annotations taken along in a real browser: the saved files hold the rows that the page counts."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
from playwright.sync_api import Locator, Page

QUERY = "type=bounding+box&category=point&season=Summer&view=read"  # a view without a map, which is slow to draw


def saved(page: Page, dialog: Locator, ending: str) -> tuple[str, bytes]:
    """Name and bytes of the file that a click on a format saves."""
    with page.expect_download() as download:
        dialog.locator(f'[data-format="{ending}"]').click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_saved_files_hold_the_rows_that_are_counted(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/annotations?{QUERY}")
    counts = page.locator(".patchwork-counts").first
    counts.wait_for()
    matched = int(counts.locator("b").first.inner_text().replace(",", ""))
    page.get_by_role("button", name="Take along").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".patchwork-files").wait_for()

    name, content = saved(page, dialog, "parquet")
    assert name.startswith("bigearthnet-annotations-")
    table = pq.read_table(io.BytesIO(content))
    assert table.num_rows == matched > 0
    assert set(table["category"].to_pylist()) == {"point"}
    assert set(table["season"].to_pylist()) == {"Summer"}

    dialog.get_by_text("Boxes in pixels too").click()
    dialog.locator('[data-format="jsonl"][href*="boxes=pixels"]').wait_for()
    name, content = saved(page, dialog, "jsonl")
    assert name.endswith(".jsonl")
    lines = [json.loads(line) for line in content.decode().splitlines()]
    assert [line["ID"] for line in lines] == table["ID"].to_pylist()
    boxes = [line for line in lines if line["box"]]
    assert boxes
    assert all(line["box_px"] == [round(120 * number, 2) for number in line["box"]] for line in boxes)

    dialog.get_by_role("tab", name="BENTxTDataModule").click()
    code = dialog.locator("code").filter(has_text="BENTxTDataModule(").first
    code.wait_for()
    assert 'categories=["point"]' in code.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
