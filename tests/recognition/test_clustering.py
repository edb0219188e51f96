"""Groups of faces without labels, and how right they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from faceaccess.lab.measures.bcubed import bcubed, plain_k_means
from faceaccess.recognition import clustering
from faceaccess.recognition.calibration import OF_THRESHOLD, cluster_distance
from faceaccess.recognition.clustering import ALONE, cluster
from faceaccess.recognition.types import MatchPolicy

RNG = np.random.default_rng(5)


def faces_of(people, each, spread=0.02, size=128):
    """Embeddings of so many people, each person's beside one another."""
    raw = np.repeat(RNG.standard_normal((people, size)), each, axis=0)
    raw += spread * RNG.standard_normal(raw.shape)
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)


def test_no_face_and_one_face():
    assert cluster(np.empty((0, 128), np.float32), 0.1).tolist() == []
    assert cluster(faces_of(1, 1), 0.1).tolist() == [ALONE]


def test_who_came_twice_is_a_group_and_who_came_once_is_alone():
    faces = np.concatenate([faces_of(1, 3), faces_of(1, 1), faces_of(1, 2)])
    assert cluster(faces, 0.1).tolist() == [0, 0, 0, ALONE, 1, 1]


@pytest.mark.parametrize(("distance", "labels"), [(0.0999, [ALONE, ALONE]), (0.1001, [0, 0])])
def test_the_distance_is_squared_l2(distance, labels):
    angle = np.arccos(1 - 0.1 / 2)
    pair = np.array([[1, 0], [np.cos(angle), np.sin(angle)]], np.float32)
    assert cluster(pair, distance).tolist() == labels


def test_more_faces_than_neighbours_are_looked_at_stay_one_group():
    """Of equal faces, each had only some of the others among its neighbours, and was left alone."""
    same = np.repeat(faces_of(1, 1), 5 * clustering.NEIGHBOURS, axis=0)
    assert set(cluster(same, 0.1).tolist()) == {0}
    alike = faces_of(1, 5 * clustering.NEIGHBOURS)
    assert set(cluster(alike, 0.1).tolist()) == {0}


def test_groups_are_those_of_all_distances_however_many_rows_at_once(monkeypatch):
    faces = faces_of(40, 3)
    before = cluster(faces, 0.1)
    monkeypatch.setattr(clustering, "_ROWS_AT_ONCE", 7)
    assert cluster(faces, 0.1).tolist() == before.tolist() == np.repeat(np.arange(40), 3).tolist()


def scikit_learns(faces, distance):
    """Return what DBSCAN of scikit-learn makes of all distances."""
    apart = np.maximum(2 - 2 * faces @ faces.T, 0)
    np.fill_diagonal(apart, 0)
    return DBSCAN(eps=distance, min_samples=2, metric="precomputed").fit_predict(apart).tolist()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_groups_are_scikit_learns(data):
    """Of few dimensions, so that they chain, of many groups and of none."""
    seed, count, size = (data.draw(st.integers(0, most)) for most in (2**32 - 1, 80, 4))
    raw = np.random.default_rng(seed).standard_normal((count + 2, size + 2))
    faces = (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float32)
    distance = data.draw(st.floats(1e-3, 2.0))
    assert cluster(faces, distance).tolist() == scikit_learns(faces, distance)


@pytest.mark.parametrize("distance", [0.05, 0.1, 0.6, 1.2])
def test_groups_of_shuffled_faces_are_scikit_learns(distance):
    faces = RNG.permutation(np.concatenate([faces_of(60, 5, 0.22), faces_of(80, 1)]))
    assert cluster(faces, distance).tolist() == scikit_learns(faces, distance)


def test_a_long_chain_is_one_group():
    angles = 0.1 * RNG.permutation(60)
    faces = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert set(cluster(faces, 0.0101).tolist()) == {0}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 4)), min_size=1, max_size=30))
def test_bcubed_equals_its_definition(pairs):
    labels = np.array([label for label, _ in pairs])
    people = [person for _, person in pairs]
    rows = range(len(pairs))
    group = [{j for j in rows if i == j or (labels[i] == labels[j] != ALONE)} for i in rows]
    person = [{j for j in rows if people[i] == people[j]} for i in rows]
    found = bcubed(labels, people)
    assert found.precision == pytest.approx(
        np.mean([len(group[i] & person[i]) / len(group[i]) for i in rows])
    )
    assert found.recall == pytest.approx(np.mean([len(group[i] & person[i]) / len(person[i]) for i in rows]))
    assert 0 < found.f1 <= 1


def test_bcubed_needs_a_face_for_each_person():
    with pytest.raises(ValueError, match="expected"):
        bcubed(np.array([0]), ["a", "b"])


def test_k_means_is_told_how_many_there_are():
    found = plain_k_means(faces_of(3, 4), 3)
    assert bcubed(found, np.repeat(np.arange(3), 4).tolist()).f1 == 1


def test_a_model_that_was_not_measured_groups_by_its_own_threshold():
    assert cluster_distance("another", MatchPolicy("another", 0.5, 0.1)) == 0.5 * OF_THRESHOLD
    assert cluster_distance("another", None) == 0
