"""What stands in place of an empty list: what to do, and the button that does it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.layout import STRETCH, column
from faceaccess.gui.plain import Label


class EmptyState(QWidget):
    """An icon, a sentence and, where there is something to do, a button."""

    def __init__(self, icon: str, message: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = Label(message, self)
        self.message.setProperty("role", "empty")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        symbol = Label(self)
        symbol.setProperty("role", "muted")
        symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        icons.set_icon(symbol, icon, 48)
        self.button = QPushButton(action, self)
        self.button.setProperty("role", "primary")
        self.button.setVisible(bool(action))
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        self._buttons.addWidget(self.button)
        self._buttons.addStretch()
        column(STRETCH, symbol, self.message, self._buttons, STRETCH, parent=self, spacing=14, margin=24)

    def add_button(self, label: str) -> QPushButton:
        """Add a second thing to do, after the first."""
        button = QPushButton(label, self)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button
