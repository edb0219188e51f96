"""Guidance on a recording of a real face, seen by the real models."""

import cv2
import pytest

from faceaccess.people.enrolment.capture import NOD, STEADY_PITCH, TURN, GuidedCapture, Observation, Pose
from faceaccess.vision.sources.camera import open_source
from faceaccess.workspace import Workspace

pytestmark = [pytest.mark.models, pytest.mark.lfw]

FPS = 5
MOST_PHOTOS = 120


@pytest.fixture
def enrolment(tmp_path):
    with Workspace.open(tmp_path / "data") as space:
        yield space.reception.enrolment


def pose_of(seen: Observation, ahead: Observation) -> Pose | None:
    """Which pose a photo shows, beside one that looks ahead; None for one between them."""
    yaw, pitch = (getattr(seen.quality, n) - getattr(ahead.quality, n) for n in ("yaw", "pitch"))
    if abs(yaw) > TURN + 0.05:
        return Pose.LEFT if yaw > 0 else Pose.RIGHT
    if abs(yaw) < 0.15 and abs(pitch) > NOD + STEADY_PITCH / 2:
        return Pose.DOWN if pitch > 0 else Pose.UP
    return None


def test_a_recording_of_a_turning_head_gives_five_photos(enrolment, lfw, tmp_path):
    """Stills of one person, each held for two seconds, as if a head turned in steps."""
    rich = max((lfw / "images").iterdir(), key=lambda folder: len(list(folder.iterdir())))
    photos = [cv2.imread(str(path)) for path in sorted(rich.glob("*.jpg"))[:MOST_PHOTOS]]
    looks = [(photo, enrolment.observe(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB))) for photo in photos]
    looks = [(photo, seen) for photo, seen in looks if seen.faces == 1 and seen.quality.sharpness > 5]
    frontal = [look for look in looks if abs(look[1].quality.yaw) < 0.1]
    ahead = sorted(frontal, key=lambda look: look[1].quality.pitch)
    first = ahead[len(ahead) // 2]
    stills = {Pose.FRONT: first[0]}
    for photo, seen in looks:
        pose = pose_of(seen, first[1])
        if pose is not None:
            stills.setdefault(pose, photo)
    assert set(stills) == set(Pose)
    path = tmp_path / "turning.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), FPS, (250, 250))
    for pose in Pose:
        for _ in range(2 * FPS):
            writer.write(stills[pose])
    writer.release()
    capture, shots = GuidedCapture(), []
    source = open_source(str(path))
    while (frame := source.read()) is not None:
        guidance = capture.observe(enrolment.observe(frame.image), frame.time_s)
        if guidance.shot_pose is not None:
            shots.append((guidance.shot_pose, guidance.shot))
    source.close()
    assert [pose for pose, _ in shots] == list(Pose)
    reviews = enrolment.judge([enrolment.review_image(shot, pose) for pose, shot in shots])
    assert sum(review.is_good for review in reviews) >= 4
