"""Real samples: what is read equals the published GeoTIFFs, value for value and to the centimetre."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Geod, Transformer

from data_access.terramesh.dataset import TerraMesh
from tests.data_access.terramesh.conftest import OpenRoot

pytestmark = pytest.mark.real

GEOD = Geod(ellps="WGS84")
SAMPLES = {
    "majortom_val_0000001": "38D_378R_2_3",
    "majortom_val_0000002": "433D_629L_3_1",
    "majortom_val_0000003": "637U_59R_1_3",
}
FOLDERS = ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC")
# Told by hand from the cirrus band and the darkest values of the GeoTIFFs.
OFFSETS = {"38D_378R_2_3": "absent", "433D_629L_3_1": "present", "637U_59R_1_3": "absent"}
TIMES = {
    "38D_378R_2_3": ("2023-06-10T07:46:21Z", "2023-06-10T16:04:18Z"),
    "433D_629L_3_1": ("2020-04-08T14:37:29Z", "2020-04-11T23:43:09Z"),
    "637U_59R_1_3": ("2017-10-30T10:41:51Z", "2017-10-30T05:32:30Z"),
}


@pytest.fixture
def opened(real_data: Path, open_root: OpenRoot) -> TerraMesh:
    return open_root(real_data / "terramesh")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("key", SAMPLES)
def test_values_and_corners_equal_the_geotiffs(opened: TerraMesh, real_data: Path, key: str, folder: str) -> None:
    chip = opened.read(key, folder)
    with rasterio.open(real_data / "terramesh_geotiff" / folder / f"{SAMPLES[key]}.tif") as tiff:
        published, transform, epsg = tiff.read(), tiff.transform, tiff.crs.to_epsg()
    values = chip["bands"].values
    if values.dtype == np.float16:
        np.testing.assert_array_equal(values.astype(np.float64), published)
    else:
        assert values.dtype == published.dtype
        np.testing.assert_array_equal(values, published)
    assert chip.attrs["epsg"] == epsg
    height, width = published.shape[1:]
    to_degrees = Transformer.from_crs(epsg, 4326, always_xy=True)
    pixels = ((0, 0), (width, 0), (width, height), (0, height))
    for corner, pixel in zip(chip.attrs["corners"], pixels, strict=True):
        assert GEOD.inv(*corner, *to_degrees.transform(*(transform @ pixel)))[2] < 0.01


@pytest.mark.parametrize("key", SAMPLES)
def test_records_tell_times_offset_and_place(opened: TerraMesh, key: str) -> None:
    record = opened.describe(key)
    s2_time, s1_time = TIMES[SAMPLES[key]]
    modalities = {each.name: each for each in record.modalities}
    assert modalities["S2L2A"].time == modalities["LULC"].time == s2_time
    assert modalities["S1RTC"].time == s1_time
    assert modalities["DEM"].time is None
    assert modalities["S2L1C"].offset_state == OFFSETS[SAMPLES[key]]
    assert modalities["S2L2A"].offset_state == OFFSETS[SAMPLES[key]]
    assert record.properties["sample"] == SAMPLES[key]
    assert record.properties["source"] == "majortom"
    assert record.size_m == 2240
    assert record.problems == ()
