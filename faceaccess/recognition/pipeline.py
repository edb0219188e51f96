"""One frame, from pixels to decisions: detect, follow, align, measure, embed, search, decide."""

import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np

from faceaccess.recognition.decision import decide
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.lookout import Lookout
from faceaccess.recognition.types import Decision, FrameResult, MatchPolicy, StageTimes, TrackedFace
from faceaccess.settings import WHOLE_PICTURE, Region
from faceaccess.vision.detector import Detector
from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.embedder import Embedder
from faceaccess.vision.quality import assess
from faceaccess.vision.tracking import Tracker
from faceaccess.vision.types import Detection, FloatArray, Frame, Quality


@dataclass(frozen=True, eq=False)
class Recogniser:
    """A model with its gallery and detector.

    Attributes:
        device: where its networks run.
    """

    detector: Detector
    embedder: Embedder
    gallery: Gallery
    device: DeviceInUse

    @property
    def device_title(self) -> str:
        """Where its networks run now, for window and log."""
        return self.device.title


_ROUNDING_S = 1e-3

SEARCH_EVERY_S = 0.1
OPEN_EVERY_S = 0.05
SETTLED_EVERY_S = 0.25
"""Least time between two detections: of an empty picture, while somebody is still to be decided
about, and while nobody is. A settled face's boxes still overlap (`LOST_AFTER_S` is twice as long),
and a newcomer beside it waits no longer than that. Source: `faceaccess evaluate video`: half as
many looks at an open face cost 4 of 560 right entries; the others cost none."""

FAR_AFTER_S = 0.3
"""A face that after this time is still farther beyond the threshold than `DoorLimits.far_beyond` is looked at
as seldom as a settled one, until it comes nearer. Source: `faceaccess evaluate video` on 8 recordings with
the former model: 313 of 320 right instead of 312, for a third less processor time."""

RECHECK_S = 1.0
"""A settled face is embedded again so often, to see that it is still the same one; so is one that stays far
beyond the threshold. Source: `faceaccess evaluate video` on 10 recordings of 60 visits, whose results are the
same as with the latter embedded at each look, for a third to two fifths fewer embeddings."""

IMPROVED = 1.3
"""Such a face that grew by this factor since it was last embedded is embedded again."""


@dataclass
class _Fusion:
    """The embeddings of a track, summed: frames of one face agree better than any one of them.

    Attributes:
        total: (D,) float32, each embedding times the area of its face: more pixels tell more.
            Source: `faceaccess evaluate video`, against equal weights.
    """

    total: FloatArray
    decision: Decision
    quality: Quality
    embedded_s: float

    @property
    def embedding(self) -> FloatArray:
        """(D,) float32 of unit norm: what the track looks like so far."""
        return (self.total / np.linalg.norm(self.total)).astype(np.float32)

    def is_due(self, detection: Detection, time_s: float) -> bool:
        """Tell whether a face about which nothing is open is to be embedded again."""
        has_improved = detection.face_px >= IMPROVED * self.quality.face_px
        return has_improved or time_s - self.embedded_s >= RECHECK_S


class Pipeline:
    """The steps of one camera. Keeps its tracks; for one frame at a time, on any thread."""

    def __init__(
        self,
        recogniser: Recogniser,
        policy: MatchPolicy,
        *,
        smallest_face_px: int,
        region: Region = WHOLE_PICTURE,
        track_ids: Iterator[int] | None = None,
    ) -> None:
        """Take the parts.

        Args:
            recogniser: models and gallery.
            policy: threshold and margin; may be replaced at any time by setting `policy`.
            smallest_face_px: shorter side of the smallest face that is judged.
            region: the part of the picture in which faces count.
            track_ids: numbers for tracks, shared by the cameras of a door.
        """
        self.policy = policy
        self._recogniser, self._smallest_face_px = recogniser, smallest_face_px
        self._lookout = Lookout(recogniser.detector, region, smallest_face_px=smallest_face_px)
        self._tracker = Tracker(track_ids)
        self._fusions: dict[int, _Fusion] = {}
        self._present: dict[int, float] = {}
        self._detected_s: float | None = None

    def is_due(self, time_s: float, settled: Set[int] = frozenset()) -> bool:
        """Tell whether a frame is worth processing; between such frames, tracks carry on.

        Args:
            time_s: the frame's time on the source's clock.
            settled: tracks about which nothing is open.
        """
        if self._detected_s is None or time_s < self._detected_s:
            return True
        every_s = SEARCH_EVERY_S
        if self._present:
            is_open = any(self._is_open(track_id, time_s) for track_id in self._present.keys() - settled)
            every_s = OPEN_EVERY_S if is_open else SETTLED_EVERY_S
        return time_s - self._detected_s >= every_s - _ROUNDING_S

    def _is_open(self, track_id: int, time_s: float) -> bool:
        """Tell whether the next frames may decide about a face that isn't settled."""
        fusion = self._fusions.get(track_id)
        if fusion is None or fusion.decision.distance is None:
            return True
        beyond = fusion.decision.distance - self.policy.threshold
        return beyond <= self.policy.at_door.far_beyond or time_s - self._present[track_id] < FAR_AFTER_S

    def _may_wait(self, track_id: int, detection: Detection, time_s: float, settled: Set[int]) -> bool:
        """Tell whether a face that was embedded before need not be in this frame."""
        fusion = self._fusions.get(track_id)
        if fusion is None or (track_id not in settled and self._is_open(track_id, time_s)):
            return False
        return not fusion.is_due(detection, time_s)

    def process(
        self, frame: Frame, settled: Set[int] = frozenset(), *, interval_s: float = 0.0
    ) -> FrameResult:
        """Return the faces in a frame. May be called from any thread, one frame at a time.

        Args:
            frame: the newest one.
            settled: tracks about which nothing is open: they are embedded only now and then.
            interval_s: the source's usual time between two pictures.
        """
        clock = _Clock()
        detections = self._lookout.faces(frame)
        clock.lap("detection_ms")
        self._detected_s = frame.time_s
        ids, ended = self._tracker.update(detections, frame.time_s, interval_s=interval_s)
        self._present = {track_id: self._present.get(track_id, frame.time_s) for track_id in ids}
        for track_id in ended:
            self._fusions.pop(track_id, None)
        faces: dict[int, TrackedFace] = {}
        open_faces = []
        for track_id, detection in zip(ids, detections, strict=True):
            if self._may_wait(track_id, detection, frame.time_s, settled):
                fusion = self._fusions[track_id]
                faces[track_id] = TrackedFace(
                    track_id, detection, fusion.quality, fusion.decision, is_judged=False
                )
            else:
                open_faces.append((track_id, detection))
        faces |= {face.track_id: face for face in self._judge(frame, open_faces, clock)}
        return FrameResult(
            frame.index,
            frame.time_s,
            frame.captured_at,
            tuple(faces[track_id] for track_id in ids),
            tuple(ended),
            clock.times(),
            interval_s,
        )

    def _judge(
        self, frame: Frame, tracked: Sequence[tuple[int, Detection]], clock: "_Clock"
    ) -> list[TrackedFace]:
        if not tracked:
            return []
        align = self._recogniser.embedder.alignment.align
        crops = [align(frame.image, detection) for _, detection in tracked]
        qualities = [
            assess(detection, frame.image, crop, smallest_face_px=self._smallest_face_px)
            for (_, detection), crop in zip(tracked, crops, strict=True)
        ]
        clock.lap("alignment_ms")
        good = [i for i, quality in enumerate(qualities) if quality.reason is None]
        embeddings: dict[int, FloatArray] = {}
        if good:
            rows = self._recogniser.embedder.embed_probes(np.stack([crops[i] for i in good]))
            embeddings = dict(zip(good, rows, strict=True))
        clock.lap("embedding_ms")
        faces = []
        for i, (track_id, detection) in enumerate(tracked):
            embedding = embeddings.get(i)
            decision = self._decide(track_id, qualities[i], embedding, frame.time_s)
            fused = None if embedding is None else self._fusions[track_id].embedding
            faces.append(
                TrackedFace(
                    track_id,
                    detection,
                    qualities[i],
                    decision,
                    image=frame.image,
                    embedding=embedding,
                    fused=fused,
                )
            )
        clock.lap("search_ms")
        return faces

    def _decide(
        self, track_id: int, quality: Quality, embedding: FloatArray | None, time_s: float
    ) -> Decision:
        if embedding is None:
            return decide((), quality, self.policy)
        fusion = self._fusions.get(track_id)
        total = embedding * np.float32(quality.face_px**2)
        if fusion is not None and _distance(fusion.total, embedding) <= self.policy.at_door.changed_face:
            # A frame that is farther shows somebody else: the fusion starts anew.
            total = fusion.total + total
        fused = (total / np.linalg.norm(total)).astype(np.float32)
        decision = decide(self._recogniser.gallery.search(fused[None])[0], quality, self.policy)
        self._fusions[track_id] = _Fusion(total, decision, quality, time_s)
        return decision

    def end(self) -> tuple[int, ...]:
        """End all tracks, at the end of a source, and return their ids."""
        self._fusions.clear()
        self._present, self._detected_s = {}, None
        self._lookout.forget()
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
