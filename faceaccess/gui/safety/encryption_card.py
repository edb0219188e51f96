"""Where the key of the database lies: on, off, another key."""

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
        self._access = access
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
            self.tr("On: the key lies in {0}. A copy of the data folder tells nobody anything.").format(where)
            if self._is_on
            else self.tr(
                "Off: the key lies in {0}. Everything is encrypted all the same, but whoever copies the "
                "whole data folder can read it."
            ).format(where)
        )
        self.switch_button.setText(
            self.tr("Turn off…") if self._is_on else self.tr("Move the key into the keyring…")
        )

    def _switch(self) -> None:
        if self._is_on:
            self._run(self._work.by_actor(self._access.encryption.turn_off))
            return
        passphrase = self._ask()
        if passphrase is not None:
            turn_on = self._access.custody.turn_encryption_on
            self._run(self._work.by_actor(turn_on, KeySource.KEYRING, passphrase))

    def _change(self) -> None:
        passphrase = self._ask() if self._is_on else None
        if passphrase is not None or not self._is_on:
            self._run(self._work.by_actor(self._access.custody.change_key, passphrase))

    def _ask(self) -> str | None:
        """Return the recovery passphrase as typed; None when that was given up."""
        dialog = SecretDialog(
            self.tr("Recovery passphrase"),
            self.tr("The key is sealed with it as well, for the day when the keyring is lost."),
            (("passphrase", self.tr("Recovery passphrase"), False),),
            parent=self.window(),
        )
        is_given = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return dialog.text("passphrase") if is_given else None

    def _run(self, job: Callable[[], object]) -> None:
        self._work.carry_out(job, said=self.tr("The key is where it should be."))


def _source(access: "Access") -> KeySource:
    return access.encryption.source
