"""Writing ONNX graphs from arrays, so that no network of the default path needs torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class BlockWeights:
    """Weights as a file stores them: whole numbers in blocks, each block with a zero and a scale.

    Attributes:
        shape: of the weights, (O, ...); blocks follow each other along a row of the first axis.
        numbers: (O, B, S) int8.
        zeros: (O, B, 1) int8, taken off the numbers.
        scales: (O, B, 1) float32, by which the rest is multiplied.
    """

    shape: tuple[int, ...]
    numbers: NDArray[np.int8]
    zeros: NDArray[np.int8]
    scales: FloatArray

    def plain(self) -> FloatArray:
        """Return the weights in full, of `shape`, float32."""
        steps = self.numbers.astype(np.float32) - self.zeros.astype(np.float32)
        return (steps * self.scales).reshape(self.shape)

    def scaled(self, rows: NDArray[np.float64]) -> "BlockWeights":
        """Return the weights with each row of the first axis multiplied by a number. rows: (O,)."""
        scales = self.scales.astype(np.float64) * rows[:, None, None]
        return replace(self, scales=scales.astype(np.float32))


class GraphWriter:
    """A graph with one input "image", (N, 3, H, W) float32, that grows node by node.

    Each method adds a node and returns the name of its output. N is free; so are H and W where
    `side` is None.
    """

    def __init__(self, name: str, side: int | None) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        size = ["height", "width"] if side is None else [side, side]
        self._input = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, *size])

    def constant(self, values: NDArray[np.generic]) -> str:
        """Add numbers that stay the same."""
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:  # noqa: ANN401
        """Add any node by ONNX's name for it."""
        output = output or f"x{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def weights(self, values: FloatArray | BlockWeights) -> str:
        """Add weights. Blocks stay blocks in the file; ONNX Runtime works them out once, as it loads it.

        Not by DequantizeLinear: that would be done at each run.
        """
        if not isinstance(values, BlockWeights):
            return self.constant(values)
        numbers, zeros = (
            self.node("Cast", self.constant(part), to=TensorProto.FLOAT)
            for part in (values.numbers, values.zeros)
        )
        scaled = self.node("Mul", self.node("Sub", numbers, zeros), self.constant(values.scales))
        return self.node("Reshape", scaled, self.constant(np.array(values.shape, np.int64)))

    def convolution(
        self,
        x: str,
        weight: FloatArray | BlockWeights,
        bias: FloatArray | None = None,
        *,
        stride: int = 1,
        padding: int = 0,
    ) -> str:
        """Add a convolution; depth-wise where each filter sees one channel and there are several.

        Args:
            x: (N, C, H, W).
            weight: (O, C, K, K), or (C, 1, K, K) depth-wise.
            bias: (O,).
            stride: along both axes.
            padding: zeros on each side.
        """
        outputs, inputs, _, side = weight.shape
        parts = [self.weights(weight)] + ([] if bias is None else [self.constant(bias)])
        return self.node(
            "Conv", x, *parts,
            kernel_shape=[side, side], strides=[stride] * 2, pads=[padding] * 4,
            group=outputs if inputs == 1 else 1,
        )  # fmt: skip

    def prelu(self, x: str, slopes: FloatArray, scales: NDArray[np.float64] | None = None) -> str:
        """Add s x + (1 - s) relu(x), which is PReLU in half of ONNX Runtime's time for that.

        Args:
            x: (N, C, H, W).
            slopes: (C,) or any shape of as many numbers.
            scales: (C,), by which the result is multiplied; None: 1.
        """
        slopes = slopes.reshape(-1, 1, 1, 1)
        scale = np.ones(1) if scales is None else scales.reshape(slopes.shape)
        straight = self.convolution(x, (scale * slopes).astype(np.float32))
        bent = self.convolution(self.node("Relu", x), (scale * (1 - slopes)).astype(np.float32))
        return self.node("Add", straight, bent)

    def dense(
        self, x: str, weight: FloatArray | BlockWeights, bias: FloatArray, *, output: str | None = None
    ) -> str:
        """Add a dense layer. x: (N, C); weight: (O, C); bias: (O,)."""
        return self.node("Gemm", x, self.weights(weight), self.constant(bias), transB=1, output=output)

    def save(self, path: Path, outputs: Mapping[str, Sequence[int | str]]) -> None:
        """Write the graph to a file; outputs: their shapes, with words for what is free."""
        values = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()
        ]
        graph = helper.make_graph(self._nodes, self._name, [self._input], values, self._constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name=""
        )
        onnx.checker.check_model(model)
        onnx.save(model, str(path))


def plain_weights(model: onnx.ModelProto) -> dict[str, FloatArray]:
    """Return the constants of a graph by the names of the values that nodes read.

    Weights stored as int8 in blocks (DequantizeLinear, perhaps a Reshape behind it) are worked out.
    Source: ONNX operator DequantizeLinear, version 21, `block_size`.
    """
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in values:
            values[node.output[0]] = _dequantised(node, *(values[name] for name in node.input))
        elif node.op_type == "Reshape" and set(node.input) <= values.keys():
            values[node.output[0]] = values[node.input[0]].reshape(values[node.input[1]])
    return {name: np.asarray(value) for name, value in values.items()}


def block_weights(model: onnx.ModelProto) -> dict[str, BlockWeights]:
    """Return the weights of a graph that are stored in blocks along their second axis, unchanged.

    By the names of the values that nodes read: DequantizeLinear, perhaps a Reshape behind it.

    Raises:
        ValueError: the last block of a row is not full.
    """
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    blocks: dict[str, BlockWeights] = {}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and values[node.input[0]].ndim == 2:
            numbers, scales, zeros = (values[name] for name in node.input)
            rows, count = scales.shape
            blocks[node.output[0]] = BlockWeights(
                numbers.shape, numbers.reshape(rows, count, -1), zeros[..., None], scales[..., None]
            )
        elif node.op_type == "Reshape" and node.input[0] in blocks:
            shape = tuple(int(side) for side in values[node.input[1]])
            blocks[node.output[0]] = replace(blocks[node.input[0]], shape=shape)
    return blocks


def _dequantised(
    node: onnx.NodeProto, blocks: NDArray[np.int8], scales: FloatArray, zeros: NDArray[np.int8]
) -> FloatArray:
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    axis, size = attributes.get("axis", 1), attributes.get("block_size", 0)
    if size:
        count = blocks.shape[axis]
        scales, zeros = (
            np.repeat(part, size, axis=axis).take(range(count), axis=axis) for part in (scales, zeros)
        )
    return ((blocks.astype(np.float32) - zeros.astype(np.float32)) * scales).astype(np.float32)
