import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceaccess.codes import Outcome, Reason
from faceaccess.recognition.decision import decide
from faceaccess.recognition.types import MatchPolicy
from faceaccess.vision.types import Quality
from tests.builders import GOOD, make_candidate

POLICY = MatchPolicy("m", threshold=0.125, margin=0.0625)
JUST_BELOW, JUST_ABOVE = math.nextafter(0.125, 0), math.nextafter(0.125, 1)


@pytest.mark.parametrize(
    ("distance", "outcome", "reason"),
    [
        (0.0, Outcome.ACCEPTED, Reason.MATCH),
        (JUST_BELOW, Outcome.ACCEPTED, Reason.MATCH),
        (0.125, Outcome.ACCEPTED, Reason.MATCH),
        (JUST_ABOVE, Outcome.UNKNOWN, Reason.NO_MATCH),
        (4.0, Outcome.UNKNOWN, Reason.NO_MATCH),
    ],
)
def test_the_threshold_itself_is_accepted(distance, outcome, reason):
    decision = decide([make_candidate("a", distance)], GOOD, POLICY)
    assert (decision.outcome, decision.reason) == (outcome, reason)
    assert decision.person_id == ("a" if outcome is Outcome.ACCEPTED else None)
    assert decision.distance == distance
    assert decision.threshold == 0.125
    assert decision.runner_up_id is None
    assert decision.runner_up_distance is None


@pytest.mark.parametrize(
    ("runner_up", "outcome"),
    [
        (0.0625, Outcome.AMBIGUOUS),
        (math.nextafter(0.125, 0), Outcome.AMBIGUOUS),
        (0.125, Outcome.ACCEPTED),
        (math.nextafter(0.125, 1), Outcome.ACCEPTED),
    ],
)
def test_a_lead_equal_to_the_margin_is_enough(runner_up, outcome):
    decision = decide([make_candidate("a", 0.0625), make_candidate("b", runner_up)], GOOD, POLICY)
    assert decision.outcome is outcome
    assert decision.person_id == "a"
    assert (decision.runner_up_id, decision.runner_up_distance) == ("b", runner_up)
    expected = Reason.MATCH if outcome is Outcome.ACCEPTED else Reason.RUNNER_UP_TOO_CLOSE
    assert decision.reason is expected


def test_the_third_person_has_no_say():
    decision = decide(
        [make_candidate("a", 0.01), make_candidate("b", 0.2), make_candidate("c", 0.02)], GOOD, POLICY
    )
    assert decision.outcome is Outcome.ACCEPTED


def test_a_deactivated_person_is_known_but_denied():
    decision = decide([make_candidate("a", 0.1, is_active=False)], GOOD, POLICY)
    assert (decision.outcome, decision.reason, decision.person_id) == (Outcome.DENIED, Reason.INACTIVE, "a")


def test_beyond_the_threshold_a_deactivated_person_is_unknown():
    decision = decide([make_candidate("a", 0.2, is_active=False)], GOOD, POLICY)
    assert decision.outcome is Outcome.UNKNOWN
    assert decision.person_id is None


def test_an_active_runner_up_makes_a_deactivated_person_ambiguous():
    rows = [make_candidate("a", 0.1, is_active=False), make_candidate("b", 0.11)]
    assert decide(rows, GOOD, POLICY).outcome is Outcome.AMBIGUOUS


def test_nobody_enrolled_has_a_reason_of_its_own():
    decision = decide([], GOOD, POLICY)
    assert (decision.outcome, decision.reason) == (Outcome.UNKNOWN, Reason.EMPTY_GALLERY)
    assert decision.distance is None


@pytest.mark.parametrize("reason", [Reason.TOO_DARK, Reason.FACE_TOO_SMALL, Reason.TURNED_AWAY])
def test_a_face_that_cannot_be_judged_is_never_accepted(reason):
    quality = Quality(100, 9, 120, 0, 0.99, reason)
    decision = decide([make_candidate("a", 0.0)], quality, POLICY)
    assert (decision.outcome, decision.reason, decision.person_id) == (Outcome.LOW_QUALITY, reason, None)
    assert decision.distance == 0.0


distances = st.lists(st.floats(0, 4), min_size=0, max_size=5).map(sorted)


@given(distances, st.floats(0, 4), st.floats(0, 4))
def test_what_is_accepted_is_within_the_threshold_and_leads_by_the_margin(rows, threshold, margin):
    people = [make_candidate(f"p{i}", distance) for i, distance in enumerate(rows)]
    decision = decide(people, GOOD, MatchPolicy("m", threshold, margin))
    if decision.outcome is Outcome.ACCEPTED:
        assert rows[0] <= threshold
        assert len(rows) < 2 or rows[1] - rows[0] >= margin
    else:
        assert not rows or rows[0] > threshold or rows[1] - rows[0] < margin


@pytest.mark.parametrize(
    ("to_nearest", "lead", "outcome"),
    [
        (0.2, 0.0625, Outcome.ACCEPTED),
        (0.2, math.nextafter(0.0625, 0), Outcome.AMBIGUOUS),
        (0.15625, 0.0625, Outcome.ACCEPTED),
        (math.nextafter(0.15625, 0), 0.0625, Outcome.AMBIGUOUS),
        (math.nextafter(0.15625, 0), 0.125, Outcome.ACCEPTED),
        (math.nextafter(0.15625, 0), math.nextafter(0.125, 0), Outcome.AMBIGUOUS),
    ],
)
def test_look_alikes_need_a_greater_lead_over_each_other(to_nearest, lead, outcome):
    policy = replace(POLICY, lookalike_distance=0.15625, lookalike_margin=0.125)
    twin = replace(make_candidate("b", lead), to_nearest=to_nearest)
    assert decide([make_candidate("a", 0.0), twin], GOOD, policy).outcome is outcome


def test_a_margin_greater_than_that_of_look_alikes_stays():
    policy = replace(POLICY, margin=0.5, lookalike_distance=4.0, lookalike_margin=0.125)
    twin = replace(make_candidate("b", 0.4), to_nearest=0.1)
    assert decide([make_candidate("a", 0.0), twin], GOOD, policy).outcome is Outcome.AMBIGUOUS
