"""The page Settings: the door's policy, this computer's devices, and the place of the data."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from faceaccess.gui import icons
from faceaccess.gui.layout import column
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.plain import Label
from faceaccess.gui.settings.adapting_view import AdaptingView
from faceaccess.gui.settings.camera_list import CameraList
from faceaccess.gui.settings.door_card import DoorCard
from faceaccess.gui.settings.group_list import GroupList
from faceaccess.gui.settings.kiosk_settings import KioskSettings
from faceaccess.gui.settings.match_settings import MatchSettings
from faceaccess.gui.settings.model_list import ModelList
from faceaccess.gui.settings.notification_list import NotificationList
from faceaccess.gui.settings.opening_list import OpeningList
from faceaccess.gui.settings.updates_card import UpdatesCard
from faceaccess.gui.widgets.section_page import SectionPage
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.window import entries
from faceaccess.gui.window.desktop_notices import can_notify
from faceaccess.gui.window.facts import ModelFacts
from faceaccess.gui.work import Work
from faceaccess.settings import MachineSettings

if TYPE_CHECKING:
    from pathlib import Path

    from faceaccess.door.doors import Doors
    from faceaccess.learning.adapting import Adapting
    from faceaccess.machine import Machine
    from faceaccess.models.models import Models
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_MACHINE = ("device", "held_templates", "appearance", "starts_door", "notifies_faults", "lock_after_min")


class SettingsPage(Page):
    """Generated forms in sections; every change takes effect at once."""

    entry = entries.SETTINGS

    machine_changed = Signal(object)
    door_changed = Signal()
    facts_changed = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        doors: "Doors",
        models: "Models",
        adapting: "Adapting | None",
        journal: "Journal",
        policies: "Policies",
        machine: "Machine",
        data_dir: "Path",
        bridge: LiveBridge,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._machine, self._data_dir = machine, data_dir
        self._work = Work(self, access, notices, reload=self.load)
        self.cameras = CameraList(access, doors, journal, policies, bridge, notices, self)
        self.openings = OpeningList(access, doors, notices, self)
        self.groups = GroupList(access, people, doors, policies, notices, self)
        self.notifications = NotificationList(access, doors, policies, notices, self)
        self.entries = DoorCard(access, reception, policies, notices, self)
        self.machine_form = SettingsForm(machine.settings, only=_MACHINE, parent=self)
        self.folder_form = SettingsForm(machine.settings, only=("data_folder",), parent=self)
        self.kiosk = KioskSettings(access, doors, policies, machine, notices, self)
        self.models = ModelList(access, models, journal, notices, self)
        self.adapting = None if adapting is None else AdaptingView(access, adapting, doors, notices, self)
        self.match = MatchSettings(access, models, notices, self)
        self.updates = UpdatesCard(access, policies, notices, self)
        self.device_note = Label(self)
        sentence = self.tr("This desktop has no tray to notify from: faults are shown in the window only.")
        self.tray_note = Label(sentence, self)
        self.tray_note.setProperty("role", "caution")
        self.tray_note.setWordWrap(True)
        self.folder = Label(self.tr("In use now: {0}").format(data_dir), self)
        self.folder_button = QPushButton(self.tr("Open in the file manager"), self)
        self._arrange()
        self.entries.changed.connect(self.door_changed)
        for machine_form in (self.machine_form, self.folder_form, self.kiosk.form):
            machine_form.edited.connect(self._save_machine)
            machine_form.refused.connect(notices.fail)
        self.folder_button.clicked.connect(self._open_folder)
        self.cameras.changed.connect(self.door_changed)
        # A door that is open goes on by the settings that it was opened with.
        self.openings.changed.connect(self.door_changed)
        for part in (self.openings, self.groups):
            self.cameras.changed.connect(part.load)
        self.models.model_changed.connect(self.facts_changed)
        self.models.door_changed.connect(self.door_changed)
        self.match.changed.connect(self.facts_changed)
        if self.adapting is not None:
            self.adapting.adapted.connect(self.models.load)

    def load(self) -> None:
        """Show what is in force."""
        self.models.load()
        if self.adapting is not None:
            self.adapting.load()
        for part in (self.cameras, self.entries, self.groups, self.openings, self.notifications, self.kiosk):
            part.load()
        self.updates.load()
        self._show_machine(self._machine.settings)

    def _arrange(self) -> None:
        self.device_note.setWordWrap(True)
        self.sections = sections = SectionPage(self.tr("Settings"), self)
        sections.add(self.tr("Cameras"), self.cameras)
        sections.add(self.tr("Entries"), self.entries)
        sections.add(self.tr("Who may pass when"), self.groups)
        sections.add(self.tr("Doors"), self.openings)
        sections.add(self.tr("Notifying other programs"), self.notifications)
        sections.add(self.tr("Kiosk and desk"), self.kiosk)
        sections.add(self.tr("Matching"), self.match)
        model = (self.models,) if self.adapting is None else (self.models, self.adapting)
        sections.add(self.tr("Model"), *model)
        sections.add(self.tr("This computer"), self.machine_form, self.tray_note, self.device_note)
        sections.add(self.tr("Data folder"), self._folder_section(), self.folder_form)
        sections.add(self.tr("Newer versions"), self.updates)
        column(sections, parent=self)

    def _folder_section(self) -> QWidget:
        section = QWidget(self)
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.folder.setWordWrap(True)
        self.folder.setAccessibleName(self.tr("Data folder"))
        icons.set_icon(self.folder_button, "folder", 18)
        row = QHBoxLayout(section)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(self.folder_button)
        return section

    def take_facts(self, facts: ModelFacts | None) -> None:
        """Show the numbers in force and the device in use; None while they are not known."""
        self.match.take_facts(facts)
        device = self.tr("In use now: {0}.").format(facts.device) if facts else self.tr("Loading the model…")
        note = facts.device_note if facts else ""
        self.device_note.setText(f"{device} {note}".strip())
        self.device_note.setProperty("role", "caution" if note else "muted")
        self.device_note.style().unpolish(self.device_note)
        self.device_note.style().polish(self.device_note)

    def _show_machine(self, settings: MachineSettings) -> None:
        for form in (self.machine_form, self.folder_form, self.kiosk.form):
            form.set_settings(settings)
        self.tray_note.setVisible(settings.notifies_faults and not can_notify())

    def _save_machine(self, settings: MachineSettings) -> None:
        self._show_machine(settings)
        self._work.carry_out(
            partial(self._machine.save, settings),
            partial(self._on_machine_saved, settings),
            said=self.tr("The settings of this computer are saved."),
        )

    def _on_machine_saved(self, settings: MachineSettings, _: object) -> None:
        self.machine_changed.emit(settings)
        self.facts_changed.emit()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data_dir)))
