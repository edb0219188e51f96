"""How light the skin in a crop is, for measuring whether faces of every tone are found alike.

The individual typology angle is a measure of skin under a known lamp (Chardon et al. 1991). In a photo,
light, exposure and make-up move it by as much as a group: it tells groups of many people apart, not
one person's colour.
"""

from enum import StrEnum

import cv2
import numpy as np

from faceaccess.vision.alignment import SFACE_PX
from faceaccess.vision.types import ImageArray

PATCHES = ((24, 38, 44, 68), (66, 80, 26, 41), (66, 80, 71, 86))
"""Forehead and cheeks of a crop of `PointsAlignment`: top, bottom, left and right, pixels."""

LEAST_YELLOW = 2.0
"""b* of CIELAB below which a patch tells nothing: the photo is black and white, or the light blue."""


class SkinTone(StrEnum):
    """Groups by the individual typology angle, from light to dark. Source: Del Bino and Bernerd 2013."""

    VERY_LIGHT = "very light"
    LIGHT = "light"
    INTERMEDIATE = "intermediate"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


_LEAST_DEGREES = {
    SkinTone.VERY_LIGHT: 55.0,
    SkinTone.LIGHT: 41.0,
    SkinTone.INTERMEDIATE: 28.0,
    SkinTone.TAN: 10.0,
    SkinTone.BROWN: -30.0,
}


def ita(crop: ImageArray) -> float | None:
    """Return the individual typology angle of a face, degrees; None where the photo's colours tell nothing.

    It is arctan((L* - 50) / b*) of the median colour of forehead and cheeks, CIELAB under D65, and the
    middle one of the three, so that hair on the forehead or one cheek in the shade doesn't decide.

    Args:
        crop: (112, 112, 3) uint8, RGB, of `PointsAlignment`.
    """
    if crop.shape != (SFACE_PX, SFACE_PX, 3):
        raise ValueError(f"crop: expected {(SFACE_PX, SFACE_PX, 3)}, got {crop.shape}")
    lab = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    angles = []
    for top, bottom, left, right in PATCHES:
        lightness, _, yellow = np.median(lab[top:bottom, left:right].reshape(-1, 3), axis=0)
        if yellow >= LEAST_YELLOW:
            angles.append(float(np.degrees(np.arctan((lightness - 50) / yellow))))
    return float(np.median(angles)) if angles else None


def tone_of(degrees: float) -> SkinTone:
    """Return the group of an individual typology angle."""
    return next((tone for tone, least in _LEAST_DEGREES.items() if degrees > least), SkinTone.DARK)
