"""Sources of under two pictures a second: people are entered, not lost in silence."""

from dataclasses import replace

import numpy as np
import pytest

from faceaccess.codes import CameraFault, CameraState, Outcome, Reason
from faceaccess.door.checkin import CheckInPolicy
from faceaccess.settings import DoorSettings
from faceaccess.vision.sources.pace import Pace
from faceaccess.vision.tracking import LONGEST_LIFE_S, LOST_AFTER_S, Tracker, life_s
from tests.builders import make_decision, make_detection, make_face, make_result
from tests.door.test_live import Watched
from tests.fakes import FakeRecording, ManualClock, coloured_frame
from tests.recognition.test_pipeline import pipeline

ANN = make_decision(Outcome.ACCEPTED, "ann")
STRANGER = make_decision(Outcome.UNKNOWN, None, Reason.NO_MATCH, 0.3)
POOR = make_decision(Outcome.LOW_QUALITY, None, Reason.CUT_OFF, None)


class SlowRecording(FakeRecording):
    """Gives a picture every so many seconds."""

    def __init__(self, values, every_s):
        super().__init__([coloured_frame(value, i, i * every_s) for i, value in enumerate(values)])
        self.fps = 1 / every_s


def entries_of(values, every_s, plan=()):
    watched = Watched([SlowRecording(values, every_s)], is_recording=True, door=pipeline(90, plan=plan))
    watched.session.run()
    found = [(entry.decision.outcome, entry.decision.reason) for entry in watched.events]
    return found, watched.states


@pytest.mark.parametrize("every_s", [0.4, 0.6, 1.0, 1.9, 3.0, 5.0])
@pytest.mark.parametrize("count", [3, 6])
def test_somebody_who_stands_there_is_entered_once(every_s, count):
    """Tracks ended after half a second, so nobody was ever seen three times."""
    assert entries_of([90] * count, every_s)[0] == [(Outcome.ACCEPTED, Reason.MATCH)]


@pytest.mark.parametrize("every_s", [0.6, 1.0, 3.0])
def test_somebody_who_walks_is_entered_once(every_s):
    plan = [[make_detection(x, 20, 40)] for x in (0, 50, 100, 10)]
    assert entries_of([90] * 4, every_s, plan)[0] == [(Outcome.ACCEPTED, Reason.MATCH)]


def test_two_pictures_that_agree_are_enough():
    assert entries_of([90, 90], 1.0)[0] == [(Outcome.ACCEPTED, Reason.MATCH)]


def test_who_is_in_one_picture_only_is_not_lost_in_silence():
    assert entries_of([90, 0], 1.0, [[make_detection()], []])[0] == [
        (Outcome.LOW_QUALITY, Reason.TOO_FEW_PICTURES)
    ]


def test_an_entry_that_was_left_undecided_names_nobody():
    assert show([make_face(ANN)], ()) == [(Outcome.LOW_QUALITY, None)]


def test_a_stranger_who_walks_is_entered_once():
    plan = [[make_detection(x, 20, 40)] for x in (0, 50, 100)]
    assert entries_of([200] * 3, 1.0, plan)[0] == [(Outcome.UNKNOWN, Reason.NO_MATCH)]


def test_a_picture_every_few_seconds_is_said_to_be_too_few():
    assert (CameraState.ONLINE, CameraFault.TOO_SLOW) in [
        (status.state, status.fault) for status in entries_of([90] * 4, 3.0)[1]
    ]
    assert entries_of([90] * 4, 1.0)[1] == []


def test_a_face_that_could_not_be_judged_once_is_no_entry():
    assert show([make_face(POOR)], ()) == []
    assert [o for o, _ in show(*[[make_face(POOR)]] * 3, ())] == [Outcome.LOW_QUALITY]


def show(*pictures, every_s=1.0):
    """Return the entries of faces shown one picture after another; all tracks end with the last."""
    policy, clock, entries = CheckInPolicy(DoorSettings()), ManualClock(), []
    for number, faces in enumerate(pictures):
        result = replace(make_result(number * every_s, *faces), interval_s=every_s)
        entries += policy.observe(result, clock.now)
        clock.advance(every_s)
    for track_id in (1, 2, 3):
        entries += policy.end_track(track_id)
    return [(entry.decision.outcome, entry.decision.person_id) for entry in entries]


def test_one_picture_with_the_same_person_twice_does_not_agree_with_itself():
    """Somebody beside a poster of them."""
    assert show([make_face(ANN, 1), make_face(ANN, 2)], ()) != [(Outcome.ACCEPTED, "ann")]


def test_pictures_of_two_people_do_not_agree():
    ben = make_decision(Outcome.ACCEPTED, "ben")
    assert (Outcome.ACCEPTED, "ann") not in show([make_face(ANN, 1)], [make_face(ben, 1)], ())


def test_who_was_entered_is_not_said_to_be_undecided_too():
    assert show([make_face(ANN, 1)], [make_face(ANN, 2)], [make_face(ANN, 3)]) == [(Outcome.ACCEPTED, "ann")]


def test_a_fast_camera_at_the_same_door_changes_nothing_for_a_slow_one():
    """The door's policy is one for all its cameras: the pace of the last one that saw anything was taken."""
    policy, now = CheckInPolicy(DoorSettings()), ManualClock().now
    policy.observe(replace(make_result(0.0, make_face(STRANGER, 1)), interval_s=1.0), now)
    policy.observe(replace(make_result(0.0, make_face(ANN, 2)), interval_s=1 / 15), now)
    assert [entry.decision.outcome for entry in policy.end_track(1)] == [Outcome.UNKNOWN]
    assert policy.end_track(2) == ()


def test_a_fast_source_is_judged_as_before():
    faces = [[make_face(ANN, number)] for number in (1, 2, 3)]
    assert show(*faces, every_s=1 / 15) == []


@pytest.mark.parametrize(
    ("interval_s", "life"), [(0.0, LOST_AFTER_S), (1 / 15, LOST_AFTER_S), (1.0, 2.5), (60.0, LONGEST_LIFE_S)]
)
def test_a_track_lives_as_long_as_its_source_needs(interval_s, life):
    assert life_s(interval_s) == life
    tracker = Tracker()
    tracker.update([make_detection()], 0.0, interval_s=interval_s)
    assert tracker.update([], life, interval_s=interval_s)[1] == []
    assert tracker.update([], life + 0.01, interval_s=interval_s)[1] == [1]


def test_a_pause_does_not_make_a_source_slow():
    """Recorders that write only when something moves."""
    pace = Pace()
    for time_s in (*np.arange(5) / 15, *(60 + np.arange(5) / 15), *(120 + np.arange(5) / 15)):
        pace.take(float(time_s))
    assert pace.interval_s == pytest.approx(1 / 15)


def test_a_pace_is_the_sources_own_word_until_it_is_seen():
    pace = Pace(0.5)
    assert pace.interval_s == 2.0
    pace.take(0.0)
    pace.take(0.1)
    assert pace.interval_s == pytest.approx(0.1)
    pace.clear()
    assert Pace().interval_s == 0.0


def test_a_live_camera_of_a_picture_in_three_seconds_keeps_its_tracks():
    watched = Watched([], door=pipeline(90))
    for number in range(6):
        watched.watch.judge(coloured_frame(90, number, number * 3.0))
        # Of the first picture it isn't known yet how long the next one takes.
        assert watched.watch.has_lost_sight(number * 3.0 + 2.9) == (number == 0)
    assert watched.watch.has_lost_sight(15.0 + 7.6)
    assert watched.watch.is_too_slow
    assert [entry.decision.outcome for entry in watched.events] == [Outcome.ACCEPTED]
