"""SFace, 128-D: read from opencv_zoo's file, written as an ONNX graph or built as a torch module.

A MobileNet of 27 convolutions, each with batch norm and PReLU, and a dense layer. Source: Zhong et al. 2021,
"SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition"; opencv_zoo
`models/face_recognition_sface/face_recognition_sface_2021dec_int8bq.onnx` (Apache-2.0).

The file can't be run as it is: ONNX Runtime refuses its 29 stale inputs, its batch is 1, and its weights
are int8 in blocks, which are worked out anew at each run. Ours stay in these blocks, and are worked out once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from faceaccess.errors import ModelError
from faceaccess.vision.networks.graph import (
    BlockWeights,
    FloatArray,
    GraphWriter,
    block_weights,
    plain_weights,
)

if TYPE_CHECKING:
    from torch import nn

SIDE_PX = 112
DIMENSION = 128
MEAN, SCALE = 127.5, 0.0078125
"""Taken off each value, and by which the rest is multiplied. Source: the file's first two nodes."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A convolution with its batch norm folded in, and the PReLU behind it.

    Attributes:
        weight: (O, I, K, K); (C, 1, 3, 3) depth-wise.
        bias: (O,) float64.
        slopes: (O,) float32, of the PReLU.
        stride: along both axes.
        padding: zeros on each side.
    """

    weight: BlockWeights
    bias: NDArray[np.float64]
    slopes: FloatArray
    stride: int
    padding: int

    @property
    def is_depthwise(self) -> bool:
        """Whether each filter sees its own channel only."""
        return self.weight.shape[1] == 1


@dataclass(frozen=True, eq=False)
class SFaceWeights:
    """The network's numbers: layers, then a dense layer over (N, 1024, 7, 7), with all norms folded in.

    Attributes:
        layers: in order.
        scales: (1024,) float64, by which the last layer's channels are multiplied.
        weight: (128, 1024 * 49), of what is so multiplied.
        bias: (128,) float32.
    """

    layers: Sequence[Layer]
    scales: NDArray[np.float64]
    weight: BlockWeights
    bias: FloatArray


def read_weights(path: Path) -> SFaceWeights:
    """Read the network.

    Raises:
        ModelError: the file isn't SFace as expected.
    """
    try:
        model = onnx.load(str(path))
        return _read(model)
    except (OSError, ValueError, KeyError, IndexError) as exc:
        raise ModelError(
            "{name} isn't SFace as expected.", "Install the program again.", name=path.name
        ) from exc


def _read(model: onnx.ModelProto) -> SFaceWeights:
    values, blocks = plain_weights(model), block_weights(model)
    readers = {node.input[0]: node for node in model.graph.node if node.input}
    layers = []
    for convolution in (node for node in model.graph.node if node.op_type == "Conv"):
        norm = readers[convolution.output[0]]
        bend = readers[norm.output[0]]
        scale, shift = _norm(norm, values)
        attributes = {
            attribute.name: helper.get_attribute_value(attribute) for attribute in convolution.attribute
        }
        layers.append(
            Layer(
                blocks[convolution.input[1]].scaled(scale),
                shift,
                values[bend.input[1]].reshape(-1),
                attributes["strides"][0],
                attributes["pads"][0],
            )
        )
    named = {node.name: node for node in model.graph.node}
    dense = named["pre_fc1"]
    before, shift = _norm(named["bn1"], values)
    # The norm before the dense layer has one shift for each of its 1024 channels of 49 numbers.
    shifts = np.repeat(shift, values[dense.input[1]].shape[1] // len(shift))
    bias = values[dense.input[2]] + values[dense.input[1]].astype(np.float64) @ shifts
    scale, shift = _norm(named["fc1"], values)
    weight = blocks[dense.input[1]].scaled(scale)
    return SFaceWeights(layers, before, weight, (bias * scale + shift).astype(np.float32))


def _norm(node: onnx.NodeProto, values: Mapping[str, FloatArray]) -> tuple[np.ndarray, np.ndarray]:
    """Return a batch norm as scale and shift, each (C,) float64."""
    gamma, beta, mean, variance = (values[name].astype(np.float64) for name in node.input[1:])
    epsilon = next(
        helper.get_attribute_value(attribute) for attribute in node.attribute if attribute.name == "epsilon"
    )
    scale = gamma / np.sqrt(variance + epsilon)
    return scale, beta - mean * scale


def write_onnx(weights: Path, path: Path) -> None:
    """Write the network: (N, 3, 112, 112) float32 RGB 0 to 255, to (N, 128) not normalised.

    Its weights stay in the file's blocks, a quarter of their size in full.

    Raises:
        ModelError: the weights aren't the expected ones.
    """
    network, graph = read_weights(weights), GraphWriter("sface", SIDE_PX)
    x = graph.node("Sub", "image", graph.constant(np.array([MEAN], np.float32)))
    x = graph.node("Mul", x, graph.constant(np.array([SCALE], np.float32)))
    *layers, last = network.layers
    signs = np.ones(3)
    for layer in layers:
        x, signs = _add_bent(graph, x, layer, signs)
    x = _add_convolution(graph, x, last, signs, np.ones_like(last.bias))
    x = graph.prelu(x, last.slopes, network.scales)
    graph.dense(graph.node("Flatten", x), network.weight, network.bias, output="embedding")
    graph.save(path, {"embedding": ["n", DIMENSION]})


def _add_bent(
    graph: GraphWriter, x: str, layer: Layer, signs: NDArray[np.float64]
) -> tuple[str, NDArray[np.float64]]:
    """Add a layer in one pass less over its output than a PReLU of its own would take.

    The PReLU of z is s z + (1 - s) relu(z). Where the convolution gives w = (1 - s) z instead, that is
    s / (1 - s) w + relu(w); for s > 1 it is the negative of w / (s - 1) + relu(w).

    Args:
        graph: to add to.
        x: the layer's input, (N, I, H, W).
        layer: whose slopes are none 1.
        signs: (I,), 1 or -1: what each channel of the input is to be multiplied by.

    Returns:
        The output and its (O,) signs.
    """
    gains = 1 - layer.slopes.astype(np.float64)
    bent = _add_convolution(graph, x, layer, signs, gains)
    straight = np.where(gains > 0, layer.slopes, 1) / np.abs(gains)
    parts = (
        graph.convolution(bent, straight.astype(np.float32).reshape(-1, 1, 1, 1)),
        graph.node("Relu", bent),
    )
    return graph.node("Add", *parts), np.sign(gains)


def _add_convolution(
    graph: GraphWriter, x: str, layer: Layer, signs: NDArray[np.float64], gains: NDArray[np.float64]
) -> str:
    """Add a layer's convolution of a signed input, its (O,) channels multiplied by gains."""
    weight: FloatArray | BlockWeights = layer.weight.scaled(gains * signs if layer.is_depthwise else gains)
    if not layer.is_depthwise and (signs < 0).any():
        # Signs within a row are none of its blocks: the few weights that this concerns stand there in full.
        weight = (layer.weight.scaled(gains).plain() * signs[None, :, None, None]).astype(np.float32)
    bias = (layer.bias * gains).astype(np.float32)
    return graph.convolution(x, weight, bias, stride=layer.stride, padding=layer.padding)


def write_as_shipped(weights: Path, path: Path, *, is_dequantised: bool) -> None:
    """Write the file's own graph, repaired only as far as ONNX Runtime needs to load it, for comparisons.

    Args:
        weights: the file.
        path: where to.
        is_dequantised: whether its weights are worked out: the graph in float32.
    """
    model = onnx.load(str(weights))
    graph = model.graph
    (image,) = (value for value in graph.input if value.name == "data")
    del graph.input[:], graph.value_info[:]
    graph.input.append(image)
    for value in (graph.input[0], graph.output[0]):
        value.type.tensor_type.shape.dim[0].dim_param = "n"
    if is_dequantised:
        values = plain_weights(model)
        nodes = [node for node in graph.node if node.output[0] not in values]
        needed = sorted({name for node in nodes for name in node.input} & values.keys())
        del graph.node[:], graph.initializer[:]
        graph.node.extend(nodes)
        graph.initializer.extend(numpy_helper.from_array(values[name], name) for name in needed)
    onnx.save(model, str(path))


def build_torch(weights: Path) -> "nn.Module":
    """Return the network as a torch module, for a GPU; takes and gives what `write_onnx` says.

    Raises:
        ModelError: the weights aren't the expected ones.
    """
    import torch
    from torch import nn

    class Scaled(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return (image - MEAN) * SCALE

    network = read_weights(weights)
    parts: list[nn.Module] = [Scaled()]
    for layer in network.layers:
        outputs, inputs, _, side = layer.weight.shape
        groups = outputs if layer.is_depthwise else 1
        convolution = nn.Conv2d(inputs * groups, outputs, side, layer.stride, layer.padding, groups=groups)
        prelu = nn.PReLU(outputs)
        parts += [_filled(convolution, layer.weight.plain(), layer.bias.astype(np.float32)), prelu]
        prelu.weight.data = torch.from_numpy(layer.slopes.copy())
    outputs, inputs = network.weight.shape
    weight = network.weight.plain() * np.repeat(network.scales, inputs // len(network.scales))
    dense = _filled(nn.Linear(inputs, outputs), weight.astype(np.float32), network.bias)
    parts += [nn.Flatten(), dense]
    return nn.Sequential(*parts).eval()


def _filled(layer: "nn.Module", weight: FloatArray, bias: FloatArray) -> "nn.Module":
    import torch

    layer.load_state_dict({"weight": torch.from_numpy(weight.copy()), "bias": torch.from_numpy(bias.copy())})
    return layer
