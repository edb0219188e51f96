"""The triplet loss and mining: by hand, and beside pytorch-metric-learning."""

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning import distances, losses, miners
from torch.nn import functional

from faceaccess.codes import Mining
from faceaccess.learning.losses import contrastive_loss, harmonic_loss
from faceaccess.learning.mining import MINERS, any_negative, every, hard, semi_hard
from faceaccess.learning.triplets import Triplets, squared_distances, triplet_loss


def embeddings_of(seed, people=6, photos=4, dimension=16):
    chance = torch.Generator().manual_seed(seed)
    rows = functional.normalize(torch.randn(people * photos, dimension, generator=chance))
    return rows.requires_grad_(), torch.arange(people).repeat_interleave(photos)


def on_circle(*degrees):
    """Unit vectors at some angles: the squared distance of two is 2 - 2 cos of the difference."""
    turns = torch.tensor([math.radians(angle) for angle in degrees], dtype=torch.float64)
    return torch.stack([turns.cos(), turns.sin()], dim=1)


def peer_loss(margin):
    return losses.TripletMarginLoss(
        margin=margin, distance=distances.LpDistance(power=2, normalize_embeddings=True)
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("margin", [0.0, 0.2, 1.0])
def test_the_loss_over_all_triplets_and_its_gradient_are_the_peers(seed, margin):
    rows, labels = embeddings_of(seed)
    mine = triplet_loss(rows, every(None, labels, margin, None), margin).value
    (gradient,) = torch.autograd.grad(mine, rows)
    theirs = peer_loss(margin)(rows, labels)
    (their_gradient,) = torch.autograd.grad(theirs, rows)
    assert float(mine.detach()) == pytest.approx(float(theirs.detach()), abs=1e-6)
    # The peer normalises rows that are of unit norm already, which takes out the part along them.
    along = (gradient * rows).sum(dim=1, keepdim=True) * rows
    torch.testing.assert_close(gradient - along, their_gradient, atol=1e-6, rtol=0)


@pytest.mark.parametrize("seed", range(5))
def test_batch_hard_triplets_are_the_peers(seed):
    rows, labels = embeddings_of(seed)
    mine = hard(squared_distances(rows, rows), labels, 0.2, None)
    anchors, positives, negatives = miners.BatchHardMiner(distance=distances.LpDistance(power=2))(
        rows, labels
    )
    assert mine.anchors.tolist() == anchors.tolist()
    assert mine.positives.tolist() == positives.tolist()
    assert mine.negatives.tolist() == negatives.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_semi_hard_triplets_are_the_nearest_of_those_the_peer_allows(seed):
    rows, labels = embeddings_of(seed)
    between = squared_distances(rows, rows).detach()
    mine = semi_hard(between, labels, 0.2, None)
    allowed = miners.TripletMarginMiner(
        margin=0.2, type_of_triplets="semihard", distance=distances.LpDistance(power=2)
    )(rows, labels)
    nearest = {}
    for anchor, positive, negative in zip(*(part.tolist() for part in allowed), strict=True):
        best = nearest.get((anchor, positive))
        if best is None or between[anchor, negative] < between[anchor, best]:
            nearest[anchor, positive] = negative
    chosen = zip(mine.anchors.tolist(), mine.positives.tolist(), mine.negatives.tolist(), strict=True)
    assert {(anchor, positive): negative for anchor, positive, negative in chosen} == nearest
    assert mine.offered == int((labels[:, None] == labels[None]).sum()) - len(labels)


def test_a_loss_worked_out_by_hand():
    # Anchor at 0 degrees, positive at 60 (squared distance 1), negative at 90 (2): 1 - 2 + 1.2 = 0.2.
    rows = on_circle(0, 60, 90)
    one = Triplets(torch.tensor([0]), torch.tensor([1]), torch.tensor([2]))
    assert float(triplet_loss(rows, one, 1.2).value) == pytest.approx(0.2)
    nothing = triplet_loss(rows, one, 0.9)
    assert (float(nothing.value), nothing.active, nothing.offered) == (0.0, 0, 1)


def test_semi_hard_takes_no_negative_nearer_than_the_positive_nor_beyond_the_margin():
    # From 0 degrees: positive at 40, negatives at 30 (nearer), 50 (just beyond) and 120 (far beyond).
    rows, labels = on_circle(0, 40, 30, 50, 120), torch.tensor([0, 0, 1, 2, 3])
    chosen = semi_hard(squared_distances(rows, rows), labels, 0.3, None)
    first = chosen.anchors == 0
    assert chosen.negatives[first].tolist() == [3]
    assert chosen.positives[first].tolist() == [1]


@pytest.mark.parametrize("mining", list(Mining))
def test_the_collapsed_solution_costs_the_margin_and_is_no_way_out(mining):
    """All embeddings equal: every triplet costs the margin; semi-hard mining finds none to push on."""
    rows = functional.normalize(torch.ones(8, 4)).requires_grad_()
    labels = torch.arange(4).repeat_interleave(2)
    chosen = MINERS[mining](squared_distances(rows, rows), labels, 0.2, torch.Generator().manual_seed(0))
    loss = triplet_loss(rows, chosen, 0.2)
    assert torch.isfinite(loss.value)
    if mining in (Mining.SEMI_HARD, Mining.OFFLINE):
        assert len(chosen) == 0
    else:
        assert float(loss.value.detach()) == pytest.approx(0.2, abs=1e-6)
        assert loss.active == len(chosen)
    (gradient,) = torch.autograd.grad(loss.value, rows)
    assert torch.isfinite(gradient).all()


def test_without_a_margin_the_collapsed_solution_costs_nothing():
    rows = functional.normalize(torch.ones(8, 4))
    labels = torch.arange(4).repeat_interleave(2)
    assert float(triplet_loss(rows, every(None, labels, 0.0, None), 0.0).value) == 0.0


@pytest.mark.parametrize("mining", list(Mining))
def test_nobody_with_two_photos_or_one_person_alone_gives_no_triplet(mining):
    rows, _ = embeddings_of(0, people=4, photos=1)
    for labels in (torch.arange(4), torch.zeros(4, dtype=torch.int64)):
        chosen = MINERS[mining](squared_distances(rows, rows), labels, 0.2, torch.Generator().manual_seed(0))
        loss = triplet_loss(rows, chosen, 0.2)
        assert (len(chosen), float(loss.value.detach())) == (0, 0.0)
        assert float(torch.autograd.grad(loss.value, rows)[0].abs().max()) == 0.0


def test_random_negatives_are_of_other_people_and_follow_the_seed():
    rows, labels = embeddings_of(1)
    first, again, other = (
        any_negative(squared_distances(rows, rows), labels, 0.2, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    )
    assert (labels[first.anchors] == labels[first.positives]).all()
    assert (labels[first.anchors] != labels[first.negatives]).all()
    assert first.negatives.tolist() == again.negatives.tolist() != other.negatives.tolist()


def test_the_contrastive_loss_is_hadsells():
    rows, labels = embeddings_of(3)
    points, whose = rows.detach().double().numpy(), labels.numpy()
    mated, non_mated = [], []
    for one in range(len(points)):
        for other in range(one + 1, len(points)):
            distance = float(np.linalg.norm(points[one] - points[other]))
            if whose[one] == whose[other]:
                mated.append(distance**2)
            else:
                non_mated.append(max(1.2 - distance, 0) ** 2)
    expected = np.mean(mated) + np.mean(non_mated)
    assert float(contrastive_loss(rows, labels, 1.2).detach()) == pytest.approx(expected, abs=1e-6)
    collapsed = functional.normalize(torch.ones(4, 3)).requires_grad_()
    value = contrastive_loss(collapsed, torch.tensor([0, 0, 1, 1]), 1.0)
    assert float(value.detach()) == pytest.approx(1.0, abs=2e-3)
    assert torch.isfinite(torch.autograd.grad(value, collapsed)[0]).all()


def test_harmonic_triplets_move_the_new_network_alone():
    rows, labels = embeddings_of(4)
    former, _ = embeddings_of(5)
    loss = harmonic_loss(rows, former, labels, semi_hard, 0.2, torch.Generator())
    gradients = torch.autograd.grad(loss.value, (rows, former), allow_unused=True)
    assert float(gradients[0].abs().max()) > 0
    assert gradients[1] is None
    assert loss.offered == (2 * len(rows)) * 7  # each of 48 rows has 7 others of its person, old and new
