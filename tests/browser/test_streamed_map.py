"""A data set that lies on the hub, too large to draw sample by sample: shown, filtered, flown over, opened.

The hub is the one on loopback. Its repository has the demo's shards, and beside them the metadata of many more samples
whose shards it lacks: the map needs no shard at all.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page

from tests.browser.map_page import MapPage
from tests.loopback_hub import LoopbackHub, loopback_hub
from tests.running_app import running_app

SAMPLES = 36_000  # more than the map draws one by one
REPOSITORY = "somebody/TerraMesh"
SHARD = "majortom_shard_000002.tar"  # of the sample that is opened

# How many different colours a canvas shows.
_COLOURS = """canvas => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


@dataclass(frozen=True)
class Streamed:
    """An app over the hub."""

    url: str
    hub: LoopbackHub
    sample: dict[str, object]  # of the demo's metadata: it has shards


def crowd() -> pa.Table:
    """Metadata of samples between two latitudes all around the globe, as the published tables have it."""
    random = np.random.default_rng(0)
    keys = [f"majortom_train_{number:07d}.zarr.zip" for number in range(1, SAMPLES + 1)]
    days = np.datetime64("2018-01-01", "s") + random.integers(0, 1500 * 86_400, SAMPLES)
    return pa.table(
        {
            "tar": [f"majortom_shard_{1 + number // 10_240:06d}.tar" for number in range(SAMPLES)],
            "zarr": keys,
            "center_lon": random.uniform(-180, 180, SAMPLES),
            "center_lat": random.uniform(-35, 60, SAMPLES),
            "S2_time": pa.array(days).cast(pa.timestamp("us")),
            "cloud_cover": random.uniform(0, 100, SAMPLES),
        }
    )


@pytest.fixture(scope="module")
def streamed(demo_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Streamed]:
    """The app, started over a repository of the loopback hub."""
    root, cache = tmp_path_factory.mktemp("repository"), tmp_path_factory.mktemp("cache")
    shutil.copytree(demo_collection / "terramesh", root, dirs_exist_ok=True)
    pq.write_table(crowd(), root / "train_metadata.parquet")
    rows = pq.read_table(root / "val_metadata.parquet", filters=[("tar", "==", SHARD)]).to_pylist()
    settings = {"PATCHWORK_TERRAMESH": f"hf:{REPOSITORY}", "PATCHWORK_CACHE_DIR": str(cache)}
    with loopback_hub(root) as hub, running_app({**settings, "HF_ENDPOINT": hub.url}) as client:
        yield Streamed(str(client.base_url).rstrip("/"), hub, rows[len(rows) // 2])


@pytest.fixture
def explore(page: Page, streamed: Streamed) -> MapPage:
    return MapPage(page, streamed.url)


def count(streamed: Streamed, query: str = "") -> dict[str, int]:
    """What the API counts."""
    found: dict[str, int] = httpx.get(f"{streamed.url}/api/terramesh/count?{query}", timeout=60).json()
    return found


def test_all_samples_are_on_the_map_before_any_shard_was_read(explore: MapPage, streamed: Streamed) -> None:
    explore.open("show=terramesh")

    assert explore.matched() == count(streamed)["total"] > SAMPLES
    assert "terramesh:density" in explore.state()["modes"]
    explore.wait(lambda: explore.state().get("terrameshTiles") == "all", "the density tiles")
    assert not streamed.hub.asked("/signed/val/"), "no shard was touched"


def test_filters_leave_what_the_catalogue_counts(explore: MapPage, streamed: Streamed) -> None:
    explore.open("show=terramesh")
    explore.choose("season", "Winter")
    explore.wait(lambda: explore.state()["query"] == "season=Winter", "the filter to reach the map")
    wanted = count(streamed, "season=Winter")["matched"]
    explore.wait(lambda: int(explore.state()["points"]) == wanted, "points, now that there are few enough")
    explore.choose("country", "Brazil")
    both = count(streamed, "season=Winter&country=Brazil")["matched"]
    explore.wait(lambda: int(explore.state()["points"]) == both, "the points of both conditions")
    explore.settle()

    assert explore.matched() == both
    assert 0 < both < wanted < SAMPLES


def test_a_sample_is_found_flown_to_and_opened_over_ranged_reads(explore: MapPage, streamed: Streamed) -> None:
    key = str(streamed.sample["zarr"]).removesuffix(".zarr.zip")
    explore.open("show=terramesh")
    words = explore.page.get_by_placeholder(re.compile("Search"))
    words.fill(key)
    words.press("Enter")
    explore.wait(lambda: explore.state()["points"] == "1", "the one sample of that name")
    explore.map.focus()
    explore.page.keyboard.press("f")
    explore.wait(lambda: float(_address(explore, "zoom")) > 6, "the flight")
    explore.settle()
    assert float(_address(explore, "lat")) == pytest.approx(streamed.sample["center_lat"], abs=0.05)
    assert float(_address(explore, "lon")) == pytest.approx(streamed.sample["center_lon"], abs=0.05)

    explore.page.mouse.click(*explore.centre())
    card = explore.page.locator(f'.results .card[data-id="{key}"]')
    card.get_by_text("Open in Compare").click()
    explore.wait(lambda: "/compare" in explore.page.url, "the Compare page")
    panel = explore.page.locator('.panel[data-modality="S2L2A"]')
    explore.wait(lambda: panel.count() == 1 and "loading" not in str(panel.get_attribute("class")), "the picture")
    colours = panel.locator("canvas").evaluate(_COLOURS)

    assert colours > 50, "a picture, not a flat field"
    asked = streamed.hub.asked(f"/signed/val/S2L2A/{SHARD}")
    assert asked
    assert all("range" in request.headers and request.status == 206 for request in asked)
    shard = streamed.hub.files.find(f"val/S2L2A/{SHARD}")
    assert shard is not None
    assert sum(request.sent for request in asked) < shard.size / 2, "the sample, not the shard"


def _address(explore: MapPage, name: str) -> str:
    found = re.search(rf"[?&]{name}=([-\d.]+)", explore.page.url)
    return found[1] if found else "0"
