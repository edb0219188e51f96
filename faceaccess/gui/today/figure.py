"""A figure that can be clicked: a large number over its caption."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from faceaccess.gui.plain import Label

_HEIGHT_PX = 78


class Figure(QPushButton):
    """Shows a number, and gives it to screen readers."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure")
        self._caption = caption
        self.number, self.caption = Label("–", self), Label(caption, self)
        self.number.setProperty("role", "value")
        self.caption.setProperty("role", "muted")
        self.caption.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 10, 8)
        self._column.setSpacing(0)
        for label in (self.number, self.caption):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._column.addWidget(label)
        self.setMinimumHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(caption)

    def sizeHint(self) -> QSize:
        """Return the size that its two lines need."""
        return self._column.sizeHint().expandedTo(QSize(100, _HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a button would leave out what is inside."""
        return QSize(90, _HEIGHT_PX)

    def show_number(self, number: int, caption: str = "") -> None:
        """Show a number, under another caption where it counts something else."""
        self._caption = caption or self._caption
        self.caption.setText(self._caption)
        self.number.setText(f"{number:,}".replace(",", "\u202f"))
        self.setAccessibleName(f"{self._caption}: {number}".replace("\n", " "))
