import numpy as np
import pytest

from faceaccess.lab.benchmarks.spreading import people_like, spread
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


def test_made_people_differ_as_real_ones_do():
    people = [person(seed, 3) for seed in range(0, 4000, 50)]
    (made,) = people_like(people, 300, 4)
    assert made.shape == (300, 4, 32)
    assert made.dtype == np.float32
    assert np.linalg.norm(made, axis=2) == pytest.approx(np.ones((300, 4)), abs=1e-5)

    def within(faces):
        return np.mean([np.sum((own[0] - own[1]) ** 2) for own in faces])

    def between(faces):
        first = np.stack([own[0] for own in faces])
        return np.mean(np.sum((first[:, None] - first[None]) ** 2, axis=2))

    assert within(made) == pytest.approx(within(people), rel=0.3)
    assert between(made) == pytest.approx(between(people), rel=0.1)
    nearest = [np.sum((made[0, 0] - other) ** 2, axis=1).min() for other in people]
    assert min(nearest) > 2 * within(people)


def test_many_people_come_a_part_at_a_time_and_the_same_again():
    people = [person(seed, 2) for seed in range(0, 1000, 50)]
    parts = list(people_like(people, 1100, 1))
    assert [len(part) for part in parts] == [500, 500, 100]
    for part, again in zip(parts, people_like(people, 1100, 1), strict=True):
        np.testing.assert_array_equal(part, again)
    with pytest.raises(ValueError, match="two photos"):
        next(people_like([person(1, 1)], 10, 1))
