"""Drawn faces, and values made of numbers, for tests of the window."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice

from faceaccess.codes import Outcome, Reason
from faceaccess.gui.pictures import image_from_rgb
from faceaccess.recognition.types import Decision, FrameResult, MatchPolicy, TrackedFace
from faceaccess.store.journal.types import (
    Entry,
    Event,
)
from faceaccess.store.people.types import Person
from faceaccess.vision.types import Detection, Frame, Quality

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


MODEL_ID = "fake-128-1"


def face_rgb(seed: int, side: int = 150) -> np.ndarray:
    """Draw a face-like picture, (side, side, 3) uint8 RGB."""
    rng = np.random.default_rng(seed)
    ys, xs = np.mgrid[0:side, 0:side] / side
    picture = np.empty((side, side, 3), np.uint8)
    picture[:] = rng.integers(90, 200, 3)
    skin = np.array([224, 172, 140]) * rng.uniform(0.5, 1.05)
    picture[((xs - 0.5) / 0.33) ** 2 + ((ys - 0.52) / 0.42) ** 2 < 1] = skin.clip(0, 255)
    picture[(((xs - 0.5) / 0.35) ** 2 + ((ys - 0.3) / 0.24) ** 2 < 1) & (ys < 0.3)] = rng.integers(20, 90, 3)
    for eye in (0.37, 0.63):
        picture[((xs - eye) / 0.045) ** 2 + ((ys - 0.45) / 0.035) ** 2 < 1] = 25
    picture[(abs(xs - 0.5) < 0.11) & (abs(ys - 0.73) < 0.018)] = (150, 60, 60)
    return picture


@lru_cache(maxsize=256)
def face_jpeg(seed: int, side: int = 150) -> bytes:
    """Return `face_rgb` as JPEG bytes."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image_from_rgb(face_rgb(seed, side)).save(buffer, "JPEG", 90)
    return bytes(data.data())


def make_person(number: int, **changes: object) -> Person:
    """Return a person with a given number."""
    person = Person(
        person_id=f"{number:032x}",
        name=f"Person {number}",
        staff_number=f"S{number:03d}",
        department="Workshop" if number % 2 else "Office",
        is_active=True,
        created_at=NOW - timedelta(days=number),
        template_count=1 + number % 3,
        last_seen=NOW - timedelta(hours=number),
    )
    return replace(person, **changes)


_REASON_OF = {
    Outcome.ACCEPTED: Reason.MATCH,
    Outcome.UNKNOWN: Reason.NO_MATCH,
    Outcome.AMBIGUOUS: Reason.RUNNER_UP_TOO_CLOSE,
    Outcome.LOW_QUALITY: Reason.FACE_TOO_SMALL,
    Outcome.DENIED: Reason.INACTIVE,
    Outcome.SUSPECTED: Reason.TURN_NOT_MADE,
}


def make_event(
    seq: int, outcome: Outcome = Outcome.ACCEPTED, *, person: Person | None = None, **changes: object
) -> Event:
    """Return a journalled entry."""
    entry = Entry(
        at=NOW + timedelta(seconds=seq),
        zone="UTC",
        outcome=outcome,
        reason=_REASON_OF[outcome],
        person_id=person.person_id if person else None,
        distance=0.183 if person else 0.412,
        runner_up_id="f" * 32,
        runner_up_distance=0.391,
        threshold=0.27,
        margin=0.02,
        model_id=MODEL_ID,
        device="CPU (ONNX Runtime)",
        quality=23.4,
        camera="Front door",
        frame=seq * 7,
        time_s=seq * 0.28,
        track_id=seq,
    )
    entry = replace(entry, **changes)
    return Event(seq, entry, person.name if person else None, "Person 99", has_crop=True)


def make_frame(index: int = 0, *, height: int = 480, width: int = 640) -> Frame:
    """Return a frame with a face in its middle."""
    image = np.full((height, width, 3), 70, np.uint8)
    image[:, :, 2] = np.linspace(60, 120, width, dtype=np.uint8)
    side = height // 2
    top, left = height // 4, (width - side) // 2
    image[top : top + side, left : left + side] = face_rgb(index, side)
    return Frame(image, NOW, index, index / 25)


def make_face(
    decision: Decision, track_id: int = 1, box: tuple[float, ...] = (220, 130, 420, 350)
) -> TrackedFace:
    """Return a face found in a frame."""
    detection = Detection(np.array(box, np.float32), np.zeros((5, 2), np.float32), 0.99)
    return TrackedFace(track_id, detection, Quality(200, 25, 120, 0, 0.99), decision)


def make_decision(outcome: Outcome, person: Person | None = None) -> Decision:
    """Return a decision."""
    has_person = person is not None
    return Decision(
        outcome,
        _REASON_OF[outcome],
        person.person_id if person else None,
        0.183 if has_person else 0.412,
        None,
        None,
        MatchPolicy(MODEL_ID, 0.27, 0.02),
    )


def make_result(*faces: TrackedFace) -> FrameResult:
    """Return what the pipeline found in a frame."""
    return FrameResult(0, 0.0, NOW, faces)
