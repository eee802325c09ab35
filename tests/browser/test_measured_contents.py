"""Conditions on measured contents in a real browser, over an index that knows three of four shards."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pyarrow as pa
import pytest
from playwright.sync_api import Locator, Page

from data_access.terramesh.batch_parts import SCHEMAS, Label, identities, part_path, shards_of, write_part
from data_access.terramesh.byte_range import read_range, size_of
from data_access.terramesh.layout import discover
from data_access.terramesh.shard import list_members
from tests.browser.map_page import MapPage
from tests.running_app import running_app


def write_index(root: Path, index: Path) -> int:
    """Statistics of all shards but one, water rising through each shard; returns how many samples are measured."""
    layout, measured = discover(root), 0
    for tar in sorted(layout.names("val"))[:-1]:
        shards = shards_of(layout, "val", tar)
        read = partial(read_range, shards["LULC"].location)
        members = list_members(read, size_of(shards["LULC"].location), tar).members
        rows = [
            {"id": member.key, "lulc_water": 100.0 * number / len(members), "mask_cloud": 3.0}
            for number, member in enumerate(members)
        ]
        table = pa.Table.from_pylist(rows, schema=SCHEMAS["statistics"])
        write_part(
            part_path(index, "statistics", "val", tar), "statistics", table, Label(identities("statistics", shards), ())
        )
        measured += len(rows)
    return measured


@pytest.fixture(scope="module")
def indexed(demo_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Address of an app whose TerraMesh has an index, and how many samples that knows."""
    folder = tmp_path_factory.mktemp("indexed")
    root = demo_collection / "terramesh"
    measured = write_index(root, folder / "index")
    (folder / "cache").mkdir()
    (folder / "cache" / "demo").symlink_to(demo_collection)
    settings = {
        "PATCHWORK_CACHE_DIR": str(folder / "cache"),
        "PATCHWORK_TERRAMESH": str(root),
        "PATCHWORK_TERRAMESH_INDEX": str(folder / "index"),
    }
    with running_app(settings) as client:
        yield str(client.base_url).rstrip("/"), measured


def section(page: Page) -> Locator:
    """'Measured contents' in the panel."""
    return page.locator('.facets details[data-field="measures"]')


def count(url: str, query: str) -> int:
    """Samples of TerraMesh that match."""
    return int(httpx.get(f"{url}/api/terramesh/count?{query}", timeout=30).json()["matched"])


def test_a_condition_is_added_moved_and_removed(page: Page, indexed: tuple[str, int]) -> None:
    url, measured = indexed
    explore = MapPage(page, url).open()
    everything = explore.matched()
    assert not section(page).get_attribute("open"), "closed until somebody wants it"
    section(page).locator("summary").click()
    section(page).locator("select").select_option("lulc_water")
    row = section(page).locator('.range[data-measure="lulc_water"]')
    assert "Move an end" in row.inner_text()

    lowest = row.locator('input[type="number"]').first
    lowest.fill("40")
    lowest.press("Enter")
    wanted = count(url, "lulc_water_min=40")
    explore.wait(lambda: explore.state()["query"] == "lulc_water_min=40.0", "the condition to reach the map")
    explore.wait(lambda: explore.matched() == wanted, "the counts")
    explore.settle()
    assert 0 < wanted < measured
    assert f"{measured} of 96 samples measured: counts with this condition are partial." in row.inner_text()
    assert section(page).locator(".badge").inner_text() == "1"
    assert "lulc_water_min=40.0" in page.url

    highest = row.locator('input[type="range"]').nth(1)
    for _ in range(20):
        highest.press("ArrowLeft")
    explore.wait(lambda: "lulc_water_max=80.0" in explore.state()["query"], "the other end of the slider")
    page.locator(".facets .chip", has_text="Water (land cover) 40 to 80").wait_for()
    row.get_by_role("button", name="Remove Water (land cover)").click()
    explore.wait(lambda: explore.matched() == everything, "everything to match again")
    explore.wait(lambda: "lulc_water" not in page.url, "the address to follow")
    explore.wait(lambda: row.count() == 0, "the condition to leave the list")


def test_a_link_opens_with_its_conditions(page: Page, indexed: tuple[str, int]) -> None:
    url, _ = indexed
    query = "lulc_water_min=40&mask_cloud_max=5"
    explore = MapPage(page, url).open(query)
    assert explore.matched() == count(url, query) > 0
    assert section(page).locator(".range").count() == 2
    page.locator(".facets .reset").click()
    explore.wait(lambda: section(page).locator(".range").count() == 0, "the conditions to go")
