from dataclasses import replace

import cv2
import numpy as np
import pytest

from faceaccess.codes import Reason
from faceaccess.vision.quality import (
    GREATEST_BRIGHTNESS,
    GREATEST_CUT,
    GREATEST_YAW,
    LEAST_BRIGHTNESS,
    LEAST_DETECTION_SCORE,
    LEAST_SHARPNESS,
    assess,
)
from tests.builders import make_detection

IMAGE = np.zeros((200, 300, 3), np.uint8)
FACE = make_detection(x=50, y=50, side=80)


def make_crop(brightness=120.0, sharpness=20.0):
    """Return a crop of that mean, striped so that its Laplacian has about that deviation."""
    stripes = np.where(np.arange(48) % 2, 1.0, -1.0) * sharpness / 4
    grey = np.broadcast_to(brightness + stripes, (48, 48))
    return np.repeat(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def turned(yaw):
    points = FACE.landmarks.copy()
    points[2, 0] = points[0, 0] + (yaw + 1) / 2 * (points[1, 0] - points[0, 0])
    return replace(FACE, landmarks=points)


def reason_of(face=FACE, crop=None, smallest=60.0):
    return assess(face, IMAGE, make_crop() if crop is None else crop, smallest_face_px=smallest).reason


def test_a_good_face_has_no_reason_and_its_measures():
    quality = assess(FACE, IMAGE, make_crop(120, 20), smallest_face_px=60)
    assert quality.reason is None
    assert quality.face_px == 80
    assert quality.brightness == pytest.approx(120, abs=1)
    assert quality.sharpness == pytest.approx(20, rel=0.1)
    assert quality.yaw == pytest.approx(0, abs=1e-5)
    assert quality.detection_score == FACE.detection_score


@pytest.mark.parametrize(("smallest", "reason"), [(79.9, None), (80, None), (80.1, Reason.FACE_TOO_SMALL)])
def test_size(smallest, reason):
    assert reason_of(smallest=smallest) is reason


@pytest.mark.parametrize(
    ("score", "reason"),
    [(LEAST_DETECTION_SCORE, None), (LEAST_DETECTION_SCORE - 0.001, Reason.UNSURE_FACE)],
)
def test_detection_score(score, reason):
    assert reason_of(replace(FACE, detection_score=score)) is reason


@pytest.mark.parametrize(
    ("brightness", "reason"),
    [
        (LEAST_BRIGHTNESS - 1, Reason.TOO_DARK),
        (LEAST_BRIGHTNESS, None),
        (GREATEST_BRIGHTNESS, None),
        (GREATEST_BRIGHTNESS + 1, Reason.TOO_BRIGHT),
    ],
)
def test_brightness(brightness, reason):
    assert reason_of(crop=make_crop(brightness)) is reason


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(
    ("yaw", "reason"), [(GREATEST_YAW - 0.01, None), (GREATEST_YAW + 0.01, Reason.TURNED_AWAY)]
)
def test_pose(side, yaw, reason):
    face = turned(side * yaw)
    assert assess(face, IMAGE, make_crop(), smallest_face_px=60).yaw == pytest.approx(side * yaw, abs=1e-4)
    assert reason_of(face) is reason


def test_sharpness():
    assert reason_of(crop=make_crop(sharpness=4 * LEAST_SHARPNESS)) is None
    assert reason_of(crop=make_crop(sharpness=0)) is Reason.FACE_BLURRED


def test_blurring_lowers_the_measured_sharpness():
    noisy = np.random.default_rng(0).integers(80, 160, (150, 150, 3), dtype=np.uint8)
    found = [
        assess(FACE, IMAGE, cv2.GaussianBlur(noisy, (0, 0), sigma), smallest_face_px=60).sharpness
        for sigma in (0.5, 1, 2, 4)
    ]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("corner", ["left", "top", "right", "bottom"])
@pytest.mark.parametrize(
    ("part", "reason"), [(GREATEST_CUT - 0.02, None), (GREATEST_CUT + 0.02, Reason.CUT_OFF)]
)
def test_cut_off(corner, part, reason):
    x, y = {
        "left": (-80 * part, 50),
        "top": (50, -80 * part),
        "right": (220 + 80 * part, 50),
        "bottom": (50, 120 + 80 * part),
    }[corner]
    assert reason_of(make_detection(x=x, y=y, side=80)) is reason


def test_a_face_too_small_is_told_so_before_anything_else():
    assert reason_of(replace(FACE, detection_score=0.1), make_crop(5, 0), smallest=100) is (
        Reason.FACE_TOO_SMALL
    )


def test_eyes_in_one_place_are_no_crash():
    face = replace(FACE, landmarks=np.zeros((5, 2), np.float32))
    assert np.isfinite(assess(face, IMAGE, make_crop(), smallest_face_px=60).yaw)
