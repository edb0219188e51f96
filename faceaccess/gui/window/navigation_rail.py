"""The rail at the left that switches pages."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui import icons

_WIDTH = 108
_BADGE_PX, _MOST = 18, 99
_ICON_PX, _SMALL_PX = 26, 18
_LOW_PX, _LOWEST_PX = 58, 44


class NavigationRail(QFrame):
    """One large button per page; exactly one is checked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("Pages"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._buttons: list[_PageButton] = []
        self._names: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 12, 8, 12)
        self._column.setSpacing(2)
        self._column.addStretch(0)

    def add(self, label: str, icon: str, shortcut: str) -> None:
        """Append a page's button."""
        number = len(self._names)
        button = _PageButton(label, self)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        # In a low window they move together.
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        button.setMinimumHeight(_LOWEST_PX)
        button.setMaximumHeight(58)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(f"{label} ({shortcut})")
        self._buttons.append(button)
        self._names.append(icon)
        self._group.addButton(button, number)
        self._column.insertWidget(number, button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw smaller icons in a low window, so that no name is cut."""
        super().resizeEvent(event)
        shown = [button for button in self._buttons if not button.isHidden()]
        is_low = bool(shown) and event.size().height() / len(shown) < _LOW_PX
        for button in self._buttons:
            button.setIconSize(QSize(_SMALL_PX, _SMALL_PX) if is_low else QSize(_ICON_PX, _ICON_PX))

    def check(self, number: int) -> None:
        """Mark a page as the one that is shown."""
        self._buttons[number].setChecked(True)
        self.redraw()

    def allow(self, number: int, is_allowed: bool) -> None:
        """Offer a page, or hide it."""
        self._buttons[number].setVisible(is_allowed)
        self._buttons[number].setEnabled(is_allowed)

    def count(self, number: int, waiting: int) -> None:
        """Show how much waits on a page; 0 shows nothing."""
        self._buttons[number].count(waiting)

    def button(self, number: int) -> QToolButton:
        """Return a page's button."""
        return self._buttons[number]

    def redraw(self) -> None:
        """Draw the icons in the present colours."""
        role = QPalette.ColorRole
        for button, name in zip(self._buttons, self._names, strict=True):
            colour = QApplication.palette().color(role.Accent if button.isChecked() else role.PlaceholderText)
            button.setIcon(icons.icon(name, colour.name()))


class _PageButton(QToolButton):
    """A page's button, with a badge for what waits there."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(label)
        self.count(0)

    def count(self, waiting: int) -> None:
        self.waiting = waiting
        said = self.tr("{0}, %n waiting", "", waiting).format(self.text()) if waiting else self.text()
        self.setAccessibleName(said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.waiting:
            return
        text = str(self.waiting) if self.waiting <= _MOST else f"{_MOST}+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        font.setBold(True)
        painter.setFont(font)
        width = max(_BADGE_PX, painter.fontMetrics().horizontalAdvance(text) + 10)
        badge = QRectF(self.width() / 2 + 6, 3, width, _BADGE_PX)
        palette = self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Accent))
        painter.drawRoundedRect(badge, _BADGE_PX / 2, _BADGE_PX / 2)
        painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
