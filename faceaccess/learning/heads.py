"""A small head on a model that is in force: a linear map of its embeddings, learned by triplets.

Regularised towards the identity, so that with little to learn from the model stays what it was.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from faceaccess.learning.batches import Batches
from faceaccess.learning.head_plan import HeadPlan
from faceaccess.learning.mining import semi_hard
from faceaccess.learning.triplets import squared_distances, triplet_loss
from faceaccess.vision.types import FloatArray


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
    parts: list[tuple[FloatArray, NDArray[np.int64]]], plan: HeadPlan, threads: int = 1
) -> list[FloatArray]:
    """Return a head for each of several sets of embeddings and labels; runs in a process of its own."""
    torch.set_num_threads(threads)
    return [fit_head(embeddings, labels, plan) for embeddings, labels in parts]
