"""The SQL console in a real browser: a saved query, its chart and map, its files, and the patch behind a row."""

import io
import re
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
from playwright.sync_api import Page, expect

PATCHES = "SELECT patch_id, count(*) AS n FROM annotations GROUP BY patch_id ORDER BY patch_id LIMIT 5"


def test_a_saved_query_runs_and_its_file_reads_back(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/annotations?view=sql")
    page.get_by_role("combobox", name="Saved queries").click()
    page.get_by_role("option", name="All tasks").click()
    facts = page.locator(".patchwork-counts", has_text="columns")
    expect(facts).to_contain_text("15 rows")
    expect(page).to_have_url(re.compile("sql=SELECT"))
    with page.expect_download() as download:
        facts.get_by_role("link", name="Parquet").click()
    table = pq.read_table(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert table.num_rows == 15
    assert table.column_names == ["type", "category", "annotations"]
    assert b"CDLA" in table.schema.metadata[b"licence"]
    page.get_by_text("Chart", exact=True).click()
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    editor = page.get_by_role("textbox", name="SQL")
    editor.fill("SELECT 40 + 2 AS answer, 'written' AS word")
    editor.press("Control+Enter")
    expect(facts).to_contain_text("1 row ")
    expect(page).to_have_url(re.compile("40"))


def test_a_link_runs_and_a_row_opens_its_patch(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/annotations?view=sql&sql_shape=map&sql={quote(PATCHES)}")
    expect(page.locator("[data-testid=stDeckGlJsonChart] canvas").first).to_be_visible()
    page.get_by_text("Table", exact=True).click()
    rows = page.locator("[data-testid=stDataFrame] canvas").first
    expect(rows).to_be_visible()
    box = rows.bounding_box()
    assert box
    page.mouse.click(box["x"] + 18, box["y"] + 50)  # the mark before the first row
    expect(page).to_have_url(re.compile(r"view=read&sample=S2"))
