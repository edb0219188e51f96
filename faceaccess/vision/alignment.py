"""From a detection to the model input: the same face at the same place and size."""

import importlib.util
from pathlib import Path

import cv2
import dlib
import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.types import Detection, FloatArray, ImageArray

CHIP_PX = 150
CHIP_PADDING = 0.25
"""Source: dlib `examples/dnn_face_recognition_ex.cpp`, get_face_chip_details(shape, 150, 0.25)."""

BOX_SIDE = 2.27
BOX_SHIFT = 0.032
"""Square that dlib's own detector would have given, in distances between the midpoints of the
eyes and of the mouth corners. Source: medians over 3 790 LFW faces that both detectors found."""

LANDMARK_PX = 200
"""Side of that square when landmarks are looked for."""

SURROUNDINGS = 1.2
"""How far from its centre a chip may reach, in sides of that square."""

CANONICAL = np.array([[44.6, 38.0], [101.0, 38.2], [72.8, 72.6], [47.9, 101.7], [97.7, 102.1]], np.float32)
"""Where MTCNN's points lie in dlib's chip, x y. Source: medians over 1 200 chips of LFW people whose
name's SHA-256 ends even, one photo each, in which MTCNN found the face again."""

INCEPTION_PX = 160
LOOSE_PX = 320
LOOSE_GROWTH = 2.0


class ChipAlignment:
    """dlib's 150 px face chip, from dlib's five landmarks found in an MTCNN detection."""

    version = "mtcnn-dlib5-150b"
    crop_px = CHIP_PX
    needs_box = False

    def __init__(self, weights: Path | None = None) -> None:
        """Load the landmark predictor.

        Raises:
            ModelError: its file is missing.
        """
        path = weights or dlib_weights("shape_predictor_5_face_landmarks.dat")
        self._predictor = dlib.shape_predictor(str(path))

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        """Return the (150, 150, 3) uint8 RGB chip of a detection in an RGB image."""
        centre, side = _dlib_square(detection.landmarks)
        # dlib gives whole pixels: on a small face, a part of it that matters.
        part, corner, scale = _enlarged(image, centre, side)
        x, y = (centre - corner) * scale
        half = side * scale / 2
        box = dlib.rectangle(round(x - half), round(y - half), round(x + half), round(y + half))
        shape = self._predictor(part, box)
        return np.asarray(dlib.get_face_chip(part, shape, size=CHIP_PX, padding=CHIP_PADDING))


class PointsAlignment:
    """A 150 px crop like dlib's chip, by the similarity that fits MTCNN's own five points best."""

    version = "mtcnn-points-150"
    crop_px = CHIP_PX
    needs_box = False

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        """Return the (150, 150, 3) uint8 RGB crop of a detection in an RGB image."""
        points = detection.landmarks
        scale = abs(_similarity(points, CANONICAL)[0])
        if scale < 1 / 2:
            # One pixel in several would be sampled: shrink the face first, by averaging.
            corner = np.maximum(np.floor(points.mean(axis=0) - CHIP_PX / scale), 0)
            reach = np.ceil(points.mean(axis=0) + CHIP_PX / scale)
            part = _cut(image, np.concatenate([corner, reach]).astype(np.float32))
            image = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            size = np.array([image.shape[1] / part.shape[1], image.shape[0] / part.shape[0]])
            points = (points - corner) * size
        turn, shift = _similarity(points, CANONICAL)
        warp = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
        return np.asarray(cv2.warpAffine(image, warp, (CHIP_PX, CHIP_PX), flags=cv2.INTER_LINEAR))


class BoxAlignment:
    """The detection's box, 160 px, as facenet-pytorch cuts it for InceptionResnetV1.

    Source: facenet-pytorch 2.5.3 `models/mtcnn.py`, image_size 160, margin 0.
    """

    version = "mtcnn-box-160"
    crop_px = INCEPTION_PX
    needs_box = True

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        """Return the (160, 160, 3) uint8 RGB crop of a detection in an RGB image."""
        return cv2.resize(
            _cut(image, detection.box), (INCEPTION_PX, INCEPTION_PX), interpolation=cv2.INTER_AREA
        )


def loose_crop(image: ImageArray, detection: Detection) -> tuple[ImageArray, FloatArray]:
    """Return a crop twice the box, at most 320 px, and its landmarks, kept for re-embedding.

    Returns:
        (H, W, 3) uint8 RGB and (5, 2) float32, pixels of the crop.
    """
    centre = (detection.box[:2] + detection.box[2:]) / 2
    half = float((detection.box[2:] - detection.box[:2]).max()) * LOOSE_GROWTH / 2
    box = np.concatenate([centre - half, centre + half])
    corner = np.maximum(np.floor(box[:2]), 0).astype(np.float32)
    crop = _cut(image, box)
    scale = min(1.0, LOOSE_PX / max(crop.shape[:2]))
    if scale < 1:
        crop = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return crop, ((detection.landmarks - corner) * scale).astype(np.float32)


def dlib_weights(name: str) -> Path:
    """Return the path of one of dlib's weight files.

    Raises:
        ModelError: face_recognition_models isn't installed.
    """
    # Found, not imported: importing the package needs pkg_resources, which is gone.
    found = importlib.util.find_spec("face_recognition_models")
    if found is None or not found.submodule_search_locations:
        raise ModelError("dlib's weights are missing.", "Install the package face_recognition_models.")
    return Path(found.submodule_search_locations[0]) / "models" / name


def _similarity(points: FloatArray, targets: FloatArray) -> tuple[complex, complex]:
    """Return turn-and-scale a and shift b, so that a z + b is nearest to the targets (least squares).

    Points are taken for complex numbers x + iy: (N, 2) each.
    """
    z = points[:, 0] + 1j * points[:, 1]
    w = targets[:, 0] + 1j * targets[:, 1]
    around, aim = z - z.mean(), w - w.mean()
    turn = complex(np.vdot(around, aim) / max(float(np.vdot(around, around).real), 1e-9))
    return turn, complex(w.mean() - turn * z.mean())


def _dlib_square(landmarks: FloatArray) -> tuple[FloatArray, float]:
    """Return centre, x y, and side of the square that dlib's own detector would have given."""
    eyes, mouth = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0)
    unit = float(np.linalg.norm(mouth - eyes))
    centre = (eyes + mouth) / 2 + np.array([BOX_SHIFT * unit, 0.0])
    return centre.astype(np.float32), max(BOX_SIDE * unit, 1.0)


def _enlarged(image: ImageArray, centre: FloatArray, side: float) -> tuple[ImageArray, FloatArray, float]:
    """Return the surroundings of a square with the square at 200 px, their corner, and the scale."""
    height, width = image.shape[:2]
    reach = side * SURROUNDINGS
    x1, y1 = np.clip(np.floor(centre - reach).astype(int), 0, (width - 1, height - 1))
    x2, y2 = np.clip(np.ceil(centre + reach).astype(int), (x1 + 1, y1 + 1), (width, height))
    scale = LANDMARK_PX / side
    how = cv2.INTER_LINEAR if scale > 1 else cv2.INTER_AREA
    part = cv2.resize(image[y1:y2, x1:x2], None, fx=scale, fy=scale, interpolation=how)
    return part, np.array([x1, y1], np.float32), scale


def _cut(image: ImageArray, box: FloatArray) -> ImageArray:
    """Return the part of the image inside a box; at least one pixel."""
    height, width = image.shape[:2]
    x1, y1 = np.clip(np.floor(box[:2]).astype(int), 0, (width - 1, height - 1))
    x2, y2 = np.clip(np.ceil(box[2:]).astype(int), (x1 + 1, y1 + 1), (width, height))
    return np.ascontiguousarray(image[y1:y2, x1:x2])
