"""The networks of the FaceNet paper and SMALL: what they give, what they learn by, and what they cost."""

import pytest
import torch

from faceaccess.errors import ModelError
from faceaccess.learning.networks import catalogue

HEAVY = {"NN1", "NN2", "NN3", "NNS1"}


def crops(name, count=2):
    """Random crops of a network's size, (N, 3, H, W) float32, 0 to 255."""
    architecture = catalogue.find_architecture(name)
    shape = (count, 3, architecture.height_px, architecture.width_px)
    return torch.rand(shape, generator=torch.Generator().manual_seed(1)) * 255


def by_weight(names):
    """The networks, the heavy ones marked slow."""
    return [pytest.param(name, marks=[pytest.mark.slow] * (name in HEAVY)) for name in names]


@pytest.mark.parametrize("name", by_weight(catalogue.NAMES))
def test_embeddings_are_of_unit_norm_and_every_weight_learns(name):
    network = catalogue.build(name, seed=7)
    embeddings = network(crops(name))
    assert embeddings.shape == (2, 128)
    assert embeddings.norm(dim=1).tolist() == pytest.approx([1, 1], abs=1e-5)
    (embeddings[0] - embeddings[1]).square().sum().backward()
    for parameter in network.parameters():
        assert parameter.grad is not None
        assert parameter.grad.isfinite().all()


def test_the_seed_decides_the_weights_and_nothing_else():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    first, same, other = (catalogue.build("SMALL", dimension=64, seed=seed) for seed in (1, 1, 2))
    assert torch.rand(1) == expected
    weights = [network.state_dict()["layers.7.weight"] for network in (first, same, other)]
    assert weights[0].shape[0] == 64
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_a_network_of_no_such_name_names_those_there_are():
    with pytest.raises(ModelError, match="NN9") as caught:
        catalogue.build("NN9", seed=1)
    assert "SMALL" in caught.value.hint
