"""How right groups of faces are, against the people they really show."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faceaccess.recognition.clustering import ALONE
from faceaccess.vision.types import FloatArray

_STARTS = 3


@dataclass(frozen=True)
class BCubed:
    """Means over all faces. Source: Bagga and Baldwin 1998; Amigó et al. 2009, section 4.

    Attributes:
        precision: part of a face's group that shows the same person.
        recall: part of the person's faces that are in the face's group.
        f1: harmonic mean of the two.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def bcubed(labels: NDArray[np.int64], people: Sequence[Hashable]) -> BCubed:
    """Compare groups with the people in them.

    Args:
        labels: (N,) int64, N over 0, the group of each face; each one that is `ALONE` is a group.
        people: who each face shows.
    """
    if len(labels) != len(people) or not len(labels):
        raise ValueError(f"labels: expected ({len(people)},) and at least one, got {labels.shape}")
    alone = labels == ALONE
    groups = labels.copy()
    groups[alone] = labels.max() + 1 + np.arange(alone.sum())
    _, group = np.unique(groups, return_inverse=True)
    numbers = {person: number for number, person in enumerate(dict.fromkeys(people))}
    person = np.array([numbers[owner] for owner in people])
    # Numbered in one, so that a table of all groups and people is never made.
    _, pair, together = np.unique(group * len(numbers) + person, return_inverse=True, return_counts=True)
    shared = together[pair]
    return BCubed(
        precision=float(np.mean(shared / np.bincount(group)[group])),
        recall=float(np.mean(shared / np.bincount(person)[person])),
    )


def plain_k_means(embeddings: FloatArray, people: int, *, seed: int = 0) -> NDArray[np.int64]:
    """Return groups by k-means, which must be told how many people there are: what others use.

    Args:
        embeddings: (N, D) float32 of unit norm.
        people: how many.
        seed: of the starts, of which the best of three is taken.

    Raises:
        ModelError: scikit-learn isn't installed.
    """
    from faceaccess.lab.measures.sklearn_peer import KMeans

    labels = KMeans(people, n_init=_STARTS, random_state=seed).fit_predict(embeddings)
    return labels.astype(np.int64)
