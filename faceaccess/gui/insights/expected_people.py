"""The people who are to come to a trial day: chosen, and those who have not come often enough yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.door.trial_day.day import TrialDay
    from faceaccess.door.trial_day.passes import Pass

_MOST_SHOWN = 40
"""So many people are named who are still to come; of more, how many."""

_WIDE_PX, _HIGH_PX = 420, 480


class ExpectedPeople(QWidget):
    """Tells who is still to come; `person_chosen` carries the id of somebody who was clicked."""

    person_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = wrapped("", self)
        self.choose_button = QPushButton(self.tr("Choose who is to come…"), self)
        self.more = Label("", self)
        self.more.setProperty("role", "muted")
        self.people: list[QPushButton] = []
        self._missing = QWidget(self)
        self._flow = FlowLayout(self._missing, spacing=6)
        # The sentence gets the room, not the button.
        self.choose_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        column(row(self.choose_button, self.summary), self._missing, self.more, parent=self, spacing=6)
        self.show_people({}, 0)

    def show_day(self, day: "TrialDay", passes: "Sequence[Pass]", names: Mapping[str, str]) -> None:
        """Show who of the people who are to come has not yet come often enough.

        Args:
            day: under way.
            passes: so far.
            names: of the people who are to come, by their ids.
        """
        came = Counter(row.person_id for row in passes)
        missing = {
            person_id: f"{names.get(person_id, person_id[:8])}  {came[person_id]}/{day.passes}"
            for person_id in day.expected
            if came[person_id] < day.passes
        }
        self.show_people(missing, len(day.expected))

    def show_people(self, missing: Mapping[str, str], expected: int) -> None:
        """Show the people who are missing, by their ids, and how many are to come in all."""
        for button in self.people:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.people = []
        for person_id, label in list(missing.items())[:_MOST_SHOWN]:
            button = QPushButton(shown(label).replace("&", "&&"), self._missing)
            button.setProperty("role", "quiet")
            button.setToolTip(self.tr("Put the name into the field below"))
            button.clicked.connect(partial(self._choose, person_id))
            self._flow.addWidget(button)
            button.show()
            self.people.append(button)
        self._missing.setVisible(bool(self.people))
        hidden = len(missing) - len(self.people)
        self.more.setText(self.tr("And so many more: {0}.").format(hidden))
        self.more.setVisible(hidden > 0)
        sentence = self.tr("Nobody was chosen: nobody is missed.")
        if expected:
            sentence = self.tr("Still to come: {0} of %n people.", "", expected).format(len(missing))
        self.summary.setText(sentence)

    def _choose(self, person_id: str, _: bool = False) -> None:
        self.person_chosen.emit(person_id)


class ExpectedDialog(SaveDialog):
    """Asks who is to come; `expected` returns the ids of the people ticked."""

    def __init__(
        self, people: Sequence[Person], expected: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent, save=QDialogButtonBox.StandardButton.Ok)
        self.setWindowTitle(self.tr("Who is to come?"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Type a part of a name, number or department"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("People"))
        for person in people:
            facts = "   ".join(filter(None, (person.name, person.staff_number, person.department)))
            item = QListWidgetItem(shown(facts), self.list)
            item.setData(Qt.ItemDataRole.UserRole, person.person_id)
            is_chosen = person.person_id in expected
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        self.all_button = QPushButton(self.tr("Tick all shown"), self)
        self.none_button = QPushButton(self.tr("Tick none"), self)
        self.chosen = Label("", self)
        self.chosen.setProperty("role", "muted")
        self.arrange(
            wrapped(
                self.tr("Those ticked are named as still to come until they have passed often enough:"), self
            ),
            self.search,
            self.list,
            row(self.all_button, self.none_button, self.chosen, STRETCH),
        )
        self.resize(_WIDE_PX, _HIGH_PX)
        self.search.textChanged.connect(self._find)
        self.list.itemChanged.connect(self._count)
        self.all_button.clicked.connect(self._tick_all)
        self.none_button.clicked.connect(self._tick_none)
        self._count()

    def expected(self) -> list[str]:
        """Return the ids of the people who are ticked."""
        return [
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        ]

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _find(self, typed: str) -> None:
        terms = typed.casefold().split()
        for item in self._items():
            text = item.text().casefold()
            item.setHidden(not all(term in text for term in terms))

    def _tick_all(self) -> None:
        for item in self._items():
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked)

    def _tick_none(self) -> None:
        for item in self._items():
            item.setCheckState(Qt.CheckState.Unchecked)

    def _count(self, _: object = None) -> None:
        self.chosen.setText(self.tr("People ticked: {0}").format(len(self.expected())))
