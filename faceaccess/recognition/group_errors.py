"""Whether some groups of people are taken for others, or refused, more often than others are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.intervals import Rate, Resampled, over_draws, ratio

LEAST_PEOPLE = 100
"""A group of fewer isn't what others are compared with: its rate may be low by chance."""


@dataclass(frozen=True)
class GroupRow:
    """A rate of errors in one group.

    Attributes:
        group: its name.
        people: how many are in it.
        cases: pairs, probes or photos that the rate is about.
        rate: of errors.
        times_best: how many times as high it is as in the best group; None for that errors.
        is_worse: whether the interval of that lies above 1.
        threshold: at which the group's rate would be that of everybody, squared L2; None where too little
            was measured, or nothing is accepted wrongly.
    """

    group: str
    people: int
    cases: int
    rate: Rate
    times_best: Rate | None
    is_worse: bool
    threshold: float | None = None


@dataclass(frozen=True)
class GroupTable:
    """One kind of error in all groups, the worst first.

    Attributes:
        error: its name.
        everybody: the rate of all groups together.
    """

    error: str
    everybody: float
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True, eq=False)
class Measured:
    """The errors of one group, before groups are compared; see `GroupRow`."""

    people: int
    cases: int
    resampled: Resampled
    threshold: float | None = None


def by_group(
    names: Sequence[Sequence[str]],
    errors: Sequence[NDArray[np.bool_]],
    group_of: Mapping[str, str],
    needed: Callable[[str], float | None] = lambda _group: None,
) -> dict[str, Measured]:
    """Return the errors of each group's people, over some draws.

    Args:
        names: of each draw, the person of each error or success.
        errors: of each draw, whether each is an error.
        group_of: the group of people by name or id; others take no part.
        needed: returns the threshold that a group would need.
    """
    measured = {}
    for seed, group in enumerate(sorted(set(group_of.values())), 1):
        members = sorted({name for row in names for name in row if group_of.get(name) == group})
        places = {name: place for place, name in enumerate(members)}
        whose, values = [], []
        for row, flags in zip(names, errors, strict=True):
            numbers = np.array([places.get(name, -1) for name in row])
            if (numbers >= 0).any():
                whose.append(numbers[numbers >= 0])
                values.append(flags[numbers >= 0])
        if members:
            resampled = over_draws(whose, values, len(members), seed=seed)
            measured[group] = Measured(len(members), sum(map(len, values)), resampled, needed(group))
    return measured


def ranked(error: str, everybody: float, measured: Mapping[str, Measured]) -> GroupTable:
    """Compare each group with the best of those that are big enough; the worst first."""
    big = {group: rate for group, rate in measured.items() if rate.people >= LEAST_PEOPLE} or measured
    best = min(big, key=lambda group: big[group].resampled.mean, default="")
    rows = []
    for group, mine in measured.items():
        times = None if group == best else ratio(mine.resampled, measured[best].resampled)
        is_worse = times is not None and times.low > 1
        rate = mine.resampled.rate
        rows.append(GroupRow(group, mine.people, mine.cases, rate, times, is_worse, mine.threshold))
    return GroupTable(error, everybody, tuple(sorted(rows, key=lambda row: -row.rate.mean)))
