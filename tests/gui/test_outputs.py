"""Setting up what opens doors and who is told: tried before it is saved."""

import pytest
from PySide6.QtWidgets import QDialog, QDialogButtonBox

from faceaccess.codes import JournalKind, LivenessMode, NotificationWish, OpeningKind
from faceaccess.door import openings as door_openings
from faceaccess.errors import OutputError
from faceaccess.gui.settings.door_dialog import DoorDialog
from faceaccess.gui.settings.notification_list import NotificationList
from faceaccess.gui.settings.opening_list import OpeningList
from faceaccess.gui.wording import setups
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
    assert "you answer for it" in dialog.caution.text()
    assert dialog.caution.isVisible()
    dialog.try_button.click()
    qtbot.waitUntil(lambda: tried == [("Yard", HTTP)])
    qtbot.waitUntil(lambda: "Did the door open?" in dialog.tried.text())
    dialog.try_button.click()
    qtbot.waitUntil(lambda: "Check its cable." in dialog.problem.text())
    assert dialog.try_button.isEnabled()


def choose(dialog: DoorDialog, name: str, value: str) -> None:
    """Choose what the door does."""
    box = dialog.liveness_form.editors[name]
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_what_could_not_work_is_refused_in_the_dialog(qtbot, openings, space) -> None:
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
    choose(dialog, "mode", "always")
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert dialog.settings() == HTTP
    assert space.policies.opening("Gate") == HTTP


def test_a_door_that_a_photo_could_open_is_refused_and_nothing_is_lost(qtbot, openings, space) -> None:
    dialog = openings.dialog(openings.items[0])
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.caution.isHidden(), "nothing opens it"
    dialog.form.set_settings(HTTP)
    choose(dialog, "mode", "in_doubt")
    assert dialog.liveness_form.editors["limit"].isEnabled()
    dialog.liveness_form.editors["limit"].setValue(0.65)
    dialog.liveness_form.editors["limit"].editingFinished.emit()
    assert "ask everybody to turn their head, or sign" in dialog.caution.text()
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "Somebody with a photo could open Gate." in dialog.problem.text())
    assert "sign that it may be opened by face alone" in dialog.problem.text()
    assert dialog.isVisible()
    assert dialog.settings() == HTTP
    assert dialog.liveness() == LivenessSettings(mode=LivenessMode.IN_DOUBT, limit=0.65)
    choose(dialog, "mode", "always")
    assert dialog.caution.isHidden()
    assert dialog.problem.isHidden()
    assert not dialog.liveness_form.editors["limit"].isEnabled()
    dialog.save_button.click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert space.policies.liveness("Gate").mode is LivenessMode.ALWAYS


def test_whoever_signs_for_a_door_is_named_in_the_log(qtbot, openings, space, notices, monkeypatch) -> None:
    def sign(dialog: QDialog) -> QDialog.DialogCode:
        dialog.form.set_settings(HTTP)
        dialog.liveness_form.editors["is_risk_signed"].setChecked(True)
        assert "you answer for it: the log names" in dialog.caution.text()
        dialog.save_button.click()
        qtbot.waitUntil(lambda: bool(dialog.result()))
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(QDialog, "exec", sign)
    openings.list.rows[0].edit_button.click()
    qtbot.waitUntil(lambda: "The door is saved." in notices.messages())
    signed = space.journal.rows.newest([JournalKind.POLICY_CHANGED])[0]
    assert signed.actor == space.access.actor.name
    assert signed.details["after"] == {"is_risk_signed": True}
    qtbot.waitUntil(lambda: "may be opened by face alone" in openings.list.rows[0].facts.text())


def test_a_row_says_what_opens_a_door_and_what_it_does_about_photos(openings) -> None:
    gate, yard = (row.facts.text() for row in openings.list.rows)
    assert gate == "Not opened by this program · only measures photos and screens"
    assert (
        yard == "HTTP · https://relay/open · only measures photos and screens · may be opened by face alone"
    )
    always, watch = LivenessSettings(mode=LivenessMode.ALWAYS), LivenessSettings()
    assert setups.door(HTTP, always) == "HTTP · https://relay/open · asks everybody to turn the head"
    assert setups.door(HTTP, watch).endswith("a photo could open it, and nobody answers for that")


def test_a_door_is_saved(qtbot, openings, space, notices, monkeypatch) -> None:
    def change(dialog: QDialog) -> QDialog.DialogCode:
        dialog.form.editors["address"].setText("https://relay/shut")
        dialog.form.editors["address"].editingFinished.emit()
        dialog.save_button.click()
        qtbot.waitUntil(lambda: bool(dialog.result()))
        return QDialog.DialogCode(dialog.result())

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
