"""Each enrolled photo searched for as if it came to the door, once as staff and once as a stranger.

As staff it is searched for among everybody's other photos, the person's own among them; as a stranger
among those of all other people. What comes of it depends on the threshold alone: so each search has one
number, the smallest threshold from which the photo would be let in.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.consistency import Portraits
from faceaccess.recognition.types import MatchPolicy
from faceaccess.vision.types import FloatArray

NEVER = np.float32(np.inf)
"""The threshold of a photo that no threshold lets in."""

_BLOCK = 512
_BINS = 4000
_MOST_COMPARED = 400_000_000
"""Comparisons that are counted: beyond, a share would change in the fourth place."""


@dataclass(frozen=True, eq=False)
class Searches:
    """What came of N photos of P people.

    Attributes:
        people: (N,) int64, whose photo each is, 0 to P - 1, rising.
        counts: (P,) how many photos each person has.
        own: (N,) float32, squared L2 to the person's nearest other photo; `NEVER` of an only photo.
        other: (N,) float32, squared L2 to the nearest photo of somebody else; `NEVER` where nobody else is.
        other_row: (N,) the row of that photo; -1 where there is none.
        right_from: (N,) float32, the threshold from which the photo is let in under its own name.
        wrong_from: (N,) float32, the threshold from which it is let in as a stranger, under another name.
        same_pairs: (4000,) int64, how many comparisons of two photos of one person lie in each thousandth
            of squared L2; each pair is compared twice. Of a very large gallery only some blocks of photos
            are counted.
        other_pairs: the same of two people.
    """

    people: NDArray[np.int64]
    counts: NDArray[np.int64]
    own: FloatArray
    other: FloatArray
    other_row: NDArray[np.int64]
    right_from: FloatArray
    wrong_from: FloatArray
    same_pairs: NDArray[np.int64]
    other_pairs: NDArray[np.int64]

    @property
    def has_own(self) -> NDArray[np.bool_]:
        """(N,) whether the person has another photo: only then it can be searched for as staff."""
        return self.counts[self.people] > 1

    @property
    def taken_for(self) -> NDArray[np.int64]:
        """(N,) the other person nearest to each photo; -1 where there is none."""
        return np.where(self.other_row >= 0, self.people[self.other_row], -1)


def search_all(
    portraits: Portraits,
    policy: MatchPolicy,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Searches | None:
    """Return what comes of each photo; None when it was cancelled.

    Args:
        portraits: everybody's photos.
        policy: its margin, and the look-alikes' margin, count as at the door; its threshold doesn't.
        progress: called with photos searched for, and how many there are.
        is_cancelled: asked between blocks.
    """
    embeddings = portraits.embeddings
    people = np.unique(portraits.people, return_inverse=True)[1].astype(np.int64)
    count = len(people)
    starts = np.flatnonzero(np.diff(people, prepend=-1))
    own, other, second = (np.full(count, NEVER, np.float32) for _ in range(3))
    own_row, other_row, second_row = (np.full(count, -1, np.int64) for _ in range(3))
    same_pairs, other_pairs = (np.zeros(_BINS, np.int64) for _ in range(2))
    counted_every = 1 + count * count // _MOST_COMPARED
    for begin in range(0, count, _BLOCK):
        if is_cancelled():
            return None
        rows = np.arange(begin, min(begin + _BLOCK, count))
        distances = np.maximum(2 - 2 * embeddings[rows] @ embeddings.T, 0)
        distances[np.arange(len(rows)), rows] = NEVER
        if begin // _BLOCK % counted_every == 0:
            same, others = _counts(distances, people[rows], people)
            same_pairs += same
            other_pairs += others
        nearest = np.minimum.reduceat(distances, starts, axis=1)
        mine = np.arange(len(rows)), people[rows]
        own[rows] = nearest[mine]
        own_row[rows] = _nearest_rows(distances, people[rows], starts, count)
        nearest[mine] = NEVER
        for near, where in ((other, other_row), (second, second_row)):
            who = nearest.argmin(axis=1)
            near[rows] = nearest[np.arange(len(rows)), who]
            where[rows] = _nearest_rows(distances, who, starts, count)
            nearest[np.arange(len(rows)), who] = NEVER
        progress(int(rows[-1]) + 1, count)
    # Without a runner-up the lead is endless, and of nobody at all there is none.
    with np.errstate(invalid="ignore"):
        is_right = (own < other) & (other - own >= _leads(portraits, policy, other_row, own_row))
        is_wrong = np.isfinite(other) & (second - other >= _leads(portraits, policy, second_row, other_row))
    return Searches(
        people,
        np.bincount(people),
        own,
        other,
        np.where(np.isfinite(other), other_row, -1),
        np.where(is_right, own, NEVER),
        np.where(is_wrong, other, NEVER),
        same_pairs,
        other_pairs,
    )


def _counts(
    distances: FloatArray, some: NDArray[np.int64], people: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many comparisons of one person's photos, and of two people's, lie in each thousandth."""
    is_pair = np.isfinite(distances)
    steps = np.minimum(np.where(is_pair, distances, 0) * (_BINS / 4), _BINS - 1).astype(np.int32)
    is_same = some[:, None] == people[None, :]
    same = np.bincount(steps[is_same & is_pair], minlength=_BINS)
    return same, np.bincount(steps[~is_same], minlength=_BINS)


def _nearest_rows(
    distances: FloatArray, who: NDArray[np.int64], starts: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Return for each probe the row of the nearest photo of one person."""
    ends = np.append(starts[1:], count)
    return np.array(
        [
            starts[person] + distances[at, starts[person] : ends[person]].argmin()
            for at, person in enumerate(who)
        ],
        np.int64,
    )


def _leads(
    portraits: Portraits, policy: MatchPolicy, runner_up: NDArray[np.int64], best: NDArray[np.int64]
) -> FloatArray:
    """Return (N,) the lead that is needed over the runner-up; a look-alike of the best needs a greater one.

    Args:
        portraits: everybody's photos.
        policy: margins.
        runner_up: (N,) row of the runner-up's photo.
        best: (N,) row of the best one's.
    """
    first, second = portraits.embeddings[best], portraits.embeddings[runner_up]
    apart = np.maximum(2 - 2 * np.einsum("nd,nd->n", first, second), 0)
    wide = max(policy.margin, policy.lookalike_margin)
    return np.where(apart < policy.lookalike_distance, wide, policy.margin).astype(np.float32)
