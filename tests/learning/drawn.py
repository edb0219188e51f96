"""Crops that are drawn, a colour for each person, and a network small enough to learn them at once."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from faceaccess.learning.photos import LabelledCrops

SIDE_PX = 8


def drawn_crops(people=12, photos=4, seed=0, noise=25.0):
    rng = np.random.default_rng(seed)
    colours = rng.uniform(40, 215, (people, 1, 1, 3))
    crops = np.repeat(colours, photos, axis=0) + rng.normal(0, noise, (people * photos, SIDE_PX, SIDE_PX, 3))
    labels = np.repeat(np.arange(people), photos)
    names = tuple(f"person {number}" for number in range(people))
    return LabelledCrops(np.clip(crops, 0, 255).astype(np.uint8), labels, names)


class DrawnNetwork(nn.Module):
    """A convolution with batch norm and a dense layer: what a checkpoint has to hold is all there."""

    def __init__(self, dimension):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 6, 3, stride=2), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.LazyLinear(dimension)
        )

    def features(self, crops):
        return self.layers((crops - 127.5) / 128)

    def forward(self, crops):
        return functional.normalize(self.features(crops))


def build_drawn(_name, dimension, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = DrawnNetwork(dimension)
        network(torch.zeros(2, 3, SIDE_PX, SIDE_PX))
    return network
