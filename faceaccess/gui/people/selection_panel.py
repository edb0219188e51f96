"""What can be done to several people at once."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from faceaccess.codes import Right
from faceaccess.gui.background import Lane
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.department_field import DepartmentField
from faceaccess.gui.work import Work
from faceaccess.store.access.types import AccessGroup, AccessRules
from faceaccess.store.people.types import ConsentText, NewConsent, Person

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_MOST_NAMED = 8


class SelectionPanel(QWidget):
    """Department, groups, consent and activity of the people selected; `changed` follows each change."""

    changed = Signal()

    def __init__(
        self,
        access: "Access",
        reception: "Reception",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._reception, self._policies = access, reception, policies
        self._notices = notices
        self._people: list[Person] = []
        self._work = Work(self, access, notices, reload=self.changed.emit, busy=(self,), lane=Lane.FACES)
        self.heading, self.names = wrapped("", self, "heading"), wrapped("", self, "muted")
        self.department = DepartmentField(self)
        self.department.setPlaceholderText(self.tr("Department"))
        self.department.setAccessibleName(self.tr("Department"))
        self.department_button = QPushButton(self.tr("Set"), self)
        self.department_button.setAccessibleName(self.tr("Set the department of all selected"))
        self.groups_button = QPushButton(self.tr("May pass"), self)
        self.menu = QMenu(self)
        self.groups_button.setMenu(self.menu)
        self.consent_button = QPushButton(self.tr("Record consents…"), self)
        self.activate_button = QPushButton(self.tr("Activate"), self)
        self.deactivate_button = QPushButton(self.tr("Deactivate"), self)
        column(
            self.heading,
            self.names,
            row(self.department, self.department_button),
            self.groups_button,
            self.consent_button,
            row(self.deactivate_button, self.activate_button),
            STRETCH,
            parent=self,
            spacing=12,
            margin=14,
        )
        self.department_button.clicked.connect(self._set_department)
        self.department.returnPressed.connect(self._set_department)
        self.menu.triggered.connect(self._ask_groups)
        self.consent_button.clicked.connect(self._read_text)
        self.activate_button.clicked.connect(partial(self._set_active, True))
        self.deactivate_button.clicked.connect(partial(self._set_active, False))

    def show_people(self, people: Sequence[Person], departments: Sequence[str]) -> None:
        """Offer the actions on these people, as far as the operator may take them."""
        self._people = list(people)
        self.heading.setText(self.tr("%n people are selected", "", len(people)))
        more = ", …" if len(people) > _MOST_NAMED else ""
        self.names.setText(shown(", ".join(person.name for person in people[:_MOST_NAMED]) + more))
        self.department.show_departments(departments)
        self.department.clear()
        may_change = self._access.may(Right.CHANGE_PEOPLE)
        for widget in (
            self.department, self.department_button, self.activate_button, self.deactivate_button,
        ):  # fmt: skip
            widget.setVisible(may_change)
        self.activate_button.setEnabled(any(not person.is_active for person in people))
        self.deactivate_button.setEnabled(any(person.is_active for person in people))
        self.consent_button.setVisible(self._access.may(Right.ENROL))
        self.groups_button.setVisible(False)
        if self._access.may(Right.SET_POLICY):
            self._work.read(partial(self._policies.read, AccessRules), self._show_groups)

    def _show_groups(self, rules: AccessRules) -> None:
        self.groups_button.setVisible(bool(rules.groups))
        self.menu.clear()
        for group in rules.groups:
            self.menu.addAction(shown(self.tr("Only as the group {0}").format(group.name))).setData(group)
        self.menu.addAction(self.tr("At any time, in no group"))

    def _ids(self) -> list[str]:
        return [person.person_id for person in self._people]

    def _set_department(self) -> None:
        name = " ".join(self.department.text().split())
        message = self.tr("%n people are in the department {0}.", "", len(self._people))
        if not name:
            message = self.tr("%n people are in no department.", "", len(self._people))
            question = self.tr("Take %n people out of their departments?", "", len(self._people))
            if not self._is_sure(question, self.tr("It can be undone."), self.tr("Take them out")):
                return
        use_case = self._reception.selected.set_department
        self._change(self._work.by_actor(use_case, self._ids(), name), message.format(name))

    def _set_active(self, is_active: bool, _: bool = False) -> None:
        message = (
            self.tr("%n people are let in again.", "", len(self._people))
            if is_active
            else self.tr("%n people are refused at the door from now on.", "", len(self._people))
        )
        use_case = self._reception.selected.set_active
        self._change(self._work.by_actor(use_case, self._ids(), is_active), message)

    def _change(self, job: Callable[[], tuple[int, ...]], message: str) -> None:
        self._work.carry_out(job, partial(self._on_changed, message))

    def _on_changed(self, message: str, seqs: tuple[int, ...]) -> None:
        undo = (self.tr("Undo"), partial(self._undo, seqs)) if seqs else None
        self._notices.notify(message, is_success=True, action=undo)
        self.changed.emit()

    def _undo(self, seqs: tuple[int, ...]) -> None:
        undo = self._work.by_actor(self._reception.selected.undo, seqs)
        self._work.carry_out(undo, said=self.tr("It is as it was before."))

    def _ask_groups(self, action: QAction) -> None:
        group = action.data()
        count = len(self._people)
        if isinstance(group, AccessGroup):
            question = self.tr("Put %n people into the group {0}, and no other?", "", count).format(
                group.name
            )
            explanation = self.tr("They may pass only as this group may.")
        else:
            question = self.tr("Take %n people out of all groups?", "", count)
            explanation = self.tr("They may pass at any time, at every door.")
        if self._is_sure(question, explanation, self.tr("Change the groups")):
            ids = [group.group_id] if isinstance(group, AccessGroup) else []
            use_case = self._reception.selected.set_groups
            self._work.carry_out(
                self._work.by_actor(use_case, self._ids(), ids),
                said=self.tr("The access times of %n people are saved.", "", count),
            )

    def _read_text(self) -> None:
        self._work.read(self._reception.consents.current_texts, self._ask_consents)

    def _ask_consents(self, texts: list[ConsentText]) -> None:
        count = len(self._people)
        explanation = self.tr(
            "Only if each of them has agreed today, on paper, to the consent text in version {0}."
        )
        question = self.tr("Record the consents of %n people?", "", count)
        if not texts or not self._is_sure(
            question, explanation.format(texts[0].version), self.tr("They have agreed")
        ):
            return
        use_case = self._reception.selected.record_consents
        self._work.carry_out(
            self._work.by_actor(use_case, self._ids(), NewConsent(texts[0].version, date.today())),
            said=self.tr("The consents of %n people are recorded.", "", count),
        )

    def _is_sure(self, question: str, explanation: str, verb: str) -> bool:
        return confirms(self, question, explanation, verb=verb, harmless=self.tr("Cancel"))
