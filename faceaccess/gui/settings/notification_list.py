"""The programs that are notified of entries and camera faults."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from faceaccess.door.notifications import new_notification
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.form_dialog import FormDialog
from faceaccess.gui.widgets.setup_list import SetupList, SetupTexts
from faceaccess.gui.wording import setups
from faceaccess.settings import Notification
from faceaccess.store.policy.types import Channels

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_FIELDS = ("name", "kind", "address", "secret", "wish", "wants_faults")


class NotificationList(SetupList[Notification, FormDialog[Notification]]):
    """Lists the programs notified, each with the number of notifications waiting for it."""

    def __init__(
        self,
        access: "Access",
        doors: "Doors",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(access, notices, parent)
        self._notifications, self._policies = doors.notifications, policies
        self._waiting: dict[str, int] = {}

    def wording(self) -> SetupTexts:
        """Return the list's texts."""
        return SetupTexts(
            saved=self.tr("The notifications are saved."),
            add=self.tr("Notify another program"),
            empty=self.tr("No other program is notified."),
        )

    def read(self) -> tuple[Notification, ...]:
        """Return the programs notified, and count the notifications waiting for each."""
        self._waiting = self._notifications.waiting()
        return self._policies.read(Channels).channels

    def facts(self, item: Notification) -> tuple[str, str]:
        """Return a program's name and how it is notified."""
        return item.name, setups.notification(item, self._waiting.get(item.channel_id, 0))

    def dialog(self, item: Notification) -> FormDialog[Notification]:
        """Return the dialog over a program to be notified."""
        return FormDialog(
            self.tr("Notify another program"),
            item,
            only=_FIELDS,
            caution=self.tr("It receives people's names: it must protect them as well as this program does."),
            try_label=self.tr("Send a test"),
            try_out=self._notifications.send_test,
            tried_message=self.tr("The test was accepted."),
            parent=self.window(),
        )

    def new(self) -> Notification:
        """Return a new program to be notified."""
        return new_notification(self.tr("Program {0}").format(len(self.items) + 1))

    def put(self, item: Notification, dialog: FormDialog[Notification]) -> None:
        """Store how a program is notified."""
        self.keep(self.work.by_actor(self._notifications.put, dialog.settings()))

    def remove(self, item: Notification) -> None:
        """Stop notifying a program."""
        self.keep(self.work.by_actor(self._notifications.remove, item.channel_id))
