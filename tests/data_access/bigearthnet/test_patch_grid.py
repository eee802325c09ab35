"""The grid arithmetic, held against every published position and against real GeoTIFFs."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from data_access.bigearthnet.patch_grid import (
    PATCH_SIZE_M,
    is_patch_id,
    is_s1_name,
    place_of,
    places_in,
    tile_origin,
    time_of,
)

PATCH = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_57"
S1 = "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_26_57"


@pytest.fixture(scope="module")
def published(real_data: Path) -> pa.Table:
    """All 549,488 patches with positions that others computed."""
    path = real_data / "bigearthnet_v2" / "all_patches_with_coords.parquet"
    return pq.read_table(path, columns=["patch_id", "s1_name", "ulx", "uly", "epsg", "longitude", "latitude", "date"])


@pytest.mark.real
def test_every_published_position_is_reproduced(published: pa.Table) -> None:
    places = places_in(published["patch_id"])
    assert published.num_rows == 549_488
    assert all(places[name].null_count == 0 for name in places.column_names)
    for name in ("ulx", "uly", "epsg"):
        np.testing.assert_array_equal(places[name].to_numpy(), published[name].to_numpy())
    for ours, theirs in (("lon", "longitude"), ("lat", "latitude")):
        np.testing.assert_allclose(places[ours].to_numpy(), published[theirs].to_numpy(), rtol=0, atol=1e-9)
    days = places["time"].to_numpy().astype("datetime64[D]")
    np.testing.assert_array_equal(days, published["date"].to_numpy().astype("datetime64[D]"))


@pytest.mark.real
def test_s1_names_lie_where_their_patches_lie(published: pa.Table) -> None:
    places = places_in(published["s1_name"])
    np.testing.assert_array_equal(places["ulx"].to_numpy(), published["ulx"].to_numpy())
    np.testing.assert_array_equal(places["uly"].to_numpy(), published["uly"].to_numpy())


@pytest.mark.real
def test_geotiff_transforms_agree(real_data: Path) -> None:
    files = sorted((real_data / "bigearthnet_v2" / "geotiff").rglob("*.tif"))
    assert len(files) == 15
    for file in files:
        place = place_of(file.parent.name)
        with rasterio.open(file) as raster:
            assert place is not None
            assert raster.crs.to_epsg() == place.epsg
            assert tuple(raster.transform)[:6] == place.transform(PATCH_SIZE_M / raster.width)


@pytest.mark.real
def test_centres_of_text_rows_are_bit_exact(real_data: Path) -> None:
    rows = pq.read_table(real_data / "bigearthnet_txt" / "bench_rows.parquet")
    for name, lon, lat in zip(*(rows[c].to_pylist() for c in ("patch_id", "longitude", "latitude")), strict=True):
        place = place_of(name)
        assert place is not None
        assert place.centre() == (lon, lat)


def test_one_patch() -> None:
    place = place_of(PATCH)
    assert place is not None
    assert (place.epsg, place.ulx, place.uly) == (32633, 331200, 5331600)
    assert place_of(S1) == place
    assert place.transform(20) == (20.0, 0.0, 331200.0, 0.0, -20.0, 5331600.0)
    upper_left, upper_right, lower_right, lower_left = place.corners()
    assert upper_left[0] < upper_right[0]
    assert lower_left[1] < upper_left[1]
    assert lower_right[1] < upper_right[1]
    assert time_of(PATCH) == datetime(2017, 6, 13, 10, 10, 31)  # noqa: DTZ001 (UTC by convention)
    assert time_of(S1) == datetime(2017, 6, 12, 16, 58, 9)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("tile", "epsg", "ulx", "uly"),
    [("33UUP", 32633, 300000, 5400000), ("34VER", 32634, 499980, 7100040), ("29SNB", 32629, 499980, 4200000)],
)
def test_tile_origins(tile: str, epsg: int, ulx: int, uly: int) -> None:
    origin = tile_origin(tile)
    assert origin is not None
    assert (origin.epsg, origin.ulx, origin.uly) == (epsg, ulx, uly)


@pytest.mark.parametrize("tile", ["33UAP", "00UUP", "61SUP", "33IUP", "33UUW", "", "33UUPX"])
def test_impossible_tiles_have_no_origin(tile: str) -> None:
    assert tile_origin(tile) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        PATCH + "\n",
        PATCH + "/..",
        PATCH.replace("T33UUP", "33UUP"),
        PATCH.replace("_26_57", "_26_91"),
        PATCH.replace("_26_57", "_2٦_57"),
        S1.replace("_26_57", "_026_57"),
        S1.replace("33UUP", "T33UUP"),
    ],
)
def test_other_names_are_refused(name: str) -> None:
    assert not is_patch_id(name)
    assert not is_s1_name(name)
    assert place_of(name) is None
    assert time_of(name) is None
    row = places_in([name]).to_pylist()[0]
    assert row["epsg"] is None
    assert row["lon"] is None


def test_a_date_that_does_not_exist_has_no_time() -> None:
    name = PATCH.replace("20170613", "20170631")
    assert time_of(name) is None
    assert places_in([name])["time"].to_pylist() == [None]


def test_no_names_give_an_empty_table() -> None:
    assert places_in([]).num_rows == 0


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.from_regex(r"S2A_MSIL2A_20\d{6}T\d{6}_N9999_R022_T\d\d[A-Z]{3}_\d\d_\d\d", fullmatch=True),
        )
    )
)
def test_vectorised_and_single_arithmetic_agree(names: list[str]) -> None:
    names = [name for name in names if "\x00" not in name and name.isascii()]
    for name, row in zip(names, places_in(names).to_pylist(), strict=True):
        place = place_of(name)
        assert row["epsg"] == (place.epsg if place else None)
        assert row["ulx"] == (place.ulx if place else None)
        assert row["uly"] == (place.uly if place else None)
        if place:
            assert (row["lon"], row["lat"]) == place.centre()
