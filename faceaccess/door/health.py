"""Whether a camera still sees people as it did when it was set up."""

import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from faceaccess.codes import Drift
from faceaccess.door.checkin import NAMED
from faceaccess.errors import CameraError
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import FrameResult
from faceaccess.store.types import Baseline
from faceaccess.vision.quality import assess
from faceaccess.vision.types import Detection, ImageArray, Quality

BASELINE_FACES = 5
"""So many measurements of somebody who stands there make a baseline: their medians."""

RECENT_VISITS = 20
"""Drift is told from the medians of so many visits: one child or one bent head is no drift."""

SIZE_DRIFT = 0.30
SHARPNESS_DRIFT = 0.40
BRIGHTNESS_DRIFT = 40.0
YAW_DRIFT = 0.40
"""Greatest differences from the baseline: parts of size and sharpness, grey levels, and `Quality.yaw`.

Source: medians of 20 visits each, of `evaluate video` recordings of different people before one
camera, lay within 8 % in size, 17 % in sharpness, 14 grey levels and 0.08 of yaw: the limits are
two to five times as far."""


@dataclass(frozen=True, eq=False)
class MeasuredFace:
    """A face in a preview and how well it could be recognised."""

    detection: Detection
    quality: Quality


def measure(recogniser: Recogniser, image: ImageArray, *, smallest_face_px: int) -> list[MeasuredFace]:
    """Return the faces of a picture with their quality; smaller ones than asked for too.

    Args:
        recogniser: its detector and alignment are used, on the calling thread.
        image: (H, W, 3) uint8, RGB.
        smallest_face_px: what counts as big enough.
    """
    found = recogniser.detector.detect(image, smallest_face_px=max(20, smallest_face_px // 2))
    align = recogniser.embedder.alignment.align
    return [
        MeasuredFace(face, assess(face, image, align(image, face), smallest_face_px=smallest_face_px))
        for face in found
    ]


def baseline_of(qualities: Sequence[Quality]) -> Baseline:
    """Return the medians of several measurements of somebody at the door.

    Raises:
        CameraError: there are too few of them, or the face could not have been judged.
    """
    good = [quality for quality in qualities if quality.reason is None]
    if len(good) < BASELINE_FACES:
        raise CameraError(
            "Nobody could be measured.", "Have somebody stand where people will stand, looking at the camera."
        )
    return Baseline(
        face_px=statistics.median(quality.face_px for quality in good),
        sharpness=statistics.median(quality.sharpness for quality in good),
        brightness=statistics.median(quality.brightness for quality in good),
        yaw=statistics.median(quality.yaw for quality in good),
    )


def drifts(baseline: Baseline, recent: Baseline) -> frozenset[Drift]:
    """Return how recent faces differ from a baseline."""
    size = recent.face_px / baseline.face_px
    found = {
        Drift.SMALLER: size < 1 - SIZE_DRIFT,
        Drift.LARGER: size > 1 / (1 - SIZE_DRIFT),
        Drift.BLURRED: recent.sharpness < baseline.sharpness * (1 - SHARPNESS_DRIFT),
        Drift.DARKER: recent.brightness < baseline.brightness - BRIGHTNESS_DRIFT,
        Drift.BRIGHTER: recent.brightness > baseline.brightness + BRIGHTNESS_DRIFT,
        Drift.TURNED: abs(recent.yaw - baseline.yaw) > YAW_DRIFT,
    }
    return frozenset(drift for drift, is_found in found.items() if is_found)


class HealthWatch:
    """Compares the people who were recognised with a baseline. For use on the inference thread.

    Of each visit, the moment counts at which the face was largest: where the person stood.
    """

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._largest: dict[int, Quality] = {}
        self._named: set[int] = set()
        self._recent: deque[Quality] = deque(maxlen=RECENT_VISITS)
        self.found: frozenset[Drift] = frozenset()

    def observe(self, result: FrameResult) -> bool:
        """Take note of a result; tell whether what is `found` has changed."""
        for face in result.faces:
            if not face.is_judged or face.quality.reason is not None:
                continue
            largest = self._largest.setdefault(face.track_id, face.quality)
            if face.quality.face_px > largest.face_px:
                self._largest[face.track_id] = face.quality
            if face.decision.outcome in NAMED:
                self._named.add(face.track_id)
        return any([self._end(track_id) for track_id in result.ended_track_ids])

    def _end(self, track_id: int) -> bool:
        largest = self._largest.pop(track_id, None)
        if largest is None or track_id not in self._named:
            return False
        self._named.discard(track_id)
        self._recent.append(largest)
        if len(self._recent) < RECENT_VISITS:
            return False
        before, self.found = self.found, drifts(self._baseline, baseline_of(self._recent))
        return self.found != before
