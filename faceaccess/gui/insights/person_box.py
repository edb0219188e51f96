"""A field to choose somebody enrolled in, by typing a part of the name."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QDialogButtonBox, QLineEdit, QWidget

from faceaccess.gui.insights import trial_text
from faceaccess.gui.layout import wrapped
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.store.people.types import Person

_WIDE_PX = 260


class PersonBox(QComboBox):
    """The people enrolled, and a stranger first where that may be the answer."""

    def __init__(self, parent: QWidget | None = None, *, has_stranger: bool = False) -> None:
        super().__init__(parent)
        self._has_stranger = has_stranger
        self._people: Sequence[Person] = ()
        self._strangers: Sequence[int] = ()
        field = QLineEdit(self)
        field.setPlaceholderText(self.tr("Type a name"))
        self.setLineEdit(field)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumWidth(_WIDE_PX)
        self.setAccessibleName(self.tr("Person"))
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)

    def show_people(self, people: Sequence[Person], strangers: Sequence[int] = ()) -> None:
        """Offer people; what was typed stays.

        Args:
            people: those enrolled.
            strangers: the numbers of those who came by before.
        """
        if self.count() and people == self._people and list(strangers) == list(self._strangers):
            return
        self._people, self._strangers, typed = people, strangers, self.currentText()
        self.clear()
        if self._has_stranger:
            newest = max(strangers, default=0) + 1
            self.addItem(self.tr("Somebody new: {0}").format(trial_text.stranger(newest)), newest)
            for stranger in strangers:
                self.addItem(trial_text.stranger(stranger), stranger)
        for person in people:
            number = f"   {person.staff_number}" if person.staff_number else ""
            self.addItem(shown(f"{person.name}{number}"), person.person_id)
        self.setCurrentIndex(-1)
        self.setEditText(typed)

    def is_chosen(self) -> bool:
        """Return whether what is typed is on the list."""
        return self._row() >= 0

    def person_id(self) -> str | None:
        """Return the id of the person chosen; None for a stranger, or nobody."""
        chosen = self._chosen()
        return chosen if isinstance(chosen, str) else None

    def stranger(self) -> int:
        """Return the number of the stranger chosen; 0 for somebody enrolled, or nobody."""
        chosen = self._chosen()
        return chosen if isinstance(chosen, int) else 0

    def choose(self, person_id: str) -> None:
        """Choose somebody enrolled."""
        self.setCurrentIndex(self.findData(person_id))

    def _chosen(self) -> object:
        row = self._row()
        return None if row < 0 else self.itemData(row)

    def _row(self) -> int:
        row = self.currentIndex()
        if row >= 0 and self.itemText(row) == self.currentText():
            return row
        return self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)


class PersonDialog(SaveDialog):
    """Asks for the person that an entry really shows; `box` has the answer."""

    def __init__(self, people: Sequence[Person], parent: QWidget | None = None) -> None:
        super().__init__("", parent, save=QDialogButtonBox.StandardButton.Ok)
        self.setWindowTitle(self.tr("Who was it?"))
        self.box = PersonBox(self)
        self.box.show_people(people)
        self.arrange(wrapped(self.tr("The person who came by:"), self), self.box)

    def refusal(self) -> str:
        """Return that nobody is chosen."""
        return "" if self.box.is_chosen() else self.tr("Choose somebody who is enrolled.")
