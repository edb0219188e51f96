"""Who may use the program: add, change and remove operators, and close the folder with the first."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from faceaccess.codes import Role
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import column, words
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.widgets.password_dialogs import PassphraseDialog, SecretDialog
from faceaccess.gui.wording import record as text_record

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access

ROLES = (Role.RECEPTIONIST, Role.AUDITOR, Role.DOOR, Role.ADMIN)


class OperatorList(QWidget):
    """One row per operator; `closed` says that the folder has its first."""

    closed = Signal()

    def __init__(self, access: "Access", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access = access
        self._notices = notices
        self._operators: list[tuple[str, Role]] = []
        self.words = words("", self, "muted")
        self.list = ItemList("", self)
        self.add_button = QPushButton(self.tr("Add an operator…"), self)
        icons.set_icon(self.add_button, "plus", 16)
        self.renew_button = QPushButton(self.tr("New recovery passphrase…"), self)
        stack = column(self.words, self.list, parent=self)
        for button in (self.add_button, self.renew_button):
            stack.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_button.clicked.connect(self._add)
        self.renew_button.clicked.connect(self._renew)
        self.list.edit_wanted.connect(self._edit)
        self.list.remove_wanted.connect(self._remove)

    def load(self) -> None:
        """Show who there is."""
        read = partial(_read, self._access)
        run_in_background(read, self._show, self._notices.fail, self)

    def _show(self, found: list[tuple[str, Role]]) -> None:
        self._operators = found
        self.words.setText(
            self.tr("Everybody else is kept out. What each does is signed into the log.")
            if found
            else self.tr(
                "Anyone at this computer may do anything. Creating the first admin closes the data folder "
                "for good: from then on only operators may use it."
            )
        )
        self.add_button.setText(self.tr("Add an operator…") if found else self.tr("Create the first admin…"))
        self.renew_button.setVisible(bool(found))
        self.list.show_items([(name, text_record.role(role)) for name, role in found])

    def _add(self) -> None:
        dialog = SecretDialog(
            self.tr("Add an operator") if self._operators else self.tr("Create the first admin"),
            self.tr(
                "12 characters and more. Three or four words that don't belong together are easy to remember."
            ),
            (("name", self.tr("Name"), False), ("password", self.tr("Password"), True)),
            new="password",
            roles=ROLES if self._operators else (),
            parent=self.window(),
        )
        if dialog.exec() == QDialog.DialogCode.Accepted:
            name, password = dialog.text("name"), dialog.text("password")
            operators, actor = self._access.operators, self._access.actor
            if self._operators:
                create = partial(operators.create, actor, name, dialog.chosen_role(), password)
                self._run(create, self._on_changed)
            else:
                self._run(partial(_close, self._access, name, password), self._on_closed)
        dialog.deleteLater()

    def _edit(self, number: int) -> None:
        name, role = self._operators[number]
        dialog = SecretDialog(
            self.tr("Change {0}").format(name),
            self.tr("Leave the password empty to keep it."),
            (("password", self.tr("New password"), True),),
            new="password",
            roles=ROLES,
            parent=self.window(),
        )
        dialog.role.setCurrentIndex(ROLES.index(role))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            typed = (dialog.chosen_role(), dialog.text("password"))
            self._run(partial(_change, self._access, name, role, *typed), self._on_changed)
        dialog.deleteLater()

    def _remove(self, number: int) -> None:
        name, _ = self._operators[number]
        remove = partial(self._access.operators.remove, self._access.actor, name)
        self._run(remove, self._on_changed)

    def _renew(self) -> None:
        self._run(
            partial(self._access.custody.renew_recovery, self._access.actor),
            self._show_passphrase,
        )

    def _run(self, job: Callable[[], object], on_done: Callable[..., None]) -> None:
        run_in_background(job, on_done, self._on_failed, self, lane=Lane.DOOR)

    def _on_changed(self, _: object) -> None:
        self._notices.notify(self.tr("The operators are saved."), is_success=True)
        self.load()

    def _on_closed(self, passphrase: str) -> None:
        self._show_passphrase(passphrase)
        self.load()
        self.closed.emit()

    def _show_passphrase(self, passphrase: str) -> None:
        dialog = PassphraseDialog(passphrase, self.window())
        dialog.exec()
        dialog.deleteLater()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()


def _read(access: "Access") -> list[tuple[str, Role]]:
    return [(operator.name, operator.role) for operator in access.operators.list()]


def _close(access: "Access", name: str, password: str) -> str:
    """Close the folder and go on as its first admin."""
    passphrase = access.operators.close_folder(access.actor, name, password)
    access.sign_in(name, password)
    return passphrase


def _change(access: "Access", name: str, before: Role, role: Role, password: str) -> None:
    if role is not before:
        access.operators.set_role(access.actor, name, role)
    if password:
        access.operators.set_password(access.actor, name, password)
