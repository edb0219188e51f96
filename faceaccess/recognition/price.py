"""What a threshold costs: strangers let in and staff refused, with intervals, at every threshold at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.intervals import Rate, resampled_people, without_errors
from faceaccess.recognition.leave_one_out import Searches
from faceaccess.vision.types import FloatArray

LEAST_PEOPLE = 20
"""With fewer people drawn anew, the ends of an interval are themselves left to chance."""

_RESAMPLES = 1000
_STEP = 0.01
_GRID = np.arange(0, 4 + _STEP / 2, _STEP)
"""Thresholds at which intervals are worked out; between two of them they are on a straight line."""

_ENDS = (2.5, 97.5)
_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Price:
    """What a threshold costs.

    Attributes:
        strangers: part of passages of strangers that are let in (FPIR); None with nobody to be taken for.
        staff: part of passages of staff who are refused, or taken for others (FNIR); None where nobody has
            two photos.
    """

    strangers: Rate | None
    staff: Rate | None


@dataclass(frozen=True)
class Shortage:
    """What the estimates lack; 0 of both where they can be trusted.

    Attributes:
        people: how many more must be enrolled for an estimate of strangers let in.
        second_photos: how many more people must have a second photo for an estimate of staff refused.
    """

    people: int
    second_photos: int


class Prices:
    """The prices of all thresholds, from leave-one-out searches. Slow to make, quick to ask.

    Intervals are 95 %, by the bootstrap over people: whoever is drawn twice counts twice, as a stranger
    and as the person a stranger is taken for.
    """

    def __init__(self, searches: Searches) -> None:
        self._photos = len(searches.people)
        has_own = searches.has_own
        self._wrong = np.sort(searches.wrong_from) if len(searches.counts) > 1 else np.zeros(0, np.float32)
        self._right = np.sort(searches.right_from[has_own])
        self._people = len(searches.counts)
        self._with_two = int((searches.counts > 1).sum())
        self._strangers = _stranger_ends(searches) if len(self._wrong) else None
        self._staff = _staff_ends(searches, has_own) if len(self._right) else None

    @property
    def shortage(self) -> Shortage:
        """What the estimates lack."""
        return Shortage(max(0, LEAST_PEOPLE - self._people), max(0, LEAST_PEOPLE - self._with_two))

    @property
    def searches(self) -> int:
        """How many searches by strangers the estimate rests on: one for each photo."""
        return len(self._wrong)

    def at(self, threshold: float) -> Price:
        """Return the price of a threshold, squared L2."""
        strangers = staff = None
        if self._strangers is not None:
            let_in = int(np.searchsorted(self._wrong, threshold, side="right"))
            strangers = _rate(let_in / len(self._wrong), self._strangers, threshold, self._people)
        if self._staff is not None:
            let_in = int(np.searchsorted(self._right, threshold, side="right"))
            refused = (len(self._right) - let_in) / len(self._right)
            staff = _rate(refused, self._staff, threshold, self._with_two)
        return Price(strangers, staff)

    def most_lenient(self, one_in: int) -> float | None:
        """Return the greatest threshold that lets in one stranger in so many; None with too few searches.

        Args:
            one_in: how many searches by strangers may lead to one false accept.
        """
        if self.searches < one_in or one_in < 1:
            return None
        (threshold,) = thresholds_at(self._wrong, [1 / one_in])
        # Decided and shown by three places.
        return float(np.floor(min(threshold, 4.0) * 1000) / 1000)


def _rate(mean: float, ends: FloatArray, threshold: float, people: int) -> Rate:
    if mean in (0.0, 1.0):
        return without_errors(mean, people)
    low, high = (float(np.interp(threshold, _GRID, end)) for end in ends)
    # A few errors can't leave less possible than none at all; and between two steps the mean may lie
    # beyond what both said.
    none, all_ = without_errors(0.0, people), without_errors(1.0, people)
    return Rate(mean, min(low, mean, all_.low), max(high, mean, none.high))


def _staff_ends(searches: Searches, has_own: NDArray[np.bool_]) -> FloatArray:
    """Return (2, G) the ends of the interval of FNIR at each step."""
    whose = np.unique(searches.people[has_own], return_inverse=True)[1]
    people = int(whose.max()) + 1
    steps = np.searchsorted(_GRID, searches.right_from[has_own])
    # A photo that nothing lets in is in no step.
    let_in = np.zeros((people, len(_GRID) + 1))
    np.add.at(let_in, (whose, steps), 1)
    weights = resampled_people(people, resamples=_RESAMPLES).astype(np.float32)
    probes = weights @ np.bincount(whose).astype(np.float32)
    accepted = np.cumsum(weights @ let_in[:, :-1].astype(np.float32), axis=1)
    return np.percentile(1 - accepted / probes[:, None], _ENDS, axis=0)


def _stranger_ends(searches: Searches) -> FloatArray:
    """Return (2, G) the ends of the interval of FPIR at each step."""
    people = len(searches.counts)
    weights = resampled_people(people, resamples=_RESAMPLES).astype(np.float32)
    rows = np.flatnonzero(np.isfinite(searches.wrong_from))
    steps = np.searchsorted(_GRID, searches.wrong_from[rows])
    rows, steps = rows[np.argsort(steps, kind="stable")], np.sort(steps)
    let_in = np.zeros((_RESAMPLES, len(_GRID) + 1), np.float32)
    for begin in range(0, len(rows), max(_AT_ONCE // _RESAMPLES, 1)):
        some = slice(begin, begin + max(_AT_ONCE // _RESAMPLES, 1))
        pairs = weights[:, searches.people[rows[some]]] * weights[:, searches.taken_for[rows[some]]]
        first = np.flatnonzero(np.diff(steps[some], prepend=-1))
        let_in[:, steps[some][first]] += np.add.reduceat(pairs, first, axis=1)
    probes = weights @ searches.counts.astype(np.float32)
    return np.percentile(np.cumsum(let_in[:, :-1], axis=1) / probes[:, None], _ENDS, axis=0)
