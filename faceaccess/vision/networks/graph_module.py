"""An ONNX graph of plain layers as a torch module, for networks of which there is no code in torch."""

from collections.abc import Callable, Mapping
from typing import Any

import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional

Attributes = Mapping[str, Any]
"""Of a node, by name."""


class GraphModule(nn.Module):
    """Computes what the graph does, node by node; (N, 3, H, W) in, a tuple of its outputs out."""

    def __init__(self, model: onnx.ModelProto) -> None:
        """Take the graph.

        Args:
            model: of convolutions, pooling and what is in `_LAYERS`, with one input.

        Raises:
            ValueError: it has a layer of another kind.
        """
        super().__init__()
        graph = model.graph
        self._nodes = [
            (
                node.op_type,
                list(node.input),
                node.output[0],
                {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute},
            )
            for node in graph.node
        ]
        unknown = sorted({kind for kind, *_ in self._nodes} - _LAYERS.keys())
        if unknown:
            raise ValueError(f"layers of these kinds are not known here: {', '.join(unknown)}")
        self._constants = {value.name: f"constant_{n}" for n, value in enumerate(graph.initializer)}
        for value in graph.initializer:
            array = torch.from_numpy(numpy_helper.to_array(value).copy())
            self.register_buffer(self._constants[value.name], array)
        (self._input,) = (value.name for value in graph.input)
        self._outputs = [value.name for value in graph.output]

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the outputs."""
        values = {name: self.get_buffer(buffer) for name, buffer in self._constants.items()}
        values[self._input] = image
        for kind, inputs, output, attributes in self._nodes:
            values[output] = _LAYERS[kind](attributes, *(values[name] for name in inputs if name))
        return tuple(values[name] for name in self._outputs)


def _convolution(
    attributes: Attributes, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    pads = attributes.get("pads", [0, 0, 0, 0])
    if pads[:2] != pads[2:]:
        raise ValueError("a convolution is padded unevenly")
    strides, groups = attributes.get("strides", [1, 1]), attributes.get("group", 1)
    return functional.conv2d(x, weight, bias, stride=strides, padding=tuple(pads[:2]), groups=groups)


def _pooling(attributes: Attributes, x: torch.Tensor) -> torch.Tensor:
    return functional.max_pool2d(x, attributes["kernel_shape"], attributes["strides"])


def _enlarged(_attributes: Attributes, x: torch.Tensor, *roi_and_scales: torch.Tensor) -> torch.Tensor:
    high, wide = roi_and_scales[-1][-2:].tolist()
    return functional.interpolate(x, scale_factor=(high, wide), mode="nearest")


def _reshaped(_attributes: Attributes, x: torch.Tensor, shape: torch.Tensor) -> torch.Tensor:
    return x.reshape(shape.tolist())


_LAYERS: Mapping[str, Callable[..., torch.Tensor]] = {
    "Add": lambda _attributes, x, y: x + y,
    "Conv": _convolution,
    "MaxPool": _pooling,
    "Relu": lambda _attributes, x: functional.relu(x),
    "Reshape": _reshaped,
    "Resize": _enlarged,
    "Sigmoid": lambda _attributes, x: torch.sigmoid(x),
    "Transpose": lambda attributes, x: x.permute(attributes["perm"]),
}
