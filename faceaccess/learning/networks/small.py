"""SMALL, a network of ours: it learns in minutes on two CPU cores, so that methods can be compared.

Nothing of it is the paper's but the linear layer at the end. What counts is the time of a step of training,
so it was chosen by the clock: forward and backward of 96 crops, torch 2.13, two cores of a CPU with AVX2.
Plain convolutions of 3 x 3 took 7 ms for each million multiply-adds of a crop, depth-wise separable ones
20 ms. What saves most are early strides: all layers but the first two see 8 x 8 places or fewer.
"""

import torch
from torch import nn
from torch.nn import functional

from faceaccess.learning.networks.layers import Convolution

SIDE_PX = 64
_STRIDES = 16


class Residual(nn.Module):
    """Two convolutions of 3 x 3 whose result is added to what came in.

    Source: He et al. 2016, "Deep Residual Learning for Image Recognition", figure 2.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Convolution(channels, channels, 3)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, C, H, W) of the same, both float32."""
        return functional.relu(self.second(self.first(x)) + x)


def small(dimension: int) -> nn.Module:
    """Return SMALL: (N, 3, 64, 64) to (N, dimension), not yet of unit norm.

    The last map is not averaged but read place by place: in aligned crops, a place is a part of the face.
    """
    side = SIDE_PX // _STRIDES
    return nn.Sequential(
        Convolution(3, 16, 3, stride=2),
        Convolution(16, 32, 3, stride=2),
        Convolution(32, 64, 3, stride=2),
        Residual(64),
        Convolution(64, 128, 3, stride=2),
        Residual(128),
        nn.Flatten(),
        nn.Linear(128 * side * side, dimension),
    )
