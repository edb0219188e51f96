"""The networks that can be trained, by name: `build` makes any of them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from faceaccess.errors import ModelError
from faceaccess.learning.networks.inception import nn2, nn4
from faceaccess.learning.networks.layers import draw_weights
from faceaccess.learning.networks.mini_inception import nns1, nns2
from faceaccess.learning.networks.small import small
from faceaccess.learning.networks.zeiler_fergus import zeiler_fergus

MEAN, SCALE = 127.5, 1 / 128
"""Taken off each value of 0 to 255, and by which the rest is multiplied: about -1 to 1."""
SMALLEST_NORM = 1e-12
"""What is smaller is divided by this, so that nothing is divided by 0."""


@dataclass(frozen=True)
class Architecture:
    """A network as it is laid out, without weights.

    Attributes:
        height_px, width_px: of the crops that it takes.
        lay_out: returns its layers, which end in that many numbers, not yet of unit norm.
        paper_parameters, paper_flops: what the paper says of it; None where it says nothing.
        note: what of it is the paper's, and what is our choice.
    """

    name: str
    height_px: int
    width_px: int
    lay_out: Callable[[int], nn.Module]
    paper_parameters: float | None
    paper_flops: float | None
    note: str

    @property
    def crop_px(self) -> int:
        """Side of the square crops that faces are cut to for it."""
        return max(self.height_px, self.width_px)


class FaceNetwork(nn.Module):
    """A network from crops to embeddings: scaling, the layers of an architecture, L2 normalisation."""

    def __init__(self, architecture: Architecture, dimension: int) -> None:
        super().__init__()
        self.architecture = architecture
        self.dimension = dimension
        self.layers = architecture.lay_out(dimension)

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        """Return embeddings.

        Args:
            crops: (N, 3, H, W) float32, RGB, 0 to 255; H and W as the architecture says, or square of side
                `crop_px`.

        Returns:
            (N, D) float32, rows of unit norm.
        """
        embeddings = self.features(crops)
        return embeddings / embeddings.norm(dim=1, keepdim=True).clamp_min(SMALLEST_NORM)

    def features(self, crops: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of `forward` before they are normalised."""
        beside = (crops.shape[3] - self.architecture.width_px) // 2
        if beside > 0:
            # Faces are cut out square: a narrower network reads the middle.
            crops = crops[:, :, :, beside : beside + self.architecture.width_px]
        features: torch.Tensor = self.layers((crops - MEAN) * SCALE)
        return features


_NN2_NOTE = "The paper's layers, L2 pooling and norms; batch norm is ours."
_NNS_NOTE = "The paper gives the sizes alone: the layers are ours, batch norm and a maxout layer among them."
_ALL = (
    Architecture(
        "NN1", 220, 220, zeiler_fergus, 140e6, 1.6e9, "The paper's, layer by layer, without batch norm."
    ),
    Architecture("NN2", 224, 224, nn2, 7.5e6, 1.6e9, _NN2_NOTE),
    Architecture(
        "NN3", 160, 160, nn2, None, None, "NN2 on smaller crops; the paper gives no numbers of its own."
    ),
    Architecture(
        "NN4",
        96,
        96,
        nn4,
        None,
        285e6,
        "NN2 on still smaller crops; that 4e, 5a and 5b have no 5 x 5 is inferred.",
    ),
    Architecture("NNS1", 165, 165, nns1, 26e6, 220e6, _NNS_NOTE),
    Architecture("NNS2", 140, 116, nns2, 4.3e6, 20e6, _NNS_NOTE),
    Architecture(
        "SMALL",
        64,
        64,
        small,
        None,
        None,
        "All ours: 3 x 3 convolutions with batch norm, early strides, two residual blocks.",
    ),
)
ARCHITECTURES = {architecture.name: architecture for architecture in _ALL}
NAMES = tuple(ARCHITECTURES)


def find_architecture(name: str) -> Architecture:
    """Return the architecture of a name.

    Raises:
        ModelError: there is none of that name.
    """
    if name not in ARCHITECTURES:
        raise ModelError(
            "There is no model named {name!r}.", "There are: {known}.", name=name, known=", ".join(NAMES)
        )
    return ARCHITECTURES[name]


def outline(name: str, *, dimension: int = 128) -> FaceNetwork:
    """Return a network without memory for its weights, on the device "meta": shapes pass through it.

    Raises:
        ModelError: there is none of that name.
    """
    with torch.device("meta"):
        return FaceNetwork(find_architecture(name), dimension)


def build(name: str, *, dimension: int = 128, seed: int) -> FaceNetwork:
    """Return a network with random weights; what else draws from torch's generator draws as before.

    Args:
        name: one of `NAMES`.
        dimension: of the embeddings.
        seed: of its weights: the same seed, the same weights.

    Returns:
        The network, in training mode, its weights laid out with channels last, which is quicker on a CPU.

    Raises:
        ModelError: there is none of that name.
    """
    architecture = find_architecture(name)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = FaceNetwork(architecture, dimension)
        draw_weights(network)
    return network.to(memory_format=torch.channels_last)
