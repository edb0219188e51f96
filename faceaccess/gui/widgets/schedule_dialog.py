"""Sets up a work schedule: its week and its rules."""

from dataclasses import replace
from datetime import time

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from faceaccess.attendance.planning import Schedule, Shift
from faceaccess.codes import Pairing
from faceaccess.gui import attendance_text
from faceaccess.gui.widgets.month_chooser import time_field
from faceaccess.gui.widgets.settings_form import StillDoubleSpinBox, StillSpinBox

_NEW = Shift(time(9), time(17, 30), break_minutes=30)


class ShiftRow:
    """The fields of one weekday."""

    def __init__(self, day: int, shift: Shift | None, grid: QGridLayout, parent: QWidget) -> None:
        self._shift = shift or _NEW
        # Qt counts weekdays from 1, Monday.
        name = QLocale().dayName(day + 1, QLocale.FormatType.LongFormat)
        self.works = QCheckBox(name, parent)
        self.works.setChecked(shift is not None)
        self.start = time_field(parent.tr("From, {0}").format(name), self._shift.start, parent)
        self.end = time_field(parent.tr("To, {0}").format(name), self._shift.end, parent)
        self.pause = StillSpinBox(parent)
        self.pause.setRange(0, 600)
        self.pause.setSuffix(parent.tr(" min"))
        self.pause.setValue(self._shift.break_minutes)
        self.total = StillDoubleSpinBox(parent)
        self.total.setRange(0, 24)
        self.total.setSingleStep(0.25)
        self.total.setSuffix(parent.tr(" h"))
        self.total.setSpecialValueText(parent.tr("no"))
        self.total.setValue((self._shift.flexible_minutes or 0) / 60)
        self.pause.setAccessibleName(parent.tr("Break, {0}").format(name))
        self.total.setAccessibleName(parent.tr("Hours at will, {0}").format(name))
        self.fields = (self.start, self.end, self.pause, self.total)
        grid.addWidget(self.works, day + 1, 0)
        for column, field in enumerate(self.fields, 1):
            grid.addWidget(field, day + 1, column)
        self.works.toggled.connect(self._enable)
        self._enable(shift is not None)

    def shift(self) -> Shift | None:
        """Return the shift as it is set; None for a day off."""
        if not self.works.isChecked():
            return None
        return replace(
            self._shift,
            start=self.start.time().toPython(),
            end=self.end.time().toPython(),
            break_minutes=self.pause.value(),
            flexible_minutes=round(self.total.value() * 60) or None,
        )

    def _enable(self, is_on: bool) -> None:
        for field in self.fields:
            field.setEnabled(is_on)


class ScheduleDialog(QDialog):
    """`schedule` is the answer."""

    def __init__(self, schedule: Schedule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Work schedule"))
        self._schedule = schedule
        self.name = QLineEdit(schedule.name, self)
        self.name.setMaxLength(100)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        for column, words in enumerate(
            (self.tr("From"), self.tr("To"), self.tr("Break"), self.tr("Hours at will")), 1
        ):
            label = QLabel(words, self)
            label.setProperty("role", "muted")
            grid.addWidget(label, 0, column)
        self.rows = [ShiftRow(day, shift, grid, self) for day, shift in enumerate(schedule.shifts)]
        self.problem = QLabel(self)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._add_rules(schedule)
        self._arrange(grid)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def schedule(self) -> Schedule:
        """Return the schedule as it is set."""
        return replace(
            self._schedule,
            name=self.name.text().strip(),
            shifts=tuple(row.shift() for row in self.rows),
            pairing=Pairing(self.pairing.currentData()),
            grace_in_minutes=self.grace_in.value(),
            grace_out_minutes=self.grace_out.value(),
            overtime_after_minutes=self.overtime.value(),
            counts_early=self.counts_early.isChecked(),
            works_on_holidays=self.on_holidays.isChecked(),
        )

    def _add_rules(self, schedule: Schedule) -> None:
        self.pairing = QComboBox(self)
        for each in Pairing:
            self.pairing.addItem(attendance_text.code(each), each)
        self.pairing.setCurrentIndex(self.pairing.findData(schedule.pairing))
        self.grace_in, self.grace_out, self.overtime = (StillSpinBox(self) for _ in range(3))
        for box, minutes in (
            (self.grace_in, schedule.grace_in_minutes),
            (self.grace_out, schedule.grace_out_minutes),
            (self.overtime, schedule.overtime_after_minutes),
        ):
            box.setRange(0, 600)
            box.setSuffix(self.tr(" min"))
            box.setValue(minutes)
        self.counts_early = QCheckBox(self.tr("Work before the shift counts"), self)
        self.counts_early.setChecked(schedule.counts_early)
        self.on_holidays = QCheckBox(self.tr("Worked on holidays too"), self)
        self.on_holidays.setChecked(schedule.works_on_holidays)

    def _arrange(self, grid: QGridLayout) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.addRow(self.tr("Name"), self.name)
        rules = QFormLayout()
        rules.setHorizontalSpacing(18)
        rules.setVerticalSpacing(8)
        for label, field in (
            (self.tr("What counts"), self.pairing),
            (self.tr("Late after"), self.grace_in),
            (self.tr("Early by more than"), self.grace_out),
            (self.tr("Overtime from"), self.overtime),
        ):
            field.setAccessibleName(label)
            rules.addRow(label, field)
        note = QLabel(
            self.tr(
                "A shift that ends before it starts runs over midnight. With hours at will, from and to are "
                "the core time. Holidays are set up under Settings, with the access groups."
            ),
            self,
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(form)
        column.addLayout(grid)
        column.addWidget(note)
        column.addLayout(rules)
        for widget in (self.counts_early, self.on_holidays, self.problem, self.buttons):
            column.addWidget(widget)

    def _accept(self) -> None:
        if self.schedule().name:
            self.accept()
        else:
            self.problem.setText(self.tr("Give the schedule a name."))
