"""Questions to the desk: somebody neither clearly known nor clearly a stranger waits for an answer."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from faceaccess.codes import OtherWay, Outcome, Reason
from faceaccess.door.checkin import CheckIn
from faceaccess.store.access.types import Actor

ANSWER_S = 30.0
"""Unanswered for so long, the entry is the refusal that it would have been."""


@dataclass(frozen=True, eq=False)
class Question:
    """Somebody at a door whom the desk may know.

    Attributes:
        question_id: names it in the answer.
        camera: name of the camera.
        check_in: the refusal that it becomes without an answer, with face, time and distances.
        candidates: ids and distances of the one or two people it may be, nearest first.
        asked_s: on the steady clock.
    """

    question_id: int
    camera: str
    check_in: CheckIn
    candidates: tuple[tuple[str, float], ...]
    asked_s: float


class Desk:
    """Keeps the questions of one camera until they are answered or too old. On the inference thread."""

    def __init__(self, camera: str, numbers: "itertools.count[int]", *, is_asked: bool) -> None:
        """Start without questions.

        Args:
            camera: its name.
            numbers: for questions, shared by all cameras.
            is_asked: whether there are questions at all.
        """
        self._camera, self._numbers, self._is_asked = camera, numbers, is_asked
        self._open: dict[int, Question] = {}

    def ask(self, check_in: CheckIn, now_s: float) -> Question | None:
        """Return the question that a refusal leads to; None when there is nothing to ask."""
        decision = check_in.decision
        limit = decision.threshold + decision.policy.at_door.desk_band
        is_near = (
            decision.outcome is Outcome.UNKNOWN
            and decision.distance is not None
            and decision.distance <= limit
        )
        is_between = is_near or decision.outcome is Outcome.AMBIGUOUS
        comes_by_desk = check_in.liveness is not None and check_in.liveness.other_way is OtherWay.DESK
        is_suspected = decision.outcome is Outcome.SUSPECTED
        if not (self._is_asked and is_between) and not (is_suspected and comes_by_desk):
            return None
        nearest = (
            (decision.nearest_id, decision.distance),
            (decision.runner_up_id, decision.runner_up_distance),
        )
        candidates = tuple((who, far) for who, far in nearest if who and far is not None and far <= limit)
        if not candidates:
            return None
        question = Question(next(self._numbers), self._camera, check_in, candidates, now_s)
        self._open[question.question_id] = question
        return question

    def expired(self, now_s: float) -> list[Question]:
        """Take and return the questions that nobody answered in time."""
        old = [question for question in self._open.values() if now_s - question.asked_s >= ANSWER_S]
        for question in old:
            del self._open[question.question_id]
        return old

    def take(self, question_id: int) -> Question | None:
        """Take a question to be answered; None when it was answered already or is too old."""
        return self._open.pop(question_id, None)

    def withdraw(self, *, track_id: int, person_id: str) -> list[Question]:
        """Take and return the settled questions: those about people since let in, or refused, by name.

        Args:
            track_id: the track whose name is known now; 0 for somebody who was not seen.
            person_id: who that is.
        """
        settled = [
            question
            for question in self._open.values()
            if (track_id and question.check_in.track_id == track_id) or person_id in dict(question.candidates)
        ]
        for question in settled:
            del self._open[question.question_id]
        return settled

    def put_back(self, question: Question) -> None:
        """Keep a question open, because its answer could not be written."""
        self._open[question.question_id] = question


@dataclass(frozen=True)
class Answer:
    """The desk's answer to a question.

    Attributes:
        person_id: who it is, or None for none of the candidates.
        actor: who says so.
    """

    question_id: int
    person_id: str | None
    actor: Actor


def truth_of(question: Question, answer: Answer) -> dict[str, object]:
    """Return the desk's answer, with both candidates and the numbers at that time: ground truth."""
    decision = question.check_in.decision
    return {
        "at": question.check_in.at.isoformat(),
        "outcome": decision.outcome.value,
        "nearest_id": decision.nearest_id,
        "distance": _plain(decision.distance),
        "runner_up_id": decision.runner_up_id,
        "runner_up_distance": _plain(decision.runner_up_distance),
        "threshold": _plain(decision.threshold),
        "answer": answer.person_id,
    }


def _plain(number: float | None) -> float | None:
    # Numpy's numbers can't be written as JSON.
    return None if number is None else float(number)


def answered(question: Question, answer: Answer, denial: Callable[[str, datetime], Reason | None]) -> CheckIn:
    """Return the entry that an answer makes; it keeps the time of arrival.

    Args:
        question: the question answered.
        answer: the desk's answer.
        denial: why somebody may not pass at a time, or None.

    Raises:
        ValueError: the answer is none of the candidates.
    """
    check_in = question.check_in
    if answer.person_id is None:
        decision = replace(check_in.decision, outcome=Outcome.UNKNOWN, reason=Reason.REJECTED, person_id=None)
        return replace(check_in, decision=decision)
    distance = dict(question.candidates).get(answer.person_id)
    if distance is None:
        raise ValueError("the desk can only choose a candidate")
    reason = denial(answer.person_id, check_in.at)
    others = [(who, far) for who, far in question.candidates if who != answer.person_id]
    decision = replace(
        check_in.decision,
        outcome=Outcome.DENIED if reason else Outcome.ACCEPTED,
        reason=reason or Reason.CONFIRMED,
        person_id=answer.person_id,
        distance=distance,
        runner_up_id=others[0][0] if others else check_in.decision.runner_up_id,
        runner_up_distance=others[0][1] if others else check_in.decision.runner_up_distance,
    )
    return replace(check_in, decision=decision)
