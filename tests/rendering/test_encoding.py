"""Bytes and sizes: lossless means equal, classes stay classes."""

import io
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from errors import PresetError
from rendering import encode, render, resize
from rendering.encoding import LARGEST_EDGE, Format
from rendering.picture import Kind
from tests.rendering.bands import S2L2A, reflectance

PICTURES = hnp.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(4)))


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


@given(PICTURES, st.sampled_from(["webp", "png"]))
def test_a_lossless_picture_decodes_to_the_same_bytes(rgba: np.ndarray, fmt: Format) -> None:
    np.testing.assert_array_equal(decoded(encode(rgba, fmt)), rgba)


@pytest.mark.parametrize(
    ("modality", "preset"), [("LULC", "terramind"), ("LULC", "io"), ("cloud_mask", "overlay"), ("reference_map", None)]
)
def test_class_pictures_survive_webp(modality: str, preset: str | None) -> None:
    values = np.random.default_rng(2).integers(0, 12, (1, 64, 64), np.uint8)
    picture = render(values, bands=(modality,), modality=modality, preset=preset)
    data = encode(picture.rgba, "webp", lossless=True)
    assert data[8:16] == b"WEBPVP8L" or b"VP8L" in data[:64]
    np.testing.assert_array_equal(decoded(data), picture.rgba)


def test_lossy_is_smaller_and_close() -> None:
    smooth = np.sort(reflectance(size=96), axis=-1)  # noise alone would not compress
    rgba = render(smooth, bands=S2L2A, modality="S2L2A").rgba
    lossy = encode(rgba, "webp", lossless=False)
    assert len(lossy) < len(encode(rgba)) / 2
    assert np.abs(decoded(lossy).astype(int) - rgba).mean() < 8


def test_other_formats_are_refused() -> None:
    with pytest.raises(PresetError, match="webp"):
        encode(np.zeros((2, 2, 4), np.uint8), cast("Format", "gif"))


@given(PICTURES, st.integers(1, 40), st.sampled_from(["classes", "composite", "overlay", "ramp"]))
def test_the_longer_edge_gets_the_size(rgba: np.ndarray, size: int, kind: Kind) -> None:
    scaled = resize(rgba, size, kind)
    assert max(scaled.shape[:2]) == size
    assert scaled.shape[2] == 4
    assert min(scaled.shape[:2]) >= 1


@given(PICTURES, st.integers(1, 40), st.sampled_from(["classes", "overlay", "placeholder"]))
def test_classes_gain_no_colour_by_resizing(rgba: np.ndarray, size: int, kind: Kind) -> None:
    before = {tuple(pixel) for pixel in rgba.reshape(-1, 4)}
    assert {tuple(pixel) for pixel in resize(rgba, size, kind).reshape(-1, 4)} <= before


def test_enlarged_classes_are_repeated_pixels() -> None:
    rgba = np.random.default_rng(0).integers(0, 256, (5, 5, 4), np.uint8)
    np.testing.assert_array_equal(resize(rgba, 15, "classes"), rgba.repeat(3, 0).repeat(3, 1))


def test_a_constant_picture_stays_constant() -> None:
    rgba = np.full((30, 30, 4), 77, np.uint8)
    rgba[..., 3] = 255
    for size in (7, 30, 64):
        assert (resize(rgba, size, "composite")[..., :3] == 77).all()


@pytest.mark.parametrize("size", [0, -1, LARGEST_EDGE + 1])
def test_sizes_have_bounds(size: int) -> None:
    with pytest.raises(PresetError, match="between 1 and"):
        resize(np.zeros((2, 2, 4), np.uint8), size, "composite")
