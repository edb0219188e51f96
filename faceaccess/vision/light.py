"""The light that a face is seen in, told from its picture: bright, dim, or from behind."""

import cv2
import numpy as np

from faceaccess.codes import Light
from faceaccess.vision.types import FloatArray, ImageArray

DIM_BELOW = 80.0
"""Source: 3 in 100 of 1 500 LFW photos, which photographers lit, are darker."""

BACK_LIT_BY, BACK_LIT_BELOW = 60.0, 120.0
"""So much brighter around a face that is itself darker than most. Source: 3 in 100 of the same photos."""

EDGE = 0.15
"""Part of the loose crop's side that is its edge: what is around the head."""


def light_of(image: ImageArray, landmarks: FloatArray) -> Light:
    """Return the light of a face.

    Args:
        image: (H, W, 3) uint8 RGB, a loose crop.
        landmarks: (5, 2) float32, pixels of `image`.
    """
    face, around = brightness_of(image, landmarks)
    if around - face > BACK_LIT_BY and face < BACK_LIT_BELOW:
        return Light.BACK_LIT
    return Light.DIM if face < DIM_BELOW else Light.BRIGHT


def brightness_of(image: ImageArray, landmarks: FloatArray) -> tuple[float, float]:
    """Return the mean of the face between eyes and mouth, and of the picture's edge, 0 (black) to 255."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    left, top = np.floor(np.clip(landmarks.min(axis=0), 0, [width - 2, height - 2])).astype(int)
    right, bottom = np.ceil(np.clip(landmarks.max(axis=0), [left + 1, top + 1], [width, height])).astype(int)
    is_edge = np.ones(grey.shape, bool)
    down, across = max(int(EDGE * height), 1), max(int(EDGE * width), 1)
    # Below a head are its shoulders.
    is_edge[down:, across:-across] = False
    is_edge[height // 2 :] = False
    return float(grey[top:bottom, left:right].mean()), float(grey[is_edge].mean())
