"""Elevation: the relief equals matplotlib's colour map, the shading matplotlib's light source."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import LightSource, Normalize

from rendering import RenderOptions, render, shared_range
from rendering.terrain import EXAGGERATION, hillshade


def hills(dtype: str = "int16", size: int = 40) -> np.ndarray:
    y, x = np.mgrid[0:size, 0:size]
    metres: np.ndarray = (300 + 120 * np.sin(x / 7) * np.cos(y / 9) + x).astype(dtype)[None]
    return metres


@pytest.mark.parametrize("dtype", ["int16", ">i2", "float16", "float32", "uint16", "int64"])
def test_relief_is_brbg_with_five_metres_to_spare(dtype: str) -> None:
    values = hills(dtype)
    low, high = float(values.min()) - 5, float(values.max()) + 5
    expected = colormaps["BrBG_r"](Normalize(low, high)(values[0].astype(np.float64)), bytes=True)
    picture = render(values, bands=("DEM",), modality="DEM")
    np.testing.assert_array_equal(picture.rgba, expected)
    assert picture.legend.range == (low, high)
    assert f"heights {low + 5:.4g}...{high - 5:.4g} m" in picture.legend.recipe
    assert picture.legend.unit == "m"


def test_the_ramp_of_the_legend_has_the_colours_of_the_picture() -> None:
    values = hills()
    picture = render(values, bands=("DEM",), modality="DEM")
    assert len(picture.legend.ramp) >= 5
    for stop in picture.legend.ramp:
        same = render(
            np.array([[[stop.value]]]),
            bands=("DEM",),
            modality="DEM",
            options=RenderOptions(range=picture.legend.range),
        )
        assert "#{:02x}{:02x}{:02x}".format(*same.rgba[0, 0, :3]) == stop.colour


def test_shading_is_that_of_matplotlibs_light_source() -> None:
    height = hills("float64")[0] * 0.1  # gentle: no slope turns away from the sun, where ours is cut off at black
    ours = hillshade(height, 10.0)
    theirs = LightSource(315, 45).hillshade(height, vert_exag=EXAGGERATION, dx=10.0, dy=10.0)
    rescaled = (ours - ours.min()) / (ours.max() - ours.min())  # theirs is stretched to 0...1
    np.testing.assert_allclose(rescaled, theirs, atol=1e-9)


def test_slopes_towards_the_north_west_are_bright() -> None:
    y, x = np.mgrid[0:20, 0:20]
    facing_north_west = (x + y) * 5.0  # rises to the south-east
    assert hillshade(facing_north_west, 10.0).mean() > hillshade(-facing_north_west, 10.0).mean() + 0.3
    assert hillshade(np.zeros((5, 5)), 10.0) == pytest.approx(np.sin(np.radians(45)))


def test_flat_land_keeps_its_colour_under_the_sun() -> None:
    flat = np.full((1, 12, 12), 7, np.int16)
    relief, shaded = (render(flat, bands=("DEM",), modality="DEM", preset=name) for name in ("relief", "hillshade"))
    assert np.abs(relief.rgba.astype(int) - shaded.rgba.astype(int)).max() <= 1
    assert "all values equal (7 m)" in relief.legend.notes
    assert relief.legend.range == (2.0, 12.0)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 9), (1, 9, 1)])
def test_a_line_of_pixels_can_be_shaded(shape: tuple[int, int, int]) -> None:
    picture = render(np.arange(np.prod(shape)).reshape(shape), bands=("DEM",), modality="DEM", preset="hillshade")
    assert picture.rgba.shape == (*shape[1:], 4)


def test_a_hole_in_the_terrain_is_a_checker_and_leaves_the_rest() -> None:
    values = hills("float32")
    values[0, 10:20, 10:20] = np.nan
    picture = render(values, bands=("DEM",), modality="DEM", preset="hillshade")
    assert picture.legend.missing == pytest.approx(100 / 1600)
    assert len(np.unique(picture.rgba[10:20, 10:20].reshape(-1, 4), axis=0)) == 2


def test_real_and_generated_share_a_range() -> None:
    real, generated = hills("int16"), hills("float32") + 50
    value_range = shared_range([real, generated], bands=("DEM",), modality="DEM")
    assert value_range == (float(real.min()) - 5, float(generated.max()) + 5)
    options = RenderOptions(range=value_range)
    legends = [render(v, bands=("DEM",), modality="DEM", options=options).legend for v in (real, generated)]
    assert legends[0].range == legends[1].range == value_range
