"""Over HTTP, from a running app on real files: values equal the published GeoTIFFs, annotations are unchanged."""

import io
import json
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pyarrow.parquet as pq
import pytest
import rasterio
from PIL import Image
from pyproj import Transformer
from rasterio.io import MemoryFile

from tests.running_app import running_app

pytestmark = pytest.mark.real

MODALITIES = ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC")
PLACED_WITHIN_M = 0.01
PATCH_MODALITIES = {"S2-10m": (4, 120), "S2-20m": (6, 60), "S2-60m": (2, 20), "S1": (2, 120)}


@pytest.fixture(scope="module")
def served(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The app on the real TerraMesh samples, the real LMDB and the real annotation rows; started from elsewhere."""
    settings = {
        "PATCHWORK_TERRAMESH": str(real_data / "terramesh"),
        "PATCHWORK_BIGEARTHNET_IMAGES": str(real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB"),
        "PATCHWORK_BIGEARTHNET_TXT": str(real_data / "bigearthnet_txt" / "bench_rows.parquet"),
        "PATCHWORK_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
    }
    with running_app(settings, tmp_path_factory.mktemp("elsewhere")) as client:
        yield client


def published(real_data: Path) -> dict[str, str]:
    """Name of the published GeoTIFF of each sample, by its key."""
    rows = json.loads((real_data / "terramesh" / "val_metadata.json").read_text())
    assert len(rows) == 3
    return {row["zarr"].removesuffix(".zarr.zip"): row["sample_id"] for row in rows}


def test_health_names_what_is_open(served: httpx.Client) -> None:
    body = served.get("/api/health").json()
    assert body["status"] == "ok", body
    assert body["collections"]["terramesh"]["samples"] == 3
    assert not body["collections"]["terramesh"]["synthetic"]
    assert "/" not in body["collections"]["terramesh"]["root"]


@pytest.mark.parametrize("modality", MODALITIES)
def test_npy_and_tif_equal_the_published_geotiffs(served: httpx.Client, real_data: Path, modality: str) -> None:
    for key, name in published(real_data).items():
        values = np.load(io.BytesIO(served.get(f"/api/terramesh/samples/{key}/{modality}.npy").content))
        content = served.get(f"/api/terramesh/samples/{key}/{modality}.tif").content
        path = real_data / "terramesh_geotiff" / modality / f"{name}.tif"
        with rasterio.open(path) as truth, MemoryFile(content) as memory, memory.open() as ours:
            stored = truth.read()
            assert values.shape == stored.shape
            if values.dtype.kind in "iu":
                assert values.dtype == stored.dtype
                np.testing.assert_array_equal(values, stored)
            else:
                assert values.dtype == np.float16
                np.testing.assert_array_equal(values.astype(np.float64), stored)
            np.testing.assert_array_equal(ours.read().astype(np.float64), stored.astype(np.float64))
            assert ours.crs.to_epsg() == truth.crs.to_epsg()
            np.testing.assert_allclose(tuple(ours.transform), tuple(truth.transform), atol=PLACED_WITHIN_M)


def test_corners_lie_within_a_centimetre(served: httpx.Client, real_data: Path) -> None:
    for key, name in published(real_data).items():
        corners = served.get(f"/api/terramesh/samples/{key}").json()["corners"]
        with rasterio.open(real_data / "terramesh_geotiff" / "DEM" / f"{name}.tif") as truth:
            to_metres = Transformer.from_crs(4326, truth.crs, always_xy=True)
            box = truth.bounds
            expected = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
        for (lon, lat), (x, y) in zip(corners, expected, strict=True):
            assert math.dist(to_metres.transform(lon, lat), (x, y)) < PLACED_WITHIN_M


def test_the_cloud_mask_is_values_and_a_picture(served: httpx.Client, real_data: Path) -> None:
    key = next(iter(published(real_data)))
    values = np.load(io.BytesIO(served.get(f"/api/terramesh/samples/{key}/cloud_mask.npy").content))
    assert (values.dtype, values.shape) == (np.uint8, (1, 224, 224))
    answer = served.get(f"/api/terramesh/samples/{key}/cloud_mask.webp")
    assert Image.open(io.BytesIO(answer.content)).size == (224, 224)


def test_a_modality_that_is_not_there_is_named(served: httpx.Client, real_data: Path) -> None:
    key = next(iter(published(real_data)))
    answer = served.get(f"/api/terramesh/samples/{key}/S1GRD.npy")
    assert (answer.status_code, answer.json()["error"]) == (404, "modality_missing")


def test_count_of_the_real_annotation_rows(real_data: Path, tmp_path: Path) -> None:
    settings = {
        "PATCHWORK_TERRAMESH": str(real_data / "terramesh"),
        "PATCHWORK_BIGEARTHNET_TXT": str(real_data / "bigearthnet_txt" / "bench_rows.parquet"),
        "PATCHWORK_CACHE_DIR": str(tmp_path),
    }
    with running_app(settings) as client:
        assert client.get("/api/bigearthnet/count").json() == {"total": 8, "matched": 8, "annotations": 122}
        sample = client.get("/api/bigearthnet/samples?limit=1").json()["items"][0]["id"]
        answer = client.get(f"/api/bigearthnet/samples/{sample}/S2.webp")
        assert (answer.status_code, answer.json()["error"]) == (404, "modality_missing")
        assert "PATCHWORK_BIGEARTHNET_IMAGES" in answer.json()["message"]


def test_annotations_are_returned_unchanged(served: httpx.Client, real_data: Path) -> None:
    rows = pq.read_table(real_data / "bigearthnet_txt" / "bench_rows.parquet").to_pylist()
    by_patch: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        by_patch.setdefault(row["patch_id"], []).append(row)
    for patch, expected in by_patch.items():
        items = served.get(f"/api/bigearthnet/samples/{patch}/annotations").json()["items"]
        assert items == sorted(expected, key=lambda row: int(str(row["ID"])))
        assert list(items[0]) == list(expected[0])


def test_all_pairs_of_the_lmdb_open(served: httpx.Client) -> None:
    rows = served.get("/api/bigearthnet/samples?limit=1000").json()["items"]
    pairs = [row["id"] for row in rows if row["has_s2"] and row["has_s1"]]
    assert len(pairs) == 24
    for patch in pairs:
        for modality, (bands, pixels) in PATCH_MODALITIES.items():
            values = np.load(io.BytesIO(served.get(f"/api/bigearthnet/samples/{patch}/{modality}.npy").content))
            assert values.shape == (bands, pixels, pixels)
            assert values.dtype == (np.float32 if modality == "S1" else np.uint16)
        for picture in ("S2.webp", "S1.webp"):
            answer = served.get(f"/api/bigearthnet/samples/{patch}/{picture}")
            assert Image.open(io.BytesIO(answer.content)).size == (120, 120)
    answer = served.get(f"/api/bigearthnet/samples/{pairs[0]}/S2.npy")
    assert (answer.status_code, answer.json()["error"]) == (404, "modality_missing")


def test_many_readers_at_once_get_the_same_bytes(served: httpx.Client, real_data: Path) -> None:
    urls = [
        f"/api/terramesh/samples/{key}/{modality}.{form}"
        for key in published(real_data)
        for modality in MODALITIES
        for form in ("npy", "webp")
    ]
    alone = {url: served.get(url).content for url in urls}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(served.get, urls * 2))
    for url, answer in zip(urls * 2, together, strict=True):
        assert answer.status_code == 200
        assert answer.content == alone[url]
