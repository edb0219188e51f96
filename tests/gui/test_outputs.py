"""Setting up what opens doors and who is told: tried before it is saved."""

import pytest
from PySide6.QtWidgets import QDialog, QDialogButtonBox

from faceaccess.codes import NotificationWish, OpeningKind
from faceaccess.door import openings as door_openings
from faceaccess.errors import OutputError
from faceaccess.gui.settings.notification_list import NotificationList
from faceaccess.gui.settings.opening_list import OpeningList
from faceaccess.settings import CameraSettings, LivenessSettings, Notification, Opening
from faceaccess.store.policy.types import Channels

HTTP = Opening(kind=OpeningKind.HTTP, address="https://relay/open")


@pytest.fixture
def openings(qtbot, space, notices) -> OpeningList:
    """The doors of three cameras at two doors."""
    names = (("a", "Gate"), ("b", "Gate"), ("c", "Yard"))
    actor = space.access.actor
    space.policies.set_cameras(actor, [CameraSettings(camera_id=i, name=i, door=door) for i, door in names])
    space.doors.openings.put(actor, "Yard", HTTP, LivenessSettings(is_risk_signed=True))
    made = OpeningList(space.access, space.doors, notices)
    qtbot.addWidget(made)
    made.load()
    qtbot.waitUntil(lambda: bool(made.list.rows))
    return made


def test_each_door_is_listed_once(openings) -> None:
    assert [row.edit_button.accessibleName() for row in openings.list.rows] == ["Set up Gate", "Set up Yard"]
    assert all(row.remove_button.isHidden() for row in openings.list.rows)


def test_an_opening_says_what_a_photo_could_do_and_can_be_tried(qtbot, openings, monkeypatch) -> None:
    tried = []

    def try_opening(_journal: object, _actor: object, opening: Opening, door: str) -> None:
        if tried:
            raise OutputError("The relay can't be switched.", "Check its cable.")
        tried.append((door, opening))

    monkeypatch.setattr(door_openings, "try_opening", try_opening)
    dialog = openings.dialog(openings.items[1])
    qtbot.addWidget(dialog)
    dialog.show()
    assert "photo" in dialog.caution.text()
    assert dialog.caution.isVisible()
    dialog.try_button.click()
    qtbot.waitUntil(lambda: tried == [("Yard", HTTP)])
    qtbot.waitUntil(lambda: "Did the door open?" in dialog.tried.text())
    dialog.try_button.click()
    qtbot.waitUntil(lambda: "Check its cable." in dialog.problem.text())
    assert dialog.try_button.isEnabled()


def test_what_could_not_work_is_refused_in_the_dialog(qtbot, openings) -> None:
    dialog = openings.dialog(openings.items[0])
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.form.editors["kind"]
    box.setCurrentIndex(box.findData("http"))
    box.activated.emit(box.currentIndex())
    for button in (dialog.buttons.button(QDialogButtonBox.StandardButton.Save), dialog.try_button):
        button.click()
        assert "must look like https://host/path" in dialog.problem.text()
        assert dialog.isVisible()
    dialog.form.editors["address"].setText("https://relay/open")
    dialog.form.editors["address"].editingFinished.emit()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()
    assert not dialog.isVisible()
    assert dialog.settings() == HTTP


def test_a_door_is_saved(qtbot, openings, space, notices, monkeypatch) -> None:
    def change(dialog: QDialog) -> QDialog.DialogCode:
        dialog.form.editors["address"].setText("https://relay/shut")
        dialog.form.editors["address"].editingFinished.emit()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QDialog, "exec", change)
    openings.list.rows[1].edit_button.click()
    qtbot.waitUntil(lambda: "The door is saved." in notices.messages())
    assert space.policies.opening("Yard").address == "https://relay/shut"


@pytest.fixture
def notifications(qtbot, space, notices) -> NotificationList:
    """The list, empty."""
    made = NotificationList(space.access, space.doors, space.policies, notices)
    qtbot.addWidget(made)
    made.show()
    made.load()
    return made


def test_programs_are_added_tested_and_removed(qtbot, notifications, space, monkeypatch) -> None:
    qtbot.waitUntil(notifications.list.add_button.isEnabled)
    assert notifications.list._empty.isVisible()
    monkeypatch.setattr(QDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    notifications.list.add_button.click()
    qtbot.waitUntil(lambda: len(notifications.list.rows) == 1)
    (channel,) = space.policies.read(Channels).channels
    assert len(channel.secret) >= 16
    tested = []
    monkeypatch.setattr("faceaccess.door.notifications.send_test", tested.append)
    dialog = notifications.dialog(channel)
    qtbot.addWidget(dialog)
    dialog.try_button.click()
    qtbot.waitUntil(lambda: tested == [channel])
    notifications.list.rows[0].remove_button.click()
    qtbot.waitUntil(lambda: space.policies.read(Channels).channels == ())


def test_a_changed_program_keeps_its_place_in_messages(qtbot, notifications, space, monkeypatch) -> None:
    before = Notification(channel_id="x", name="A", address="https://a/", secret="s" * 20)
    space.doors.notifications.put(space.access.actor, before)
    notifications.load()
    qtbot.waitUntil(lambda: len(notifications.list.rows) == 1)

    def change(dialog: QDialog) -> QDialog.DialogCode:
        box = dialog.form.editors["wish"]
        box.setCurrentIndex(box.findData("refused"))
        box.activated.emit(box.currentIndex())
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(QDialog, "exec", change)
    notifications.list.rows[0].edit_button.click()
    qtbot.waitUntil(lambda: space.policies.read(Channels).channels[0].wish is NotificationWish.REFUSED)
    assert space.policies.read(Channels).channels[0].channel_id == "x"
