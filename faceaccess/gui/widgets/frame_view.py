"""The live picture with the faces marked on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceaccess.codes import Outcome
from faceaccess.gui import icons, theme
from faceaccess.gui.pictures import image_from_rgb
from faceaccess.gui.wording import codes

_BACKGROUND = QColor("#0d0f12")
_WORDS = QColor("#c9d0da")
_CAPTION_BACKGROUND = QColor(13, 15, 18, 200)
_ICON_PX = 20
_SQUARES = 8


@dataclass(frozen=True)
class FaceMark:
    """A face to mark.

    Attributes:
        box: x1 y1 x2 y2, pixels of the frame.
        outcome: gives colour and icon; None while nothing is decided.
        name: first line of the label.
        detail: second line, smaller; may be empty.
        is_hidden: whether the face is made unrecognisable.
    """

    box: tuple[float, float, float, float]
    outcome: Outcome | None
    name: str
    detail: str = ""
    is_hidden: bool = False


class FrameView(QWidget):
    """Shows a frame as large as it fits, with a mark on each face, or words when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._marks: tuple[FaceMark, ...] = ()
        self._message = self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Live picture"))

    @property
    def marks(self) -> tuple[FaceMark, ...]:
        """The faces marked at present."""
        return self._marks

    @property
    def message(self) -> str:
        """The words shown in place of a picture."""
        return self._message

    def set_caption(self, caption: str) -> None:
        """Name the picture in its corner; "" takes the name away."""
        self._caption = caption
        self.update()

    def has_picture(self) -> bool:
        """Return whether a frame is shown."""
        return not self._image.isNull()

    def show_picture(self, rgb: NDArray[np.uint8]) -> None:
        """Show an (H, W, 3) uint8 RGB frame; it is copied."""
        self._image = image_from_rgb(rgb)
        self.update()

    def show_marks(self, marks: tuple[FaceMark, ...]) -> None:
        """Mark these faces and no others."""
        if marks != self._marks:
            self._marks = marks
            names = ", ".join(mark.name for mark in marks)
            self.setAccessibleDescription(names)
            self.update()

    def show_message(self, message: str) -> None:
        """Take the picture away and show words instead."""
        self._image, self._marks, self._message = QImage(), (), message
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that suits a 4:3 camera."""
        return QSize(640, 480)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw picture and marks, or the message."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BACKGROUND)
        painter.drawRoundedRect(self.rect(), 10, 10)
        if self._image.isNull():
            self._paint_message(painter)
        else:
            area = self.picture_area()
            painter.drawImage(area, self._image)
            self.paint_under_marks(painter, area)
            for mark in self._marks:
                self._paint_mark(painter, area, mark)
        if self._caption:
            self._paint_caption(painter)

    def paint_under_marks(self, painter: QPainter, area: QRectF) -> None:
        """Draw what stands between picture and marks: nothing, unless a kind of view has something."""

    def picture_width(self) -> int:
        """Return the width of the picture, in its own pixels."""
        return self._image.width()

    def picture_area(self) -> QRectF:
        """Return where in the widget the picture stands."""
        fitted = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - fitted.width()) / 2, (self.height() - fitted.height()) / 2
        return QRectF(left, top, fitted.width(), fitted.height())

    def _paint_caption(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setBold(True)
        size = QFontMetricsF(font)
        elided = size.elidedText(self._caption, Qt.TextElideMode.ElideRight, self.width() - 40)
        label = QRectF(10, 10, size.horizontalAdvance(elided) + 18, size.height() + 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_CAPTION_BACKGROUND)
        painter.drawRoundedRect(label, 6, 6)
        painter.setFont(font)
        painter.setPen(_WORDS)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, elided)

    def _paint_message(self, painter: QPainter) -> None:
        symbol = icons.pixmap("camera", _WORDS.name(), 64, 2.0)
        middle = self.rect().center()
        painter.setOpacity(0.5)
        painter.drawPixmap(middle.x() - 32, middle.y() - 76, symbol)
        painter.setOpacity(1.0)
        font = QFont(self.font())
        font.setPointSizeF(13)
        painter.setFont(font)
        painter.setPen(_WORDS)
        box = self.rect().adjusted(32, 0, -32, 0)
        box.setTop(middle.y() + 8)
        painter.drawText(
            box,
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self._message,
        )

    def _paint_mark(self, painter: QPainter, area: QRectF, mark: FaceMark) -> None:
        scale = area.width() / self._image.width()
        x1, y1, x2, y2 = (value * scale for value in mark.box)
        box = QRectF(area.left() + x1, area.top() + y1, x2 - x1, y2 - y1).intersected(area)
        if mark.is_hidden:
            self._paint_hidden(painter, area, mark)
        colour = QColor(theme.outcome_colour(mark.outcome))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 190), 5))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QPen(colour, 3))
        painter.drawRoundedRect(box, 6, 6)
        self._paint_label(painter, area, box, mark)

    def _paint_hidden(self, painter: QPainter, area: QRectF, mark: FaceMark) -> None:
        """Draw a face, with some room for its next steps, as a few large squares."""
        x1, y1, x2, y2 = mark.box
        room = (x2 - x1) / 3
        part = QRectF(x1 - room, y1 - room, x2 - x1 + 2 * room, y2 - y1 + 2 * room).toRect()
        part = part.intersected(self._image.rect())
        coarse = self._image.copy(part).scaled(
            _SQUARES,
            _SQUARES,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scale = area.width() / self._image.width()
        target = QRectF(
            area.left() + part.left() * scale,
            area.top() + part.top() * scale,
            part.width() * scale,
            part.height() * scale,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(target, coarse)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)

    def _paint_label(self, painter: QPainter, area: QRectF, box: QRectF, mark: FaceMark) -> None:
        bold, plain = QFont(self.font()), QFont(self.font())
        bold.setPointSizeF(12)
        bold.setBold(True)
        name_size, detail_size = QFontMetricsF(bold), QFontMetricsF(plain)
        wide = max(name_size.horizontalAdvance(mark.name), detail_size.horizontalAdvance(mark.detail))
        high = name_size.height() + (detail_size.height() if mark.detail else 0) + 8
        label = QRectF(box.left(), box.bottom() + 4, wide + _ICON_PX + 22, high)
        if label.bottom() > area.bottom():
            label.moveBottom(box.top() - 4 if box.top() - 4 - high >= area.top() else area.bottom())
        label.moveLeft(max(area.left(), min(label.left(), area.right() - label.width())))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.outcome_colour(mark.outcome)))
        painter.drawRoundedRect(label, 6, 6)
        name = codes.outcome(mark.outcome).icon if mark.outcome else "search"
        symbol = icons.pixmap(name, theme.ON_OUTCOME, _ICON_PX, 2.0)
        painter.drawPixmap(QPointF(label.left() + 7, label.center().y() - _ICON_PX / 2), symbol)
        painter.setPen(QColor(theme.ON_OUTCOME))
        left = label.left() + _ICON_PX + 14
        painter.setFont(bold)
        painter.drawText(QPointF(left, label.top() + 4 + name_size.ascent()), mark.name)
        painter.setFont(plain)
        baseline = label.top() + 4 + name_size.height() + detail_size.ascent()
        painter.drawText(QPointF(left, baseline), mark.detail)
