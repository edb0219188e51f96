"""How far a head is turned, measured so that tilting a flat picture measures nothing."""

import numpy as np

from faceaccess.vision.types import FloatArray

_FLAT_FACE = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float64)
"""Eyes and mouth corners in the frame of the face: x in half eye distances, y from eyes (-1) to mouth (1)."""

_COLLINEAR = 1e-6
"""Least area of eyes and mouth corners, in squares of their spread: below it they span no plane."""


def nose_in_face(landmarks: FloatArray) -> FloatArray | None:
    """Return where the nose stands in the affine frame of eyes and mouth corners.

    Whatever affine map the five points go through, the result is the same: shifting, scaling, rotating and
    tilting a flat picture seen from afar move nothing. The nose of a head stands before the plane of the
    other four, so turning a head moves it.

    Args:
        landmarks: (5, 2), in the order of `Detection`.

    Returns: (2,) float32, x y: x grows to the right of the image, 1 is half the distance of the eyes; y
        grows downwards, -1 at the eyes and 1 at the mouth. None where the four points lie on a line.

    Source: least squares of an affine map from four points; Koenderink and van Doorn 1991, "Affine
    structure from motion", on what of a solid's parallax such a frame keeps.
    """
    points = landmarks.astype(np.float64)
    flat = points[[0, 1, 3, 4]]
    spread = np.linalg.eigvalsh(np.cov(flat.T))
    if spread[0] <= _COLLINEAR * max(spread[1], 1e-12):
        return None
    to_face, *_ = np.linalg.lstsq(np.column_stack([flat, np.ones(4)]), _FLAT_FACE, rcond=None)
    return np.asarray([*points[2], 1.0] @ to_face, np.float32)
