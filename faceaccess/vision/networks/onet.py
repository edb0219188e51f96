"""MTCNN's output network alone, which places a face's box and points, written as an ONNX graph without torch.

Source: Zhang et al. 2016; weights and layer names of facenet-pytorch 2.5.3 (`data/onet.pt`).
"""

from pathlib import Path

import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.networks.graph import GraphWriter
from faceaccess.vision.networks.state_dict import read_state_dict

SIDE_PX = 48
POOLS = (3, 3, 2, 0)
"""Side of the max-pool behind each convolution, 0 for none; each goes two cells on."""

OUTPUTS = ("probability", "shift", "points")


def write_onnx(weights: Path, path: Path) -> None:
    """Write the network: (N, 3, 48, 48) float32 RGB -1 to 1, to `OUTPUTS`.

    They are (N,) probabilities, (N, 4) shifts of the box and (N, 10) five x then five y, in parts of it.

    Raises:
        ModelError: the weights aren't the expected ones.
    """
    try:
        _write(weights, path)
    except (KeyError, ValueError) as exc:
        raise ModelError(
            "{name} isn't MTCNN's O-Net.", "Install the program again.", name=weights.name
        ) from exc


def _write(weights: Path, path: Path) -> None:
    w, graph = read_state_dict(weights), GraphWriter("onet", SIDE_PX)
    x = "image"
    for number, pool in enumerate(POOLS, 1):
        x = graph.convolution(x, w[f"conv{number}.weight"], w[f"conv{number}.bias"])
        x = graph.prelu(x, w[f"prelu{number}.weight"])
        if pool:
            x = graph.node("MaxPool", x, kernel_shape=[pool, pool], strides=[2, 2], ceil_mode=1)
    # The weights were trained on column-major images.
    x = graph.node("Flatten", graph.node("Transpose", x, perm=[0, 3, 2, 1]))
    x = graph.node(
        "PRelu", graph.dense(x, w["dense5.weight"], w["dense5.bias"]), graph.constant(w["prelu5.weight"])
    )
    # A softmax over two is the sigmoid of their difference.
    face, other = w["dense6_1.weight"][1:], w["dense6_1.weight"][:1]
    score = graph.dense(x, face - other, np.diff(w["dense6_1.bias"]))
    graph.node("Squeeze", graph.node("Sigmoid", score), graph.constant(np.array([1])), output=OUTPUTS[0])
    graph.dense(x, w["dense6_2.weight"], w["dense6_2.bias"], output=OUTPUTS[1])
    graph.dense(x, w["dense6_3.weight"], w["dense6_3.bias"], output=OUTPUTS[2])
    graph.save(path, {"probability": ["n"], "shift": ["n", 4], "points": ["n", 10]})
