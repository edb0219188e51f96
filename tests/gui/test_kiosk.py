"""The screen at the door: greets, takes PINs, can't be left without the desk's."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from faceaccess.codes import CameraFault, CameraState, Direction, Method, Outcome, Reason
from faceaccess.door.pin import PinAnswer
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import kiosk as kiosk_module
from faceaccess.gui.kiosk import KioskWindow, open_kiosk
from faceaccess.gui.live_bridge import RunState
from faceaccess.settings import CameraSettings, MachineSettings
from tests.gui.fakes_gui import NOW, make_decision, make_event, make_face, make_result

SETTINGS = MachineSettings(kiosk_sounds=True, kiosk_blurs=True)


@pytest.fixture
def kiosk(qtbot, workspace, bridge) -> KioskWindow:
    """The kiosk of a running door."""
    made = KioskWindow(workspace, bridge, CameraSettings(door="Gate"), SETTINGS)
    qtbot.addWidget(made, before_close_func=lambda window: window.leave())
    made.resize(1280, 800)
    made.show()
    bridge.start(None)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)
    return made


def _type(kiosk: KioskWindow, number: str, pin: str) -> None:
    for words in (number, pin):
        for letter in words:
            kiosk.pad.keys[letter].click()
        kiosk.pad.keys["✓"].click()


def test_who_is_let_in_is_greeted_with_the_time(kiosk, workspace) -> None:
    session = workspace.sessions[-1]
    person = workspace.people.people[0]
    kiosk._show_event(make_event(50, person=person, door="Gate"))
    panel = kiosk.banner.panels[0]
    assert panel.title.text() == f"Welcome, {person.name}"
    minute = (NOW.astimezone()).strftime("%M")
    assert minute in panel.advice.text()
    kiosk._show_event(make_event(51, person=person, door="Gate", direction=Direction.OUT))
    assert kiosk.banner.panels[0].title.text() == f"Goodbye, {person.name}"
    assert session.starts == 1


def test_entries_of_another_door_are_not_shown(kiosk, workspace) -> None:
    kiosk._show_event(make_event(50, person=workspace.people.people[0], door="Yard"))
    assert kiosk.banner.panels[0].title.text() == "Look into the camera"


def test_strangers_are_hidden_on_the_screen_and_staff_are_not(qtbot, kiosk, workspace) -> None:
    session = workspace.sessions[-1]
    known = make_face(make_decision(Outcome.ACCEPTED, workspace.people.people[0]))
    stranger = make_face(make_decision(Outcome.UNKNOWN), 2)
    qtbot.waitUntil(kiosk.view.has_picture)
    session.on_result("main", make_result(known, stranger))
    qtbot.waitUntil(lambda: len(kiosk.view.marks) == 2)
    assert [mark.is_hidden for mark in kiosk.view.marks] == [False, True]
    kiosk.grab()


@pytest.mark.parametrize(("outcome", "beeps"), [(Outcome.ACCEPTED, 1), (Outcome.UNKNOWN, 2)])
def test_sounds_differ_for_who_is_let_in(qtbot, kiosk, monkeypatch, outcome, beeps) -> None:
    heard = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(1))
    kiosk._show_event(make_event(50, outcome, door="Gate"))
    qtbot.waitUntil(lambda: len(heard) == beeps)
    qtbot.wait(300)
    assert len(heard) == beeps


def test_a_lost_camera_is_said_and_the_pin_still_works(kiosk) -> None:
    kiosk._show_camera("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    assert kiosk.state.text() == "No picture from the camera"
    assert "PIN" in kiosk.banner.panels[0].advice.text()
    assert kiosk.pin_button.isEnabled()


def test_a_pin_is_typed_on_the_screen(qtbot, kiosk, workspace) -> None:
    person = workspace.people.people[0]
    event = make_event(60, person=person, door="Gate")
    workspace.pin_answer = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, person.person_id), event
    kiosk.pin_button.click()
    assert kiosk.pad.isVisible()
    _type(kiosk, "77", "2580")
    qtbot.waitUntil(lambda: workspace.pins == [("main", "77", "2580")])
    qtbot.waitUntil(lambda: not kiosk.pad.isVisible())
    assert kiosk.pad.pin.text() == ""


def test_a_wrong_pin_says_so_and_can_be_typed_again(qtbot, kiosk, workspace) -> None:
    workspace.pin_answer = PinAnswer(Outcome.UNKNOWN, Reason.PIN_WRONG), make_event(60, Outcome.UNKNOWN)
    kiosk.pin_button.click()
    _type(kiosk, "77", "2581")
    qtbot.waitUntil(lambda: "don't fit" in kiosk.pad.words.text())
    assert kiosk.pad.isVisible()
    assert (kiosk.pad.number.text(), kiosk.pad.pin.text()) == ("", "")
    kiosk.pad.keys["1"].click()
    kiosk.pad.keys["⌫"].click()
    assert kiosk.pad.number.text() == ""


def test_a_second_pin_within_the_cool_down_is_told_so(qtbot, kiosk, workspace) -> None:
    workspace.pin_answer = PinAnswer(Outcome.ACCEPTED, Reason.PIN_MATCH, "a" * 32), None
    kiosk.pin_button.click()
    _type(kiosk, "77", "2580")
    qtbot.waitUntil(lambda: kiosk.banner.panels[0].title.text() == "You are checked in already")


def test_a_pin_at_a_closed_door_says_so(qtbot, kiosk) -> None:
    kiosk.pin_button.click()
    _type(kiosk, "77", "2580")
    qtbot.waitUntil(lambda: "The door is closed." in kiosk.pad.words.text())


def test_the_kiosk_is_left_with_the_desks_pin_only(qtbot, kiosk, workspace) -> None:
    workspace.desk_pin.pin = "4827"
    kiosk.close()
    assert kiosk.isVisible()
    qtbot.waitUntil(kiosk.pad.isVisible)
    assert kiosk.pad.number.isHidden()
    qtbot.keyClick(kiosk, Qt.Key.Key_Escape)
    assert not kiosk.pad.isVisible()
    kiosk.leave_button.click()
    qtbot.waitUntil(kiosk.pad.isVisible)
    for letter in "1111":
        kiosk.pad.keys[letter].click()
    kiosk.pad.keys["✓"].click()
    qtbot.waitUntil(lambda: "not the desk's PIN" in kiosk.pad.words.text())
    for letter in "4827":
        kiosk.pad.keys[letter].click()
    with qtbot.waitSignal(kiosk.left):
        kiosk.pad.keys["✓"].click()
    assert not kiosk.isVisible()


def test_without_a_pin_of_the_desk_anybody_may_leave(qtbot, kiosk) -> None:
    with qtbot.waitSignal(kiosk.left):
        kiosk.leave_button.click()
    assert not kiosk.isVisible()


def test_a_door_that_closes_is_opened_again_where_nobody_else_would(
    qtbot, kiosk, workspace, bridge, monkeypatch
) -> None:
    monkeypatch.setattr(kiosk_module, "_REOPEN_MS", 20)
    kiosk.keep_open()
    bridge.stop()
    qtbot.waitUntil(lambda: len(workspace.sessions) == 2)
    qtbot.waitUntil(lambda: bridge.run_state is RunState.RUNNING)


def test_after_leaving_was_not_wanted_a_staff_number_is_asked_for_again(qtbot, kiosk, workspace) -> None:
    workspace.desk_pin.pin = "4827"
    kiosk.leave_button.click()
    qtbot.waitUntil(kiosk.pad.isVisible)
    kiosk.pad.cancel_button.click()
    kiosk.pin_button.click()
    assert kiosk.pad.number.isVisible()


def test_the_kiosk_shows_the_camera_that_was_chosen(qtbot, workspace, bridge) -> None:
    workspace.policies.kept = (CameraSettings(name="A"), CameraSettings(camera_id="b", name="Yard"))
    workspace.settings = MachineSettings(kiosk_camera="yard", kiosk_screen="none such")
    window = open_kiosk(workspace, bridge)
    qtbot.addWidget(window, before_close_func=lambda each: each.leave())
    assert window._camera.camera_id == "b"
    assert window.isFullScreen()
    assert datetime.now().strftime("%M") in window.clock.text() or window.clock.text()


def test_not_me_takes_the_greeting_back_and_tells_the_desk(qtbot, kiosk, workspace, bridge) -> None:
    event = make_event(50, person=workspace.people.people[0], door="Gate")
    assert kiosk.not_me_button.isHidden()
    kiosk._show_event(event)
    assert kiosk.not_me_button.isVisible()
    with qtbot.waitSignal(bridge.event_voided) as told:
        kiosk.not_me_button.click()
    assert (workspace.voided, told.args[0]) == ([50], event)
    assert "Taken back" in kiosk.banner.panels[0].title.text()
    assert kiosk.not_me_button.isHidden()


def test_not_me_is_offered_for_a_moment_and_only_for_faces_let_in(qtbot, kiosk, workspace) -> None:
    person = workspace.people.people[0]
    kiosk._show_event(make_event(50, Outcome.UNKNOWN, door="Gate"))
    kiosk._show_event(make_event(51, person=person, door="Gate", method=Method.PIN))
    assert kiosk.not_me_button.isHidden()
    kiosk._not_me_timer.setInterval(50)
    kiosk._show_event(make_event(52, person=person, door="Gate"))
    qtbot.waitUntil(kiosk.not_me_button.isHidden)
