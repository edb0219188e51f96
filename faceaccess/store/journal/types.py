"""Entries and rows of the log, as the rest of the program sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import (
    AttackKind,
    Direction,
    JournalKind,
    LivenessMode,
    Method,
    OtherWay,
    Outcome,
    Reason,
    Side,
    TurnResult,
)
from faceaccess.settings import is_live


@dataclass(frozen=True, eq=False)
class EntryCrop:
    """The picture of an entry's face.

    Attributes:
        jpeg: a loose crop; in entries of an older program, the aligned face alone.
        landmarks: (5, 2) float32, pixels of the loose crop; None for an aligned face.
    """

    jpeg: bytes
    landmarks: NDArray[np.float32] | None


@dataclass(frozen=True)
class Liveness:
    """What a door measured to see that a face is no picture.

    Attributes:
        mode: of the door.
        turn: how the last try of turning the head ended; None where nobody was asked.
        sides: what was asked for in it.
        times_s: from each movement's being asked for to its end, as far as they were made.
        tries: how many.
        score: how live the face looked, 0 to 1; None where it wasn't measured.
        limit: of the score, below which the door was in doubt.
        model_id: the networks that gave the score; "" where none did.
        edge, pattern: see `vision.liveness.signals`; None where they weren't measured.
        other_way: how the person comes in instead of turning the head, or None.
        is_replayed: whether its pictures had come from the camera before.
        is_other_camera: whether the camera was virtual or another than was set up.
    """

    mode: LivenessMode
    turn: TurnResult | None = None
    sides: tuple[Side, ...] = ()
    times_s: tuple[float, ...] = ()
    tries: int = 0
    score: float | None = None
    limit: float = 0.0
    model_id: str = ""
    edge: float | None = None
    pattern: float | None = None
    other_way: OtherWay | None = None
    is_replayed: bool = False
    is_other_camera: bool = False


@dataclass(frozen=True)
class Entry:
    """An access event to be journalled; see `Event` for one that has been.

    Attributes:
        at: UTC time of the frame of the decision.
        zone: name of the zone in force, or its UTC offset.
        person_id: the person for ACCEPTED and DENIED; the nearest for AMBIGUOUS; whom it looked like for
            SUSPECTED; else None.
        distance, runner_up_distance, threshold, margin: squared L2.
        quality: sharpness of the crop.
        camera: the camera's name; of one that was not set up, its address.
        door: the name of the door that it looks at; "" in entries of an older program.
        nearest_id: the nearest person, whatever the outcome; None in entries of an older program.
        corrects: position of the entry that a manual one stands for.
        evidence: position of the refused entry that a manual one relies on.
        entered_at: UTC time at which a manual entry was made; `at` is the time that it is about.
        is_recording: True when it doesn't count: it came from a file, a camera that was not set up, or a
            trial day.
        frame: number of the frame of the decision.
        time_s: seconds into the source.
        track_id: the track that was decided.
        is_trial: whether it came from a live camera on a trial day.
        waited_s: from when the face was first near enough to be judged to the decision; None where no face
            decided, and in entries of an older program.
        liveness: what was measured of it; None where nothing was, and in entries of an older program.
        drill: what was held up in an attack drill; None for what is no drill.
    """

    at: datetime
    zone: str
    outcome: Outcome
    reason: Reason
    person_id: str | None
    distance: float | None
    runner_up_id: str | None
    runner_up_distance: float | None
    threshold: float
    margin: float
    model_id: str
    device: str
    quality: float
    camera: str
    door: str = ""
    direction: Direction = Direction.BOTH
    method: Method = Method.FACE
    is_recording: bool = False
    frame: int = 0
    time_s: float = 0.0
    track_id: int = 0
    nearest_id: str | None = None
    corrects: int | None = None
    evidence: int | None = None
    entered_at: datetime | None = None
    is_trial: bool = False
    waited_s: float | None = None
    liveness: Liveness | None = None
    drill: AttackKind | None = None

    @property
    def is_of_file(self) -> bool:
        """Whether it came from a file, whose clock is not the wall clock."""
        is_staged = self.is_trial or self.drill is not None
        return self.is_recording and not is_staged and not is_live(self.camera)


@dataclass(frozen=True)
class Event:
    """A journalled entry as the log shows it.

    Attributes:
        seq: position in the journal, from 1.
        entry: what was journalled.
        person_name: the person's present name; None for none or one since deleted.
        runner_up_name: the runner-up's present name, likewise.
        has_crop: whether a face crop is stored.
        voided_by: position of the row that voids it, or None: it stays in the journal all the same.
    """

    seq: int
    entry: Entry
    person_name: str | None
    runner_up_name: str | None
    has_crop: bool
    voided_by: int | None = None


@dataclass(frozen=True)
class EventFilter:
    """The entries to list; None or empty means all. Times are UTC, `until` exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    person_id: str | None = None
    text: str = ""
    outcomes: tuple[Outcome, ...] = ()
    camera: str | None = None
    department: str | None = None
    reason: Reason | None = None
    door: str | None = None
    method: Method | None = None


class EventOrder(StrEnum):
    """The column the log is sorted by; within one outcome, camera or person, the newest comes first."""

    ENTRY = "entry"
    TIME = "time"
    PERSON = "person"
    OUTCOME = "outcome"
    DISTANCE = "distance"
    CAMERA = "camera"


@dataclass(frozen=True)
class EventSort:
    """How the log is sorted."""

    order: EventOrder = EventOrder.ENTRY
    is_descending: bool = True


@dataclass(frozen=True)
class JournalRow:
    """Any journal row, for tools that read the whole record."""

    seq: int
    at: datetime
    kind: JournalKind
    actor: str
    person_id: str | None
    details: Mapping[str, object] = field(default_factory=dict)
