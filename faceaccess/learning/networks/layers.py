"""The layers that the networks are made of, and how their weights begin."""

import torch
from torch import nn
from torch.nn import functional


class Convolution(nn.Sequential):
    """A convolution with "same" padding, batch norm if asked for, and ReLU.

    With batch norm, the convolution has no bias of its own: the norm's shift takes its place.
    """

    def __init__(
        self, inputs: int, outputs: int, side: int, *, stride: int = 1, is_normed: bool = True
    ) -> None:
        convolution = nn.Conv2d(inputs, outputs, side, stride, side // 2, bias=not is_normed)
        norm = (nn.BatchNorm2d(outputs),) if is_normed else ()
        super().__init__(convolution, *norm, nn.ReLU(inplace=True))


class L2Pool(nn.Module):
    """Pooling by the L2 norm: the root of the sum of squares in each window, zeros around the edge.

    Source: Schroff et al. 2015, caption of table 2: "Instead of taking the spatial max the L2 norm is
    computed".
    """

    SMALLEST = 1e-12
    """Added below the root, whose slope at 0 would be infinite."""

    def __init__(self, side: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.side, self.stride = side, stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, C, H', W') of (N, C, H, W), both float32."""
        mean = functional.avg_pool2d(x * x, self.side, self.stride, self.side // 2)
        return torch.sqrt(mean * self.side**2 + self.SMALLEST)


class Maxout(nn.Module):
    """A fully connected layer that gives the greatest of `pieces` linear functions, for every output.

    Source: Goodfellow et al. 2013, "Maxout Networks", equation 1; Schroff et al. 2015, table 1, p = 2.
    """

    def __init__(self, inputs: int, outputs: int, pieces: int = 2) -> None:
        super().__init__()
        self.pieces, self.outputs = pieces, outputs
        self.linear = nn.Linear(inputs, outputs * pieces)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, outputs) of (N, inputs), both float32."""
        return self.linear(x).reshape(-1, self.pieces, self.outputs).amax(1)


class SpatialMean(nn.Module):
    """The mean of each channel over the whole map, whatever its size."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, C) of (N, C, H, W), both float32."""
        return x.mean((2, 3))


class LocalResponseNorm(nn.Module):
    """The norm across five neighbouring channels that the paper's tables call "norm" and "rnorm".

    It gives what torch's own gives, in a graph without branches. The numbers are GoogLeNet's, because the
    paper has none.

    Source: Krizhevsky et al. 2012, "ImageNet Classification with Deep Convolutional Neural Networks",
    section 3.3; BVLC/caffe `models/bvlc_googlenet/train_val.prototxt`.
    """

    CHANNELS, ALPHA, BETA = 5, 1e-4, 0.75

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, C, H, W) of the same, both float32."""
        beside = self.CHANNELS // 2
        squares = functional.pad(x * x, (0, 0, 0, 0, beside, beside))
        around = sum(squares[:, at : at + x.shape[1]] for at in range(self.CHANNELS))
        return x * (1 + self.ALPHA / self.CHANNELS * around).pow(-self.BETA)


def max_pool(stride: int = 2) -> nn.Module:
    """Return pooling by the greatest value of 3 x 3; by stride 2, an odd side S becomes (S + 1) / 2."""
    return nn.MaxPool2d(3, stride, 1)


def draw_weights(network: nn.Module) -> None:
    """Begin with weights that keep the variance of what goes through layers with ReLU; biases with 0.

    Source: He et al. 2015, "Delving Deep into Rectifiers", equation 10 (over a layer's inputs).
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
