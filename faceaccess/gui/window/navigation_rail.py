"""The rail at the left that switches pages."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
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
        self._buttons: list[QToolButton] = []
        self._names: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 12, 8, 12)
        self._column.setSpacing(2)
        self._column.addStretch(0)

    def add(self, label: str, icon: str, shortcut: str) -> None:
        """Append a page's button."""
        number = len(self._names)
        button = QToolButton(self)
        button.setText(label)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(26, 26))
        # In a low window they move together.
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        button.setMinimumHeight(44)
        button.setMaximumHeight(58)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(f"{label} ({shortcut})")
        button.setAccessibleName(label)
        self._buttons.append(button)
        self._names.append(icon)
        self._group.addButton(button, number)
        self._column.insertWidget(number, button)

    def check(self, number: int) -> None:
        """Mark a page as the one that is shown."""
        self._buttons[number].setChecked(True)
        self.redraw()

    def allow(self, number: int, is_allowed: bool) -> None:
        """Offer a page, or hide it."""
        self._buttons[number].setVisible(is_allowed)
        self._buttons[number].setEnabled(is_allowed)

    def button(self, number: int) -> QToolButton:
        """Return a page's button."""
        return self._buttons[number]

    def redraw(self) -> None:
        """Draw the icons in the present colours."""
        role = QPalette.ColorRole
        for button, name in zip(self._buttons, self._names, strict=True):
            colour = QApplication.palette().color(role.Accent if button.isChecked() else role.PlaceholderText)
            button.setIcon(icons.icon(name, colour.name()))
