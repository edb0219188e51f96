"""Triplets of photos and their loss: an anchor is to be nearer to its positive than to its negative.

Embeddings are rows of unit norm, distances are squared L2: 0 the same picture, 4 opposite.
Source: Schroff et al. 2015, "FaceNet", section 3.1 and equation 3.
"""

from dataclasses import dataclass

from torch import Tensor

MARGIN = 0.2
"""By how much the negative is to be farther. Source: FaceNet, section 3.1."""


@dataclass(frozen=True, eq=False)
class Triplets:
    """Rows of a batch that belong together.

    Attributes:
        anchors, positives, negatives: (T,) int64; T may be 0. Anchor and positive are two photos of one
            person, the negative is a photo of another.
        offered: how many there would be if mining had found a negative for each; 0: as many as there are.
    """

    anchors: Tensor
    positives: Tensor
    negatives: Tensor
    offered: int = 0

    def __len__(self) -> int:
        """How many triplets there are."""
        return len(self.anchors)


@dataclass(frozen=True, eq=False)
class BatchLoss:
    """The loss of a batch.

    Attributes:
        value: scalar, with a gradient; 0 where no triplet is active.
        active: how many triplets are closer than the margin, and so have a gradient.
        offered: how many there could have been.
    """

    value: Tensor
    active: int
    offered: int


def squared_distances(embeddings: Tensor, others: Tensor) -> Tensor:
    """Return (N, M) squared L2 between the rows of (N, D) and of (M, D), all of unit norm."""
    return (2 - 2 * embeddings @ others.T).clamp_min(0)


def triplet_loss(embeddings: Tensor, triplets: Triplets, margin: float = MARGIN) -> BatchLoss:
    """Return the mean loss of the active triplets.

    The paper sums over all; the mean over those that have a gradient makes the step independent of how many
    triplets mining found.

    Args:
        embeddings: (N, D) float32, rows of unit norm.
        triplets: rows of it.
        margin: squared L2.
    """
    if not len(triplets):
        return BatchLoss(embeddings.sum() * 0, 0, triplets.offered)
    anchors = embeddings[triplets.anchors]
    near = (anchors - embeddings[triplets.positives]).pow(2).sum(dim=1)
    far = (anchors - embeddings[triplets.negatives]).pow(2).sum(dim=1)
    losses = (near - far + margin).clamp_min(0)
    active = int((losses > 0).sum())
    return BatchLoss(losses.sum() / max(active, 1), active, triplets.offered or len(triplets))
