"""Checking answers in a real browser: the planted mistakes of the demo are listed, opened and taken along."""

import csv
import io
import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS


def test_check_list_and_open_a_disagreement(page: Page, app_url: str, demo_collection: Path) -> None:
    planted = json.loads((demo_collection / "manifest.json").read_text())["planted_mistakes"]
    wrong = {identifier for identifier, what in planted.items() if what == "wrong answer"}
    page.goto(f"{app_url}/annotations?view=check")
    start, matrix = page.get_by_role("button", name=re.compile("Check (them|the rest)")), page.locator(".audit table")
    expect(start.or_(matrix).first).to_be_visible(timeout=PATIENCE_MS)
    if start.is_visible():  # an earlier run may have checked them: what is kept is kept
        start.click()
    everything = page.locator('button[data-task=""][data-outcome="differ"]')
    expect(everything).to_contain_text(str(len(wrong)), timeout=PATIENCE_MS)
    expect(page.get_by_text("261 of 261 patches checked")).to_be_visible(timeout=PATIENCE_MS)

    page.locator('button[data-task="mcq_count"][data-outcome="differ"]').click()
    expect(page).to_have_url(re.compile("check_task=mcq_count"))
    expect(page.locator(".audit .bar")).to_contain_text("answers differ in Multiple choice: count")
    with page.expect_download() as download:
        page.get_by_role("link", name="These rows as CSV").click()
    saved = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"), newline="")))
    shown = page.locator(".audit .row")
    assert [row["ID"] for row in saved] == [row.get_attribute("data-row") for row in shown.all()]
    assert {row["ID"] for row in saved} <= wrong
    assert all(row["credit"] for row in saved)

    identifier = saved[0]["ID"]
    shown.first.click()
    expect(page).to_have_url(re.compile(f"view=read.*row={identifier}"))
    expect(page.locator(".verdict.differ").first).to_contain_text("continuous area")
