"""Enters when somebody doesn't come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QWidget,
)

from faceaccess.codes import AbsenceKind, DayPart
from faceaccess.gui.layout import form, wrapped
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.month_chooser import chosen_day, day_field
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.store.people.types import Person

_FIELD_PX = 320


@dataclass(frozen=True)
class AbsenceWish:
    """What is to be entered."""

    person_id: str
    kind: AbsenceKind
    first_day: date
    last_day: date
    part: DayPart
    why: str


class AbsenceDialog(SaveDialog):
    """`wish` is the answer.

    Args:
        people: who may be absent.
        person_id: who is chosen at first; None leaves the first one.
        day: what to begin with.
    """

    def __init__(
        self, people: Sequence[Person], person_id: str | None, day: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("Absence"))
        self.person = QComboBox(self)
        for person in people:
            number = f" ({person.staff_number})" if person.staff_number else ""
            self.person.addItem(shown(person.name + number), person.person_id)
        self.person.setCurrentIndex(max(0, self.person.findData(person_id)))
        self.kind, self.part = QComboBox(self), QComboBox(self)
        for box, codes in ((self.kind, AbsenceKind), (self.part, DayPart)):
            for code in codes:
                box.addItem(attendance_text.label(code), code)
        self.first = day_field(self.tr("First day"), day, self)
        self.last = day_field(self.tr("Last day"), day, self)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(2000)
        self.reason.setPlaceholderText(self.tr("May be left out"))
        fields = form()
        for label, field in (
            (self.tr("Person"), self.person),
            (self.tr("Reason"), self.kind),
            (self.tr("First day"), self.first),
            (self.tr("Last day"), self.last),
            (self.tr("How much"), self.part),
            (self.tr("More words"), self.reason),
        ):
            field.setMinimumWidth(_FIELD_PX)
            field.setAccessibleName(label)
            fields.addRow(label, field)
        note = wrapped(
            self.tr("Remote is work: its hours are credited. More words go with the person."), self, "muted"
        )
        self.arrange(fields, note)
        self.first.dateChanged.connect(self._keep_order)

    def wish(self) -> AbsenceWish:
        """Return what is to be entered."""
        return AbsenceWish(
            self.person.currentData(),
            AbsenceKind(self.kind.currentData()),
            chosen_day(self.first),
            chosen_day(self.last),
            DayPart(self.part.currentData()),
            self.reason.text().strip(),
        )

    def _keep_order(self) -> None:
        self.last.setMinimumDate(self.first.date())
