"""NNS1 and NNS2, a mini and a tiny Inception: the paper gives their sizes, the layers are ours.

The paper's: the crops (165 x 165; 140 x 116), the parameters (26 million; 4.3 million), the FLOPs (220
million; 20 million), and that they are Inceptions "dramatically reduced in size (both depth and number of
filters)". Ours: each layer. So many parameters for so few FLOPs are only to be had where each serves a
single place: so the last map is not averaged, but read place by place by a fully connected layer with
maxout, as in NN1. The rest follows table 2 with fewer modules and channels: L2 pooling, batch norm as in
NN2, and no local response norms.

Source: Schroff et al. 2015, section 3.3 and table 3.
"""

from collections import OrderedDict
from dataclasses import dataclass

from torch import nn

from faceaccess.learning.networks.inception import Plan, inceptions
from faceaccess.learning.networks.layers import Convolution, Maxout, max_pool


@dataclass(frozen=True)
class Layout:
    """What differs between the two.

    Attributes:
        stem: channels of the first convolution, and of the 1 x 1 and 3 x 3 behind it.
        first_side_px: of the first convolution's kernel.
        plans: of the Inception modules.
        places: of the last map.
        hidden: outputs of the fully connected layer with maxout.
    """

    stem: tuple[int, int, int]
    first_side_px: int
    plans: dict[str, Plan]
    places: int
    hidden: int


NNS1 = Layout(
    stem=(32, 32, 96),
    first_side_px=7,
    plans={
        "3a": Plan(32, (48, 64), (16, 32), 32, is_l2=True),
        "3b": Plan(0, (64, 128), (16, 32), 0, stride=2),
        "4a": Plan(128, (64, 128), (16, 32), 64, is_l2=True),
        "4b": Plan(0, (96, 160), (32, 64), 0, stride=2),
        "5a": Plan(192, (128, 256), (32, 64), 64, is_l2=True),
        "5b": Plan(192, (128, 256), (32, 64), 64),
    },
    places=6 * 6,
    hidden=580,
)
NNS2 = Layout(
    stem=(12, 16, 24),
    first_side_px=5,
    plans={
        "3a": Plan(16, (16, 24), (8, 8), 16, is_l2=True),
        "3b": Plan(0, (24, 48), (8, 16), 0, stride=2),
        "4a": Plan(48, (24, 48), (8, 16), 32, is_l2=True),
        "4b": Plan(0, (40, 96), (12, 24), 0, stride=2),
        "5a": Plan(96, (48, 112), (12, 24), 32),
    },
    places=5 * 4,
    hidden=382,
)


def mini_inception(dimension: int, layout: Layout) -> nn.Module:
    """Return NNS1 or NNS2: (N, 3, H, W) to (N, dimension), not yet of unit norm."""
    first, reduced, second = layout.stem
    modules, outputs = inceptions(second, layout.plans)
    return nn.Sequential(
        OrderedDict(
            conv1=Convolution(3, first, layout.first_side_px, stride=2),
            pool1=max_pool(),
            inception_2=nn.Sequential(Convolution(first, reduced, 1), Convolution(reduced, second, 3)),
            pool2=max_pool(),
            **modules,
            places=nn.Flatten(),
            hidden=Maxout(outputs * layout.places, layout.hidden),
            full=nn.Linear(layout.hidden, dimension),
        )
    )


def nns1(dimension: int) -> nn.Module:
    """Return NNS1, for crops of 165 x 165."""
    return mini_inception(dimension, NNS1)


def nns2(dimension: int) -> nn.Module:
    """Return NNS2, for crops 140 high and 116 wide."""
    return mini_inception(dimension, NNS2)
