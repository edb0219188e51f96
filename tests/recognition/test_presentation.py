"""The turning of the head: what passes, what ends a try, and what can't pass."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceaccess.codes import LivenessMode, Reason, Side, TurnResult, Verdict
from faceaccess.recognition.presentation import (
    DRAWS,
    MOVEMENTS,
    TRIES,
    Look,
    Shown,
    TurnCheck,
    TurnLimits,
    drawn_sides,
    judge,
)
from tests.builders import make_embedding

LIMITS = TurnLimits(same_face=1.0)
ANNA, BEN = make_embedding(0), make_embedding(120)
assert np.sum((ANNA - BEN) ** 2) > LIMITS.same_face
SIDES = (Side.LEFT, Side.UP, Side.RIGHT)
WAYS = {Side.LEFT: (0.9, 0.0), Side.RIGHT: (-0.9, 0.0), Side.UP: (0.0, -0.4), Side.DOWN: (0.0, 0.4)}
LIMITS_OF = (LIMITS.sideways, LIMITS.up)
SIGNS = {Side.LEFT: (1, 0), Side.RIGHT: (-1, 0), Side.UP: (0, -1), Side.DOWN: (0, 1)}
REST = np.array([0.1, 0.2], np.float32)


class Play:
    """Shows looks to a check, ten a second."""

    def __init__(self, sides=SIDES, limits=LIMITS):
        self.check, self.index = TurnCheck(sides, limits, ANNA), 0

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
    assert len(play.check.times_s) == MOVEMENTS


def test_nothing_is_asked_before_the_face_has_looked_straight_ahead():
    play = Play()
    for number in range(4):
        play.show((0.6 * (number % 2), 0.0), count=1)
        assert play.check.asked is None
    play.show()
    assert play.check.asked is Side.LEFT


def test_a_second_try_begins_when_the_head_looks_ahead_again():
    """It took the head, still turned from the first, for one that looks ahead."""
    play = Play()
    play.show()
    play.show(WAYS[Side.RIGHT])
    play.check = TurnCheck(SIDES, LIMITS, ANNA, play.check.rest)
    play.show(WAYS[Side.RIGHT])
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


def test_a_face_that_is_gone_for_the_time_of_a_movement_ends_the_try():
    play = Play()
    play.show()
    assert play.check.wait(4.1) is None
    assert play.check.wait(4.2) is TurnResult.NOT_MADE


@pytest.mark.parametrize("side", SIDES)
def test_another_face_that_turns_makes_no_movement(side):
    """A photo that is taken away for the turn and held up again: only the turned face was another's."""
    play = Play((side,))
    play.show()
    play.show(WAYS[side], BEN)
    assert play.show((0.0, 0.0), ANNA) is None
    assert play.check.asked is side


def test_a_head_that_turned_too_far_to_be_told_counts_by_the_pictures_on_its_way():
    play = Play((Side.LEFT,))
    play.show()
    play.show(WAYS[Side.LEFT], ANNA, count=1)
    play.show((1.2, 0.0), BEN, count=5)
    play.show(WAYS[Side.LEFT], ANNA, count=1)
    assert play.show() is TurnResult.MADE


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


_looks = st.tuples(
    st.sampled_from([None, (0.0, 0.0), (0.12, 0.05), *WAYS.values()]), st.sampled_from([ANNA, BEN])
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
    made = iter(way for way, face in shown if face is ANNA)
    assert all(any(way == WAYS[side] for way in made) for side in sides)
    assert shown[-1][1] is ANNA
    assert len(play.check.times_s) == len(sides)


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


def test_sides_are_drawn_as_often_as_each_other_and_never_all_along_the_same_line():
    """A recorded turn passes once in 48: as often as its sides are drawn."""
    rng = random.Random(5)
    draws = Counter(drawn_sides(rng) for _ in range(100 * DRAWS))
    assert len(draws) == DRAWS == 48
    assert max(draws.values()) < 160
    assert min(draws.values()) > 60
    assert not any(set(sides) <= {Side.LEFT, Side.RIGHT} for sides in draws)
    assert not any(set(sides) <= {Side.UP, Side.DOWN} for sides in draws)


@pytest.mark.parametrize("size", [1.05, 1.5, 3.0])
def test_a_recording_that_goes_through_all_sides_passes_no_oftener_than_its_first_are_drawn(size):
    """With a limit for wrong movements of its own, one a little over the limit passed every draw."""
    rng = random.Random(7)
    ways = {
        side: tuple(size * LIMITS_OF[axis] * sign for axis, sign in enumerate(SIGNS[side])) for side in Side
    }
    passed = 0
    tries = 1500
    for _ in range(tries):
        play = Play(drawn_sides(rng))
        order = rng.sample(list(Side), 4)
        play.show()
        for step in range(12):
            play.show(ways[order[step % 4]])
            if play.show() is not None:
                break
        passed += play.check.result is TurnResult.MADE
    assert passed / tries < 2 / DRAWS


LIVE, FLAT = 0.9, 0.1
LIMIT = 0.5
MADE = Shown(turn=TurnResult.MADE, tries=1)
ENDS = (TurnResult.NOT_MADE, TurnResult.WRONG_SIDE, TurnResult.SOMEBODY_ELSE)
REASONS = (Reason.TURN_NOT_MADE, Reason.WRONG_SIDE, Reason.SOMEBODY_ELSE)


@pytest.mark.parametrize("mode", [LivenessMode.OFF, LivenessMode.WATCH])
@pytest.mark.parametrize(
    "shown", [Shown(), Shown(FLAT), Shown(FLAT, TurnResult.WRONG_SIDE, 9), Shown(has_failed=True)]
)
def test_a_door_that_only_watches_lets_everything_count(mode, shown):
    assert judge(mode, LIMIT, shown) == (Verdict.COUNTS, None)


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(LIVE, Verdict.COUNTS), (LIMIT, Verdict.COUNTS), (0.499, Verdict.ASK), (FLAT, Verdict.ASK)],
)
def test_in_doubt_only_a_score_below_the_limit_is_asked(score, verdict):
    assert judge(LivenessMode.IN_DOUBT, LIMIT, Shown(score)) == (verdict, None)


def test_in_doubt_a_score_that_is_missing_is_asked():
    assert judge(LivenessMode.IN_DOUBT, LIMIT, Shown()) == (Verdict.ASK, None)


def test_in_doubt_a_turn_once_asked_for_must_be_made_whatever_the_score_becomes():
    for end, reason in zip(ENDS, REASONS, strict=True):
        assert judge(LivenessMode.IN_DOUBT, LIMIT, Shown(LIVE, end, 1)) == (Verdict.ASK, None)
        assert judge(LivenessMode.IN_DOUBT, LIMIT, Shown(LIVE, end, TRIES)) == (Verdict.SUSPECTED, reason)


@pytest.mark.parametrize("score", [None, FLAT, LIVE, 1.0])
def test_always_means_whatever_the_score(score):
    assert judge(LivenessMode.ALWAYS, LIMIT, Shown(score)) == (Verdict.ASK, None)
    for end, reason in zip(ENDS, REASONS, strict=True):
        assert judge(LivenessMode.ALWAYS, LIMIT, Shown(score, end, TRIES - 1)) == (Verdict.ASK, None)
        assert judge(LivenessMode.ALWAYS, LIMIT, Shown(score, end, TRIES)) == (Verdict.SUSPECTED, reason)
        assert judge(LivenessMode.ALWAYS, LIMIT, Shown(score, end, TRIES + 1)) == (Verdict.SUSPECTED, reason)


@pytest.mark.parametrize("mode", [LivenessMode.IN_DOUBT, LivenessMode.ALWAYS])
def test_a_turn_that_was_made_counts(mode):
    assert judge(mode, LIMIT, MADE) == (Verdict.COUNTS, None)
    assert judge(mode, LIMIT, Shown(FLAT, TurnResult.MADE, TRIES)) == (Verdict.COUNTS, None)


@pytest.mark.parametrize("mode", [LivenessMode.IN_DOUBT, LivenessMode.ALWAYS])
def test_what_is_played_into_the_camera_is_never_live(mode):
    for turn in (None, TurnResult.MADE, TurnResult.NOT_MADE):
        replayed = Shown(LIVE, turn, 1, is_replayed=True)
        assert judge(mode, LIMIT, replayed) == (Verdict.SUSPECTED, Reason.REPLAYED)
        other = Shown(LIVE, turn, 1, is_other_camera=True)
        assert judge(mode, LIMIT, other) == (Verdict.SUSPECTED, Reason.CAMERA_CHANGED)


@pytest.mark.parametrize("mode", [LivenessMode.OFF, LivenessMode.WATCH])
def test_a_door_that_only_watches_lets_what_is_played_count(mode):
    assert judge(mode, LIMIT, Shown(is_replayed=True, is_other_camera=True)) == (Verdict.COUNTS, None)


def test_what_fails_lets_nobody_in_where_a_turn_is_needed():
    failed = Shown(has_failed=True)
    assert judge(LivenessMode.ALWAYS, LIMIT, failed) == (Verdict.SUSPECTED, Reason.LIVENESS_FAILED)
    assert judge(LivenessMode.IN_DOUBT, LIMIT, failed) == (Verdict.SUSPECTED, Reason.LIVENESS_FAILED)
    between = Shown(turn=TurnResult.NOT_MADE, tries=1, has_failed=True)
    assert judge(LivenessMode.ALWAYS, LIMIT, between) == (Verdict.SUSPECTED, Reason.LIVENESS_FAILED)


def test_what_fails_in_a_door_that_is_not_in_doubt_changes_nothing():
    live = Shown(LIVE, has_failed=True)
    assert judge(LivenessMode.IN_DOUBT, LIMIT, live) == (Verdict.COUNTS, None)


def test_whoever_has_gone_makes_no_second_try():
    gone = Shown(turn=TurnResult.NOT_MADE, tries=1, is_gone=True)
    assert judge(LivenessMode.ALWAYS, LIMIT, gone) == (Verdict.SUSPECTED, Reason.TURN_NOT_MADE)


def test_whoever_comes_in_otherwise_is_waited_for_once():
    waiting = Shown(has_other_way=True)
    assert judge(LivenessMode.ALWAYS, LIMIT, waiting) == (Verdict.ASK, None)
    late = Shown(turn=TurnResult.NOT_MADE, has_other_way=True)
    assert judge(LivenessMode.ALWAYS, LIMIT, late) == (Verdict.SUSPECTED, Reason.TURN_NOT_MADE)


def test_in_doubt_a_picture_that_looks_flat_is_asked_whatever_its_score():
    assert judge(LivenessMode.IN_DOUBT, LIMIT, Shown(LIVE, is_flat=True)) == (Verdict.ASK, None)
