"""The usual face recognition loop built on dlib, which the door is measured against."""

from pathlib import Path
from typing import Any

import numpy as np

from faceaccess.vision.dlib_peer import LANDMARKS, WEIGHTS, dlib_weights
from faceaccess.vision.sources.images import read_photo
from faceaccess.vision.types import FloatArray, ImageArray

TOLERANCE = 0.6
"""Greatest L2 distance (not squared) that counts as the same person. Source: dlib
`examples/dnn_face_recognition_ex.cpp`; also the default of the package face_recognition."""

UPSAMPLINGS = 1


class DlibLoop:
    """HOG with one upsampling, landmarks, network and nearest of all, on every frame."""

    def __init__(self) -> None:
        """Load dlib's detector and networks.

        Raises:
            ModelError: their files are missing.
        """
        import dlib

        self._detector: Any = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(dlib_weights(LANDMARKS)))
        weights = dlib_weights(WEIGHTS)
        self._network = dlib.face_recognition_model_v1(str(weights))
        self._names: list[str] = []
        self._known = np.empty((0, 128), np.float32)

    def enrol(self, name: str, photo: Path) -> None:
        """Remember the faces of a photo under a name.

        Raises:
            FaceAccessError: the photo can't be read.
        """
        embeddings = self._embed(read_photo(photo).image)
        self._names += [name] * len(embeddings)
        self._known = np.concatenate([self._known, embeddings])

    def recognise(self, image: ImageArray) -> list[str | None]:
        """Return a name, or None for a stranger, for each face of an image.

        Args:
            image: (H, W, 3) uint8, RGB.
        """
        names: list[str | None] = []
        for embedding in self._embed(image):
            distances = np.linalg.norm(self._known - embedding, axis=1)
            nearest = int(distances.argmin()) if len(distances) else -1
            is_known = nearest >= 0 and distances[nearest] <= TOLERANCE
            names.append(self._names[nearest] if is_known else None)
        return names

    def _embed(self, image: ImageArray) -> FloatArray:
        contiguous = np.ascontiguousarray(image)
        rows = [
            self._network.compute_face_descriptor(contiguous, self._predictor(contiguous, box))
            for box in self._detector(contiguous, UPSAMPLINGS)
        ]
        return np.array(rows, np.float32).reshape(-1, 128)
