"""What a network costs: parameters, and FLOPs counted on a pass through it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


def count_parameters(network: nn.Module) -> int:
    """Return how many numbers a network learns."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_flops(network: nn.Module, height_px: int, width_px: int) -> dict[str, int]:
    """Return the FLOPs of each convolution and fully connected layer, for one crop.

    FaceNet's paper counts a multiplication and the addition that goes with it as one FLOP, and so do we:
    those of table 1 and 2 come out only if a bias is one more, and norms, pooling and ReLU are none.

    Args:
        network: with convolutions and fully connected layers, wherever in it; on the device "meta", nothing
            is computed.
        height_px: of a crop.
        width_px: of a crop.

    Returns:
        FLOPs by the layer's name, in the order of the pass; a layer that runs twice counts twice.
    """
    flops: dict[str, int] = {}
    device = next(network.parameters()).device
    was_training = network.training
    with _watched(network, flops), torch.no_grad():
        network.eval()(torch.zeros(1, 3, height_px, width_px, device=device))
    network.train(was_training)
    return flops


@contextmanager
def _watched(network: nn.Module, flops: dict[str, int]) -> Iterator[None]:
    """Add up the FLOPs of what passes through the layers meanwhile."""

    def add(name: str, layer: nn.Module, output: torch.Tensor) -> None:
        inputs = math.prod(layer.weight.shape[1:]) + (layer.bias is not None)
        flops[name] = flops.get(name, 0) + output.numel() * inputs

    hooks = [
        module.register_forward_hook(lambda layer, _, output, name=name: add(name, layer, output))
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.Linear)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
