"""Sentinel-2 pictures against a straightforward recomputation of their recipes."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import Normalize

from errors import PresetError
from rendering import RenderOptions, render
from rendering.options import Offset, OffsetState
from tests.rendering.bands import BANDS, S2L1C, S2L2A, reflectance


def stretched(values: np.ndarray, bands: tuple[str, ...], names: list[str]) -> np.ndarray:
    """The recipe of the notebooks in float64, band by band, without any table."""
    rgb = np.stack([values[bands.index(name)] for name in names], axis=-1).astype(np.float64)
    low = min(max(rgb.min(), 0), 1000)
    high = min(max(np.percentile(rgb, 99), 2000), 20000)
    drawn: np.ndarray = np.rint(((rgb - low) / (high - low)).clip(0, 1) ** 0.7 * 255).astype(np.uint8)
    return drawn


@pytest.mark.parametrize(
    ("preset", "names"),
    [
        (None, ["B08", "B04", "B03"]),
        ("irrg", ["B08", "B04", "B03"]),
        ("true-colour", ["B04", "B03", "B02"]),
        ("swir", ["B12", "B8A", "B04"]),
        ("agriculture", ["B11", "B08", "B02"]),
        ("geology", ["B12", "B11", "B02"]),
    ],
)
@pytest.mark.parametrize("dtype", ["int16", "uint16", ">i2", "int32", "float32", "float64"])
@pytest.mark.parametrize("modality", ["S2L2A", "S2L1C"])
def test_composites_equal_the_recipe(preset: str | None, names: list[str], dtype: str, modality: str) -> None:
    bands = BANDS[modality]
    values = reflectance(len(bands), dtype=dtype)
    picture = render(values, bands=bands, modality=modality, preset=preset)
    np.testing.assert_array_equal(picture.rgba[..., :3], stretched(values, bands, names))
    assert (picture.rgba[..., 3] == 255).all()
    assert [channel.source for channel in picture.legend.channels] == names


@pytest.mark.parametrize("scale", [0.01, 1, 3])
def test_the_clips_hold_for_dark_and_for_bright_images(scale: float) -> None:
    values = (reflectance(dtype="float64") * scale).clip(0, 32000).astype("int16")
    picture = render(values, bands=S2L2A, modality="S2L2A")
    assert picture.legend.range
    low, high = picture.legend.range
    assert 0 <= low <= 1000
    assert 2000 <= high <= 20000
    np.testing.assert_array_equal(picture.rgba[..., :3], stretched(values, S2L2A, ["B08", "B04", "B03"]))


def test_the_fixed_range_does_not_depend_on_the_image() -> None:
    values = np.zeros((12, 1, 4), np.int16)
    values[:] = [0, 1500, 3000, 9000]
    picture = render(values, bands=S2L2A, modality="S2L2A", preset="true-colour-fixed")
    assert picture.rgba[0, :, 0].tolist() == [0, 128, 255, 255]
    assert picture.legend.range == (0.0, 3000.0)


def test_a_removed_offset_gives_the_picture_without_it() -> None:
    clean = reflectance()
    raised = clean + np.int16(1000)
    removed = RenderOptions(offset="remove", offset_state="present")
    for preset in ("irrg", "true-colour-fixed", "ndvi", "bands"):
        expected = render(clean, bands=S2L2A, modality="S2L2A", preset=preset)
        picture = render(raised, bands=S2L2A, modality="S2L2A", preset=preset, options=removed)
        np.testing.assert_array_equal(picture.rgba, expected.rgba)
    assert "the +1000 offset is present; removed for this picture" in picture.legend.notes


@pytest.mark.parametrize(
    ("state", "offset", "note"),
    [
        ("present", "keep", "the +1000 offset is present; kept for this picture"),
        ("absent", "keep", "the values carry no +1000 offset"),
        ("absent", "remove", "the values carry no +1000 offset"),
        ("unknown", "keep", "whether the values carry the +1000 offset is unknown"),
    ],
)
def test_the_legend_says_what_is_known_of_the_offset(state: OffsetState, offset: Offset, note: str) -> None:
    options = RenderOptions(offset=offset, offset_state=state)
    picture = render(reflectance(), bands=S2L2A, modality="S2L2A", options=options)
    assert picture.legend.notes == (note,)
    np.testing.assert_array_equal(picture.rgba, render(reflectance(), bands=S2L2A, modality="S2L2A").rgba)


def test_an_unknown_offset_is_removed_when_asked_and_the_legend_says_so() -> None:
    raised = reflectance() + np.int16(1000)
    picture = render(raised, bands=S2L2A, modality="S2L2A", options=RenderOptions(offset="remove"))
    np.testing.assert_array_equal(picture.rgba, render(reflectance(), bands=S2L2A, modality="S2L2A").rgba)
    assert "1000 was subtracted" in picture.legend.notes[0]


def test_bands_of_choice_take_range_and_gamma() -> None:
    values = reflectance()
    options = RenderOptions(bands=("B12", "B03", "B01"), range=(100.0, 4000.0), gamma=0.5)
    picture = render(values, bands=S2L2A, modality="S2L2A", options=options)  # no preset named: bands imply it
    chosen = values[[11, 2, 0]].astype(float)
    expected = np.rint(((chosen - 100) / 3900).clip(0, 1) ** 0.5 * 255)
    np.testing.assert_array_equal(np.moveaxis(picture.rgba[..., :3], -1, 0), expected)
    assert picture.legend.preset == "bands"


def test_one_band_is_grey_over_its_percentiles() -> None:
    values = reflectance(13)
    picture = render(values, bands=S2L1C, modality="S2L1C", options=RenderOptions(bands=("B10",)))
    low, high = np.percentile(values[10], [1, 99])
    expected = np.rint(((values[10] - low) / (high - low)).clip(0, 1) * 255)
    for channel in range(3):
        np.testing.assert_array_equal(picture.rgba[..., channel], expected)
    assert picture.legend.kind == "grey"


def test_the_noise_of_an_empty_band_is_not_stretched_to_black_and_white() -> None:
    noise = np.random.default_rng(0).integers(10, 20, (13, 32, 32)).astype(np.int16)
    picture = render(noise, bands=S2L1C, modality="S2L1C", preset="cirrus")
    assert picture.rgba[..., 0].max() < 30
    assert picture.legend.range
    assert picture.legend.range[1] - picture.legend.range[0] == 100


def test_bytes_as_published_stay_as_they_are() -> None:
    values = np.random.default_rng(1).integers(0, 256, (3, 9, 7), np.uint8)
    picture = render(values, bands=("R", "G", "B"), modality="S2RGB")
    np.testing.assert_array_equal(np.moveaxis(picture.rgba[..., :3], -1, 0), values)
    rounded = render(values.astype(np.float32) + np.float32(0.2), bands=("R", "G", "B"), modality="S2RGB")
    np.testing.assert_array_equal(rounded.rgba, picture.rgba)
    assert "rounded" in rounded.legend.notes[0]


@pytest.mark.parametrize(
    ("preset", "above", "below", "colour_map", "bounds"),
    [
        ("ndvi", "B08", "B04", "RdYlGn", (-1, 1)),
        ("ndvi-safe", "B08", "B04", "viridis", (-0.2, 1)),
        ("ndwi", "B03", "B08", "RdBu", (-1, 1)),
        ("ndmi", "B8A", "B11", "BrBG", (-1, 1)),
        ("nbr", "B08", "B12", "PuOr", (-1, 1)),
        ("ndbi", "B11", "B08", "PuOr_r", (-1, 1)),
        ("ndsi", "B03", "B11", "RdBu", (-1, 1)),
    ],
)
def test_named_indices_equal_matplotlib(
    preset: str, above: str, below: str, colour_map: str, bounds: tuple[float, float]
) -> None:
    values = reflectance(seed=3)
    first, second = (values[S2L2A.index(name)].astype(np.float64) for name in (above, below))
    index = (first - second) / (first + second)
    expected = colormaps[colour_map](Normalize(*bounds, clip=True)(index), bytes=True)
    picture = render(values, bands=S2L2A, modality="S2L2A", preset=preset)
    assert (np.abs(picture.rgba.astype(int) - expected).max(axis=-1) > 0).mean() < 0.001  # ties of rounding
    assert picture.legend.range == bounds


def test_an_index_of_your_own_and_its_missing_pixels() -> None:
    values = np.zeros((12, 2, 3), np.int16)
    values[7] = [[4, 4, 0], [8, 8, 0]]
    values[3] = [[2, 2, 0], [2, 2, 0]]
    options = RenderOptions(expression="(B08 - B04) / (B08 + B04)")
    legend = render(values, bands=S2L2A, modality="S2L2A", options=options).legend
    assert legend.preset == "index"
    assert legend.missing == pytest.approx(1 / 3)
    assert "33.3 % missing (drawn as a checker)" in legend.notes


def test_an_index_of_offset_values_is_called_biased() -> None:
    legend = render(
        reflectance(), bands=S2L2A, modality="S2L2A", preset="ndvi", options=RenderOptions(offset_state="present")
    ).legend
    assert any("biases the index" in note for note in legend.notes)


def test_a_preset_whose_bands_are_absent_names_them_and_what_fits() -> None:
    for modality in ("S2L2A", "S2-20m"):
        with pytest.raises(PresetError, match=r"needs B08, B04, B03.*fits.*atmospheric"):
            render(reflectance(6), bands=BANDS["S2-20m"], modality=modality, preset="irrg")


def test_resampled_bands_are_named_where_they_were_resampled() -> None:
    values = reflectance(12, dtype="uint16")
    notes = render(values, bands=S2L2A, modality="S2", preset="swir").legend.notes
    assert notes[0] == "values resampled nearest to 10 m: B12 (20 m), B8A (20 m)"
    assert not any("resampled" in note for note in render(values, bands=S2L2A, modality="S2").legend.notes)
