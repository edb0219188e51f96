"""The turning of the head: what passes, what ends a try, and what can't pass."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceaccess.codes import Side, TurnResult
from faceaccess.recognition.presentation import MOVEMENTS, Look, TurnCheck, TurnLimits, drawn_sides
from tests.builders import make_embedding

LIMITS = TurnLimits(same_face=1.0)
ANNA, BEN = make_embedding(0), make_embedding(120)
assert np.sum((ANNA - BEN) ** 2) > LIMITS.same_face
SIDES = (Side.LEFT, Side.UP, Side.RIGHT)
WAYS = {Side.LEFT: (0.6, 0.0), Side.RIGHT: (-0.6, 0.0), Side.UP: (0.0, -0.4), Side.DOWN: (0.0, 0.4)}
REST = np.array([0.1, 0.2], np.float32)


class Play:
    """Shows looks to a check, ten a second."""

    def __init__(self, sides=SIDES, limits=LIMITS):
        self.check, self.index = TurnCheck(sides, limits), 0

    def show(self, way=(0.0, 0.0), face=ANNA, count=3):
        result = None
        for _ in range(count):
            nose = None if way is None else REST + np.array(way, np.float32)
            result = self.check.observe(Look(self.index / 10, nose, face))
            self.index += 1
        return result

    def turn(self, side, face=ANNA):
        self.show(WAYS[side], face)
        return self.show((0.0, 0.0), face)


def test_whoever_makes_each_movement_passes():
    play = Play()
    assert play.show() is None
    for side in SIDES[:-1]:
        assert play.check.asked is side
        assert play.turn(side) is None
    assert play.turn(SIDES[-1]) is TurnResult.MADE
    assert len(play.check.times) == MOVEMENTS


def test_nothing_is_asked_before_the_face_has_looked_straight_ahead():
    play = Play()
    for number in range(4):
        play.show((0.6 * (number % 2), 0.0), count=1)
        assert play.check.asked is None
    play.show()
    assert play.check.asked is Side.LEFT


@pytest.mark.parametrize("wrong", [Side.RIGHT, Side.UP, Side.DOWN])
def test_a_wrong_movement_ends_the_try(wrong):
    play = Play()
    play.show()
    assert play.show(WAYS[wrong]) is TurnResult.WRONG_SIDE
    assert play.turn(Side.LEFT) is TurnResult.WRONG_SIDE, "what ended stays ended"


def test_one_picture_of_a_wrong_side_is_no_movement():
    play = Play()
    play.show()
    assert play.show(WAYS[Side.DOWN], count=1) is None
    assert play.turn(Side.LEFT) is None
    assert play.check.asked is Side.UP


def test_a_movement_that_is_not_made_in_time_ends_the_try():
    play = Play()
    play.show()
    assert play.show(count=39) is None
    assert play.show(count=3) is TurnResult.NOT_MADE


def test_a_head_that_does_not_come_back_ends_the_try():
    play = Play()
    play.show()
    assert play.show(WAYS[Side.LEFT], count=60) is TurnResult.NOT_MADE


def test_a_face_that_is_lost_for_the_time_of_a_movement_ends_the_try():
    play = Play()
    play.show()
    assert play.show(None, count=60) is TurnResult.NOT_MADE


@pytest.mark.parametrize("turn", range(3))
def test_a_swap_in_mid_turn_is_seen_when_the_head_comes_back(turn):
    play = Play()
    play.show()
    for side in SIDES[:turn]:
        play.turn(side)
    play.show(WAYS[SIDES[turn]], ANNA)
    play.show(WAYS[SIDES[turn]], BEN)
    assert play.show((0.0, 0.0), BEN) is TurnResult.SOMEBODY_ELSE


def test_a_swap_between_two_movements_is_seen():
    play = Play()
    play.show()
    play.turn(Side.LEFT)
    assert play.show((0.0, 0.0), BEN) is TurnResult.SOMEBODY_ELSE


def test_without_an_embedding_at_rest_nobody_passes():
    play = Play()
    play.show()
    play.show(WAYS[Side.LEFT])
    assert play.show((0.0, 0.0), None, count=60) is TurnResult.NOT_MADE


_looks = st.tuples(
    st.sampled_from([None, (0.0, 0.0), (0.12, 0.05), *WAYS.values()]), st.sampled_from([ANNA, BEN, None])
)


@given(st.lists(_looks, max_size=60), st.tuples(*3 * [st.sampled_from(list(Side))]))
def test_whatever_is_shown_only_one_face_that_made_each_movement_passes(looks, sides):
    """No order of pictures passes without all movements in their order, by the face that began."""
    play = Play(sides)
    shown = []
    for way, face in looks:
        if play.show(way, face, count=1) is not None:
            break
        shown.append((way, face))
    if play.check.result is not TurnResult.MADE:
        return
    shown.append(looks[len(shown)])
    made = iter(way for way, _ in shown)
    assert all(any(way == WAYS[side] for way in made) for side in sides)
    at_rest = [face for way, face in shown if way in ((0.0, 0.0), (0.12, 0.05)) and face is not None]
    assert shown[-1][1] is not None
    assert np.sum((shown[-1][1] - at_rest[-1]) ** 2) < LIMITS.same_face
    assert len(play.check.times) == len(sides)


@given(st.integers(0, 2**32))
def test_a_swap_never_passes(seed):
    """One face begins and another ends: whatever was shown between them."""
    rng = random.Random(seed)
    play = Play(drawn_sides(rng))
    play.show()
    swapped_at = rng.randrange(len(play.check.sides))
    for number, side in enumerate(play.check.sides):
        play.turn(side, ANNA if number < swapped_at else BEN)
    assert play.check.result is not TurnResult.MADE


def test_each_side_is_drawn_as_often_whatever_was_before():
    """A recorded turn passes once in 64: as often as its sides are drawn."""
    rng = random.Random(5)
    draws = Counter(drawn_sides(rng) for _ in range(6400))
    assert len(draws) == 4**MOVEMENTS
    assert max(draws.values()) < 160
    assert min(draws.values()) > 60
