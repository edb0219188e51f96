"""A number that a threshold costs, with its interval and its meaning."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from faceaccess.gui.layout import wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.wording.amounts import per_thousand
from faceaccess.models.evidence import Rate


class PriceTile(QFrame):
    """A large number over its meaning; the last line says how sure it is, or what is missing."""

    def __init__(self, meaning: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figure")
        self._meaning = meaning
        self.number = Label("–", self)
        self.number.setProperty("role", "value")
        self.meaning, self.note = wrapped(meaning, self), wrapped("", self, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 8)
        column.setSpacing(0)
        for label in (self.number, self.meaning, self.note):
            column.addWidget(label)
        column.addStretch()
        self._column = column
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def offer(self, text: str) -> QPushButton:
        """Add a button below the number, hidden at first, and return it."""
        button = QPushButton(text, self)
        button.setProperty("role", "quiet")
        button.hide()
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return button

    def show_rate(self, rate: Rate | None, lacking: str) -> None:
        """Show a rate, of a thousand.

        Args:
            rate: None where nothing can be estimated.
            lacking: what is missing for an estimate that can be trusted; "" for nothing.
        """
        if rate is None:
            self.show_text("–", lacking)
            return
        low, high = per_thousand(rate.low), per_thousand(rate.high)
        sure = self.tr("95 % interval: {0} to {1}").format(low, high)
        self.show_text(per_thousand(rate.mean), f"{sure}. {lacking}" if lacking else sure)

    def show_text(self, number: str, note: str = "", *, is_bad: bool = False) -> None:
        """Show a number, or a word in its place, and what is to be said of it."""
        self.number.setText(number)
        self.note.setText(note)
        self.note.setProperty("role", "caution" if is_bad else "muted")
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
        self.setAccessibleName(f"{self._meaning}: {number}. {note}")
