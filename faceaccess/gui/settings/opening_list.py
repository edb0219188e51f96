"""The means that open each door."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.form_dialog import FormDialog
from faceaccess.gui.widgets.setup_list import SetupList, SetupTexts
from faceaccess.gui.wording import setups
from faceaccess.settings import Opening

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access

_FIELDS = ("kind", "address", "secret", "on_hex", "off_hex", "pulse_s")


class OpeningList(SetupList[tuple[str, Opening], FormDialog[Opening]]):
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

    def read(self) -> list[tuple[str, Opening]]:
        """Return the doors, each with what opens it."""
        return list(self._openings.by_door().items())

    def facts(self, item: tuple[str, Opening]) -> tuple[str, str]:
        """Return a door's name and what opens it."""
        door, opening = item
        return door, setups.opening(opening)

    def can_remove(self) -> bool:
        """Return False: doors go with their cameras."""
        return False

    def dialog(self, item: tuple[str, Opening]) -> FormDialog[Opening]:
        """Return the dialog over a door's opening."""
        door, opening = item
        return FormDialog(
            self.tr("What opens {0}").format(door),
            opening,
            only=_FIELDS,
            caution=self.tr(
                "This program doesn't check that a face is alive: somebody who holds up a photo of a person "
                "could open this door. Use it where that is acceptable, or where somebody watches."
            ),
            try_label=self.tr("Open the door now"),
            try_out=partial(self._try_out, door),
            tried_message=self.tr("The order was accepted. Did the door open?"),
            parent=self.window(),
        )

    def put(self, item: tuple[str, Opening], dialog: FormDialog[Opening]) -> None:
        """Store what opens a door."""
        self.keep(self.work.by_actor(self._openings.put, item[0], dialog.settings()))

    def _try_out(self, door: str, opening: Opening) -> None:
        """Open a door once. Called on a worker."""
        self._openings.try_out(self._access.actor, door, opening)
