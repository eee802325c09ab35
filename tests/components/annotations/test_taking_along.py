"""The list of files of annotations: every address says the whole selection and the options of its own format."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from components.annotations.taking_along import files_html
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.dataset import CollectionInfo

INFO = CollectionInfo("bigearthnet", "demo", "BigEarthNet.txt", "root", "r1", BIGEARTHNET_LICENCE, synthetic=True)
HOSTILE = RowFilter.from_query({"country": ['"><script>alert(1)</script>'], "answer": ["a"], "text": ["<b>&amp;'"]})


def links(html: str) -> dict[str, str]:
    """Address of the file of each format."""
    found = re.findall(r'<a class="format" href="([^"]*)" download data-format="([a-z]+)"', html)
    return {ending: unescape(address) for address, ending in found}


def test_every_address_says_the_selection() -> None:
    found = links(files_html(INFO, HOSTILE, 2, []))
    assert list(found) == ["parquet", "jsonl", "geojson", "csv"]
    for ending, address in found.items():
        parts = urlsplit(address)
        assert parts.path == f"/api/bigearthnet/annotations/export.{ending}"
        assert RowFilter.from_query(parse_qs(parts.query)) == HOSTILE


def test_options_are_those_of_their_format() -> None:
    options = [("jsonl", ("tags", "keep")), ("jsonl", ("boxes", "pixels")), ("geojson", ("point_rows", "box"))]
    found = links(files_html(INFO, RowFilter(), 2, options))
    assert urlsplit(found["jsonl"]).query == "tags=keep&boxes=pixels"
    assert urlsplit(found["geojson"]).query == "point_rows=box"
    assert not urlsplit(found["parquet"]).query + urlsplit(found["csv"]).query


def test_what_a_filter_says_is_text() -> None:
    html = files_html(INFO, HOSTILE, 2, [])
    assert "<script>" not in html
    assert "answer a" in html
    assert "no filter" in files_html(INFO, RowFilter(), 2, [])


def test_sizes_follow_the_number_of_rows() -> None:
    sizes = re.findall(r"<i>about ([^<]*)</i>", files_html(INFO, RowFilter(), 9_553_962, []))
    assert sizes == ["287 MB", "13 GB", "6.9 GB", "6.2 GB"]
