"""The list of files: its addresses are those of the API, its sizes are true, and nothing in it is markup."""

import re
from html import unescape

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from components import urls
from components.taking_along.files import FORMATS, files_html
from components.taking_along.programs import server_address
from data_access.dataset import CollectionInfo
from data_access.exports.stac_collection import MOST_ITEMS
from data_access.sample_filter import SampleFilter
from tests.memory_dataset import IDS, LICENCE, MemoryCollections, MemoryDataset, MemoryPatches

INFO = CollectionInfo("terramesh", "demo", "TerraMesh", "root", "r1", LICENCE, synthetic=True)
HOSTILE = SampleFilter(country=('"><script>alert(1)</script>',), text="<b>&amp;'\"")


def links(html: str) -> list[str]:
    """Addresses of the files."""
    return [unescape(address) for address in re.findall(r'<a class="format" href="([^"]*)"', html)]


def test_every_address_is_one_of_the_api() -> None:
    collections = MemoryCollections({"terramesh": MemoryDataset(), "bigearthnet": MemoryPatches("bigearthnet")})
    api = create_api(Opening(lambda: collections))
    with TestClient(Starlette(routes=[Mount(urls.API, api)])) as client:
        for wanted in (SampleFilter(), SampleFilter(country=("Germany", "Côte d'Ivoire"), text="a b"), HOSTILE):
            found = links(files_html(INFO, wanted, 2))
            assert len(found) == len(FORMATS)
            for address in found:
                answer = client.get(address)
                assert answer.status_code == 200, answer.text
                assert answer.headers["content-disposition"].startswith("attachment")
        for address in (
            urls.stac_item("terramesh", IDS[0], revision="r1"),
            urls.sheet("terramesh", IDS[0], revision="r1"),
        ):
            assert "immutable" in client.get(address).headers["cache-control"]
    api.state.hall.close()


def test_what_a_filter_says_is_text() -> None:
    html = files_html(INFO, HOSTILE, 2)
    assert "<script>" not in html
    assert "<b>&" not in html


@pytest.mark.parametrize(
    ("matched", "sizes"),
    [
        (1, ["12 kB", "254 B", "2.0 kB", "6.1 kB"]),
        (9_178_624, ["367 MB", "2.3 GB", "4.6 GB", "6.0 kB"]),
    ],
)
def test_sizes_follow_the_number_of_samples(matched: int, sizes: list[str]) -> None:
    assert re.findall(r"<i>about ([^<]*)</i>", files_html(INFO, SampleFilter(), matched)) == sizes


def test_more_samples_than_a_stac_collection_links_are_told() -> None:
    assert "an item per sample" in files_html(INFO, SampleFilter(), MOST_ITEMS)
    assert "10,000 samples" in files_html(INFO, SampleFilter(), MOST_ITEMS + 1)


def test_without_a_browser_code_names_the_address_of_the_settings() -> None:
    assert re.fullmatch(r"http://[^/]+:\d+/api", server_address())
