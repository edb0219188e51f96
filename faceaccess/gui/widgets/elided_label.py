"""A label that shrinks, wraps or shortens its text instead of widening the window."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceaccess.gui.plain import Label, plain

_WRAP = Qt.TextFlag.TextWordWrap
_HIGH_PX = 10_000


class ElidedLabel(Label):
    """Ends in an ellipsis where the text doesn't fit; the whole text is in the tool tip.

    Args:
        least_points: the letters shrink down to this size before the text is shortened;
            0 keeps their size.
        two_lines_points: before they shrink below this size the text goes on in a second line;
            0 keeps one line.
        mode: where the ellipsis stands; photos of a camera differ at the end of their names.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        least_points: float = 0,
        two_lines_points: float = 0,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self.mode = mode
        self._least_points, self._two_lines_points = least_points, two_lines_points
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(two_lines_points > 0)
        self.setSizePolicy(policy)
        self.setMinimumWidth(24)

    def minimumSizeHint(self) -> QSize:
        """Return a width that never forces the window wider."""
        return QSize(24, super().minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Tell whether a second line may be needed."""
        return self._two_lines_points > 0

    def heightForWidth(self, width: int) -> int:
        """Return the height of one line or of two, pixels."""
        if not self._two_lines_points:
            return super().heightForWidth(width)
        font, has_two = self._fitting(width)
        return QFontMetrics(font).lineSpacing() * (2 if has_two else 1)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the text, shortened to the width."""
        painter = QPainter(self)
        font, has_two = self._fitting(self.width())
        painter.setFont(font)
        room_px = self.width()
        if has_two:
            room_px = _HIGH_PX if _is_in_two(font, self.text(), self.width()) else int(self.width() * 1.7)
        elided = QFontMetrics(font).elidedText(self.text(), self.mode, room_px)
        if self.toolTip() != (tip := "" if elided == self.text() else plain(self.text())):
            self.setToolTip(tip)
        painter.setPen(self.palette().windowText().color())
        lines = _WRAP if has_two else Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), self.alignment() | lines, elided)

    def _fitting(self, width: int) -> tuple[QFont, bool]:
        """Return the font in which the text fits a width, and whether it takes two lines."""
        font = QFont(self.font())
        one_least = self._two_lines_points or self._least_points
        while 0 < one_least < font.pointSizeF() and not _is_in_one(font, self.text(), width):
            font.setPointSizeF(font.pointSizeF() - 0.5)
        if not self._two_lines_points or _is_in_one(font, self.text(), width):
            return font, False
        while self._least_points < font.pointSizeF() and not _is_in_two(font, self.text(), width):
            font.setPointSizeF(font.pointSizeF() - 0.5)
        return font, True


def _is_in_one(font: QFont, text: str, width: int) -> bool:
    return QFontMetrics(font).horizontalAdvance(text) <= width


def _is_in_two(font: QFont, text: str, width: int) -> bool:
    metrics = QFontMetrics(font)
    needed = metrics.boundingRect(QRect(0, 0, width, _HIGH_PX), _WRAP, text)
    return needed.width() <= width and needed.height() <= 2 * metrics.lineSpacing()
