"""The picture for setting up a camera: a grid, the region that counts, and each face with its verdict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Outcome
from faceaccess.gui.widgets.frame_view import FaceMark, FrameView
from faceaccess.gui.wording import codes
from faceaccess.settings import LEAST_REGION, WHOLE_PICTURE, Region

if TYPE_CHECKING:
    from faceaccess.door.health import MeasuredFace

_GRID = QColor(255, 255, 255, 110)
_OUTSIDE = QColor(0, 0, 0, 150)
_EDGE = QColor("#ffd54a")
_PARTS = 3


class SetupView(FrameView):
    """Draws over the picture; dragging draws a new region, which `region_drawn` carries."""

    region_drawn = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.region: Region = WHOLE_PICTURE
        self._smallest_px = 0
        self._dragged_from: QPointF | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip(self.tr("Drag to draw the part of the picture in which faces count"))

    def set_region(self, region: Region) -> None:
        """Show a region without announcing it."""
        self.region = region
        self.update()

    def set_smallest(self, smallest_face_px: int) -> None:
        """Show how large the smallest face that counts is."""
        self._smallest_px = smallest_face_px
        self.update()

    def show_faces(self, faces: Sequence["MeasuredFace"]) -> None:
        """Mark the faces measured, each with its size and whether it can be judged."""
        self.show_marks(tuple(self._mark(face) for face in faces))

    def _mark(self, face: "MeasuredFace") -> FaceMark:
        x1, y1, x2, y2 = (float(value) for value in face.detection.box)
        quality = face.quality
        is_good = quality.reason is None
        good = self.tr("Big and sharp enough")
        title = good if quality.reason is None else codes.reason(quality.reason).label
        detail = self.tr("{0} px wide, sharpness {1}").format(
            round(quality.face_px), round(quality.sharpness)
        )
        return FaceMark((x1, y1, x2, y2), Outcome.ACCEPTED if is_good else Outcome.LOW_QUALITY, title, detail)

    def paint_under_marks(self, painter: QPainter, area: QRectF) -> None:
        """Draw grid, region and the smallest face."""
        painter.setPen(QPen(_GRID, 1))
        for part in range(1, _PARTS):
            x = area.left() + area.width() * part / _PARTS
            y = area.top() + area.height() * part / _PARTS
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        self._paint_region(painter, area)
        self._paint_smallest(painter, area)

    def _paint_region(self, painter: QPainter, area: QRectF) -> None:
        if self.region == WHOLE_PICTURE:
            return
        left, top, right, bottom = self.region
        inside = QRectF(
            area.left() + left * area.width(),
            area.top() + top * area.height(),
            (right - left) * area.width(),
            (bottom - top) * area.height(),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_OUTSIDE)
        painter.drawRect(QRectF(area.left(), area.top(), area.width(), inside.top() - area.top()))
        painter.drawRect(QRectF(area.left(), inside.bottom(), area.width(), area.bottom() - inside.bottom()))
        painter.drawRect(QRectF(area.left(), inside.top(), inside.left() - area.left(), inside.height()))
        painter.drawRect(QRectF(inside.right(), inside.top(), area.right() - inside.right(), inside.height()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_EDGE, 2))
        painter.drawRect(inside)

    def _paint_smallest(self, painter: QPainter, area: QRectF) -> None:
        """Draw a square as wide as the smallest face, to compare with who stands there."""
        side = self._smallest_px * area.width() / self.picture_width()
        square = QRectF(area.left() + 12, area.bottom() - 12 - side, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_EDGE, 2, Qt.PenStyle.DashLine))
        painter.drawRect(square)
        caption = self.tr("smallest face: {0} px").format(self._smallest_px)
        painter.drawText(QPointF(square.right() + 8, square.bottom() - 4), caption)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a region."""
        if self.has_picture() and event.button() is Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the region as it would be."""
        if self._dragged_from is not None and (region := self._between(event.position())):
            self.set_region(region)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the region; one too small to follow anybody in is not taken."""
        if self._dragged_from is not None and self._between(event.position()):
            self.region_drawn.emit(self.region)
        self._dragged_from = None

    def _between(self, to: QPointF) -> Region | None:
        area, start = self.picture_area(), self._dragged_from
        assert start is not None
        xs = sorted(min(max((x - area.left()) / area.width(), 0.0), 1.0) for x in (start.x(), to.x()))
        ys = sorted(min(max((y - area.top()) / area.height(), 0.0), 1.0) for y in (start.y(), to.y()))
        is_large = xs[1] - xs[0] >= LEAST_REGION and ys[1] - ys[0] >= LEAST_REGION
        return (xs[0], ys[0], xs[1], ys[1]) if is_large else None
