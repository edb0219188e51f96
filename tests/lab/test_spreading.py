import numpy as np
import pytest

from faceaccess.lab.benchmarks.spreading import spread
from tests.builders import make_embedding


def person(seed, photos):
    rows = np.stack(
        [make_embedding(seed, 32) + 0.1 * make_embedding(seed + 100 + i, 32) for i in range(photos)]
    )
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_made_templates_are_as_far_from_real_ones_as_photos_of_a_person():
    people = [person(seed, 3) for seed in range(20)]
    made = spread(people, 500)
    assert made.shape == (500, 32)
    assert made.dtype == np.float32
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(500), abs=1e-5)
    within = [np.sum((rows[0] - rows[1]) ** 2) for rows in people]
    real = np.concatenate(people)
    nearest = np.sum((made[:, None] - real[None]) ** 2, axis=2).min(axis=1)
    assert nearest.max() < 4 * max(within)
    assert np.array_equal(made, spread(people, 500))


def test_people_of_one_photo_have_no_spread():
    with pytest.raises(ValueError, match="two photos"):
        spread([person(1, 1)], 10)
