"""Real samples taken along: their licence, and their place in STAC against the published GeoTIFFs."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from pystac.validation import validate_dict
from shapely.geometry import Point, shape

from api.json_answer import dumps
from data_access.exports.csv_file import csv_pieces
from data_access.exports.geojson_file import geojson_pieces
from data_access.exports.selection import Selection
from data_access.exports.stac_collection import stac_collection
from data_access.exports.stac_item import stac_item
from data_access.places import places_of
from data_access.sample_filter import SampleFilter
from data_access.settings import load_settings
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.licence import TERRAMESH_LICENCE
from data_access.terramesh.opening import open_terramesh
from tests.data_access.terramesh.test_real_samples import SAMPLES, TIMES

pytestmark = pytest.mark.real

BASE = "http://127.0.0.1:8501/api/terramesh"
EXACT_M = 0.01


@pytest.fixture(scope="module")
def opened(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> TerraMesh:
    places = places_of(load_settings().world_atlas)
    return open_terramesh(
        real_data / "terramesh", kind="local", tables_dir=tmp_path_factory.mktemp("cache") / "tables", places=places
    )


def item_of(opened: TerraMesh, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dumps(stac_item(opened.describe(key), opened.info, BASE)))
    return found


def test_the_credit_is_that_of_the_real_data(opened: TerraMesh) -> None:
    of = Selection(opened, SampleFilter())
    text = b"".join(csv_pieces(of)).decode()
    assert text.count("© DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018") == len(SAMPLES)
    members = json.loads(b"".join(geojson_pieces(of)))
    assert members["credit"] == TERRAMESH_LICENCE.credit
    assert "Synthetic" not in json.dumps(members)
    collection = json.loads(dumps(stac_collection(of, BASE)))
    validate_dict(collection)
    assert collection["license"] == "CC-BY-SA-4.0"
    assert "synthetic" not in collection["keywords"]


@pytest.mark.parametrize("key", SAMPLES)
def test_an_item_places_the_sample_as_its_geotiff_does(opened: TerraMesh, real_data: Path, key: str) -> None:
    item = item_of(opened, key)
    validate_dict({**item, "stac_extensions": []})
    with rasterio.open(real_data / "terramesh_geotiff" / "S2L2A" / f"{SAMPLES[key]}.tif") as tiff:
        assert item["properties"]["proj:code"] == f"EPSG:{tiff.crs.to_epsg()}"
        asset = item["assets"]["S2L2A"]
        np.testing.assert_allclose(asset["proj:transform"], list(tiff.transform)[:6], atol=EXACT_M)
        assert asset["proj:shape"] == list(tiff.shape)
        assert [band["name"] for band in asset["bands"]][:3] == ["B01", "B02", "B03"]
    row = opened.catalog.row(key)
    assert shape(item["geometry"]).buffer(0.005).contains(Point(row["lon"], row["lat"]))
    assert item["properties"]["datetime"] == TIMES[SAMPLES[key]][0]
    assert item["assets"]["S1RTC"]["datetime"] == TIMES[SAMPLES[key]][1]
