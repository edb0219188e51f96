"""The sign-in of a locked window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.password_dialogs import SecretDialog
from faceaccess.gui.wording import failures

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access

_WIDTH_PX = 380


class SignInView(QWidget):
    """Asks for name and password; `signed_in` says that the workspace has an operator."""

    signed_in = Signal()

    def __init__(self, access: "Access", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access = access
        self.name, self.password = QLineEdit(self), QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.button = QPushButton(self.tr("Sign in"), self)
        self.button.setProperty("role", "primary")
        self.lost_button = QPushButton(self.tr("Password lost…"), self)
        self.lost_button.setProperty("role", "quiet")
        self.message = wrapped("", self)
        self.message.setMinimumHeight(44)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._arrange()
        self.button.clicked.connect(self._sign_in)
        for field in (self.name, self.password):
            field.returnPressed.connect(self._sign_in)
        self.lost_button.clicked.connect(self._ask_recovery)

    def load(self) -> None:
        """Wait for somebody; no password or message of the operator before is left."""
        self.password.clear()
        self._say("", "muted")
        (self.password if self.name.text() else self.name).setFocus()

    def _arrange(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        card.setFixedWidth(_WIDTH_PX)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(10)
        title = Label(self.tr("Sign in"), card)
        title.setProperty("role", "title")
        column.addWidget(title)
        hint = wrapped(self.tr("The door goes on while nobody is signed in."), card, "muted")
        column.addWidget(hint)
        for label, field in ((self.tr("Name"), self.name), (self.tr("Password"), self.password)):
            field.setAccessibleName(label)
            heading = Label(label, card)
            heading.setBuddy(field)
            column.addWidget(heading)
            column.addWidget(field)
        column.addWidget(self.message)
        column.addWidget(self.button)
        column.addWidget(self.lost_button, 0, Qt.AlignmentFlag.AlignHCenter)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)

    def _sign_in(self) -> None:
        if not self.button.isEnabled():
            return
        if not self.name.text().strip() or not self.password.text():
            self._say(self.tr("Type your name and your password."), "bad")
            return
        self._wait(True)
        job = partial(self._access.sign_in, self.name.text(), self.password.text())
        run_in_background(job, self._on_signed_in, self._on_refused, self, lane=Lane.DOOR)

    def _on_signed_in(self, _: object) -> None:
        self._wait(False)
        self.password.clear()
        self.signed_in.emit()

    def _on_refused(self, error: FaceAccessError) -> None:
        self._wait(False)
        self.password.clear()
        self.password.setFocus()
        self._say(failures.whole(error), "bad")

    def _ask_recovery(self) -> None:
        dialog = SecretDialog(
            self.tr("Password lost"),
            self.tr("The recovery passphrase sets a new password. The log records that it was used."),
            (
                ("name", self.tr("Name"), False),
                ("passphrase", self.tr("Recovery passphrase"), False),
                ("password", self.tr("New password"), True),
            ),
            new="password",
            parent=self.window(),
        )
        dialog.fields["name"].setText(self.name.text())
        dialog.save_by(partial(self._recover, dialog), Lane.DOOR)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._say(self.tr("The password is set: sign in with it."), "good")
        dialog.deleteLater()

    def _recover(self, dialog: SecretDialog) -> Callable[[], object]:
        """Return what sets the password of a dialog."""
        typed = (dialog.text("name"), dialog.text("passphrase"), dialog.text("password"))
        return partial(self._access.custody.recover_password, *typed)

    def _wait(self, is_waiting: bool) -> None:
        self.button.setEnabled(not is_waiting)
        self.button.setText(self.tr("Checking…") if is_waiting else self.tr("Sign in"))

    def _say(self, message: str, role: str) -> None:
        self.message.setProperty("role", role)
        self.message.setText(message)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
