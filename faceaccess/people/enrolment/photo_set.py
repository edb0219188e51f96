"""The photos of one person beside each other: one of somebody else, near copies, more than needed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from faceaccess.codes import PhotoProblem
from faceaccess.people.enrolment.photo_review import IN_SET, PhotoReview
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.vision.types import FloatArray

MOST_TEMPLATES = 10
"""Templates of a person. Source: LFW people with 20 and more photos: FNIR at FPIR 3e-3 falls from
0.12 with one photo to 0.013 with eight and no further."""


def judged(
    reviews: Sequence[PhotoReview], stored: FloatArray, limits: EnrolmentLimits | None
) -> list[PhotoReview]:
    """Return reviews judged beside each other; a repeated call judges afresh.

    Args:
        reviews: of one person's photos, in the order in which they came.
        stored: (K, D) float32 of unit norm, the person's templates so far; K may be 0.
        limits: of the model; None leaves distances unjudged.
    """
    alone = [replace(review, problem=_own_problem(review)) for review in reviews]
    rows = [row for row, review in enumerate(alone) if review.is_good]
    if not rows:
        return alone
    embeddings = np.stack([_embedding(alone[row]) for row in rows])
    together = np.concatenate([embeddings, stored.reshape(-1, embeddings.shape[1])])
    distances = np.maximum(2 - 2 * together @ together.T, 0)
    problems: dict[int, PhotoProblem] = {}
    if limits is not None:
        unlike = _unlike(distances, len(rows), limits.unlike_others)
        # Of two photos that are unlike each other nobody can say which is wrong: the first stays.
        if len(unlike) == len(together) == 2:
            problems[unlike[1]] = PhotoProblem.UNLIKE_THE_OTHER
        else:
            problems |= dict.fromkeys(unlike, PhotoProblem.UNLIKE_OTHERS)
    left = [place for place in range(len(rows)) if place not in problems]
    order = sorted(left, key=lambda place: -_clarity(alone[rows[place]]))
    taken = list(range(len(rows), len(together)))
    for place in order:
        if limits is not None and taken and distances[place, taken].min() < limits.much_alike:
            problems[place] = PhotoProblem.MUCH_LIKE_ANOTHER
        else:
            taken.append(place)
    new = [place for place in taken if place < len(rows)]
    for place in set(new) - set(most_different(distances, new, MOST_TEMPLATES)):
        problems[place] = PhotoProblem.MORE_THAN_NEEDED
    for place, problem in problems.items():
        alone[rows[place]] = replace(alone[rows[place]], problem=problem)
    return alone


def most_different(
    distances: FloatArray, places: Sequence[int], count: int, *, certain: int = 1
) -> list[int]:
    """Return as many places as asked for, always the one farthest from those chosen.

    Args:
        distances: (N, N) squared L2.
        places: rows of it, the best one first.
        count: how many at most.
        certain: how many of the first are chosen in any case.
    """
    chosen = list(places[: min(certain, count)])
    while len(chosen) < min(count, len(places)):
        left = [place for place in places if place not in chosen]
        chosen.append(max(left, key=lambda place: float(distances[place, chosen].min())))
    return chosen


def _unlike(distances: FloatArray, new: int, limit: float) -> list[int]:
    """Return the new photos that are far from the person's others."""
    unlike = []
    for place in range(new):
        others = np.sort(np.delete(distances[place], place))
        # The lower median: of two others, the nearer one.
        if len(others) and others[(len(others) - 1) // 2] > limit:
            unlike.append(place)
    return unlike


def _own_problem(review: PhotoReview) -> PhotoProblem | None:
    if review.problem not in IN_SET:
        return review.problem
    return review.faults[0].problem if review.faults else None


def _embedding(review: PhotoReview) -> FloatArray:
    assert review.embedding is not None
    return review.embedding


def _clarity(review: PhotoReview) -> float:
    return review.quality.clarity if review.quality else 0.0
