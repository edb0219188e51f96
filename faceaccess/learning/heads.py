"""A small head on a model that is in force: a linear map of its embeddings, learned by triplets.

Regularised towards the identity, so that with little to learn from the model stays what it was.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from faceaccess.learning.batches import Batches, BatchShape
from faceaccess.learning.mining import semi_hard
from faceaccess.learning.triplets import MARGIN, squared_distances, triplet_loss
from faceaccess.vision.types import FloatArray


@dataclass(frozen=True)
class HeadPlan:
    """How a head is learned.

    Attributes:
        steps: of the optimiser.
        margin: squared L2.
        weight_of_identity: of the squared difference from the identity in the loss. Source: `faceaccess
            evaluate adapting`: from .05 to .2 the gain is much the same, with 1 most of it is lost, with .02
            people before an unspoilt camera are told apart worse.
        learning_rate: of Adam.
        seed: of the batches.
    """

    steps: int = 400
    margin: float = MARGIN
    weight_of_identity: float = 0.1
    learning_rate: float = 2e-3
    seed: int = 0
    batch: BatchShape = BatchShape(64, 4, 0)


def fit_head(embeddings: FloatArray, labels: NDArray[np.int64], plan: HeadPlan | None = None) -> FloatArray:
    """Return the (D, D) float32 matrix W; an adapted embedding is W e, normalised.

    Args:
        embeddings: (N, D) of unit norm.
        labels: (N,) the person of each; two people or more, one of them with two rows.
        plan: how it is learned.
    """
    plan = plan or HeadPlan()
    torch.manual_seed(plan.seed)
    rows = torch.from_numpy(np.ascontiguousarray(embeddings, np.float32))
    people = torch.from_numpy(np.unique(labels, return_inverse=True)[1])
    change = nn.Parameter(torch.zeros(rows.shape[1], rows.shape[1]))
    identity = torch.eye(rows.shape[1])
    optimiser = torch.optim.Adam([change], lr=plan.learning_rate)
    batches, chance = Batches(people.numpy(), plan.batch, plan.seed), torch.Generator()
    for step in range(plan.steps):
        chosen = torch.from_numpy(batches.at(step))
        moved = nn.functional.normalize(rows[chosen] @ (identity + change).T)
        with torch.no_grad():
            triplets = semi_hard(squared_distances(moved, moved), people[chosen], plan.margin, chance)
        loss = triplet_loss(moved, triplets, plan.margin).value
        loss = loss + plan.weight_of_identity * change.pow(2).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return (identity + change.detach()).numpy()


def fit_heads(
    parts: list[tuple[FloatArray, NDArray[np.int64]]], plan: HeadPlan | None = None, threads: int = 1
) -> list[FloatArray]:
    """Return a head for each of several sets of embeddings and labels; runs in a process of its own."""
    torch.set_num_threads(threads)
    return [fit_head(embeddings, labels, plan) for embeddings, labels in parts]
