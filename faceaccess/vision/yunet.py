"""YuNet finds the faces, MTCNN's O-Net places box and points: the one misses little, the other is exact.

Source of the decoding: OpenCV 4.10 `modules/objdetect/src/face_detect.cpp`. Why not one of the two alone:
`faceaccess evaluate detectors`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from faceaccess.vision.boxes import cut_outs, halvings, inside, shifted, squared, suppress
from faceaccess.vision.mtcnn import ONET_PX, load_onet
from faceaccess.vision.runtime import DeviceInUse, Network, NetworkSource, load_network
from faceaccess.vision.types import Detection, FloatArray, ImageArray
from faceaccess.vision.weights import located

STRIDES_PX = (8, 16, 32)
OUTPUTS = tuple(f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES_PX)
"""Of the network. For each of three grids, whose cells are as wide as its stride: (1, cells, 1) probability of a
face's class and of its presence, (1, cells, 4) box and (1, cells, 10) points, in cells."""

LEAST_SCORE = 0.7
GREATEST_OVERLAP = 0.3
"""IoU from which two finds are one face. Source: OpenCV's default."""

FOUND_PX = 16.0
"""Shorter side that the smallest face is shrunk to before it is looked for, pixels."""

COARSE_PX = 320
"""A picture whose shorter side is still longer than this is looked through once more at this size: the network
knows faces to 300 px."""

_LEAST_SIDE_PX = 32


class YuNet:
    """Finds faces. Not for use on two threads at once."""

    def __init__(self, finder: Network, placer: Network | None, *, smallest_face_px: int = 20) -> None:
        """Take the networks.

        Args:
            finder: YuNet.
            placer: O-Net; None keeps YuNet's own boxes and points, for measurements.
            smallest_face_px: shorter side of the smallest face to be found, pixels.
        """
        self._finder, self._placer, self.smallest_face_px = finder, placer, smallest_face_px

    def detect(self, image: ImageArray, *, smallest_face_px: int | None = None) -> list[Detection]:
        """Return the faces of an image, the largest first.

        Args:
            image: (H, W, 3) uint8, RGB.
            smallest_face_px: instead of the detector's own, for this image.
        """
        found = [self._find(image, scale) for scale in _scales(image, smallest_face_px or self.smallest_face_px)]
        boxes = np.concatenate(found)
        boxes = boxes[suppress(boxes, GREATEST_OVERLAP)]
        if not len(boxes):
            return []
        if self._placer is None:
            landmarks = boxes[:, 5:].reshape(-1, 5, 2)
        else:
            boxes, landmarks = self._place(self._placer, image, boxes)
        faces = [
            Detection(box[:4].astype(np.float32), points.astype(np.float32), float(box[4]))
            for box, points in zip(boxes, landmarks, strict=True)
        ]
        return sorted(faces, key=lambda face: face.face_px, reverse=True)

    def _find(self, image: ImageArray, scale: float) -> FloatArray:
        """Return (N, 15) x1 y1 x2 y2 score and five points x y, pixels of the image."""
        height, width = (max(round(side * scale), 1) for side in image.shape[:2])
        if scale < 1:
            image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        below, beside = -height % _LEAST_SIDE_PX, -width % _LEAST_SIDE_PX
        padded = cv2.copyMakeBorder(image, 0, below, 0, beside, cv2.BORDER_CONSTANT)
        planes = cv2.dnn.blobFromImage(padded, swapRB=True)
        boxes = np.concatenate(list(_decoded(self._finder.run(planes), padded.shape[1])))
        boxes[:, :4] /= scale
        boxes[:, 5:] /= scale
        return boxes

    def _place(
        self, placer: Network, image: ImageArray, found: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return (N, 5) boxes with scores and (N, 5, 2) points: a first pass moves the box, a second places all."""
        halved = halvings(image)
        boxes = np.column_stack([squared(found[:, :4]), found[:, 4]])
        for _ in range(2):
            boxes = inside(image, boxes)
            if not len(boxes):
                return boxes, np.empty((0, 5, 2), np.float32)
            _, shift, points = placer.run(cut_outs(halved, boxes, ONET_PX))
            side = boxes[:, 2:4] - boxes[:, :2] + 1
            landmarks = points.reshape(-1, 2, 5).transpose(0, 2, 1) * side[:, None] + boxes[:, None, :2] - 1
            placed = shifted(boxes[:, :4], shift)
            boxes = np.column_stack([squared(placed), boxes[:, 4]])
        return np.column_stack([placed, boxes[:, 4]]), landmarks


def _scales(image: ImageArray, smallest_face_px: float) -> list[float]:
    """Return by how much the image is shrunk, once or, for large faces too, twice."""
    fine = min(1.0, FOUND_PX / smallest_face_px)
    coarse = COARSE_PX / min(image.shape[:2])
    return [fine, coarse] if coarse < fine else [fine]


def _decoded(outputs: Sequence[FloatArray], width: int) -> Iterator[FloatArray]:
    """Yield of each grid the finds, (N, 15) x1 y1 x2 y2 score and five points, pixels of the input."""
    named = dict(zip(OUTPUTS, outputs, strict=True))
    for stride in STRIDES_PX:
        present = (named[f"{kind}_{stride}"][0, :, 0].clip(0, 1) for kind in ("cls", "obj"))
        score = np.sqrt(np.prod(list(present), axis=0))
        cells = np.flatnonzero(score >= LEAST_SCORE)
        corner = np.column_stack([cells % (width // stride), cells // (width // stride)])
        box, points = named[f"bbox_{stride}"][0, cells], named[f"kps_{stride}"][0, cells]
        centre, half = (corner + box[:, :2]) * stride, np.exp(box[:, 2:]) * stride / 2
        points = (points.reshape(-1, 5, 2) + corner[:, None]) * stride
        yield np.column_stack([centre - half, centre + half, score[cells], points.reshape(-1, 10)]).astype(
            np.float32
        )


def load_yunet(device: DeviceInUse, cache: Path, models: Path, *, own_points: bool = False) -> YuNet:
    """Load the detector; YuNet itself runs on the CPU on every machine.

    Args:
        device: where O-Net runs.
        cache: folder of exported networks.
        models: folder of downloaded weights, where the package that carries them is missing.
        own_points: for measurements: boxes and points are YuNet's.

    Raises:
        ModelError: the weights are missing or not the expected ones.
    """
    weights = located("yunet", models)

    def write(path: Path) -> None:
        from faceaccess.vision.networks import yunet

        yunet.write_onnx(weights, path)

    finder = load_network(NetworkSource("yunet", weights, write), device, cache)
    return YuNet(finder, None if own_points else load_onet(device, cache))
