"""The work schedules, the people they apply to, and the company's time zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceaccess.attendance.planning import Assignment, AttendancePolicy, Schedule, new_schedule
from faceaccess.attendance.typed_times import check_day
from faceaccess.errors import AttendanceError, FaceAccessError
from faceaccess.gui.attendance.assignment_dialog import AssignmentDialog
from faceaccess.gui.attendance.schedule_dialog import ScheduleDialog
from faceaccess.gui.background import run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.widgets.month_chooser import chosen_day, day_field
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.gui.wording import failures
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_SIZE = QSize(760, 640)


@dataclass(frozen=True)
class _Reading:
    schedules: list[Schedule]
    assignments: list[Assignment]
    people: list[Person]
    policy: AttendancePolicy


class SchedulesDialog(QDialog):
    """Lists schedules and assignments; changes take effect at once."""

    def __init__(
        self,
        access: "Access",
        people: "People",
        office: "Office",
        policies: "Policies",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Work schedules"))
        self._access, self._people, self._office = access, people, office
        self._policies = policies
        self._planning = office.planning
        self._reading = _Reading([], [], [], AttendancePolicy())
        self.schedules = ItemList(
            self.tr("Add a schedule"),
            self,
            empty_text=self.tr("There is no schedule: hours run from the first way in to the last way out."),
        )
        self.assignments = ItemList(
            self.tr("Assign a schedule"),
            self,
            empty_text=self.tr("No schedule is assigned yet."),
        )
        self.zone = QComboBox(self)
        self.zone.setEditable(True)
        self.zone.setMaxVisibleItems(25)
        self.zone.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.zone.setAccessibleName(self.tr("Time zone"))
        self.zone.addItem(self.tr("This computer's"), "")
        for name in sorted(available_timezones()):
            self.zone.addItem(name, name)
        completer = self.zone.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.zone_since = day_field(self.tr("Valid from"), date.today(), self)
        self.zone_button = QPushButton(self.tr("Save this zone"), self)
        self.zone_note, self.problem = Label(self), Label(self)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        # The policy is stored as a whole, so not before it was read.
        self.zone_button.setEnabled(False)
        self._arrange()
        self._connect()
        self.load()

    def load(self) -> None:
        """Show what is in force."""
        run_in_background(
            partial(_read, self._people, self._office, self._policies), self._show, self._fail, self
        )

    def _arrange(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setSpacing(10)
        zone = QHBoxLayout()
        zone.addWidget(self.zone, 1)
        zone.addWidget(Label(self.tr("from"), self))
        zone.addWidget(self.zone_since)
        zone.addWidget(self.zone_button)
        for heading, widget in (
            (self.tr("Schedules"), self.schedules),
            (self.tr("Assignments"), self.assignments),
            (self.tr("Time zone of the company"), self.zone_note),
        ):
            label = Label(heading, self)
            label.setProperty("role", "heading")
            column.addWidget(label)
            column.addWidget(widget)
        self.zone_note.setProperty("role", "muted")
        column.addLayout(zone)
        column.addStretch()
        area = QScrollArea(self)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        outer = QVBoxLayout(self)
        outer.addWidget(area, 1)
        outer.addWidget(self.problem)
        outer.addWidget(self.buttons)
        self.resize(_SIZE)

    def _connect(self) -> None:
        self.schedules.add_wanted.connect(self._add_schedule)
        self.schedules.edit_wanted.connect(self._edit_schedule)
        self.schedules.remove_wanted.connect(self._remove_schedule)
        self.assignments.add_wanted.connect(self._add_assignment)
        self.assignments.remove_wanted.connect(self._remove_assignment)
        self.zone_button.clicked.connect(self._keep_zone)
        self.buttons.rejected.connect(self.reject)

    def _show(self, reading: _Reading) -> None:
        self._reading = reading
        names = {schedule.schedule_id: schedule.name for schedule in reading.schedules}
        people = {person.person_id: person.name for person in reading.people}
        self.schedules.show_items(
            [(schedule.name, attendance_text.schedule(schedule)) for schedule in reading.schedules]
        )
        self.assignments.show_items(
            [
                (names.get(assignment.schedule_id, ""), attendance_text.assignment(assignment, people))
                for assignment in reading.assignments
            ]
        )
        for row in self.assignments.rows:
            row.edit_button.hide()
        self.assignments.add_button.setEnabled(bool(reading.schedules))
        self.zone_button.setEnabled(True)
        self.zone_note.setText(attendance_text.zones(reading.policy))

    def _add_schedule(self) -> None:
        number = len(self._reading.schedules) + 1
        self._open(new_schedule(self.tr("Schedule {0}").format(number)))

    def _edit_schedule(self, number: int) -> None:
        self._open(self._reading.schedules[number])

    def _open(self, schedule: Schedule) -> None:
        dialog = ScheduleDialog(schedule, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._run(partial(self._planning.set_schedule, self._access.actor, dialog.schedule()))
        dialog.deleteLater()

    def _remove_schedule(self, number: int) -> None:
        schedule_id = self._reading.schedules[number].schedule_id
        self._run(partial(self._planning.remove_schedule, self._access.actor, schedule_id))

    def _add_assignment(self) -> None:
        dialog = AssignmentDialog(self._reading.schedules, self._reading.people, date.today(), self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            assign = partial(self._planning.assign, self._access.actor, dialog.assignment())
            self._run(partial(assign, now=datetime.now(UTC)))
        dialog.deleteLater()

    def _remove_assignment(self, number: int) -> None:
        chosen = self._reading.assignments[number].assignment_id
        self._run(partial(self._planning.unassign, self._access.actor, chosen))

    def _keep_zone(self) -> None:
        index = self.zone.findText(self.zone.currentText())
        name = self.zone.itemData(index) if index >= 0 else self.zone.currentText()
        chosen = chosen_day(self.zone_since)
        try:
            check_day(chosen, today=date.today())
        except AttendanceError as error:
            self._fail(error)
            return
        since = chosen if self._reading.policy.zones else date.min
        self._run(partial(self._planning.set_zone, self._access.actor, name, since))

    def _run(self, change: Callable[[], object]) -> None:
        self.problem.clear()
        run_in_background(change, self._on_changed, self._fail, self)

    def _on_changed(self, _: object) -> None:
        self.load()

    def _fail(self, error: FaceAccessError) -> None:
        self.problem.setText(failures.whole(error))


def _read(people: "People", office: "Office", policies: "Policies") -> _Reading:
    planning = office.planning
    return _Reading(
        planning.schedules(),
        planning.assignments(),
        people.list(),
        policies.read(AttendancePolicy),
    )
