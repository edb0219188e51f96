"""A trained network as an ONNX graph, for ONNX Runtime, which needs no torch."""

import copy
from pathlib import Path

from faceaccess.learning.networks.catalogue import FaceNetwork
from faceaccess.vision.network_source import exported_by_torch


def write_onnx(network: FaceNetwork, path: Path) -> None:
    """Write a network's graph, scaling and L2 normalisation included; the network stays as it is.

    Its input "image" is (N, 3, S, S) float32, S the side `crop_px`, RGB, 0 to 255, its output "embedding"
    (N, D) float32, rows of unit norm; N is free. Batch norms are as in evaluation, and folded into the
    convolutions.

    Args:
        network: on any device, in training or not.
        path: where to.
    """
    architecture = network.architecture
    example = (1, 3, architecture.crop_px, architecture.crop_px)
    # On the CPU and apart, because it may be in the middle of its training.
    source = exported_by_torch(
        architecture.name, lambda: path, lambda: copy.deepcopy(network).cpu().eval(), example
    )
    source.write(path)
