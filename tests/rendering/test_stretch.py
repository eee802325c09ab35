"""Values to bytes: the table for integers gives what plain arithmetic gives, and nothing odd escapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rendering.options import LARGEST_VALUE
from rendering.stretch import extremes, percentiles, to_bytes, to_colour_index, to_unit

INTEGERS = st.sampled_from(["u1", "u2", "i2", "i4", "u4", "i8", "u8"])
RANGES = st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)).map(sorted).filter(lambda pair: pair[0] < pair[1])


@given(data=st.data(), bounds=RANGES, gamma=st.sampled_from([1.0, 0.7, 2.2]))
def test_integers_through_the_table_equal_float_arithmetic(
    data: st.DataObject, bounds: tuple[float, float], gamma: float
) -> None:
    dtype = np.dtype(data.draw(INTEGERS))
    info = np.iinfo(dtype)
    elements = st.integers(max(info.min, -20_000), min(info.max, 20_000)) | st.integers(int(info.min), int(info.max))
    values = data.draw(hnp.arrays(dtype, (4, 5), elements=elements))
    low, high = bounds
    with np.errstate(over="ignore"):  # a narrow range and a wide integer
        expected = np.rint(np.clip((values.astype(float) - low) / (high - low), 0, 1) ** gamma * 255).astype(np.uint8)
    assert np.abs(to_bytes(values, low, high, gamma).astype(int) - expected).max() <= 1  # clip before or after dividing
    as_float = to_bytes(values.astype(float), low, high, gamma)
    np.testing.assert_array_equal(to_bytes(values, low, high, gamma), as_float)


@pytest.mark.parametrize("dtype", ["int16", "uint16"])
def test_a_16_bit_image_uses_the_whole_table_without_overflow(dtype: str) -> None:
    info = np.iinfo(dtype)
    values = np.linspace(info.min, info.max, 80_000).astype(dtype)
    expected = np.rint(to_unit(values, 0.0, 3000.0) * 255)
    np.testing.assert_array_equal(to_bytes(values, 0.0, 3000.0), expected)


def test_the_ends_of_the_range_are_black_and_full() -> None:
    values = np.array([-np.inf, -1, 0, 1500, 3000, 1e300, np.inf])
    assert to_bytes(values, 0.0, 3000.0).tolist() == [0, 0, 0, 128, 255, 255, 255]


def test_a_range_without_extent_is_mid_grey_and_nan_is_black() -> None:
    assert to_bytes(np.array([5.0, 5.0]), 5.0, 5.0).tolist() == [128, 128]
    assert to_bytes(np.array([np.nan, 5.0]), 0.0, 5.0).tolist() == [0, 255]


def test_colour_index_takes_equal_steps() -> None:
    values = np.array([0.0, 0.249, 0.25, 0.5, 0.999, 1.0])
    assert to_colour_index(values, 0.0, 1.0, 4).tolist() == [0, 0, 1, 2, 3, 3]


@given(hnp.arrays(np.float32, 30, elements=st.floats(-1e5, 1e5, width=32)), st.floats(0, 100))
def test_percentiles_are_numpys(values: np.ndarray, rank: float) -> None:
    assert percentiles(values, rank)[0] == np.percentile(values.astype(np.float64), rank)


def test_huge_values_are_cut_to_what_arithmetic_can_stretch() -> None:
    values = np.array([-1e308, 0.0, 1e308])
    assert extremes(values) == (-LARGEST_VALUE, LARGEST_VALUE)
    assert np.isfinite(percentiles(values, 0, 50, 100)).all()
