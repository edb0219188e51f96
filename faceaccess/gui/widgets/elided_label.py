"""A one-line label that shrinks or shortens its text instead of widening the window."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceaccess.gui.plain import Label, plain


class ElidedLabel(Label):
    """Ends in an ellipsis where the text doesn't fit; the whole text is in the tool tip.

    Args:
        least_points: the letters shrink down to this size before the text is shortened;
            0 keeps their size.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, *, least_points: float = 0) -> None:
        super().__init__(text, parent)
        self._least_points = least_points
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)

    def minimumSizeHint(self) -> QSize:
        """Return a width that never forces the window wider."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the text, shortened to the width."""
        painter = QPainter(self)
        font = self._fitting_font()
        painter.setFont(font)
        elided = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        if self.toolTip() != (tip := "" if elided == self.text() else plain(self.text())):
            self.setToolTip(tip)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.contentsRect(), self.alignment() | Qt.TextFlag.TextSingleLine, elided)

    def _fitting_font(self) -> QFont:
        font = QFont(self.font())
        while (
            0 < self._least_points < font.pointSizeF()
            and QFontMetrics(font).horizontalAdvance(self.text()) > self.width()
        ):
            font.setPointSizeF(font.pointSizeF() - 0.5)
        return font
