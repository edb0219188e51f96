"""A dialog that enters a person's absence."""

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
    """The absence to be entered."""

    person_id: str
    kind: AbsenceKind
    first_day: date
    last_day: date
    part: DayPart
    why: str


class AbsenceDialog(SaveDialog):
    """Asks for a person, days and a kind; `wish` is the answer.

    Args:
        people: the people to choose from.
        person_id: the person chosen at first; None for nobody.
        day: the day shown at first.
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
        self.person.setPlaceholderText(self.tr("Choose a person"))
        self.person.setCurrentIndex(-1 if person_id is None else self.person.findData(person_id))
        self.kind, self.part = QComboBox(self), QComboBox(self)
        for box, codes in ((self.kind, AbsenceKind), (self.part, DayPart)):
            for code in codes:
                box.addItem(attendance_text.label(code), code)
        self.first = day_field(self.tr("First day"), day, self)
        self.last = day_field(self.tr("Last day"), day, self)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(2000)
        self.reason.setPlaceholderText(self.tr("Optional"))
        fields = form()
        for label, field in (
            (self.tr("Person"), self.person),
            (self.tr("Reason"), self.kind),
            (self.tr("First day"), self.first),
            (self.tr("Last day"), self.last),
            (self.tr("Part of the day"), self.part),
            (self.tr("Note"), self.reason),
        ):
            field.setMinimumWidth(_FIELD_PX)
            field.setAccessibleName(label)
            fields.addRow(label, field)
        note = wrapped(
            self.tr("Remote work counts: its hours are credited. The note is erased with the person."),
            self,
            "muted",
        )
        self.arrange(fields, note)
        self.first.dateChanged.connect(self._keep_order)

    def wish(self) -> AbsenceWish:
        """Return the absence to be entered."""
        return AbsenceWish(
            self.person.currentData(),
            AbsenceKind(self.kind.currentData()),
            chosen_day(self.first),
            chosen_day(self.last),
            DayPart(self.part.currentData()),
            self.reason.text().strip(),
        )

    def refusal(self) -> str:
        """Return that nobody is chosen."""
        if self.person.currentIndex() >= 0:
            return ""
        self.person.setFocus()
        return self.tr("Choose the person who is absent.")

    def _keep_order(self) -> None:
        self.last.setMinimumDate(self.first.date())
