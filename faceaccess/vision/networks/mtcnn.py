"""The three networks of MTCNN as torch modules, for a GPU, with the weights that facenet-pytorch carries.

Source: Zhang et al. 2016, "Joint Face Detection and Alignment Using Multitask Cascaded
Convolutional Networks"; weights and layer names of facenet-pytorch 2.5.3 (`data/*.pt`).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn


class _Stage(nn.Module):
    """A convolutional trunk, each convolution followed by a PReLU and perhaps a max-pool."""

    def __init__(self, convolutions: Sequence[tuple[int, int, int, int]]) -> None:
        """Build the trunk.

        Args:
            convolutions: (channels in, channels out, kernel, pool) each; pool 0 is none.
        """
        super().__init__()
        self._pools = [pool for *_, pool in convolutions]
        for number, (inputs, outputs, kernel, _) in enumerate(convolutions, 1):
            self.add_module(f"conv{number}", nn.Conv2d(inputs, outputs, kernel))
            self.add_module(f"prelu{number}", nn.PReLU(outputs))

    def trunk(self, image: Tensor) -> Tensor:
        """Run the convolutions. image: (N, 3, H, W) float32."""
        for number, pool in enumerate(self._pools, 1):
            image = self.get_submodule(f"prelu{number}")(self.get_submodule(f"conv{number}")(image))
            if pool:
                image = nn.functional.max_pool2d(image, pool, 2, ceil_mode=True)
        return image


class PNet(_Stage):
    """Proposal network: (N, 3, H, W) to a face probability and a box shift for each cell."""

    def __init__(self) -> None:
        super().__init__([(3, 10, 3, 2), (10, 16, 3, 0), (16, 32, 3, 0)])
        self.conv4_1 = nn.Conv2d(32, 2, 1)
        self.conv4_2 = nn.Conv2d(32, 4, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Return (N, h, w) probabilities and (N, 4, h, w) shifts in parts of a cell."""
        features = self.trunk(image)
        scores = self.conv4_1(features)
        # A softmax over two is the sigmoid of their difference, at a fraction of the time.
        return (scores[:, 1] - scores[:, 0]).sigmoid(), self.conv4_2(features)


class _Head(_Stage):
    """A trunk, a dense layer, and the heads for probability and box."""

    def __init__(
        self, convolutions: Sequence[tuple[int, int, int, int]], dense: tuple[int, int], number: int
    ) -> None:
        super().__init__(convolutions)
        self._number = number
        self.add_module(f"dense{number}", nn.Linear(*dense))
        self.add_module(f"prelu{number}", nn.PReLU(dense[1]))
        self.add_module(f"dense{number + 1}_1", nn.Linear(dense[1], 2))
        self.add_module(f"dense{number + 1}_2", nn.Linear(dense[1], 4))

    def dense(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return features, (N,) probabilities and (N, 4) box shifts."""
        # The weights were trained on column-major images.
        flat = self.trunk(image).permute(0, 3, 2, 1).flatten(1)
        number = self._number
        features = self.get_submodule(f"prelu{number}")(self.get_submodule(f"dense{number}")(flat))
        probability = self.get_submodule(f"dense{number + 1}_1")(features).softmax(1)[:, 1]
        return features, probability, self.get_submodule(f"dense{number + 1}_2")(features)


class RNet(_Head):
    """Refinement network: (N, 3, 24, 24) to probabilities (N,) and box shifts (N, 4)."""

    def __init__(self) -> None:
        super().__init__([(3, 28, 3, 3), (28, 48, 3, 3), (48, 64, 2, 0)], (576, 128), 4)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Return (N,) probabilities and (N, 4) shifts in parts of the box."""
        _, probability, shift = self.dense(image)
        return probability, shift


class ONet(_Head):
    """Output network: (N, 3, 48, 48) to probabilities, box shifts and five landmarks."""

    def __init__(self) -> None:
        super().__init__([(3, 32, 3, 3), (32, 64, 3, 3), (64, 64, 3, 2), (64, 128, 2, 0)], (1152, 256), 5)
        self.dense6_3 = nn.Linear(256, 10)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (N,) probabilities, (N, 4) shifts, (N, 10) five x then five y, parts of the box."""
        features, probability, shift = self.dense(image)
        return probability, shift, self.dense6_3(features)


def load(name: str, weights: Path) -> nn.Module:
    """Build one of the networks.

    Args:
        name: "pnet", "rnet" or "onet".
        weights: facenet-pytorch's file for it.
    """
    networks: dict[str, Callable[[], _Stage]] = {"pnet": PNet, "rnet": RNet, "onet": ONet}
    network = networks[name]()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network.eval()
