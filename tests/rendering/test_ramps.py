"""NDVI as stored, and how every ramp treats missing values."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import Normalize

from rendering import RenderOptions, render
from rendering.patterns import missing_tile, spread


@pytest.mark.parametrize(
    ("preset", "name", "bounds"), [("ndvi", "RdYlGn", (-1, 1)), ("ndvi-safe", "viridis", (-0.2, 1))]
)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ">f2"])
def test_stored_ndvi_equals_matplotlib(preset: str, name: str, bounds: tuple[float, float], dtype: str) -> None:
    values = np.linspace(-1.2, 1.2, 640).reshape(1, 20, 32).astype(dtype)
    expected = colormaps[name](Normalize(*bounds, clip=True)(values[0].astype(np.float64)), bytes=True)
    picture = render(values, bands=("NDVI",), modality="NDVI", preset=preset)
    np.testing.assert_array_equal(picture.rgba, expected)
    assert (picture.legend.range, picture.legend.colour_map) == (bounds, name)


def test_missing_values_are_a_checker_and_are_counted() -> None:
    values = np.zeros((1, 20, 20), np.float32)
    values[0, :, :5] = np.nan
    picture = render(values, bands=("NDVI",), modality="NDVI")
    np.testing.assert_array_equal(picture.rgba[:, :5], spread(missing_tile(), 20, 20)[:, :5])
    assert picture.legend.missing == 0.25
    assert picture.legend.notes == ("25.0 % missing (drawn as a checker)", "all values equal (0 1)")


def test_a_declared_nodata_value_is_missing() -> None:
    values = np.zeros((1, 4, 4), np.float32)
    values[0, 0, 0] = -9999
    picture = render(values, bands=("NDVI",), modality="NDVI", options=RenderOptions(nodata=-9999.0))
    assert picture.legend.missing == 1 / 16


def test_a_file_that_names_its_only_band_otherwise_is_drawn() -> None:
    values = np.zeros((1, 4, 4), np.float32)
    named = render(values, bands=("NDVI",), modality="NDVI")
    other = render(values, bands=("Data",), modality="NDVI")
    np.testing.assert_array_equal(named.rgba, other.rgba)
