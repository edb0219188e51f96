"""From a detection to the model input: the same face at the same place and size."""

import cv2
import numpy as np

from faceaccess.vision.types import Detection, FloatArray, ImageArray

SFACE_PX = 112
SFACE_POINTS = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]],
    np.float32,
)
"""Where a face's five points lie in SFace's input, x y. Source: OpenCV 4.10
`modules/objdetect/src/face_recognize.cpp`, which has them from ArcFace."""

INCEPTION_PX = 160
LOOSE_PX = 320
LOOSE_GROWTH = 2.0


class PointsAlignment:
    """SFace's crop, in its 112 px or another size, by the similarity that fits a face's five points best."""

    needs_box = False

    def __init__(self, detector: str, crop_px: int = SFACE_PX) -> None:
        """Take whose points they are, and the crop's side: parts of the alignment's version."""
        self.crop_px = crop_px
        self.version = f"{detector}-points-{crop_px}"
        # Pixels are squares: their centres, not their corners, lie at whole numbers.
        points = (SFACE_POINTS.astype(np.float64) + 0.5) * (crop_px / SFACE_PX) - 0.5
        self._points = points.astype(np.float32)

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        """Return the (crop_px, crop_px, 3) uint8 RGB crop of a detection in an RGB image."""
        points, side = detection.landmarks, self.crop_px
        scale = abs(_similarity(points, self._points)[0])
        if scale < 1 / 2:
            # One pixel in several would be sampled: shrink the face first, by averaging.
            corner = np.maximum(np.floor(points.mean(axis=0) - side / scale), 0)
            reach = np.ceil(points.mean(axis=0) + side / scale)
            part = _cut(image, np.concatenate([corner, reach]).astype(np.float32))
            image = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            size = np.array([image.shape[1] / part.shape[1], image.shape[0] / part.shape[0]])
            points = (points - corner) * size
        turn, shift = _similarity(points, self._points)
        warp = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
        return np.asarray(cv2.warpAffine(image, warp, (side, side), flags=cv2.INTER_LINEAR))


class BoxAlignment:
    """The detection's box, 160 px, as facenet-pytorch cuts it for InceptionResnetV1.

    Source: facenet-pytorch 2.5.3 `models/mtcnn.py`, image_size 160, margin 0.
    """

    version = "mtcnn-box-160"
    crop_px = INCEPTION_PX
    needs_box = True

    def align(self, image: ImageArray, detection: Detection) -> ImageArray:
        """Return the (160, 160, 3) uint8 RGB crop of a detection in an RGB image."""
        return cv2.resize(
            _cut(image, detection.box), (INCEPTION_PX, INCEPTION_PX), interpolation=cv2.INTER_AREA
        )


def loose_crop(image: ImageArray, detection: Detection) -> tuple[ImageArray, FloatArray]:
    """Return a crop twice the box, at most 320 px, and its landmarks, kept for re-embedding.

    Returns:
        (H, W, 3) uint8 RGB and (5, 2) float32, pixels of the crop.
    """
    centre = (detection.box[:2] + detection.box[2:]) / 2
    half = float((detection.box[2:] - detection.box[:2]).max()) * LOOSE_GROWTH / 2
    box = np.concatenate([centre - half, centre + half])
    corner = np.maximum(np.floor(box[:2]), 0).astype(np.float32)
    crop = _cut(image, box)
    scale = min(1.0, LOOSE_PX / max(crop.shape[:2]))
    if scale < 1:
        crop = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return crop, ((detection.landmarks - corner) * scale).astype(np.float32)


def _similarity(points: FloatArray, targets: FloatArray) -> tuple[complex, complex]:
    """Return turn-and-scale a and shift b, so that a z + b is nearest to the targets (least squares).

    Points are taken for complex numbers x + iy: (N, 2) each.
    """
    z = points[:, 0] + 1j * points[:, 1]
    w = targets[:, 0] + 1j * targets[:, 1]
    around, aim = z - z.mean(), w - w.mean()
    turn = complex(np.vdot(around, aim) / max(float(np.vdot(around, around).real), 1e-9))
    return turn, complex(w.mean() - turn * z.mean())


def _cut(image: ImageArray, box: FloatArray) -> ImageArray:
    """Return the part of the image inside a box; at least one pixel."""
    height, width = image.shape[:2]
    x1, y1 = np.clip(np.floor(box[:2]).astype(int), 0, (width - 1, height - 1))
    x2, y2 = np.clip(np.ceil(box[2:]).astype(int), (x1 + 1, y1 + 1), (width, height))
    return np.ascontiguousarray(image[y1:y2, x1:x2])
