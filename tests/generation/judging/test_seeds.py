"""Spread over seeds, what they say together, and shared tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from generation.judging.seeds import agreement_matrix, spread, together, token_agreement

values = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 8), st.integers(1, 3), st.just(4), st.just(5)),
    elements=st.floats(-1000, 1000, width=32),
)
maps = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 8), st.just(1), st.just(4), st.just(5)), elements=st.integers(0, 9)
)


@given(values)
def test_spread_is_the_standard_deviation(seeds: np.ndarray) -> None:
    assert spread(seeds) == pytest.approx(np.std(seeds.astype(np.float64), axis=0), rel=1e-5, abs=1e-5)
    assert together(seeds) == pytest.approx(seeds.astype(np.float64).mean(axis=0), rel=1e-5, abs=1e-5)


@given(values, st.floats(-500, 500, width=32))
def test_a_shift_of_all_seeds_changes_no_spread(seeds: np.ndarray, shift: float) -> None:
    assert spread(seeds + np.float32(shift)) == pytest.approx(spread(seeds), abs=1e-2)


@given(maps)
def test_disagreement_of_classes_is_what_the_most_frequent_one_lacks(seeds: np.ndarray) -> None:
    most = stats.mode(seeds, axis=0)
    assert spread(seeds, classes=True) == pytest.approx(1 - most.count / len(seeds))
    chosen = together(seeds, classes=True)
    assert ((seeds == chosen).sum(axis=0) == most.count).all()


def test_one_seed_has_no_spread_and_speaks_for_itself() -> None:
    seeds = np.arange(20, dtype=np.uint8).reshape(1, 1, 4, 5) % 10
    assert not spread(seeds, classes=True).any()
    assert (together(seeds, classes=True) == seeds[0]).all()


def test_of_equally_frequent_classes_the_first_seed_decides() -> None:
    seeds = np.array([7, 2, 2, 7], np.uint8).reshape(4, 1, 1, 1)
    assert together(seeds, classes=True).item() == 7


def test_token_agreement() -> None:
    tokens = np.array([[[1, 2], [3, 4]], [[1, 2], [3, 5]], [[9, 9], [9, 9]]])
    assert token_agreement(tokens[0], tokens[1]) == 0.75
    assert agreement_matrix(tokens).tolist() == [[1, 0.75, 0], [0.75, 1, 0], [0, 0, 1]]
    assert np.isnan(token_agreement(tokens[0, :0], tokens[0, :0]))
