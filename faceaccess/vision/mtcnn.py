"""MTCNN: a pyramid of proposals, refined twice, giving boxes and five landmarks.

Source: Zhang et al. 2016. What else there is to choose: `detector`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from faceaccess.vision.boxes import GREY, at_scale, cut_outs, halvings, inside, shifted, squared, suppress
from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.exports import Exports
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.runtime import Network, load_network, package_folder
from faceaccess.vision.types import Detection, FloatArray, ImageArray

if TYPE_CHECKING:
    from torch import nn

CELL_PX = 12
STRIDE_PX = 2
RNET_PX, ONET_PX = 24, 48
PYRAMID_FACTOR = 0.709
STAGE_THRESHOLDS = (0.6, 0.7, 0.7)
"""Least probability kept after each net. Source: facenet-pytorch 2.5.3, MTCNN's defaults."""

SHARED_CROPS = 4
"""From so many crops on, two threads are faster than one."""

_SHA256 = {
    "pnet": "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f",
    "rnet": "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86",
    "onet": "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d",
}
"""Of the weights that facenet-pytorch 2.5.3 carries."""


class Mtcnn:
    """Finds faces with MTCNN. May be used on several threads at once."""

    def __init__(
        self, networks: Sequence[Network], *, smallest_face_px: int = 20, factor: float = PYRAMID_FACTOR
    ) -> None:
        """Take the three networks.

        Args:
            networks: P-Net, R-Net and O-Net.
            smallest_face_px: shorter side of the smallest face to be found, pixels.
            factor: step of the image pyramid.
        """
        self._pnet, self._rnet, self._onet = networks
        self.smallest_face_px = smallest_face_px
        self.factor = factor
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="detector")

    def detect(self, image: ImageArray, *, smallest_face_px: int | None = None) -> list[Detection]:
        """Return the faces of an image, the largest first.

        Args:
            image: (H, W, 3) uint8, RGB.
            smallest_face_px: instead of the detector's own, for this image.
        """
        halved = halvings(image)
        boxes = self._propose(halved, smallest_face_px or self.smallest_face_px)
        if len(boxes):
            boxes = self._refine(halved, boxes)
        if not len(boxes):
            return []
        detections = self._finish(halved, boxes)
        return sorted(detections, key=lambda detection: detection.face_px, reverse=True)

    def _propose(self, halved: Sequence[ImageArray], smallest_face_px: int) -> FloatArray:
        """Return (N, 4) square boxes from the pyramid."""
        scale, scales = CELL_PX / smallest_face_px, []
        while min(halved[0].shape[:2]) * scale >= CELL_PX:
            scales.append(scale)
            scale *= self.factor
        if not scales:
            return np.empty((0, 4), np.float32)
        # The largest level is as much work as all the others together: two equal halves.
        others = self._executor.submit(self._levels, halved, scales[1:])
        boxes = np.concatenate([*self._levels(halved, scales[:1]), *others.result()])
        boxes = boxes[suppress(boxes, 0.7)]
        size_xy = boxes[:, 2:4] - boxes[:, :2]
        return squared(boxes[:, :4] + boxes[:, 5:9] * np.tile(size_xy, 2))

    def _levels(self, halved: Sequence[ImageArray], scales: Sequence[float]) -> list[FloatArray]:
        height, width = halved[0].shape[:2]
        cells = []
        for scale in scales:
            size = (int(width * scale + 1), int(height * scale + 1))
            level = cv2.resize(at_scale(halved, scale), size, interpolation=cv2.INTER_LINEAR)
            planes = cv2.dnn.blobFromImage(level, 1 / 128, mean=GREY)
            probability, shift = self._pnet.run(planes)
            cells.append(_cells(probability[0], shift[0], scale))
        return cells

    def _run_on_crops(
        self, network: Network, halved: Sequence[ImageArray], boxes: FloatArray, side: int
    ) -> list[FloatArray]:
        """Run a network on what boxes show, half of them beside the other half."""

        def run(part: FloatArray) -> tuple[FloatArray, ...]:
            return network.run(cut_outs(halved, part, side))

        if len(boxes) < SHARED_CROPS:
            return list(run(boxes))
        middle = len(boxes) // 2
        second = self._executor.submit(run, boxes[middle:])
        return [np.concatenate(pair) for pair in zip(run(boxes[:middle]), second.result(), strict=True)]

    def _refine(self, halved: Sequence[ImageArray], boxes: FloatArray) -> FloatArray:
        boxes = inside(halved[0], boxes)
        if not len(boxes):
            return boxes
        probability, shift = self._run_on_crops(self._rnet, halved, boxes, RNET_PX)
        passed = probability > STAGE_THRESHOLDS[1]
        scored = np.column_stack([boxes[passed], probability[passed]])
        rows = suppress(scored, 0.7)
        return squared(shifted(scored[rows, :4], shift[passed][rows]))

    def _finish(self, halved: Sequence[ImageArray], boxes: FloatArray) -> list[Detection]:
        boxes = inside(halved[0], boxes)
        if not len(boxes):
            return []
        probability, shift, points = self._run_on_crops(self._onet, halved, boxes, ONET_PX)
        passed = probability > STAGE_THRESHOLDS[2]
        boxes, probability = boxes[passed], probability[passed]
        side = boxes[:, 2:4] - boxes[:, :2] + 1
        landmarks = (
            points[passed].reshape(-1, 2, 5).transpose(0, 2, 1) * side[:, None] + boxes[:, None, :2] - 1
        )
        scored = np.column_stack([shifted(boxes, shift[passed]), probability])
        return [
            Detection(
                scored[i, :4].astype(np.float32), landmarks[i].astype(np.float32), float(probability[i])
            )
            for i in suppress(scored, 0.7, by_smaller=True)
        ]


def _cells(probability: FloatArray, shift: FloatArray, scale: float) -> FloatArray:
    """Return (N, 9) x1 y1 x2 y2 score and four shifts of the cells that may hold a face."""
    rows, columns = np.nonzero(probability >= STAGE_THRESHOLDS[0])
    corner = np.column_stack([columns, rows]).astype(np.float32) * STRIDE_PX + 1
    boxes = np.column_stack(
        [
            np.floor(corner / scale),
            np.floor((corner + CELL_PX - 1) / scale),
            probability[rows, columns],
            shift[:, rows, columns].T,
        ]
    ).astype(np.float32)
    return boxes[suppress(boxes, 0.5)]


def load_mtcnn(device: DeviceInUse, exports: Exports) -> Mtcnn:
    """Load MTCNN with the weights that facenet-pytorch carries.

    Raises:
        ModelError: facenet-pytorch isn't installed.
    """
    return Mtcnn([_load(name, device, exports) for name in _SHA256])


def load_onet(device: DeviceInUse, exports: Exports) -> Network:
    """Load the last of the three networks.

    Raises:
        ModelError: facenet-pytorch isn't installed.
    """
    return _load("onet", device, exports)


def _load(name: str, device: DeviceInUse, exports: Exports) -> Network:
    """Load a network, which needs no torch on a CPU."""

    def weights() -> Path:
        return mtcnn_weights() / f"{name}.pt"

    def write(path: Path) -> None:
        from faceaccess.vision.networks import mtcnn_graphs

        mtcnn_graphs.write_onnx(name, weights(), path)

    def build() -> "nn.Module":
        from faceaccess.vision.networks import mtcnn

        return mtcnn.load(name, weights())

    source = NetworkSource(name, weights, write, build, weights_sha256=_SHA256[name])
    return load_network(source, device, exports)


def mtcnn_weights() -> Path:
    """Return the folder of facenet-pytorch's weight files.

    Raises:
        ModelError: facenet-pytorch isn't installed.
    """
    return package_folder("facenet_pytorch", "facenet-pytorch==2.5.3") / "data"
