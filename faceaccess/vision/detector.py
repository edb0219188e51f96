"""The detectors that there are; each model is measured, and runs, with one of them."""

from pathlib import Path
from typing import Protocol

from faceaccess.errors import ModelError
from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.exports import Exports
from faceaccess.vision.mtcnn import load_mtcnn
from faceaccess.vision.types import Detection, ImageArray
from faceaccess.vision.yunet import load_yunet

YUNET = "yunet-onet"
"""YuNet finds, O-Net places: the default. Needs no torch."""

MTCNN = "mtcnn"
YUNET_ALONE = "yunet"
"""For measurements only: its own points cost recognition."""


class Detector(Protocol):
    """Finds faces. May be used on several threads at once.

    Attributes:
        smallest_face_px: shorter side of the smallest face to be found, pixels.
    """

    smallest_face_px: int

    def detect(self, image: ImageArray, *, smallest_face_px: int | None = None) -> list[Detection]:
        """Return the faces of an image, the largest first.

        Args:
            image: (H, W, 3) uint8, RGB.
            smallest_face_px: instead of the detector's own, for this image.
        """


def load_detector(name: str, device: DeviceInUse, exports: Exports, models: Path) -> Detector:
    """Load a detector.

    Args:
        name: YUNET, MTCNN or YUNET_ALONE.
        device: where it runs.
        exports: keeps the graphs of networks, and checks them.
        models: folder of downloaded weights.

    Raises:
        ModelError: there is no such detector, or its weights are missing or not the expected ones.
    """
    if name == MTCNN:
        return load_mtcnn(device, exports)
    if name in (YUNET, YUNET_ALONE):
        return load_yunet(device, exports, models, own_points=name == YUNET_ALONE)
    raise ModelError(
        "There is no detector named {name!r}.",
        "There are: {yunet}, {mtcnn}.",
        name=name,
        yunet=YUNET,
        mtcnn=MTCNN,
    )
