"""NN2, NN3 and NN4: GoogLeNet's Inception as table 2 of FaceNet's paper lays it out.

The paper's: all layers, their sizes and strides, L2 pooling where the table says L2 and max pooling
elsewhere, and the two norms. Ours: batch norm behind each convolution in place of its bias, which the paper
doesn't mention, because an Inception learns in far fewer steps with it (Ioffe and Szegedy 2015); and the
numbers of the two norms. NN3 is NN2 on smaller crops.

NN4 "does not use 5x5 convolutions in the higher layers", and the paper doesn't say which. Without those of
4e, 5a and 5b it has 6.6 million parameters and 285 million FLOPs: the latter is what the paper says of NN4,
the former the smaller end of what it says of all of them. So these are meant, we think.

Source: Schroff et al. 2015, section 3.3 and table 2; Szegedy et al. 2014, "Going Deeper with Convolutions".
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

import torch
from torch import nn

from faceaccess.learning.networks.layers import (
    Convolution,
    L2Pool,
    LocalResponseNorm,
    SpatialMean,
    max_pool,
)


@dataclass(frozen=True)
class Plan:
    """A line of the table: channels of each branch of an Inception module.

    Attributes:
        ones: of the 1 x 1 convolution; 0: there is none.
        threes: of the 1 x 1 reduction and the 3 x 3 convolution behind it.
        fives: the same for 5 x 5; None: there is none.
        projection: of the 1 x 1 convolution behind the pooling; 0: there is none, and all channels pass.
        is_l2: whether the pooling is by L2 norm, and not by the greatest value.
        stride: of the 3 x 3 and 5 x 5 convolutions and the pooling.
    """

    ones: int
    threes: tuple[int, int]
    fives: tuple[int, int] | None
    projection: int
    is_l2: bool = False
    stride: int = 1

    def outputs(self, inputs: int) -> int:
        """Return how many channels come out."""
        fives = self.fives[1] if self.fives else 0
        return self.ones + self.threes[1] + fives + (self.projection or inputs)


class Inception(nn.Module):
    """Convolutions of 1 x 1, 3 x 3 and 5 x 5 and a pooling side by side, their channels joined.

    Source: Szegedy et al. 2014, figure 2b.
    """

    def __init__(self, inputs: int, plan: Plan) -> None:
        super().__init__()
        branches: list[nn.Module] = [Convolution(inputs, plan.ones, 1)] if plan.ones else []
        for side, channels in ((3, plan.threes), (5, plan.fives)):
            if channels:
                reduced, outputs = channels
                branches.append(
                    nn.Sequential(
                        Convolution(inputs, reduced, 1),
                        Convolution(reduced, outputs, side, stride=plan.stride),
                    )
                )
        pool = L2Pool(3, plan.stride) if plan.is_l2 else max_pool(plan.stride)
        projection = (Convolution(inputs, plan.projection, 1),) if plan.projection else ()
        branches.append(nn.Sequential(pool, *projection))
        self.branches = nn.ModuleList(branches)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, C', H', W') of (N, C, H, W), both float32."""
        return torch.cat([branch(x) for branch in self.branches], dim=1)


NN2_PLANS = {
    "3a": Plan(64, (96, 128), (16, 32), 32),
    "3b": Plan(64, (96, 128), (32, 64), 64, is_l2=True),
    "3c": Plan(0, (128, 256), (32, 64), 0, stride=2),
    "4a": Plan(256, (96, 192), (32, 64), 128, is_l2=True),
    "4b": Plan(224, (112, 224), (32, 64), 128, is_l2=True),
    "4c": Plan(192, (128, 256), (32, 64), 128, is_l2=True),
    "4d": Plan(160, (144, 288), (32, 64), 128, is_l2=True),
    "4e": Plan(0, (160, 256), (64, 128), 0, stride=2),
    "5a": Plan(384, (192, 384), (48, 128), 128, is_l2=True),
    "5b": Plan(384, (192, 384), (48, 128), 128),
}
"""Table 2, line by line."""
NN4_PLANS = {
    name: replace(plan, fives=None) if name in ("4e", "5a", "5b") else plan
    for name, plan in NN2_PLANS.items()
}


def inceptions(inputs: int, plans: dict[str, Plan]) -> tuple[OrderedDict[str, nn.Module], int]:
    """Return modules by their names, one behind the other, and how many channels come out at the end."""
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    for name, plan in plans.items():
        modules[f"inception_{name}"] = Inception(inputs, plan)
        inputs = plan.outputs(inputs)
    return modules, inputs


def inception(dimension: int, plans: dict[str, Plan]) -> nn.Module:
    """Return NN2, NN3 or NN4: (N, 3, S, S) to (N, dimension), not yet of unit norm.

    Args:
        dimension: of the embeddings.
        plans: of the Inception modules from 3a on.
    """
    modules, outputs = inceptions(192, plans)
    return nn.Sequential(
        OrderedDict(
            conv1=Convolution(3, 64, 7, stride=2),
            pool1=max_pool(),
            norm1=LocalResponseNorm(),
            inception_2=nn.Sequential(Convolution(64, 64, 1), Convolution(64, 192, 3)),
            norm2=LocalResponseNorm(),
            pool2=max_pool(),
            **modules,
            pool5=SpatialMean(),
            full=nn.Linear(outputs, dimension),
        )
    )


def nn2(dimension: int) -> nn.Module:
    """Return NN2, which is NN3 on smaller crops: table 2 as it stands."""
    return inception(dimension, NN2_PLANS)


def nn4(dimension: int) -> nn.Module:
    """Return NN4: table 2 without the 5 x 5 convolutions of the higher layers."""
    return inception(dimension, NN4_PLANS)
