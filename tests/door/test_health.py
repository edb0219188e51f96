"""The baseline of a camera: told at once when people come to look different, and only then."""

import numpy as np
import pytest

from faceaccess.codes import Drift, Outcome, Reason
from faceaccess.door.checkin import PASSER_BY_S
from faceaccess.door.health import (
    BASELINE_FACES,
    BRIGHTNESS_DRIFT,
    RECENT_VISITS,
    SHARPNESS_DRIFT,
    SIZE_DRIFT,
    YAW_DRIFT,
    HealthWatch,
    baseline_of,
    drifts,
    measure,
)
from faceaccess.errors import CameraError
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.store.policy.types import Baseline
from faceaccess.vision.types import Quality
from tests.builders import make_decision, make_detection, make_face, make_result
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder

BASE = Baseline(face_px=100.0, sharpness=20.0, brightness=120.0, yaw=0.0)


def quality(**changes):
    values = {"face_px": 100.0, "sharpness": 20.0, "brightness": 120.0, "yaw": 0.0, "detection_score": 1.0}
    return Quality(**(values | changes))


@pytest.mark.parametrize(
    ("field", "fine", "beyond", "drift"),
    [
        ("face_px", 100 * (1 - SIZE_DRIFT) + 0.1, 100 * (1 - SIZE_DRIFT) - 0.1, Drift.SMALLER),
        ("face_px", 100 / (1 - SIZE_DRIFT) - 0.1, 100 / (1 - SIZE_DRIFT) + 0.1, Drift.LARGER),
        ("sharpness", 20 * (1 - SHARPNESS_DRIFT) + 0.1, 20 * (1 - SHARPNESS_DRIFT) - 0.1, Drift.BLURRED),
        ("brightness", 120 - BRIGHTNESS_DRIFT, 119.9 - BRIGHTNESS_DRIFT, Drift.DARKER),
        ("brightness", 120 + BRIGHTNESS_DRIFT, 120.1 + BRIGHTNESS_DRIFT, Drift.BRIGHTER),
        ("yaw", YAW_DRIFT, YAW_DRIFT + 0.01, Drift.TURNED),
        ("yaw", -YAW_DRIFT, -YAW_DRIFT - 0.01, Drift.TURNED),
    ],
)
def test_each_limit(field, fine, beyond, drift):
    for value, found in ((fine, set()), (beyond, {drift})):
        assert set(drifts(BASE, baseline_of([quality(**{field: value})] * BASELINE_FACES))) == found


def test_by_how_much_is_told():
    smaller = baseline_of([quality(face_px=65.0, brightness=60.0)] * BASELINE_FACES)
    assert drifts(BASE, smaller) == pytest.approx({Drift.SMALLER: -0.35, Drift.DARKER: -0.5})


def test_a_baseline_is_the_median_of_faces_that_can_be_judged():
    sizes = [80.0, 90.0, 100.0, 110.0, 500.0]
    blurred = quality(face_px=10.0, reason=Reason.FACE_BLURRED)
    assert baseline_of([*(quality(face_px=size) for size in sizes), blurred]).face_px == 100.0


def test_without_enough_faces_there_is_no_baseline():
    too_few = [quality()] * (BASELINE_FACES - 1) + [quality(reason=Reason.TOO_DARK)] * 9
    with pytest.raises(CameraError, match="Nobody could be measured"):
        baseline_of(too_few)


class Visits:
    """People who come and go before a health watch."""

    def __init__(self):
        self.watch, self.number = HealthWatch(BASE), 0

    def come(self, sizes, outcome=Outcome.ACCEPTED, *, stay_s=PASSER_BY_S, **changes):
        self.number += 1
        track, began_s = self.number, 100.0 * self.number
        person = "a" if outcome is Outcome.ACCEPTED else None
        for i, size in enumerate(sizes):
            found = quality(face_px=size, **changes)
            face = make_face(make_decision(outcome, person), track, quality=found)
            self.watch.observe(make_result(began_s + stay_s * i / max(len(sizes) - 1, 1), face))
        return self.watch.observe(make_result(began_s + stay_s, ended=(track,)))


def test_drift_is_told_once_and_its_end_too():
    visits = Visits()
    news = [visits.come([50.0, 50.0]) for _ in range(RECENT_VISITS + 5)]
    assert news.index(True) == RECENT_VISITS - 1
    assert sum(news) == 1
    assert visits.watch.drifts == {Drift.SMALLER: -0.5}
    news = [visits.come([100.0, 100.0]) for _ in range(RECENT_VISITS)]
    assert sum(news) == 1
    assert visits.watch.drifts == {}


def test_of_a_visit_the_largest_face_counts_for_people_walk_up():
    visits = Visits()
    assert not any(visits.come([30.0, 60.0, 100.0, 80.0]) for _ in range(RECENT_VISITS + 1))


@pytest.mark.parametrize(
    ("sizes", "changes", "drift"),
    [
        ([40.0, 45.0], {"reason": Reason.FACE_TOO_SMALL}, Drift.SMALLER),
        ([100.0, 100.0], {"brightness": 20.0, "reason": Reason.TOO_DARK}, Drift.DARKER),
        ([100.0, 100.0], {"sharpness": 1.0, "reason": Reason.FACE_BLURRED}, Drift.BLURRED),
        ([50.0, 50.0], {}, Drift.SMALLER),
    ],
)
def test_a_camera_at_which_nobody_is_recognised_any_longer_is_told(sizes, changes, drift):
    """Only recognised people counted: the worse the camera was, the less was said."""
    visits = Visits()
    outcome = Outcome.LOW_QUALITY if changes else Outcome.UNKNOWN
    news = [visits.come(sizes, outcome, **changes) for _ in range(RECENT_VISITS)]
    assert news[-1]
    assert set(visits.watch.drifts) == {drift}


def test_passers_by_and_what_may_be_no_face_tell_nothing():
    visits = Visits()
    for _ in range(RECENT_VISITS + 1):
        assert not visits.come([30.0, 30.0], Outcome.UNKNOWN, stay_s=0.5)
        assert not visits.come([30.0, 30.0], Outcome.LOW_QUALITY, reason=Reason.UNSURE_FACE)
    assert visits.watch.drifts == {}


def test_a_preview_is_measured():
    image = np.full((120, 160, 3), 120, np.uint8)
    recogniser = Recogniser(FakeDetector([[make_detection(10, 20, 50)]]), FakeEmbedder(), None, ON_CPU)
    (face,) = measure(recogniser, image, smallest_face_px=60)
    assert face.quality.face_px == 50
    assert face.quality.reason is Reason.FACE_TOO_SMALL
