"""Addresses that pages build are addresses that the API has, and say what was asked."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.application import create_api
from api.assets import HashedFiles
from api.opening import Opening
from components import urls
from data_access.sample_filter import SampleFilter
from tests.api.memory_dataset import IDS, MemoryCollections, MemoryDataset, MemoryPatches

WANTED = SampleFilter(country=("Germany",), text="a & b")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """API and component files, mounted as `app.py` mounts them."""
    collections = MemoryCollections({"terramesh": MemoryDataset(), "bigearthnet": MemoryPatches("bigearthnet")})
    api = create_api(Opening(lambda: collections))
    files = Mount(f"{urls.ASSETS}/components", HashedFiles(urls.COMPONENTS, (".js", ".css")))
    with TestClient(Starlette(routes=[Mount(urls.API, api), files])) as opened:
        yield opened
    api.state.hall.close()


@pytest.mark.parametrize(
    "url",
    [
        urls.HEALTH,
        urls.PRESETS,
        urls.DOCS,
        urls.count("terramesh", WANTED),
        urls.facets("terramesh", SampleFilter()),
        urls.rows("terramesh", WANTED, limit=2, after=IDS[0]),
        urls.tiles("terramesh", WANTED, theme="dark", revision="r1").format(z=0, x=0, y=0),
        urls.points("terramesh", WANTED, limit=10),
        urls.footprints("terramesh", WANTED, limit=5),
        urls.sample("terramesh", IDS[0]),
        urls.annotations(IDS[0]),
        urls.picture("terramesh", IDS[0], "S2L2A", revision="r1", preset="true-colour", offset="remove", size=64),
        urls.picture("terramesh", IDS[0], "S2L2A", revision="r1", bands="B08", range_text="0,5000", gamma="0.8"),
        urls.legend(
            "terramesh", IDS[0], "S2L2A", revision="r1", preset="index", expression="(B08 - B04) / (B08 + B04)"
        ),
        urls.values("terramesh", IDS[0], "S1RTC", revision="r1"),
        urls.geotiff("terramesh", IDS[0], "DEM", revision="r1"),
    ],
)
def test_the_api_has_every_address(client: TestClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    if "v=r1" in url:
        assert "immutable" in answer.headers["cache-control"]


def test_a_filter_travels_whole() -> None:
    query = parse_qs(urlsplit(urls.count("terramesh", WANTED)).query)
    assert SampleFilter.from_query(query) == WANTED


def test_a_strange_id_can_not_leave_its_place() -> None:
    assert urls.sample("terramesh", "../../x?y#z") == "/api/terramesh/samples/..%2F..%2Fx%3Fy%23z"


def test_component_files_carry_the_hash_of_their_content(client: TestClient) -> None:
    url = urls.component_file("viewer/viewer.js")
    assert "immutable" in client.get(url).headers["cache-control"]
