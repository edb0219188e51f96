"""A range of days, by its usual names or from a calendar."""

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

from faceaccess.gui.layout import row
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.month_chooser import chosen_day


class Span(Enum):
    """The ranges on offer."""

    ANY = "any"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    CHOSEN = "chosen"


class DateRange(QWidget):
    """Gives the UTC bounds of the chosen local days; `until` is exclusive.

    Attributes:
        fields: the first and the last day; a layout without room for them beside the box puts them below.
    """

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
        self._to = Label(self.tr("to"), self)
        self.fields = QWidget(self)
        row(self.first, self._to, self.last, parent=self.fields)
        row(self.span_box, self.fields, parent=self)
        self.span_box.currentIndexChanged.connect(self._on_span_changed)
        self.show_fields()

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """Return since and until in UTC, None for an open end."""
        span, today = self.span_box.currentData(), datetime.now().astimezone().date()
        if span is Span.ANY:
            return None, None
        if span is Span.CHOSEN:
            first, last = chosen_day(self.first), chosen_day(self.last)
            return _midnight(min(first, last)), _midnight(max(first, last) + timedelta(days=1))
        days = {Span.TODAY: 0, Span.WEEK: 6, Span.MONTH: 29}[span]
        return _midnight(today - timedelta(days=days)), None

    def show_bounds(self, since: datetime | None, until: datetime | None) -> None:
        """Show the local days of UTC bounds as `bounds` gives them; none at all is any day."""
        is_any = since is None and until is None
        self.span_box.blockSignals(True)
        self.span_box.setCurrentIndex(self.span_box.findData(Span.ANY if is_any else Span.CHOSEN))
        self.span_box.blockSignals(False)
        if not is_any:
            today = datetime.now().astimezone().date()
            first = since.astimezone().date() if since else date(2000, 1, 1)
            last = (until - timedelta(seconds=1)).astimezone().date() if until else today
            for field, day in ((self.first, first), (self.last, max(first, last))):
                field.blockSignals(True)
                field.setDate(QDate(day.year, day.month, day.day))
                field.blockSignals(False)
        self.show_fields()

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
        self.fields.setVisible(self.span_box.currentData() is Span.CHOSEN)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone().astimezone(UTC)
