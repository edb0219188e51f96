"""The week of a schedule: each day's times of work, break and hours at will."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QWidget

from faceaccess.attendance.planning import Shift
from faceaccess.gui import icons
from faceaccess.gui.layout import row
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.month_chooser import chosen_time, time_field
from faceaccess.gui.widgets.settings_form import StillDoubleSpinBox, StillSpinBox
from faceaccess.gui.wording.noop import translate

_NEW = Shift(time(9), time(17, 30), break_minutes=30)
_LATER = time(18), time(21)
_GAP_PX = 4


class HoursPair(QWidget):
    """A time of work, from when to when.

    Args:
        name: of the day.
        hours: to begin with.
        before: a word that stands before it; may be empty.
    """

    def __init__(self, name: str, hours: tuple[time, time], before: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.start = time_field(self.tr("From, {0}").format(name), hours[0], self)
        self.end = time_field(self.tr("To, {0}").format(name), hours[1], self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        if before:
            row.addWidget(Label(before, self))
        for widget in (self.start, Label("–", self), self.end):
            row.addWidget(widget)

    def hours(self) -> tuple[time, time]:
        """Return the time of work as it is set."""
        return chosen_time(self.start), chosen_time(self.end)


class HoursField(QWidget):
    """The times of work of a day, side by side: one at least, more by a button.

    Args:
        name: of the day.
        hours: to begin with.
    """

    def __init__(self, name: str, hours: Sequence[tuple[time, time]], parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self.pairs: list[HoursPair] = []
        self.add_button, self.remove_button = QPushButton(self), QPushButton(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP_PX)
        line = row(self._row, parent=self, spacing=_GAP_PX)
        for button, icon, label in (
            (self.add_button, "plus", self.tr("A further time of work, {0}")),
            (self.remove_button, "close", self.tr("Without the last time of work, {0}")),
        ):
            icons.set_icon(button, icon, 16)
            button.setProperty("role", "quiet")
            button.setAccessibleName(label.format(name))
            button.setToolTip(label.format(name))
            line.addWidget(button)
        line.addStretch()
        for pair in hours:
            self._add(pair)
        self.add_button.clicked.connect(self._add_later)
        self.remove_button.clicked.connect(self._remove_last)

    def hours(self) -> tuple[tuple[time, time], ...]:
        """Return the times as they are set."""
        return tuple(pair.hours() for pair in self.pairs)

    def _add_later(self) -> None:
        self._add(_LATER)

    def _add(self, hours: tuple[time, time]) -> None:
        pair = HoursPair(self._name, hours, self.tr("and") if self.pairs else "", self)
        self.pairs.append(pair)
        self._row.addWidget(pair)
        self.remove_button.setVisible(len(self.pairs) > 1)

    def _remove_last(self) -> None:
        pair = self.pairs.pop()
        self._row.removeWidget(pair)
        pair.hide()
        pair.deleteLater()
        self.remove_button.setVisible(len(self.pairs) > 1)


class ShiftRow:
    """The fields of one weekday.

    Args:
        day: 0 is Monday.
        shift: to begin with; None is a day off.
        grid: the row is put in, below its headings.
        parent: of the fields.
    """

    def __init__(self, day: int, shift: Shift | None, grid: QGridLayout, parent: QWidget) -> None:
        self._shift = shift or _NEW
        # Qt counts weekdays from 1, Monday.
        name = QLocale().dayName(day + 1, QLocale.FormatType.LongFormat)
        self.works = QCheckBox(name, parent)
        self.works.setChecked(shift is not None)
        self.times = HoursField(name, self._shift.hours, parent)
        self.pause = StillSpinBox(parent)
        self.pause.setRange(0, 600)
        self.pause.setSuffix(translate("WeekFields", " min"))
        self.pause.setValue(self._shift.break_minutes)
        self.total = StillDoubleSpinBox(parent)
        self.total.setRange(0, 24)
        self.total.setSingleStep(0.25)
        self.total.setSuffix(translate("WeekFields", " h"))
        self.total.setSpecialValueText(translate("WeekFields", "no"))
        self.total.setValue((self._shift.flexible_minutes or 0) / 60)
        self.pause.setAccessibleName(translate("WeekFields", "Break, {0}").format(name))
        self.total.setAccessibleName(translate("WeekFields", "Hours at will, {0}").format(name))
        self.fields = (self.times, self.pause, self.total)
        grid.addWidget(self.works, day + 1, 0)
        for column, field in enumerate(self.fields, 1):
            grid.addWidget(field, day + 1, column)
        self.works.toggled.connect(self._enable)
        self._enable(shift is not None)

    def shift(self) -> Shift | None:
        """Return the shift as it is set; None for a day off."""
        if not self.works.isChecked():
            return None
        (start, end), *later = self.times.hours()
        return replace(
            self._shift,
            start=start,
            end=end,
            later=tuple(later),
            break_minutes=self.pause.value(),
            flexible_minutes=round(self.total.value() * 60) or None,
        )

    def _enable(self, is_on: bool) -> None:
        for field in self.fields:
            field.setEnabled(is_on)


class WeekFields(QWidget):
    """The fields of a week."""

    def __init__(self, shifts: Sequence[Shift | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for column, heading in enumerate((self.tr("Works"), self.tr("Break"), self.tr("Hours at will")), 1):
            label = Label(heading, self)
            label.setProperty("role", "muted")
            grid.addWidget(label, 0, column)
        self.rows = [ShiftRow(day, shift, grid, self) for day, shift in enumerate(shifts)]

    def shifts(self) -> tuple[Shift | None, ...]:
        """Return the week as it is set."""
        return tuple(row.shift() for row in self.rows)
