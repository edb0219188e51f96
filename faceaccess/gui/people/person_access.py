"""A person's access besides the face: a PIN, how they come in where heads are turned, and the groups."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from faceaccess.codes import OtherWay
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import column, form, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.settings.group_list import may_set_free, names_set_free
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.store.access.types import AccessGroup, AccessRules
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies


class PinDialog(SaveDialog):
    """Asks for a PIN twice; `pin` is the answer."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("PIN of {0}").format(name))
        self.fields = (QLineEdit(self), QLineEdit(self))
        advice = wrapped(
            self.tr("4 to 12 digits, for people who can't or won't use their face. Let the person type it."),
            self,
        )
        fields = form()
        for field, label in zip(self.fields, (self.tr("PIN"), self.tr("PIN again")), strict=True):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setMaxLength(12)
            field.setAccessibleName(label)
            fields.addRow(label, field)
        self.arrange(fields, advice)

    def pin(self) -> str:
        """Return the PIN typed."""
        return self.fields[0].text()

    def refusal(self) -> str:
        """Return that the two differ, and have both typed again."""
        if self.pin() == self.fields[1].text():
            return ""
        for field in self.fields:
            field.clear()
        self.fields[0].setFocus()
        return self.tr("The two are not the same: type the PIN again.")


class PersonAccess(QWidget):
    """The PIN, way in and groups of the person on show; `changed` says that they are different now."""

    changed = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        doors: "Doors",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._people, self._reception = access, people, reception
        self._doors, self._policies = doors, policies
        self._notices = notices
        self._person: Person | None = None
        self.pin_button = QPushButton(self.tr("Set PIN…"), self)
        self.remove_button = QPushButton(self.tr("Remove PIN"), self)
        self.groups_button = QPushButton(self.tr("May pass at any time"), self)
        self.way = QComboBox(self)
        self.way.addItem(self.tr("Turns the head"), None)
        self.way.addItem(self.tr("Gives a PIN"), OtherWay.PIN)
        self.way.addItem(self.tr("Asks at the desk"), OtherWay.DESK)
        self.way.setAccessibleName(self.tr("Where heads are turned"))
        self.way.setToolTip(self.tr("How this person comes in where a door asks people to turn the head"))
        self.no_pin = wrapped(self.tr("There is no PIN yet: set one."), self, "caution")
        self.menu = QMenu(self)
        self.groups_button.setMenu(self.menu)
        self.groups_button.setToolTip(self.tr("When this person may pass; groups are set up in the settings"))
        pins = QHBoxLayout()
        pins.addWidget(self.pin_button, 1)
        pins.addWidget(self.remove_button, 1)
        ways = form()
        ways.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        ways.setVerticalSpacing(4)
        ways.addRow(self.tr("Where heads are turned"), self.way)
        column(pins, ways, self.no_pin, self.groups_button, parent=self, spacing=12)
        self.pin_button.clicked.connect(self._ask)
        self.remove_button.clicked.connect(self._remove)
        self.menu.triggered.connect(self._on_group)
        self.way.activated.connect(self._on_way)

    def show_person(self, person: Person | None) -> None:
        """Show a person's PIN and groups."""
        self._person = person
        if person is None:
            return
        self.pin_button.setText(self.tr("Change PIN…") if person.has_pin else self.tr("Set PIN…"))
        self.remove_button.setEnabled(person.has_pin)
        self.way.setCurrentIndex(self.way.findData(person.other_way))
        self.no_pin.setVisible(person.other_way is OtherWay.PIN and not person.has_pin)
        job = partial(_read_groups, self._doors, self._policies, person.person_id)
        run_in_background(job, partial(self._show_groups, person.person_id), self._notices.fail, self)

    def _show_groups(self, person_id: str, reading: tuple[tuple[AccessGroup, ...], tuple[str, ...]]) -> None:
        if self._person is None or person_id != self._person.person_id:
            return
        groups, of_person = reading
        self.menu.clear()
        for group in groups:
            action = self.menu.addAction(group.name)
            action.setData(group.group_id)
            action.setCheckable(True)
            action.setChecked(group.group_id in of_person)
        self.groups_button.setEnabled(bool(groups))
        self._show_summary()

    def _show_summary(self) -> None:
        names = [action.text() for action in self.menu.actions() if action.isChecked()]
        self.groups_button.setText(
            self.tr("May pass: {0}").format(", ".join(names)) if names else self.tr("May pass at any time")
        )

    def _on_group(self, _: QAction) -> None:
        person = self._person
        if person is None:
            return
        self._show_summary()
        chosen = [action.data() for action in self.menu.actions() if action.isChecked()]
        if chosen:
            self._keep_groups(person, chosen, [])
            return
        job = partial(names_set_free, self._people, self._doors, person_id=person.person_id)
        done = partial(self._keep_groups, person, chosen)
        run_in_background(job, done, self._on_failed, self, lane=Lane.DOOR)

    def _keep_groups(self, person: Person, chosen: list[str], names: list[str]) -> None:
        question = self.tr("Take {0} out of the last group?").format(person.name)
        if names and not may_set_free(self, question, names, verb=self.tr("Take out")):
            self.show_person(self._person)
            return
        directory = self._reception.directory
        self._run(
            partial(directory.set_groups, self._access.actor, person.person_id, chosen),
            self.tr("The access times of {0} are saved.").format(person.name),
        )

    def _on_way(self, _: int) -> None:
        person, chosen = self._person, self.way.currentData()
        way = None if chosen is None else OtherWay(chosen)
        if person is not None and way is not person.other_way:
            directory = self._reception.directory
            self._run(
                partial(directory.set_other_way, self._access.actor, person.person_id, way),
                self.tr("How {0} comes in is saved.").format(person.name),
            )

    def _ask(self) -> None:
        person = self._person
        if person is None:
            return
        dialog = PinDialog(person.name, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            directory = self._reception.directory
            self._run(
                partial(directory.set_pin, self._access.actor, person.person_id, dialog.pin()),
                self.tr("{0} has a PIN.").format(person.name),
            )
        dialog.deleteLater()

    def _remove(self) -> None:
        person = self._person
        if person is None:
            return
        self._run(
            partial(self._reception.directory.remove_pin, self._access.actor, person.person_id),
            self.tr("{0} no longer has a PIN.").format(person.name),
        )

    def _run(self, job: Callable[[], object], message: str) -> None:
        run_in_background(job, partial(self._on_done, message), self._on_failed, self, lane=Lane.DOOR)

    def _on_done(self, message: str, _: object) -> None:
        self._notices.notify(message, is_success=True)
        self.changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.show_person(self._person)


def _read_groups(
    doors: "Doors", policies: "Policies", person_id: str
) -> tuple[tuple[AccessGroup, ...], tuple[str, ...]]:
    return policies.read(AccessRules).groups, doors.members.by_person().get(person_id, ())
