"""Photos of one person beside each other, and what an operator may take all the same."""

import numpy as np
import pytest

from faceaccess.codes import PhotoProblem, Reason
from faceaccess.errors import EnrolmentError
from faceaccess.people.enrolment.photo_review import PhotoReview, best_weak
from faceaccess.people.enrolment.photo_set import MOST_TEMPLATES, judged, most_different
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.vision.gates import GATES, Gate, faults, gates_for
from faceaccess.vision.types import Fault, Quality

LIMITS = EnrolmentLimits("fake:1", 0.01, 0.19, 0.02, 0.02, 0.3)
NONE = np.empty((0, 0), np.float32)
GOOD = Quality(90.0, 7.0, 120.0, 0.1, 1.0, pitch=0.55)


def embedding(angle):
    """A point on a circle: (1 - cos) * 2 from the one at 0."""
    return np.array([np.cos(angle), np.sin(angle), 0, 0], np.float32)


def angle_of(distance):
    return float(np.arccos(1 - distance / 2))


def review(distance=0.0, *, clarity=12.0, problem=None, faults=()):
    quality = Quality(90.0, 7.0, 120.0, 0.1, 1.0, clarity=clarity)
    return PhotoReview(
        f"{distance}.jpg", problem, quality=quality, embedding=embedding(angle_of(distance)), faults=faults
    )


def problems(reviews, kept=NONE, limits=LIMITS):
    return [each.problem for each in judged(reviews, kept, limits)]


def test_photos_that_differ_a_little_are_all_good():
    assert problems([review(0), review(0.05), review(0.18)]) == [None, None, None]


def test_one_of_somebody_else_is_told_among_three_and_beside_stored_ones():
    assert problems([review(0), review(0.03), review(0.5)]) == [None, None, PhotoProblem.UNLIKE_OTHERS]
    kept = np.stack([embedding(0), embedding(angle_of(0.03))])
    assert problems([review(0.5)], kept) == [PhotoProblem.UNLIKE_OTHERS]


def test_of_two_photos_of_two_people_the_first_stays():
    assert problems([review(0), review(0.5)]) == [None, PhotoProblem.UNLIKE_THE_OTHER]
    assert problems([review(0.5), review(0)]) == [None, PhotoProblem.UNLIKE_THE_OTHER]


def test_of_near_copies_the_clearest_is_kept():
    shots = [review(0, clarity=11.0), review(0.001, clarity=14.0), review(0.1)]
    assert problems(shots) == [PhotoProblem.MUCH_LIKE_ANOTHER, None, None]
    assert problems([review(0.1)], np.stack([embedding(angle_of(0.1))])) == [PhotoProblem.MUCH_LIKE_ANOTHER]


def test_more_than_needed_keeps_the_most_different():
    spread = [review(d) for d in np.linspace(0, 0.18, MOST_TEMPLATES)]
    limits = EnrolmentLimits("fake:1", 0.01, 0.5, 0.0, 0.02, 0.3)
    found = problems([*spread, review(0.0803), review(0.1003)], limits=limits)
    assert found.count(PhotoProblem.MORE_THAN_NEEDED) == 2
    assert found[0] is None
    assert found[MOST_TEMPLATES - 1] is None


def test_without_measured_limits_no_distance_is_judged():
    assert problems([review(0), review(0), review(2.0)], limits=None) == [None, None, None]


def test_judged_again_a_photo_is_good_once_the_other_is_gone():
    first, wrong = judged([review(0), review(0.5)], NONE, LIMITS)
    assert wrong.problem is PhotoProblem.UNLIKE_THE_OTHER
    assert judged([wrong], NONE, LIMITS)[0].problem is None
    assert first.is_good


def test_judging_gives_back_a_photos_own_problem():
    fault = Fault(PhotoProblem.TURNED_AWAY, 1.0, 0.9)
    taken = review(0.5, problem=PhotoProblem.TURNED_AWAY, faults=(fault,)).with_override("no other")
    (_, _, unlike) = judged([review(0), review(0.03), taken], NONE, LIMITS)
    assert unlike.problem is PhotoProblem.UNLIKE_OTHERS
    assert not unlike.is_good
    assert judged([unlike], NONE, LIMITS)[0].problem is PhotoProblem.TURNED_AWAY
    assert judged([unlike.with_override("it is her")], NONE, LIMITS)[0].is_good


def test_an_override_needs_a_reason_and_a_face():
    refused = review(problem=PhotoProblem.FACE_BLURRED)
    with pytest.raises(EnrolmentError, match="needs a reason"):
        refused.with_override("  ")
    assert refused.with_override(" old  photo ").override == "old photo"
    for problem in (PhotoProblem.NO_FACE, PhotoProblem.UNREADABLE):
        with pytest.raises(EnrolmentError, match="can't be enrolled"):
            PhotoReview("a.jpg", problem).with_override("please")
    with pytest.raises(EnrolmentError):
        review(problem=PhotoProblem.SEVERAL_FACES).with_override("the left one")


def test_weak_photos_are_those_that_can_be_told_clearest_first():
    blurred = review(problem=PhotoProblem.FACE_BLURRED, clarity=9.0)
    turned = review(problem=PhotoProblem.TURNED_AWAY, clarity=13.0)
    hopeless = PhotoReview(
        "dark.jpg",
        PhotoProblem.TOO_DARK,
        quality=Quality(90, 7, 5, 0, 1, Reason.TOO_DARK),
        embedding=embedding(0),
    )
    assert best_weak([blurred, turned, hopeless, review()], 5) == [turned, blurred]
    assert best_weak([blurred, turned], 1) == [turned]


def test_most_different_goes_to_the_farthest_each_time():
    points = np.stack([embedding(a) for a in (0.0, 0.1, 1.0, 0.5)])
    distances = 2 - 2 * points @ points.T
    assert most_different(distances, [0, 1, 2, 3], 3) == [0, 2, 3]
    assert most_different(distances, [], 3) == []


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.problem)
def test_each_gate_refuses_just_beyond_its_limit_and_says_what_was_measured(gate: Gate):
    step = 1e-4 if gate.is_least else -1e-4
    at, beyond = gate.limit, gate.limit - step
    values = {"face_px": 90.0, "sharpness": 7.0, "brightness": 120.0, "yaw": 0.0, "detection_score": 1.0}
    values |= {"pitch": 0.55}
    assert faults(Quality(**values | {gate.measure: at})) == ()
    (fault,) = faults(Quality(**values | {gate.measure: beyond}))
    assert (fault.problem, fault.limit) == (gate.problem, gate.limit)
    assert fault.measured == pytest.approx(beyond)


def test_turns_count_to_either_side_and_clarity_only_where_it_was_measured():
    turned = Quality(90.0, 7.0, 120.0, -1.1, 1.0, pitch=0.55)
    assert [fault.problem for fault in faults(turned)] == [PhotoProblem.TURNED_AWAY]
    assert gates_for(None) == GATES
    assert gates_for(0.01)[-1].problem is PhotoProblem.UNCLEAR
