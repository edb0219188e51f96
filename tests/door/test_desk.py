"""Questions to the desk: asked within the band only, answered once, refused when nobody answers."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from faceaccess.codes import Outcome, Reason
from faceaccess.door.checkin import CheckIn, CheckInPolicy
from faceaccess.door.desk import ANSWER_S, Answer, Desk, answered
from faceaccess.door.live import LiveSession
from faceaccess.door.watch import Callbacks, Watch
from faceaccess.errors import StoreError
from faceaccess.recognition.types import Decision
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.store.types import Actor
from tests.builders import GOOD, NOW
from tests.door.test_live import FakeLog
from tests.fakes import FakeCapture
from tests.recognition.test_pipeline import pipeline
from tests.waiting import wait_for

OLGA = Actor("olga")
BAND = 0.02


def refusal(distance=0.13, outcome=Outcome.UNKNOWN, runner_up=0.5):
    decision = Decision(
        outcome,
        Reason.NO_MATCH if outcome is Outcome.UNKNOWN else Reason.RUNNER_UP_TOO_CLOSE,
        "a" if outcome is Outcome.AMBIGUOUS else None,
        distance,
        "b",
        runner_up,
        0.12,
        nearest_id="a",
    )
    return CheckIn(decision, GOOD, np.zeros((8, 8, 3), np.uint8), NOW, 1, 1.0, 1)


def desk(band=BAND):
    return Desk("Gate", band, itertools.count(1))


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


def test_without_a_band_nobody_is_asked():
    assert desk(0.0).ask(refusal(0.1, Outcome.AMBIGUOUS, 0.11), 0.0) is None


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

    def __init__(self, log=None):
        self.log, self.questions, self.closed, self.events = log or FakeLog(), [], [], []
        self.errors = []
        callbacks = Callbacks(
            on_event=self.events.append,
            on_error=self.errors.append,
            on_question=self.questions.append,
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
        assert door.closed == [1, 2]
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
