"""MiniFASNet as a torch module, for a GPU, with the published weights. Source: see `minifasnet_graphs`."""

import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from faceaccess.vision.networks.minifasnet_graphs import PREFIX, STAGES, block_count, unexpected

Tensors = Mapping[str, Tensor]


class _Unit(nn.Module):
    """A convolution, its batch norm and perhaps a PReLU, as large as their tensors are."""

    def __init__(self, tensors: Tensors, name: str, *, stride: int = 1, padding: int | None = None) -> None:
        super().__init__()
        outputs, inputs, side, _ = tensors[f"{name}.conv.weight"].shape
        # The weights of a depth-wise convolution have one channel going in, whatever it is given.
        groups = outputs if inputs == 1 else 1
        self.conv = nn.Conv2d(
            inputs * groups, outputs, side, stride, side // 2 if padding is None else padding,
            groups=groups, bias=False,
        )  # fmt: skip
        self.bn = nn.BatchNorm2d(outputs)
        self.prelu = nn.PReLU(outputs) if f"{name}.prelu.weight" in tensors else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C', H', W')."""
        return self.prelu(self.bn(self.conv(x)))


class _Weighing(nn.Module):
    """Multiplies each channel by a number from 0 to 1 that the means of all channels decide."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        super().__init__()
        few, many = tensors[f"{name}.fc1.weight"].shape[:2]
        self.fc1, self.bn1 = nn.Conv2d(many, few, 1, bias=False), nn.BatchNorm2d(few)
        self.fc2, self.bn2 = nn.Conv2d(few, many, 1, bias=False), nn.BatchNorm2d(many)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape."""
        means = x.mean((2, 3), keepdim=True)
        return x * torch.sigmoid(self.bn2(self.fc2(torch.relu(self.bn1(self.fc1(means))))))


class _Block(nn.Module):
    """To many channels, over the neighbours of each, and to few; one of a row adds that to what came in."""

    def __init__(self, tensors: Tensors, name: str, *, is_halving: bool = False) -> None:
        super().__init__()
        self._is_halving = is_halving
        self.conv = _Unit(tensors, f"{name}.conv")
        self.conv_dw = _Unit(tensors, f"{name}.conv_dw", stride=2 if is_halving else 1)
        self.project = _Unit(tensors, f"{name}.project")
        is_weighed = f"{name}.se_module.fc1.weight" in tensors
        self.se_module = _Weighing(tensors, f"{name}.se_module") if is_weighed else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C', H', W')."""
        out = self.se_module(self.project(self.conv_dw(self.conv(x))))
        return out if self._is_halving else x + out


class _Row(nn.Module):
    """The blocks of a stage that keep the sides."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        super().__init__()
        count = block_count(tensors, name)
        self.model = nn.Sequential(*(_Block(tensors, f"{name}.model.{number}") for number in range(count)))

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape."""
        return self.model(x)


class MiniFASNet(nn.Module):
    """(N, 3, 80, 80) float32 BGR 0 to 255, to (N, 3) probabilities; the second is a live face's."""

    def __init__(self, tensors: Tensors) -> None:
        """Build a network with room for these tensors, and fill it.

        Args:
            tensors: by their names, without the prefix.

        Raises:
            KeyError: one is missing.
            RuntimeError: there are others, or one has another shape.
        """
        super().__init__()
        self.conv1 = _Unit(tensors, "conv1", stride=2)
        self.conv2_dw = _Unit(tensors, "conv2_dw")
        for halving, row in STAGES:
            self.add_module(halving, _Block(tensors, halving, is_halving=True))
            self.add_module(row, _Row(tensors, row))
        self.conv_6_sep = _Unit(tensors, "conv_6_sep")
        self.conv_6_dw = _Unit(tensors, "conv_6_dw", padding=0)
        features, inputs = tensors["linear.weight"].shape
        self.linear, self.bn = nn.Linear(inputs, features, bias=False), nn.BatchNorm1d(features)
        self.prob = nn.Linear(features, tensors["prob.weight"].shape[0], bias=False)
        self.load_state_dict(tensors)

    def forward(self, image: Tensor) -> Tensor:
        """Return (N, 3) float32."""
        x = self.conv2_dw(self.conv1(image))
        for stage in STAGES:
            for name in stage:
                x = self.get_submodule(name)(x)
        x = self.conv_6_dw(self.conv_6_sep(x)).flatten(1)
        return self.prob(self.bn(self.linear(x))).softmax(1)


def build_torch(weights: Path) -> nn.Module:
    """Return a network as a torch module, ready to run.

    Args:
        weights: one of the two published files.

    Raises:
        ModelError: the file isn't such a network.
    """
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
        return MiniFASNet({name.removeprefix(PREFIX): tensor for name, tensor in state.items()}).eval()
    except (RuntimeError, KeyError, ValueError, pickle.UnpicklingError, AttributeError, EOFError) as exc:
        raise unexpected(weights) from exc
