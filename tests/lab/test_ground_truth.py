"""What the desk's answers say: counted by who it turned out to be."""

import itertools

import pytest

from faceaccess.codes import Outcome
from faceaccess.door.desk import Answer, Desk, truth_of
from faceaccess.door.entries import EntryLog
from faceaccess.lab.measures.ground_truth import PAGE, DeskAnswer, Raised, Tally, read_answers, report
from faceaccess.recognition.types import MatchPolicy
from tests.door.test_desk import OLGA, refusal
from tests.store.conftest import *  # noqa: F403 - the data folder's fixtures


def answer(distance, who, outcome=Outcome.UNKNOWN, model_id="m"):
    return DeskAnswer(outcome, "a", distance, "b", 0.10, model_id, who)


def test_answers_are_counted_by_who_it_was():
    (found,) = report(
        [
            answer(0.103, "a"),
            answer(0.104, None),
            answer(0.109, "a"),
            answer(0.05, "a", Outcome.AMBIGUOUS),
            answer(0.05, "b", Outcome.AMBIGUOUS),
            answer(0.05, None, Outcome.AMBIGUOUS),
        ]
    )
    assert found.beyond == Tally(2, 0, 1)
    assert found.between == Tally(1, 1, 1)
    assert found.raised == (Raised(0.005, 1, 1), Raised(0.01, 2, 1))


def test_models_are_told_apart_and_without_answers_there_is_no_report():
    assert [each.model_id for each in report([answer(0.11, "a"), answer(0.11, "a", model_id="n")])] == [
        "m", "n",
    ]  # fmt: skip
    assert report([]) == []


@pytest.mark.parametrize("count", [3, PAGE + 3])
def test_they_are_read_from_the_journal(journal, count):
    log = EntryLog(journal, camera="Gate", door="Gate", device="CPU", is_recording=False)
    desk = Desk("Gate", itertools.count(1), is_asked=True)
    policy = MatchPolicy("m", 0.12, 0.02)
    with journal.database.transaction():
        for number in range(count):
            question = desk.ask(refusal(0.13), 0.0)
            who = "a" if number % 2 else None
            log.desk_answer(truth_of(question, Answer(1, who, OLGA)), policy, OLGA)
    found = list(read_answers(journal))
    assert len(found) == count
    assert {each.answer for each in found} == {"a", None}
    assert found[0] == DeskAnswer(Outcome.UNKNOWN, "a", 0.13, "b", 0.12, "m", None)
