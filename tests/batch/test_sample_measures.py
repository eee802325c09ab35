"""Measures of a chip, beside the same numbers told another way."""

import math

import numpy as np
import pytest

from batch.sample_measures import backscatter, class_shares, missing_optical, terrain, vegetation


def test_class_shares_leave_out_pixels_without_a_class() -> None:
    classes = np.array([[0, 0, 1, 1], [2, 9, 9, 9]], np.uint8)
    shares = class_shares(classes, "LULC", 0)
    assert shares["lulc_water"] == pytest.approx(100 * 2 / 6)
    assert shares["lulc_trees"] == pytest.approx(100 * 1 / 6)
    assert shares["lulc_rangeland"] == pytest.approx(50)
    assert sum(shares.values()) == pytest.approx(100)
    assert not [name for name in shares if not name.startswith("lulc_")]


def test_thin_and_thick_cloud_count_together() -> None:
    mask = np.array([0, 1, 2, 3, 4, 4, 5, 6, 6, 6], np.uint8)
    assert class_shares(mask, "cloud_mask", 6) == {
        "mask_cloud": pytest.approx(300 / 7),
        "mask_shadow": pytest.approx(100 / 7),
        "mask_snow": pytest.approx(100 / 7),
    }


def test_nothing_but_missing_pixels_tells_nothing() -> None:
    assert class_shares(np.zeros((4, 4), np.uint8), "LULC", 0) == {}
    assert vegetation(np.full((1, 4, 4), np.nan, np.float16)) == {}
    assert terrain(np.full((1, 4, 4), np.nan, np.float32)) == {}
    assert backscatter(np.full((2, 4, 4), np.nan, np.float16), ("vv", "vh")) == {"nodata": 100.0}


def test_a_sum_of_half_floats_does_not_overflow() -> None:
    told = vegetation(np.full((1, 264, 264), 0.5, np.float16))
    assert told == {"ndvi_mean": 0.5, "ndvi_std": 0.0}
    assert terrain(np.array([[-12, 8848]], np.int16)) == {"elevation_mean": 4418.0, "relief": 8860.0}


def test_backscatter_is_the_mean_of_power_not_of_decibels() -> None:
    decibels = np.array([[[-10.0, -20.0]], [[-20.0, np.nan]]], np.float16)
    told = backscatter(decibels, ("VV", "VH"))
    assert told["vv_mean"] == pytest.approx(10 * math.log10((0.1 + 0.01) / 2))
    assert told["vh_mean"] == pytest.approx(-20)
    assert told["nodata"] == 50.0


def test_values_that_are_no_backscatter_tell_nothing() -> None:
    assert "vv_mean" not in backscatter(np.full((2, 2, 2), 1e30, np.float32), ("vv", "vh"))


def test_a_pixel_is_missing_where_all_bands_are_zero() -> None:
    bands = np.ones((3, 2, 2), np.int16)
    bands[:2] = 0
    assert missing_optical(bands) == {"nodata": 0.0}
    bands[:, 0, 0] = 0
    assert missing_optical(bands) == {"nodata": 25.0}
