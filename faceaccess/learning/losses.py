"""Other ways of learning an embedding, which triplets are compared with, and triplets across two models."""

import torch
from torch import Tensor, nn

from faceaccess.learning.mining import Miner
from faceaccess.learning.triplets import BatchLoss, squared_distances, triplet_loss

CONTRASTIVE_MARGIN = 1.0
"""Distance (not squared) from which two people's photos cost nothing. Source: `faceaccess learn report`."""


def contrastive_loss(embeddings: Tensor, labels: Tensor, margin: float = CONTRASTIVE_MARGIN) -> Tensor:
    """Return the loss of a Siamese network over all pairs of a batch, those of a kind weighing as much.

    Source: Hadsell, Chopra and LeCun 2006, "Dimensionality Reduction by Learning an Invariant Mapping",
    equation 4, without its halves.

    Args:
        embeddings: (N, D) float32, rows of unit norm.
        labels: (N,) int64, the person of each row.
        margin: L2, not squared.
    """
    squared = squared_distances(embeddings, embeddings)
    above = torch.ones_like(squared, dtype=torch.bool).triu(1)
    same = labels.unsqueeze(0) == labels.unsqueeze(1)
    mated, non_mated = squared[above & same], squared[above & ~same]
    # The root has no gradient at 0, where a collapsed network is.
    short_of_margin = (margin - (non_mated + 1e-12).sqrt()).clamp_min(0)
    return _mean(mated) + _mean(short_of_margin.pow(2))


class SoftmaxHead(nn.Module):
    """A classifier on a bottleneck: a class for each person of the training, dropped afterwards.

    Source: Taigman et al. 2014, "DeepFace", section 3.2.
    """

    def __init__(self, dimension: int, people: int) -> None:
        """Take how long a feature is, and how many people there are."""
        super().__init__()
        self.classes = nn.Linear(dimension, people)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Return the cross entropy of (N, D) features, not normalised, and (N,) labels."""
        return nn.functional.cross_entropy(self.classes(features), labels)


def harmonic_loss(
    embeddings: Tensor, former: Tensor, labels: Tensor, miner: Miner, margin: float, chance: torch.Generator
) -> BatchLoss:
    """Return the triplet loss over a network's embeddings mixed with those of a former one.

    Triplets are mined over both sets of rows at once, so that each of a triplet's three may be old or new;
    only the new ones move. Source: FaceNet, section 5.6 and figure 8, "harmonic triplet loss".

    Args:
        embeddings: (N, D) float32, of the network that learns.
        former: (N, D) float32, of the same photos, by the former network.
        labels: (N,) int64.
        miner: chooses triplets.
        margin: squared L2.
        chance: of the miner.
    """
    mixed = torch.cat([embeddings, former.detach()])
    with torch.no_grad():
        triplets = miner(squared_distances(mixed, mixed), torch.cat([labels, labels]), margin, chance)
    return triplet_loss(mixed, triplets, margin)


def _mean(values: Tensor) -> Tensor:
    return values.mean() if len(values) else values.sum()
