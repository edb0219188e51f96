"""A dialog that sets up a work schedule: its weeks and its rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from string import ascii_uppercase

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from faceaccess.attendance.doubts import about_schedule
from faceaccess.attendance.planning import Schedule, Shift, check_schedule
from faceaccess.attendance.typed_times import check_day
from faceaccess.codes import Pairing
from faceaccess.errors import AttendanceError
from faceaccess.gui.attendance.shift_row import ShiftRow, WeekFields
from faceaccess.gui.layout import STRETCH, form, row, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.month_chooser import chosen_day, day_field
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.widgets.settings_form import StillSpinBox
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.gui.wording import failures


class ScheduleDialog(SaveDialog):
    """Asks for the hours and rules of a schedule; `schedule` is the answer."""

    def __init__(self, schedule: Schedule, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("Work schedule"))
        self._schedule = schedule
        self.name = QLineEdit(schedule.name, self)
        self.name.setMaxLength(100)
        self.tabs, self.weeks = QTabBar(self), QStackedWidget(self)
        self.tabs.setAutoHide(True)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(self.weeks.setCurrentIndex)
        self.add_week, self.remove_week = QPushButton(self.tr("Add a week"), self), QPushButton(self)
        self.remove_week.setText(self.tr("Remove the last week"))
        begin = schedule.first_week or date.today()
        self.first_week = day_field(self.tr("Week A is the week of"), begin, self)
        self.first_label = Label(self.tr("Week A is the week of"), self)
        for week in schedule.weeks:
            self._add_week(week)
        self._add_rules(schedule)
        self._arrange()
        self.add_week.clicked.connect(self._repeat_week)
        self.remove_week.clicked.connect(self._remove_week)
        self.doubt_by(lambda: partial(about_schedule, self.schedule()))

    def showEvent(self, event: QShowEvent) -> None:
        """Give the weeks their room: they were measured before the style sheet made their fields taller."""
        super().showEvent(event)
        self.weeks.setMinimumHeight(self.weeks.sizeHint().height())

    def schedule(self) -> Schedule:
        """Return the schedule as it is set."""
        return replace(
            self._schedule,
            name=self.name.text().strip(),
            shifts=sum((week.shifts() for week in self._fields()), ()),
            first_week=chosen_day(self.first_week) if self.weeks.count() > 1 else None,
            pairing=Pairing(self.pairing.currentData()),
            grace_in_minutes=self.grace_in.value(),
            grace_out_minutes=self.grace_out.value(),
            overtime_after_minutes=self.overtime.value(),
            counts_early=self.counts_early.isChecked(),
            works_on_holidays=self.on_holidays.isChecked(),
        )

    @property
    def rows(self) -> list[ShiftRow]:
        """The days of all weeks."""
        return [row for week in self._fields() for row in week.rows]

    def _fields(self) -> list[WeekFields]:
        weeks = (self.weeks.widget(number) for number in range(self.weeks.count()))
        return [week for week in weeks if isinstance(week, WeekFields)]

    def _add_week(self, shifts: Sequence[Shift | None]) -> None:
        title = self.tr("Week {0}").format(ascii_uppercase[self.weeks.count()])
        self.weeks.addWidget(WeekFields(shifts, self))
        self.tabs.addTab(title)
        self._show_weeks()

    def _repeat_week(self) -> None:
        """Add a copy of the last week."""
        self._add_week(self._fields()[-1].shifts())
        self.tabs.setCurrentIndex(self.weeks.count() - 1)

    def _remove_week(self) -> None:
        last = self._fields()[-1]
        self.tabs.removeTab(self.weeks.count() - 1)
        self.weeks.removeWidget(last)
        last.deleteLater()
        self._show_weeks()

    def _show_weeks(self) -> None:
        count = self.weeks.count()
        self.add_week.setEnabled(count < len(ascii_uppercase))
        for widget in (self.remove_week, self.first_label, self.first_week):
            widget.setVisible(count > 1)

    def _add_rules(self, schedule: Schedule) -> None:
        self.pairing = QComboBox(self)
        for rule in Pairing:
            self.pairing.addItem(attendance_text.code(rule), rule)
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

    def _arrange(self) -> None:
        fields = form()
        fields.addRow(self.tr("Name"), self.name)
        rules = QGridLayout()
        rules.setHorizontalSpacing(18)
        rules.setVerticalSpacing(8)
        for number, (label, field) in enumerate(
            (
                (self.tr("Hours counted"), self.pairing),
                (self.tr("Overtime from"), self.overtime),
                (self.tr("Late after"), self.grace_in),
                (self.tr("Early by more than"), self.grace_out),
            )
        ):
            field.setAccessibleName(label)
            line, pair = divmod(number, 2)
            rules.addWidget(Label(label, self), line, 2 * pair)
            rules.addWidget(field, line, 2 * pair + 1)
        rules.addWidget(self.counts_early, 2, 0, 1, 2)
        rules.addWidget(self.on_holidays, 2, 2, 1, 2)
        note = wrapped(
            self.tr(
                "A time that ends before it starts runs over midnight. With flexible hours, the times are "
                "the core time. Weeks alternate from Monday to Monday. Holidays are set up under Settings, "
                "with the access groups."
            ),
            self,
            "muted",
        )
        turns = row(self.add_week, self.remove_week, self.first_label, self.first_week, STRETCH)
        self.arrange(fields, self.tabs, self.weeks, turns, note, rules)

    def refusal(self) -> str:
        """Return which fields contradict each other."""
        try:
            check_schedule(self.schedule())
            if self.weeks.count() > 1:
                check_day(chosen_day(self.first_week), today=date.today())
        except AttendanceError as error:
            return failures.whole(error)
        return "" if self.schedule().name else self.tr("Give the schedule a name.")
