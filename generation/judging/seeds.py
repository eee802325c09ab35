"""Several seeds of one run: how far they lie apart, what they say together, how many tokens they share."""

import numpy as np

from generation.judging.classes import CLASSES

CLASS_MODALITIES = frozenset({"LULC"})


def spread(seeds: np.ndarray, *, classes: bool = False) -> np.ndarray:
    """How far the seeds lie apart, per pixel.

    Args:
        seeds: (seeds, band, y, x), at least one.
        classes: whether the values are class numbers.

    Returns:
        float32 (band, y, x): the standard deviation over the seeds (of the seeds drawn, not of all that could be), in
        the unit of the values; for classes the share of seeds that do not have the most frequent class, 0 to 0.9.
        Zero everywhere for a single seed. NaN where any seed has no value.
    """
    if not classes:
        return np.asarray(seeds.astype(np.float64).std(axis=0), dtype=np.float32)
    most = _votes(seeds).max(axis=0)
    return np.asarray(1 - most / len(seeds), dtype=np.float32)


def together(seeds: np.ndarray, *, classes: bool = False) -> np.ndarray:
    """What the seeds say together: their mean per pixel, for classes the most frequent one.

    Where classes are as frequent as each other, the first seed that has one of them decides.

    Args:
        seeds: (seeds, band, y, x).
        classes: whether the values are class numbers.

    Returns:
        (band, y, x), of the seeds' own type.
    """
    if not classes:
        return np.asarray(seeds.astype(np.float64).mean(axis=0), dtype=seeds.dtype)
    votes = _votes(seeds)
    index = _as_classes(seeds)
    own = np.take_along_axis(votes, index, axis=0)  # votes for the class of each seed
    first = own.argmax(axis=0)  # the first of the largest
    return np.asarray(np.take_along_axis(seeds, first[None], axis=0)[0])


def token_agreement(one: np.ndarray, other: np.ndarray) -> float:
    """The share of equal tokens of two grids of one shape, 0 to 1; NaN for empty ones."""
    return float(np.mean(one == other)) if one.size else float("nan")


def agreement_matrix(tokens: np.ndarray) -> np.ndarray:
    """The share of equal tokens of each pair of seeds.

    Args:
        tokens: int (seeds, y, x).

    Returns:
        float64 (seeds, seeds), symmetric, 1 on its diagonal.
    """
    flat = tokens.reshape(len(tokens), -1)
    return np.array([[token_agreement(one, other) for other in flat] for one in flat])


def _as_classes(seeds: np.ndarray) -> np.ndarray:
    return seeds.astype(np.int64).clip(0, CLASSES - 1)


def _votes(seeds: np.ndarray) -> np.ndarray:
    """How many seeds have each class: (class, band, y, x)."""
    index = _as_classes(seeds)
    return np.stack([(index == number).sum(axis=0) for number in range(CLASSES)])
