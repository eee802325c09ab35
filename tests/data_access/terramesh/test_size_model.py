"""Guesses pass through what is known, and their stated deviation is the true one."""

import numpy as np
import pytest

from data_access.terramesh.size_model import SizeModel


def correlated_sizes(generator: np.random.Generator, count: int, spread: float) -> np.ndarray:
    """Sizes of mean 1000 as in a shard: of members, of cells of sixteen, and of landscapes, alike from cell to cell."""
    cells = -(-count // 16)
    landscape = np.zeros(cells)
    for cell in range(1, cells):
        landscape[cell] = 0.9 * landscape[cell - 1] + np.sqrt(1 - 0.9**2) * generator.standard_normal()
    parts = (
        np.sqrt(0.3) * generator.standard_t(4, count) / np.sqrt(2),
        np.sqrt(0.4) * np.repeat(generator.standard_normal(cells), 16)[:count],
        np.sqrt(0.3) * np.repeat(landscape, 16)[:count],
    )
    sizes: np.ndarray = 1000 * np.exp(spread * np.clip(np.sum(parts, axis=0), -4, 4))
    return sizes


def test_known_offsets_are_certain() -> None:
    model = SizeModel([0, 10, 500], [0, 9000, 510_000], spread=0.1, mean=1000)
    assert (model.offset(10).middle, model.offset(10).deviation) == (9000, 0)
    assert (model.offset(0).middle, model.offset(500).middle) == (0, 510_000)
    assert model.offset(9999) == model.offset(500)


def test_deviation_grows_away_from_what_is_known() -> None:
    model = SizeModel([0, 10_240], [0, 10_240_000], spread=0.1, mean=1000)
    deviations = [model.offset(rank).deviation for rank in (1, 10, 100, 1000, 5120)]
    assert deviations == sorted(deviations)
    assert deviations[0] == pytest.approx(100, rel=0.1)
    assert model.offset(5120).middle == pytest.approx(5_120_000)


def test_small_neighbours_make_a_small_guess() -> None:
    small = SizeModel([0, 5000, 5003, 10_240], [0, 5_000_000, 5_002_100, 10_240_000], spread=0.2, mean=1000)
    assert small.offset(5005).middle - small.offset(5003).middle < 1700


def test_stated_deviations_are_true() -> None:
    generator = np.random.default_rng(0)
    far, near = [], []
    for _ in range(60):
        offsets = np.concatenate([[0], np.cumsum(correlated_sizes(generator, 4000, 0.12))])
        rank = int(generator.integers(1, 4000))
        mean = offsets[-1] / 4000
        guess = SizeModel([0, 4000], [0, offsets[-1]], 0.12, mean).offset(rank)
        far.append((offsets[rank] - guess.middle) / guess.deviation)
        seen = max(rank - 40, 0)
        ranks = sorted({0, seen, seen + 1, seen + 2, 4000})
        guess = SizeModel(ranks, [offsets[each] for each in ranks], 0.12, mean).offset(rank)
        if guess.deviation:
            near.append((offsets[rank] - guess.middle) / guess.deviation)
    assert 0.6 < np.std(far) < 1.5
    assert 0.6 < np.std(near) < 1.5
