"""Embeddings as pictures: principal components as red, green and blue, and how alike the patches are.

An embedding here is float32 (ty, tx, D): one vector of D numbers for each of ty x tx patches. Nothing is learnt but the
mean and a few directions, so that two pictures compare whenever they were made with the same `Basis`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errors import EmbeddingError

Array = NDArray[np.float32]

CHANNELS = 3  # red, green, blue
MOST_COMPONENTS = 12  # further ones explain next to nothing, and a list of them is no longer read
ROBUST = (2.0, 98.0)  # percentiles that become 0 and 255: one odd patch must not turn all others grey
NOTHING = 1e-12  # of the largest variance: what is below is rounding
MIDDLE = 0.5  # where a component that does not vary is drawn


@dataclass(frozen=True)
class Basis:
    """The directions along which patches differ most, fitted by principal component analysis."""

    mean: Array  # (D,)
    directions: Array  # (components, D), of length one and at right angles, by falling variance
    variance: Array  # (components,) along each direction, with n - 1 in the denominator
    total: float  # variance along all D directions together

    @property
    def explained(self) -> tuple[float, ...]:
        """The share of the total variance, 0..1, that each direction carries; 0 where nothing varies."""
        return tuple(float(part / self.total) if self.total > 0 else 0.0 for part in self.variance)

    def project(self, embedding: Array) -> Array:
        """Coordinates of every patch: float32 (ty, tx, components).

        Raises:
            EmbeddingError: the embedding has another number of dimensions than the basis.
        """
        vectors = _vectors((embedding,))
        if vectors.shape[1] != self.mean.size:
            raise EmbeddingError(
                f"this basis has {self.mean.size} dimensions, the embedding {vectors.shape[1]}: fit one on the same "
                "model, layer and way of merging"
            )
        scores = (vectors - self.mean) @ self.directions.T
        return scores.reshape(*embedding.shape[:2], -1).astype(np.float32)


def fit(embeddings: Sequence[Array], components: int = CHANNELS) -> Basis:
    """Fit one basis on all patches of all the embeddings together, each (ty, tx, D) with the same D.

    The sign of a principal component is arbitrary. Here the entry of largest size in each direction is positive, so
    that the same patches give the same colours in every run and on every machine.

    Raises:
        EmbeddingError: nothing to fit on, numbers that are not finite, or embeddings of different D.
    """
    vectors = _vectors(embeddings).astype(np.float64)
    count, dimensions = vectors.shape
    kept = min(max(components, 1), MOST_COMPONENTS, count, dimensions)
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    directions, squares = _leading(centred, kept)
    largest = np.abs(directions).argmax(axis=1)
    signs = np.where(directions[np.arange(kept), largest] < 0, -1.0, 1.0)
    return Basis(
        mean=mean.astype(np.float32),
        directions=(directions * signs[:, None]).astype(np.float32),
        variance=(squares / max(count - 1, 1)).astype(np.float32),
        total=float((centred**2).sum() / max(count - 1, 1)),
    )


def _leading(centred: NDArray[np.float64], kept: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The leading right singular vectors of (n, D), as rows, and the squares of their singular values.

    By the smaller of the two square matrices: a singular value decomposition of all patches of all layers takes
    seconds. Directions that carry nothing are zero rather than a matter of rounding.
    """
    wide = centred.shape[0] < centred.shape[1]
    values, vectors = np.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
    order = np.argsort(values)[::-1][:kept]
    squares = np.clip(values[order], 0, None)
    alive = squares > squares[0] * NOTHING if squares[0] > 0 else np.zeros(kept, bool)
    directions = np.zeros((kept, centred.shape[1]))
    chosen = vectors[:, order[alive]]
    directions[alive] = (centred.T @ chosen / np.sqrt(squares[alive])).T if wide else chosen.T
    return directions, np.where(alive, squares, 0)


def ranges(projections: Sequence[Array]) -> tuple[tuple[float, float], ...]:
    """The robust range of each component over all the projections, each (ty, tx, components)."""
    scores = _vectors(projections)
    low, high = np.percentile(scores, ROBUST, axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))


def picture(projection: Array, limits: Sequence[tuple[float, float]], shown: Sequence[int] = (0, 1, 2)) -> Array:
    """Components as colours: float32 (ty, tx, 3) in 0..1, red first.

    Args:
        projection: (ty, tx, components) of `Basis.project`.
        limits: the value drawn as 0 and as 1 for each component, from `ranges`.
        shown: which components become red, green and blue. One that does not exist or does not vary is drawn in the
            middle of its range.
    """
    channels = []
    for index in tuple(shown)[:CHANNELS]:
        low, high = limits[index] if index < projection.shape[2] else (0.0, 0.0)
        if high > low:
            channels.append(np.clip((projection[..., index] - low) / (high - low), 0, 1))
        else:
            channels.append(np.full(projection.shape[:2], MIDDLE, np.float32))
    return np.stack(channels, axis=-1).astype(np.float32)


def cosines(embedding: Array, x: int, y: int) -> Array:
    """Cosine similarity of every patch to the one at column x and row y: float32 (ty, tx) in -1..1.

    A vector of length zero points nowhere: its similarity to any other is 0.

    Raises:
        EmbeddingError: the patch lies outside.
    """
    rows, columns = embedding.shape[:2]
    if not (0 <= x < columns and 0 <= y < rows):
        raise EmbeddingError(f"patch x={x}, y={y} lies outside: x is 0..{columns - 1}, y is 0..{rows - 1}")
    return _cosine(embedding, embedding[y, x])


def changes(before: Array, after: Array) -> Array:
    """How far each patch turned: 1 minus the cosine of its two vectors, float32 (ty, tx) in 0..2.

    Raises:
        EmbeddingError: the two have different shapes.
    """
    if before.shape != after.shape:
        raise EmbeddingError(f"embeddings of {before.shape} and {after.shape} have no change per patch: shapes differ")
    return (1 - _cosine(before, after)).astype(np.float32)


def _cosine(left: Array, right: Array) -> Array:
    """Cosines of vectors along the last axis; 0 where one of them has no length."""
    one, other = left.astype(np.float64), right.astype(np.float64)
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    products = (one * other).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(np.where(lengths > 0, products / lengths, 0), -1, 1).astype(np.float32)


def _vectors(embeddings: Sequence[Array]) -> Array:
    """All patches of all embeddings as one matrix (patches, D). Raises EmbeddingError."""
    if not embeddings:
        raise EmbeddingError("there is no embedding to fit on")
    widths = sorted({embedding.shape[-1] for embedding in embeddings})
    if len(widths) > 1:
        raise EmbeddingError(
            f"embeddings of {' and '.join(map(str, widths))} dimensions have no basis in common: use the same model "
            "and the same way of merging"
        )
    vectors = np.concatenate([embedding.reshape(-1, widths[0]) for embedding in embeddings])
    if not vectors.size:
        raise EmbeddingError("the embedding holds no patch")
    if not np.isfinite(vectors).all():
        raise EmbeddingError("the embedding holds NaN or infinite numbers: run it again in fp32")
    return vectors
