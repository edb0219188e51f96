"""Guided photos by scripted looks: what is asked for, when a picture is taken, what stops it."""

import numpy as np
import pytest

from faceaccess.people.enrolment.capture import Advice, GuidedCapture, Observation, Pose
from faceaccess.vision.types import Quality

YAWS = {Pose.FRONT: 0.02, Pose.LEFT: 0.3, Pose.RIGHT: -0.28, Pose.UP: 0.02, Pose.DOWN: 0.02}
PITCHES = {Pose.FRONT: 0.55, Pose.LEFT: 0.55, Pose.RIGHT: 0.55, Pose.UP: 0.44, Pose.DOWN: 0.68}
LOOK_S = 0.2


def seen(pose=Pose.FRONT, *, faces=1, centre=(0.5, 0.5), sharpness=7.0, **changes):
    values = {"face_px": 200.0, "sharpness": sharpness, "brightness": 120.0, "yaw": YAWS[pose]}
    values |= {"detection_score": 1.0, "pitch": PITCHES[pose]} | changes
    return Observation(np.full((480, 640, 3), int(sharpness), np.uint8), faces, Quality(**values), centre)


class Booth:
    """A capture whose time goes on with each look."""

    def __init__(self):
        self.capture, self.time_s, self.shots = GuidedCapture(), 0.0, []

    def look(self, observation):
        guidance = self.capture.observe(observation, self.time_s)
        self.time_s += LOOK_S
        if guidance.shot_pose is not None:
            self.shots.append(guidance.shot_pose)
        return guidance

    def hold(self, pose, looks=8, **changes):
        for _ in range(looks):
            guidance = self.look(seen(pose, **changes))
            if guidance.shot is not None:
                return guidance
        return guidance


@pytest.fixture
def booth():
    return Booth()


def test_five_varied_photos_are_taken_by_themselves(booth):
    asked = []
    for pose in Pose:
        asked.append(booth.look(seen(Pose.FRONT)).advice if pose is not Pose.FRONT else None)
        booth.hold(pose)
    assert booth.shots == list(Pose)
    assert asked[1:] == [Advice.LOOK_LEFT, Advice.LOOK_RIGHT, Advice.LOOK_UP, Advice.LOOK_DOWN]
    last = booth.look(seen())
    assert (last.pose, last.advice) == (None, Advice.DONE)


def test_the_count_down_rises_and_the_sharpest_frame_is_kept(booth):
    booth.look(seen())
    held = [booth.look(seen(sharpness=value)).held for value in (5.0, 9.0, 6.0, 6.0, 6.0)]
    assert held == sorted(held)
    assert held[0] == 0.0
    shot = booth.look(seen(sharpness=5.0)).shot
    assert shot is not None
    assert shot[0, 0, 0] == 9


@pytest.mark.parametrize(
    ("observation", "advice"),
    [
        (Observation(np.zeros((480, 640, 3), np.uint8), 0), Advice.NO_FACE),
        (seen(faces=2), Advice.ONE_AT_A_TIME),
        (seen(face_px=80.0), Advice.COME_CLOSER),
        (seen(face_px=400.0), Advice.STEP_BACK),
        (seen(centre=(0.9, 0.5)), Advice.TO_THE_MIDDLE),
        (seen(brightness=20.0), Advice.MORE_LIGHT),
        (seen(brightness=240.0), Advice.LESS_LIGHT),
        (seen(yaw=0.5), Advice.LOOK_AHEAD),
        (seen(sharpness=1.0), Advice.HOLD_STILL),
        (seen(detection_score=0.9), Advice.LIGHT_FROM_FRONT),
    ],
)
def test_what_keeps_a_photo_from_being_taken_is_said(booth, observation, advice):
    for _ in range(12):
        assert booth.look(observation).advice is advice
    assert booth.shots == []


def test_a_second_face_or_a_turned_head_starts_the_count_down_anew(booth):
    booth.hold(Pose.FRONT, looks=4)
    assert booth.look(seen(faces=2)).held == 0
    assert booth.hold(Pose.FRONT, looks=4).shot is None
    booth.look(seen(yaw=0.6))
    assert booth.hold(Pose.FRONT, looks=5).shot is None


def test_who_moves_is_asked_to_hold_still(booth):
    advice = {booth.look(seen(yaw=yaw)).advice for yaw in (-0.2, 0.2) * 8}
    assert advice == {Advice.HOLD_STILL}
    assert booth.shots == []


def test_the_count_down_can_be_stopped_and_goes_on(booth):
    booth.hold(Pose.FRONT, looks=4)
    booth.capture.pause()
    assert booth.hold(Pose.FRONT, looks=20).advice is Advice.PAUSED
    assert booth.shots == []
    booth.capture.resume()
    assert booth.hold(Pose.FRONT).shot_pose is Pose.FRONT


def test_a_single_photo_is_taken_again(booth):
    for pose in (Pose.FRONT, Pose.LEFT, Pose.RIGHT):
        booth.hold(pose)
    booth.capture.retake(Pose.LEFT)
    assert booth.look(seen(Pose.FRONT)).advice is Advice.LOOK_LEFT
    booth.hold(Pose.LEFT)
    assert booth.shots[-1] is Pose.LEFT
    assert booth.capture.next_pose is Pose.UP


def test_looking_up_is_told_from_how_the_person_looks_ahead(booth):
    """Some look down a little when they look ahead: it is the change that counts."""
    booth.hold(Pose.FRONT, pitch=0.66)
    booth.hold(Pose.LEFT)
    booth.hold(Pose.RIGHT)
    assert booth.hold(Pose.UP, pitch=0.56).shot_pose is Pose.UP


def test_left_is_the_persons_own_left(booth):
    """In the picture, the nose of who looks to their left goes to the right: yaw rises."""
    booth.hold(Pose.FRONT)
    assert booth.look(seen(yaw=-0.3)).advice is Advice.LOOK_LEFT
    assert booth.hold(Pose.LEFT, yaw=0.3).shot_pose is Pose.LEFT


def test_a_clock_that_jumps_back_takes_nothing_early(booth):
    booth.hold(Pose.FRONT, looks=4)
    booth.time_s = 0.0
    assert booth.hold(Pose.FRONT, looks=4).shot is None
