"""Pictures for the screen from arrays and JPEG bytes."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap


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
