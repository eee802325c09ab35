"""Tiles: they cover an area, overlap enough, and put together they are what was cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import GenerationRequestError, TooLargeError
from generation.tiling import SINGLE_TILE_MAX, tiling_of

SIDES = st.integers(16, 700)


@given(SIDES, SIDES)
def test_tiles_cover_the_area_overlap_and_blend_to_what_was_cut(width: int, height: int) -> None:
    try:
        tiling = tiling_of(width, height)
    except TooLargeError:
        assert width * height > 64 * 64  # many small tiles along a narrow strip
        return
    area = np.random.default_rng(0).random((1, height, width)).astype(np.float32)
    assert np.allclose(tiling.blend(tiling.cut(area)), area, atol=1e-5)
    for starts, length in ((tiling.lefts, width), (tiling.tops, height)):
        assert starts[0] == 0
        assert starts[-1] + tiling.size == length
        steps = np.diff(starts)
        assert all(tiling.size - steps >= round(tiling.size * 48 / 224) - 1)


def test_a_square_that_terramind_takes_is_one_tile() -> None:
    for side in (16, 112, 224, SINGLE_TILE_MAX):
        assert tiling_of(side, side).count == 1


def test_a_sample_of_264_pixels_is_four_tiles() -> None:
    tiling = tiling_of(264, 264)
    assert (tiling.size, tiling.lefts, tiling.tops) == (224, (0, 40), (0, 40))
    assert tiling_of(120, 120).size == 112


def test_neighbours_change_over_smoothly_in_the_middle_of_their_overlap() -> None:
    tiling = tiling_of(264, 224)
    left, right = np.zeros((1, 224, 224), np.float32), np.ones((1, 224, 224), np.float32)
    line = tiling.blend(np.stack([left, right]))[0, 0]
    assert line[0] == 0
    assert line[-1] == 1
    assert (np.diff(line) >= 0).all()
    assert np.diff(line).max() < 0.04  # no seam
    assert line[131] < 0.5 < line[132]


def test_tiles_that_are_not_known_yet_leave_a_hole() -> None:
    tiling = tiling_of(264, 224)
    tiles = np.ones((2, 1, 224, 224), np.float32)
    half = tiling.blend(tiles, [True, False])
    assert np.isnan(half[0, 0, -1])
    assert (half[0, :, :100] == 1).all()


def test_token_maps_lie_side_by_side() -> None:
    tiling = tiling_of(264, 224)
    maps = np.stack([np.zeros((14, 14), np.int32), np.ones((14, 14), np.int32)])
    assert tiling.mosaic(maps).shape == (14, 28)
    assert (tiling.mosaic(maps)[:, 14:] == 1).all()


def test_areas_too_small_and_too_large_are_refused() -> None:
    with pytest.raises(GenerationRequestError, match="12 x 300"):
        tiling_of(12, 300)
    with pytest.raises(TooLargeError, match="tiles"):
        tiling_of(5000, 5000)
