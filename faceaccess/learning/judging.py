"""How well embeddings tell held-out people apart: over all pairs of photos, with intervals by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.intervals import Rate, Resampled, resampled_people
from faceaccess.vision.types import FloatArray

FARS = (1e-1, 1e-2, 1e-3)
"""Rates of false accepts at which VAL is told."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judgement:
    """What embeddings of the people held out are worth.

    Attributes:
        auc: probability that a mated pair is nearer than a non-mated one; ties count half.
        val: accepted part of the mated pairs, by the FAR.
        mated, non_mated: how many pairs.
        people: how many people.
    """

    auc: Resampled
    val: Mapping[float, Resampled]
    mated: int
    non_mated: int
    people: int

    def gain_over(self, other: "Judgement", far: float | None = None) -> Rate:
        """Return how much AUC, or VAL at a FAR, is above another's on the same people, with its interval."""
        mine, others = (self.auc, other.auc) if far is None else (self.val[far], other.val[far])
        return Resampled(mine.mean - others.mean, mine.values - others.values, 0).rate


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The people who are judged by.

    Attributes:
        labels: (N,) the person of each photo.
        resamples: how often people are drawn anew for intervals; 0 for none.
    """

    labels: NDArray[np.int64]
    resamples: int = 500
    _people: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Number the people from 0."""
        object.__setattr__(self, "_people", np.unique(self.labels, return_inverse=True)[1])

    def judge(self, embeddings: FloatArray, others: FloatArray | None = None) -> Judgement:
        """Judge embeddings by all pairs of photos.

        Args:
            embeddings: (N, D) of unit norm, a row for each label.
            others: (N, D) what they are compared with, such as old templates of the same photos; None: each
                other. A photo is never compared with itself.
        """
        pairs = [pairs_of(embeddings, self._people, others)]
        if others is not None:
            pairs.append(pairs_of(others, self._people, embeddings))
        return judge_pairs(pairs, self.resamples)


@dataclass(frozen=True, eq=False)
class Pairs:
    """M pairs of photos.

    Attributes:
        distances: (M,) float32, squared L2.
        first, second: (M,) the people of both.
    """

    distances: FloatArray
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @property
    def non_mated(self) -> FloatArray:
        """The distances of different people, sorted, the smallest first."""
        return np.sort(self.distances[self.first != self.second])


def pairs_of(embeddings: FloatArray, people: NDArray[np.int64], others: FloatArray | None = None) -> Pairs:
    """Return all pairs of photos: each photo's embedding with the `others` of those behind it.

    Args:
        embeddings: (N, D) of unit norm.
        people: (N,) numbers of the people.
        others: (N, D) of the same photos; None: the same embeddings.
    """
    rows, columns = np.triu_indices(len(people), 1)
    distances = np.maximum(2 - 2 * embeddings @ (embeddings if others is None else others).T, 0)
    return Pairs(distances[rows, columns], people[rows], people[columns])


def judge_pairs(parts: Sequence[Pairs], resamples: int) -> Judgement:
    """Judge pairs that come from several sets of photos; people have the same number in all of them."""
    joined = Pairs(
        np.concatenate([part.distances for part in parts]),
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.second for part in parts]),
    )
    people = int(max(joined.first.max(), joined.second.max())) + 1
    return _judged(joined.distances, joined.first, joined.second, people, resamples)


def _judged(
    distances: FloatArray,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    people: int,
    resamples: int,
) -> Judgement:
    """Judge pairs: (M,) distances and the two people of each."""
    is_mated = first == second
    mated_order = np.argsort(distances[is_mated], kind="stable")
    other_order = np.argsort(distances[~is_mated], kind="stable")
    pairs = _SortedPairs(distances[is_mated][mated_order], distances[~is_mated][other_order])
    of_mated = first[is_mated][mated_order]
    of_others = first[~is_mated][other_order], second[~is_mated][other_order]
    auc, val = pairs.measure(np.ones(len(of_mated)), np.ones(len(of_others[0])))
    drawn = [
        pairs.measure(weights[of_mated], weights[of_others[0]] * weights[of_others[1]])
        for weights in (resampled_people(people, resamples=resamples) if resamples else ())
    ]
    spread = np.array([[row_auc, *row_val] for row_auc, row_val in drawn]).reshape(-1, 1 + len(FARS))
    return Judgement(
        Resampled(auc, spread[:, 0], 0),
        {far: Resampled(val[at], spread[:, at + 1], 0) for at, far in enumerate(FARS)},
        len(pairs.mated),
        len(pairs.non_mated),
        people,
    )


@dataclass(frozen=True, eq=False)
class _SortedPairs:
    """Distances of mated and of non-mated pairs, each sorted, the smallest first."""

    mated: FloatArray
    non_mated: FloatArray
    _nearer: tuple[NDArray[np.int64], NDArray[np.int64]] = field(init=False)
    _mated_below: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Find once which pairs lie nearer than which."""
        sides = (np.searchsorted(self.non_mated, self.mated, side=side) for side in ("left", "right"))
        object.__setattr__(self, "_nearer", tuple(sides))
        object.__setattr__(self, "_mated_below", np.searchsorted(self.mated, self.non_mated, side="left"))

    def measure(self, mated: Floats, non_mated: Floats) -> tuple[float, list[float]]:
        """Return AUC, and VAL at each of FARS, of pairs that weigh differently.

        At a FAR everything nearer than the first non-mated pair too many is accepted.
        """
        below = np.concatenate([[0.0], np.cumsum(non_mated)])
        accepted = np.concatenate([[0.0], np.cumsum(mated)])
        total, wholes = below[-1], accepted[-1]
        if not total or not wholes:
            return float("nan"), [float("nan")] * len(FARS)
        nearer = (below[self._nearer[0]] + below[self._nearer[1]]) / 2
        auc = float(mated @ (total - nearer) / (wholes * total))
        vals = []
        for far in FARS:
            # What is meant by 0.29 of 100 is 29, not the 28 that the product is a little above.
            too_many = int(np.searchsorted(below, far * total + 1e-9 * total, side="right")) - 1
            is_all = too_many >= len(self.non_mated)
            vals.append(1.0 if is_all else float(accepted[self._mated_below[too_many]] / wholes))
        return auc, vals
