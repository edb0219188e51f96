"""The networks of the FaceNet paper and SMALL: what they give, what they learn by, and what they cost."""

import copy
import json
import math

import numpy as np
import pytest
import torch
from torch import nn
from typer.testing import CliRunner

from faceaccess.cli import learn
from faceaccess.cli.app import app
from faceaccess.errors import ModelError
from faceaccess.learning.networks import catalogue
from faceaccess.learning.networks.costs import count_flops, count_parameters
from faceaccess.learning.networks.export import write_onnx
from faceaccess.learning.networks.layers import L2Pool, LocalResponseNorm, Maxout
from faceaccess.vision.runtime import OnnxNetwork

HEAVY = {"NN1", "NN2", "NN3", "NNS1"}
TABLE_1 = {
    "conv1": (9e3, 115e6), "conv2a": (4e3, 13e6), "conv2": (111e3, 335e6), "conv3a": (37e3, 29e6),
    "conv3": (664e3, 521e6), "conv4a": (148e3, 29e6), "conv4": (885e3, 173e6), "conv5a": (66e3, 13e6),
    "conv5": (590e3, 116e6), "conv6a": (66e3, 13e6), "conv6": (590e3, 116e6), "fc1": (103e6, 103e6),
    "fc2": (34e6, 34e6), "fc7128": (524e3, 0.5e6),
}  # fmt: skip
"""Parameters and FLOPs of each layer, as the paper prints them. Source: Schroff et al. 2015, table 1."""
TABLE_2 = {
    "conv1": (9e3, 119e6), "inception_2": (115e3, 360e6), "inception_3a": (164e3, 128e6),
    "inception_3b": (228e3, 179e6), "inception_3c": (398e3, 108e6), "inception_4a": (545e3, 107e6),
    "inception_4b": (595e3, 117e6), "inception_4c": (654e3, 128e6), "inception_4d": (722e3, 142e6),
    "inception_4e": (717e3, 56e6), "inception_5a": (1.6e6, 78e6), "inception_5b": (1.6e6, 78e6),
    "full": (131e3, 0.1e6),
}  # fmt: skip
"""The same of NN2. Source: the same, table 2."""


def crops(name, count=2):
    """Random crops of a network's size, (N, 3, H, W) float32, 0 to 255."""
    architecture = catalogue.find_architecture(name)
    shape = (count, 3, architecture.crop_px, architecture.crop_px)
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


def in_evaluation(name):
    """A network and its embeddings of four crops, after its batch norms have seen some."""
    network = catalogue.build(name, seed=7)
    with torch.no_grad():
        network(crops(name))
        return network, copy.deepcopy(network).eval()(crops(name, 4)).numpy()


@pytest.mark.parametrize("name", by_weight(catalogue.NAMES))
def test_the_graph_gives_the_same_for_any_number_of_crops_and_leaves_the_network_alone(name, tmp_path):
    network, expected = in_evaluation(name)
    write_onnx(network, tmp_path / "network.onnx")
    assert network.training
    graph = OnnxNetwork((tmp_path / "network.onnx").read_bytes())
    for count in (1, 4):
        (embeddings,) = graph.run(crops(name, 4)[:count].numpy())
        assert embeddings.shape == (count, 128)
        assert np.abs(embeddings - expected[:count]).max() < 1e-4


@pytest.mark.parametrize("name", catalogue.NAMES)
def test_the_costs_are_within_two_per_cent_of_the_papers(name):
    plan, network = catalogue.find_architecture(name), catalogue.outline(name)
    if plan.paper_parameters:
        assert count_parameters(network) == pytest.approx(plan.paper_parameters, rel=0.02)
    flops = sum(count_flops(network, plan.height_px, plan.width_px).values())
    assert flops == pytest.approx(plan.paper_flops or flops, rel=0.02)
    assert name != "SMALL" or flops <= 30e6


@pytest.mark.parametrize(("name", "table", "apart"), [("NN1", TABLE_1, 0.55e6), ("NN2", TABLE_2, 1.05e6)])
def test_each_line_of_the_papers_tables_comes_out(name, table, apart):
    """Those of table 1 to the digit, as a bias counts; our NN2 has batch norms in the place of biases."""
    plan, network = catalogue.find_architecture(name), catalogue.outline(name)
    counted = count_flops(network, plan.height_px, plan.width_px)
    for line, (parameters, flops) in table.items():
        own = sum(value for layer, value in counted.items() if layer.split(".")[1] == line)
        assert own == pytest.approx(flops, rel=0, abs=apart), line
        assert count_parameters(getattr(network.layers, line)) == pytest.approx(parameters, rel=0.06), line
    assert {layer.split(".")[1] for layer in counted} == set(table)


def test_flops_by_hand():
    """A convolution with bias to 2 x 3 places, a depth-wise one to 1 x 2, and a layer that runs twice."""
    inner = nn.Linear(8, 8)
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 2, groups=4, bias=False), nn.Flatten(), inner, nn.ReLU(), inner
    )
    flops = count_flops(network, 4, 5)
    assert flops == {"0": 2 * 3 * 4 * (27 + 1), "1": 1 * 2 * 4 * 4, "3": 2 * 8 * (8 + 1)}
    assert network.training


def test_l2_pooling_by_hand_and_where_all_is_zero():
    image = torch.zeros(1, 1, 4, 4)
    image[0, 0, 0, 0], image[0, 0, 0, 1] = 3, -4
    image.requires_grad_()
    pooled = L2Pool()(image)
    assert pooled[0, 0, :2].tolist() == [[pytest.approx(value, abs=1e-5) for value in (5, 5, 4, 0)]] * 2
    assert L2Pool(3, 2)(image).shape == (1, 1, 2, 2)
    pooled.sum().backward()
    assert image.grad.isfinite().all()


def test_maxout_by_hand():
    layer = Maxout(1, 2)
    layer.linear.weight.data = torch.tensor([[1.0], [2.0], [-1.0], [0.0]])
    layer.linear.bias.data = torch.tensor([0.0, 0.0, 0.0, 7.0])
    assert layer(torch.tensor([[3.0], [-5.0]])).tolist() == [[3, 7], [5, 7]]


def test_the_norm_across_channels_is_torchs():
    image = torch.randn(2, 7, 3, 3, generator=torch.Generator().manual_seed(2)) * 100
    theirs = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)(image)
    assert torch.allclose(LocalResponseNorm()(image), theirs, rtol=1e-5)


def test_the_command_counts_every_network_and_two_others():
    result = CliRunner().invoke(app, ["learn", "networks", "--no-time", "--json"])
    costs = {row["name"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert set(costs) == {*catalogue.NAMES, "SFace", "InceptionResnetV1"}
    assert (costs["NNS2"]["height_px"], costs["NNS2"]["width_px"]) == (140, 116)
    assert costs["InceptionResnetV1"]["parameters"] == pytest.approx(23.5e6, rel=0.01)
    assert all(row["ms"] is None for row in costs.values())


@pytest.mark.slow
def test_the_command_measures_times():
    result = CliRunner().invoke(app, ["learn", "networks", "--json"])
    assert all(math.isfinite(json.loads(line)["ms"]) for line in result.stdout.splitlines())
    assert result.exit_code == 0


def test_without_torch_the_command_says_so(monkeypatch):
    monkeypatch.setattr(learn, "find_spec", lambda _: None)
    result = CliRunner().invoke(app, ["learn", "networks"])
    assert result.exit_code == 1
    assert "torch" in result.stderr
