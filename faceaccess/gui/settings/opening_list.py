"""The doors: what opens each, and what it does about photos and screens."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from faceaccess.gui.notices import Notices
from faceaccess.gui.settings.door_dialog import DoorDialog
from faceaccess.gui.widgets.setup_list import SetupList, SetupTexts
from faceaccess.gui.wording import setups
from faceaccess.settings import LivenessSettings, Opening

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access

_Door = tuple[str, Opening, LivenessSettings]


class OpeningList(SetupList[_Door, DoorDialog]):
    """Lists the doors that a camera looks at, one row each."""

    def __init__(
        self, access: "Access", doors: "Doors", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(access, notices, parent)
        self._access, self._openings = access, doors.openings

    def wording(self) -> SetupTexts:
        """Return the list's texts."""
        return SetupTexts(
            saved=self.tr("The door is saved."),
        )

    def read(self) -> list[_Door]:
        """Return the doors, each with what opens it and what it does about photos and screens."""
        liveness = self._openings.liveness_by_door()
        return [(door, opening, liveness[door]) for door, opening in self._openings.by_door().items()]

    def facts(self, item: _Door) -> tuple[str, str]:
        """Return a door's name, what opens it and what it does about photos and screens."""
        door, opening, liveness = item
        return door, setups.door(opening, liveness)

    def can_remove(self) -> bool:
        """Return False: doors go with their cameras."""
        return False

    def dialog(self, item: _Door) -> DoorDialog:
        """Return the dialog over a door, which saves it: what is refused must not have to be typed again."""
        door, opening, liveness = item
        dialog = DoorDialog(
            door, opening, liveness, try_out=partial(self._try_out, door), parent=self.window()
        )
        dialog.save_by(partial(self._change, door, dialog))
        return dialog

    def put(self, item: _Door, dialog: DoorDialog) -> None:
        """Show what the dialog has stored."""
        self.notices.notify(self.wording().saved, is_success=True)
        self.load()
        self.changed.emit()

    def _change(self, door: str, dialog: DoorDialog) -> Callable[[], object]:
        """Return what stores a door as its dialog has it."""
        return self.work.by_actor(
            self._openings.put, door, opening=dialog.settings(), liveness=dialog.liveness()
        )

    def _try_out(self, door: str, opening: Opening) -> None:
        """Open a door once. Called on a worker."""
        self._openings.try_out(self._access.actor, door, opening)
