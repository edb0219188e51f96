"""Verification over all pairs of some photos, block by block: 20 million pairs in little memory.

Of the non-mated pairs only the nearest are kept, which alone decide at the error rates asked for; of the
others it is counted how many lie where.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.recognition.error_rates import (
    FARTHEST,
    SPREAD_STEPS,
    spread_counts,
    spread_parts,
)
from faceaccess.recognition.intervals import Rate, pair_rate, person_rate
from faceaccess.vision.types import FloatArray

ROWS_AT_ONCE = 512
LEAST_KEPT = 10_000
"""Non-mated pairs that are kept in any case, so that of a small folder all are."""


@dataclass(frozen=True)
class AllPairsRow:
    """Error rates at one threshold.

    Attributes:
        fmr_target: part of the non-mated pairs that may be accepted.
        threshold: the greatest one for it, squared L2.
        fmr, fnmr: reached, with intervals over people.
    """

    fmr_target: float
    threshold: float
    fmr: Rate
    fnmr: Rate


@dataclass(frozen=True)
class AllPairsReport:
    """Verification over all pairs of some photos.

    Attributes:
        people, photos, mated, non_mated: how many of each; the last two are pairs.
        rows: by FMR.
        fnmr_by_fmr: points of the curve at least as far as the greatest FMR asked for.
        mated_spread, non_mated_spread: part of the pairs in each of 80 steps from 0 to 4.
    """

    people: int
    photos: int
    mated: int
    non_mated: int
    rows: tuple[AllPairsRow, ...]
    fnmr_by_fmr: tuple[tuple[float, float], ...]
    mated_spread: tuple[float, ...]
    non_mated_spread: tuple[float, ...]


class _Nearest:
    """The nearest pairs of those shown so far, and no fewer than so many."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.distances = np.empty(0, np.float32)
        self.pairs = np.empty((0, 2), np.int32)
        self._limit = np.float32(np.inf)

    def add(self, distances: FloatArray, first: NDArray[np.int32], second: NDArray[np.int32]) -> None:
        """Take some pairs: (N,) squared L2, and the numbers of their people."""
        is_near = distances <= self._limit
        pairs = np.stack([first[is_near], second[is_near]], axis=1)
        self.distances = np.concatenate([self.distances, distances[is_near]])
        self.pairs = np.concatenate([self.pairs, pairs])
        if len(self.distances) > 2 * self._count + ROWS_AT_ONCE:
            self.trim()

    def trim(self) -> None:
        """Forget what is beyond the farthest that is asked for; of equal distances all stay."""
        if len(self.distances) > self._count:
            self._limit = np.partition(self.distances, self._count - 1)[self._count - 1]
            stays = self.distances <= self._limit
            self.distances, self.pairs = self.distances[stays], self.pairs[stays]


@dataclass(frozen=True, eq=False)
class AllPairs:
    """The distances of all pairs of some photos, as far as they are needed.

    Attributes:
        names: of people, in the order of their numbers.
        photos: (P,) of each person.
        mated: (M,) squared L2 of the mated pairs.
        whose: (M,) the number of the person of each.
        near: (K,) squared L2 of the nearest non-mated pairs, sorted.
        near_people: (K, 2) the numbers of their people.
        non_mated: how many there are in all.
        spread: (SPREAD_STEPS,) how many of them lie in each step.
    """

    names: tuple[str, ...]
    photos: NDArray[np.int_]
    mated: FloatArray
    whose: NDArray[np.int32]
    near: FloatArray
    near_people: NDArray[np.int32]
    non_mated: int
    spread: NDArray[np.int64]

    def threshold_at(self, fmr: float) -> float:
        """Return the greatest threshold that accepts no greater part of the non-mated pairs."""
        return threshold_of_nearest(self.near, fmr, self.non_mated)

    @property
    def farthest_kept(self) -> float:
        """The distance up to which all non-mated pairs are known, squared L2."""
        return FARTHEST if len(self.near) == self.non_mated else float(self.near[-1])

    def accepted_people(self, threshold: float) -> NDArray[np.int32]:
        """Return (A, 2) the numbers of the people of each non-mated pair that a threshold accepts."""
        return self.near_people[: int(np.searchsorted(self.near, threshold, side="right"))]


def threshold_of_nearest(nearest: FloatArray, fmr: float, count: int) -> float:
    """Return the threshold at an FMR.

    Args:
        nearest: the nearest of the non-mated pairs, squared L2, sorted.
        fmr: part of all of them that may be accepted.
        count: how many there are in all.

    Raises:
        ValueError: too few of the nearest are given.
    """
    allowed = math.floor(fmr * count + 1e-9)
    if allowed >= count:
        return FARTHEST
    if allowed >= len(nearest):
        raise ValueError(f"expected more than {allowed} of the nearest pairs, got {len(nearest)}")
    return float(np.nextafter(nearest[allowed], 0))


def all_pairs(
    people: Sequence[str],
    templates: FloatArray,
    probes: FloatArray,
    *,
    greatest_fmr: float,
    rows_at_once: int = ROWS_AT_ONCE,
) -> AllPairs:
    """Measure all pairs of photos, the first of a pair enrolled, the second its probe.

    Args:
        people: the person each photo shows.
        templates: (N, D) float32 of unit norm, by the recipe of templates.
        probes: the same by that of probes.
        greatest_fmr: the part of the non-mated pairs that is kept, the nearest ones; more of few.
        rows_at_once: of the matrix of distances.

    Raises:
        FaceAccessError: there are no mated or no non-mated pairs.
    """
    names, numbers = np.unique(np.asarray(people), return_inverse=True)
    photos = np.bincount(numbers, minlength=len(names))
    mated_count = int((photos * (photos - 1) // 2).sum())
    count = len(numbers) * (len(numbers) - 1) // 2 - mated_count
    if not mated_count or not count:
        raise FaceAccessError(
            "There are no pairs to measure with.", "Name a folder of several people with photos each."
        )
    # One more than is accepted: the threshold lies just below it.
    near = _Nearest(max(math.floor(greatest_fmr * count + 1e-9) + 1, LEAST_KEPT))
    mated, whose = [], []
    spread = np.zeros(SPREAD_STEPS, np.int64)
    for distances, first, second in _blocks(numbers.astype(np.int32), templates, probes, rows_at_once):
        is_mated = first == second
        mated.append(distances[is_mated])
        whose.append(first[is_mated])
        others = distances[~is_mated]
        spread += spread_counts(others)
        near.add(others, first[~is_mated], second[~is_mated])
    near.trim()
    order = np.argsort(near.distances, kind="stable")
    return AllPairs(
        tuple(str(name) for name in names),
        photos,
        np.concatenate(mated),
        np.concatenate(whose),
        near.distances[order],
        near.pairs[order],
        count,
        spread,
    )


def _blocks(
    numbers: NDArray[np.int32], templates: FloatArray, probes: FloatArray, rows_at_once: int
) -> Iterator[tuple[FloatArray, NDArray[np.int32], NDArray[np.int32]]]:
    """Yield the squared L2 of pairs, each pair once, and the numbers of both people."""
    for start in range(0, len(numbers), rows_at_once):
        rows = templates[start : start + rows_at_once]
        distances = np.clip(2 - 2 * rows @ probes[start:].T, 0, FARTHEST)
        above = np.triu_indices(len(rows), 1, distances.shape[1])
        yield distances[above], numbers[start + above[0]], numbers[start + above[1]]


def all_pairs_report(measured: AllPairs, targets: Sequence[float]) -> AllPairsReport:
    """Return the error rates at each FMR asked for, none beyond what was kept."""
    people = len(measured.names)
    rows = []
    for target in targets:
        threshold = measured.threshold_at(target)
        fmr = pair_rate(measured.accepted_people(threshold), measured.photos)
        fnmr = person_rate(measured.whose, measured.mated > threshold, people)
        rows.append(AllPairsRow(target, threshold, fmr, fnmr))
    same = np.sort(measured.mated)
    curve = [
        (
            float((place + 1) / measured.non_mated),
            float(1 - np.searchsorted(same, measured.near[place], "right") / len(same)),
        )
        for place in np.unique(np.geomspace(1, len(measured.near), 400).astype(int)) - 1
    ]
    return AllPairsReport(
        people,
        int(measured.photos.sum()),
        len(same),
        measured.non_mated,
        tuple(rows),
        tuple(curve),
        spread_parts(same),
        tuple((measured.spread / measured.non_mated).tolist()),
    )
