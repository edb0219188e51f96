"""Two small networks that tell a face from a picture of one by a single frame, and their input.

Source: minivision-ai/Silent-Face-Anti-Spoofing (Apache-2.0), `README_EN.md` and `src/generate_patches.py`.
Its weights are downloaded or imported on request and are no part of the program.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.exports import Exports
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.runtime import Network, load_network
from faceaccess.vision.types import Detection, ImageArray
from faceaccess.vision.weights import located

if TYPE_CHECKING:
    from torch import nn

CROPS = (("minifasnet-v2", 2.7), ("minifasnet-v1se", 4.0))
"""The networks, and how many times as wide and high as the face's box each one's crop is."""

MODEL_ID = "minifasnet:v2-2.7+v1se-4.0:mean"
"""Networks and recipe, as they stand with an entry's score."""

SIDE_PX = 80
_LIVE = 1
"""Which of a network's three classes is a live face; what tells the other two apart is not published."""


class PassiveNetworks:
    """How live a face looks in a single picture. May be used on several threads at once."""

    def __init__(self, networks: Sequence[tuple[Network, float]]) -> None:
        """Take the networks.

        Args:
            networks: (1, 3, 80, 80) float32 BGR 0 to 255 to (1, 3) probabilities each, and the size of its
                crops in boxes of the face.
        """
        self._networks = networks

    def score(self, image: ImageArray, detection: Detection) -> float:
        """Return the mean probability that a face is live: 0, a picture of one, to 1.

        Args:
            image: (H, W, 3) uint8, RGB; the whole frame, since what is around the face counts.
            detection: the face in it.
        """
        scores = [
            float(network.run(_planes(surroundings(image, detection, times)))[0][0, _LIVE])
            for network, times in self._networks
        ]
        return float(np.mean(scores))


def surroundings(image: ImageArray, detection: Detection, times: float) -> ImageArray:
    """Return a face with what is around it, squeezed into a square.

    The crop is so many times as wide and high as the face's box. Where the picture is smaller it is
    as large as fits, in the proportions of the box; where it would reach over an edge it is moved inside.

    Args:
        image: (H, W, 3) uint8, RGB.
        detection: the face in it.
        times: width of the crop in widths of the box.

    Returns:
        (80, 80, 3) uint8, RGB.

    Source: minivision-ai/Silent-Face-Anti-Spoofing, `src/generate_patches.py`, whose crops the networks were
    trained on.
    """
    last = np.array(image.shape[1::-1], np.float64) - 1
    corners = detection.box.astype(np.float64).reshape(2, 2)
    size = np.maximum(corners[1] - corners[0], 1)
    crop = size * min(times, *(last / size))
    start = np.clip(corners.mean(axis=0) - crop / 2, 0, last - crop)
    (left, top), (right, bottom) = start.astype(int), (start + crop).astype(int)
    return cv2.resize(image[top : bottom + 1, left : right + 1], (SIDE_PX, SIDE_PX))


def _planes(crop: ImageArray) -> np.ndarray:
    """Return (1, 3, 80, 80) float32, BGR, of an RGB crop."""
    return np.ascontiguousarray(crop[None, :, :, ::-1].transpose(0, 3, 1, 2), np.float32)


def load_passive(device: DeviceInUse, exports: Exports, models: Path) -> PassiveNetworks:
    """Load the networks. Called only where liveness is asked for: nothing of them is loaded elsewhere.

    Args:
        device: where they run.
        exports: keeps their graphs, and checks them.
        models: folder of downloaded weights.

    Raises:
        ModelError: their weights are missing or not the expected ones.
    """
    return PassiveNetworks(
        [(load_network(_source(name, models), device, exports), times) for name, times in CROPS]
    )


def _source(name: str, models: Path) -> NetworkSource:
    weights = partial(located, name, models)

    def write(path: Path) -> None:
        from faceaccess.vision.networks import minifasnet_graphs

        minifasnet_graphs.write_onnx(weights(), path)

    def build() -> "nn.Module":
        from faceaccess.vision.networks import minifasnet

        return minifasnet.build_torch(weights())

    return NetworkSource(name, weights, write, build)
