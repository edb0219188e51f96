"""The faces in a camera's picture, and when it need not be searched for them."""

import math
from dataclasses import replace

import numpy as np

from faceaccess.settings import Region
from faceaccess.vision.detector import Detector
from faceaccess.vision.picture import EmptyScene
from faceaccess.vision.types import Detection, Frame, ImageArray

EMPTY_AFTER_S = 1.0
STILL_EVERY_S = 0.5
"""Once nobody was seen for the first, a picture that stays the same but for noise is searched so seldom: a
face that is followed may be missed for a moment, and one that was missed is looked for again soon."""

WHOLE_EVERY_S = 0.25
MUCH_SMALLER = 0.5
"""While faces are followed, those much smaller than the smallest of them are looked for only so often: they
are far from the door, and finding them takes most of the time. Source: `faceaccess evaluate video`."""

_ROUNDING_S = 1e-3


class Lookout:
    """Finds the faces of one camera. For use on one thread."""

    def __init__(self, detector: Detector, region: Region, *, smallest_face_px: int) -> None:
        """Take what finds them.

        Args:
            detector: of the model in use.
            region: the part of the picture in which faces count.
            smallest_face_px: shorter side of the smallest face that is judged.
        """
        self._detector, self._region, self._smallest_face_px = detector, region, smallest_face_px
        self._scene = EmptyScene()
        self._searched_s = self._seen_s = self._whole_s = -math.inf
        self._followed_px = 0.0

    def faces(self, frame: Frame) -> list[Detection]:
        """Return the faces of the region, in pixels of the whole picture.

        None, unsearched, while it shows the scene that was empty a moment ago.
        """
        height, width = frame.image.shape[:2]
        left, top = round(self._region[0] * width), round(self._region[1] * height)
        right, bottom = round(self._region[2] * width), round(self._region[3] * height)
        part = frame.image[top:bottom, left:right]
        if self._is_empty(part, frame.time_s):
            return []
        detections = self._detector.detect(part, smallest_face_px=self._smallest_sought_px(frame.time_s))
        self._followed_px = min((face.face_px for face in detections), default=0.0)
        self._note(part, frame.time_s, is_empty=not detections)
        if not left and not top:
            return detections
        shift = np.array([left, top], np.float32)
        return [
            replace(face, box=face.box + np.tile(shift, 2), landmarks=face.landmarks + shift)
            for face in detections
        ]

    def forget(self) -> None:
        """Search the next picture for faces of any size, whatever it shows: the source was away."""
        self._scene.forget()
        self._whole_s = -math.inf

    def _smallest_sought_px(self, time_s: float) -> int:
        """Return the shorter side of the smallest face to be looked for now, pixels."""
        followed = round(MUCH_SMALLER * self._followed_px)
        is_lately = 0 <= time_s - self._whole_s < WHOLE_EVERY_S - _ROUNDING_S
        if is_lately and followed > self._smallest_face_px:
            return followed
        self._whole_s = time_s
        return self._smallest_face_px

    def _is_empty(self, part: ImageArray, time_s: float) -> bool:
        is_lately = 0 <= time_s - self._searched_s < STILL_EVERY_S - _ROUNDING_S
        return is_lately and time_s - self._seen_s >= EMPTY_AFTER_S and self._scene.is_still(part)

    def _note(self, part: ImageArray, time_s: float, *, is_empty: bool) -> None:
        self._searched_s = time_s
        if is_empty:
            self._scene.remember(part)
        else:
            self._seen_s = time_s
            self._scene.forget()
