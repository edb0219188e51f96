"""Whether a camera still sees people as it did when it was set up."""

import statistics
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faceaccess.codes import Drift, Reason
from faceaccess.door.checkin import PASSER_BY_S
from faceaccess.errors import CameraError
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import FrameResult
from faceaccess.store.policy.types import Baseline
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
    detections = recogniser.detector.detect(image, smallest_face_px=max(20, smallest_face_px // 2))
    align = recogniser.embedder.alignment.align
    return [
        MeasuredFace(face, assess(face, image, align(image, face), smallest_face_px=smallest_face_px))
        for face in detections
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
    return _medians(good)


def _medians(qualities: Sequence[Quality]) -> Baseline:
    return Baseline(
        face_px=statistics.median(quality.face_px for quality in qualities),
        sharpness=statistics.median(quality.sharpness for quality in qualities),
        brightness=statistics.median(quality.brightness for quality in qualities),
        yaw=statistics.median(quality.yaw for quality in qualities),
    )


def drifts(baseline: Baseline, recent: Baseline) -> dict[Drift, float]:
    """Return how recent faces differ from a baseline, and by how much.

    Returns:
        Parts of the baseline's size, sharpness and brightness, below 0 for less; the difference
        of `Quality.yaw` for TURNED.
    """
    size, sharpness, brightness = (
        getattr(recent, name) / max(getattr(baseline, name), 1e-6) - 1
        for name in ("face_px", "sharpness", "brightness")
    )
    yaw = recent.yaw - baseline.yaw
    changes = {
        Drift.SMALLER: (size < -SIZE_DRIFT, size),
        Drift.LARGER: (size > 1 / (1 - SIZE_DRIFT) - 1, size),
        Drift.BLURRED: (sharpness < -SHARPNESS_DRIFT, sharpness),
        Drift.DARKER: (recent.brightness < baseline.brightness - BRIGHTNESS_DRIFT, brightness),
        Drift.BRIGHTER: (recent.brightness > baseline.brightness + BRIGHTNESS_DRIFT, brightness),
        Drift.TURNED: (abs(yaw) > YAW_DRIFT, yaw),
    }
    return {drift: change for drift, (is_found, change) in changes.items() if is_found}


@dataclass
class _Stay:
    """How long a track has been seen, and its largest face."""

    began_s: float
    seen_s: float
    largest: Quality


class HealthWatch:
    """Compares the people who come with a baseline. For use on the inference thread.

    Everybody counts who stays for a moment, recognised or not: where a camera was moved away or
    soiled so far that nobody is recognised any longer, only faces too small or too blurred come.
    Of each visit, the moment counts at which the face was largest: where the person stood.
    """

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._stays: dict[int, _Stay] = {}
        self._recent: deque[Quality] = deque(maxlen=RECENT_VISITS)
        self.drifts: Mapping[Drift, float] = {}

    def observe(self, result: FrameResult) -> bool:
        """Take note of a result; tell whether `drifts` has changed."""
        for face in result.faces:
            # What isn't certainly a face, or partly outside, has no size of its own.
            if face.is_judged and face.quality.reason in (Reason.UNSURE_FACE, Reason.CUT_OFF):
                continue
            stay = self._stays.setdefault(face.track_id, _Stay(result.time_s, result.time_s, face.quality))
            stay.seen_s = result.time_s
            if face.quality.face_px > stay.largest.face_px:
                stay.largest = face.quality
        return any([self._end(track_id) for track_id in result.ended_track_ids])

    def _end(self, track_id: int) -> bool:
        stay = self._stays.pop(track_id, None)
        if stay is None or stay.seen_s - stay.began_s < PASSER_BY_S:
            return False
        self._recent.append(stay.largest)
        if len(self._recent) < RECENT_VISITS:
            return False
        before, self.drifts = self.drifts, drifts(self._baseline, _medians(self._recent))
        return self.drifts.keys() != before.keys()
