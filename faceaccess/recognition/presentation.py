"""Whether the head before the camera makes the movements that it is asked for."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from faceaccess.codes import Side, TurnResult
from faceaccess.vision.types import FloatArray

MOVEMENTS = 3


@dataclass(frozen=True)
class TurnLimits:
    """The numbers by which movements are judged.

    Of photos of people tuned on, tilted at random to 30 degrees, the nose moved sideways by more than 0.19 in
    5 of 100 flat and bent prints, up or down by more than 0.15 in 1 or 2. Laid over a generic head, 95 of 100
    moved it by 0.43 at 25 degrees to a side, and 90 by 0.22 at 20 up or down. A cut-out bent around the head is
    a solid of sorts: in 5 of 100 pictures it moved it by 0.46.

    Attributes:
        same_face: greatest squared L2 between the face that began and the one that looks ahead again.
        sideways, up, down: least way of the nose in the frame of the face, half eye distances; see
            `vision.liveness.turn`.
        at_rest: part of these within which a head counts as looking straight ahead again.
        wrong: part of these from which another movement than the one that is asked for is a wrong one: heads
            that turn to a side nod a little too.
        agreeing: pictures in a row that a movement, or a wrong one, takes.
        step_s: seconds that a movement and the way back may take together.
    """

    same_face: float
    sideways: float = 0.35
    up: float = 0.2
    down: float = 0.2
    at_rest: float = 0.5
    wrong: float = 1.25
    agreeing: int = 2
    step_s: float = 4.0


@dataclass(frozen=True, eq=False)
class Look:
    """What a picture shows of the face that is asked.

    Attributes:
        time_s: on the camera's clock.
        nose: (2,) where the nose stands in the frame of the face; None where that can't be said.
        embedding: (D,) of unit norm; None where it wasn't embedded.
    """

    time_s: float
    nose: FloatArray | None
    embedding: FloatArray | None = None


def drawn_sides(rng: random.Random, movements: int = MOVEMENTS) -> tuple[Side, ...]:
    """Return sides drawn at random, each of the four as likely whatever was before.

    A recording of somebody who turns the head passes where it shows these very sides in their time: once
    in `4 ** movements` tries.
    """
    return tuple(rng.choice(list(Side)) for _ in range(movements))


@dataclass
class TurnCheck:
    """One try: look straight ahead, and then make each movement and come back from it.

    Nothing of it depends on who somebody is: only that it is one and the same face from begin to end. For
    use on one thread; whoever loses the face from sight begins anew.

    Attributes:
        sides: the movements, in the order in which they are asked for.
        limits: see there.
        result: None while it isn't decided.
        times: seconds from each movement's being asked for to its end, so far.
    """

    sides: Sequence[Side]
    limits: TurnLimits
    result: TurnResult | None = None
    times: list[float] = field(default_factory=list)
    _rest: FloatArray | None = None
    _first: FloatArray | None = None
    _straight: list[Look] = field(default_factory=list)
    _asked_s: float | None = None
    _is_out: bool = False
    _in_a_row: tuple[Side | None, int] = (None, 0)

    @property
    def asked(self) -> Side | None:
        """The movement that is asked for now; None for looking straight ahead."""
        if self._rest is None or self._is_out or len(self.times) == len(self.sides):
            return None
        return self.sides[len(self.times)]

    def observe(self, look: Look) -> TurnResult | None:
        """Take a picture's look; return the result once there is one.

        Args:
            look: at the face, in the order of time.
        """
        if self.result is not None:
            return self.result
        if self._asked_s is None:
            self._asked_s = look.time_s
        elif look.time_s - self._asked_s > self.limits.step_s:
            return self._end(TurnResult.NOT_MADE)
        if look.nose is None:
            return None
        if self._rest is None:
            self._begin(look)
        elif self._is_out:
            self._come_back(look)
        else:
            self._move(look)
        return self.result

    def _begin(self, look: Look) -> None:
        """Find where the nose stands at rest, and whose face it is."""
        assert look.nose is not None
        self._straight.append(look)
        recent = self._straight[-max(self.limits.agreeing, 2) :]
        noses = np.stack([one.nose for one in recent if one.nose is not None])
        embedded = [one.embedding for one in self._straight if one.embedding is not None]
        is_still = len(recent) >= self.limits.agreeing and np.all(
            np.ptp(noses, axis=0) <= (self.limits.at_rest * np.array([self.limits.sideways, self.limits.up]))
        )
        if not is_still or not embedded:
            return
        self._rest = np.asarray(noses.mean(axis=0), np.float32)
        self._first = embedded[-1]
        self._asked_s = look.time_s

    def _move(self, look: Look) -> None:
        side = self._side(look, 1.0)
        if self._changed(look) and side is None:
            self._end(TurnResult.SOMEBODY_ELSE)
            return
        count = self._in_a_row[1] + 1 if side is self._in_a_row[0] else 1
        self._in_a_row = side, count
        if side is None or count < self.limits.agreeing:
            return
        if side is self.asked:
            self._is_out = True
        elif self._side(look, self.limits.wrong) is side:
            self._end(TurnResult.WRONG_SIDE)

    def _come_back(self, look: Look) -> None:
        """Wait until the head looks ahead again, and see that it is still the same."""
        if self._side(look, self.limits.at_rest) is not None or look.embedding is None:
            return
        if self._changed(look):
            self._end(TurnResult.SOMEBODY_ELSE)
            return
        assert self._asked_s is not None
        self.times.append(look.time_s - self._asked_s)
        self._asked_s, self._is_out, self._in_a_row = look.time_s, False, (None, 0)
        if len(self.times) == len(self.sides):
            self._end(TurnResult.MADE)

    def _side(self, look: Look, part: float) -> Side | None:
        """Return the side to which the nose went farthest, in parts of the limits; None for no side."""
        assert look.nose is not None
        assert self._rest is not None
        x, y = look.nose - self._rest
        ways = {
            Side.LEFT: x / self.limits.sideways,
            Side.RIGHT: -x / self.limits.sideways,
            Side.UP: -y / self.limits.up,
            Side.DOWN: y / self.limits.down,
        }
        side = max(ways, key=lambda way: ways[way])
        return side if ways[side] >= part else None

    def _changed(self, look: Look) -> bool:
        if look.embedding is None or self._first is None:
            return False
        return float(np.sum((look.embedding - self._first) ** 2)) > self.limits.same_face

    def _end(self, result: TurnResult) -> TurnResult:
        self.result = result
        return result
