"""One frame, from pixels to decisions: detect, follow, align, measure, embed, search, decide."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from faceaccess.recognition.decision import decide
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.types import Decision, FrameResult, MatchPolicy, StageTimes, TrackedFace
from faceaccess.vision.detector import Detector
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.quality import assess
from faceaccess.vision.tracking import Tracker
from faceaccess.vision.types import Detection, FloatArray, Frame, ImageArray, Quality


@dataclass(frozen=True, eq=False)
class Recogniser:
    """A model with its gallery and detector.

    Attributes:
        device_title: where its networks run, for window and log.
    """

    detector: Detector
    embedder: Embedder
    gallery: Gallery
    device_title: str


@dataclass
class _Fusion:
    """The embeddings of a track, summed: frames of one face agree better than any one of them."""

    total: FloatArray
    count: int = 0
    decision: Decision | None = None
    last: FloatArray | None = field(default=None, repr=False)

    def add(self, embedding: FloatArray) -> FloatArray:
        """Take another frame's embedding; return the fused one, of unit norm."""
        self.total = self.total + embedding
        self.count += 1
        self.last = embedding
        return (self.total / np.linalg.norm(self.total)).astype(np.float32)


CHANGED_FACE = 0.60
"""A frame farther than this (squared L2) from its track's fused embedding shows someone else:
the fusion starts anew. Source: `faceaccess evaluate pairs`, beyond 99.9 % of mated pairs."""


class Pipeline:
    """The steps of one camera. Keeps its tracks; for use on one thread."""

    def __init__(self, recogniser: Recogniser, policy: MatchPolicy, *, smallest_face_px: int) -> None:
        """Take the parts.

        Args:
            recogniser: models and gallery.
            policy: threshold and margin; may be replaced at any time by setting `policy`.
            smallest_face_px: shorter side of the smallest face that is judged.
        """
        self.policy = policy
        self._recogniser, self._smallest_face_px = recogniser, smallest_face_px
        self._tracker = Tracker()
        self._fusions: dict[int, _Fusion] = {}

    def process(self, frame: Frame) -> FrameResult:
        """Return what is in a frame. Called from the inference thread."""
        clock = _Clock()
        detections = self._recogniser.detector.detect(frame.image, smallest_face_px=self._smallest_face_px)
        clock.lap("detection_ms")
        ids, ended = self._tracker.update(detections, frame.time_s)
        for track_id in ended:
            self._fusions.pop(track_id, None)
        faces = self._judge(frame.image, detections, ids, clock)
        return FrameResult(
            frame.index, frame.time_s, frame.captured_at, tuple(faces), tuple(ended), clock.times()
        )

    def _judge(
        self, image: ImageArray, detections: Sequence[Detection], ids: Sequence[int], clock: "_Clock"
    ) -> list[TrackedFace]:
        if not detections:
            return []
        align = self._recogniser.embedder.alignment.align
        crops = [align(image, found) for found in detections]
        qualities = [
            assess(found, image, crop, smallest_face_px=self._smallest_face_px)
            for found, crop in zip(detections, crops, strict=True)
        ]
        clock.lap("alignment_ms")
        good = [i for i, quality in enumerate(qualities) if quality.reason is None]
        embeddings: dict[int, FloatArray] = {}
        if good:
            rows = self._recogniser.embedder.embed_probes(np.stack([crops[i] for i in good]))
            embeddings = dict(zip(good, rows, strict=True))
        clock.lap("embedding_ms")
        faces = []
        for i, (found, crop, quality, track_id) in enumerate(
            zip(detections, crops, qualities, ids, strict=True)
        ):
            embedding = embeddings.get(i)
            decision = self._decide(track_id, quality, embedding)
            faces.append(TrackedFace(track_id, found, quality, decision, crop, embedding))
        clock.lap("search_ms")
        return faces

    def _decide(self, track_id: int, quality: Quality, embedding: FloatArray | None) -> Decision:
        if embedding is None:
            return decide((), quality, self.policy)
        fusion = self._fusions.get(track_id)
        if fusion is None or _distance(fusion.total, embedding) > CHANGED_FACE:
            fusion = self._fusions[track_id] = _Fusion(np.zeros_like(embedding))
        fused = fusion.add(embedding)
        return decide(self._recogniser.gallery.search(fused[None])[0], quality, self.policy)

    def end(self) -> tuple[int, ...]:
        """End all tracks, at the end of a source, and return their ids."""
        self._fusions.clear()
        return tuple(self._tracker.end())


def _distance(total: FloatArray, embedding: FloatArray) -> float:
    """Return the squared L2 between the direction of a sum and an embedding."""
    return 2 - 2 * float(np.dot(total, embedding)) / max(float(np.linalg.norm(total)), 1e-9)


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Count the time since the last lap as this stage's."""
        now = time.perf_counter()
        self._laps[stage] = (now - self._last) * 1000
        self._last = now

    def times(self) -> StageTimes:
        """Return the stages so far and the total."""
        return StageTimes(**self._laps, total_ms=(time.perf_counter() - self._started) * 1000)
