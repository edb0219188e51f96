"""A range of days, by its usual names or from a calendar."""

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QWidget


class Span(Enum):
    """The ranges on offer."""

    ANY = "any"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    CHOSEN = "chosen"


class DateRange(QWidget):
    """Gives the UTC bounds of the chosen local days; `until` is exclusive."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.span_box = QComboBox(self)
        self.span_box.setAccessibleName(self.tr("Days"))
        for span, label in (
            (Span.ANY, self.tr("Any day")),
            (Span.TODAY, self.tr("Today")),
            (Span.WEEK, self.tr("Last 7 days")),
            (Span.MONTH, self.tr("Last 30 days")),
            (Span.CHOSEN, self.tr("From … to …")),
        ):
            self.span_box.addItem(label, span)
        self.first = self._day_field(self.tr("First day"))
        self.last = self._day_field(self.tr("Last day"))
        self._to = QLabel(self.tr("to"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.span_box, self.first, self._to, self.last):
            row.addWidget(widget)
        self.span_box.currentIndexChanged.connect(self._on_span_changed)
        self.show_fields()

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """Return since and until in UTC, None for an open end."""
        span, today = self.span_box.currentData(), datetime.now().astimezone().date()
        if span is Span.ANY:
            return None, None
        if span is Span.CHOSEN:
            first, last = self.first.date().toPython(), self.last.date().toPython()
            return _midnight(min(first, last)), _midnight(max(first, last) + timedelta(days=1))
        days = {Span.TODAY: 0, Span.WEEK: 6, Span.MONTH: 29}[span]
        return _midnight(today - timedelta(days=days)), None

    def show_bounds(self, since: datetime | None, until: datetime | None) -> None:
        """Choose the days that these bounds in UTC are of."""
        usual = {(None, None): Span.ANY, (_midnight(datetime.now().astimezone().date()), None): Span.TODAY}
        span = usual.get((since, until), Span.CHOSEN)
        for widget in (self.first, self.last, self.span_box):
            widget.blockSignals(True)
        if span is Span.CHOSEN:
            last = datetime.now(UTC) if until is None else until - timedelta(microseconds=1)
            self.first.setDate((since or last).astimezone().date())
            self.last.setDate(last.astimezone().date())
        self.span_box.setCurrentIndex(self.span_box.findData(span))
        for widget in (self.first, self.last, self.span_box):
            widget.blockSignals(False)
        self._on_span_changed(0)

    def _day_field(self, name: str) -> QDateEdit:
        field = QDateEdit(QDate.currentDate(), self)
        field.setCalendarPopup(True)
        field.setDisplayFormat("yyyy-MM-dd")
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            # Qt's red can't be read on a dark ground.
            field.calendarWidget().setWeekdayTextFormat(day, QTextCharFormat())
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.dateChanged.connect(self.changed)
        return field

    def _on_span_changed(self, _: int) -> None:
        self.show_fields()
        self.changed.emit()

    def show_fields(self) -> None:
        """Show the two day fields only while days are chosen one by one."""
        for widget in (self.first, self._to, self.last):
            widget.setVisible(self.span_box.currentData() is Span.CHOSEN)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone().astimezone(UTC)
