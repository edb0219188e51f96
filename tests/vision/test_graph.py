"""Graphs written from arrays, run by ONNX Runtime, beside the same sums in numpy."""

import numpy as np

from faceaccess.vision.networks.graph import BlockWeights, GraphWriter
from faceaccess.vision.runtime import OnnxNetwork

SIDE = 5


def random_blocks(shape, blocks, seed=1):
    rng = np.random.default_rng(seed)
    rows, size = shape[0], int(np.prod(shape[1:])) // blocks
    return BlockWeights(
        shape,
        rng.integers(-128, 128, (rows, blocks, size), dtype=np.int8),
        rng.integers(-128, 128, (rows, blocks, 1), dtype=np.int8),
        rng.uniform(0.001, 0.01, (rows, blocks, 1)).astype(np.float32),
    )


def pictures(channels=3):
    return np.random.default_rng(0).standard_normal((2, channels, SIDE, SIDE)).astype(np.float32)


def run(graph, output, tmp_path, channels):
    path = tmp_path / "graph.onnx"
    graph.node("Identity", output, output="out")
    graph.save(path, {"out": ["n", channels, SIDE, SIDE]})
    return OnnxNetwork(path.read_bytes()).run(pictures())[0]


def test_weights_in_blocks_are_worked_out_as_numbers_less_zeros_times_scales():
    blocks = random_blocks((4, 6, 1, 1), blocks=2)
    steps = blocks.numbers.astype(int) - blocks.zeros.astype(int)
    assert np.abs(steps).max() > 127
    assert np.allclose(blocks.plain(), (steps * blocks.scales).reshape(4, 6, 1, 1))


def test_each_row_of_blocks_can_be_scaled():
    blocks, rows = random_blocks((4, 6, 1, 1), blocks=2), np.array([1.0, -2.0, 0.5, 0.0])
    assert np.allclose(blocks.scaled(rows).plain(), blocks.plain() * rows[:, None, None, None])


def test_a_convolution_by_blocks_is_the_one_by_its_weights_in_full(tmp_path):
    blocks = random_blocks((4, 3, 1, 1), blocks=1)
    found = []
    for weight in (blocks, blocks.plain()):
        graph = GraphWriter("test", SIDE)
        found.append(run(graph, graph.convolution("image", weight), tmp_path, 4))
    assert np.array_equal(*found)
    assert np.allclose(
        found[0], np.einsum("oi,nihw->nohw", blocks.plain()[:, :, 0, 0], pictures()), atol=1e-5
    )


def test_prelu_is_written_in_terms_of_relu_with_a_scale_of_each_channel(tmp_path):
    slopes, scales = np.array([0.25, -0.5, 1.5], np.float32), np.array([1.0, -2.0, 0.5])
    graph, x = GraphWriter("test", SIDE), pictures()
    found = run(graph, graph.prelu("image", slopes, scales), tmp_path, 3)
    expected = np.where(x > 0, x, slopes[:, None, None] * x) * scales[:, None, None]
    assert np.allclose(found, expected, atol=1e-6)
