"""An entry by hand: a new one, or one in place of another."""

from datetime import date, datetime, time

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import Direction
from faceaccess.gui import attendance_text
from faceaccess.gui.widgets.month_chooser import day_field, time_field

_WHY_PX = 340
_MOST_WORDS = 2000


class ReasonDialog(QDialog):
    """Asks why; `why` is the answer. Fields of a kind of correction stand above.

    Args:
        title: of the window.
        caution: what will happen.
    """

    def __init__(self, title: str, caution: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        words = QLabel(caution, self)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        words.setVisible(bool(caution))
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(18)
        self.form.setVerticalSpacing(10)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(_MOST_WORDS)
        self.reason.setMinimumWidth(_WHY_PX)
        self.reason.setAccessibleName(self.tr("Why"))
        self.reason.setPlaceholderText(self.tr("Shown with the entry, erased with the person"))
        self.problem = QLabel(self)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.form.addRow(self.tr("Why"), self.reason)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(self.form)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def why(self) -> str:
        """Return the reason given."""
        return self.reason.text().strip()

    def _accept(self) -> None:
        if self.why():
            self.accept()
        else:
            self.problem.setText(self.tr("Say why in a few words."))
            self.problem.show()
            self.reason.setFocus()


class EntryDialog(ReasonDialog):
    """Asks for a day, a time and a direction too; `moment` and `direction` are the answers.

    Args:
        title: of the window.
        caution: what will happen.
        at: what to begin with, on the company's clocks.
        direction: likewise.
    """

    def __init__(
        self, title: str, caution: str, at: datetime, direction: Direction, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, caution, parent)
        self.day = day_field(self.tr("Day"), at.date(), self)
        self.time = time_field(self.tr("Time"), at.time(), self)
        self.way = QComboBox(self)
        self.way.setAccessibleName(self.tr("Direction"))
        for each in Direction:
            self.way.addItem(attendance_text.code(each).capitalize(), each)
        self.way.setCurrentIndex(self.way.findData(direction))
        for row, (label, field) in enumerate(
            (
                (self.tr("Day"), self.day),
                (self.tr("Time"), self.time),
                (self.tr("Direction"), self.way),
            )
        ):
            self.form.insertRow(row, label, field)

    def moment(self) -> tuple[date, time]:
        """Return the day and the time, on the company's clocks."""
        return self.day.date().toPython(), self.time.time().toPython()

    def direction(self) -> Direction:
        """Return which way."""
        return Direction(self.way.currentData())
