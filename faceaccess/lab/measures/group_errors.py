"""Whether some groups of people are accepted wrongly, refused or not seen more often than others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.lab.measures.all_pairs import AllPairs, threshold_of_nearest
from faceaccess.lab.measures.identification import Identified
from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.intervals import Rate, Resampled, over_draws, over_pairs, ratio
from faceaccess.vision.types import FloatArray

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
class _Measured:
    people: int
    cases: int
    resampled: Resampled
    threshold: float | None = None


def pair_tables(
    measured: AllPairs, group_of: Mapping[str, str], threshold: float
) -> tuple[GroupTable, GroupTable]:
    """Return FMR, by pairs within a group, and FNMR of each group.

    Args:
        measured: all pairs.
        group_of: the group of people by name; others take no part.
        threshold: squared L2, at most the greatest that `measured` knows all accepted pairs of.
    """
    fmr = len(measured.accepted_people(threshold)) / measured.non_mated
    is_missed = measured.mated > threshold
    whose = [measured.names[number] for number in measured.whose]
    return (
        _ranked("FMR, pairs within a group", fmr, _within_groups(measured, group_of, threshold, fmr)),
        _ranked("FNMR", float(is_missed.mean()), _by_group([whose], [is_missed], group_of)),
    )


def _within_groups(
    measured: AllPairs, group_of: Mapping[str, str], threshold: float, fmr: float
) -> dict[str, _Measured]:
    """Return the accepted non-mated pairs of people of one group, and the threshold at an FMR."""
    groups = [group_of.get(name, "") for name in measured.names]
    results = {}
    for seed, group in enumerate(sorted(set(groups) - {""}), 1):
        members = np.array([at for at, other in enumerate(groups) if other == group])
        photos = measured.photos[members]
        pairs = int(photos.sum() ** 2 - (photos**2).sum()) // 2
        if not pairs:
            continue
        number = np.full(len(groups), -1)
        number[members] = np.arange(len(members))
        within = number[measured.near_people]
        is_within = (within >= 0).all(axis=1)
        near, people = measured.near[is_within], within[is_within]
        resampled = over_pairs(people[near <= threshold], photos, seed=seed)
        results[group] = _Measured(len(members), pairs, resampled, _needed(near, fmr, pairs))
    return results


def _needed(near: FloatArray, fmr: float, pairs: int) -> float | None:
    """Return the threshold at which a group's FMR is so high; None where that is no pair, or isn't known."""
    if not 1 <= fmr * pairs < len(near):
        return None
    return threshold_of_nearest(near, fmr, pairs)


def draw_tables(
    draws: Sequence[Identified],
    strangers: Sequence[Sequence[str]],
    group_of: Mapping[str, str],
    threshold: float,
) -> tuple[GroupTable, GroupTable]:
    """Return FPIR of each group's strangers and FNIR of its people, everybody enrolled in one gallery.

    Args:
        draws: the search results.
        strangers: the name of the person of each stranger's photo, by draw.
        group_of: the group of people by name; others take no part.
        threshold: squared L2.
    """
    near = [draw.stranger_near for draw in draws]
    accepted = [distances <= threshold for distances in near]
    fpir = float(np.mean([row.mean() for row in accepted]))
    missed = [draw.missed(threshold) for draw in draws]

    def needed(group: str) -> float | None:
        of_group = [group_of.get(name) == group for names in strangers for name in names]
        distances = np.concatenate(near)[np.array(of_group)]
        return thresholds_at(distances, [fpir])[0] if fpir * len(distances) >= 1 else None

    names = [draw.names for draw in draws]
    return (
        _ranked("FPIR", fpir, _by_group(strangers, accepted, group_of, needed)),
        _ranked("FNIR", float(np.mean([row.mean() for row in missed])), _by_group(names, missed, group_of)),
    )


def detection_table(photos: Mapping[str, Sequence[bool]], group_of: Mapping[str, str]) -> GroupTable:
    """Return the part of photos in which no face is found, of each group.

    Args:
        photos: by person, whether a face was found in each photo.
        group_of: the group of people by name; others take no part.
    """
    names = [name for name, faces in photos.items() for _ in faces]
    lost = np.array([not has_face for faces in photos.values() for has_face in faces], bool)
    return _ranked("no face found", float(lost.mean()), _by_group([names], [lost], group_of))


def _by_group(
    names: Sequence[Sequence[str]],
    errors: Sequence[NDArray[np.bool_]],
    group_of: Mapping[str, str],
    needed: Callable[[str], float | None] = lambda _group: None,
) -> dict[str, _Measured]:
    """Return the errors of each group's people, over some draws."""
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
            measured[group] = _Measured(len(members), sum(map(len, values)), resampled, needed(group))
    return measured


def _ranked(error: str, everybody: float, measured: Mapping[str, _Measured]) -> GroupTable:
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
