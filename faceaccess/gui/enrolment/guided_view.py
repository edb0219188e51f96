"""The picture of the person to be photographed: mirrored, with a place for the face and the count-down."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from faceaccess.gui.widgets.frame_view import FrameView

_PLACE = QColor(255, 255, 255, 150)
_HELD = QColor("#3ecf8e")
_PLACE_HEIGHT, _PLACE_RATIO = 0.72, 0.76
_PEN_PX, _HELD_PEN_PX = 2, 7
_FULL_TURN = 16 * 360


class GuidedView(FrameView):
    """Shows people as a mirror does, which is how they know themselves."""

    _held = 0.0
    _is_guiding = False

    def show_picture(self, rgb: NDArray[np.uint8]) -> None:
        """Show an (H, W, 3) uint8 RGB frame, left and right exchanged."""
        super().show_picture(rgb[:, ::-1])

    def show_guide(self, is_on: bool, held: float = 0.0) -> None:
        """Show where the face belongs, and how much of the count-down is over, 0 to 1."""
        self._is_guiding, self._held = is_on, held
        self.update()

    def paint_under_marks(self, painter: QPainter, area: QRectF) -> None:
        """Draw the place for the face, and around it the count-down."""
        if not self._is_guiding:
            return
        height = area.height() * _PLACE_HEIGHT
        place = QRectF(0, 0, height * _PLACE_RATIO, height)
        place.moveCenter(area.center())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_PLACE, _PEN_PX, Qt.PenStyle.DashLine))
        painter.drawEllipse(place)
        if self._held > 0:
            painter.setPen(QPen(_HELD, _HELD_PEN_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(place, _FULL_TURN // 4, -round(_FULL_TURN * self._held))
