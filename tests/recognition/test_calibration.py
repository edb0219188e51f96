"""The measured numbers of the models: complete, sensible, and never those of another model."""

import pytest

from faceaccess import paths
from faceaccess.recognition import calibration
from faceaccess.recognition.calibration import (
    DRIFT_OF_THRESHOLD,
    calibration_of,
    default_match,
    enrolment_limits,
    least_drift,
)
from faceaccess.recognition.types import DoorLimits, MatchPolicy
from faceaccess.vision.embedder import BUILT_IN, SFACE_MTCNN, model_id_of

MEASURED = sorted(calibration._calibrations())


@pytest.mark.parametrize("name", [BUILT_IN, SFACE_MTCNN])
def test_a_model_that_comes_with_the_program_is_measured_as_it_runs(name):
    """By its whole id: weights, detector, alignment and recipe."""
    assert calibration_of(model_id_of(name, paths.models_dir())) is not None


@pytest.mark.parametrize("model_id", MEASURED)
def test_measured_numbers_are_in_their_order(model_id):
    found = calibration_of(model_id)
    people, thresholds = zip(*found.thresholds, strict=True)
    assert list(people) == sorted(set(people))
    assert list(thresholds) == sorted(thresholds, reverse=True), "more people, no higher threshold"
    assert 0 < found.margin <= found.lookalike_margin < thresholds[-1]
    assert found.door.changed_face > thresholds[0]
    assert found.door.desk_band > 0
    limits = found.enrolment
    assert limits is None or limits.same_picture < limits.wrong_person <= limits.unlike_others
    assert found.source


def test_a_threshold_lies_between_the_measured_ones_and_never_beyond_them():
    found = calibration_of(MEASURED[-1])
    (few, highest), *_, (many, lowest) = found.thresholds
    assert found.threshold_for(0) == found.threshold_for(few) == highest
    assert found.threshold_for(100 * many) == found.threshold_for(many) == lowest
    between = [found.threshold_for(round((few * many) ** 0.5)), found.threshold_for(few + 1)]
    assert all(lowest <= threshold <= highest for threshold in between)
    steps = [found.threshold_for(people) for people in range(1, 2 * many)]
    assert steps == sorted(steps, reverse=True)


def test_the_default_says_for_how_many_people_it_is():
    policy = default_match(MEASURED[-1], 150)
    assert (policy.people, policy.threshold) == (150, calibration_of(MEASURED[-1]).threshold_for(150))
    assert policy.at_door == calibration_of(MEASURED[-1]).door


def test_a_model_that_was_not_measured_takes_over_nobodys_numbers():
    assert default_match("another:1", 10) is None
    assert enrolment_limits("another:1") is None
    policy = MatchPolicy("another:1", 0.5, 0.1)
    assert policy.at_door == DoorLimits(0.65, 0.1, 0.5, 0.05)
    assert least_drift(policy) == 0.5 * DRIFT_OF_THRESHOLD
    assert MatchPolicy("another:1", 4.0, 0.0).at_door.changed_face == 4.0


@pytest.mark.parametrize(
    ("chosen_for", "enrolled", "is_outdated"), [(60, 119, False), (60, 120, True), (0, 900, False)]
)
def test_a_threshold_is_outdated_when_twice_as_many_are_enrolled(chosen_for, enrolled, is_outdated):
    assert MatchPolicy("m", 0.5, 0.1, people=chosen_for).is_outdated(enrolled) is is_outdated
