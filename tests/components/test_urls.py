"""Addresses that pages build are addresses that the API has, and say what was asked."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.application import create_api
from api.assets import HASH_CHARACTERS, HashedFiles
from api.opening import Opening
from components import urls
from tests.memory_dataset import IDS, MemoryCollections, MemoryDataset, MemoryPatches

DRAWN = urls.Look("true-colour", "remove")


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
        urls.picture("terramesh", IDS[0], "S2L2A", revision="r1"),
        urls.picture("terramesh", IDS[0], "S2L2A", DRAWN, revision="r1", form="png"),
        urls.legend("terramesh", IDS[0], "S2L2A", DRAWN, revision="r1"),
        urls.values("terramesh", IDS[0], "S1RTC", revision="r1"),
        urls.geotiff("terramesh", IDS[0], "DEM", revision="r1"),
    ],
)
def test_the_api_has_every_address(client: TestClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert "immutable" in answer.headers["cache-control"]


def test_a_look_travels_whole() -> None:
    query = parse_qs(urlsplit(urls.picture("terramesh", IDS[0], "S2L2A", DRAWN, revision="a&b")).query)
    assert query == {"preset": ["true-colour"], "offset": ["remove"], "v": ["a&b"]}


def test_a_strange_id_can_not_leave_its_place() -> None:
    url = urls.values("terramesh", "../../x?y#z", "DEM", revision="r1")
    assert url == "/api/terramesh/samples/..%2F..%2Fx%3Fy%23z/DEM.npy?v=r1"


def test_component_files_carry_the_hash_of_their_content(client: TestClient) -> None:
    url = urls.component_file("viewer/viewer.js")
    assert "immutable" in client.get(url).headers["cache-control"]
    assert urls.HASH_CHARACTERS == HASH_CHARACTERS
