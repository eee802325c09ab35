"""Generated tokens beside real ones: shares, what guesses would get, steps of the quantiser."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.judging.tokens import numbers_of, token_scores

REAL = np.array([[0, 0], [0, 7]])
MADE = np.array([[[0, 1], [0, 7]], [[7, 7], [7, 0]]])


def test_equal_tokens_beside_what_guesses_would_get() -> None:
    found = token_scores(MADE, REAL)
    assert found is not None
    assert (found.tokens, found.codes) == (4, 2)
    assert found.equal == (0.75, 0.0)
    assert found.mean_equal == 0.375
    assert found.constant == 0.75
    # two of four are 0 and one is 7; one is 0 and three are 7: against three 0 and one 7
    assert found.chance == pytest.approx(((2 * 3 + 1) + (1 * 3 + 3)) / 2 / 16)
    assert (found.distance, found.mean_distance, found.constant_distance) == (None, None, None)


def test_chance_is_what_shuffled_tokens_get() -> None:
    rng = np.random.default_rng(0)
    real, made = rng.integers(0, 3, (30, 30)), rng.integers(0, 5, (1, 30, 30))
    found = token_scores(made, real)
    assert found is not None
    shuffled = [np.mean(rng.permutation(made.ravel()) == real.ravel()) for _ in range(300)]
    assert found.chance == pytest.approx(np.mean(shuffled), abs=0.003)


def test_steps_between_codes() -> None:
    levels = (8, 5)
    real, made = np.array([[0, 8 * 4 + 7]]), np.array([[[1, 8 * 2 + 7]]])
    found = token_scores(made, real, levels)
    assert found is not None
    assert found.distance == (1.5,)  # one step of the first number, two of the second
    assert found.mean_distance == 1.5
    assert found.constant_distance == (7 + 4) / 2  # whatever lies between the two


@given(
    st.lists(st.integers(2, 8), min_size=1, max_size=5).flatmap(
        lambda levels: st.tuples(st.just(levels), st.integers(0, prod(levels) - 1))
    )
)
def test_numbers_make_their_code_again(case: tuple[list[int], int]) -> None:
    levels, code = case
    numbers = numbers_of(np.array([code]), levels)[0]
    assert ((numbers >= 0) & (numbers < levels)).all()
    assert sum(number * prod(levels[:i]) for i, number in enumerate(numbers.tolist())) == code


def test_what_can_not_be_compared_has_no_numbers() -> None:
    assert token_scores(MADE, REAL[:1]) is None
    assert token_scores(MADE[:, :0], REAL[:0]) is None
