"""YuNet finds the faces, MTCNN's O-Net places box and points: the one misses little, the other is exact.

Source of the decoding: OpenCV 4.10 `modules/objdetect/src/face_detect.cpp`. Why not one of the two alone:
`faceaccess evaluate detectors`.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from faceaccess.vision.boxes import at_scale, cut_outs, halvings, shifted, shows, squared, suppress
from faceaccess.vision.devices import DeviceInUse
from faceaccess.vision.exports import Exports
from faceaccess.vision.mtcnn import ONET_PX, load_onet
from faceaccess.vision.network_source import NetworkSource
from faceaccess.vision.runtime import Network, load_network
from faceaccess.vision.types import Detection, FloatArray, ImageArray
from faceaccess.vision.weights import located

if TYPE_CHECKING:
    from torch import nn

STRIDES_PX = (8, 16, 32)
OUTPUTS = tuple(f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES_PX)
"""Of the network. For each of three grids, whose cells are as wide as its stride: (1, cells, 1) probability
of a face's class and of its presence, (1, cells, 4) box and (1, cells, 10) points, in cells."""

LEAST_SCORE = 0.3
"""Of YuNet's, from which O-Net looks at a find."""

LEAST_TOGETHER = 1.1
SURE_SCORE = 0.8
"""A find is a face where YuNet's score and O-Net's probability come to the first together, or YuNet's alone
to the second: of faces with a covered mouth O-Net refuses 2 in 100, and places the points all the same. By
YuNet's alone at 0.6, 8 in 100 faces fewer are found at 10 % brightness. A face's `detection_score` is O-Net's
probability, as it is MTCNN's. Source: `faceaccess evaluate detectors`."""

SURE_ALONE = 0.6
"""YuNet's score of a face where nothing else looks at it."""

GREATEST_OVERLAP = 0.3
"""IoU from which two finds are one face. Source: OpenCV's default."""

FOUND_PX = 24.0
"""Shorter side that the smallest face is shrunk to before it is looked for, pixels: at 20, 2 to 4 of 100
faces as small as that are missed, at 24 none."""

LARGEST_PX = 640
COARSE_PX = 320
"""A picture whose shorter side is longer than the first is looked through once more at the second: of a
larger face the network sees parts only."""

_STEP_PX = 32


class YuNet:
    """Finds faces. May be used on several threads at once."""

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
        halved = halvings(image)
        scales = _scales(image, smallest_face_px or self.smallest_face_px)
        boxes = np.concatenate([self._find(halved, scale) for scale in scales])
        boxes = boxes[suppress(boxes, GREATEST_OVERLAP)]
        if not len(boxes):
            return []
        if self._placer is None:
            boxes = boxes[boxes[:, 4] >= SURE_ALONE]
            landmarks = boxes[:, 5:].reshape(-1, 5, 2)
        else:
            boxes, landmarks = self._place(self._placer, halved, boxes)
        faces = [
            Detection(box[:4].astype(np.float32), points.astype(np.float32), float(box[4]))
            for box, points in zip(boxes, landmarks, strict=True)
        ]
        return sorted(faces, key=lambda face: face.face_px, reverse=True)

    def _find(self, halved: Sequence[ImageArray], scale: float) -> FloatArray:
        """Return (N, 15) x1 y1 x2 y2 score and five points x y, pixels of the first of the halved images."""
        height, width = (max(round(side * scale), 1) for side in halved[0].shape[:2])
        image = cv2.resize(at_scale(halved, scale), (width, height), interpolation=cv2.INTER_LINEAR)
        below, beside = -height % _STEP_PX, -width % _STEP_PX
        padded = cv2.copyMakeBorder(image, 0, below, 0, beside, cv2.BORDER_CONSTANT)
        planes = cv2.dnn.blobFromImage(padded, swapRB=True)
        boxes = np.concatenate(list(_decoded(self._finder.run(planes), padded.shape[1])))
        across, down = halved[0].shape[1] / width, halved[0].shape[0] / height
        boxes[:, [0, 2, *range(5, 15, 2)]] *= across
        boxes[:, [1, 3, *range(6, 15, 2)]] *= down
        return boxes

    def _place(
        self, placer: Network, halved: Sequence[ImageArray], proposals: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return (N, 5) boxes with scores and (N, 5, 2) points.

        A first pass moves the box to where O-Net is exact, a second places box and points.
        """
        boxes, scores = squared(proposals[:, :4]), proposals[:, 4]
        for _ in range(2):
            seen = shows(halved[0], boxes)
            boxes, scores = boxes[seen], scores[seen]
            if not len(boxes):
                return np.empty((0, 5), np.float32), np.empty((0, 5, 2), np.float32)
            probability, shift, points = placer.run(cut_outs(halved, boxes, ONET_PX))
            side = boxes[:, 2:4] - boxes[:, :2] + 1
            landmarks = points.reshape(-1, 2, 5).transpose(0, 2, 1) * side[:, None] + boxes[:, None, :2] - 1
            placed = shifted(boxes, shift)
            boxes = squared(placed)
        is_face = (probability + scores >= LEAST_TOGETHER) | (scores >= SURE_SCORE)
        scored = np.column_stack([placed, probability])[is_face]
        # Two finds may have moved to one face.
        rows = suppress(scored, GREATEST_OVERLAP)
        return scored[rows], landmarks[is_face][rows]


def _scales(image: ImageArray, smallest_face_px: float) -> list[float]:
    """Return by how much the image is shrunk, once or, for large faces too, twice."""
    fine = min(1.0, FOUND_PX / smallest_face_px)
    shorter = min(image.shape[:2])
    return [fine, COARSE_PX / shorter] if shorter * fine > LARGEST_PX else [fine]


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


def load_yunet(device: DeviceInUse, exports: Exports, models: Path, *, own_points: bool = False) -> YuNet:
    """Load the detector; YuNet itself runs on the CPU on every machine.

    Args:
        device: where O-Net runs.
        exports: keeps the graphs of networks, and checks them.
        models: folder of downloaded weights, where the package that carries them is missing.
        own_points: for measurements: boxes and points are YuNet's.

    Raises:
        ModelError: the weights are missing or not the expected ones.
    """
    weights = partial(located, "yunet", models)

    def write(path: Path) -> None:
        from faceaccess.vision.networks import yunet

        yunet.write_onnx(weights(), path)

    def build() -> "nn.Module":
        from faceaccess.vision.networks import graph_module, yunet

        return graph_module.GraphModule(yunet.read(weights()))

    finder = load_network(NetworkSource("yunet", weights, write, build), device, exports)
    return YuNet(finder, None if own_points else load_onet(device, exports))
