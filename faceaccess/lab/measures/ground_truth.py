"""Threshold and margin measured by the desk's answers: pure but for `read_answers`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from faceaccess.codes import JournalKind, Outcome
from faceaccess.store.journal.journal import Journal

PAGE = 500
STEPS = 20
"""Thresholds are compared in steps of so small a part of the one that was in force."""


@dataclass(frozen=True)
class DeskAnswer:
    """One answer, with both candidates and the numbers that were in force.

    Attributes:
        outcome: what was decided without the desk: UNKNOWN beyond the threshold, AMBIGUOUS
            between two people.
        answer: who it was; None for somebody else.
    """

    outcome: Outcome
    nearest_id: str | None
    distance: float
    runner_up_id: str | None
    threshold: float
    model_id: str
    answer: str | None

    @property
    def is_nearest(self) -> bool:
        """Whether it was the nearest person."""
        return self.answer is not None and self.answer == self.nearest_id

    @property
    def is_runner_up(self) -> bool:
        """Whether it was the second nearest person."""
        return self.answer is not None and self.answer == self.runner_up_id


@dataclass(frozen=True)
class Tally:
    """Counts of the people that those in doubt turned out to be."""

    nearest: int
    runner_up: int
    somebody_else: int

    @property
    def total(self) -> int:
        """How many there were."""
        return self.nearest + self.runner_up + self.somebody_else


@dataclass(frozen=True)
class Raised:
    """The people beyond the threshold whom one raised by `by` would accept, rightly and wrongly."""

    by: float
    right: int
    wrong: int


@dataclass(frozen=True)
class DeskReport:
    """The report on the answers about one model.

    Attributes:
        beyond: those beyond the threshold: the nearest was refused wrongly, somebody else rightly.
        between: those between two people: the margin kept the runner-up, and others, from being
            let in as the nearest.
        raised: what other thresholds would have done.
    """

    model_id: str
    beyond: Tally
    between: Tally
    raised: tuple[Raised, ...]


def read_answers(journal: Journal) -> Iterator[DeskAnswer]:
    """Return all answers in the journal, newest first."""
    before: int | None = None
    while rows := journal.rows.newest((JournalKind.DESK_ANSWER,), limit=PAGE, before_seq=before):
        for row in rows:
            yield _answer_from(dict(row.details))
        before = rows[-1].seq


def _answer_from(details: dict[str, Any]) -> DeskAnswer:
    return DeskAnswer(
        outcome=Outcome(details["outcome"]),
        nearest_id=details["nearest_id"],
        distance=float(details["distance"]),
        runner_up_id=details["runner_up_id"],
        threshold=float(details["threshold"]),
        model_id=details["model_id"],
        answer=details["answer"],
    )


def report(answers: Sequence[DeskAnswer]) -> list[DeskReport]:
    """Return a report for each model: numbers of one mean nothing for another."""
    return [
        _report_of(model_id, [answer for answer in answers if answer.model_id == model_id])
        for model_id in dict.fromkeys(answer.model_id for answer in answers)
    ]


def _report_of(model_id: str, answers: Sequence[DeskAnswer]) -> DeskReport:
    beyond = [answer for answer in answers if answer.outcome is Outcome.UNKNOWN]
    between = [answer for answer in answers if answer.outcome is Outcome.AMBIGUOUS]
    farthest = max((answer.distance - answer.threshold for answer in beyond), default=0.0)
    step = max((answer.threshold for answer in beyond), default=0.0) / STEPS
    steps = [step * number for number in range(1, int(farthest / step) + 2)] if step else []
    return DeskReport(model_id, _tally(beyond), _tally(between), tuple(_raised(beyond, by) for by in steps))


def _tally(answers: Sequence[DeskAnswer]) -> Tally:
    nearest = sum(answer.is_nearest for answer in answers)
    runner_up = sum(answer.is_runner_up for answer in answers)
    return Tally(nearest, runner_up, len(answers) - nearest - runner_up)


def _raised(beyond: Sequence[DeskAnswer], by: float) -> Raised:
    accepted = [answer for answer in beyond if answer.distance <= answer.threshold + by]
    right = sum(answer.is_nearest for answer in accepted)
    return Raised(round(by, 3), right, len(accepted) - right)
