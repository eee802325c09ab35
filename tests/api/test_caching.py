"""Browsers keep what can not have changed, ask for the rest, and never mix two collections."""

import pytest
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from tests.memory_dataset import DAMAGED, IDS, MemoryCollections, MemoryDataset

SAMPLE = f"/terramesh/samples/{IDS[0]}"
STAMPED = [
    "/terramesh/count?country=Germany",
    "/terramesh/facets",
    "/terramesh/samples?limit=2",
    "/terramesh/points",
    "/terramesh/footprints",
    "/terramesh/tiles/0/0/0.png?theme=dark",
    SAMPLE,
    f"{SAMPLE}/S2L2A.webp?preset=true-colour",
    f"{SAMPLE}/thumbnail.webp",
    f"{SAMPLE}/S2L2A/legend",
    f"{SAMPLE}/S2L2A.npy",
    f"{SAMPLE}/S2L2A.tif",
    f"/bigearthnet/samples/{IDS[0]}/annotations",
]


@pytest.mark.parametrize("url", STAMPED)
def test_an_answer_is_confirmed_by_its_etag(client: TestClient, url: str) -> None:
    first = client.get(url)
    assert first.status_code == 200
    revision = "tm1" if "terramesh" in url else "ben1"
    assert revision in first.headers["etag"]
    again = client.get(url, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(url, headers={"If-None-Match": "*"}).status_code == 200


@pytest.mark.parametrize("url", STAMPED)
def test_only_an_address_with_the_revision_is_immutable(client: TestClient, url: str) -> None:
    revision = "tm1" if "terramesh" in url else "ben1"
    join = "&" if "?" in url else "?"
    assert "immutable" not in client.get(url).headers["cache-control"]
    assert "immutable" not in client.get(f"{url}{join}v=older").headers["cache-control"]
    assert "immutable" in client.get(f"{url}{join}v={revision}").headers["cache-control"]


@pytest.mark.parametrize("rest", ["", "/stac.json"])
def test_what_could_not_be_read_this_time_is_asked_for_again(client: TestClient, rest: str) -> None:
    answer = client.get(f"/terramesh/samples/{DAMAGED}{rest}?v=tm1")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_a_304_needs_no_decoding(client: TestClient, terramesh: MemoryDataset) -> None:
    url = f"{SAMPLE}/S1RTC.webp"
    etag = client.get(url).headers["etag"]
    reads = len(terramesh.reads)
    client.get(url, headers={"If-None-Match": etag})
    assert len(terramesh.reads) == reads


def test_two_collections_with_the_same_key_differ(client: TestClient) -> None:
    other = MemoryCollections({"terramesh": MemoryDataset(revision="tm2"), "bigearthnet": MemoryDataset()})
    url = f"{SAMPLE}/DEM.npy"
    etag = client.get(url).headers["etag"]
    answer = TestClient(create_api(Opening(lambda: other))).get(url, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != etag


def test_different_questions_have_different_etags(client: TestClient) -> None:
    urls = [*STAMPED, f"{SAMPLE}/S2L2A.webp", f"{SAMPLE}/S2L2A.webp?size=64", f"{SAMPLE}/S1RTC.npy"]
    etags = [client.get(url).headers["etag"] for url in urls]
    etags.append(
        client.get("/terramesh/points", headers={"Accept": "application/vnd.patchwork.columns"}).headers["etag"]
    )
    assert len(set(etags)) == len(etags)


def test_the_order_of_parameters_does_not_matter(client: TestClient) -> None:
    one = client.get("/terramesh/count?country=Spain&season=Fall").headers["etag"]
    assert client.get("/terramesh/count?season=Fall&country=Spain").headers["etag"] == one


@pytest.mark.parametrize("url", ["/health", "/terramesh/count", f"{SAMPLE}/S2L2A.npy", "/nothing"])
def test_head_is_get_without_the_body(client: TestClient, url: str) -> None:
    head, get = client.head(url), client.get(url)
    assert head.status_code == get.status_code
    assert not head.content
    assert head.headers["content-length"] == get.headers["content-length"]


def test_errors_are_not_kept(client: TestClient) -> None:
    assert client.get("/terramesh/samples/nobody").headers["cache-control"] == "no-store"
