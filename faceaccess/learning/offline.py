"""Triplets mined among many photos with the network as it stood some steps ago.

Source: FaceNet, section 3.2, which offers it beside mining in the batch: every n steps, with the latest
checkpoint, on a subset of the data. The hardest of all photos would be those with wrong labels and poor
pictures, hence the subset, and negatives that are semi-hard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from faceaccess.learning.batches import Indices
from faceaccess.learning.mining import semi_hard
from faceaccess.learning.triplets import Triplets, squared_distances
from faceaccess.vision.types import FloatArray

PHOTOS = 512
"""Of the subset."""


@dataclass(frozen=True, eq=False)
class OfflineTriplets:
    """What one round of mining gave.

    Attributes:
        step: at which it was mined.
        rows: (T, 3) photos: anchor, positive, negative.
        seed: of the order they are taken in.
    """

    step: int
    rows: Indices
    seed: int

    @classmethod
    def mined(
        cls,
        labels: Indices,
        step: int,
        *,
        plan_seed: int,
        margin: float,
        embed: Callable[[Indices], FloatArray],
    ) -> "OfflineTriplets":
        """Mine a subset of the photos.

        Args:
            labels: (N,) the person of each photo.
            step: the present one.
            plan_seed: of the run; with the step it says which photos are in the subset.
            margin: squared L2.
            embed: returns (M, D) embeddings of photos by number.
        """
        rng = np.random.default_rng([plan_seed, step, 1])
        people, counts = np.unique(labels, return_counts=True)
        subset: list[Indices] = []
        for person in rng.permutation(people[counts > 1]):
            subset.append(rng.permutation(np.flatnonzero(labels == person))[:5])
            if sum(map(len, subset)) >= PHOTOS:
                break
        photos = np.concatenate(subset)
        embeddings = torch.from_numpy(embed(photos))
        chosen = semi_hard(
            squared_distances(embeddings, embeddings),
            torch.from_numpy(labels[photos]),
            margin,
            torch.Generator(),
        )
        rows = torch.stack([chosen.anchors, chosen.positives, chosen.negatives], dim=1).numpy()
        return cls(step, photos[rows], plan_seed)

    def batch(self, step: int, rows: int) -> tuple[Indices, Triplets]:
        """Return the photos of a step's triplets, at most so many rows, and the triplets as rows of them."""
        rng = np.random.default_rng([self.seed, step, 2])
        chosen = rng.permutation(self.rows)[: rows // 3]
        photos, places = np.unique(chosen, return_inverse=True)
        anchors, positives, negatives = torch.from_numpy(places.reshape(-1, 3)).unbind(dim=1)
        if not len(chosen):
            # Nothing to learn in this round: any photo, and no triplet of it.
            photos = np.zeros(1, np.int64)
        return photos, Triplets(anchors, positives, negatives)

    def state(self) -> dict[str, Any]:
        """Return it as a checkpoint holds it: it can't be mined again from weights that moved on."""
        return {"step": self.step, "rows": torch.from_numpy(self.rows), "seed": self.seed}

    @classmethod
    def of_state(cls, state: dict[str, Any]) -> "OfflineTriplets":
        """Return what `state` gave."""
        return cls(state["step"], state["rows"].numpy(), state["seed"])
