"""The judgement of quantities and classes, against scikit-image and plain recomputation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage import metrics

from generation.judging.classes import CLASSES
from generation.judging.judge import judge
from generation.modalities import MODALITIES, published_range

SIDE = 24
QUANTITIES = ("S2L2A", "S1GRD", "S1RTC", "DEM", "NDVI")


def picture(modality: str, seed: int) -> np.ndarray:
    """Values around the modality's mean, float32 (band, y, x)."""
    known = MODALITIES[modality]
    noise = np.random.default_rng(seed).normal(size=(len(known.bands), SIDE, SIDE))
    values = noise * np.array(known.std)[:, None, None] + np.array(known.mean)[:, None, None]
    return np.asarray(values, dtype=np.float32)


@pytest.mark.parametrize("modality", QUANTITIES)
def test_numbers_are_those_of_scikit_image(modality: str) -> None:
    real, generated = picture(modality, 0), picture(modality, 1)
    found = judge(modality, generated, real, range_source="published")
    assert found.together is not None
    assert [each.band for each in found.bands] == list(MODALITIES[modality].bands)
    for band, (low, high) in enumerate(published_range(modality)):
        scores, width = found.bands[band], high - low
        one, other = real[band].astype(np.float64), generated[band].astype(np.float64)
        assert scores.rmse**2 == pytest.approx(metrics.mean_squared_error(one, other))
        assert scores.psnr == pytest.approx(metrics.peak_signal_noise_ratio(one, other, data_range=width))
        assert scores.ssim == pytest.approx(metrics.structural_similarity(one - low, other - low, data_range=width))
        assert scores.mae == pytest.approx(np.abs(other - one).mean())
        assert scores.bias == pytest.approx((other - one).mean(), abs=1e-6)
        assert scores.constant_mae <= scores.mean_mae  # nothing constant beats the median
    assert found.together.mae == pytest.approx(np.abs(generated.astype(np.float64) - real).mean())
    assert found.together.rmse**2 == pytest.approx(np.mean((generated.astype(np.float64) - real) ** 2))


@pytest.mark.parametrize("modality", QUANTITIES)
def test_the_same_picture_is_perfect(modality: str) -> None:
    real = picture(modality, 0)
    found = judge(modality, real.copy(), real)
    assert found.numbers() | {"constant_mae": 0, "mean_mae": 0} == {
        "mae": 0,
        "rmse": 0,
        "bias": 0,
        "psnr": float("inf"),
        "ssim": pytest.approx(1),
        "constant_mae": 0,
        "mean_mae": 0,
    }
    assert found.skill == 1
    assert found.share == 1


@given(shift=st.floats(-50, 50), modality=st.sampled_from(QUANTITIES))
def test_a_shift_is_all_bias(shift: float, modality: str) -> None:
    real = picture(modality, 3).astype(np.float64)
    found = judge(modality, real + shift, real).together
    assert found is not None
    assert found.bias == pytest.approx(shift, abs=1e-6)
    assert found.mae == pytest.approx(abs(shift), abs=1e-6)
    assert found.rmse == pytest.approx(abs(shift), abs=1e-6)


def test_the_same_shift_of_both_changes_no_error() -> None:
    real, generated = (picture("DEM", seed).astype(np.float64) for seed in (1, 2))
    before, after = judge("DEM", generated, real), judge("DEM", generated + 900, real + 900)
    own = [name for name in before.numbers() if name != "mean_mae"]
    assert [before.numbers()[name] for name in own] == pytest.approx([after.numbers()[name] for name in own])


@given(mask=arrays.arrays(bool, (SIDE, SIDE)))
def test_invalid_pixels_count_in_nothing(mask: np.ndarray) -> None:
    real, generated = picture("S1RTC", 0), picture("S1RTC", 1)
    plain = judge("S1RTC", generated, real, mask)
    spoilt = judge("S1RTC", np.where(mask, generated, np.nan), np.where(mask, real, np.inf))
    assert spoilt == plain
    assert plain.pixels == mask.sum()
    if not mask.any():
        assert plain.together is None
        assert plain.reason == "no pixel has a value in both pictures"
        assert set(plain.numbers().values()) == {None}


def test_windows_of_similarity_stay_clear_of_what_is_missing() -> None:
    real, generated = picture("NDVI", 0), picture("NDVI", 1)
    valid = np.ones((SIDE, SIDE), bool)
    valid[:, :6] = False
    found = judge("NDVI", generated, real, valid).bands[0]
    (low, high), cut = published_range("NDVI")[0], np.s_[0, :, 6:]
    alone = metrics.structural_similarity(
        *(each[cut].astype(np.float64) - low for each in (real, generated)), data_range=high - low
    )
    assert found.ssim == pytest.approx(alone)
    valid[::5] = False
    assert judge("NDVI", generated, real, valid).bands[0].ssim is None


def test_elevation_is_measured_by_its_own_range() -> None:
    real = np.linspace(300, 340, SIDE * SIDE, dtype=np.float32).reshape(1, SIDE, SIDE)
    assert judge("DEM", real + 1, real).bands[0].data_range == pytest.approx((300, 340))
    flat = np.full_like(real, 12)
    assert judge("DEM", flat + 1, flat).bands[0].data_range == pytest.approx((7, 17))
    assert judge("DEM", flat + 1, flat).skill is None


def test_shapes_that_differ_are_told() -> None:
    found = judge("DEM", np.zeros((1, 8, 8)), np.zeros((1, 9, 9)))
    assert found.reason == "the shapes differ: generated (1, 8, 8), real (1, 9, 9)"


def naive_iou(generated: np.ndarray, real: np.ndarray, number: int) -> float | None:
    union = ((generated == number) | (real == number)).sum()
    return ((generated == number) & (real == number)).sum() / union if union else None


@given(
    maps=arrays.arrays(np.uint8, (2, 1, SIDE, SIDE), elements=st.integers(0, CLASSES - 1)),
    mask=arrays.arrays(bool, (SIDE, SIDE)),
)
def test_classes_against_plain_counting(maps: np.ndarray, mask: np.ndarray) -> None:
    generated, real = maps
    found = judge("LULC", generated, real, mask)
    counted = mask & (real[0] != 0)
    if not counted.any():
        assert found.classes is None
        return
    one, other = generated[0][counted], real[0][counted]
    assert found.classes is not None
    assert found.classes.accuracy == pytest.approx((one == other).mean())
    assert found.classes.iou == pytest.approx([naive_iou(one, other, number) for number in range(CLASSES)])
    assert found.classes.miou == pytest.approx(np.mean([each for each in found.classes.iou if each is not None]))
    assert found.classes.confusion.sum() == counted.sum()
    assert found.classes.confusion[:, 0].sum() == (one == 0).sum()
    assert found.classes.constant_accuracy == pytest.approx(max((other == n).mean() for n in range(CLASSES)))


def test_unknown_class_numbers_are_not_compared() -> None:
    real = np.full((1, 8, 8), 2, np.uint8)
    generated = real.copy()
    generated[0, 0] = 77
    found = judge("LULC", generated, real)
    assert found.pixels == 56
    assert found.numbers() == {"accuracy": 1, "miou": 1, "constant_accuracy": 1}
