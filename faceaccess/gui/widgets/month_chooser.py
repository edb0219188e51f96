"""Fields for a month, turned over by two buttons, for a day from a calendar, and for a time of day."""

from datetime import date, time, timedelta

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QPushButton, QTimeEdit, QWidget

from faceaccess.gui import icons
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import attendance as attendance_text

_LABEL_PX = 120
_TEXT_MARGIN_PX = 6


class MonthChooser(QWidget):
    """Gives the first day of the month that is shown; none after the present one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.month = date.today().replace(day=1)
        self.earlier, self.later = QPushButton(self), QPushButton(self)
        for button, icon, name in (
            (self.earlier, "chevron-left", self.tr("Month before")),
            (self.later, "chevron-right", self.tr("Month after")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setProperty("role", "quiet")
            icons.set_icon(button, icon, 16)
        self.label = Label(self)
        self.label.setMinimumWidth(_LABEL_PX)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self.earlier, self.label, self.later):
            row.addWidget(widget)
        self.earlier.clicked.connect(self._show_earlier)
        self.later.clicked.connect(self._show_later)
        self.show_month(self.month)

    def show_month(self, month: date) -> None:
        """Show a month, given by any of its days."""
        self.month = month.replace(day=1)
        self.label.setText(attendance_text.month(self.month))
        self.later.setEnabled(self.month < date.today().replace(day=1))

    def _show_earlier(self) -> None:
        self.show_month(self.month - timedelta(days=1))
        self.changed.emit()

    def _show_later(self) -> None:
        self.show_month(self.month + timedelta(days=31))
        self.changed.emit()


def day_field(name: str, day: date, parent: QWidget) -> QDateEdit:
    """Return a field for a day."""
    field = QDateEdit(QDate(day.year, day.month, day.day), parent)
    field.setCalendarPopup(True)
    field.setDisplayFormat("yyyy-MM-dd")
    for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        # Qt's red can't be read on a dark ground.
        field.calendarWidget().setWeekdayTextFormat(weekday, QTextCharFormat())
    field.setAccessibleName(name)
    return field


def chosen_day(field: QDateEdit) -> date:
    """Return the day that a field shows."""
    day = field.date()
    return date(day.year(), day.month(), day.day())


def time_field(name: str, at: time, parent: QWidget) -> QTimeEdit:
    """Return a field for a time of day."""
    field = QTimeEdit(QTime(at.hour, at.minute), parent)
    field.setDisplayFormat("HH:mm")
    field.setAccessibleName(name)
    # The style sheet's padding doesn't reach the field inside.
    field.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)
    return field


def chosen_time(field: QTimeEdit) -> time:
    """Return the time of day that a field shows."""
    at = field.time()
    return time(at.hour(), at.minute())
