"""Asking somebody whom a camera has recognised to turn their head, before it counts."""

import logging
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from faceaccess.codes import Method, OtherWay, Outcome, Reason, Side, TurnResult, Verdict
from faceaccess.door.checkin import CheckIn
from faceaccess.recognition.presentation import (
    Look,
    Shown,
    TurnCheck,
    TurnLimits,
    drawn_sides,
    judge,
)
from faceaccess.recognition.types import FrameResult, TrackedFace
from faceaccess.settings import LivenessSettings
from faceaccess.store.journal.types import Liveness
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.liveness.passive import MODEL_ID
from faceaccess.vision.liveness.signals import Signals, mean_of
from faceaccess.vision.liveness.turn import nose_in_face
from faceaccess.vision.types import Detection, FloatArray, ImageArray

logger = logging.getLogger(__name__)

Read = Callable[[ImageArray, Detection], Signals]
"""Returns the signals of a face in a picture."""

SCORED = 3
"""Of so many pictures of a face the signals are read, from when it is first recognised: their mean counts."""

_PICTURE_PX = 144

PIN_S = 30.0
"""So long somebody who comes in by PIN is waited for."""

_GONE_S = 1.0
"""Somebody who was out of the picture for so long has gone."""


@dataclass(frozen=True)
class TurnPrompt:
    """What somebody at a camera is asked to do.

    Attributes:
        person_id: who is asked.
        asked: the movement; None for looking straight ahead.
        is_back_wanted: whether a movement is made and the head is to come back.
        done: how many movements are done.
        movements: how many there are.
        tries: how many have ended without success.
        result: how it all ended; None while it goes on.
        other_way: how the person comes in instead of turning the head; None for the movements.
    """

    person_id: str
    asked: Side | None
    is_back_wanted: bool
    done: int
    movements: int
    tries: int
    result: TurnResult | None = None
    other_way: OtherWay | None = None


@dataclass
class _Asked:
    """Somebody who is asked, or waits to be.

    Attributes:
        check_in: the entry that it becomes.
        shown: what is known by now.
        face: (D,) of unit norm, as it was recognised.
        check: the try; None while the person waits.
        track_id: the track that shows the face now.
        seen_s: when it was last in the picture.
        signals: of the pictures in which it was recognised.
        other_way: how the person comes in instead of turning the head.
        until_s: how long somebody is waited for who comes in by PIN.
        pictures: the face looking ahead, and turned.
    """

    check_in: CheckIn
    shown: Shown
    face: FloatArray
    track_id: int
    seen_s: float
    signals: Signals | None
    other_way: OtherWay | None = None
    until_s: float = math.inf
    check: TurnCheck | None = None
    pictures: list[ImageArray] = field(default_factory=list)

    @property
    def person_id(self) -> str | None:
        """The person who is asked."""
        return self.check_in.decision.person_id


class Turning:
    """Holds the entries at a camera until the door's policy is satisfied. On the inference thread.

    One person at a time is asked: the screen can say one thing. Others wait, and are asked when it is over.

    Attributes:
        is_other_camera: whether the camera is virtual, or another than was set up. May be set from any
            thread.
    """

    def __init__(
        self,
        settings: LivenessSettings,
        limits: TurnLimits,
        *,
        embed: Callable[[TrackedFace], FloatArray],
        read: Read | None = None,
        other_way: Callable[[str], OtherWay | None] = lambda _: None,
        tell: Callable[[TurnPrompt], None] = lambda _: None,
        rng: random.Random | None = None,
    ) -> None:
        """Take the parts.

        Args:
            settings: of the door.
            limits: of the movements.
            embed: returns the (D,) embedding of a face, however it is turned.
            read: reads what pictures betray; None where that isn't measured.
            other_way: how a person comes in instead of turning the head, by id; None for being asked.
            tell: called with each change of what is asked.
            rng: draws the sides.
        """
        self._settings, self._limits, self._embed, self._tell = settings, limits, embed, tell
        self._other_way = other_way
        self._read, self._signals = read, dict[int, list[Signals]]()
        self._rng = rng or random.SystemRandom()
        self._replayed: set[int] = set()
        self.is_other_camera = False
        self._queue: list[_Asked] = []
        self._told: TurnPrompt | None = None

    @property
    def track_ids(self) -> frozenset[int]:
        """The tracks that are asked or wait, which every picture is needed of."""
        return frozenset(asked.track_id for asked in self._queue)

    def measure(self, result: FrameResult, *, is_replayed: bool = False) -> None:
        """Read the signals of those faces about which a decision is near: the first pictures of a name.

        Args:
            result: of a picture.
            is_replayed: whether the camera gave that picture before.
        """
        self.forget(result.ended_track_ids)
        if is_replayed:
            self._replayed.update(face.track_id for face in result.faces)
            for asked in self._queue:
                if asked.track_id in self._replayed:
                    asked.shown = replace(asked.shown, is_replayed=True)
        if self._read is None:
            return
        for face in result.faces:
            is_near = face.is_judged and face.decision.outcome is Outcome.ACCEPTED
            if not is_near or face.image is None:
                continue
            signals = self._signals.setdefault(face.track_id, [])
            if len(signals) >= SCORED:
                continue
            try:
                signals.append(self._read(face.image, face.detection))
            except Exception:  # an edge: signals that are missing are in doubt
                logger.exception("how live a face looks could not be measured")
                self._read = None
                return

    def forget(self, track_ids: Sequence[int]) -> None:
        """Let go of what was read of tracks that have ended without a picture."""
        for track_id in track_ids:
            self._signals.pop(track_id, None)
            self._replayed.discard(track_id)

    def hold(self, entries: Sequence[CheckIn], result: FrameResult) -> list[CheckIn]:
        """Return the entries that need not wait; `observe` returns the others once they are decided.

        Args:
            entries: that a picture leads to.
            result: of the picture.
        """
        return [held for entry in entries if (held := self._hold(entry, result)) is not None]

    def observe(self, result: FrameResult) -> list[CheckIn]:
        """Return the entries of those who were asked, or gave up waiting, once they are decided.

        Args:
            result: of a picture.
        """
        for place, asked in enumerate(self._queue):
            face = _face_of(asked, result)
            if face is None:
                continue
            asked.track_id, asked.seen_s = face.track_id, result.time_s
            if place == 0 and asked.check is not None and face.image is not None:
                try:
                    asked.check.observe(self._look(face, result.time_s))
                    self._keep_picture(asked, asked.check, face)
                except Exception:  # an edge: whatever fails lets nobody in
                    logger.exception("a turn of the head could not be judged")
                    asked.shown = replace(asked.shown, has_failed=True)
        return self.wait(result.time_s)

    def wait(self, time_s: float) -> list[CheckIn]:
        """Return the entries of those whose time is over.

        Args:
            time_s: now, on the camera's clock; infinity ends whatever goes on.
        """
        decided = []
        for asked in tuple(self._queue):
            if asked is self._queue[0] and asked.check is None and not self._is_gone(asked, time_s):
                self._begin(asked, time_s)
            entry = self._decided(asked, time_s)
            if entry is not None:
                self._queue.remove(asked)
                decided.append(entry)
        return decided

    def withdraw(self, person_id: str) -> None:
        """Stop asking somebody who has come in otherwise."""
        for asked in [asked for asked in self._queue if asked.person_id == person_id]:
            self._queue.remove(asked)
            if asked.check is not None or asked.until_s < math.inf:
                self._say(asked, TurnResult.NOT_MADE)

    def _hold(self, entry: CheckIn, result: FrameResult) -> CheckIn | None:
        """Return an entry that need not wait; None where the person is asked, or waits to be."""
        if entry.decision.outcome is not Outcome.ACCEPTED or entry.method is not Method.FACE:
            return entry
        face = next((face.fused for face in result.faces if face.track_id == entry.track_id), None)
        pictures = self._signals.get(entry.track_id)
        signals = mean_of(pictures) if pictures else None
        shown = Shown(
            score=None if signals is None else signals.score,
            is_flat=signals is not None and signals.is_flat,
            is_replayed=entry.track_id in self._replayed,
            is_other_camera=self.is_other_camera and self._settings.refuses_other_cameras,
            has_other_way=self._other_way(entry.decision.person_id or "") is not None,
            has_failed=face is None,
        )
        verdict, reason = self._judged(shown)
        if verdict is Verdict.COUNTS:
            has_measured = signals is not None or shown.is_replayed or self.is_other_camera
            return replace(entry, liveness=self._measured_of(shown, signals)) if has_measured else entry
        if verdict is Verdict.SUSPECTED or face is None:
            return _refused(replace(entry, liveness=self._measured_of(shown, signals)), reason)
        asked = _Asked(entry, shown, face, entry.track_id, result.time_s, signals)
        asked.other_way = self._other_way(asked.person_id or "")
        if asked.other_way is OtherWay.DESK:
            # The desk is asked at once, where somebody is there to answer.
            asked.shown = replace(shown, turn=TurnResult.NOT_MADE)
            return _refused(replace(entry, liveness=self._measured(asked)), Reason.TURN_NOT_MADE)
        if all(other.person_id != asked.person_id for other in self._queue):
            self._queue.append(asked)
        return None

    def _judged(self, shown: Shown) -> tuple[Verdict, Reason | None]:
        return judge(self._settings.mode, self._settings.limit, shown)

    def _begin(self, asked: _Asked, time_s: float) -> None:
        """Ask for the movements, or for a PIN."""
        if asked.other_way is None:
            asked.check = self._begun(asked)
        elif asked.until_s == math.inf:
            asked.until_s = time_s + PIN_S
            self._say(asked)

    def _begun(self, asked: _Asked) -> TurnCheck:
        """Return a try; a head that is still turned from the one before is to look ahead first."""
        rest = None if asked.check is None else asked.check.rest
        return TurnCheck(drawn_sides(self._rng), self._limits, asked.face, rest)

    def _is_gone(self, asked: _Asked, time_s: float) -> bool:
        return time_s - asked.seen_s > _GONE_S

    def _look(self, face: TrackedFace, time_s: float) -> Look:
        embedding = face.embedding if face.embedding is not None else self._embed(face)
        return Look(time_s, nose_in_face(face.detection.landmarks), embedding)

    def _keep_picture(self, asked: _Asked, check: TurnCheck, face: TrackedFace) -> None:
        """Keep a picture of the face looking ahead, and the first of it turned."""
        assert face.image is not None
        if len(asked.pictures) == int(check.is_out):
            crop, _ = loose_crop(face.image, face.detection)
            asked.pictures.append(cv2.resize(crop, (_PICTURE_PX, _PICTURE_PX), interpolation=cv2.INTER_AREA))

    def _decided(self, asked: _Asked, time_s: float) -> CheckIn | None:
        """Return the entry of somebody once it is decided; until then, say what is asked next."""
        is_gone = self._is_gone(asked, time_s)
        result = asked.check.wait(time_s) if asked.check is not None else None
        if asked.check is None and (is_gone or time_s > asked.until_s):
            result = TurnResult.NOT_MADE
        if result is not None:
            tries = asked.shown.tries + (asked.check is not None)
            asked.shown = replace(asked.shown, turn=result, tries=tries, is_gone=is_gone)
        elif not (asked.shown.has_failed or asked.shown.is_replayed):
            if asked.check is not None:
                self._say(asked)
            return None
        verdict, reason = self._judged(asked.shown)
        if verdict is Verdict.ASK:
            asked.check = self._begun(asked)
            self._say(asked)
            return None
        if asked.check is not None or asked.until_s < math.inf:
            self._say(asked, asked.shown.turn or TurnResult.NOT_MADE)
        entry = replace(asked.check_in, liveness=self._measured(asked))
        if len(asked.pictures) > 0:
            entry = replace(entry, turn_picture=np.hstack(asked.pictures))
        return entry if verdict is Verdict.COUNTS else _refused(entry, reason)

    def _measured(self, asked: _Asked) -> Liveness:
        measured = self._measured_of(asked.shown, asked.signals, asked.check)
        return replace(measured, other_way=asked.other_way)

    def _measured_of(self, shown: Shown, signals: Signals | None, check: TurnCheck | None = None) -> Liveness:
        return Liveness(
            self._settings.mode,
            turn=shown.turn,
            sides=() if check is None else tuple(check.sides),
            times_s=() if check is None else tuple(round(seconds, 3) for seconds in check.times_s),
            tries=shown.tries,
            score=None if shown.score is None else round(shown.score, 4),
            edge=None if signals is None else round(signals.edge, 2),
            pattern=None if signals is None else round(signals.pattern, 3),
            limit=self._settings.limit,
            model_id="" if shown.score is None else MODEL_ID,
            is_replayed=shown.is_replayed,
            is_other_camera=self.is_other_camera,
        )

    def _say(self, asked: _Asked, result: TurnResult | None = None) -> None:
        check = asked.check
        prompt = TurnPrompt(
            asked.person_id or "",
            None if check is None else check.asked,
            check is not None and check.is_out,
            0 if check is None else len(check.times_s),
            0 if check is None else len(check.sides),
            asked.shown.tries,
            result,
            asked.other_way,
        )
        if prompt != self._told:
            self._told = prompt
            self._tell(prompt)


def _face_of(asked: _Asked, result: FrameResult) -> TrackedFace | None:
    """Return the face that is asked: of its track, or of another that was recognised as the same person.

    Whoever turns too far is lost sight of for a moment.
    """
    of_track = [face for face in result.faces if face.track_id == asked.track_id]
    of_person = [face for face in result.faces if face.decision.person_id == asked.person_id]
    return next(iter(of_track + of_person), None)


def _refused(entry: CheckIn, reason: Reason | None) -> CheckIn:
    assert reason is not None
    return replace(entry, decision=replace(entry.decision, outcome=Outcome.SUSPECTED, reason=reason))
