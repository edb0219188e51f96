"""MTCNN: a pyramid of proposals, refined twice, giving boxes and five landmarks.

Source: Zhang et al. 2016; arithmetic of the boxes as in facenet-pytorch 2.5.3
`models/utils/detect_face.py`, so that its weights see what they were trained on.
"""

import importlib.util
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import ModelError
from faceaccess.vision.runtime import DeviceInUse, Network, NetworkSource, load_network
from faceaccess.vision.types import Detection, FloatArray, ImageArray

if TYPE_CHECKING:
    from torch import nn

CELL_PX = 12
STRIDE_PX = 2
PYRAMID_FACTOR = 0.709
STAGE_THRESHOLDS = (0.6, 0.7, 0.7)
"""Least probability kept after each net. Source: facenet-pytorch 2.5.3, MTCNN's defaults."""

MOST_HALVINGS = 4
_NMS: Any = cv2.dnn.NMSBoxes
_GREY = (127.5, 127.5, 127.5)

SHARED_CROPS = 4
"""From so many crops on, two threads are faster than one."""


class Detector:
    """Finds faces with MTCNN. Not for use on two threads at once."""

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
        halved = _halved(image)
        boxes = self._propose(halved, smallest_face_px or self.smallest_face_px)
        if len(boxes):
            boxes = self._refine(halved, boxes)
        if not len(boxes):
            return []
        detections = self._finish(halved, boxes)
        return sorted(detections, key=lambda found: found.face_px, reverse=True)

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
        boxes = boxes[_suppress(boxes, 0.7)]
        size_xy = boxes[:, 2:4] - boxes[:, :2]
        shifted = boxes[:, :4] + boxes[:, 5:9] * np.tile(size_xy, 2)
        return _squared(shifted)

    def _levels(self, halved: Sequence[ImageArray], scales: Sequence[float]) -> list[FloatArray]:
        height, width = halved[0].shape[:2]
        found = []
        for scale in scales:
            size = (int(width * scale + 1), int(height * scale + 1))
            level = cv2.resize(_at_scale(halved, scale), size, interpolation=cv2.INTER_LINEAR)
            planes = cv2.dnn.blobFromImage(level, 1 / 128, mean=_GREY)
            probability, shift = self._pnet.run(planes)
            found.append(_cells(probability[0], shift[0], scale))
        return found

    def _run_on_crops(
        self, network: Network, halved: Sequence[ImageArray], boxes: FloatArray, side: int
    ) -> list[FloatArray]:
        """Run a network on what boxes show, half of them beside the other half."""

        def run(part: FloatArray) -> tuple[FloatArray, ...]:
            return network.run(_crops(halved, part, side))

        if len(boxes) < SHARED_CROPS:
            return list(run(boxes))
        middle = len(boxes) // 2
        second = self._executor.submit(run, boxes[middle:])
        return [np.concatenate(pair) for pair in zip(run(boxes[:middle]), second.result(), strict=True)]

    def _refine(self, halved: Sequence[ImageArray], boxes: FloatArray) -> FloatArray:
        boxes = _inside(halved[0], boxes)
        if not len(boxes):
            return boxes
        probability, shift = self._run_on_crops(self._rnet, halved, boxes, 24)
        passed = probability > STAGE_THRESHOLDS[1]
        scored = np.column_stack([boxes[passed], probability[passed]])
        kept = _suppress(scored, 0.7)
        return _squared(_shifted(scored[kept, :4], shift[passed][kept]))

    def _finish(self, halved: Sequence[ImageArray], boxes: FloatArray) -> list[Detection]:
        boxes = _inside(halved[0], boxes)
        if not len(boxes):
            return []
        probability, shift, points = self._run_on_crops(self._onet, halved, boxes, 48)
        passed = probability > STAGE_THRESHOLDS[2]
        boxes, probability = boxes[passed], probability[passed]
        side = boxes[:, 2:4] - boxes[:, :2] + 1
        landmarks = (
            points[passed].reshape(-1, 2, 5).transpose(0, 2, 1) * side[:, None] + boxes[:, None, :2] - 1
        )
        scored = np.column_stack([_shifted(boxes, shift[passed]), probability])
        return [
            Detection(
                scored[i, :4].astype(np.float32), landmarks[i].astype(np.float32), float(probability[i])
            )
            for i in _suppress(scored, 0.7, by_smaller=True)
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
    return boxes[_suppress(boxes, 0.5)]


def _suppress(boxes: FloatArray, overlap: float, *, by_smaller: bool = False) -> list[int]:
    """Return the rows to keep, best score first, so that no two overlap by more.

    Args:
        boxes: (N, >= 5) x1 y1 x2 y2 score.
        overlap: greatest part shared.
        by_smaller: the part is of the smaller box, not of the union.
    """
    if not len(boxes):
        return []
    if not by_smaller:
        sides = np.column_stack([boxes[:, :2], boxes[:, 2:4] - boxes[:, :2]]).astype(np.float64)
        return list(_NMS(sides, boxes[:, 4].astype(np.float32), 0.0, overlap))
    kept: list[int] = []
    for i in np.argsort(-boxes[:, 4], kind="stable"):
        if all(_shared_part(boxes[i], boxes[other]) <= overlap for other in kept):
            kept.append(int(i))
    return kept


def _shared_part(one: FloatArray, other: FloatArray) -> float:
    """Return the part of the smaller of two boxes that lies in the other; ends count as pixels."""
    shared = np.minimum(one[2:4], other[2:4]) - np.maximum(one[:2], other[:2]) + 1
    areas = [float(np.prod(box[2:4] - box[:2] + 1)) for box in (one, other)]
    return float(np.prod(np.maximum(shared, 0))) / min(areas)


def _squared(boxes: FloatArray) -> FloatArray:
    """Grow (N, 4) boxes to squares about their centres."""
    size = boxes[:, 2:4] - boxes[:, :2]
    side = size.max(axis=1, keepdims=True)
    corner = boxes[:, :2] + (size - side) / 2
    return np.hstack([corner, corner + side]).astype(np.float32)


def _shifted(boxes: FloatArray, shift: FloatArray) -> FloatArray:
    """Move the sides of (N, 4) boxes by shifts given in parts of the box."""
    return boxes + shift * np.tile(boxes[:, 2:4] - boxes[:, :2] + 1, 2)


def _whole(image: ImageArray, boxes: FloatArray) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return the first and the past-the-last pixels, x y, of boxes within the image."""
    height, width = image.shape[:2]
    whole = np.trunc(boxes).astype(int)
    return np.maximum(whole[:, :2], 1) - 1, np.minimum(whole[:, 2:], (width, height))


def _inside(image: ImageArray, boxes: FloatArray) -> FloatArray:
    """Return the boxes that show a part of the image."""
    corner, end = _whole(image, boxes)
    return boxes[(end > corner).all(axis=1)]


def _crops(halved: Sequence[ImageArray], boxes: FloatArray, side: int) -> FloatArray:
    """Return (N, 3, side, side) float32 from -1 to 1 of what boxes show."""
    pieces = []
    for (x1, y1), (x2, y2) in zip(*_whole(halved[0], boxes), strict=True):
        image = _at_scale(halved, side / max(x2 - x1, y2 - y1))
        shrink = round(halved[0].shape[1] / image.shape[1])
        part = image[y1 // shrink : -(-y2 // shrink), x1 // shrink : -(-x2 // shrink)]
        pieces.append(cv2.resize(part, (side, side), interpolation=cv2.INTER_LINEAR))
    return cv2.dnn.blobFromImages(pieces, 1 / 128, mean=_GREY)


def _halved(image: ImageArray) -> list[ImageArray]:
    """Return the image, and it at a half and so on: what is taken from these needs few pixels."""
    images = [np.ascontiguousarray(image)]
    while len(images) < MOST_HALVINGS and min(images[-1].shape[:2]) >= 2 * CELL_PX:
        height, width = images[-1].shape[:2]
        images.append(cv2.resize(images[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return images


def _at_scale(halved: Sequence[ImageArray], scale: float) -> ImageArray:
    """Return the smallest of the halved images that is still larger than the scale asks for."""
    step = int(max(0.0, np.floor(-np.log2(scale))))
    return halved[min(step, len(halved) - 1)]


def load_detector(device: DeviceInUse, cache: Path, *, smallest_face_px: int = 20) -> Detector:
    """Load MTCNN with the weights that facenet-pytorch carries.

    Raises:
        ModelError: facenet-pytorch isn't installed.
    """
    folder = weights_folder()
    networks = [
        load_network(
            NetworkSource(name, folder / f"{name}.pt", _builder(name, folder), example, axes, outputs),
            device,
            cache,
        )
        for name, example, axes, outputs in (
            ("pnet", (1, 3, 64, 64), (0, 2, 3), ("probability", "shift")),
            ("rnet", (1, 3, 24, 24), (0,), ("probability", "shift")),
            ("onet", (1, 3, 48, 48), (0,), ("probability", "shift", "points")),
        )
    ]
    return Detector(networks, smallest_face_px=smallest_face_px)


def _builder(name: str, folder: Path) -> "Callable[[], nn.Module]":
    def build() -> "nn.Module":
        from faceaccess.vision.networks import mtcnn

        return mtcnn.load(name, folder / f"{name}.pt")

    return build


def weights_folder() -> Path:
    """Return the folder of facenet-pytorch's weight files.

    Raises:
        ModelError: facenet-pytorch isn't installed.
    """
    # Found, not imported: importing the package brings torch and torchvision.
    found = importlib.util.find_spec("facenet_pytorch")
    if found is None or not found.submodule_search_locations:
        raise ModelError("The detector's weights are missing.", "Install the package facenet-pytorch 2.5.3.")
    return Path(found.submodule_search_locations[0]) / "data"
