"""STAC documents are valid by the schemas of the standard, and say what the record and the catalogue say."""

import json
import math
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pystac
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from pystac.validation import validate_dict
from shapely.geometry import shape

from api.json_answer import dumps
from data_access.catalog import TableCatalog, build_catalog
from data_access.dataset import Corners, SampleRecord
from data_access.exports import stac_collection as collections
from data_access.exports.selection import name_of
from data_access.exports.stac_collection import stac_collection
from data_access.exports.stac_item import EO, PROJECTION, SAR, stac_item
from data_access.geolocation import corners_of
from data_access.sample_filter import SampleFilter
from tests.data_access.exports.selections import FILTERS, LICENCE, rows_of, selection
from tests.data_access.sample_tables import random_table
from tests.memory_dataset import DAMAGED, IDS, NOWHERE, MemoryDataset, MemoryPatches

BASE = "http://127.0.0.1:8501/api/terramesh"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def catalog() -> TableCatalog:
    return build_catalog(random_table(400))


def sent(document: object) -> Document:
    """A document as a client gets it."""
    found: Document = json.loads(dumps(document), parse_constant=pytest.fail)
    return found


def check_item(item: Document) -> pystac.Item:
    """Against the core schema, which pystac brings; those of extensions lie on the web."""
    validate_dict({**item, "stac_extensions": []})
    return pystac.Item.from_dict(item)


def record_of(dataset: MemoryDataset, sample_id: str = IDS[0], **changes: object) -> SampleRecord:
    return replace(dataset.describe(sample_id), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FILTERS)
def test_collections_are_valid_and_tell_the_selection(catalog: TableCatalog, name: str) -> None:
    of = selection(catalog, FILTERS[name])
    document = sent(stac_collection(of, BASE))
    rows = rows_of(of)
    validate_dict(document)
    read = pystac.Collection.from_dict(document)

    items = [link.href for link in read.links if link.rel == "item"]
    assert items == [f"{BASE}/samples/{row['id']}/stac.json" for row in rows]
    assert read.license == LICENCE.name
    assert document["patchwork:credit"] == LICENCE.credit
    assert {"license", "cite-as", "self"} <= {link.rel for link in read.links}
    for field in ("country", "season", "split", "source"):
        told = document["summaries"].get(f"patchwork:{field}", [])
        assert sorted(told) == sorted({str(row[field]) for row in rows})
    lons = [row["lon"] for row in rows if math.isfinite(row["lon"])]  # type: ignore[arg-type]
    if lons:
        west, _, east, _ = read.extent.spatial.bboxes[0]
        assert (west, east) == (min(lons), max(lons))  # type: ignore[type-var]
    times = [row["time"] for row in rows if isinstance(row["time"], datetime)]
    if times:
        first, last = read.extent.temporal.intervals[0]
        assert first is not None
        assert last is not None
        assert (first.replace(tzinfo=None), last.replace(tzinfo=None)) == (min(times), max(times))


def test_many_samples_are_not_linked_one_by_one(catalog: TableCatalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MOST_ITEMS", 50)
    document = sent(stac_collection(selection(catalog, SampleFilter(season=("Fall",))), BASE))
    validate_dict(document)
    assert not [link for link in document["links"] if link["rel"] == "item"]
    assert "more than 50" in document["description"]
    assert document["assets"]["parquet"]["href"] == f"{BASE}/export.parquet?season=Fall"


@pytest.mark.parametrize("sample_id", IDS)
@pytest.mark.parametrize("dataset", [MemoryDataset(), MemoryPatches("bigearthnet")])
def test_items_are_valid_whatever_the_sample_lacks(dataset: MemoryDataset, sample_id: str) -> None:
    record = dataset.describe(sample_id)
    item = sent(stac_item(record, dataset.info, BASE))
    read = check_item(item)
    assert read.id == sample_id
    assert read.collection_id == name_of(dataset.info, SampleFilter())
    if sample_id in {NOWHERE, DAMAGED}:
        assert item["geometry"]["type"] == "Point"
    assert (EO in item["stac_extensions"]) == (sample_id != DAMAGED or "eo:cloud_cover" in item["properties"])
    assert (SAR in item["stac_extensions"]) == (sample_id != DAMAGED)


def test_an_item_offers_every_modality_in_every_form() -> None:
    dataset = MemoryDataset()
    item = sent(stac_item(record_of(dataset), dataset.info, BASE))
    assets = item["assets"]
    for name in dataset.modalities:
        assert assets[name]["href"] == f"{BASE}/samples/{IDS[0]}/{name}.tif?v=r1"
        assert assets[f"{name}_npy"]["href"] == f"{BASE}/samples/{IDS[0]}/{name}.npy?v=r1"
        assert assets[f"{name}_png"]["roles"] == ["visual"]
    assert assets["thumbnail"]["roles"] == ["thumbnail"]
    bands = {band["name"]: band for band in assets["S2L2A"]["bands"]}
    assert (bands["B8A"]["eo:common_name"], bands["B8A"]["eo:center_wavelength"]) == ("nir08", 0.865)
    assert assets["DEM"]["bands"] == [{"name": "DEM"}]
    assert item["properties"]["sar:polarizations"] == ["VV", "VH"]
    assert item["properties"]["eo:cloud_cover"] == 0
    assert item["properties"]["patchwork:synthetic"] is True


def test_half_floats_are_told_by_the_type_that_each_form_has() -> None:
    dataset = MemoryDataset()
    record = record_of(dataset)
    record = replace(record, modalities=tuple(replace(each, dtype="float16") for each in record.modalities))
    assets = sent(stac_item(record, dataset.info, BASE))["assets"]
    assert (assets["S1RTC"]["data_type"], assets["S1RTC_npy"]["data_type"]) == ("float32", "float16")


@given(
    epsg=st.sampled_from([32601, 32660, 32632, 32718]),
    left=st.integers(300_000, 700_000),
    top=st.integers(4_000_000, 6_000_000),
)
def test_the_transform_is_the_one_of_the_corners(epsg: int, left: int, top: int) -> None:
    dataset = MemoryDataset()
    width = dataset.describe(IDS[0]).modalities[0].shape[2]
    corners = corners_of((10.0, 0.0, float(left), 0.0, -10.0, float(top)), epsg, (width, width))
    item = sent(stac_item(record_of(dataset, epsg=epsg, corners=corners, size_m=width * 10.0), dataset.info, BASE))
    assert PROJECTION in item["stac_extensions"]
    assert item["properties"]["proj:code"] == f"EPSG:{epsg}"
    assert item["assets"]["DEM"]["proj:shape"] == [width, width]
    np.testing.assert_allclose(item["assets"]["DEM"]["proj:transform"], [10, 0, left, 0, -10, top], atol=0.01)


def test_a_footprint_over_the_antimeridian_is_cut_there() -> None:
    to_degrees = Transformer.from_crs(32601, 4326, always_xy=True)
    left, _ = Transformer.from_crs(4326, 32601, always_xy=True).transform(-180, 51)
    corners: Corners = tuple(  # type: ignore[assignment]
        to_degrees.transform(left + x, 5_650_000 + y) for x, y in ((-600, 600), (600, 600), (600, -600), (-600, -600))
    )
    dataset = MemoryDataset()
    item = sent(stac_item(record_of(dataset, corners=corners, epsg=32601), dataset.info, BASE))
    check_item(item)
    footprint = shape(item["geometry"])
    west, _, east, _ = item["bbox"]
    assert footprint.geom_type == "MultiPolygon"
    assert footprint.bounds[0] == -180
    assert footprint.bounds[2] == 180
    assert west > 179.9 > -179.9 > east
    assert footprint.area == pytest.approx(1200 * 1200 / (111_320**2 * math.cos(math.radians(51))), rel=0.02)


def test_a_sample_without_a_time_has_the_years_of_its_data_set() -> None:
    dataset = MemoryDataset()
    record = record_of(dataset)
    item = sent(stac_item(replace(record, properties={**record.properties, "time": None}), dataset.info, BASE))
    check_item(item)
    assert item["properties"]["datetime"] is None
    assert item["properties"]["start_datetime"] == "2017-01-01T00:00:00Z"
