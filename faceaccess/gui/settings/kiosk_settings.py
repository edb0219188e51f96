"""The kiosk's and the desk's settings, the desk's PIN, and the buttons that open them."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QWidget

from faceaccess.gui import sounds
from faceaccess.gui.background import Lane
from faceaccess.gui.kiosk.awake import can_keep_awake
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.people.person_access import PinDialog
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.work import Work

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.machine import Machine
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_FIELDS = ("kiosk_screen", "kiosk_camera", "kiosk_sounds", "kiosk_blurs", "desk_screen", "desk_sounds")
_OFFERED = ("kiosk_screen", "kiosk_camera", "desk_screen")


@dataclass(frozen=True)
class _Facts:
    """The screens and cameras there are, and what this computer can do."""

    has_pin: bool
    cameras: tuple[str, ...]
    can_keep_awake: bool


class KioskSettings(QWidget):
    """A form and buttons; `open_wanted` asks to open the kiosk, `desk_wanted` the desk."""

    open_wanted = Signal()
    desk_wanted = Signal()

    def __init__(
        self,
        access: "Access",
        doors: "Doors",
        policies: "Policies",
        machine: "Machine",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._doors, self._policies = doors, policies
        self._work = Work(self, access, notices, reload=self.load, lane=Lane.DOOR)
        self.form = SettingsForm(machine.settings, only=_FIELDS, offered=_OFFERED, parent=self)
        self.note = wrapped("", self, "muted")
        self.pin_button = QPushButton(self.tr("Set the desk's PIN…"), self)
        self.open_button = QPushButton(self.tr("Open the kiosk"), self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.pin_button)
        self.desk_button = QPushButton(self.tr("Open the desk"), self)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.desk_button)
        buttons.addStretch()
        column(self.form, self.note, buttons, parent=self)
        self.pin_button.clicked.connect(self._ask)
        self.open_button.clicked.connect(self.open_wanted)
        self.desk_button.clicked.connect(self.desk_wanted)

    def load(self) -> None:
        """Show the screens and cameras there are, and what this computer can't do for the kiosk."""
        screens = [screen.name() for screen in QGuiApplication.screens()]
        for name in ("kiosk_screen", "desk_screen"):
            self.form.offer(name, screens)
        self._work.read(partial(_read, self._doors, self._policies), self._show)

    def _show(self, facts: _Facts) -> None:
        self.form.offer("kiosk_camera", facts.cameras)
        sentences = [
            self.tr("The kiosk is left with the desk's PIN.")
            if facts.has_pin
            else self.tr("Without a PIN of the desk, anybody at the kiosk can leave it.")
        ]
        if not facts.can_keep_awake:
            sentences.append(
                self.tr(
                    "This system can't be asked to keep the screen on: switch off its sleep in its settings."
                )
            )
        if sounds.player() is None:
            sentences.append(
                self.tr("No program was found that plays sounds; the desktop's beep is used, if it has one.")
            )
        self.note.setText(" ".join(sentences))
        self.pin_button.setText(
            self.tr("Change the desk's PIN…") if facts.has_pin else self.tr("Set the desk's PIN…")
        )

    def _ask(self) -> None:
        dialog = PinDialog(self.tr("the desk"), self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            set_pin = self._work.by_actor(self._doors.desk_pin.set, dialog.pin())
            self._work.carry_out(set_pin, said=self.tr("The desk has a PIN."))
        dialog.deleteLater()


def _read(doors: "Doors", policies: "Policies") -> _Facts:
    cameras = tuple(camera.name for camera in policies.cameras())
    return _Facts(doors.desk_pin.is_set, cameras, can_keep_awake())
