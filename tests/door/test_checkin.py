from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from faceaccess.codes import Direction, Outcome, Passage, Reason
from faceaccess.door.checkin import PASSER_BY_S, TURNS_ANEW_S, CheckInPolicy
from faceaccess.settings import DoorSettings
from faceaccess.vision.types import Quality
from tests.builders import GOOD, NOW, make_decision, make_embedding, make_face, make_result
from tests.fakes import ManualClock

FPS = 15
SETTINGS = DoorSettings(agreeing_frames=3, cool_down_s=60.0, absence_s=1.0, unknown_after_s=3.0)
UNKNOWN = make_decision(Outcome.UNKNOWN, None, Reason.NO_MATCH, 0.3)


def accepted(person="a"):
    return make_decision(Outcome.ACCEPTED, person)


def carried_on(decision, track_id=1):
    return replace(make_face(decision, track_id), is_judged=False)


class Door:
    """Feeds frames to a policy on a clock and keeps what comes out."""

    def __init__(self, settings=SETTINGS):
        self.policy, self.clock, self.entries = CheckInPolicy(settings), ManualClock(), []

    def show(self, frames, *faces, ended=(), passage=Passage.BOTH):
        for _ in range(frames):
            seconds = (self.clock.now - NOW).total_seconds()
            result = make_result(seconds, *faces, ended=ended)
            self.entries += self.policy.observe(result, self.clock.now, passage)
            self.clock.advance(1 / FPS)
            ended = ()
        return self.outcomes

    def wait(self, seconds):
        self.clock.advance(seconds)

    @property
    def outcomes(self):
        return [(entry.decision.outcome, entry.decision.person_id) for entry in self.entries]


@pytest.mark.parametrize(("frames", "entries"), [(1, 0), (2, 0), (3, 1), (4, 1), (100, 1)])
def test_so_many_agreeing_frames_make_one_entry(frames, entries):
    assert len(Door().show(frames, make_face(accepted()))) == entries


def test_the_entry_is_that_of_the_deciding_frame():
    door = Door()
    door.show(3, make_face(accepted()))
    (entry,) = door.entries
    assert entry.at == NOW + 2 * timedelta(seconds=1 / FPS)
    assert (entry.frame_index, entry.track_id) == (2, 1)
    assert entry.decision == accepted()
    assert entry.quality == GOOD


def test_frames_that_disagree_start_again():
    door = Door()
    door.show(2, make_face(accepted("a")))
    door.show(2, make_face(accepted("b")))
    assert door.show(2, make_face(accepted("a"))) == []
    assert door.show(1, make_face(accepted("a"))) == [(Outcome.ACCEPTED, "a")]


def test_an_unknown_frame_between_starts_again():
    door = Door()
    door.show(2, make_face(accepted()))
    door.show(1, make_face(UNKNOWN))
    assert door.show(2, make_face(accepted())) == []


def test_a_frame_that_cannot_be_judged_does_not_start_again():
    door = Door()
    door.show(2, make_face(accepted()))
    blurred = replace(UNKNOWN, outcome=Outcome.LOW_QUALITY, reason=Reason.FACE_BLURRED)
    door.show(1, make_face(blurred))
    assert door.show(1, make_face(accepted())) == [(Outcome.ACCEPTED, "a")]


def test_accepted_and_denied_of_one_person_do_not_agree():
    door = Door()
    door.show(2, make_face(make_decision(Outcome.DENIED, "a")))
    assert door.show(2, make_face(accepted("a"))) == []


def test_two_people_at_once_both_enter():
    door = Door()
    door.show(3, make_face(accepted("a"), 1), make_face(accepted("b"), 2))
    assert sorted(door.outcomes) == [(Outcome.ACCEPTED, "a"), (Outcome.ACCEPTED, "b")]


@pytest.mark.parametrize(("after_s", "entries"), [(59.0, 1), (60.5, 2)])
def test_a_return_counts_after_the_cool_down(after_s, entries):
    door = Door()
    door.show(3, make_face(accepted(), 1))
    door.wait(after_s - 3 / FPS)
    door.show(3, make_face(accepted(), 2))
    assert len(door.outcomes) == entries


def test_the_cool_down_ends_exactly_when_it_ends():
    for seconds, entries in ((60.0, 2), (59.999, 1)):
        policy = CheckInPolicy(replace(SETTINGS, agreeing_frames=1))
        out = list(policy.observe(make_result(0, make_face(accepted(), 1)), NOW))
        out += policy.observe(
            make_result(seconds, make_face(accepted(), 2)), NOW + timedelta(seconds=seconds)
        )
        assert len(out) == entries


@pytest.mark.parametrize(("away_s", "entries"), [(0.999, 1), (1.0, 2)])
def test_absence_ends_a_visit(away_s, entries):
    policy = CheckInPolicy(replace(SETTINGS, agreeing_frames=1, cool_down_s=0.0))
    out = list(policy.observe(make_result(0, make_face(accepted(), 1)), NOW))
    out += policy.observe(make_result(away_s, make_face(accepted(), 2)), NOW + timedelta(seconds=away_s))
    assert len(out) == entries


def test_somebody_who_stays_enters_once():
    door = Door(replace(SETTINGS, cool_down_s=5.0))
    assert len(door.show(20 * FPS, make_face(accepted()))) == 1


def test_a_visit_begun_in_the_cool_down_is_logged_when_it_ends():
    door = Door(replace(SETTINGS, cool_down_s=5.0))
    door.show(2 * FPS, make_face(accepted(), 1))
    door.wait(1.5)
    assert len(door.show(FPS, make_face(accepted(), 2))) == 1
    assert len(door.show(FPS, make_face(accepted(), 2))) == 2


def test_one_persons_cool_down_is_not_anothers():
    door = Door()
    door.show(3, make_face(accepted("a"), 1))
    assert len(door.show(3, make_face(accepted("b"), 2))) == 2


def test_a_restored_cool_down_holds_in_its_direction_only():
    for direction, entries in ((Direction.BOTH, 0), (Direction.IN, 1)):
        door = Door()
        door.policy.restore([(Outcome.ACCEPTED, "a", direction, NOW - timedelta(seconds=30))])
        assert len(door.show(3, make_face(accepted()))) == entries


def test_the_newest_restored_entry_counts():
    door = Door()
    rows = [(Outcome.ACCEPTED, "a", Direction.BOTH, NOW - timedelta(seconds=s)) for s in (90, 30, 80)]
    door.policy.restore(rows)
    assert door.show(3, make_face(accepted())) == []


def test_a_denied_person_makes_an_entry_of_that_outcome():
    door = Door()
    assert door.show(10, make_face(make_decision(Outcome.DENIED, "a"))) == [(Outcome.DENIED, "a")]


@pytest.mark.parametrize(("seconds", "entries"), [(2.9, 0), (3.1, 1), (20, 1)])
def test_a_stranger_makes_one_entry_after_three_seconds(seconds, entries):
    assert len(Door().show(round(seconds * FPS), make_face(UNKNOWN))) == entries


@pytest.mark.parametrize(("seconds", "entries"), [(2.9, 0), (3.1, 1), (20, 1)])
def test_a_stranger_who_is_only_followed_makes_that_entry_as_soon(seconds, entries):
    """Somebody far beyond the threshold is embedded once a second, not whenever the door looks."""
    door = Door()
    door.show(1, make_face(UNKNOWN))
    assert len(door.show(round(seconds * FPS) - 1, carried_on(UNKNOWN))) == entries


@pytest.mark.parametrize(("seconds", "entries"), [(PASSER_BY_S - 0.1, 0), (PASSER_BY_S + 0.2, 1)])
def test_a_stranger_makes_an_entry_when_the_track_ends_unless_only_passing_by(seconds, entries):
    door = Door()
    door.show(round(seconds * FPS), make_face(UNKNOWN))
    assert len(door.show(1, ended=(1,))) == entries


def test_exactly_one_second_is_more_than_passing_by():
    policy = CheckInPolicy(SETTINGS)
    for seconds in (0.0, 1.0):
        policy.observe(make_result(seconds, make_face(UNKNOWN)), NOW + timedelta(seconds=seconds))
    assert len(policy.end_track(1)) == 1


def test_exactly_three_seconds_are_enough():
    policy = CheckInPolicy(SETTINGS)
    out = []
    for seconds in (0.0, 2.99, 3.0):
        out += policy.observe(make_result(seconds, make_face(UNKNOWN)), NOW + timedelta(seconds=seconds))
    assert [entry.time_s for entry in out] == [0.0]


def test_a_refused_track_ends_without_a_second_entry():
    door = Door()
    door.show(5 * FPS, make_face(UNKNOWN))
    assert len(door.show(1, ended=(1,))) == 1


def test_a_track_that_was_let_in_ends_without_an_entry():
    door = Door()
    door.show(2 * FPS, make_face(accepted()))
    assert len(door.show(1, ended=(1,))) == 1
    assert door.policy.end_track(1) == ()
    assert door.policy.end_track(99) == ()


def test_staff_recognised_late_is_let_in_after_the_refusal():
    door = Door()
    door.show(4 * FPS, make_face(UNKNOWN))
    door.show(3, make_face(accepted()))
    assert [outcome for outcome, _ in door.outcomes] == [Outcome.UNKNOWN, Outcome.ACCEPTED]


def test_a_stranger_whose_track_breaks_makes_one_entry():
    face = make_embedding(1)
    door = Door()
    door.show(4 * FPS, make_face(UNKNOWN, 1, embedding=face))
    door.wait(0.5)
    assert len(door.show(4 * FPS, make_face(UNKNOWN, 2, embedding=face), ended=(1,))) == 1


def test_another_stranger_straight_after_makes_another_entry():
    door = Door()
    door.show(4 * FPS, make_face(UNKNOWN, 1, embedding=make_embedding(1)))
    assert len(door.show(4 * FPS, make_face(UNKNOWN, 2, embedding=make_embedding(2)), ended=(1,))) == 2


def test_a_stranger_who_comes_back_makes_another_entry():
    face = make_embedding(1)
    door = Door()
    door.show(4 * FPS, make_face(UNKNOWN, 1, embedding=face))
    door.wait(2.0)
    assert len(door.show(4 * FPS, make_face(UNKNOWN, 2, embedding=face), ended=(1,))) == 2


def refusal_of(*faces_and_counts):
    door = Door()
    for frames, decision, sharpness in faces_and_counts:
        door.show(frames, make_face(decision, quality=replace(GOOD, sharpness=sharpness)))
    door.show(1, ended=(1,))
    (entry,) = door.entries
    return entry


def low(reason):
    return replace(UNKNOWN, outcome=Outcome.LOW_QUALITY, reason=reason)


def test_frames_that_could_be_judged_speak_for_the_refusal():
    entry = refusal_of((20, low(Reason.TOO_DARK), 30.0), (5, UNKNOWN, 5.0), (5, UNKNOWN, 7.0))
    assert entry.decision.outcome is Outcome.UNKNOWN
    assert entry.quality.sharpness == 7.0


def test_with_no_frame_that_could_be_judged_the_commonest_reason_speaks():
    entry = refusal_of(
        (12, low(Reason.TOO_DARK), 3.0), (20, low(Reason.FACE_BLURRED), 4.0), (5, low(Reason.TOO_DARK), 2.0)
    )
    assert (entry.decision.outcome, entry.decision.reason) == (Outcome.LOW_QUALITY, Reason.FACE_BLURRED)
    assert entry.decision.person_id is None
    assert entry.quality.sharpness == 4.0


def test_mostly_ambiguous_frames_make_an_ambiguous_entry_that_names_the_nearest():
    ambiguous = make_decision(Outcome.AMBIGUOUS, "a", Reason.RUNNER_UP_TOO_CLOSE)
    entry = refusal_of((10, UNKNOWN, 5.0), (20, ambiguous, 6.0))
    assert (entry.decision.outcome, entry.decision.person_id) == (Outcome.AMBIGUOUS, "a")


def test_mostly_unknown_frames_name_nobody():
    ambiguous = make_decision(Outcome.AMBIGUOUS, "a", Reason.RUNNER_UP_TOO_CLOSE)
    entry = refusal_of((20, UNKNOWN, 5.0), (10, ambiguous, 6.0))
    assert (entry.decision.outcome, entry.decision.person_id) == (Outcome.UNKNOWN, None)


def test_a_retracted_entry_is_tried_again():
    door = Door()
    door.show(3, make_face(accepted()))
    door.policy.retract(door.entries.pop())
    assert door.show(1, make_face(accepted())) == [(Outcome.ACCEPTED, "a")]


def test_a_retracted_refusal_is_tried_again():
    door = Door()
    face = make_face(UNKNOWN, embedding=make_embedding(1))
    door.show(4 * FPS, face)
    door.policy.retract(door.entries.pop())
    assert door.show(1, face) == [(Outcome.UNKNOWN, None)]


def test_a_retracted_refusal_that_names_the_nearest_is_tried_again():
    ambiguous = make_decision(Outcome.AMBIGUOUS, "a", Reason.RUNNER_UP_TOO_CLOSE)
    door = Door()
    door.show(4 * FPS, make_face(ambiguous))
    door.policy.retract(door.entries.pop())
    assert door.show(1, make_face(ambiguous)) == [(Outcome.AMBIGUOUS, "a")]


def test_an_entry_carries_a_loose_crop_of_its_frame_with_landmarks():
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[20:80, 30:90] = 255
    door = Door()
    door.show(3, replace(make_face(accepted()), image=picture))
    crop = door.entries[0].crop
    # Twice the box, cut at the edges of the picture: the landmarks move with it.
    assert crop.image.shape == (110, 120, 3)
    assert np.allclose(crop.landmarks, make_face(accepted()).detection.landmarks - [0, 0])
    assert crop.image[50, 60].tolist() == [255, 255, 255]


def test_a_refusal_carries_what_its_whole_track_looked_like():
    fused = make_embedding(3)
    door = Door()
    door.show(4 * FPS, replace(make_face(UNKNOWN, embedding=make_embedding(4)), fused=fused))
    assert door.entries[0].embedding is fused


def test_the_commonest_reason_speaks_though_another_frame_was_sharper():
    entry = refusal_of((12, low(Reason.TOO_DARK), 9.0), (20, low(Reason.FACE_BLURRED), 4.0))
    assert entry.decision.reason is Reason.FACE_BLURRED
    assert entry.quality.sharpness == 9.0


def test_opposite_differences_do_not_cancel():
    """The distance is a sum of squares: differences of both signs must not cancel."""
    one, other = np.array([0.6, 0.8], np.float32), np.array([0.8, -0.6], np.float32)
    door = Door()
    door.show(4 * FPS, make_face(UNKNOWN, 1, embedding=one))
    assert len(door.show(4 * FPS, make_face(UNKNOWN, 2, embedding=other), ended=(1,))) == 2


def test_a_face_only_carried_on_changes_nothing():
    door = Door()
    assert door.show(5 * FPS, carried_on(accepted())) == []
    assert door.policy.end_track(1) == ()


def test_quality_of_a_frame_is_that_of_the_entry():
    quality = Quality(80, 5, 100, 0.1, 0.98)
    door = Door()
    door.show(3, make_face(accepted(), quality=quality))
    assert door.entries[0].quality == quality


def test_somebody_far_away_is_not_at_the_door():
    door = Door()
    door.show(5 * FPS, make_face(low(Reason.FACE_TOO_SMALL)))
    assert door.show(1, ended=(1,)) == []


def test_time_far_away_does_not_count_as_time_at_the_door():
    door = Door()
    door.show(5 * FPS, make_face(low(Reason.FACE_TOO_SMALL)))
    door.show(round(0.5 * FPS), make_face(UNKNOWN))
    assert door.show(1, ended=(1,)) == []


def test_a_face_carried_on_is_still_there():
    """Presence counts, not embeddings: whoever stands in the picture doesn't begin a new visit."""
    door = Door(replace(SETTINGS, cool_down_s=0.0))
    door.show(3, make_face(accepted()))
    door.show(10 * FPS, carried_on(accepted()))
    door.show(3 * FPS, make_face(accepted(), 2), ended=(1,))
    assert len(door.entries) == 1


def test_only_a_track_with_nothing_open_is_settled():
    door = Door()
    door.show(2, make_face(accepted()))
    assert door.policy.settled() == frozenset()
    door.show(1, make_face(accepted()))
    assert door.policy.settled() == {1}
    # Somebody else seems to have taken the place: open again until that is agreed on.
    door.show(1, make_face(accepted("b")))
    assert door.policy.settled() == frozenset()
    door.show(2, make_face(accepted("b")))
    assert door.policy.settled() == {1}


def test_a_refused_face_is_settled_and_a_faces_first_look_is_not():
    door = Door()
    door.show(FPS, make_face(UNKNOWN))
    assert door.policy.settled() == frozenset()
    door.show(3 * FPS, make_face(UNKNOWN))
    assert door.policy.settled() == {1}


@pytest.mark.parametrize("decision", [accepted(), UNKNOWN])
def test_an_entry_that_was_not_written_leaves_its_track_open(decision):
    door = Door()
    door.show(4 * FPS, make_face(decision))
    door.policy.retract(door.entries[0])
    assert door.policy.settled() == frozenset()


def visits(passages_and_waits, settings=SETTINGS):
    """The directions of one person's entries, each visit at a camera after a wait in seconds."""
    door = Door(settings)
    for track_id, (passage, wait_s) in enumerate(passages_and_waits, 1):
        door.wait(wait_s)
        door.show(4, make_face(accepted(), track_id), passage=passage)
    return [entry.direction for entry in door.entries]


def test_an_entry_has_the_direction_of_its_camera():
    turns = [(Passage.IN, 0), (Passage.OUT, 90), (Passage.BOTH, 90)]
    assert visits(turns) == [Direction.IN, Direction.OUT, Direction.BOTH]


def test_in_and_out_cool_down_apart():
    assert visits([(Passage.IN, 0), (Passage.OUT, 5), (Passage.IN, 5)]) == [Direction.IN, Direction.OUT]


def test_by_turns_who_came_in_goes_out_next():
    three = [Direction.IN, Direction.OUT, Direction.IN]
    assert visits([(Passage.BY_TURNS, 90)] * 3) == three


def test_by_turns_nobody_goes_out_a_moment_after_they_came():
    """Standing at the door twice within the cool-down would otherwise book somebody out again."""
    assert visits([(Passage.BY_TURNS, 5)] * 3) == [Direction.IN]


@pytest.mark.parametrize(
    ("wait_s", "second"), [(TURNS_ANEW_S - 1, Direction.OUT), (TURNS_ANEW_S + 1, Direction.IN)]
)
def test_by_turns_a_forgotten_way_out_does_not_turn_the_next_day_round(wait_s, second):
    assert visits([(Passage.BY_TURNS, 0), (Passage.BY_TURNS, wait_s)]) == [Direction.IN, second]


def test_by_turns_goes_on_after_a_restart():
    door = Door()
    door.policy.restore(
        [(Outcome.ACCEPTED, "a", Direction.IN, NOW - timedelta(hours=2))]
        + [
            (Outcome.ACCEPTED, "b", way, NOW - timedelta(hours=h))
            for way, h in ((Direction.IN, 5), (Direction.OUT, 1))
        ]
    )
    door.show(4, make_face(accepted("a")), make_face(accepted("b"), 2), passage=Passage.BY_TURNS)
    assert [entry.direction for entry in door.entries] == [Direction.OUT, Direction.IN]


def test_by_turns_who_went_and_came_in_one_minute_is_inside():
    """Both were entered by hand, to the minute: the way out was before the way in."""
    door = Door()
    ways = (Direction.IN, Direction.OUT)
    door.policy.restore([(Outcome.ACCEPTED, "a", way, NOW - timedelta(hours=1)) for way in ways])
    door.show(4, make_face(accepted("a")), passage=Passage.BY_TURNS)
    assert [entry.direction for entry in door.entries] == [Direction.OUT]


def test_by_turns_a_stranger_has_no_direction_and_an_unwritten_entry_is_tried_again():
    door = Door()
    door.show(60, make_face(UNKNOWN), passage=Passage.BY_TURNS)
    assert [entry.direction for entry in door.entries] == [Direction.BOTH]
    door.wait(90)
    door.show(3, make_face(accepted(), 2), passage=Passage.BY_TURNS)
    door.policy.retract(door.entries.pop())
    door.show(1, make_face(accepted(), 2), passage=Passage.BY_TURNS)
    assert door.entries[-1].direction is Direction.IN


def test_who_was_taken_for_somebody_else_lets_that_person_enter_at_once():
    door = Door()
    door.show(3, make_face(accepted("a"), 1))
    door.policy.forget("a")
    door.show(30, make_face(accepted("a"), 1))
    assert len(door.entries) == 1  # the same face, still before the camera
    door.wait(2)
    door.show(3, make_face(accepted("a"), 2))
    assert len(door.entries) == 2
