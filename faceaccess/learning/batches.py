"""Which photos make up a step's batch: a function of seed and step, so that a run can be resumed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class BatchShape:
    """What a batch is made of.

    Attributes:
        people: P people with two photos or more.
        photos: K photos of each at most.
        others: photos of further people, which serve as negatives only, as FaceNet's section 3.2 has it.
    """

    people: int = 24
    photos: int = 3
    others: int = 24

    @property
    def rows(self) -> int:
        """How many photos a batch has at most."""
        return self.people * self.photos + self.others


class Batches:
    """Draws batches of photos by people."""

    def __init__(self, labels: Sequence[int] | Indices, shape: BatchShape, seed: int) -> None:
        """Take the photos.

        Args:
            labels: (N,) the person of each photo.
            shape: of a batch.
            seed: of all batches.

        Raises:
            ValueError: fewer than two people, or nobody with two photos.
        """
        self._labels = np.asarray(labels, np.int64)
        self._shape, self._seed = shape, seed
        people, counts = np.unique(self._labels, return_counts=True)
        self._learnt = people[counts > 1]
        if len(people) < 2 or not len(self._learnt):
            raise ValueError("labels: expected two people or more, one of them with two photos")
        self._photos = {int(person): np.flatnonzero(self._labels == person) for person in self._learnt}

    def at(self, step: int) -> Indices:
        """Return the photos of a step's batch, each once."""
        rng = np.random.default_rng([self._seed, step])
        people = rng.permutation(self._learnt)[: self._shape.people]
        chosen = [rng.permutation(self._photos[int(person)])[: self._shape.photos] for person in people]
        rest = np.flatnonzero(~np.isin(self._labels, people))
        return np.concatenate([*chosen, rng.permutation(rest)[: self._shape.others]])
