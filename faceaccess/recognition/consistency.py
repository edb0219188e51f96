"""Checks of a gallery's photos by their templates: wrong people, copies, people too alike.

Everything is computed from the embeddings alone, in blocks: a gallery of thousands takes seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.vision.types import FloatArray

_DISTANCES = 32_000_000
"""So many are worked out at once: 128 MB."""


@dataclass(frozen=True, eq=False)
class Portraits:
    """One embedding per photo, those of a person one after the other.

    Attributes:
        people: (N,) int64, a number for whose photo it is, rising.
        embeddings: (N, D) float32 of unit norm.
    """

    people: NDArray[np.int64]
    embeddings: FloatArray

    def __post_init__(self) -> None:
        if self.embeddings.ndim != 2 or self.people.shape != self.embeddings.shape[:1]:
            raise ValueError(
                f"expected (N,) people and (N, D) embeddings, got {self.people.shape} and "
                f"{self.embeddings.shape}"
            )
        if np.any(np.diff(self.people) < 0):
            raise ValueError("people: expected rising numbers")


@dataclass(frozen=True)
class Stranger:
    """A photo unlike the person's others.

    Attributes:
        row: of the photo.
        distance: median distance to the person's other photos.
        nearest: row of another person's photo that is nearer than that, and near enough to be the
            same person; or None.
        nearest_distance: to it.
    """

    row: int
    distance: float
    nearest: int | None
    nearest_distance: float | None


@dataclass(frozen=True)
class Pair:
    """Two photos that are near each other.

    Attributes:
        first: row of one.
        second: row of the other, a later one.
        limit: distance below which the pair is told.
    """

    first: int
    second: int
    distance: float
    limit: float


def strangers(portraits: Portraits, limit: float) -> list[Stranger]:
    """Return the photos unlike the person's others, the worst first for each person.

    One wrong photo makes the others look worse as well: the worst is set aside before the rest are
    judged again. Of two that differ, each is unlike the other; where only one is nearer to somebody
    else than to the other, it is that one.

    Args:
        portraits: of everybody.
        limit: greatest median distance of a photo that is like the others.
    """
    unlike: list[Stranger] = []
    for rows in _runs(portraits.people):
        left = [int(row) for row in rows]
        while len(left) > 1:
            distances = _distances(portraits.embeddings[left], portraits.embeddings[left])
            others = distances[~np.eye(len(left), dtype=bool)].reshape(len(left), -1)
            medians = np.median(others, axis=1)
            worst = int(medians.argmax())
            if medians[worst] <= limit:
                break
            if len(left) == 2:
                unlike += _of_two(portraits, left, float(medians[worst]), limit)
                break
            unlike.append(_stranger(portraits, left.pop(worst), float(medians[worst]), limit))
    return unlike


def copies(portraits: Portraits, limit: float) -> list[Pair]:
    """Return pairs of photos of one person that are nearer than a limit."""
    pairs = []
    for rows in _runs(portraits.people):
        distances = _distances(portraits.embeddings[rows], portraits.embeddings[rows])
        for first, other in zip(*np.nonzero(np.triu(distances < limit, 1)), strict=True):
            pairs.append(Pair(int(rows[first]), int(rows[other]), float(distances[first, other]), limit))
    return pairs


def look_alikes(
    portraits: Portraits, *, base: float, weight: float, crowd: int, farthest: float
) -> list[Pair]:
    """Return the nearest photos of each two people who may be one, nearest first.

    They may be when nearer than a base and a part of both their crowds: the mean distance of those who
    look most like each, but for the other one. `people.doubles` says why.

    Args:
        portraits: of everybody.
        base: squared L2.
        weight: of the crowds.
        crowd: how many people are a crowd.
        farthest: nobody counts as farther than this, and those who lack in a crowd count as this.
    """
    starts = np.flatnonzero(np.r_[True, np.diff(portraits.people) > 0])[: len(portraits.people)]
    if len(starts) < 2:
        return []
    nearest, near = _nearest_people(
        portraits.embeddings, starts, base=base, weight=weight, crowd=crowd, farthest=farthest
    )
    ends = [*starts[1:], len(portraits.people)]
    pairs = []
    for person, other, distance in near:
        limit = base + weight * sum(_crowd(nearest[who], distance) for who in (person, other))
        if distance < limit:
            rows = np.arange(starts[person], ends[person]), np.arange(starts[other], ends[other])
            close = _distances(portraits.embeddings[rows[0]], portraits.embeddings[rows[1]])
            first, second = np.unravel_index(int(close.argmin()), close.shape)
            pairs.append(Pair(int(rows[0][first]), int(rows[1][second]), distance, limit))
    return sorted(pairs, key=lambda pair: pair.distance)


def _nearest_people(
    embeddings: FloatArray,
    starts: NDArray[np.int64],
    *,
    base: float,
    weight: float,
    crowd: int,
    farthest: float,
) -> tuple[NDArray[np.float64], list[tuple[int, int, float]]]:
    """Return the distances of those nearest to each person, and the pairs who may be within their limit.

    Distances of all pairs at once would take as much memory as there are pairs.

    Returns:
        (P, crowd + 1) rising, and of each pair the two people, the smaller first, and their distance.
    """
    known = min(crowd + 1, len(starts))
    nearest = np.full((len(starts), crowd + 1), farthest)
    blocks = []
    for first, distances in _between_people(embeddings, starts):
        some = nearest[first : first + len(distances)]
        some[:, :known] = np.minimum(np.partition(distances, known - 1, axis=1)[:, :known], farthest)
        some.sort(axis=1)
        # The other's crowd isn't known yet: at the most it is as far as any can be.
        widest = base + weight * (some[:, 1:].mean(axis=1, keepdims=True) + farthest)
        people, others = np.nonzero(distances < widest)
        is_once = others > people + first
        people, others = people[is_once], others[is_once]
        blocks.append((people + first, others, distances[people, others]))
    people, others, between = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    crowds = nearest[:, 1:].mean(axis=1)
    is_near = between < base + weight * (crowds[people] + crowds[others])
    pairs = zip(people[is_near], others[is_near], between[is_near], strict=True)
    return nearest, [(int(person), int(other), float(distance)) for person, other, distance in pairs]


def _between_people(embeddings: FloatArray, starts: NDArray[np.int64]) -> Iterator[tuple[int, FloatArray]]:
    """Yield how near the nearest photos of some people and of everybody are, with the first of these people.

    Each is (Q, P) float32 for the next Q people; nobody is near to oneself.
    """
    ends = np.append(starts[1:], len(embeddings))
    at_once = max(1, _DISTANCES // len(embeddings))
    begin = 0
    while begin < len(starts):
        # As many people as have so many photos together, and one at the least.
        end = max(begin + 1, int(np.searchsorted(ends, starts[begin] + at_once, side="right")))
        products = embeddings[starts[begin] : ends[end - 1]] @ embeddings.T
        # Whole rows first, person by person: `reduceat` takes ten times as long for each number.
        own = np.split(products, starts[begin + 1 : end] - starts[begin])
        greatest = np.stack([rows.max(axis=0) for rows in own])
        distances = _squared(np.maximum.reduceat(greatest, starts, axis=1))
        distances[np.arange(end - begin), np.arange(begin, end)] = 4.0
        yield begin, distances
        begin = end


def _crowd(nearest: NDArray[np.float64], distance: float) -> float:
    """Return the mean distance of the people most like somebody, leaving out one who is at a distance.

    Args:
        nearest: (K + 1,) distances of the nearest people, rising.
        distance: of the one left out.
    """
    # Who is farther than all of these is not among them; the farthest is one too many then.
    left_out = int(np.abs(nearest - distance).argmin()) if distance <= nearest[-1] else -1
    return float(np.delete(nearest, left_out).mean())


def rise(before: NDArray[np.float64], now: NDArray[np.float64]) -> tuple[float, float]:
    """Return the rise of the median distance, and its standard error.

    The error of a median comes from the median absolute deviation, so that single bad pictures
    don't matter. Source: 1.4826 MAD estimates sigma, and a median's error is 1.2533 sigma / sqrt(n),
    for the normal distribution: Maronna et al., Robust Statistics, 2006, sections 2.3 and 2.5.

    Args:
        before: (N,) squared L2, N > 0.
        now: (M,) squared L2, M > 0.
    """
    medians = [float(np.median(values)) for values in (before, now)]
    errors = [
        1.2533 * 1.4826 * float(np.median(np.abs(values - median))) / len(values) ** 0.5
        for values, median in zip((before, now), medians, strict=True)
    ]
    return medians[1] - medians[0], float(np.hypot(*errors))


def _of_two(portraits: Portraits, rows: list[int], distance: float, limit: float) -> list[Stranger]:
    both = [_stranger(portraits, row, distance, limit) for row in rows]
    sure = [stranger for stranger in both if stranger.nearest is not None]
    return sure if len(sure) == 1 else both


def _stranger(portraits: Portraits, row: int, distance: float, limit: float) -> Stranger:
    """Return a photo with the person it may be instead: nearer than the person's own photos, and near."""
    distances = _distances(portraits.embeddings[[row]], portraits.embeddings)[0]
    distances[portraits.people == portraits.people[row]] = np.inf
    nearest = int(distances.argmin())
    if distances[nearest] >= min(distance, limit):
        return Stranger(row, distance, None, None)
    return Stranger(row, distance, nearest, float(distances[nearest]))


def _runs(people: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each person."""
    if len(people):
        yield from np.split(np.arange(len(people)), np.flatnonzero(np.diff(people)) + 1)


def _distances(some: FloatArray, others: FloatArray) -> FloatArray:
    return _squared(some @ others.T)


def _squared(products: FloatArray) -> FloatArray:
    """Return the squared distances of unit embeddings from their products, in the same memory."""
    products *= -2
    products += 2
    return np.maximum(products, 0, out=products)
