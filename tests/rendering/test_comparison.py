"""Differences, disagreements and spreads: colours mean what the legend says."""

import numpy as np
import pytest

from errors import PresetError
from rendering.comparison import difference, disagreement, range_for_all, spread_of_seeds
from rendering.patterns import missing_tile
from rendering.picture import hex_colour


def plane() -> np.ndarray:
    values = np.linspace(-4, 4, 400).reshape(20, 20)
    values[0, 0] = np.nan
    return values


def test_below_zero_is_blue_and_above_red() -> None:
    picture = difference(plane(), modality="DEM", band="DEM", unit="m")
    red, _, blue, _ = (picture.rgba[..., channel].astype(int) for channel in range(4))
    assert (blue[1:9] > red[1:9]).all()
    assert (red[11:] > blue[11:]).all()
    assert picture.legend.range == pytest.approx((-3.92, 3.92), abs=0.02)
    assert (picture.rgba[0, 0] == missing_tile()[0, 0]).all()
    assert picture.legend.missing == 1 / 400


def test_colours_of_the_legend_are_those_of_the_picture() -> None:
    picture = spread_of_seeds(np.full((4, 4), 2.0), modality="S1RTC", band="vv", unit="dB", chosen=(0, 4))
    assert hex_colour(*(int(each) for each in picture.rgba[0, 0, :3])) == picture.legend.ramp[4].colour
    assert picture.legend.ramp[4].value == 2
    assert "chosen range 0...4" in picture.legend.recipe


def test_nothing_and_no_difference_have_pictures() -> None:
    for values in (np.full((9, 9), np.nan), np.zeros((9, 9))):
        picture = difference(values, modality="NDVI", band="NDVI", unit="1")
        assert picture.rgba.shape == (9, 9, 4)
        assert picture.legend.range == (-1, 1)


def test_disagreement_counts_what_it_shows() -> None:
    differs = np.zeros((10, 10), bool)
    differs[:3] = True
    valid = np.ones((10, 10), bool)
    valid[:, 0] = False
    picture = disagreement(differs, valid, modality="LULC")
    assert [each.share for each in picture.legend.classes] == pytest.approx([0.63, 0.27, 0.1])
    for row, entry in ((5, 0), (1, 1)):
        assert hex_colour(*(int(each) for each in picture.rgba[row, 5, :3])) == picture.legend.classes[entry].colour


def test_a_range_for_all_holds_them_all() -> None:
    low, high = np.full((1, 8, 8), 10.0), np.full((1, 8, 8), 90.0)
    assert range_for_all([low, high], bands=("DEM",), modality="DEM") == "5,95"
    radar = [np.full((2, 8, 8), -12.0)]
    assert range_for_all(radar, bands=("vv", "vh"), modality="S1RTC") is None  # a range of its own per channel
    assert range_for_all([low], bands=("LULC",), modality="LULC") is None
    with pytest.raises(PresetError):
        range_for_all([low], bands=("DEM",), modality="DEM", preset="nonsense")
