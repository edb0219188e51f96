"""A field to sign in, with finger, pen or mouse."""

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

_PAPER = QColor("#ffffff")
_INK = QColor("#10224a")
_LINE = QColor("#b9c0ca")
_PEN_PX = 2.4
_HEIGHT_PX = 130


class SignaturePad(QWidget):
    """White like paper in every look, so that the signature reads the same everywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = QPainterPath()
        self.setMinimumHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Signature"))
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)

    def sizeHint(self) -> QSize:
        """Return a size with room for a name."""
        return QSize(420, _HEIGHT_PX)

    def clear(self) -> None:
        """Take the signature away."""
        self._path = QPainterPath()
        self.update()

    def png(self) -> bytes | None:
        """Return the signature as PNG; None when nothing was drawn."""
        if self._path.elementCount() < 2:
            return None
        image = QImage(self.size(), QImage.Format.Format_Grayscale8)
        image.fill(_PAPER)
        painter = QPainter(image)
        self._draw(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload] # the stub wants bytes, which it refuses
        return bytes(buffer.data().data())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the paper, the line to sign on, and what was drawn."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _PAPER)
        painter.setPen(QPen(_LINE, 1))
        base = self.height() - 32
        painter.drawLine(24, base, self.width() - 24, base)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        self._draw(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; a tap is a dot."""
        self._path.moveTo(event.position())
        self._path.lineTo(event.position() + QPointF(0.5, 0.5))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        self._path.lineTo(event.position())
        self.update()

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(_INK, _PEN_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
