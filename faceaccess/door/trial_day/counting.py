"""A trial day counted: rates with intervals, by person, light and camera. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from faceaccess.codes import Light, PassResult
from faceaccess.door.trial_day.advice import advise
from faceaccess.door.trial_day.passes import Judged, Pass
from faceaccess.errors import Text
from faceaccess.recognition.intervals import Rate, person_rate

FAULTS = (PassResult.ACCEPTED, PassResult.WRONG, PassResult.MISSED)
"""The gravest first."""

LEAST_FOR_INTERVAL = 5
"""Fewer people drawn anew are nearly always the same ones: their rate may be anything."""


@dataclass(frozen=True)
class Tally:
    """Passes counted.

    Attributes:
        key: a person's id, a stranger's number, a `Light`, a camera's name; "" for all passes.
        staff: passes of people enrolled: right, missed and wrong together.
        accepted: strangers let in or taken for somebody.
        waited_s: median time to the right entry; None without any.
    """

    key: str
    staff: int
    right: int
    missed: int
    wrong: int
    strangers: int
    accepted: int
    waited_s: float | None


@dataclass(frozen=True)
class TrialCount:
    """A trial day counted.

    Attributes:
        people: how many people enrolled came by.
        strangers: how many strangers came by, of those who were told apart.
        right_rate: of the passes of people enrolled, with its interval over people; None without any.
        missed_rate, wrong_rate: likewise.
        accepted_rate: of the strangers' passes, with its interval over strangers; all who were not told
            apart are one person there, because they may be.
        waits_s: times to the right entries, sorted.
        by_stranger: the key of those who were not told apart is "0".
        faults: the passes that went wrong: a wrong name, a stranger accepted, somebody missed.
        unlisted: entries while nobody was to come.
        advice: what to change, the most pressing first.
    """

    total: Tally
    people: int
    strangers: int
    right_rate: Rate | None
    missed_rate: Rate | None
    wrong_rate: Rate | None
    accepted_rate: Rate | None
    waits_s: tuple[float, ...]
    by_person: tuple[Tally, ...]
    by_stranger: tuple[Tally, ...]
    by_light: tuple[Tally, ...]
    by_camera: tuple[Tally, ...]
    faults: tuple[Pass, ...]
    unlisted: int
    advice: tuple[Text, ...]


def count(judged: Judged) -> TrialCount:
    """Count the passes of a trial."""
    passes = judged.passes
    staff = [row for row in passes if row.person_id is not None]
    strangers = [row for row in passes if row.person_id is None]
    numbers: dict[str, int] = {}
    whose = np.array([numbers.setdefault(row.person_id or "", len(numbers)) for row in staff], np.int64)
    others: dict[int, int] = {}
    strange = np.array([others.setdefault(row.stranger, len(others)) for row in strangers], np.int64)
    total = _tally("", passes)
    by_light = _grouped(passes, lambda row: row.light.value, [light.value for light in Light])
    return TrialCount(
        total,
        len(numbers),
        len(others.keys() - {0}),
        _rate(whose, staff, PassResult.RIGHT),
        _rate(whose, staff, PassResult.MISSED),
        _rate(whose, staff, PassResult.WRONG),
        _rate(strange, strangers, PassResult.ACCEPTED),
        tuple(sorted(row.waited_s for row in passes if row.waited_s is not None)),
        _grouped(staff, lambda row: row.person_id or ""),
        _grouped(
            strangers,
            lambda row: str(row.stranger),
            [str(number) for number in [*sorted(others.keys() - {0}), 0]],
        ),
        by_light,
        _grouped(passes, lambda row: row.camera),
        tuple(
            sorted((row for row in passes if row.result in FAULTS), key=lambda row: FAULTS.index(row.result))
        ),
        len(judged.unlisted),
        advise(passes),
    )


def _rate(whose: np.ndarray, passes: Sequence[Pass], result: PassResult) -> Rate | None:
    if not passes:
        return None
    errors, people = np.array([row.result is result for row in passes]), int(whose.max()) + 1
    if people < LEAST_FOR_INTERVAL:
        return Rate(float(errors.mean()), 0.0, 1.0)
    return person_rate(whose, errors, people)


def _grouped(
    passes: Sequence[Pass], key: Callable[[Pass], str], order: Sequence[str] = ()
) -> tuple[Tally, ...]:
    """Return the tally of each group, the worst first or in an order."""
    groups: dict[str, list[Pass]] = {name: [] for name in order}
    for row in passes:
        groups.setdefault(key(row), []).append(row)
    tallies = [_tally(name, rows) for name, rows in groups.items() if rows]
    return tuple(
        tallies if order else sorted(tallies, key=lambda row: -(row.missed + row.wrong + row.accepted))
    )


def _tally(key: str, passes: Sequence[Pass]) -> Tally:
    def number(*results: PassResult) -> int:
        return sum(row.result in results for row in passes)

    right, missed, wrong = (number(PassResult(name)) for name in ("right", "missed", "wrong"))
    accepted, refused = number(PassResult.ACCEPTED), number(PassResult.REFUSED)
    waits = [row.waited_s for row in passes if row.waited_s is not None]
    return Tally(
        key,
        right + missed + wrong,
        right,
        missed,
        wrong,
        accepted + refused,
        accepted,
        median(waits) if waits else None,
    )
