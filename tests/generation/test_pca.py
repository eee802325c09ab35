"""Principal components against numpy's singular value decomposition; similarity against the definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from errors import EmbeddingError
from generation.pca import MIDDLE, Basis, changes, cosines, fit, picture, ranges

Array = NDArray[np.float32]


def patches(seed: int, rows: int = 14, columns: int = 14, dimensions: int = 48) -> Array:
    """Vectors with a few strong directions, as those of a backbone."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(rows, columns, 6)) * np.array([9, 5, 3, 1, 1, 1])
    mixed: NDArray[np.float64] = (
        hidden @ rng.normal(size=(6, dimensions)) + rng.normal(size=(rows, columns, dimensions)) * 0.1 + 4
    )
    return np.asarray(mixed, np.float32)


@pytest.mark.parametrize("dimensions", [48, 768], ids=["more patches than dimensions", "more dimensions than patches"])
def test_the_components_are_those_of_numpys_decomposition(dimensions: int) -> None:
    embedding = patches(1, dimensions=dimensions)
    basis = fit([embedding], components=4)
    vectors = embedding.reshape(-1, dimensions).astype(np.float64)
    centred = vectors - vectors.mean(axis=0)
    _, sizes, rows = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs((basis.directions * rows[:4]).sum(axis=1)), 1, atol=1e-5)
    np.testing.assert_allclose(basis.explained, (sizes**2 / (sizes**2).sum())[:4], rtol=1e-4)
    np.testing.assert_allclose(basis.variance, np.var(centred @ rows[:4].T, axis=0, ddof=1), rtol=1e-4)
    projected = basis.project(embedding)
    assert projected.shape == (14, 14, 4)
    np.testing.assert_allclose(np.abs(projected.reshape(-1, 4)), np.abs(centred @ rows[:4].T), atol=1e-2)


def test_colours_do_not_depend_on_the_sign_that_a_solver_finds() -> None:
    embedding = patches(2)
    mirrored = np.ascontiguousarray(embedding[::-1])  # the same vectors in another order
    one, other = fit([embedding]), fit([mirrored])
    np.testing.assert_allclose(one.directions, other.directions, atol=1e-4)
    assert all(row[np.abs(row).argmax()] > 0 for row in one.directions)


def test_a_basis_in_common_draws_equal_patches_in_equal_colours() -> None:
    first, second = patches(3), patches(4)
    second[5, 6] = first[2, 3]
    basis = fit([first, second])
    projections = [basis.project(first), basis.project(second)]
    limits = ranges(projections)
    left, right = (picture(projection, limits) for projection in projections)
    np.testing.assert_allclose(left[2, 3], right[5, 6], atol=1e-6)
    np.testing.assert_allclose(basis.mean, np.concatenate([first, second]).reshape(-1, 48).mean(axis=0), atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 6),
    columns=st.integers(1, 6),
    dimensions=st.integers(1, 9),
    components=st.integers(-1, 20),
    scale=st.sampled_from([0.0, 1e-6, 1.0, 1e6]),
)
def test_any_shape_becomes_a_picture(rows: int, columns: int, dimensions: int, components: int, scale: float) -> None:
    embedding = (np.random.default_rng(0).normal(size=(rows, columns, dimensions)) * scale).astype(np.float32)
    basis = fit([embedding], components)
    projection = basis.project(embedding)
    shares = basis.explained
    drawn = picture(projection, ranges([projection]))
    assert drawn.shape == (rows, columns, 3)
    assert drawn.dtype == np.float32
    assert np.isfinite(drawn).all()
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert sum(shares) <= 1 + 1e-4
    assert list(shares) == sorted(shares, reverse=True)
    if scale == 0:
        assert (drawn == MIDDLE).all()


def test_a_component_that_does_not_exist_is_drawn_in_the_middle() -> None:
    embedding = patches(5, dimensions=2)
    projection = fit([embedding]).project(embedding)
    drawn = picture(projection, ranges([projection]))
    assert projection.shape[2] == 2
    assert (drawn[..., 2] == MIDDLE).all()
    assert drawn[..., 0].max() == 1


def test_any_three_components_can_be_shown() -> None:
    embedding = patches(6)
    projection = fit([embedding], components=6).project(embedding)
    limits = ranges([projection])
    np.testing.assert_array_equal(
        picture(projection, limits, (3, 0, 5))[..., 1], picture(projection, limits, (0, 1, 2))[..., 0]
    )


def test_similarity_is_the_cosine_of_two_vectors() -> None:
    embedding = patches(7)
    embedding[0, 0] = 0
    alike = cosines(embedding, x=4, y=2)
    expected = np.dot(embedding[9, 1], embedding[2, 4]) / (
        np.linalg.norm(embedding[9, 1]) * np.linalg.norm(embedding[2, 4])
    )
    assert alike[9, 1] == pytest.approx(expected, abs=1e-5)
    assert alike[2, 4] == pytest.approx(1)
    assert alike[0, 0] == 0
    assert alike.shape == (14, 14)


def test_a_patch_changes_as_far_as_its_vector_turns() -> None:
    before = patches(8)
    after = before.copy()
    after[1, 1] *= 3  # longer, not turned
    after[2, 2] *= -1
    turned = changes(before, after)
    assert turned[1, 1] == pytest.approx(0, abs=1e-6)
    assert turned[2, 2] == pytest.approx(2)
    assert turned[5, 5] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("where", [(14, 0), (0, 14), (-1, 0), (0, -1)])
def test_a_patch_outside_is_refused(where: tuple[int, int]) -> None:
    with pytest.raises(EmbeddingError, match=r"x is 0\.\.13, y is 0\.\.13"):
        cosines(patches(9), *where)


def test_what_does_not_fit_together_is_said() -> None:
    with pytest.raises(EmbeddingError, match="48 and 96 dimensions"):
        fit([patches(1), patches(1, dimensions=96)])
    with pytest.raises(EmbeddingError, match="has 48 dimensions, the embedding 96"):
        fit([patches(1)]).project(patches(1, dimensions=96))
    with pytest.raises(EmbeddingError, match="no embedding"):
        fit([])
    with pytest.raises(EmbeddingError, match="no patch"):
        fit([np.zeros((0, 0, 8), np.float32)])
    with pytest.raises(EmbeddingError, match="shapes differ"):
        changes(patches(1), patches(1, rows=7))
    broken = patches(1)
    broken[3, 3, 3] = np.nan
    with pytest.raises(EmbeddingError, match="NaN"):
        fit([broken])


def test_a_basis_without_variance_explains_nothing() -> None:
    basis = fit([np.ones((3, 3, 5), np.float32)])
    assert basis.explained == (0.0, 0.0, 0.0)
    assert isinstance(basis, Basis)
