"""The straight edges of something flat that is held before a camera: a sheet, a phone, a tablet."""

import cv2
import numpy as np

from faceaccess.vision.types import Detection, FloatArray, ImageArray

FACE_PX = 64
"""Longer side of the face's box to which the picture is scaled before edges are looked for, pixels."""

REACH = 1.6
"""How far from the middle of the face edges are looked for, in longer sides of its box."""

MOST_GENUINE = 15.4
"""That 1 in 100 genuine faces of people tuned on exceed, in drawn presentations. Source: `faceaccess evaluate
liveness --passive`."""

_SLANTS = np.tan(np.radians(np.arange(-12, 13, 3)))
_ALONG = 0.6
"""Half of the length over which an edge must be straight, in longer sides of the box."""


def picture_edge(image: ImageArray, detection: Detection) -> float:
    """Return how strong the straight edges are that stand around a face on all four sides.

    On each side the strongest straight step of brightness is taken, over the face's own width or height,
    slanted by 12 degrees at most; the result is the weakest of the four. Three are not enough: somebody in a
    doorway has them too. So a picture goes by that is held partly out of the frame, or with a side covered.

    Args:
        image: (H, W, 3) uint8, RGB; the whole frame.
        detection: the face in it.

    Returns: grey levels a pixel of a picture in which the face's box is 64 pixels long; 0 where the frame
        ends at the face.
    """
    grey, box = _scaled(image, detection)
    return min(*_sides(grey, box), *_sides(np.ascontiguousarray(grey.T), box[[1, 0, 3, 2]]))


def _scaled(image: ImageArray, detection: Detection) -> tuple[FloatArray, np.ndarray]:
    """Return (h, w) float32 grey levels around the face, and (4,) its box there."""
    box = detection.box.astype(np.float64)
    face = max(float((box[2:] - box[:2]).max()), 1.0)
    middle = (box[:2] + box[2:]) / 2
    left, top = np.maximum(np.floor(middle - REACH * face), 0).astype(int)
    right, bottom = np.ceil(middle + REACH * face).astype(int)
    part = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    scale = FACE_PX / face
    size = [max(round(side * scale), 8) for side in part.shape[::-1]]
    grey = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return grey, (box - [left, top, left, top]) * scale


def _sides(grey: FloatArray, box: np.ndarray) -> tuple[float, float]:
    """Return the strongest upright edge left and right of a box."""
    middle = float(box[1] + box[3]) / 2
    top, bottom = (round(float(np.clip(middle + part * FACE_PX, 0, len(grey)))) for part in (-_ALONG, _ALONG))
    left, right = (round(float(np.clip(side, 1, grey.shape[1] - 1))) for side in (box[0] - 2, box[2] + 2))
    if bottom - top < FACE_PX / 2:
        return 0.0, 0.0
    steps = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=1 / 8)[top:bottom]
    best = [0.0, 0.0]
    for slant in _SLANTS:
        # Where the row is, counted from its middle, decides how far it is moved.
        shear = np.array([[1, slant, -slant * (bottom - top) / 2], [0, 1, 0]])
        sheared = cv2.warpAffine(steps, shear, steps.shape[::-1])
        profile = np.abs(sheared.mean(axis=0))
        for number, part in enumerate((profile[1:left], profile[right:-1])):
            best[number] = max(best[number], float(part.max(initial=0.0)))
    return best[0], best[1]
