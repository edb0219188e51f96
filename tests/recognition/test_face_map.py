"""The map: photos of one person lie together, and the same photos always in the same places."""

import numpy as np
import pytest

from faceaccess.recognition.face_map import lay_out
from tests.recognition.test_leave_one_out import unit


def crowd(people: int, photos: int = 3) -> np.ndarray:
    rng = np.random.default_rng(0)
    centres = np.repeat(rng.normal(size=(people, 32)), photos, axis=0)
    return unit(centres + 0.4 * rng.normal(size=centres.shape))


def test_photos_of_one_person_lie_together() -> None:
    told = []
    places = lay_out(crowd(15), progress=lambda *step: told.append(step))
    assert places is not None
    assert (places.shape, places.dtype) == ((45, 2), np.float32)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert np.mean(apart.argmin(axis=1) // 3 == np.arange(45) // 3) > 0.95
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert np.array_equal(places, lay_out(crowd(15)))


def test_it_stops_between_parts() -> None:
    answers = iter([False, True])
    assert lay_out(crowd(5), is_cancelled=lambda: next(answers)) is None


@pytest.mark.parametrize("photos", range(6))
def test_a_few_photos_have_places_too(photos: int) -> None:
    places = lay_out(crowd(6, 1)[:photos])
    assert places is not None
    assert places.shape == (photos, 2)
    assert np.isfinite(places).all()


def test_copies_of_one_photo_have_places_too() -> None:
    places = lay_out(np.repeat(crowd(1, 1), 12, axis=0))
    assert places is not None
    assert np.isfinite(places).all()
