"""NN1: the network of Zeiler and Fergus with 1 x 1 convolutions in between, table 1 of FaceNet's paper.

The paper's: all layers, their sizes and strides, maxout with p = 2, and no batch norm. Ours, where it is
silent: padding that gives the sizes of the table, and the numbers of the two norms. Its layer "concat" learns
and computes nothing. Source: Schroff et al. 2015, table 1.
"""

from collections import OrderedDict

from torch import nn

from faceaccess.learning.networks.layers import Convolution, LocalResponseNorm, Maxout, max_pool

HEIGHT_PX = WIDTH_PX = 220
_HIDDEN = 32 * 128
"""Outputs of the fully connected layers, as the table writes them."""


def zeiler_fergus(dimension: int) -> nn.Module:
    """Return NN1: (N, 3, 220, 220) to (N, dimension), not yet of unit norm; layers named as in the table."""
    return nn.Sequential(
        OrderedDict(
            conv1=Convolution(3, 64, 7, stride=2, is_normed=False),
            pool1=max_pool(),
            rnorm1=LocalResponseNorm(),
            conv2a=Convolution(64, 64, 1, is_normed=False),
            conv2=Convolution(64, 192, 3, is_normed=False),
            rnorm2=LocalResponseNorm(),
            pool2=max_pool(),
            conv3a=Convolution(192, 192, 1, is_normed=False),
            conv3=Convolution(192, 384, 3, is_normed=False),
            pool3=max_pool(),
            conv4a=Convolution(384, 384, 1, is_normed=False),
            conv4=Convolution(384, 256, 3, is_normed=False),
            conv5a=Convolution(256, 256, 1, is_normed=False),
            conv5=Convolution(256, 256, 3, is_normed=False),
            conv6a=Convolution(256, 256, 1, is_normed=False),
            conv6=Convolution(256, 256, 3, is_normed=False),
            pool4=max_pool(),
            concat=nn.Flatten(),
            fc1=Maxout(7 * 7 * 256, _HIDDEN),
            fc2=Maxout(_HIDDEN, _HIDDEN),
            fc7128=nn.Linear(_HIDDEN, dimension),
        )
    )
