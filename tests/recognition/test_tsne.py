"""The gradient of t-SNE is that of its divergence, and its affinities have the perplexity asked for."""

import numpy as np
import pytest
from sklearn.manifold import _utils

from faceaccess.recognition.tsne import Descent, _at_perplexity, affinities, nearest_rows
from tests.recognition.test_leave_one_out import unit

RNG = np.random.default_rng(3)


def divergence(belonging: np.ndarray, places: np.ndarray) -> float:
    """Return KL(P || Q), in float64 and as written down."""
    kernels = 1 / (1 + np.sum((places[:, None] - places[None]) ** 2, axis=2))
    np.fill_diagonal(kernels, 0)
    parts = kernels / kernels.sum()
    some = belonging > 0
    return float(np.sum(belonging[some] * np.log(belonging[some] / parts[some])))


@pytest.mark.parametrize("count", [4, 15, 16, 37])
def test_the_gradient_is_that_of_the_divergence(count: int) -> None:
    belonging = affinities(unit(RNG.normal(size=(count, 16))))
    places = RNG.normal(size=(count, 2)).astype(np.float32)
    descent = Descent(belonging, places)
    descent.places = places
    gradient = descent._gradient(1.0)
    for row in (0, count // 2, count - 1):
        for column in (0, 1):
            sides = []
            for step in (1e-4, -1e-4):
                moved = places.astype(np.float64)
                moved[row, column] += step
                sides.append(divergence(belonging.astype(np.float64), moved))
            assert gradient[row, column] == pytest.approx((sides[0] - sides[1]) / 2e-4, abs=2e-5)


def test_steps_lessen_the_divergence() -> None:
    belonging = affinities(unit(RNG.normal(size=(60, 16))))
    descent = Descent(belonging, RNG.normal(size=(60, 2)).astype(np.float32))
    seen = []
    for steps in (1, 599):
        descent.run(steps)
        seen.append(divergence(belonging, descent.places))
    assert seen[1] < 0.9 * seen[0]
    assert np.abs(descent.places.mean(axis=0)).max() < 1e-4


def test_affinities_are_symmetrical_and_a_whole() -> None:
    belonging = affinities(unit(RNG.normal(size=(200, 8))))
    assert belonging.dtype == np.float32
    assert np.array_equal(belonging, belonging.T)
    assert belonging.sum() == pytest.approx(1, abs=1e-5)
    assert not belonging.diagonal().any()


def test_parts_are_scikit_learns_at_the_same_perplexity() -> None:
    distances = RNG.uniform(0.1, 2, (100, 91)).astype(np.float32)
    theirs = _utils._binary_search_perplexity(distances, 30.0, 0)
    assert np.allclose(_at_perplexity(distances, 30.0), theirs, rtol=1e-2, atol=1e-5)


def test_the_nearest_row_is_that_of_all_distances() -> None:
    probes, rows = unit(RNG.normal(size=(50, 8))), unit(RNG.normal(size=(30, 8)))
    apart = np.sum((probes[:, None] - rows[None]) ** 2, axis=2)
    assert nearest_rows(probes, rows).tolist() == apart.argmin(axis=1).tolist()
    assert nearest_rows(probes[:0], rows).shape == (0,)
