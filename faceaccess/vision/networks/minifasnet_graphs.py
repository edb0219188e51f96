"""MiniFASNet, two small networks that tell a face from a picture of one: ONNX graphs, written without torch.

Layers and their names are those of minivision-ai/Silent-Face-Anti-Spoofing (`src/model_lib/MiniFASNet.py`,
Apache-2.0): MobileFaceNet (Chen et al. 2018) with channels pruned away. How many channels a layer has, and
whether a block weighs them (Hu et al. 2018, "Squeeze-and-Excitation Networks"), is read off the weights.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from faceaccess.errors import ModelError
from faceaccess.vision.networks.graph import FloatArray, GraphWriter
from faceaccess.vision.networks.state_dict import read_state_dict

SIDE_PX, CLASSES = 80, 3
PREFIX = "module."
"""Before every name in the published files, which were saved while several GPUs trained them."""

STAGES = (("conv_23", "conv_3"), ("conv_34", "conv_4"), ("conv_45", "conv_5"))
"""Of each: the block that halves the sides, and the row of blocks behind it that add to what comes in."""

_EPSILON = 1e-5


def write_onnx(weights: Path, path: Path) -> None:
    """Write a network: (N, 3, 80, 80) float32 BGR 0 to 255, to (N, 3) probabilities; the second: live.

    Args:
        weights: one of the two published files.
        path: where to.

    Raises:
        ModelError: the file isn't such a network.
    """
    try:
        named = read_state_dict(weights)
        _Writer({name.removeprefix(PREFIX): tensor for name, tensor in named.items()}).write(path)
    except (KeyError, ValueError) as exc:
        raise unexpected(weights) from exc


def block_count(names: Mapping[str, object], stage: str) -> int:
    """Return how many blocks stand in a row of a stage. names: of the tensors, without the prefix."""
    start = f"{stage}.model."
    return len({name[len(start) :].partition(".")[0] for name in names if name.startswith(start)})


def unexpected(weights: Path) -> ModelError:
    """Return the error for a file that is something else."""
    return ModelError(
        "{name} doesn't hold the weights of MiniFASNet.",
        "Fetch it again: faceaccess models fetch minifasnet",
        name=weights.name,
    )


class _Writer:
    """Adds the network's layers to a graph, batch norms folded into what stands before them."""

    def __init__(self, tensors: Mapping[str, FloatArray]) -> None:
        self._tensors, self._graph = tensors, GraphWriter("minifasnet", SIDE_PX)

    def write(self, path: Path) -> None:
        """Write the whole graph."""
        x = self._unit("conv1", "image", stride=2)
        x = self._unit("conv2_dw", x)
        for halving, row in STAGES:
            x = self._block(halving, x, stride=2)
            for number in range(block_count(self._tensors, row)):
                name = f"{row}.model.{number}"
                x = self._graph.node("Add", x, self._weighed(name, self._block(name, x)))
        x = self._unit("conv_6_dw", self._unit("conv_6_sep", x), padding=0)
        x = self._graph.node("Flatten", x)
        scale, shift = self._norm("bn")
        # Nothing bends between the last two layers: they are one.
        last = self._tensors["prob.weight"].astype(np.float64)
        weight = (last * scale) @ self._tensors["linear.weight"].astype(np.float64)
        x = self._graph.dense(x, weight.astype(np.float32), (last @ shift).astype(np.float32))
        self._graph.node("Softmax", x, axis=1, output="probability")
        self._graph.save(path, {"probability": ["n", CLASSES]})

    def _norm(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return a batch norm as scale and shift, (C,) float64 each."""
        gamma, beta, mean, variance = (
            self._tensors[f"{name}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = gamma / np.sqrt(variance + _EPSILON)
        return scale, beta - mean * scale

    def _convolution(self, weight: str, norm: str, x: str, stride: int, padding: int) -> str:
        scale, shift = self._norm(norm)
        folded = (self._tensors[weight] * scale[:, None, None, None]).astype(np.float32)
        return self._graph.convolution(x, folded, shift.astype(np.float32), stride=stride, padding=padding)

    def _unit(self, name: str, x: str, *, stride: int = 1, padding: int | None = None) -> str:
        """Add a convolution with its norm, and a PReLU where the weights have slopes for it.

        Args:
            name: of the unit.
            x: (N, C, H, W).
            stride: along both axes.
            padding: zeros on each side; None: as many as keep the sides at stride 1.
        """
        side = self._tensors[f"{name}.conv.weight"].shape[-1]
        x = self._convolution(
            f"{name}.conv.weight", f"{name}.bn", x, stride, side // 2 if padding is None else padding
        )
        slopes = self._tensors.get(f"{name}.prelu.weight")
        return x if slopes is None else self._bent(x, slopes)

    def _bent(self, x: str, slopes: FloatArray) -> str:
        """Add a PReLU as s x + (1 - s) relu(x), by plain products: half of the network's time.

        By convolutions (`GraphWriter.prelu`) it takes longer, whose channels are no multiple of eight here.
        """
        straight, rest = (self._graph.constant(part.reshape(-1, 1, 1)) for part in (slopes, 1 - slopes))
        return self._graph.node(
            "Add",
            self._graph.node("Mul", x, straight),
            self._graph.node("Mul", self._graph.node("Relu", x), rest),
        )

    def _block(self, name: str, x: str, *, stride: int = 1) -> str:
        """Add a block: to many channels, over the neighbours of each, to few."""
        x = self._unit(f"{name}.conv_dw", self._unit(f"{name}.conv", x), stride=stride)
        return self._unit(f"{name}.project", x)

    def _weighed(self, name: str, x: str) -> str:
        """Add the weighing of channels by their means, where the block has it."""
        within = f"{name}.se_module"
        if f"{within}.fc1.weight" not in self._tensors:
            return x
        mean = self._graph.node("GlobalAveragePool", x)
        few = self._graph.node("Relu", self._convolution(f"{within}.fc1.weight", f"{within}.bn1", mean, 1, 0))
        weights = self._convolution(f"{within}.fc2.weight", f"{within}.bn2", few, 1, 0)
        return self._graph.node("Mul", x, self._graph.node("Sigmoid", weights))
