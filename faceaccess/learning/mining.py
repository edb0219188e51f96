"""Which triplets of a batch to learn from.

Source: FaceNet, section 3.2: the hardest negatives of a batch can lead to a collapsed network (all embeddings
equal), so the negative is to be farther than the positive, but within the margin: semi-hard.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from faceaccess.codes import Mining
from faceaccess.learning.triplets import Triplets

Miner = Callable[[Tensor, Tensor, float, torch.Generator], Triplets]
"""From (N, N) squared L2, (N,) labels, the margin and a source of chance to triplets of the N rows."""


def semi_hard(distances: Tensor, labels: Tensor, margin: float, _chance: torch.Generator) -> Triplets:
    """Return for each pair of a person the nearest negative that is farther than the positive.

    Pairs without a negative between the positive and the positive plus the margin give none.
    """
    anchors, positives = _pairs(labels)
    near = distances[anchors, positives].unsqueeze(1)
    far = distances[anchors]
    is_semi_hard = _others(labels)[anchors] & (far > near) & (far < near + margin)
    candidates = far.masked_fill(~is_semi_hard, torch.inf)
    nearest, negatives = candidates.min(dim=1)
    has_any = nearest.isfinite()
    return Triplets(anchors[has_any], positives[has_any], negatives[has_any], len(anchors))


def hard(distances: Tensor, labels: Tensor, _margin: float, _chance: torch.Generator) -> Triplets:
    """Return for each photo its farthest positive and its nearest negative."""
    same, others = _same(labels), _others(labels)
    farthest, positives = distances.masked_fill(~same, -torch.inf).max(dim=1)
    nearest, negatives = distances.masked_fill(~others, torch.inf).min(dim=1)
    anchors = torch.nonzero(farthest.isfinite() & nearest.isfinite()).flatten()
    return Triplets(anchors, positives[anchors], negatives[anchors])


def every(_distances: Tensor, labels: Tensor, _margin: float, _chance: torch.Generator) -> Triplets:
    """Return all triplets."""
    chosen = torch.nonzero(_same(labels).unsqueeze(2) & _others(labels).unsqueeze(1))
    return Triplets(chosen[:, 0], chosen[:, 1], chosen[:, 2])


def any_negative(_distances: Tensor, labels: Tensor, _margin: float, chance: torch.Generator) -> Triplets:
    """Return for each pair of a person any photo of somebody else."""
    anchors, positives = _pairs(labels)
    others = _others(labels)[anchors]
    has_any = others.any(dim=1)
    anchors, positives, others = anchors[has_any], positives[has_any], others[has_any]
    if not len(anchors):
        return Triplets(anchors, positives, anchors)
    negatives = torch.multinomial(others.float(), 1, generator=chance).flatten()
    return Triplets(anchors, positives, negatives)


MINERS: dict[Mining, Miner] = {
    Mining.SEMI_HARD: semi_hard,
    Mining.HARD: hard,
    Mining.ALL: every,
    Mining.RANDOM: any_negative,
    Mining.OFFLINE: semi_hard,
}


def _same(labels: Tensor) -> Tensor:
    """Return (N, N) whether two rows are different photos of one person."""
    return (labels.unsqueeze(0) == labels.unsqueeze(1)).fill_diagonal_(False)


def _others(labels: Tensor) -> Tensor:
    return labels.unsqueeze(0) != labels.unsqueeze(1)


def _pairs(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Return all ordered pairs of different photos of one person."""
    pairs = torch.nonzero(_same(labels))
    return pairs[:, 0], pairs[:, 1]
