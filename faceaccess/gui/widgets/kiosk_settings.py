"""The kiosk's settings, the desk's PIN, and the button that opens it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.person_access import PinDialog
from faceaccess.gui.widgets.settings_form import SettingsForm

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_FIELDS = ("kiosk_screen", "kiosk_camera", "kiosk_sounds", "kiosk_blurs")


class KioskSettings(QWidget):
    """`open_wanted` says that the kiosk is to be opened."""

    open_wanted = Signal()

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._notices = workspace, notices
        self.form = SettingsForm(workspace.settings, only=_FIELDS, parent=self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.pin_button = QPushButton(self.tr("Set the desk's PIN…"), self)
        self.open_button = QPushButton(self.tr("Open the kiosk"), self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.pin_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.form)
        column.addWidget(self.words)
        column.addLayout(buttons)
        self.pin_button.clicked.connect(self._ask)
        self.open_button.clicked.connect(self.open_wanted)

    def load(self) -> None:
        """Show the screens there are, and whether the kiosk can be left by anybody."""
        names = ", ".join(screen.name() for screen in QGuiApplication.screens())
        self.form.editors["kiosk_screen"].setPlaceholderText(names)
        run_in_background(partial(_has_pin, self._workspace), self._show, self._notices.fail, self)

    def _show(self, has_pin: bool) -> None:
        self.words.setText(
            self.tr("The kiosk is left with the desk's PIN.")
            if has_pin
            else self.tr("Without a PIN of the desk, anybody at the kiosk can leave it.")
        )
        self.pin_button.setText(
            self.tr("Change the desk's PIN…") if has_pin else self.tr("Set the desk's PIN…")
        )

    def _ask(self) -> None:
        dialog = PinDialog(self.tr("the desk"), self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            job = partial(self._workspace.doors.desk_pin.set, self._workspace.actor, dialog.pin())
            run_in_background(job, self._on_set, self._on_failed, self, lane=Lane.DOOR)
        dialog.deleteLater()

    def _on_set(self, _: object) -> None:
        self._notices.notify(self.tr("The desk has a PIN."), is_success=True)
        self.load()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)


def _has_pin(workspace: "Workspace") -> bool:
    return workspace.doors.desk_pin.is_set
