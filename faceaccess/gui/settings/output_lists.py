"""What leaves the program: which doors are opened by what, and which programs are told of entries."""

import secrets
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.form_dialog import FormDialog
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.wording import text
from faceaccess.settings import Notification, Opening
from faceaccess.store.policy.types import Notifications

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_OPENING_FIELDS = ("kind", "address", "secret", "on_hex", "off_hex", "pulse_s")
_NOTIFICATION_FIELDS = ("name", "kind", "address", "secret", "wish", "wants_faults")


class OpeningList(QWidget):
    """One row per door that a camera looks at."""

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._notices = workspace, notices
        self._openings: dict[str, Opening] = {}
        self.list = ItemList("", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.list.edit_wanted.connect(self._edit)

    def load(self) -> None:
        """Show the doors in force."""
        run_in_background(partial(_openings, self._workspace), self._show, self._notices.fail, self)

    def _show(self, openings: dict[str, Opening]) -> None:
        self._openings = openings
        items = [(door, text.opening(opening)) for door, opening in openings.items()]
        self.list.show_items(items, can_remove=False)

    def dialog(self, number: int) -> FormDialog[Opening]:
        """Return the dialog over a door's opening."""
        door, opening = list(self._openings.items())[number]
        return FormDialog(
            self.tr("What opens {0}").format(door),
            opening,
            only=_OPENING_FIELDS,
            caution=self.tr(
                "This program doesn't check that a face is alive: somebody who holds up a photo of a person "
                "could open this door. Use it where that is acceptable, or where somebody watches."
            ),
            try_words=self.tr("Open the door now"),
            try_out=partial(_try_opening, self._workspace, door),
            tried_words=self.tr("The order was taken. Did the door open?"),
            parent=self.window(),
        )

    def _edit(self, number: int) -> None:
        door = list(self._openings)[number]
        dialog = self.dialog(number)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            job = partial(_keep_opening, self._workspace, door, dialog.settings())
            run_in_background(job, self._on_saved, self._on_failed, self)
        dialog.deleteLater()

    def _on_saved(self, openings: dict[str, Opening]) -> None:
        self._show(openings)
        self._notices.notify(self.tr("The door is saved."), is_success=True)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()


class NotificationList(QWidget):
    """One row per program that is told."""

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._notices = workspace, notices
        self._channels: tuple[Notification, ...] = ()
        self.list = ItemList(
            self.tr("Tell another program"), self, empty_words=self.tr("No other program is told.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.list.add_wanted.connect(self._add)
        self.list.edit_wanted.connect(self._edit_number)
        self.list.remove_wanted.connect(self._remove)

    def load(self) -> None:
        """Show the programs that are told, and how much waits for each."""
        run_in_background(partial(_channels, self._workspace), self._show, self._notices.fail, self)

    def _show(self, found: tuple[tuple[Notification, ...], dict[str, int]]) -> None:
        self._channels, waiting = found
        items = [
            (channel.name, text.notification(channel, waiting.get(channel.channel_id, 0)))
            for channel in self._channels
        ]
        self.list.show_items(items)

    def dialog(self, channel: Notification) -> FormDialog[Notification]:
        """Return the dialog over a program that is told."""
        return FormDialog(
            self.tr("Tell another program"),
            channel,
            only=_NOTIFICATION_FIELDS,
            caution=self.tr("It is told people's names: it must keep them as well as this program does."),
            try_words=self.tr("Send a test"),
            try_out=partial(_send_test, self._workspace),
            tried_words=self.tr("The test was taken."),
            parent=self.window(),
        )

    def _add(self) -> None:
        self._edit(
            Notification(
                channel_id=secrets.token_hex(4),
                name=self.tr("Program {0}").format(len(self._channels) + 1),
                address="https://localhost/",
                secret=secrets.token_urlsafe(24),
            )
        )

    def _edit_number(self, number: int) -> None:
        self._edit(self._channels[number])

    def _edit(self, channel: Notification) -> None:
        dialog = self.dialog(channel)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            others = [each for each in self._channels if each.channel_id != channel.channel_id]
            self._save([*others, dialog.settings()])
        dialog.deleteLater()

    def _remove(self, number: int) -> None:
        self._save([channel for i, channel in enumerate(self._channels) if i != number])

    def _save(self, channels: list[Notification]) -> None:
        job = partial(_keep_channels, self._workspace, tuple(channels))
        run_in_background(job, self._on_saved, self._on_failed, self)

    def _on_saved(self, found: tuple[tuple[Notification, ...], dict[str, int]]) -> None:
        self._show(found)
        self._notices.notify(self.tr("The notifications are saved."), is_success=True)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()


def _openings(workspace: "Workspace") -> dict[str, Opening]:
    return {door: workspace.policies.opening(door) for door in workspace.policies.doors()}


def _keep_opening(workspace: "Workspace", door: str, opening: Opening) -> dict[str, Opening]:
    workspace.policies.set_opening(workspace.actor, door, opening)
    return _openings(workspace)


def _try_opening(workspace: "Workspace", door: str, opening: Opening) -> None:
    workspace.doors.try_opening(workspace.actor, door, opening)


def _channels(workspace: "Workspace") -> tuple[tuple[Notification, ...], dict[str, int]]:
    return workspace.policies.read(Notifications).channels, workspace.outbox.counts()


def _keep_channels(
    workspace: "Workspace", channels: tuple[Notification, ...]
) -> tuple[tuple[Notification, ...], dict[str, int]]:
    workspace.doors.services.set_notifications(workspace.actor, channels)
    return _channels(workspace)


def _send_test(workspace: "Workspace", channel: Notification) -> None:
    workspace.doors.send_test(channel)
