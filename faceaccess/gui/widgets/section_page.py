"""A page of cards under one another, no wider than can be read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from faceaccess.gui.plain import Label

_WIDTH_PX = 860


class SectionPage(QScrollArea):
    """A title and cards, which scroll."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        inside.setMaximumWidth(_WIDTH_PX)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(16)
        heading = Label(title, inside)
        heading.setProperty("role", "title")
        self._column.addWidget(heading)
        self._column.addStretch()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def add(self, heading: str, *widgets: QWidget) -> QFrame:
        """Append a card and return it."""
        return self.insert(self._column.count() - 2, heading, *widgets)

    def insert(self, number: int, heading: str, *widgets: QWidget) -> QFrame:
        """Insert a card at a place, counted from 0, and return it."""
        card = QFrame(self)
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        label = Label(heading, card)
        label.setProperty("role", "heading")
        column.addWidget(label)
        for widget in widgets:
            column.addWidget(widget)
        self._column.insertWidget(number + 1, card)
        return card
