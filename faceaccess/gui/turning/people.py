"""The people in a camera's picture whose face doesn't count, or not yet, although it is recognised."""

from dataclasses import dataclass

from faceaccess.codes import Outcome, TurnResult
from faceaccess.door.liveness.turning import TurnPrompt
from faceaccess.recognition.types import FrameResult, TrackedFace
from faceaccess.steady import steady_s
from faceaccess.store.journal.types import Event

_GONE_S = 3.0
"""Whoever isn't seen for so long has gone: a head that is turned far away is lost sight of for a moment."""


@dataclass
class _Turning:
    """Somebody who is asked, or was not confirmed as live.

    Attributes:
        seen_s: when the face was last in the picture.
        track_id: the track that bore the person's name last; None before the first.
        is_suspected: whether it is over, and the face doesn't count.
    """

    seen_s: float
    track_id: int | None = None
    is_suspected: bool = False


class TurningPeople:
    """Knows which faces are asked to turn the head, and which were not confirmed as live."""

    def __init__(self) -> None:
        self._people: dict[str, _Turning] = {}

    def ask(self, prompt: TurnPrompt) -> None:
        """Take note of what somebody is asked; the entry tells of whoever didn't turn."""
        if prompt.result is TurnResult.MADE:
            self._people.pop(prompt.person_id, None)
        elif prompt.result is None:
            before = self._people.get(prompt.person_id)
            self._people[prompt.person_id] = _Turning(steady_s(), before.track_id if before else None)

    def note(self, event: Event) -> None:
        """Take note of an entry: of somebody let in, if by a PIN, or of a face that wasn't confirmed."""
        person_id = event.entry.person_id
        if person_id is None:
            return
        if event.entry.outcome is Outcome.SUSPECTED:
            self._people[person_id] = _Turning(steady_s(), event.entry.track_id, is_suspected=True)
        elif event.entry.outcome is Outcome.ACCEPTED:
            self._people.pop(person_id, None)

    def follow(self, result: FrameResult) -> None:
        """Follow the faces of a result, and forget whoever has gone."""
        now_s = steady_s()
        for face in result.faces:
            turning = self._of(face)
            if turning is not None:
                turning.seen_s, turning.track_id = now_s, face.track_id
        self._people = {
            person_id: turning
            for person_id, turning in self._people.items()
            if now_s - turning.seen_s <= _GONE_S
        }

    def is_asked(self, face: TrackedFace) -> bool:
        """Tell whether a face is asked to turn, however it is turned now."""
        turning = self._of(face)
        return turning is not None and not turning.is_suspected

    def is_suspected(self, face: TrackedFace) -> bool:
        """Tell whether a face was not confirmed as live."""
        turning = self._of(face)
        return turning is not None and turning.is_suspected

    def person_of(self, face: TrackedFace) -> str | None:
        """Return the person whom a face that is asked looked like."""
        if face.decision.person_id in self._people:
            return face.decision.person_id
        of_track = (
            person_id for person_id, turning in self._people.items() if turning.track_id == face.track_id
        )
        return next(of_track, None)

    def _of(self, face: TrackedFace) -> _Turning | None:
        person_id = self.person_of(face)
        return None if person_id is None else self._people[person_id]
