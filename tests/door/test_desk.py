"""Questions to the desk: asked within the band only, answered once, refused when nobody answers."""

import itertools
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from faceaccess.codes import Outcome, Reason
from faceaccess.door.checkin import CheckIn, CheckInPolicy
from faceaccess.door.desk import ANSWER_S, Answer, Desk, answered
from faceaccess.door.live import LiveSession
from faceaccess.door.pin import PinAnswer
from faceaccess.door.watch import Callbacks, Watch
from faceaccess.errors import StoreError
from faceaccess.recognition.types import Decision
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.store.access.types import Actor
from tests.builders import GOOD, NOW, POLICY, make_decision
from tests.door.test_live import FakeLog
from tests.fakes import FakeCapture
from tests.recognition.test_pipeline import pipeline
from tests.waiting import wait_for

OLGA = Actor("olga")
PIN_OF_A = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, "a")


def refusal(distance=0.13, outcome=Outcome.UNKNOWN, runner_up=0.5):
    decision = Decision(
        outcome,
        Reason.NO_MATCH if outcome is Outcome.UNKNOWN else Reason.RUNNER_UP_TOO_CLOSE,
        "a" if outcome is Outcome.AMBIGUOUS else None,
        distance,
        "b",
        runner_up,
        POLICY,
        nearest_id="a",
    )
    return CheckIn(decision, GOOD, None, NOW, 1, 1.0, 1)


def desk(*, is_asked=True):
    return Desk("Gate", itertools.count(1), is_asked=is_asked)


@pytest.mark.parametrize(
    ("check_in", "candidates"),
    [
        (refusal(0.1399), ("a",)),
        (refusal(0.1401), None),
        (refusal(0.13, runner_up=0.139), ("a", "b")),
        (refusal(0.1, Outcome.AMBIGUOUS, runner_up=0.11), ("a", "b")),
        (refusal(0.1, Outcome.LOW_QUALITY), None),
        (refusal(0.1, Outcome.ACCEPTED), None),
        (refusal(0.1, Outcome.DENIED), None),
    ],
)
def test_only_who_is_near_the_threshold_or_between_two_is_asked_about(check_in, candidates):
    question = desk().ask(check_in, 0.0)
    assert (question and tuple(who for who, _ in question.candidates)) == candidates


def test_a_desk_that_is_not_asked_asks_about_nobody():
    assert desk(is_asked=False).ask(refusal(0.1, Outcome.AMBIGUOUS, 0.11), 0.0) is None


def test_a_question_is_answered_once_and_not_too_late():
    asked = desk()
    first, second = asked.ask(refusal(), 0.0), asked.ask(refusal(), 10.0)
    assert asked.expired(ANSWER_S - 0.1) == []
    assert asked.expired(ANSWER_S) == [first]
    assert asked.take(first.question_id) is None
    assert asked.take(second.question_id) is second
    assert asked.take(second.question_id) is None


def test_an_answer_keeps_the_arrival_and_the_distances():
    question = desk().ask(refusal(0.13, runner_up=0.139), 0.0)
    entry = answered(question, Answer(1, "b", OLGA), lambda *_: None)
    assert (entry.decision.outcome, entry.decision.reason) == (Outcome.ACCEPTED, Reason.CONFIRMED)
    assert (entry.decision.person_id, entry.decision.distance) == ("b", 0.139)
    assert (entry.decision.runner_up_id, entry.decision.runner_up_distance) == ("a", 0.13)
    assert entry.at == NOW
    refused = answered(question, Answer(1, None, OLGA), lambda *_: None)
    assert (refused.decision.outcome, refused.decision.reason) == (Outcome.UNKNOWN, Reason.REJECTED)
    denied = answered(question, Answer(1, "a", OLGA), lambda *_: Reason.OUTSIDE_HOURS)
    assert (denied.decision.outcome, denied.decision.reason) == (Outcome.DENIED, Reason.OUTSIDE_HOURS)
    with pytest.raises(ValueError, match="candidate"):
        answered(question, Answer(1, "somebody", OLGA), lambda *_: None)


class Door:
    """A running door with a desk; a refusal is handed to it as the policy would."""

    def __init__(self, log=None, *, has_desk=True):
        self.log, self.questions, self.closed, self.events = log or FakeLog(), [], [], []
        self.errors = []
        callbacks = Callbacks(
            on_event=self.events.append,
            on_error=self.errors.append,
            on_question=self.questions.append if has_desk else None,
            on_answered=self.closed.append,
        )
        self.watch = Watch(
            CameraSettings(),
            pipeline=pipeline(90),
            checkin=CheckInPolicy(DoorSettings()),
            log=self.log,
            callbacks=callbacks,
            desk=desk(),
        )
        self.session = LiveSession([(self.watch, FakeCapture)], callbacks)
        self.session.start()

    def refuse(self, check_in):
        self.session._on_inference_thread(lambda: self.watch._write((check_in,)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.stop()


def test_nothing_is_entered_until_the_desk_has_answered():
    with Door() as door:
        door.refuse(refusal())
        assert len(door.questions) == 1
        assert door.events == []
        entry = door.session.answer(Answer(1, "a", OLGA))
        assert entry.decision.outcome is Outcome.ACCEPTED
        assert door.session.answer(Answer(1, None, OLGA)) is None
        assert door.closed == [1]
    assert door.events == [entry]
    assert door.log.actors == ["olga"]


def test_two_answers_for_one_person_make_one_entry():
    with Door() as door:
        for _ in range(2):
            door.refuse(refusal())
        door.session.answer(Answer(1, "a", OLGA))
        assert door.session.answer(Answer(2, "a", OLGA)) is None
        assert sorted(door.closed) == [1, 2]
    assert len(door.events) == 1


def test_an_answer_within_the_cool_down_makes_no_entry_and_is_kept_all_the_same():
    """It wrote nothing at all, so what the desk knew was lost."""
    with Door() as door:
        entry = door.session.enter(
            "main", PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, "a"), datetime.now(UTC)
        )
        door.refuse(refusal())
        assert door.session.answer(Answer(1, "a", OLGA)) is None
        assert door.closed == [1]
    assert door.events == [entry]
    (truth,) = door.log.truths
    assert (truth["answer"], truth["nearest_id"], truth["runner_up_id"]) == ("a", "a", "b")
    assert (truth["distance"], truth["runner_up_distance"], truth["threshold"]) == (0.13, 0.5, 0.12)


@pytest.mark.parametrize("answer", [None, "a"])
def test_an_answer_is_kept_with_both_candidates(answer):
    """“Somebody else” forgot who was nearest."""
    with Door() as door:
        door.refuse(refusal(runner_up=0.139))
        door.session.answer(Answer(1, answer, OLGA))
    (truth,) = door.log.truths
    assert (truth["answer"], truth["nearest_id"], truth["runner_up_id"]) == (answer, "a", "b")


def test_who_gets_in_otherwise_is_asked_about_no_longer():
    """Half a minute later they were refused as well, as somebody unknown."""
    with Door() as door:
        door.refuse(refusal())
        entry = door.session.enter(
            "main", PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, "a"), datetime.now(UTC)
        )
        assert door.closed == [1]
        door.refuse(refusal())
        face = replace(refusal(0.1), decision=make_decision(Outcome.ACCEPTED, "c"))
        door.refuse(face)
        assert door.closed == [1, 2]
        door.session._on_inference_thread(lambda: door.watch.end_questions(math.inf))
    assert door.events == [entry, face]


def test_at_another_camera_of_the_door_too_but_not_about_others():
    one, other = desk(), desk()
    question = one.ask(refusal(), 0.0)
    other.ask(replace(refusal(), track_id=2), 0.0)
    assert one.withdraw(track_id=7, person_id="z") == []
    assert other.withdraw(track_id=2, person_id="z")
    assert one.withdraw(track_id=0, person_id="a") == [question]


def test_where_nobody_can_answer_nobody_is_asked_about():
    """At a kiosk alone, whoever was in doubt stood for 30 s before a screen that nobody saw."""
    with Door(has_desk=False) as door:
        door.refuse(refusal())
        assert len(door.events) == 1


def test_unanswered_it_is_the_refusal_it_would_have_been():
    with Door() as door:
        door.refuse(refusal())
        door.session._on_inference_thread(lambda: door.watch.end_questions(math.inf))
        assert door.closed == [1]
    (entry,) = door.events
    assert (entry.decision.outcome, entry.decision.reason) == (Outcome.UNKNOWN, Reason.NO_MATCH)
    assert entry.at == NOW


def test_a_door_that_closes_refuses_who_is_still_asked_about():
    with Door() as door:
        door.refuse(refusal())
    wait_for(lambda: len(door.events) == 1)


def test_an_answer_that_cannot_be_written_leaves_the_question_open():
    with Door(FakeLog(failures=1)) as door:
        door.refuse(refusal())
        with pytest.raises(StoreError, match="full"):
            door.session.answer(Answer(1, "a", OLGA))
        assert door.closed == []
        assert door.session.answer(Answer(1, "a", OLGA)) is not None
    assert len(door.events) == 1


def test_clear_refusals_are_entered_at_once():
    with Door() as door:
        door.refuse(replace(refusal(0.3)))
        assert len(door.events) == 1
        assert door.questions == []
