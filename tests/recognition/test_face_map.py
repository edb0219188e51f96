"""The map: photos of one person lie together, and the same photos always in the same places."""

import numpy as np
import pytest
from sklearn.manifold import TSNE, trustworthiness

from faceaccess.recognition import face_map
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


@pytest.mark.parametrize("people", [15, 100])
def test_neighbours_are_kept_as_well_as_by_scikit_learn(people: int) -> None:
    embeddings = crowd(people)
    perplexity = min(30.0, (len(embeddings) - 1) / 3)
    theirs = TSNE(perplexity=perplexity, max_iter=500, random_state=0).fit_transform(embeddings)
    ours = lay_out(embeddings)
    kept, of_theirs = (trustworthiness(embeddings, places, n_neighbors=5) for places in (ours, theirs))
    assert kept >= of_theirs - 0.01


def test_of_many_photos_some_are_put_beside_their_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings = crowd(12, 20)
    monkeypatch.setattr(face_map, "MOST_LAID_OUT", 60)
    places = lay_out(embeddings)
    assert places is not None
    assert places.shape == (240, 2)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 0
    assert np.mean(apart.argmin(axis=1) // 20 == np.arange(240) // 20) > 0.95
