"""The choice of a report, its period and its people."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QWidget

from faceaccess.attendance.reports import ReportRequest
from faceaccess.codes import ReportKind
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.month_chooser import MonthChooser, chosen_day, day_field
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.store.people.types import Person

_WHO_PX = 160


class ReportChoice(QWidget):
    """Gives a `ReportRequest`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people: list[Person] = []
        self.kind, self.who = QComboBox(self), QComboBox(self)
        self.kind.setAccessibleName(self.tr("Report"))
        for kind in ReportKind:
            if kind is not ReportKind.PERSON:
                self.kind.addItem(attendance_text.report_choice(kind), kind)
        self.kind.setCurrentIndex(self.kind.findData(ReportKind.MONTHLY))
        self.month = MonthChooser(self)
        self.day = day_field(self.tr("Day"), date.today(), self)
        self.who.setAccessibleName(self.tr("People"))
        self.who.setMinimumWidth(_WHO_PX)
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.who.setEditable(True)
        self.who.setMaxVisibleItems(25)
        self.who.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer, line = self.who.completer(), self.who.lineEdit()
        assert completer is not None
        assert line is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.kind, self.month, self.day, self.who):
            row.addWidget(widget)
        self.show_people([])
        self._show_fields()
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.month.changed.connect(self.changed)
        self.day.dateChanged.connect(self.changed)
        self.who.currentIndexChanged.connect(self.changed)
        line.editingFinished.connect(self._restore_text)

    def show_people(self, people: list[Person]) -> None:
        """Offer these people and their departments; the choice is kept."""
        self.people = people
        chosen = self.who.currentData()
        self.who.blockSignals(True)
        self.who.clear()
        self.who.addItem(self.tr("Everybody"), (None, None))
        for name in sorted({person.department for person in people if person.department}):
            self.who.addItem(shown(self.tr("Department {0}").format(name)), (None, name))
        for person in people:
            number = f" ({person.staff_number})" if person.staff_number else ""
            self.who.addItem(shown(person.name + number), (person.person_id, None))
        self._choose(chosen)
        self.who.blockSignals(False)

    def show_everybody(self) -> None:
        """Choose all people."""
        self.who.setCurrentIndex(0)

    def show_person(self, person_id: str) -> None:
        """Choose a person's timesheet."""
        self.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(ReportKind.MONTHLY))
        self._choose((person_id, None))
        self.blockSignals(False)
        self.changed.emit()

    def request(self) -> ReportRequest:
        """Return the report that is chosen."""
        kind = self._kind()
        person_id, department = self.who.currentData() or (None, None)
        if kind is ReportKind.MONTHLY and person_id is not None:
            return ReportRequest(ReportKind.PERSON, month=self.month.month, person_id=person_id)
        if kind is ReportKind.DAILY:
            return ReportRequest(kind, day=chosen_day(self.day), department=department)
        if kind is ReportKind.PRESENT:
            return ReportRequest(kind, department=department)
        return ReportRequest(kind, month=self.month.month, department=department)

    def _kind(self) -> ReportKind:
        return ReportKind(self.kind.currentData())

    def _on_kind_changed(self) -> None:
        self._show_fields()
        person_id, _ = self.who.currentData() or (None, None)
        if person_id is not None and self._kind() is not ReportKind.MONTHLY:
            # Only a timesheet is about one person.
            self.who.blockSignals(True)
            self.who.setCurrentIndex(0)
            self.who.blockSignals(False)
        self.changed.emit()

    def _show_fields(self) -> None:
        kind = self._kind()
        self.day.setVisible(kind is ReportKind.DAILY)
        self.month.setVisible(kind not in (ReportKind.DAILY, ReportKind.PRESENT))
        self.who.setVisible(kind is not ReportKind.VISITORS)

    def _choose(self, data: object) -> None:
        rows = [row for row in range(self.who.count()) if self.who.itemData(row) == data]
        self.who.setCurrentIndex(rows[0] if rows else 0)

    def _restore_text(self) -> None:
        """Restore the choice when the text typed matches nobody."""
        self.who.setEditText(self.who.itemText(self.who.currentIndex()))
