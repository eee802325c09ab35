"""Density tiles: monotone, seamless in colour, readable on both grounds, two hues that stay apart."""

import colorsys
import io
import time
from itertools import pairwise, product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from api.density_picture import RAMPS, Theme, tile_png
from data_access.dataset import DatasetName

GROUNDS: dict[Theme, tuple[int, int, int]] = {"light": (240, 242, 244), "dark": (16, 20, 26)}
LOOKS = list(product(get_args(DatasetName), get_args(Theme)))
VISIBLE = 1.6  # contrast ratio of the faintest dot to its ground; WCAG asks 3 of graphics, which dense cells reach


def drawn(counts: NDArray[np.int64], dataset: DatasetName, theme: Theme, fullest: float = 1000) -> NDArray[np.uint8]:
    png = tile_png(counts, fullest=fullest, dataset=dataset, theme=theme)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def single(count: int) -> NDArray[np.int64]:
    counts = np.zeros((256, 256), np.int64)
    counts[10, 10] = count
    return counts


def luminance(rgb: NDArray[np.float64]) -> float:
    linear = np.where(rgb / 255 <= 0.03928, rgb / 255 / 12.92, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def over(pixel: NDArray[np.uint8], theme: Theme) -> NDArray[np.float64]:
    opacity = pixel[3] / 255
    seen: NDArray[np.float64] = pixel[:3] * opacity + np.array(GROUNDS[theme]) * (1 - opacity)
    return seen


@pytest.mark.parametrize(("dataset", "theme"), LOOKS)
def test_more_samples_stand_out_more(dataset: DatasetName, theme: Theme) -> None:
    ground = luminance(np.array(GROUNDS[theme], float))
    contrasts = []
    for count in (1, 10, 100, 1000):
        mark = luminance(over(drawn(single(count), dataset, theme)[10, 10], theme))
        contrasts.append((max(mark, ground) + 0.05) / (min(mark, ground) + 0.05))
    assert all(fewer < more for fewer, more in pairwise(contrasts))
    assert contrasts[0] > VISIBLE
    assert contrasts[-1] > 3


@pytest.mark.parametrize("theme", get_args(Theme))
def test_the_two_data_sets_have_distinct_hues(theme: Theme) -> None:
    for terramesh, bigearthnet in zip(RAMPS["terramesh", theme][:2], RAMPS["bigearthnet", theme][:2], strict=True):
        hues = [colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))[0] for colour in (terramesh, bigearthnet)]
        apart = abs(hues[0] - hues[1])
        assert min(apart, 1 - apart) > 1 / 3


@given(st.integers(1, 10**9), st.floats(0, 1e9))
def test_any_count_can_be_drawn(count: int, fullest: float) -> None:
    assert drawn(single(count), "terramesh", "light", fullest)[10, 10, 3] > 200


def test_an_empty_tile_is_clear() -> None:
    nothing = np.zeros((256, 256), np.int64)
    assert not drawn(nothing, "terramesh", "light")[..., 3].any()
    assert tile_png(None, fullest=1, dataset="terramesh", theme="dark") == tile_png(
        nothing, fullest=1, dataset="terramesh", theme="dark"
    )


def test_the_same_count_has_the_same_colour_everywhere() -> None:
    counts = np.zeros((256, 256), np.int64)
    counts[10, 10] = counts[200, 30] = 7
    counts[120, 120] = 900
    pixels = drawn(counts, "bigearthnet", "dark")
    assert (pixels[10, 10] == pixels[200, 30]).all()
    assert (pixels[10, 10] == drawn(single(7), "bigearthnet", "dark")[10, 10]).all()


def test_a_tile_is_drawn_in_a_few_milliseconds() -> None:
    counts = np.random.default_rng(0).poisson(0.6, (256, 256)).astype(np.int64)
    took = []
    for _ in range(9):
        began = time.perf_counter()
        tile_png(counts, fullest=50, dataset="terramesh", theme="light")
        took.append(time.perf_counter() - began)
    assert min(took) < 0.005  # seconds; the fastest of nine, since other tests share the machine
