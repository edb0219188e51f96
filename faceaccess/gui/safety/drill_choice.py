"""What is held up in an attack drill, at which door, and of whom, who must have agreed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QWidget

from faceaccess.codes import AttackKind
from faceaccess.gui.insights.person_box import PersonBox
from faceaccess.gui.layout import STRETCH, column, form, row, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import codes
from faceaccess.store.people.types import Person


class DrillChoice(QWidget):
    """Asks for kind and person, and first for the door; `chosen` says that all of it is there."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: tuple[AttackKind | None, str | None] = (None, None)
        self._is_under_way = False
        self.door, self.kind, self.person = QComboBox(self), QComboBox(self), PersonBox(self)
        for kind in AttackKind:
            self.kind.addItem(codes.attack(kind), kind)
        self.agreed = QCheckBox(self.tr("This person has agreed that their pictures are held up"), self)
        self.button = QPushButton("", self)
        self.missing = wrapped("", self, "muted")
        self.door_label = Label(self.tr("Door"), self)
        self.door.setAccessibleName(self.tr("Door"))
        self.kind.setAccessibleName(self.tr("Held up"))
        fields = form()
        fields.addRow(self.door_label, self.door)
        fields.addRow(self.tr("Held up"), self.kind)
        fields.addRow(self.tr("Pictures of"), self.person)
        line = row(self.button, self.missing)
        line.setStretch(1, 1)
        column(row(fields, STRETCH), self.agreed, line, parent=self, spacing=8)
        self.button.clicked.connect(self.chosen)
        self.kind.currentIndexChanged.connect(self._check)
        self.agreed.toggled.connect(self._check)
        self.person.editTextChanged.connect(self._on_person)
        self.show_choice((), ())

    def show_choice(
        self,
        doors: Sequence[str],
        people: Sequence[Person],
        held: tuple[AttackKind | None, str | None] | None = None,
    ) -> None:
        """Offer doors and people.

        Args:
            doors: their names.
            people: those who could be imitated.
            held: kind and person of the drill that is under way; None while none is.
        """
        if [self.door.itemText(number) for number in range(self.door.count())] != list(doors):
            self.door.clear()
            self.door.addItems(list(doors))
        self.person.show_people(people)
        if held is not None and held != self._held:
            kind, person_id = self._held = held
            if kind is not None and person_id is not None:
                self.kind.setCurrentIndex(self.kind.findData(kind))
                self.person.choose(person_id)
                self.agreed.setChecked(True)
        if held is None and self._is_under_way:
            # For another drill they are asked again.
            self._held = (None, None)
            self.agreed.setChecked(False)
        self._is_under_way = held is not None
        for widget in (self.door_label, self.door):
            widget.setVisible(not self._is_under_way)
        begin, change = self.tr("Begin the drill"), self.tr("Hold this up from now on")
        self.button.setText(change if self._is_under_way else begin)
        self._check()

    def forget(self) -> None:
        """Name nobody."""
        self._held = (None, None)
        self.person.setEditText("")
        self.show_choice((), ())

    def attack(self) -> AttackKind:
        """Return the kind chosen."""
        return AttackKind(self.kind.currentData())

    def _on_person(self, _: str) -> None:
        """Ask again: somebody else has not agreed yet."""
        self.agreed.setChecked(self._is_under_way and self.person.person_id() == self._held[1])
        self._check()

    def _check(self, _: object = None) -> None:
        person_id = self.person.person_id()
        is_whole = person_id is not None and self.agreed.isChecked()
        is_held = self._is_under_way and (self.attack(), person_id) == self._held
        self.agreed.setEnabled(person_id is not None)
        self.button.setEnabled(is_whole and not is_held and (self._is_under_way or self.door.count() > 0))
        self.missing.setText(self._missing(person_id))

    def _missing(self, person_id: str | None) -> str:
        """Return what is still to be done."""
        if person_id is None:
            return self.tr("Choose the person whose pictures are held up.")
        return "" if self.agreed.isChecked() else self.tr("Ask the person first.")
