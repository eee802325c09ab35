"""Dice for every row of a batch, so that seed k gives the same alone and beside others.

terratorch draws from Python's dice once and gives that number to torch before every step. Here each row of a batch has
a generator of its own, set by the same rule. They are the CPU's whatever the device, because a GPU's dice fall
otherwise.
"""

import random
from collections.abc import Sequence

import torch

TILE_STRIDE = 2**31  # beyond every seed that may be asked for, so that no tile repeats another seed's first tile


def tile_seed(seed: int, tile: int) -> int:
    """The seed of one tile of an area: that of the request for the first, another for each of the rest."""
    return seed + tile * TILE_STRIDE


class Draws:
    """One generator per row, each as terratorch would set torch's own after `random.seed(seed)`."""

    def __init__(self, seeds: Sequence[int]) -> None:
        """Take the first number of Python's dice for every seed, in terratorch's range."""
        self._bases = [random.Random(seed).randint(-(2**31), 2**31 - 1) for seed in seeds]  # noqa: S311 - pictures
        self._generators = [torch.Generator() for _ in seeds]
        self.begin(0)

    def begin(self, step: int) -> None:
        """Set all dice for one step of the schedule, counted from 0 over all outputs."""
        for base, generator in zip(self._bases, self._generators, strict=True):
            generator.manual_seed(base + step)

    def of(self, row: int) -> torch.Generator:
        """The dice of one row."""
        return self._generators[row]
