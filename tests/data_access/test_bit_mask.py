"""Bits and their running counts, against numpy's booleans."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data_access.bit_mask import BitMask

BLOCK = 128  # samples per block: a multiple of 64, as masks are built


def blocks(bits: np.ndarray) -> list[np.ndarray]:
    """The bits in parts, the last one shorter."""
    return [bits[start : start + BLOCK] for start in range(0, max(len(bits), 1), BLOCK)]


@given(st.lists(st.booleans(), max_size=700), st.data())
def test_bits_and_counts_equal_numpy(values: list[bool], data: st.DataObject) -> None:
    bits = np.array(values, dtype=np.bool_)
    mask = BitMask(blocks(bits))

    low = data.draw(st.integers(0, len(bits)))
    high = data.draw(st.integers(low, len(bits)))

    assert len(mask) == len(bits)
    assert mask.count == bits.sum()
    np.testing.assert_array_equal(mask.between(low, high), bits[low:high])
    np.testing.assert_array_equal(mask.places(low, high), np.flatnonzero(bits[low:high]) + low)
    everywhere = np.arange(len(bits) + 1)
    np.testing.assert_array_equal(mask.before(everywhere), np.concatenate([[0], np.cumsum(bits)]))


def test_a_mask_takes_an_eighth_of_its_booleans_and_counts() -> None:
    mask = BitMask([np.ones(64_000, dtype=np.bool_)])

    assert mask.nbytes < 64_000 / 8 * 1.6
