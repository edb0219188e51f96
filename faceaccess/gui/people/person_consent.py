"""What a person agreed to, and what can be done about it."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from faceaccess.codes import Right
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.people.removal import Removal
from faceaccess.gui.widgets.consent_section import ConsentSection
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.wording import consent as text_consent
from faceaccess.store.people.types import Consent, ConsentText, NewConsent, Person

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies


@dataclass(frozen=True)
class _Known:
    consent: Consent | None
    texts: list[ConsentText]


class PersonConsent(QWidget):
    """The consent in force, to be recorded or withdrawn; and the way to erase the person."""

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
        self._access, self._reception = access, reception
        self._notices = notices
        self._person: Person | None = None
        self._texts: list[ConsentText] = []
        self.removal = Removal(access, reception, policies, notices, self)
        self.state = wrapped("", self)
        self.record_button = QPushButton(self.tr("Record consent…"), self)
        self.withdraw_button = QPushButton(self.tr("Withdraw…"), self)
        self.erase_button = QPushButton(self.tr("Erase for good…"), self)
        self.erase_button.setProperty("role", "danger")
        row = QHBoxLayout()
        row.addWidget(self.record_button, 1)
        row.addWidget(self.withdraw_button, 1)
        column(self.state, row, parent=self, spacing=8)
        self.record_button.clicked.connect(self._record)
        self.withdraw_button.clicked.connect(self._withdraw)
        self.erase_button.clicked.connect(self._erase)
        self.removal.removed.connect(self.changed)

    def show_person(self, person: Person | None) -> None:
        """Show a person's consent."""
        self._person = person
        self.state.setText("")
        if person is not None:
            self.erase_button.setVisible(self._access.may(Right.DELETE_PEOPLE))
            self._load(person)

    def _load(self, person: Person) -> None:
        read = partial(_read, self._reception, person.person_id)
        run_in_background(read, partial(self._show, person.person_id), self._notices.fail, self)

    def _show(self, person_id: str, known: _Known) -> None:
        if self._person is None or self._person.person_id != person_id:
            return
        self._texts = known.texts
        self.state.setText(text_consent.state(known.consent))
        self.withdraw_button.setEnabled(known.consent is not None or self._person.template_count > 0)

    def _record(self) -> None:
        person = self._person
        if person is None:
            return
        dialog = RecordDialog(person.name, self._texts, self.window())
        consent = dialog.section.new_consent() if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if consent is not None:
            record = partial(_record, self._access, self._reception, person.person_id, consent)
            run_in_background(record, partial(self._show, person.person_id), self._notices.fail, self)

    def _withdraw(self) -> None:
        if self._person is not None:
            self.removal.withdraw(self._person.person_id, self._person.name)

    def _erase(self) -> None:
        if self._person is not None:
            self.removal.erase(self._person.person_id, self._person.name)


class RecordDialog(SaveDialog):
    """Asks for the consent of somebody who is enrolled."""

    def __init__(self, name: str, texts: list[ConsentText], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("Consent of {0}").format(name))
        self.section = ConsentSection(self)
        self.section.set_texts(texts)
        self.section.set_name(name)
        self.arrange(self.section)
        self.section.changed.connect(self._check)
        self._check()

    def _check(self) -> None:
        self.save_button.setEnabled(self.section.new_consent() is not None)


def _read(reception: "Reception", person_id: str) -> _Known:
    return _Known(reception.consents.newest(person_id), reception.consents.current_texts())


def _record(access: "Access", reception: "Reception", person_id: str, consent: NewConsent) -> _Known:
    reception.consents.record(access.actor, person_id, consent)
    return _read(reception, person_id)
