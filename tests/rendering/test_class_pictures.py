"""Class pictures: exact palettes, shares, unknown ids and patterns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rendering import RenderOptions, render
from rendering.land_cover import CLOUD_OVERLAY
from rendering.patterns import missing_tile, spread, unknown_tile
from tests.rendering.bands import hexes

TERRAMIND = "#000000 #3171ad #469c76 #83ca70 #eae159 #c07cb8 #c19368 #6fb2e4 #f1f1f1 #c66526"
IO = "#000000 #419bdf #397d49 #7a87c6 #e49635 #c4281b #a59b8f #a8ebff #616161 #e3e2c3"
ALL_TEN = np.arange(10, dtype=np.uint8).reshape(1, 2, 5)


@pytest.mark.parametrize("dtype", ["uint8", "int16", ">u2", "int64", "float16", "float32"])
def test_terramind_palette_is_exact(dtype: str) -> None:
    picture = render(ALL_TEN.astype(dtype), bands=("LULC",), modality="LULC")
    assert " ".join(hexes(picture.rgba).ravel()) == TERRAMIND
    assert (picture.rgba[..., 3] == 255).all()


def test_impact_observatory_palette_is_exact_and_no_data_is_transparent() -> None:
    picture = render(ALL_TEN, bands=("LULC",), modality="LULC", preset="io")
    assert " ".join(hexes(picture.rgba).ravel()) == IO
    assert picture.rgba[..., 3].ravel().tolist() == [0] + [255] * 9
    assert picture.legend.classes[0].colour == "transparent"


@given(hnp.arrays(np.uint8, (1, 7, 9), elements=st.integers(0, 9)))
def test_shares_count_the_pixels_of_each_class(values: np.ndarray) -> None:
    legend = render(values, bands=("LULC",), modality="LULC").legend
    assert [entry.id for entry in legend.classes] == list(range(10))
    for entry in legend.classes:
        assert entry.share == pytest.approx((values == entry.id).mean())


@pytest.mark.parametrize(
    "values",
    [
        np.array([[[77, 1]]], np.uint8),
        np.array([[[-3, 1]]], np.int16),
        np.array([[[2**60, 1]]], np.int64),
        np.array([[[2**63 + 5, 1]]], np.uint64),
        np.array([[[1.5, 1]]], np.float32),
        np.array([[[1e300, 1]]]),
    ],
)
def test_an_unknown_id_is_a_checker_and_is_named(values: np.ndarray) -> None:
    picture = render(values, bands=("LULC",), modality="LULC")
    np.testing.assert_array_equal(picture.rgba[:, :1], spread(unknown_tile(), 1, 1))
    unknown = picture.legend.classes[-1]
    assert unknown.share == 0.5
    assert str(values[0, 0, 0]) in unknown.name
    assert "drawn as a checker" in picture.legend.notes[0]
    assert picture.legend.classes[1].share == 0.5


def test_many_unknown_ids_do_not_flood_the_legend() -> None:
    values = np.arange(100, 256, dtype=np.uint8).reshape(1, 12, 13)
    legend = render(values, bands=("LULC",), modality="LULC").legend
    assert len(legend.classes) == 18
    assert "and more" in legend.notes[0]


def test_nan_among_ids_is_missing_and_nodata_of_the_file_is_ignored() -> None:
    values = np.array([[[0, np.nan, 4, 4]]], np.float32)
    legend = render(values, bands=("LULC",), modality="LULC", options=RenderOptions(nodata=0.0)).legend
    assert legend.missing == 0.25
    assert legend.classes[0].share == 0.25  # id 0 is a class with a colour of its own
    assert legend.classes[4].share == 0.5


def test_the_overlay_leaves_clear_land_and_water_alone() -> None:
    values = np.repeat(np.arange(7, dtype=np.uint8), 16)[None].repeat(16, 0)[None]
    picture = render(values, bands=("cloud_mask",), modality="cloud_mask")
    assert picture.legend.kind == "overlay"
    alpha = picture.rgba[..., 3].reshape(16, 7, 16)
    assert not alpha[:, :2].any()
    for drawn in range(2, 6):
        assert len(np.unique(alpha[:, drawn])) == 2  # strokes on a tint
    np.testing.assert_array_equal(picture.rgba[:, 96:], missing_tile())


def test_every_drawn_cloud_class_has_a_pattern_of_its_own() -> None:
    patterns = [style.pattern for style in CLOUD_OVERLAY.styles if style.colour != "transparent"]
    assert len(set(patterns)) == len(patterns)
    tiles = [style.tile(overlay=True)[..., 3] for style in CLOUD_OVERLAY.styles[2:]]
    for position, tile in enumerate(tiles):
        assert not any((tile == other).all() for other in tiles[position + 1 :])


def test_cloud_classes_as_a_picture_of_their_own() -> None:
    values = np.arange(7, dtype=np.uint8).reshape(1, 1, 7)
    legend = render(values, bands=("cloud_mask",), modality="cloud_mask", preset="classes").legend
    assert [entry.name for entry in legend.classes] == [
        "land",
        "water",
        "snow",
        "thin cloud",
        "thick cloud",
        "cloud shadow",
        "no data",
    ]
    assert legend.kind == "classes"
