"""Crops by a face's own five points: where the points lie, at any size, turn and edge."""

import math

import cv2
import numpy as np
import pytest

from faceaccess.vision.alignment import SFACE_POINTS, SFACE_PX, PointsAlignment, loose_crop
from faceaccess.vision.types import Detection


def face_at(x: float, y: float, size: float, turn_deg: float) -> Detection:
    """Return a face whose points are the canonical ones, moved, scaled and turned."""
    angle = math.radians(turn_deg)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    points = ((SFACE_POINTS - SFACE_PX / 2) * size @ turn.T + [x, y]).astype(np.float32)
    box = np.concatenate([points.min(axis=0) - 20 * size, points.max(axis=0) + 20 * size])
    return Detection(box.astype(np.float32), points, 0.99)


def marked(face: Detection, side: int = 1200) -> np.ndarray:
    """Return a picture with a bright spot at each point."""
    image = np.zeros((side, side, 3), np.uint8)
    reach = max(2, round(float(np.linalg.norm(face.landmarks[1] - face.landmarks[0])) / 18))
    for x, y in face.landmarks:
        cv2.circle(image, (round(float(x)), round(float(y))), reach, (255, 255, 255), -1)
    return image


def spots(crop: np.ndarray) -> np.ndarray:
    """Return the middles of the bright spots, by rows."""
    found = cv2.connectedComponentsWithStats((crop[..., 0] > 100).astype(np.uint8))[3][1:]
    return found[np.lexsort((found[:, 0], found[:, 1] // 20))]


@pytest.mark.parametrize("size", [0.5, 1.0, 2.3, 6.0])
@pytest.mark.parametrize("turn_deg", [0.0, 25.0])
def test_the_points_of_any_face_come_to_lie_in_the_same_places(size, turn_deg):
    face = face_at(600, 580, size, turn_deg)
    crop = PointsAlignment("yunet-onet").align(marked(face), face)
    assert crop.shape == (SFACE_PX, SFACE_PX, 3)
    expected = SFACE_POINTS[np.lexsort((SFACE_POINTS[:, 0], SFACE_POINTS[:, 1] // 20))]
    assert np.abs(spots(crop) - expected).max() < 1.5


def test_a_loose_crop_with_its_landmarks_gives_nearly_the_same_crop():
    rng = np.random.default_rng(1)
    image = cv2.GaussianBlur(rng.integers(0, 255, (900, 900, 3), np.uint8), (0, 0), 8)
    face = face_at(450, 440, 1.4, 5)
    loose, points = loose_crop(image, face)
    again = PointsAlignment("yunet-onet").align(loose, Detection(face.box, points, 0.99))
    inner = slice(20, 130)
    direct = PointsAlignment("yunet-onet").align(image, face)
    difference = np.abs(direct.astype(int) - again)[inner, inner]
    assert difference.mean() < 3


def test_a_face_at_the_edge_or_of_no_size_gives_a_crop_too():
    image = np.full((100, 100, 3), 90, np.uint8)
    for face in (face_at(2, 2, 0.6, 0), face_at(50, 50, 40.0, 0), face_at(50, 50, 1e-4, 0)):
        assert PointsAlignment("yunet-onet").align(image, face).shape == (SFACE_PX, SFACE_PX, 3)
