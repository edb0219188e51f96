"""Whether a detected face is good enough to be judged, and by which measure it is not."""

import cv2
import numpy as np

from faceaccess.codes import Reason
from faceaccess.vision.types import Detection, FloatArray, ImageArray, Quality

LEAST_DETECTION_SCORE = 0.90
LEAST_SHARPNESS = 2.0
LEAST_BRIGHTNESS = 30.0
GREATEST_BRIGHTNESS = 230.0
GREATEST_YAW = 1.3
"""Limits that only what can't be judged at all crosses. Source: of 6 141 LFW photos (sharpness from 4.2,
brightness 42 to 200), 1 in 1 000 has a score below 0.896, or a greater yaw than 1.38."""

MEASURED_PX = 112
"""Side that a larger crop is shrunk to before it is measured, so that limits hold for all models."""

GREATEST_CUT = 0.25
"""Part of the box that may lie outside the image."""


def assess(detection: Detection, image: ImageArray, crop: ImageArray, *, smallest_face_px: float) -> Quality:
    """Measure a face.

    Args:
        detection: the face, in pixels of `image`.
        image: (H, W, 3) uint8, RGB.
        crop: (S, S, 3) uint8, RGB, the aligned face.
        smallest_face_px: shorter side of the smallest box that may be judged.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    if len(grey) > MEASURED_PX:
        grey = cv2.resize(grey, (MEASURED_PX, MEASURED_PX), interpolation=cv2.INTER_AREA)
    # The middle: the corners of a crop are background.
    inset = grey.shape[0] // 6
    middle = grey[inset:-inset, inset:-inset]
    sharpness = float(cv2.Laplacian(middle, cv2.CV_32F).std())
    brightness = float(middle.mean())
    yaw = yaw_of(detection.landmarks)
    outside = _part_outside(detection.box, image)
    checks = (
        (detection.face_px < smallest_face_px, Reason.FACE_TOO_SMALL),
        (outside > GREATEST_CUT, Reason.CUT_OFF),
        (detection.detection_score < LEAST_DETECTION_SCORE, Reason.UNSURE_FACE),
        (brightness < LEAST_BRIGHTNESS, Reason.TOO_DARK),
        (brightness > GREATEST_BRIGHTNESS, Reason.TOO_BRIGHT),
        (abs(yaw) > GREATEST_YAW, Reason.TURNED_AWAY),
        (sharpness < LEAST_SHARPNESS, Reason.FACE_BLURRED),
    )
    reason = next((reason for is_bad, reason in checks if is_bad), None)
    return Quality(
        detection.face_px,
        sharpness,
        brightness,
        yaw,
        detection.detection_score,
        reason,
        pitch=pitch_of(detection.landmarks),
        part_outside=outside,
    )


def yaw_of(landmarks: FloatArray) -> float:
    """Return the nose's place against the eyes: 0 between them, -1 and 1 at an eye."""
    left, right, nose = landmarks[0], landmarks[1], landmarks[2]
    axis = right - left
    along = float(np.dot(nose - left, axis) / max(float(np.dot(axis, axis)), 1e-6))
    return float(np.clip(2 * along - 1, -2.0, 2.0))


def pitch_of(landmarks: FloatArray) -> float:
    """Return the nose's place between the eyes (0) and the mouth (1), along the face."""
    eyes, mouth, nose = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0), landmarks[2]
    axis = mouth - eyes
    return float(np.clip(np.dot(nose - eyes, axis) / max(float(np.dot(axis, axis)), 1e-6), -1.0, 2.0))


def _part_outside(box: FloatArray, image: ImageArray) -> float:
    height, width = image.shape[:2]
    inside = np.clip(box, 0, np.array([width, height, width, height]))
    area = float(np.prod(box[2:] - box[:2]))
    return 1.0 - float(np.prod(inside[2:] - inside[:2])) / max(area, 1.0)
