"""The people who may use the program: add, change and remove operators; the first closes the folder."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from faceaccess.codes import Role
from faceaccess.gui import icons
from faceaccess.gui.background import Lane
from faceaccess.gui.layout import STRETCH, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.password_dialogs import PassphraseDialog, SecretDialog
from faceaccess.gui.widgets.setup_list import SetupList, SetupTexts
from faceaccess.gui.wording import record as text_record
from faceaccess.store.access.types import Operator

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access

ROLES = (Role.RECEPTIONIST, Role.AUDITOR, Role.DOOR, Role.ADMIN)


class OperatorList(SetupList[Operator, SecretDialog]):
    """Lists operators, one row each; `closed` says that the folder has its first."""

    closed = Signal()

    def __init__(self, access: "Access", notices: Notices, parent: QWidget | None = None) -> None:
        # Passwords are slow on purpose.
        super().__init__(access, notices, parent, lane=Lane.DOOR)
        self._access = access
        self.note = wrapped("", self, "muted")
        self.add_button = QPushButton(self.tr("Add an operator…"), self)
        icons.set_icon(self.add_button, "plus", 16)
        self.renew_button = QPushButton(self.tr("New recovery passphrase…"), self)
        self.column.insertWidget(0, self.note)
        self.column.addLayout(row(self.add_button, STRETCH))
        self.column.addLayout(row(self.renew_button, STRETCH))
        self.add_button.clicked.connect(self._add_operator)
        self.renew_button.clicked.connect(self._renew)

    def wording(self) -> SetupTexts:
        """Return the list's texts."""
        return SetupTexts(saved=self.tr("The operators are saved."))

    def read(self) -> list[Operator]:
        """Return the operators."""
        return self._access.operators.list()

    def show_items(self, items: Sequence[Operator]) -> None:
        """Show the operators, and what it means to have some or none."""
        super().show_items(items)
        self.note.setText(
            self.tr("Everybody else is kept out. What each does is signed into the log.")
            if items
            else self.tr(
                "Anyone at this computer may do anything. Creating the first admin closes the data folder "
                "for good: from then on only operators may use it."
            )
        )
        self.add_button.setText(self.tr("Add an operator…") if items else self.tr("Create the first admin…"))
        self.renew_button.setVisible(bool(items))

    def facts(self, item: Operator) -> tuple[str, str]:
        """Return an operator's name and role."""
        return item.name, text_record.role(item.role)

    def dialog(self, item: Operator) -> SecretDialog:
        """Return the dialog that changes an operator."""
        dialog = SecretDialog(
            self.tr("Change {0}").format(item.name),
            self.tr("Leave the password empty to keep it."),
            (("password", self.tr("New password"), True),),
            new="password",
            roles=ROLES,
            parent=self.window(),
        )
        dialog.role.setCurrentIndex(ROLES.index(item.role))
        dialog.save_by(partial(self._change, item, dialog), Lane.DOOR)
        return dialog

    def _change(self, item: Operator, dialog: SecretDialog) -> Callable[[], object]:
        """Return what stores a new role or password."""
        role = dialog.chosen_role()
        return self.work.by_actor(
            self._access.operators.change,
            item.name,
            role=None if role is item.role else role,
            password=dialog.text("password") or None,
        )

    def put(self, item: Operator, dialog: SecretDialog) -> None:
        """Show what the dialog has stored."""
        self._show_saved()

    def _show_saved(self) -> None:
        self.notices.notify(self.wording().saved, is_success=True)
        self.load()
        self.changed.emit()

    def remove(self, item: Operator) -> None:
        """Take an operator's access away."""
        self.keep(self.work.by_actor(self._access.operators.remove, item.name))

    def _add_operator(self) -> None:
        is_first = not self.items
        dialog = SecretDialog(
            self.tr("Create the first admin") if is_first else self.tr("Add an operator"),
            self.tr(
                "At least 12 characters. Three or four words that don't belong together are easy to remember."
            ),
            (("name", self.tr("Name"), False), ("password", self.tr("Password"), True)),
            new="password",
            roles=() if is_first else ROLES,
            parent=self.window(),
        )
        dialog.save_by(partial(self._create, dialog, is_first), Lane.DOOR)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            if is_first:
                self._on_closed(str(dialog.saved))
            else:
                self._show_saved()
        dialog.deleteLater()

    def _create(self, dialog: SecretDialog, is_first: bool) -> Callable[[], object]:
        """Return what creates the operator of a dialog."""
        name, password = dialog.text("name"), dialog.text("password")
        if is_first:
            return partial(self._access.close_folder, name, password)
        return self.work.by_actor(self._access.operators.create, name, dialog.chosen_role(), password)

    def _renew(self) -> None:
        self.work.carry_out(self.work.by_actor(self._access.custody.renew_recovery), self._show_passphrase)

    def _on_closed(self, passphrase: str) -> None:
        self._show_passphrase(passphrase)
        self.load()
        self.closed.emit()

    def _show_passphrase(self, passphrase: str) -> None:
        dialog = PassphraseDialog(passphrase, self.window())
        dialog.exec()
        dialog.deleteLater()
