"""Whether a face at a door is a head, and what follows from it: pure, without clock, input or output."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from faceaccess.codes import LivenessMode, Reason, Side, TurnResult, Verdict
from faceaccess.vision.types import FloatArray

MOVEMENTS = 3

_SIDEWAYS = frozenset({Side.LEFT, Side.RIGHT})

DRAWS = 4**MOVEMENTS - 2 * 2**MOVEMENTS
"""In so many ways sides can be drawn, all as likely."""

AS_FAR_SIDEWAYS = 1.6
"""So much farther the nose moves sideways than up or down by as many degrees. Source: as of `TurnLimits`."""

TRIES = 2
"""So often somebody may try to turn the head as asked; then a PIN or the desk lets them in."""


_REASONS = {
    TurnResult.NOT_MADE: Reason.TURN_NOT_MADE,
    TurnResult.WRONG_SIDE: Reason.WRONG_SIDE,
    TurnResult.SOMEBODY_ELSE: Reason.SOMEBODY_ELSE,
}


@dataclass(frozen=True)
class Shown:
    """What is known of a face that the door has recognised.

    Attributes:
        score: how live it looks, 0 to 1; None where that can't be measured.
        turn: how the last try of turning the head ended; None before the first.
        tries: how many have ended.
        is_flat: whether edges around it, or a pattern in it, are those of a picture.
        is_gone: whether the face has left.
        is_replayed: whether its pictures had come from the camera before.
        is_other_camera: whether the camera is virtual or another than was set up, and that is refused.
        has_other_way: whether the person isn't asked to turn, and comes in by PIN or desk.
        has_failed: whether the check itself can't go on.
    """

    score: float | None = None
    turn: TurnResult | None = None
    tries: int = 0
    is_flat: bool = False
    is_gone: bool = False
    is_replayed: bool = False
    is_other_camera: bool = False
    has_other_way: bool = False
    has_failed: bool = False


def judge(mode: LivenessMode, limit: float, shown: Shown) -> tuple[Verdict, Reason | None]:
    """Return what a door does with somebody whom it has recognised, and why it refuses.

    It never says who somebody is, only whether that counts.

    Args:
        mode: of the door.
        limit: of the score; below it the door is in doubt. A score that is missing is in doubt too.
        shown: what is known by now.
    """
    if mode in (LivenessMode.OFF, LivenessMode.WATCH):
        return Verdict.COUNTS, None
    if shown.is_other_camera:
        return Verdict.SUSPECTED, Reason.CAMERA_CHANGED
    if shown.is_replayed:
        return Verdict.SUSPECTED, Reason.REPLAYED
    is_in_doubt = shown.score is None or shown.score < limit or shown.is_flat
    if mode is LivenessMode.IN_DOUBT and not is_in_doubt and shown.turn is None:
        return Verdict.COUNTS, None
    if shown.turn is TurnResult.MADE:
        return Verdict.COUNTS, None
    if shown.has_failed:
        return Verdict.SUSPECTED, Reason.LIVENESS_FAILED
    may_try = shown.tries < TRIES and not shown.is_gone and not shown.has_other_way
    if shown.turn is None or may_try:
        return Verdict.ASK, None
    return Verdict.SUSPECTED, _REASONS[shown.turn]


@dataclass(frozen=True)
class TurnLimits:
    """The numbers by which movements are judged.

    Of 70 photos of people tuned on, the nose of a print held at 30 degrees moved sideways by more than 0.15
    in 5 of 100 pictures, of a bent one by more than 0.30, of a cut-out bent around a head by more than 0.49;
    up or down by more than 0.14, 0.14 and 0.23. Laid over a generic head that turns, half moved it by 0.66 at
    25 degrees and by 0.76 at 30; up or down, half by 0.43 at 25 and by 0.48 at 30.

    Attributes:
        same_face: greatest squared L2 between the face that was recognised and a picture that counts. Of 40
            people laid over a generic head, 95 of 100 are within 1.1 at 25 degrees, and half are at 40; of
            others, 1 or 2 in 1000 are.
        sideways, up, down: least way of the nose in the frame of the face, half eye distances; see
            `vision.liveness.turn`.
        at_rest: part of these within which a head counts as looking straight ahead again.
        agreeing: pictures in a row that a movement, a wrong one, or somebody else's face takes.
        step: part of `same_face` that a turned face may be from the picture before it.
        step_s: seconds that a movement and the way back may take together.
    """

    same_face: float
    sideways: float = 0.48
    up: float = 0.23
    down: float = 0.23
    at_rest: float = 0.5
    agreeing: int = 2
    step: float = 0.75
    step_s: float = 4.0


@dataclass(frozen=True, eq=False)
class Look:
    """What a picture shows of the face that is asked.

    Attributes:
        time_s: on the camera's clock.
        nose: (2,) where the nose stands in the frame of the face; None where that can't be said.
        embedding: (D,) of unit norm.
    """

    time_s: float
    nose: FloatArray | None
    embedding: FloatArray


def drawn_sides(rng: random.Random, movements: int = MOVEMENTS) -> tuple[Side, ...]:
    """Return sides drawn at random, sideways and up or down among them.

    A sheet that is bent about a face moves the nose along the bend only. A recording of somebody who turns
    the head passes where it shows these very sides in their time: once in `DRAWS` tries.

    Args:
        rng: draws.
        movements: how many, at least two.
    """
    while True:
        sides = tuple(rng.choice(list(Side)) for _ in range(movements))
        if 0 < sum(side in _SIDEWAYS for side in sides) < movements:
            return sides


@dataclass
class TurnCheck:
    """One try: look straight ahead, and then make each movement and come back from it.

    Only pictures of the face that was recognised count. Whoever holds a photo before the own face and takes
    it away to turn makes no movement, and is somebody else when looking straight ahead: then the try is over.
    A face that is turned far looks like anybody's, so it counts where it is like the picture before, which
    was like the one before that, and so on from the face that was recognised. For use on one thread.

    Attributes:
        sides: the movements, in the order in which they are asked for.
        limits: see there.
        face: (D,) of unit norm, the face that was recognised.
        rest: (2,) where the nose stands when the head looks ahead, from an earlier try; None: to be found.
        result: None while it isn't decided.
        times_s: seconds from each movement's being asked for to its end, so far.
    """

    sides: Sequence[Side]
    limits: TurnLimits
    face: FloatArray
    rest: FloatArray | None = None
    result: TurnResult | None = None
    times_s: list[float] = field(default_factory=list)
    _is_ready: bool = False
    _straight: list[FloatArray] = field(default_factory=list)
    _asked_s: float | None = None
    _is_out: bool = False
    _others: int = 0
    _last: FloatArray | None = None
    _in_a_row: tuple[Side | None, int] = (None, 0)

    @property
    def asked(self) -> Side | None:
        """The movement that is asked for now; None for looking straight ahead."""
        if not self._is_ready or self._is_out or len(self.times_s) == len(self.sides):
            return None
        return self.sides[len(self.times_s)]

    @property
    def is_out(self) -> bool:
        """Whether the head has made the movement and is to come back."""
        return self._is_out

    def wait(self, time_s: float) -> TurnResult | None:
        """Return the result once there is one: a movement that isn't made in its time ends the try.

        Args:
            time_s: now, on the camera's clock.
        """
        if self._asked_s is None:
            self._asked_s = time_s
        elif self.result is None and time_s - self._asked_s > self.limits.step_s:
            self.result = TurnResult.NOT_MADE
        return self.result

    def observe(self, look: Look) -> TurnResult | None:
        """Take a picture's look; return the result once there is one.

        Args:
            look: at the face, in the order of time.
        """
        if self.wait(look.time_s) is not None:
            return self.result
        is_same = _distance(look.embedding, self.face) <= self.limits.same_face
        if look.nose is None:
            return None
        is_ahead = self.rest is None or self._side(look.nose, self.limits.at_rest) is None
        self._others = self._others + 1 if is_ahead and not is_same else 0
        is_linked = self._last is not None and _distance(look.embedding, self._last) <= self._greatest_step
        if self._others >= self.limits.agreeing:
            self.result = TurnResult.SOMEBODY_ELSE
        if not is_same and (is_ahead or not is_linked):
            return self.result
        self._last = look.embedding
        if not self._is_ready:
            self._begin(look.nose, look.time_s)
        elif self._is_out:
            self._come_back(look.nose, look.time_s)
        else:
            self._move(look.nose)
        return self.result

    @property
    def _greatest_step(self) -> float:
        return self.limits.step * self.limits.same_face

    def _begin(self, nose: FloatArray, time_s: float) -> None:
        """Wait until the head looks ahead, and find where the nose stands then."""
        if self.rest is not None and self._side(nose, self.limits.at_rest) is not None:
            return
        self._straight.append(nose)
        recent = np.stack(self._straight[-max(self.limits.agreeing, 2) :])
        still = self.limits.at_rest * np.array([self.limits.sideways, self.limits.up])
        if len(recent) >= self.limits.agreeing and np.all(np.ptp(recent, axis=0) <= still):
            self.rest, self._asked_s = np.asarray(recent.mean(axis=0), np.float32), time_s
            self._is_ready = True

    def _move(self, nose: FloatArray) -> None:
        side = self._side(nose, 1.0)
        count = self._in_a_row[1] + 1 if side is self._in_a_row[0] else 1
        self._in_a_row = side, count
        if side is None or count < self.limits.agreeing:
            return
        if side is self.asked:
            self._is_out = True
        else:
            self.result = TurnResult.WRONG_SIDE

    def _come_back(self, nose: FloatArray, time_s: float) -> None:
        """Wait until the head looks ahead again."""
        if self._side(nose, self.limits.at_rest) is not None:
            return
        assert self._asked_s is not None
        self.times_s.append(time_s - self._asked_s)
        self._asked_s, self._is_out, self._in_a_row = time_s, False, (None, 0)
        if len(self.times_s) == len(self.sides):
            self.result = TurnResult.MADE

    def _side(self, nose: FloatArray, part: float) -> Side | None:
        """Return the side to which the head turned farthest; None where that is under a part of its limit."""
        assert self.rest is not None
        x, y = nose - self.rest
        ways = {
            Side.LEFT: (x, self.limits.sideways, AS_FAR_SIDEWAYS),
            Side.RIGHT: (-x, self.limits.sideways, AS_FAR_SIDEWAYS),
            Side.UP: (-y, self.limits.up, 1.0),
            Side.DOWN: (y, self.limits.down, 1.0),
        }
        side = max(ways, key=lambda towards: ways[towards][0] / ways[towards][2])
        way, limit, _ = ways[side]
        return side if way >= part * limit else None


def _distance(first: FloatArray, other: FloatArray) -> float:
    return float(np.sum((first - other) ** 2))
