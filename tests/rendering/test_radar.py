"""Sentinel-1 pictures against the formulas written out."""

import numpy as np
import pytest

from errors import PresetError
from rendering import RenderOptions, render
from tests.rendering.bands import backscatter


def expected_channels(preset: str, vv: np.ndarray, vh: np.ndarray) -> list[np.ndarray]:
    return {
        "card": [(vh + 40) / 40, (vv + 30) / 35, (vv - vh) / 20],
        "terramind": [(vv + 30) / 40, (vh + 40) / 40, vv / np.clip(vh, -40, -1) / 1.5],
        "paper": [(vh + 40) / 40, (vv + 30) / 35, (vh + 40) / 40],
    }[preset]


@pytest.mark.parametrize("preset", ["card", "terramind", "paper"])
@pytest.mark.parametrize("dtype", ["float16", "float32", ">f4", "float64", "int16"])
@pytest.mark.parametrize(
    ("modality", "bands"), [("S1GRD", ("vv", "vh")), ("S1RTC", ("vv", "vh")), ("S1", ("VV", "VH"))]
)
def test_composites_equal_their_formulas(preset: str, dtype: str, modality: str, bands: tuple[str, ...]) -> None:
    values = backscatter(dtype=dtype)
    vv, vh = values.astype(np.float64)
    expected = np.rint(np.clip(expected_channels(preset, vv, vh), 0, 1) * 255)
    picture = render(values, bands=bands, modality=modality, preset=preset)
    difference = np.abs(np.moveaxis(picture.rgba[..., :3], -1, 0) - expected)
    assert difference.max() <= 1  # ties of rounding: the formulas above divide in another order
    assert (difference > 0).mean() < 0.01


def test_the_order_of_bands_in_the_file_does_not_matter() -> None:
    values = backscatter()
    straight = render(values, bands=("vv", "vh"), modality="S1RTC")
    swapped = render(values[::-1], bands=("vh", "vv"), modality="S1RTC")
    np.testing.assert_array_equal(straight.rgba, swapped.rgba)


def test_card_is_the_default_and_prints_its_channels() -> None:
    legend = render(backscatter(), bands=("VV", "VH"), modality="S1").legend
    assert legend.preset == "card"
    assert [(c.colour, c.source, c.low, c.high) for c in legend.channels] == [
        ("red", "VH", -40.0, 0.0),
        ("green", "VV", -30.0, 5.0),
        ("blue", "VV - VH", 0.0, 20.0),
    ]
    assert legend.unit == "dB"
    assert "VV - VH over 0...20" in legend.recipe


@pytest.mark.parametrize(("preset", "band", "low", "high"), [("vv", 0, -30, 5), ("vh", 1, -40, 0)])
def test_single_bands_are_grey(preset: str, band: int, low: float, high: float) -> None:
    values = backscatter(dtype="float32")
    picture = render(values, bands=("VV", "VH"), modality="S1", preset=preset)
    expected = np.rint(((values[band].astype(np.float64) - low) / (high - low)).clip(0, 1) * 255)
    np.testing.assert_array_equal(picture.rgba[..., 0], expected)
    np.testing.assert_array_equal(picture.rgba[..., 1], expected)
    assert picture.legend.range == (low, high)


def test_a_chosen_range_replaces_all_channels() -> None:
    options = RenderOptions(range=((-25.0, -5.0), (-15.0, 0.0), (0.0, 10.0)))
    legend = render(backscatter(), bands=("VV", "VH"), modality="S1", options=options).legend
    assert [(c.low, c.high) for c in legend.channels] == [(-25, -5), (-15, 0), (0, 10)]


def test_one_polarisation_alone_is_drawn_by_what_fits_and_refused_what_does_not() -> None:
    assert render(backscatter()[:1], bands=("VV",), modality="S1").legend.preset == "vv"
    with pytest.raises(PresetError, match=r"'card' needs VH.*fits \(vv\)"):
        render(backscatter()[:1], bands=("VV",), modality="S1", preset="card")


def test_optical_bands_without_those_of_the_default_are_drawn_by_what_fits() -> None:
    values = np.arange(64 * 64, dtype=np.uint16).reshape(1, 64, 64)
    picture = render(values, bands=("B02",), modality="S2")
    assert (picture.legend.preset, picture.legend.kind) == ("bands", "grey")
    whole = [f"B{number:02}" for number in range(1, 13)]
    assert render(np.repeat(values, 12, 0), bands=whole, modality="S2").legend.preset == "irrg"


def test_minus_infinity_is_missing_not_black() -> None:
    values = backscatter(dtype="float32")
    values[1, :10, :10] = -np.inf  # log of zero backscatter
    legend = render(values, bands=("VV", "VH"), modality="S1").legend
    assert legend.missing == pytest.approx(100 / 48**2)
