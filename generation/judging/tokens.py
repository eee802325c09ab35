"""How many generated tokens are those of the real modality, and how far the others lie from theirs.

TerraMind draws tokens, not pixels: this judges what it drew, before any decoder made a picture of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generation.judging.seeds import token_agreement


@dataclass(frozen=True)
class TokenScores:
    """Generated tokens beside the real ones of the same crop.

    Attributes:
        tokens: of one picture.
        codes: different ones that the real picture uses.
        equal: per seed, the share of tokens that are the real one at their place, 0 to 1.
        constant: the share that the best constant guess gets, the commonest real code everywhere.
        chance: the share that the generated tokens would get at places drawn by lot, mean over the seeds.
        distance: per seed, how many steps of the quantiser a token lies from the real one, summed over its numbers,
            mean over tokens; None where the quantiser's levels are not known.
        constant_distance: that of the best constant guess, the median of each number; None likewise.
    """

    tokens: int
    codes: int
    equal: tuple[float, ...]
    constant: float
    chance: float
    distance: tuple[float, ...] | None = None
    constant_distance: float | None = None

    @property
    def mean_equal(self) -> float:
        """Over the seeds."""
        return float(np.mean(self.equal))

    @property
    def mean_distance(self) -> float | None:
        """Over the seeds."""
        return None if self.distance is None else float(np.mean(self.distance))


def token_scores(generated: np.ndarray, real: np.ndarray, levels: Sequence[int] = ()) -> TokenScores | None:
    """Compare token maps.

    Args:
        generated: int (seeds, ty, tx).
        real: int (ty, tx).
        levels: of the quantiser's numbers; empty where they are not known.

    Returns:
        the numbers; None where there is no token, or the maps have different shapes.
    """
    if not real.size or generated.shape[1:] != real.shape:
        return None
    known, counts = np.unique(real, return_counts=True)
    shares = [(each[..., None] == known).mean(axis=(0, 1)) for each in generated]  # of the real codes, per seed
    scores = TokenScores(
        tokens=real.size,
        codes=len(known),
        equal=tuple(token_agreement(each, real) for each in generated),
        constant=float(counts.max() / real.size),
        chance=float(np.mean([share @ counts / real.size for share in shares])),
    )
    if not levels:
        return scores
    numbers, true = numbers_of(generated, levels), numbers_of(real, levels)
    middle = np.median(true.reshape(-1, len(levels)), axis=0)
    return replace(
        scores,
        distance=tuple(float(each) for each in np.abs(numbers - true).sum(axis=-1).mean(axis=(1, 2))),
        constant_distance=float(np.abs(middle - true).sum(axis=-1).mean()),
    )


def numbers_of(tokens: np.ndarray, levels: Sequence[int]) -> np.ndarray:
    """The quantised numbers of codes, each 0 to its level - 1: int64 (..., number).

    A finite scalar quantiser (https://arxiv.org/abs/2309.15505) counts them up with the first number running fastest.
    """
    basis = np.concatenate([[1], np.cumprod(levels[:-1])]).astype(np.int64)
    return np.asarray(tokens.astype(np.int64)[..., None] // basis % np.asarray(levels))
