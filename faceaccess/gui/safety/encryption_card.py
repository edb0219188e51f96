"""The encryption of the database: on, off, a new key."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from faceaccess.codes import KeySource
from faceaccess.gui.background import Lane
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.password_dialogs import SecretDialog
from faceaccess.gui.wording import record as text_record
from faceaccess.gui.work import Work

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access


class EncryptionCard(QWidget):
    """Says where the key lies, and moves it."""

    def __init__(self, access: "Access", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access, self._notices = access, notices
        self._is_on = False
        self.note = wrapped("", self)
        self.switch_button = QPushButton(self.tr("Move the key into the keyring…"), self)
        self.change_button = QPushButton(self.tr("Encrypt with a new key…"), self)
        column(self.note, row(self.switch_button, self.change_button, STRETCH), parent=self)
        self._work = Work(self, access, notices, reload=self.load, busy=(self,), lane=Lane.DOOR)
        self.switch_button.clicked.connect(self._switch)
        self.change_button.clicked.connect(self._change)

    def load(self) -> None:
        """Show where the key lies."""
        self._work.read(partial(_source, self._access), self._show)

    def _show(self, source: KeySource) -> None:
        self._is_on = source is not KeySource.FILE
        where = text_record.key_source(source)
        self.note.setText(
            self.tr("On: the key lies in {0}. A copy of the data folder can't be read.").format(where)
            if self._is_on
            else self.tr(
                "Off: the key lies in {0}. Everything is encrypted even so, but anybody who copies the "
                "whole data folder can read it."
            ).format(where)
        )
        self.switch_button.setText(
            self.tr("Turn off…") if self._is_on else self.tr("Move the key into the keyring…")
        )

    def _switch(self) -> None:
        if self._is_on:
            self._run(self._work.by_actor(self._access.encryption.turn_off))
        else:
            self._ask(partial(self._access.custody.turn_encryption_on, self._access.actor, KeySource.KEYRING))

    def _change(self) -> None:
        change = partial(self._access.custody.change_key, self._access.actor)
        if self._is_on:
            self._ask(change)
        else:
            self._run(partial(change, None))

    def _ask(self, use_case: Callable[[str], object]) -> None:
        """Ask for the recovery passphrase, and carry out a use case with it."""
        dialog = SecretDialog(
            self.tr("Recovery passphrase"),
            self.tr("The key is sealed with it as well, for the day when the keyring is lost."),
            (("passphrase", self.tr("Recovery passphrase"), False),),
            parent=self.window(),
        )
        dialog.save_by(lambda: partial(use_case, dialog.text("passphrase")), Lane.DOOR)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._notices.notify(self.tr("The key is where it should be."), is_success=True)
            self.load()
        dialog.deleteLater()

    def _run(self, job: Callable[[], object]) -> None:
        self._work.carry_out(job, said=self.tr("The key is where it should be."))


def _source(access: "Access") -> KeySource:
    return access.encryption.source
