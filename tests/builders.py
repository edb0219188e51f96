"""Values for tests."""

from datetime import UTC, datetime, timedelta

import numpy as np

from faceaccess.codes import Outcome, Reason
from faceaccess.recognition.types import (
    Candidate,
    Decision,
    DoorLimits,
    FrameResult,
    MatchPolicy,
    TrackedFace,
)
from faceaccess.vision.types import Detection, FloatArray, Frame, Quality

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
GOOD = Quality(100.0, 9.0, 120.0, 0.0, 0.999)
LIMITS = DoorLimits(changed_face=0.6, far_beyond=0.02, same_stranger=0.2, desk_band=0.02)
POLICY = MatchPolicy("m", 0.12, 0.0, limits=LIMITS)
"""Of a model with a scale of its own."""


def make_embedding(seed: int, dimension: int = 8) -> FloatArray:
    """Return a (D,) unit embedding."""
    raw = np.random.default_rng(seed).standard_normal(dimension)
    return (raw / np.linalg.norm(raw)).astype(np.float32)


def make_detection(x: float = 30, y: float = 20, side: float = 60, score: float = 0.999) -> Detection:
    """Return a frontal face with its box at (x, y)."""
    points = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])
    return Detection(
        np.array([x, y, x + side, y + side], np.float32), (points * side + [x, y]).astype(np.float32), score
    )


def make_frame(index: int = 0, time_s: float = 0.0, side: int = 120) -> Frame:
    """Return a grey frame."""
    return Frame(np.full((side, side, 3), 120, np.uint8), NOW + timedelta(seconds=time_s), index, time_s)


def make_candidate(person: str, distance: float, *, is_active: bool = True) -> Candidate:
    """Return a candidate."""
    return Candidate(person, distance, 1, is_active)


def make_decision(
    outcome: Outcome, person: str | None = None, reason: Reason = Reason.MATCH, distance: float = 0.1
) -> Decision:
    """Return a decision."""
    return Decision(outcome, reason, person, distance, "other", 0.5, POLICY)


def make_face(
    decision: Decision, track_id: int = 1, quality: Quality = GOOD, embedding: FloatArray | None = None
) -> TrackedFace:
    """Return a tracked face."""
    return TrackedFace(track_id, make_detection(), quality, decision, embedding=embedding)


def make_result(
    seconds: float, *faces: TrackedFace, ended: tuple[int, ...] = (), fps: float = 15.0
) -> FrameResult:
    """Return the result of a frame at a time."""
    return FrameResult(round(seconds * fps), seconds, NOW + timedelta(seconds=seconds), faces, ended)
