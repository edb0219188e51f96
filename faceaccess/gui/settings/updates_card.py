"""The place where newer versions are announced, and the key that the news is signed with."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.layout import STRETCH, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.settings_card import SettingsCard
from faceaccess.settings import UpdateSettings

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_FIELD_PX = 520


class UpdatesCard(SettingsCard[UpdateSettings]):
    """Says whether anybody can look; `about_wanted` asks for the dialog where they do."""

    about_wanted = Signal()

    def __init__(
        self, access: "Access", policies: "Policies", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(UpdateSettings(), access, policies, notices, parent)
        for editor in self.form.editors.values():
            editor.setMinimumWidth(_FIELD_PX)
        self.note = wrapped("", self, "muted")
        self.about_button = QPushButton(self.tr("About FaceAccess…"), self)
        icons.set_icon(self.about_button, "info", 18)
        self.column.addWidget(self.note)
        self.column.addLayout(row(self.about_button, STRETCH))
        self.about_button.clicked.connect(self.about_wanted)

    def load_facts(self) -> None:
        """Say whether anybody can look."""
        self.work.read(partial(self._policies.read, UpdateSettings), self._say)

    def _say(self, settings: UpdateSettings) -> None:
        if settings.is_on:
            note = self.tr(
                "On: whoever presses “Look for a newer version” in About is told what is new. Nothing is "
                "looked for, or installed, by itself."
            )
        elif settings.address or settings.public_key:
            note = self.tr("Off until both are set.")
        else:
            note = self.tr("Off: this program never looks for newer versions.")
        self.note.setText(note)
