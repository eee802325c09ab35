"""The sensors: sun, seasons, spectra, clouds and radar behave as physics says."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from demo.scene import (
    FOREST,
    L1C_BANDS,
    L2A_BANDS,
    RESOLUTION_M,
    WATER,
    Moment,
    Sky,
    Surface,
    is_any,
    make_scene,
    sentinel1,
    sentinel2,
    setting_for,
)
from demo.scene.light import illumination, shadow
from demo.scene.moment import snow_line_m
from demo.scene.setting import Climate

SIZE = 120


def _moment(month: int, lon: float = 10.0, lat: float = 48.0, hour: int = 10) -> Moment:
    return Moment(datetime(2020, month, 21, hour, 0, tzinfo=UTC), lon, lat)


def test_the_sun_stands_where_the_almanac_says() -> None:
    noon = Moment(datetime(2020, 6, 21, 12, 0, tzinfo=UTC), 0.0, 50.0).sun
    assert math.degrees(noon[1]) == pytest.approx(90 - 50 + 23.44, abs=0.5)
    assert math.degrees(noon[0]) == pytest.approx(180, abs=2)
    winter = Moment(datetime(2020, 12, 21, 12, 0, tzinfo=UTC), 0.0, 50.0).sun
    assert math.degrees(winter[1]) == pytest.approx(90 - 50 - 23.44, abs=0.5)
    south = Moment(datetime(2020, 12, 21, 12, 0, tzinfo=UTC), 0.0, -50.0).sun
    assert math.degrees(south[0]) % 360 == pytest.approx(0, abs=2)
    morning = Moment(datetime(2020, 3, 20, 9, 0, tzinfo=UTC), 0.0, 0.0).sun
    assert math.degrees(morning[0]) == pytest.approx(90, abs=2)
    assert math.degrees(morning[1]) == pytest.approx(45, abs=2)


def test_a_ridge_is_lit_on_its_sunny_side_and_throws_its_shadow_away_from_the_sun() -> None:
    height = np.zeros((60, 60), dtype=np.float32)
    height[:, 28:32] = 200.0  # a wall from north to south
    from_the_east = (math.pi / 2, math.radians(45))
    dark = shadow(height, 10.0, from_the_east)
    assert dark[30, 20] > 0.9  # to the west, 80 m away
    assert dark[30, 40] == 0
    roof = np.broadcast_to(np.maximum(0, 100 - 10.0 * np.abs(np.arange(60) - 30)), (60, 60)).astype(np.float32)
    light = illumination(roof, 10.0, from_the_east)
    assert light[30, 35] > 1.2
    assert light[30, 25] < 0.5
    assert light[30, 50] == pytest.approx(1.0, abs=0.02)


def test_snow_lies_lower_in_winter_and_near_the_pole() -> None:
    summer, winter = _moment(7), _moment(1)
    assert snow_line_m(winter, Climate.TEMPERATE) < 1200
    assert snow_line_m(summer, Climate.TEMPERATE) > 2500
    assert snow_line_m(_moment(1, lat=65), Climate.BOREAL) < 0
    assert snow_line_m(_moment(7, lat=-45), Climate.TEMPERATE) < snow_line_m(_moment(1, lat=-45), Climate.TEMPERATE)


def test_bands_have_the_resolutions_of_the_sensor() -> None:
    scene = make_scene(setting_for("open-fields", 10, 48), size_px=SIZE, seed=1)
    image = sentinel2(scene, _moment(6), seed=1)
    assert tuple(image.l1c) == L1C_BANDS
    assert tuple(image.l2a) == L2A_BANDS
    for band, values in image.l1c.items():
        assert values.shape == (SIZE * 10 // RESOLUTION_M[band],) * 2
        assert values.dtype == np.int16


def test_spectra_tell_water_forest_and_season() -> None:
    scene = make_scene(setting_for("river-plain", 20, 46, forest=0.3), size_px=SIZE, seed=2)
    summer, winter = (sentinel2(scene, _moment(month, 20, 46), seed=2) for month in (7, 1))
    forest, water = is_any(scene.surface, FOREST), is_any(scene.surface, WATER)
    red, near = summer.l2a["B04"].astype(float), summer.l2a["B08"].astype(float)
    assert np.median(near[water]) < 700
    assert np.median(near[forest]) > 2000
    ndvi = (near - red) / (near + red)
    assert np.median(ndvi[forest]) > 0.7
    assert np.median(ndvi[water]) < 0.1
    bare = (winter.l2a["B08"].astype(float) - winter.l2a["B04"]) / (winter.l2a["B08"].astype(float) + winter.l2a["B04"])
    assert np.median(bare[forest]) < np.median(ndvi[forest]) - 0.2


def test_the_air_adds_blue_light_and_hides_the_cirrus_band() -> None:
    scene = make_scene(setting_for("open-fields", 10, 48), size_px=SIZE, seed=1)
    image = sentinel2(scene, _moment(6), seed=1)
    assert np.median(image.l1c["B01"]) > np.median(image.l2a["B01"]) + 300
    assert np.median(image.l1c["B10"]) < 100
    veiled = sentinel2(scene, _moment(6), seed=1, sky=Sky(thin=0.9))
    assert np.median(veiled.l1c["B10"]) > np.median(image.l1c["B10"]) + 50


def test_clouds_cover_what_they_are_asked_to_and_throw_shadows() -> None:
    scene = make_scene(setting_for("open-fields", 10, 48), size_px=SIZE, seed=1)
    clear, cloudy = (sentinel2(scene, _moment(6), seed=7, sky=sky) for sky in (None, Sky(thick=0.3)))
    mask = cloudy.cloud_mask
    assert set(np.unique(clear.cloud_mask)) <= {0, 1, 2}
    assert np.mean(mask == 4) == pytest.approx(0.3, abs=0.03)
    assert np.mean(mask == 5) > 0.03
    assert np.median(cloudy.l2a["B02"][mask == 4]) > 5000
    ratio = cloudy.l2a["B08"][mask == 5] / np.maximum(clear.l2a["B08"][mask == 5], 1)
    assert np.median(ratio) < 0.75


def test_the_same_seed_gives_the_same_images() -> None:
    scene = make_scene(setting_for("town", 4, 51), size_px=SIZE, seed=1)
    one, two = (sentinel2(scene, _moment(6), seed=3, sky=Sky(0.1, 0.1)) for _ in range(2))
    assert all(np.array_equal(one.l1c[band], two.l1c[band]) for band in L1C_BANDS)
    first, second = (sentinel1(scene, _moment(6), seed=3, terrain_corrected=True) for _ in range(2))
    assert np.array_equal(first, second)


def test_backscatter_by_surface() -> None:
    scene = make_scene(setting_for("town", 4, 51, lakes=0.1, forest=0.2), size_px=SIZE, seed=6)
    vv, vh = sentinel1(scene, _moment(6), seed=5, terrain_corrected=True)
    lake = scene.surface == Surface.LAKE
    town = scene.surface == Surface.URBAN_DENSE
    forest = is_any(scene.surface, FOREST)
    assert np.mean(vv[lake]) < np.mean(vv[forest]) - 5 < np.mean(vv[town]) - 7
    assert np.mean(vh[lake]) < -23
    assert -16.5 < np.mean(vh[forest]) < -12.5
    assert np.mean(vv > vh) > 0.95
    assert 1.5 < np.std(vv[forest]) < 3.5  # speckle of about four looks


def test_slopes_stand_out_in_grd_and_are_flattened_in_rtc() -> None:
    scene = make_scene(setting_for("alpine", 11, 47, ice_m=9000.0), size_px=SIZE, seed=8)
    evening = _moment(7, 11, 47, hour=17)  # ascending: the radar looks to the east
    east = np.gradient(scene.elevation_m, axis=1)
    away, towards = (
        east < -3,
        east > 3,
    )  # ground that falls to the east turns its back to the radar... which is in the west
    contrast = {}
    for corrected in (True, False):
        vv = sentinel1(scene, evening, seed=4, terrain_corrected=corrected)[0]
        contrast[corrected] = np.mean(vv[towards]) - np.mean(vv[away])
    assert contrast[False] > contrast[True] + 2
    assert contrast[False] > 4
