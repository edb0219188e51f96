"""Pictures for the screen from arrays and JPEG bytes."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from faceaccess.store.journal.types import EntryCrop
from faceaccess.vision.types import LooseCrop

_FACE_SIDE = 3.4
"""Side of the square shown of a face, in distances from the middle of the eyes to that of the mouth:
what an aligned face shows (`vision.alignment.BOX_SIDE`, and a quarter more at each side)."""


def image_from_rgb(rgb: NDArray[np.uint8]) -> QImage:
    """Copy an (H, W, 3) uint8 RGB array into an image that owns its memory."""
    rows = np.ascontiguousarray(rgb)
    height, width, _ = rows.shape
    # QImage only borrows the array's memory: without copy() it would outlive it.
    return QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def pixmap_from_jpeg(data: bytes | None) -> QPixmap:
    """Decode JPEG bytes; a null pixmap for None or damaged bytes."""
    drawn = QPixmap()
    if data:
        drawn.loadFromData(data)
    return drawn


def face_pixmap(crop: EntryCrop | LooseCrop | bytes | None) -> QPixmap:
    """Return the face in the middle of a loose crop; a picture without landmarks is returned whole.

    JPEG bytes and pictures of an older program's entries are of the face alone already.
    """
    if isinstance(crop, LooseCrop):
        return _middle(QPixmap.fromImage(image_from_rgb(crop.image)), crop.landmarks)
    if not isinstance(crop, EntryCrop):
        return pixmap_from_jpeg(crop)
    picture = pixmap_from_jpeg(crop.jpeg)
    return picture if crop.landmarks is None or picture.isNull() else _middle(picture, crop.landmarks)


def _middle(picture: QPixmap, landmarks: NDArray[np.float32]) -> QPixmap:
    eyes, mouth = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0)
    side = _FACE_SIDE * max(float(np.linalg.norm(mouth - eyes)), 1.0)
    side = round(min(side, picture.width(), picture.height()))
    x, y = np.round((eyes + mouth) / 2 - side / 2).astype(int).tolist()
    left = min(max(x, 0), picture.width() - side)
    top = min(max(y, 0), picture.height() - side)
    return picture.copy(QRect(left, top, side, side))


def rounded(picture: QPixmap, size: QSize, radius: float = 6.0) -> QPixmap:
    """Fill `size` with a picture, cut to its centre, with rounded corners, drawn at twice the density."""
    target = size * 2
    scaled = picture.scaled(
        target, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    drawn = QPixmap(target)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(drawn.rect()), 2 * radius, 2 * radius)
    painter.setClipPath(outline)
    painter.drawPixmap(
        (target.width() - scaled.width()) // 2, (target.height() - scaled.height()) // 2, scaled
    )
    painter.end()
    drawn.setDevicePixelRatio(2.0)
    return drawn
