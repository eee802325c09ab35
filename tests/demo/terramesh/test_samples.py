"""The whole collection: modalities that agree with each other, and the variety that the app must cope with."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.scene import L1C_BANDS, L2A_BANDS
from tests.demo.reading import by_key, members

ROOT = Path(__file__).resolve().parents[3]
READER = ROOT / "tests" / "demo" / "reference_reader.py"
ZARR2 = ROOT / ".venv-zarr2" / "bin" / "python"

RED, NEAR = L2A_BANDS.index("B04"), L2A_BANDS.index("B08")
CIRRUS = L1C_BANDS.index("B10")
SHAPES = {
    "S2L2A": (12, "int16"),
    "S2L1C": (13, "int16"),
    "S2RGB": (3, "uint8"),
    "S1RTC": (2, "float16"),
    "S1GRD": (2, "float16"),
    "DEM": (1, "int16"),
    "NDVI": (1, "float16"),
    "LULC": (1, "uint8"),
}


@pytest.fixture(scope="module")
def terramesh(demo_collection: Path) -> Path:
    return demo_collection / "terramesh"


def _reference(python: str | Path, root: Path) -> dict[str, Any]:
    done = subprocess.run([python, READER, root], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_reference_way_reads_every_array_under_both_zarrs(terramesh: Path) -> None:
    today = _reference(sys.executable, terramesh)
    assert str(today["zarr"]).startswith("3.")
    assert today["members"] == 96 * 7
    expected = {f"{name} {dtype} [1, {count}, 264, 264]" for name, (count, dtype) in SHAPES.items()}
    assert set(today["pixels"]) == expected
    assert today["arrays"] == 96 * 7 * 11 + 96 * 3  # eleven arrays each, and the cloud mask of Sentinel-2
    if not ZARR2.exists():
        pytest.skip(
            f"read under zarr {today['zarr']}; no environment with zarr 2: run make test, or make .venv-zarr2/.ready"
        )
    before = _reference(ZARR2, terramesh)
    assert before["zarr"] == "2.18.0"
    assert {**before, "zarr": ""} == {**today, "zarr": ""}


def test_ndvi_is_that_of_the_stored_bands(terramesh: Path) -> None:
    ndvi = by_key(terramesh, "NDVI")
    for member in members(terramesh, "S2L2A"):
        red, near = member.bands[RED].astype(float), member.bands[NEAR].astype(float)
        assert np.array_equal(ndvi[member.key].bands[0], ((near - red) / (near + red)).astype(np.float16)), member.key


def test_all_seven_classes_of_the_cloud_mask_appear(terramesh: Path) -> None:
    seen = np.zeros(7, dtype=int)
    for member in members(terramesh, "S2L1C"):
        mask = member.array("cloud_mask")
        seen += np.bincount(mask.ravel(), minlength=7)
        assert np.mean(mask == 6) <= 0.01  # patches with more missing are not part of the data set
    assert (seen > 500).all(), seen


def test_the_mask_is_the_same_in_all_three_sentinel_2_modalities(terramesh: Path) -> None:
    l1c, rgb = by_key(terramesh, "S2L1C"), by_key(terramesh, "S2RGB")
    for member in members(terramesh, "S2L2A"):
        mask = member.array("cloud_mask")
        assert mask.dtype == np.uint8
        assert np.array_equal(mask, l1c[member.key].array("cloud_mask"))
        assert np.array_equal(mask, rgb[member.key].array("cloud_mask"))


def test_lulc_is_augmented_by_cloud_and_snow(terramesh: Path) -> None:
    masks = by_key(terramesh, "S2L2A")
    classes: set[int] = set()
    for member in members(terramesh, "LULC"):
        lulc, mask = member.bands[0], masks[member.key].array("cloud_mask")[0]
        assert np.array_equal(lulc == 8, (mask == 3) | (mask == 4)), member.key
        assert (lulc[mask == 2] == 7).all()
        assert lulc.min() >= 1
        classes |= set(np.unique(lulc).tolist())
    assert classes == set(range(1, 10))


def test_some_samples_have_the_offset_and_b10_tells(terramesh: Path) -> None:
    l2a = by_key(terramesh, "S2L2A")
    with_offset = 0
    for member in members(terramesh, "S2L1C"):
        cirrus = float(np.median(member.bands[CIRRUS]))
        assert cirrus > 1000 or cirrus < 500, (member.key, cirrus)
        if cirrus > 1000:
            with_offset += 1
            assert member.bands.min() > 1000
            assert l2a[member.key].bands.min() > 1000
        else:
            assert l2a[member.key].bands.min() < 1000
    assert 4 <= with_offset <= 48


def test_water_is_dark_in_every_sensor(terramesh: Path) -> None:
    l2a, l1c = by_key(terramesh, "S2L2A"), by_key(terramesh, "S2L1C")
    lulc = by_key(terramesh, "LULC")
    lakes = 0
    for name in ("S1RTC", "S1GRD"):
        for member in members(terramesh, name):
            water = lulc[member.key].bands[0] == 1
            clear = water & (l2a[member.key].array("cloud_mask")[0] == 1)
            if clear.sum() < 2000:
                continue
            lakes += 1
            land = lulc[member.key].bands[0] != 1
            offset = 1000 if np.median(l1c[member.key].bands[CIRRUS]) > 1000 else 0
            near = l2a[member.key].bands[NEAR].astype(float) - offset
            assert np.median(near[clear]) < 800, member.key
            vh = member.bands[1].astype(float)
            assert np.median(vh[clear]) < -21, member.key
            assert np.median(vh[clear]) < np.median(vh[land]), member.key
    assert lakes >= 10


def test_heights_and_pictures_agree_with_the_land_cover(terramesh: Path) -> None:
    lulc, masks = by_key(terramesh, "LULC"), by_key(terramesh, "S2L2A")
    for member in members(terramesh, "DEM"):
        height = member.bands[0]
        assert height.min() >= 0
        assert height.max() < 6500
        assert int(member.array("time")[0]) == 0
        assert np.array_equal(member.array("x"), masks[member.key].array("x"))
        trees = (lulc[member.key].bands[0] == 2) & (masks[member.key].array("cloud_mask")[0] == 0)
        assert height[trees].max(initial=0) < 4500


def test_radar_values_are_decibels_of_the_real_range(terramesh: Path) -> None:
    for name in ("S1RTC", "S1GRD"):
        for member in members(terramesh, name):
            vv, vh = member.bands.astype(float)
            assert np.isfinite(member.bands).all()
            assert -45 < vh.min() < vv.max() < 25
            # open water sinks into the sensor's noise, where the two channels meet
            assert np.mean(vv > vh) > 0.9, member.key


def test_pictures_use_their_range(terramesh: Path) -> None:
    for member in members(terramesh, "S2RGB"):
        assert member.bands.min() == 0, member.key
        assert member.bands.max() == 255, member.key
        assert 25 < member.bands.mean() < 235, member.key
