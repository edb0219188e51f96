"""MTCNN's three networks as ONNX graphs, written without torch from the weights that facenet-pytorch carries.

Source: Zhang et al. 2016; weights and layer names of facenet-pytorch 2.5.3 (`data/*.pt`).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.networks.graph import FloatArray, GraphWriter
from faceaccess.vision.networks.state_dict import read_state_dict

OUTPUTS = ("probability", "shift", "points")
_RNET_PX, _ONET_PX = 24, 48
_RNET_POOLS, _ONET_POOLS = (3, 3, 0), (3, 3, 2, 0)
"""Side of the max-pool behind each convolution, 0 for none; each goes two cells on."""

Weights = Mapping[str, FloatArray]


def write_onnx(name: str, weights: Path, path: Path) -> None:
    """Write one of the networks.

    "pnet": (N, 3, H, W) float32 RGB -1 to 1, to (N, h, w) probabilities and (N, 4, h, w) shifts in parts of a
    cell. "rnet": (N, 3, 24, 24) to (N,) probabilities and (N, 4) shifts of the box in parts of it. "onet":
    (N, 3, 48, 48) to these and (N, 10) five x then five y, in parts of the box.

    Raises:
        ModelError: the weights aren't the expected ones.
    """
    writers: dict[str, Callable[[Weights, Path], None]] = {
        "pnet": _write_pnet,
        "rnet": _write_rnet,
        "onet": _write_onet,
    }
    try:
        writers[name](read_state_dict(weights), path)
    except (KeyError, ValueError) as exc:
        raise ModelError(
            "{name} isn't one of MTCNN's networks.", "Install the program again.", name=weights.name
        ) from exc


def _write_pnet(w: Weights, path: Path) -> None:
    graph = GraphWriter("pnet", None)
    x = _pooled_bend(graph, "image", w["conv1.weight"], w["conv1.bias"], w["prelu1.weight"])
    for number in (2, 3):
        x = graph.convolution(x, w[f"conv{number}.weight"], w[f"conv{number}.bias"])
        x = graph.prelu(x, w[f"prelu{number}.weight"])
    # A softmax over two is the sigmoid of their difference, at a fraction of the time.
    face = np.diff(w["conv4_1.weight"], axis=0), np.diff(w["conv4_1.bias"])
    score = graph.node("Sigmoid", graph.convolution(x, *face))
    graph.node("Squeeze", score, graph.constant(np.array([1])), output=OUTPUTS[0])
    shift = graph.convolution(x, w["conv4_2.weight"], w["conv4_2.bias"])
    graph.node("Identity", shift, output=OUTPUTS[1])
    graph.save(path, {"probability": ["n", "h", "w"], "shift": ["n", 4, "h", "w"]})


def _pooled_bend(graph: GraphWriter, x: str, weight: FloatArray, bias: FloatArray, slopes: FloatArray) -> str:
    """Add a convolution, a max-pool of 2 and its PReLU, which comes last: there is a quarter of the work.

    For a slope a >= 0 pool and PReLU may change places. For a < 0 the pooled prelu(x) = max(x, a x) is
    max(pool(x), -a pool(-x)), so the convolution gives a falling channel's twin -x too.
    """
    channels, falling = len(slopes), np.flatnonzero(slopes < 0)
    everything = channels + len(falling)
    x = graph.convolution(
        x, np.concatenate([weight, -weight[falling]]), np.concatenate([bias, -bias[falling]])
    )
    x = graph.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    straight, bent = (np.zeros((channels, everything), np.float32) for _ in range(2))
    diagonal = np.arange(channels)
    straight[diagonal, diagonal] = np.where(slopes < 0, 1, slopes)
    bent[diagonal, diagonal] = np.where(slopes < 0, 0, 1 - slopes)
    apart = np.eye(everything, dtype=np.float32)
    for twin, channel in enumerate(falling, channels):
        # max(p, q) = p + relu(q - p)
        apart[twin, twin], apart[twin, channel] = -slopes[channel], -1
        bent[channel, twin] = 1
    mixed = graph.convolution(x, apart[:, :, None, None])
    curved = graph.convolution(graph.node("Relu", mixed), bent[:, :, None, None])
    return graph.node("Add", graph.convolution(x, straight[:, :, None, None]), curved)


def _write_rnet(w: Weights, path: Path) -> None:
    graph = GraphWriter("rnet", _RNET_PX)
    _heads(graph, w, _trunk(graph, w, _RNET_POOLS), 4)
    graph.save(path, {"probability": ["n"], "shift": ["n", 4]})


def _write_onet(w: Weights, path: Path) -> None:
    graph = GraphWriter("onet", _ONET_PX)
    features = _heads(graph, w, _trunk(graph, w, _ONET_POOLS), 5)
    graph.dense(features, w["dense6_3.weight"], w["dense6_3.bias"], output=OUTPUTS[2])
    graph.save(path, {"probability": ["n"], "shift": ["n", 4], "points": ["n", 10]})


def _trunk(graph: GraphWriter, w: Weights, pools: tuple[int, ...]) -> str:
    x = "image"
    for number, pool in enumerate(pools, 1):
        x = graph.convolution(x, w[f"conv{number}.weight"], w[f"conv{number}.bias"])
        x = graph.prelu(x, w[f"prelu{number}.weight"])
        if pool:
            x = graph.node("MaxPool", x, kernel_shape=[pool, pool], strides=[2, 2], ceil_mode=1)
    # The weights were trained on column-major images.
    return graph.node("Flatten", graph.node("Transpose", x, perm=[0, 3, 2, 1]))


def _heads(graph: GraphWriter, w: Weights, x: str, number: int) -> str:
    """Add a dense layer and the heads for probability and box; return the features before the heads."""
    dense = graph.dense(x, w[f"dense{number}.weight"], w[f"dense{number}.bias"])
    features = graph.node("PRelu", dense, graph.constant(w[f"prelu{number}.weight"]))
    head = f"dense{number + 1}"
    # A softmax over two is the sigmoid of their difference.
    face, other = w[f"{head}_1.weight"][1:], w[f"{head}_1.weight"][:1]
    score = graph.dense(features, face - other, np.diff(w[f"{head}_1.bias"]))
    graph.node("Squeeze", graph.node("Sigmoid", score), graph.constant(np.array([1])), output=OUTPUTS[0])
    graph.dense(features, w[f"{head}_2.weight"], w[f"{head}_2.bias"], output=OUTPUTS[1])
    return features
