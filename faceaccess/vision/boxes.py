"""Arithmetic of boxes: growing, moving and suppressing them, and cutting out what they show.

Boxes are (N, >= 4) float32, x1 y1 x2 y2, pixels. Source: facenet-pytorch 2.5.3
`models/utils/detect_face.py`, so that MTCNN's weights see what they were trained on.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import FloatArray, ImageArray

GREY = (127.5, 127.5, 127.5)
MOST_HALVINGS = 4
_LEAST_HALVED_PX = 24
_NMS: Any = cv2.dnn.NMSBoxes


def suppress(boxes: FloatArray, overlap: float, *, by_smaller: bool = False) -> list[int]:
    """Return the rows to keep, best score first, so that no two overlap by more.

    Args:
        boxes: (N, >= 5) x1 y1 x2 y2 score.
        overlap: greatest part shared.
        by_smaller: the part is of the smaller box, not of the union.
    """
    if not len(boxes):
        return []
    if not by_smaller:
        sides = np.column_stack([boxes[:, :2], boxes[:, 2:4] - boxes[:, :2]]).astype(np.float64)
        return list(_NMS(sides, boxes[:, 4].astype(np.float32), 0.0, overlap))
    rows: list[int] = []
    for i in np.argsort(-boxes[:, 4], kind="stable"):
        if all(_shared_part(boxes[i], boxes[other]) <= overlap for other in rows):
            rows.append(int(i))
    return rows


def _shared_part(first: FloatArray, other: FloatArray) -> float:
    """Return the part of the smaller of two boxes that lies in the other; ends count as pixels."""
    shared = np.minimum(first[2:4], other[2:4]) - np.maximum(first[:2], other[:2]) + 1
    areas = [float(np.prod(box[2:4] - box[:2] + 1)) for box in (first, other)]
    return float(np.prod(np.maximum(shared, 0))) / min(areas)


def squared(boxes: FloatArray) -> FloatArray:
    """Grow (N, 4) boxes to squares about their centres."""
    size = boxes[:, 2:4] - boxes[:, :2]
    side = size.max(axis=1, keepdims=True)
    corner = boxes[:, :2] + (size - side) / 2
    return np.hstack([corner, corner + side]).astype(np.float32)


def shifted(boxes: FloatArray, shift: FloatArray) -> FloatArray:
    """Move the sides of (N, 4) boxes by shifts given in parts of the box."""
    return boxes + shift * np.tile(boxes[:, 2:4] - boxes[:, :2] + 1, 2)


def _whole(image: ImageArray, boxes: FloatArray) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return the first and the past-the-last pixels, x y, of boxes within the image."""
    height, width = image.shape[:2]
    whole = np.trunc(boxes).astype(int)
    return np.maximum(whole[:, :2], 1) - 1, np.minimum(whole[:, 2:4], (width, height))


def inside(image: ImageArray, boxes: FloatArray) -> FloatArray:
    """Return the boxes that show a part of the image."""
    return boxes[shows(image, boxes)]


def shows(image: ImageArray, boxes: FloatArray) -> NDArray[np.bool_]:
    """Tell of each box whether it shows a part of the image, (N,)."""
    corner, end = _whole(image, boxes)
    return np.asarray((end > corner).all(axis=1))


def cut_outs(halved: Sequence[ImageArray], boxes: FloatArray, side: int) -> FloatArray:
    """Return (N, 3, side, side) float32 from -1 to 1 of what boxes show."""
    pieces = []
    for (x1, y1), (x2, y2) in zip(*_whole(halved[0], boxes), strict=True):
        image = at_scale(halved, side / max(x2 - x1, y2 - y1))
        shrink = round(halved[0].shape[1] / image.shape[1])
        part = image[y1 // shrink : -(-y2 // shrink), x1 // shrink : -(-x2 // shrink)]
        pieces.append(cv2.resize(part, (side, side), interpolation=cv2.INTER_LINEAR))
    return cv2.dnn.blobFromImages(pieces, 1 / 128, mean=GREY)


def halvings(image: ImageArray) -> list[ImageArray]:
    """Return the image, and it at a half and so on: what is taken from these needs few pixels."""
    images = [np.ascontiguousarray(image)]
    while len(images) < MOST_HALVINGS and min(images[-1].shape[:2]) >= _LEAST_HALVED_PX:
        height, width = images[-1].shape[:2]
        images.append(cv2.resize(images[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return images


def at_scale(halved: Sequence[ImageArray], scale: float) -> ImageArray:
    """Return the smallest of the halved images that is still larger than the scale asks for."""
    step = int(max(0.0, np.floor(-np.log2(scale))))
    return halved[min(step, len(halved) - 1)]
