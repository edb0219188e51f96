"""When a face becomes an entry: agreeing frames, visits, cool-down, one refusal per stranger."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from faceaccess.codes import Direction, Method, Outcome, Passage, Reason
from faceaccess.recognition.types import Decision, FrameResult, TrackedFace
from faceaccess.settings import DoorSettings
from faceaccess.store.journal.types import Liveness
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.sources.pace import SLOW_S
from faceaccess.vision.tracking import life_s
from faceaccess.vision.types import FloatArray, ImageArray, LooseCrop, Quality

NAMED = frozenset({Outcome.ACCEPTED, Outcome.DENIED})
"""Outcomes about one certain person: they need agreeing frames and obey the cool-down."""

PASSER_BY_S = 1.0
"""A face seen for a shorter time that wasn't recognised only passed by: no entry."""

AGREEING_WHEN_SLOW = 2
"""So many pictures must agree at most where a source gives few: two that are half a second apart tell
more than three in a fifth of a second, and there may be no third."""


@dataclass(frozen=True, eq=False)
class CheckIn:
    """An entry to be journalled.

    Attributes:
        at: UTC time of the frame of the decision.
        crop: the face with its surroundings, or None.
        direction: which way the person passed.
        method: how the person was identified.
        embedding: (D,) float32 of a refused face's whole track, of unit norm; None when it was never
            good enough.
        waited_s: from when the face was first near enough to be judged; None for what no face decided.
        liveness: what was measured of it, or None.
        turn_picture: (H, W, 3) uint8 RGB, how the head turned, or None.
    """

    decision: Decision
    quality: Quality
    crop: LooseCrop | None
    at: datetime
    frame_index: int
    time_s: float
    track_id: int
    direction: Direction = Direction.BOTH
    method: Method = Method.FACE
    embedding: FloatArray | None = None
    waited_s: float | None = None
    liveness: Liveness | None = None
    turn_picture: ImageArray | None = None


@dataclass
class _Track:
    """What a track has shown so far.

    Attributes:
        agreeing: frames in a row that named the person.
        needed: how many of these make an entry.
        unconfirmed: the newest of these while they are too few, of a slow source.
        interval_s: the usual time between two pictures of the camera that sees it: those of a door differ.
        embedding: of the last frame that was embedded.
        fused: of all its frames so far.
    """

    first_at: datetime
    last_at: datetime
    person: tuple[Outcome, str] | None = None
    agreeing: int = 0
    needed: int = 0
    unconfirmed: CheckIn | None = None
    interval_s: float = 0.0
    is_settled: bool = False
    outcomes: Counter[tuple[Outcome, Reason]] = field(default_factory=Counter)
    best: CheckIn | None = None
    embedding: FloatArray | None = None
    fused: FloatArray | None = None

    @property
    def is_slow(self) -> bool:
        """Whether its camera gives too few pictures to follow people by where they are."""
        return self.interval_s > SLOW_S


@dataclass
class _Visit:
    """A person's presence: ends when the person was away for `absence_s`."""

    seen_at: datetime
    is_logged: bool = False


TURNS_ANEW_S = 16 * 3600.0
"""By turns, somebody who came in longer ago comes in again: nobody stays for two shifts, and a
forgotten way out must not turn the next day round."""


class CheckInPolicy:
    """Turns results into entries. Time is passed in; for use on one thread, by all cameras of a door.

    Track ids are those of all these cameras together.

    A visit is a person's presence without a break of `absence_s`; it makes one entry, not
    sooner than `cool_down_s` after the person's last entry in the same direction. A refused
    face makes one entry per track, after `unknown_after_s` or when its track ends.

    Where a source gives under two pictures a second, people move too far between two of them to be
    followed: pictures that name the same person agree whatever their tracks.
    """

    def __init__(self, settings: DoorSettings) -> None:
        self.settings = settings
        self._tracks: dict[int, _Track] = {}
        self._visits: dict[tuple[Outcome, str], _Visit] = {}
        self._last_entry: dict[tuple[Outcome, str, Direction], datetime] = {}
        self._strangers: list[_Track] = []

    def restore(self, entries: Iterable[tuple[Outcome, str, Direction, datetime]]) -> None:
        """Take up the cool-downs of entries logged before the start."""
        for outcome, person_id, direction, at in entries:
            key = (outcome, person_id, direction)
            self._last_entry[key] = max(at, self._last_entry.get(key, at))

    def observe(
        self, result: FrameResult, now: datetime, passage: Passage = Passage.BOTH
    ) -> tuple[CheckIn, ...]:
        """Return the entries that a frame leads to.

        Args:
            result: of the frame.
            now: UTC time of the frame, never going back.
            passage: which way people pass the camera.
        """
        observed = (self._observe_face(face, result, now, passage) for face in result.faces)
        entries = [entry for entry in observed if entry]
        for track_id in result.ended_track_ids:
            entries.extend(self.end_track(track_id))
        return tuple(entries)

    def admit(self, check_in: CheckIn, now: datetime, passage: Passage = Passage.BOTH) -> CheckIn | None:
        """Return the entry of somebody identified otherwise than by face; None during a cool-down.

        Args:
            check_in: who, and with what outcome.
            now: UTC.
            passage: which way people pass here.
        """
        decision = check_in.decision
        if passage is not Passage.BY_TURNS:
            check_in = replace(check_in, direction=Direction(passage))
        if decision.outcome not in NAMED or decision.person_id is None:
            return check_in
        person = decision.outcome, decision.person_id
        if self._cools_down(person, passage, now):
            return None
        if passage is Passage.BY_TURNS:
            check_in = replace(check_in, direction=self._next_direction(person, now))
        self._last_entry[*person, check_in.direction] = now
        return check_in

    def end_track(self, track_id: int) -> tuple[CheckIn, ...]:
        """Return the refusal that a track ends with, if any."""
        track = self._tracks.pop(track_id, None)
        if track is None or track.is_settled:
            return ()
        if self._only_passed_by(track):
            return ()
        refusal = self._refuse(track) or self._left_undecided(track)
        return (refusal,) if refusal else ()

    def settled(self) -> frozenset[int]:
        """Return the tracks that are settled: entered, in cool-down or refused."""
        return frozenset(
            track_id
            for track_id, track in self._tracks.items()
            if track.is_settled and (not track.agreeing or track.agreeing >= track.needed)
        )

    def forget(self, person_id: str) -> None:
        """Let a person enter at once: their last entry was somebody else's, and is voided."""
        for key in [key for key in self._last_entry if key[1] == person_id]:
            del self._last_entry[key]

    def suspect(self, entry: CheckIn) -> None:
        """Take note that an entry didn't count: there is no cool-down, but this visit makes no other."""
        decision = entry.decision
        if decision.person_id is not None:
            self._last_entry.pop((Outcome.ACCEPTED, decision.person_id, entry.direction), None)

    def retract(self, entry: CheckIn) -> None:
        """Take back an entry that could not be written, so that it is tried again."""
        decision = entry.decision
        track = self._tracks.get(entry.track_id)
        if track is not None:
            track.is_settled = False
            self._strangers = [other for other in self._strangers if other is not track]
        # Whoever was suspected had been accepted by the face, and is asked again.
        outcome = Outcome.ACCEPTED if decision.outcome is Outcome.SUSPECTED else decision.outcome
        if outcome in NAMED and decision.person_id is not None:
            self._last_entry.pop((outcome, decision.person_id, entry.direction), None)
            visit = self._visits.get((outcome, decision.person_id))
            if visit is not None:
                visit.is_logged = False

    def _observe_face(
        self, face: TrackedFace, result: FrameResult, now: datetime, passage: Passage
    ) -> CheckIn | None:
        # Who is too far away isn't at the door yet: the screen says "come closer", the log nothing.
        if face.decision.reason is Reason.FACE_TOO_SMALL:
            return None
        if not face.is_judged:
            return self._carry_on(face.track_id, now)
        track = self._tracks.setdefault(face.track_id, _Track(now, now))
        track.last_at, track.interval_s = now, result.interval_s
        decision = face.decision
        shown = CheckIn(
            decision,
            face.quality,
            None,
            result.captured_at,
            result.frame_index,
            result.time_s,
            face.track_id,
            # Who isn't known can't be said to go the other way than the last time.
            Direction.BOTH if passage is Passage.BY_TURNS else Direction(passage),
            waited_s=max((now - track.first_at).total_seconds(), 0.0),
        )
        if decision.outcome in NAMED and decision.person_id is not None:
            entry = self._named(track, (decision.outcome, decision.person_id), shown, now, passage)
            if track.is_slow and not track.is_settled:
                track.unconfirmed = replace(shown, crop=_cut(face))
            return replace(entry, crop=_cut(face)) if entry else None
        if decision.outcome is not Outcome.LOW_QUALITY:
            track.agreeing = 0
        self._remember(track, shown, face)
        return self._refuse_in_time(track, now)

    def _carry_on(self, track_id: int, now: datetime) -> CheckIn | None:
        """Note that a face is still there, and return its refusal where that is due."""
        track = self._tracks.get(track_id)
        if track is None:
            return None
        track.last_at = now
        visit = self._visits.get(track.person) if track.person else None
        if visit is not None and track.agreeing >= track.needed:
            visit.seen_at = now
        return self._refuse_in_time(track, now)

    def _refuse_in_time(self, track: _Track, now: datetime) -> CheckIn | None:
        """Return the refusal of a face that has been there for long enough to be known."""
        if track.is_settled or (now - track.first_at).total_seconds() < self.settings.unknown_after_s:
            return None
        return self._refuse(track)

    def _named(
        self, track: _Track, person: tuple[Outcome, str], shown: CheckIn, now: datetime, passage: Passage
    ) -> CheckIn | None:
        before = track.agreeing if person == track.person else self._agreed_elsewhere(track, person, now)
        track.agreeing, track.person = before + 1, person
        track.needed = self.settings.agreeing_frames
        if track.is_slow:
            track.needed = min(track.needed, AGREEING_WHEN_SLOW)
        if track.agreeing < track.needed:
            return None
        track.is_settled = True
        visit = self._visits.get(person)
        if visit is None or self._was_away(visit, track):
            visit = self._visits[person] = _Visit(now)
        visit.seen_at = now
        if visit.is_logged or self._cools_down(person, passage, now):
            return None
        visit.is_logged = True
        if passage is Passage.BY_TURNS:
            shown = replace(shown, direction=self._next_direction(person, now))
        self._last_entry[*person, shown.direction] = now
        return shown

    def _only_passed_by(self, track: _Track) -> bool:
        """Tell whether a face was there too briefly to be worth an entry."""
        seen_s = (track.last_at - track.first_at).total_seconds()
        if not track.is_slow:
            return seen_s < PASSER_BY_S
        # A picture stands for the time until the next one; unjudged faces may be several people's.
        is_judged = any(code[0] is not Outcome.LOW_QUALITY for code in track.outcomes)
        is_shown_enough = is_judged or track.outcomes.total() >= self.settings.agreeing_frames
        return not (track.unconfirmed or is_shown_enough) or seen_s + track.interval_s < PASSER_BY_S

    def _absence_s(self, track: _Track) -> float:
        """Return how long somebody must be out of sight to have gone."""
        return max(self.settings.absence_s, life_s(track.interval_s) if track.is_slow else 0.0)

    def _agreed_elsewhere(self, track: _Track, person: tuple[Outcome, str], now: datetime) -> int:
        """Return how many pictures of a slow source have just named a person who was standing elsewhere."""
        if not track.is_slow:
            return 0
        others = (other for other in self._tracks.values() if other.person == person and other.last_at < now)
        return max((other.agreeing for other in others), default=0)

    def _cools_down(self, person: tuple[Outcome, str], passage: Passage, now: datetime) -> bool:
        """Tell whether the person has just made an entry this way; by turns, any entry counts."""
        ways = tuple(Direction) if passage is Passage.BY_TURNS else (Direction(passage),)
        entered = [self._last_entry[*person, way] for way in ways if (*person, way) in self._last_entry]
        return any(abs((now - last).total_seconds()) < self.settings.cool_down_s for last in entered)

    def _next_direction(self, person: tuple[Outcome, str], now: datetime) -> Direction:
        came = self._last_entry.get((*person, Direction.IN))
        went = self._last_entry.get((*person, Direction.OUT))
        is_inside = came is not None and (went is None or came >= went)
        if is_inside and came is not None and (now - came).total_seconds() < TURNS_ANEW_S:
            return Direction.OUT
        return Direction.IN

    def _was_away(self, visit: _Visit, track: _Track) -> bool:
        """Tell whether the person was away between the visit and the start of this track."""
        return (track.first_at - visit.seen_at).total_seconds() >= self._absence_s(track)

    def _remember(self, track: _Track, shown: CheckIn, face: TrackedFace) -> None:
        track.outcomes[shown.decision.outcome, shown.decision.reason] += 1
        if face.embedding is not None:
            track.embedding, track.fused = face.embedding, face.fused
        if track.best is None or _tells_more(shown, track.best):
            # Cut only now, from a picture that is not kept: most frames come to nothing.
            track.best = replace(shown, crop=_cut(face))

    def _refuse(self, track: _Track) -> CheckIn | None:
        """Return the refusal of a track: its most frequent outcome among frames that could be judged."""
        track.is_settled = True
        shown = track.best
        if shown is None:
            return None
        if self._is_same_stranger(track, shown.decision.policy.at_door.same_stranger):
            return None
        judged = {code: count for code, count in track.outcomes.items() if code[0] is not Outcome.LOW_QUALITY}
        counts = judged or track.outcomes
        outcome, reason = max(counts, key=lambda code: counts[code])
        person_id = shown.decision.person_id if outcome is Outcome.AMBIGUOUS else None
        decision = replace(shown.decision, outcome=outcome, reason=reason, person_id=person_id)
        return replace(shown, decision=decision, embedding=track.fused)

    def _left_undecided(self, track: _Track) -> CheckIn | None:
        """Return the refusal of somebody whom a slow source named once, and no more before they were gone."""
        if track.unconfirmed is None or track.person is None:
            return None
        visit = self._visits.get(track.person)
        if visit is not None and not self._was_away(visit, track):
            return None
        decision = replace(
            track.unconfirmed.decision,
            outcome=Outcome.LOW_QUALITY,
            reason=Reason.TOO_FEW_PICTURES,
            person_id=None,
        )
        return replace(track.unconfirmed, decision=decision)

    def _is_same_stranger(self, track: _Track, limit: float) -> bool:
        """Tell whether a face nearer than a limit was refused a moment ago; remember this one."""
        if track.embedding is None:
            return False
        recent = [
            other
            for other in self._strangers
            if (track.first_at - other.last_at).total_seconds() < self._absence_s(track)
        ]
        self._strangers = [*recent, track]
        return any(_distance(other.embedding, track.embedding) < limit for other in recent)


def _distance(first: FloatArray | None, other: FloatArray | None) -> float:
    assert first is not None
    assert other is not None
    return float(np.sum((first - other) ** 2))


def _cut(face: TrackedFace) -> LooseCrop | None:
    return None if face.image is None else LooseCrop(*loose_crop(face.image, face.detection))


def _tells_more(check_in: CheckIn, other: CheckIn) -> bool:
    """Tell whether a refused frame is better to show than another: judged ones first, then the sharpest."""
    judged = [shown.decision.outcome is not Outcome.LOW_QUALITY for shown in (check_in, other)]
    if judged[0] != judged[1]:
        return judged[0]
    return check_in.quality.sharpness > other.quality.sharpness
