"""Every photo searched for as staff and as a stranger: equal to the door's own decision, photo by photo."""

import numpy as np
import pytest

from faceaccess.codes import Outcome
from faceaccess.recognition.consistency import Portraits
from faceaccess.recognition.decision import decide
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.leave_one_out import NEVER, search_all
from faceaccess.recognition.types import MatchPolicy
from faceaccess.vision.types import Quality

POLICY = MatchPolicy("m:1:x:t1p1", 1.0, 0.1, lookalike_distance=0.6, lookalike_margin=0.3)
SHARP = Quality(1.0, 1.0, 1.0, 1.0, 1.0)


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def crowd(seed: int, people: int = 14, dimension: int = 6) -> Portraits:
    """Some people who look much alike, with one to four photos each."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 5, people)
    whose = np.repeat(np.arange(people) * 3, counts)
    centres = rng.normal(size=(people, dimension))
    photos = np.repeat(centres, counts, axis=0) + 0.6 * rng.normal(size=(len(whose), dimension))
    return Portraits(whose.astype(np.int64), unit(photos))


def decided(
    portraits: Portraits, rows: np.ndarray, probe: int, threshold: float
) -> tuple[Outcome, str | None]:
    """Decide about a photo as the door does, among some others."""
    gallery = Gallery(POLICY.model_id, portraits.embeddings.shape[1])
    gallery.update(
        POLICY.model_id,
        template_ids=rows + 1,
        person_ids=[str(portraits.people[row]) for row in rows],
        is_active=np.ones(len(rows), bool),
        embeddings=portraits.embeddings[rows],
    )
    (candidates,) = gallery.search(portraits.embeddings[[probe]], 5)
    policy = MatchPolicy(
        POLICY.model_id,
        threshold,
        POLICY.margin,
        lookalike_distance=POLICY.lookalike_distance,
        lookalike_margin=POLICY.lookalike_margin,
    )
    decision = decide(candidates, SHARP, policy)
    return decision.outcome, decision.person_id


@pytest.mark.parametrize("seed", range(3))
def test_every_search_is_as_the_door_would_decide(seed: int) -> None:
    portraits = crowd(seed)
    searches = search_all(portraits, POLICY)
    assert searches is not None
    everybody = np.arange(len(portraits.people))
    for row in everybody:
        mine = portraits.people == portraits.people[row]
        for threshold in (0.2, 0.5, 0.8, 1.2):
            others = everybody[everybody != row]
            outcome, person = decided(portraits, others, row, threshold)
            is_right = outcome is Outcome.ACCEPTED and person == str(portraits.people[row])
            assert is_right == (searches.right_from[row] <= threshold)
            outcome, _ = decided(portraits, everybody[~mine], row, threshold)
            assert (outcome is Outcome.ACCEPTED) == (searches.wrong_from[row] <= threshold)


def test_all_pairs_are_counted_by_their_distance() -> None:
    portraits = crowd(5)
    searches = search_all(portraits, POLICY)
    assert searches is not None
    above = np.triu_indices(len(portraits.people), 1)
    distances = (2 - 2 * portraits.embeddings @ portraits.embeddings.T)[above]
    is_same = portraits.people[above[0]] == portraits.people[above[1]]
    for limit in (0.25, 1.0, 4.0):
        step = round(limit * 1000)
        assert searches.same_pairs[:step].sum() == 2 * (distances[is_same] < limit).sum()
        assert searches.other_pairs[:step].sum() == 2 * (distances[~is_same] < limit).sum()


def test_a_single_photo_is_no_search_as_staff_and_one_person_has_no_strangers() -> None:
    portraits = Portraits(np.array([4, 4, 9]), unit(np.array([[1.0, 0], [1, 0.2], [-1, 0.1]])))
    searches = search_all(portraits, POLICY)
    assert searches is not None
    assert searches.has_own.tolist() == [True, True, False]
    assert searches.right_from[2] == NEVER
    assert searches.taken_for.tolist() == [1, 1, 0]
    alone = search_all(Portraits(np.array([4, 4]), portraits.embeddings[:2]), POLICY)
    assert alone is not None
    assert alone.right_from == pytest.approx(alone.own)
    assert alone.wrong_from.tolist() == [NEVER, NEVER]
    assert alone.taken_for.tolist() == [-1, -1]


def test_nobody_enrolled_is_no_search() -> None:
    searches = search_all(Portraits(np.zeros(0, np.int64), np.zeros((0, 4), np.float32)), POLICY)
    assert searches is not None
    assert len(searches.people) == len(searches.counts) == 0


def test_it_can_be_cancelled() -> None:
    assert search_all(crowd(1), POLICY, is_cancelled=lambda: True) is None
