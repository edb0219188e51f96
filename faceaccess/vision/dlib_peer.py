"""dlib's face network, the peer that this program's own is measured against; nothing else uses it.

Needs the packages of the extra `compare`, and torch for the first export.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.network_source import NetworkSource, exported_by_torch
from faceaccess.vision.runtime import package_folder
from faceaccess.vision.types import Detection, FloatArray, ImageArray

if TYPE_CHECKING:
    from torch import nn

try:
    import dlib
except ImportError as exc:
    raise ModelError("dlib isn't installed.", "To compare with it: pip install faceaccess[compare]") from exc

WEIGHTS = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS = "shape_predictor_5_face_landmarks.dat"
DLIB_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"

CHIP_PX = 150
CHIP_PADDING = 0.25
"""Source: dlib `examples/dnn_face_recognition_ex.cpp`, get_face_chip_details(shape, 150, 0.25)."""

ROWS_AT_ONCE = 4
"""Faces at a time on a CPU, as for SFace."""

BOX_SIDE = 2.27
BOX_SHIFT = 0.032
"""Square that dlib's own detector would have given, in distances between the midpoints of the
eyes and of the mouth corners. Source: medians over 3 790 LFW faces that both detectors found."""

LANDMARK_PX = 200
"""Side of that square when landmarks are looked for."""

SURROUNDINGS = 1.2
"""How far from its centre a chip may reach, in sides of that square."""


class ChipAlignment:
    """dlib's 150 px face chip, from dlib's five landmarks found in a detection."""

    version = "mtcnn-dlib5-150b"
    crop_px = CHIP_PX
    needs_box = False

    def __init__(self) -> None:
        """Load the landmark predictor.

        Raises:
            ModelError: its file is missing.
        """
        self._predictor = dlib.shape_predictor(str(dlib_weights(LANDMARKS)))

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


def dlib_weights(name: str) -> Path:
    """Return the path of one of dlib's weight files.

    Raises:
        ModelError: face_recognition_models isn't installed.
    """
    return package_folder("face_recognition_models", "face_recognition_models==0.3.0") / "models" / name


def dlib_network() -> NetworkSource:
    """Return dlib's network, (N, 3, 150, 150) float32 RGB 0 to 255 to (N, 128) not normalised.

    Raises:
        ModelError: its weights or torch are missing.
    """
    weights = partial(dlib_weights, WEIGHTS)

    def build() -> "nn.Module":
        from faceaccess.vision.networks.dlib_resnet import DlibResNet

        return DlibResNet(weights()).eval()

    source = exported_by_torch("dlib-resnet", weights, build, (1, 3, CHIP_PX, CHIP_PX))
    return replace(source, rows_at_once=ROWS_AT_ONCE, weights_sha256=DLIB_SHA256)


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
