"""Has a schedule hold for somebody."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QWidget,
)

from faceaccess.attendance.planning import Assignment, Schedule
from faceaccess.gui.layout import form, wrapped
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.month_chooser import chosen_day, day_field
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.store.people.types import Person

_FIELD_PX = 280


class AssignmentDialog(SaveDialog):
    """`assignment` is the answer.

    Args:
        schedules: at least one.
        people: whom it may hold for, with their departments.
        day: what to begin with.
    """

    def __init__(
        self,
        schedules: Sequence[Schedule],
        people: Sequence[Person],
        day: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("Whom a schedule holds for"))
        self.schedule, self.whom = QComboBox(self), QComboBox(self)
        for schedule in schedules:
            self.schedule.addItem(shown(schedule.name), schedule.schedule_id)
        self.whom.addItem(self.tr("Everybody"), (None, None))
        for name in sorted({person.department for person in people if person.department}):
            self.whom.addItem(shown(self.tr("Department {0}").format(name)), (None, name))
        for person in people:
            self.whom.addItem(shown(person.name), (person.person_id, None))
        self.first = day_field(self.tr("From"), day, self)
        self.ends = QCheckBox(self.tr("Ends on"), self)
        self.last = day_field(self.tr("Last day"), day, self)
        self.last.setEnabled(False)
        self.ends.toggled.connect(self.last.setEnabled)
        note = wrapped(
            self.tr(
                "A person's own schedule goes before the department's, that before everybody's. Only a"
                " person's own asks anything of days before the enrolment."
            ),
            self,
            "muted",
        )
        fields = form()
        for label, field in (
            (self.tr("Schedule"), self.schedule),
            (self.tr("For"), self.whom),
            (self.tr("From"), self.first),
        ):
            field.setMinimumWidth(_FIELD_PX)
            field.setAccessibleName(label)
            fields.addRow(label, field)
        fields.addRow(self.ends, self.last)
        self.arrange(fields, note)
        self.first.dateChanged.connect(self.last.setMinimumDate)

    def assignment(self) -> Assignment:
        """Return the assignment as it is set."""
        person_id, department = self.whom.currentData()
        return Assignment(
            self.schedule.currentData(),
            chosen_day(self.first),
            chosen_day(self.last) if self.ends.isChecked() else None,
            person_id,
            department,
        )
