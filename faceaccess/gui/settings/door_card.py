"""How entries are made at the doors."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from faceaccess.gui.confirming import confirms
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.settings_card import SettingsCard
from faceaccess.settings import DoorSettings

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies


class DoorCard(SettingsCard[DoorSettings]):
    """Asks before unknown faces go that are kept."""

    def __init__(
        self,
        access: "Access",
        reception: "Reception",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(DoorSettings(), access, policies, notices, parent)
        self._visitors = reception.visitors

    def ask_first(self, policy: DoorSettings) -> None:
        """Keep what was edited; where no unknown faces are kept any longer, count first those that are."""
        if policy.keep_unknown_h:
            self._save(policy)
        else:
            self.work.carry_out(self.work.by_actor(self._visitors.count), partial(self._confirm, policy))

    def _confirm(self, policy: DoorSettings, count: int) -> None:
        question = self.tr("Delete the %n unknown faces that are kept?", "", count)
        explanation = self.tr(
            "Unknown faces are no longer kept then: whoever came is no longer shown among the visitors.\n\n"
            "Kept: the entries in the log, with their pictures.\n\nThis can't be undone."
        )
        verb, harmless = self.tr("Delete"), self.tr("Go on keeping them")
        if not count or confirms(self, question, explanation, verb=verb, harmless=harmless):
            self._save(policy)
        else:
            self.load()

    def _save(self, policy: DoorSettings) -> None:
        self.keep(policy, said=self.tr("The door's settings are saved."))
