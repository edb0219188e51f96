"""Crops as they could have come out otherwise: mirrored, moved, turned, in another light."""

import math

import torch
from torch import Tensor
from torch.nn import functional

SHIFT, TURN_DEG, GROWTH = 0.06, 8.0, 0.1
"""Moved by so much of the side, turned and scaled by so much at most: a little more than alignment errs.
Source: `faceaccess learn report`, whose networks were trained so."""
CONTRAST, BRIGHTNESS = 0.25, 25.0
"""Contrast by so much at most, brightness by so many of 255."""


def augment(crops: Tensor, chance: torch.Generator) -> Tensor:
    """Return as many crops, each changed by chance.

    Args:
        crops: (N, 3, S, S) float32, 0 to 255.
        chance: what is drawn comes from it alone.
    """
    count = len(crops)
    turn = _spread(count, math.radians(TURN_DEG), chance)
    size = 1 + _spread(count, GROWTH, chance)
    mirror = torch.where(torch.rand(count, generator=chance) < 0.5, -1.0, 1.0)
    shift = torch.stack([_spread(count, 2 * SHIFT, chance), _spread(count, 2 * SHIFT, chance)], dim=1)
    rows = torch.stack(
        [
            torch.stack([turn.cos() * size * mirror, -turn.sin() * size, shift[:, 0]], dim=1),
            torch.stack([turn.sin() * size * mirror, turn.cos() * size, shift[:, 1]], dim=1),
        ],
        dim=1,
    )
    contrast = (1 + _spread(count, CONTRAST, chance)).reshape(-1, 1, 1, 1)
    light = _spread(count, BRIGHTNESS, chance).reshape(-1, 1, 1, 1)
    grid = functional.affine_grid(rows.to(crops.device), list(crops.shape), align_corners=False)
    moved = functional.grid_sample(crops, grid, padding_mode="reflection", align_corners=False)
    middle = moved.mean(dim=(1, 2, 3), keepdim=True)
    lit = (moved - middle) * contrast.to(crops.device) + middle + light.to(crops.device)
    return lit.clamp(0, 255)


def _spread(count: int, reach: float, chance: torch.Generator) -> Tensor:
    """Return (count,) numbers between minus and plus a reach."""
    return (torch.rand(count, generator=chance) * 2 - 1) * reach
