"""From a check-in to a journalled entry, with everything that was in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from faceaccess.codes import (
    AttackKind,
    CameraDoubt,
    CameraFault,
    CameraState,
    Drift,
    JournalKind,
    Method,
    Outcome,
)
from faceaccess.door.checkin import CheckIn
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.clock import local_zone
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Entry, Event
from faceaccess.vision.sources.images import to_jpeg
from faceaccess.vision.types import FloatArray

CROP_JPEG_QUALITY = 85


class EntryLog:
    """Writes the entries of one camera."""

    def __init__(
        self,
        journal: Journal,
        *,
        camera: str,
        door: str,
        device: str,
        is_recording: bool,
        is_trial: bool = False,
        drill: Callable[[], AttackKind | None] | None = None,
        notify: Callable[[int, Outcome | None], None] = lambda _, __: None,
        keep_unknown: Callable[[int, FloatArray, MatchPolicy], None] = lambda _, __, ___: None,
    ) -> None:
        """Take what every entry of the camera has in common.

        Args:
            journal: where entries go.
            camera: name of the camera or recording.
            door: name of the door that it looks at.
            device: where the networks run.
            is_recording: whether entries don't count: of a file, or of a camera that was not set up.
            is_trial: whether they are those of a trial day, which don't count either.
            drill: returns what is held up in an attack drill, whose entries don't count; None outside of one.
            notify: lets a row wait for the programs to be told, in the same transaction; of an
                entry with its outcome.
            keep_unknown: keeps the face of an entry for as long as the policy says, in the same
                transaction, where nobody was recognised.
        """
        self._keep_unknown, self._is_trial = keep_unknown, is_trial
        is_recording = is_recording or is_trial or drill is not None
        self._drill = drill or (lambda: None)
        self._journal, self._camera, self._door = journal, camera, door
        self._device, self._is_recording, self._notify = device, is_recording, notify

    def append(
        self,
        check_in: CheckIn,
        actor: Actor = DOOR,
        truth: Mapping[str, object] | None = None,
    ) -> Event:
        """Commit an entry with its crop; it is on disk when this returns.

        Args:
            check_in: what happened.
            actor: who decided: the door itself, or an operator at the desk.
            truth: the desk's answer, to be kept with the entry; see `desk.truth_of`.

        Raises:
            StoreError: it could not be written; there is no entry.
        """
        decision = check_in.decision
        # Of the moment of the decision: an entry may wait for the desk, and the numbers change meanwhile.
        policy = decision.policy
        by_face = check_in.method is Method.FACE
        entry = Entry(
            at=check_in.at,
            zone=local_zone(),
            outcome=decision.outcome,
            reason=decision.reason,
            person_id=decision.person_id,
            distance=decision.distance,
            runner_up_id=decision.runner_up_id,
            runner_up_distance=decision.runner_up_distance,
            threshold=decision.threshold,
            margin=policy.margin if by_face else 0.0,
            model_id=policy.model_id if by_face else "",
            device=self._device,
            quality=check_in.quality.sharpness,
            camera=self._camera,
            door=self._door,
            direction=check_in.direction,
            method=check_in.method,
            is_recording=self._is_recording,
            is_trial=self._is_trial,
            waited_s=check_in.waited_s,
            frame=check_in.frame_index,
            time_s=check_in.time_s,
            track_id=check_in.track_id,
            nearest_id=decision.nearest_id,
            liveness=check_in.liveness,
            drill=self._drill(),
        )
        crop = check_in.crop
        jpeg = None if crop is None else to_jpeg(crop.image, CROP_JPEG_QUALITY)
        turned = check_in.turn_picture
        with self._journal.database.transaction():
            event = self._journal.append(
                entry,
                jpeg,
                actor,
                landmarks=None if crop is None else crop.landmarks,
                turn_picture=None if turned is None else to_jpeg(turned, CROP_JPEG_QUALITY),
            )
            if not self._is_recording:
                self._notify(event.seq, entry.outcome)
            is_stranger = entry.outcome is Outcome.UNKNOWN and not self._is_trial and entry.drill is None
            if is_stranger and crop is not None and check_in.embedding is not None:
                self._keep_unknown(event.seq, check_in.embedding, policy)
            if truth is not None:
                self.desk_answer(truth, policy, actor, event.seq)
        return event

    def desk_answer(
        self, truth: Mapping[str, object], policy: MatchPolicy, actor: Actor, entry: int | None = None
    ) -> None:
        """Journal the desk's answer about somebody, whether it made an entry or not.

        Raises:
            StoreError: it could not be written.
        """
        numbers = {"margin": policy.margin, "model_id": policy.model_id, "camera": self._camera}
        details = {"entry": entry, **truth, **numbers}
        self._journal.record(actor, JournalKind.DESK_ANSWER, details=details)

    def camera_state(self, state: CameraState, fault: CameraFault | None) -> None:
        """Journal that the camera came or went, or sees nothing."""
        details = {"camera": self._camera, "state": state.value, "fault": fault.value if fault else None}
        with self._journal.database.transaction():
            seq = self._journal.record(DOOR, JournalKind.CAMERA_STATE, details=details)
            if not self._is_recording:
                self._notify(seq, None)

    def camera_doubted(self, doubt: CameraDoubt, device: str, expected: str) -> None:
        """Journal that a webcam is virtual, or another than was set up.

        Args:
            doubt: which of the two.
            device: its name.
            expected: the name of the one that was set up, or "".
        """
        details = {"camera": self._camera, "doubt": doubt.value, "device": device, "expected": expected}
        self._journal.record(DOOR, JournalKind.CAMERA_DOUBTED, details=details)

    def camera_drift(self, drifts: Mapping[Drift, float]) -> None:
        """Journal that the camera no longer sees people as at its set-up, or does so again."""
        change = {drift.value: round(drifts[drift], 3) for drift in sorted(drifts)}
        details = {"camera": self._camera, "drift": list(change), "change": change}
        self._journal.record(DOOR, JournalKind.CAMERA_DRIFT, details=details)


@dataclass(frozen=True)
class CameraChange:
    """A camera's change of state, as it is journalled."""

    seq: int
    at: datetime
    camera: str
    state: CameraState
    fault: CameraFault | None


def camera_changes(journal: Journal, limit: int) -> list[CameraChange]:
    """Return the cameras' last changes of state, newest first."""
    return [
        CameraChange(
            row.seq,
            row.at,
            str(row.details["camera"]),
            CameraState(str(row.details["state"])),
            CameraFault(str(fault)) if (fault := row.details.get("fault")) else None,
        )
        for row in journal.rows.newest((JournalKind.CAMERA_STATE,), limit=limit)
    ]
