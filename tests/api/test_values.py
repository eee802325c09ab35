"""`.npy` is what is stored; `.tif` says the same with a place; both against the stored values and rasterio."""

import io

import numpy as np
import pytest
from rasterio.io import MemoryFile
from starlette.testclient import TestClient

from tests.memory_dataset import BANDS, IDS, LICENCE, NOWHERE, PIXEL_M, values_of

SAMPLE = f"/terramesh/samples/{IDS[0]}"


@pytest.mark.parametrize("modality", BANDS)
def test_npy_holds_the_stored_values(client: TestClient, modality: str) -> None:
    answer = client.get(f"{SAMPLE}/{modality}.npy")
    stored = values_of(IDS[0], modality)
    read = np.load(io.BytesIO(answer.content), allow_pickle=False)
    assert read.dtype == stored.dtype
    np.testing.assert_array_equal(read, stored)
    assert answer.headers["content-encoding"] == "identity"
    expected = io.BytesIO()
    np.save(expected, stored)
    assert answer.content == expected.getvalue()


@pytest.mark.parametrize("modality", BANDS)
def test_tif_holds_values_place_and_credit(client: TestClient, modality: str) -> None:
    answer = client.get(f"{SAMPLE}/{modality}.tif")
    assert answer.headers["content-type"] == "image/tiff"
    stored = values_of(IDS[0], modality)
    with MemoryFile(answer.content) as memory, memory.open() as read:
        np.testing.assert_array_equal(read.read().astype(np.float64), stored.astype(np.float64))
        assert read.crs.to_epsg() == 32632
        assert tuple(read.transform)[:6] == (PIXEL_M, 0.0, 500000.0, 0.0, -PIXEL_M, 5500000.0)
        assert read.descriptions == BANDS[modality]
        tags = read.tags()
        assert tags["licence"] == LICENCE.name
        assert tags["credit"] == LICENCE.credit
        assert tags["sample_id"] == IDS[0]
        assert "synthetic" in tags
        if modality == "DEM":
            assert "datetime" not in tags
        else:
            assert tags["datetime"] == "2020-01-03T10:11:12Z"
            assert tags["TIFFTAG_DATETIME"] == "2020:01:03 10:11:12"
        assert read.nodata is None


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_sample_without_a_place_is_still_written(client: TestClient) -> None:
    answer = client.get(f"/terramesh/samples/{NOWHERE}/DEM.tif")
    with MemoryFile(answer.content) as memory, memory.open() as read:
        assert read.crs is None
        np.testing.assert_array_equal(read.read(), values_of(NOWHERE, "DEM"))


def test_a_download_has_a_name(client: TestClient) -> None:
    header = client.get(f"{SAMPLE}/DEM.tif").headers["content-disposition"]
    assert header == f'attachment; filename="{IDS[0]}_DEM.tif"'
