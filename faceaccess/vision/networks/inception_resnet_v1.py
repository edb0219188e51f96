"""FaceNet's InceptionResnetV1: as an ONNX graph from its weights, without torch, or as a torch module.

Layers and their names are facenet-pytorch 2.5.3's (`models/inception_resnet_v1.py`, MIT), which has them from
Szegedy et al. 2016, "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning".
"""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.networks.graph import FloatArray, GraphWriter
from faceaccess.vision.networks.state_dict import read_state_dict

if TYPE_CHECKING:
    from torch import nn

SIDE_PX, DIMENSION = 160, 512
_EPSILON = 1e-3
_VALID, _SAME = (0, 0), (1, 1)


def write_onnx(weights: Path, path: Path) -> None:
    """Write the network: (N, 3, 160, 160) float32 from -1 to 1, to (N, 512) of unit norm.

    Args:
        weights: facenet-pytorch's state dict; its classifier head is dropped.
        path: where to.

    Raises:
        ModelError: the file isn't such a state dict.
    """
    try:
        _Writer(read_state_dict(weights)).write(path)
    except (KeyError, ValueError) as exc:
        raise _unexpected(weights) from exc


class _Writer:
    """Adds the network's layers to a graph, batch norms folded into the convolutions before them."""

    def __init__(self, tensors: Mapping[str, FloatArray]) -> None:
        self._tensors, self._graph = tensors, GraphWriter("inception_resnet_v1", SIDE_PX)

    def write(self, path: Path) -> None:
        """Write the whole graph."""
        x = self._basic("conv2d_1a", "image", stride=2)
        x = self._basic("conv2d_2a", x)
        x = self._pooled(self._basic("conv2d_2b", x, padding=_SAME))
        x = self._basic("conv2d_3b", x)
        x = self._basic("conv2d_4a", x)
        x = self._basic("conv2d_4b", x, stride=2)
        for number in range(5):
            x = self._block35(f"repeat_1.{number}", x)
        x = self._mixed_6a(x)
        for number in range(10):
            x = self._block17(f"repeat_2.{number}", x)
        x = self._mixed_7a(x)
        for number in range(5):
            x = self._block8(f"repeat_3.{number}", x, 0.20)
        x = self._block8("block8", x, 1.0, is_bent=False)
        graph = self._graph
        x = graph.node("Flatten", graph.node("GlobalAveragePool", x))
        scale, shift = self._norm("last_bn")
        x = graph.dense(x, self._tensors["last_linear.weight"] * scale[:, None], shift)
        graph.node("LpNormalization", x, axis=1, p=2, output="embedding")
        graph.save(path, {"embedding": ["n", DIMENSION]})

    def _norm(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return a batch norm as scale and shift, (C,) float32 each."""
        gamma, beta, mean, variance = (
            self._tensors[f"{name}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gamma / np.sqrt(variance + _EPSILON)
        return scale.astype(np.float32), (beta - mean * scale).astype(np.float32)

    def _basic(self, name: str, x: str, *, stride: int = 1, padding: tuple[int, int] = _VALID) -> str:
        """Add a convolution with its batch norm, and ReLU."""
        scale, shift = self._norm(f"{name}.bn")
        weight = self._tensors[f"{name}.conv.weight"] * scale[:, None, None, None]
        return self._graph.node("Relu", self._convolution(x, weight, shift, stride, padding))

    def _convolution(
        self, x: str, weight: FloatArray, bias: FloatArray, stride: int, padding: tuple[int, int]
    ) -> str:
        graph, (high, wide) = self._graph, weight.shape[2:]
        return graph.node(
            "Conv", x, graph.constant(weight), graph.constant(bias),
            kernel_shape=[high, wide], strides=[stride] * 2, pads=[*padding, *padding],
        )  # fmt: skip

    def _pooled(self, x: str) -> str:
        return self._graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])

    def _joined(self, *parts: str) -> str:
        return self._graph.node("Concat", *parts, axis=1)

    def _residual(self, name: str, x: str, mixed: str, scale: float, *, is_bent: bool = True) -> str:
        """Add a 1 x 1 convolution of what was mixed, times a scale, to what came in; and ReLU."""
        factor = np.float32(scale)
        weight = self._tensors[f"{name}.conv2d.weight"] * factor
        bias = self._tensors[f"{name}.conv2d.bias"] * factor
        total = self._graph.node("Add", self._convolution(mixed, weight, bias, 1, _VALID), x)
        return self._graph.node("Relu", total) if is_bent else total

    def _block35(self, name: str, x: str) -> str:
        first = self._basic(f"{name}.branch0", x)
        second = self._basic(f"{name}.branch1.0", x)
        second = self._basic(f"{name}.branch1.1", second, padding=_SAME)
        third = self._basic(f"{name}.branch2.0", x)
        third = self._basic(f"{name}.branch2.1", third, padding=_SAME)
        third = self._basic(f"{name}.branch2.2", third, padding=_SAME)
        return self._residual(name, x, self._joined(first, second, third), 0.17)

    def _block17(self, name: str, x: str) -> str:
        first = self._basic(f"{name}.branch0", x)
        second = self._basic(f"{name}.branch1.0", x)
        second = self._basic(f"{name}.branch1.1", second, padding=(0, 3))
        second = self._basic(f"{name}.branch1.2", second, padding=(3, 0))
        return self._residual(name, x, self._joined(first, second), 0.10)

    def _block8(self, name: str, x: str, scale: float, *, is_bent: bool = True) -> str:
        first = self._basic(f"{name}.branch0", x)
        second = self._basic(f"{name}.branch1.0", x)
        second = self._basic(f"{name}.branch1.1", second, padding=(0, 1))
        second = self._basic(f"{name}.branch1.2", second, padding=(1, 0))
        return self._residual(name, x, self._joined(first, second), scale, is_bent=is_bent)

    def _mixed_6a(self, x: str) -> str:
        first = self._basic("mixed_6a.branch0", x, stride=2)
        second = self._basic("mixed_6a.branch1.0", x)
        second = self._basic("mixed_6a.branch1.1", second, padding=_SAME)
        second = self._basic("mixed_6a.branch1.2", second, stride=2)
        return self._joined(first, second, self._pooled(x))

    def _mixed_7a(self, x: str) -> str:
        first = self._basic("mixed_7a.branch0.1", self._basic("mixed_7a.branch0.0", x), stride=2)
        second = self._basic("mixed_7a.branch1.1", self._basic("mixed_7a.branch1.0", x), stride=2)
        third = self._basic("mixed_7a.branch2.0", x)
        third = self._basic("mixed_7a.branch2.1", third, padding=_SAME)
        third = self._basic("mixed_7a.branch2.2", third, stride=2)
        return self._joined(first, second, third, self._pooled(x))


def build_torch(weights: Path) -> "nn.Module":
    """Return the network as a torch module, for a GPU; takes and gives what `write_onnx` says.

    Raises:
        ModelError: the file isn't such a state dict.
    """
    import torch

    from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch

    network: nn.Module = import_facenet_pytorch().InceptionResnetV1()
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
        network.load_state_dict({key: value for key, value in state.items() if not key.startswith("logits.")})
    except (RuntimeError, pickle.UnpicklingError, AttributeError, EOFError) as exc:
        raise _unexpected(weights) from exc
    return network.eval()


def _unexpected(weights: Path) -> ModelError:
    return ModelError(
        "{name} doesn't hold the weights of InceptionResnetV1.", "Fetch the model again.", name=weights.name
    )
