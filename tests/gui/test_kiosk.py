"""The screen at the door: greets, takes PINs, can't be left without the desk's."""

import wave
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from faceaccess.codes import CameraFault, CameraState, Direction, Method, Outcome, Reason
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import StoreError
from faceaccess.gui import sounds
from faceaccess.gui.kiosk import kiosk_window as kiosk_module
from faceaccess.gui.kiosk.kiosk_window import KioskWindow, make_kiosk
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.gui.wording import camera_codes
from faceaccess.settings import CameraSettings, MachineSettings
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.types import Person
from tests.gui.drawn import NOW, make_decision, make_event, make_face, make_result
from tests.gui.site import add_entry, events_of, refuse
from tests.gui.test_desk_questions import make_question

SETTINGS = MachineSettings(kiosk_sounds=True, kiosk_blurs=True)


@pytest.fixture
def kiosk(qtbot, space, live) -> KioskWindow:
    """The kiosk of a running door."""
    camera = CameraSettings(door="Gate")
    space.policies.set_cameras(space.access.actor, [camera])
    made = KioskWindow(space.access, space.people, space.doors, live, camera, SETTINGS)
    qtbot.addWidget(made, before_close_func=lambda window: window.leave())
    made.resize(1280, 800)
    made.show()
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    return made


@pytest.fixture
def pin_user(space) -> Person:
    """Somebody who may pass by staff number 77 and PIN 2583."""
    person = space.people.create(name="Pin User", staff_number="77")
    return space.reception.directory.set_pin(space.access.actor, person.person_id, "2583")


def _type(kiosk: KioskWindow, number: str, pin: str) -> None:
    for words in (number, pin):
        for letter in words:
            kiosk.pad.keys[letter].click()
        kiosk.pad.keys["✓"].click()


def test_who_is_let_in_is_greeted_with_the_time(kiosk, space, sessions) -> None:
    session = sessions[-1]
    person = space.people.list()[0]
    kiosk._show_event(make_event(50, person=person, door="Gate"))
    panel = kiosk.banner.panels[0]
    assert panel.title.text() == f"Welcome, {person.name}"
    minute = (NOW.astimezone()).strftime("%M")
    assert minute in panel.advice.text()
    kiosk._show_event(make_event(51, person=person, door="Gate", direction=Direction.OUT))
    assert kiosk.banner.panels[0].title.text() == f"Goodbye, {person.name}"
    assert session.starts == 1


def test_entries_of_another_door_are_not_shown(kiosk, space) -> None:
    kiosk._show_event(make_event(50, person=space.people.list()[0], door="Yard"))
    assert kiosk.banner.panels[0].title.text() == "Look into the camera"


def test_strangers_are_hidden_on_the_screen_and_staff_are_not(qtbot, kiosk, space, sessions) -> None:
    session = sessions[-1]
    known = make_face(make_decision(Outcome.ACCEPTED, space.people.list()[0]))
    stranger = make_face(make_decision(Outcome.UNKNOWN), 2)
    qtbot.waitUntil(kiosk.view.has_picture)
    session.on_result("main", make_result(known, stranger))
    qtbot.waitUntil(lambda: len(kiosk.view.marks) == 2)
    assert [mark.is_hidden for mark in kiosk.view.marks] == [False, True]
    kiosk.grab()


def test_sounds_differ_for_who_is_let_in(kiosk, monkeypatch) -> None:
    """The desktop's beep is silent on many of them."""
    played = []
    monkeypatch.setattr(sounds, "player", lambda: ("play", "-q"))
    monkeypatch.setattr(
        sounds.QProcess, "startDetached", lambda program, words: played.append((program, *words))
    )
    for outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN):
        kiosk._show_event(make_event(50, outcome, door="Gate"))
    assert [words[:2] for words in played] == [("play", "-q")] * 2
    assert [Path(words[2]).name for words in played] == ["accepted.wav", "refused.wav"]
    for words in played:
        with wave.open(words[2]) as sound:
            assert sound.getnframes()


def test_without_a_player_the_desktop_beeps(kiosk, monkeypatch) -> None:
    heard = []
    monkeypatch.setattr(sounds, "player", lambda: None)
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(1))
    kiosk._show_event(make_event(50, door="Gate"))
    assert heard == [1]


def test_a_lost_camera_is_said_and_the_pin_still_works(kiosk) -> None:
    kiosk._show_camera("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    assert kiosk.state.text() == "No picture from the camera"
    assert "PIN" in kiosk.banner.panels[0].advice.text()
    assert kiosk.pin_button.isEnabled()


def test_a_pin_is_typed_on_the_screen(qtbot, kiosk, space, pin_user) -> None:
    kiosk.pin_button.click()
    assert kiosk.pad.isVisible()
    _type(kiosk, "77", "2583")
    qtbot.waitUntil(lambda: not kiosk.pad.isVisible())
    entry = events_of(space)[-1].entry
    assert (entry.person_id, entry.outcome, entry.door) == (pin_user.person_id, Outcome.ACCEPTED, "Gate")
    assert kiosk.pad.pin.text() == ""


def test_a_wrong_pin_says_so_and_can_be_typed_again(qtbot, kiosk, pin_user, space) -> None:
    kiosk.pin_button.click()
    _type(kiosk, "77", "2581")
    qtbot.waitUntil(lambda: "don't match" in kiosk.pad.message.text())
    assert kiosk.pad.isVisible()
    assert events_of(space)[-1].entry.reason is Reason.PIN_WRONG
    assert (kiosk.pad.number.text(), kiosk.pad.pin.text()) == ("", "")
    kiosk.pad.keys["1"].click()
    kiosk.pad.keys["⌫"].click()
    assert kiosk.pad.number.text() == ""


def test_a_second_pin_within_the_cool_down_is_told_so(qtbot, kiosk, sessions, pin_user) -> None:
    sessions[-1].entered.append(pin_user.person_id)
    kiosk.pin_button.click()
    _type(kiosk, "77", "2583")
    qtbot.waitUntil(lambda: kiosk.banner.panels[0].title.text() == "You are checked in already")


def test_a_pin_at_a_door_that_was_closed_meanwhile_says_so(qtbot, kiosk, live) -> None:
    kiosk.pin_button.click()
    live.stop()
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    _type(kiosk, "77", "2583")
    qtbot.waitUntil(lambda: "The door is closed." in kiosk.pad.message.text())


def test_the_kiosk_is_left_with_the_desks_pin_only(qtbot, kiosk, space) -> None:
    space.doors.desk_pin.set(space.access.actor, "4827")
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
    qtbot.waitUntil(lambda: "not the desk's PIN" in kiosk.pad.message.text())
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
    qtbot, kiosk, live, monkeypatch, sessions
) -> None:
    monkeypatch.setattr(kiosk_module, "_REOPEN_MS", 20)
    kiosk.keep_open()
    live.stop()
    qtbot.waitUntil(lambda: len(sessions) == 2)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)


def test_after_leaving_was_not_wanted_a_staff_number_is_asked_for_again(qtbot, kiosk, space) -> None:
    space.doors.desk_pin.set(space.access.actor, "4827")
    kiosk.leave_button.click()
    qtbot.waitUntil(kiosk.pad.isVisible)
    kiosk.pad.cancel_button.click()
    kiosk.pin_button.click()
    assert kiosk.pad.number.isVisible()


@pytest.mark.logs_warnings
def test_the_kiosk_shows_the_camera_that_was_chosen_and_says_what_is_missing(qtbot, space, live) -> None:
    cameras = [CameraSettings(name="A"), CameraSettings(camera_id="b", name="Yard")]
    space.policies.set_cameras(space.access.actor, cameras)
    space.machine.settings = MachineSettings(kiosk_camera="yard", kiosk_screen="none such")
    others, said = OtherWindows(space, live), []
    others.missing.connect(said.append)
    others.open_kiosk()
    window = others.kiosk
    qtbot.addWidget(window, before_close_func=lambda each: each.leave())
    assert window._camera.camera_id == "b"
    assert window.isFullScreen()
    assert datetime.now().strftime("%M") in window.clock.text() or window.clock.text()
    assert any("none such" in words for words in said)
    others.open_kiosk()
    assert others.kiosk is window
    space.machine.settings = MachineSettings(kiosk_camera="gone")
    assert (
        "gone" in make_kiosk(space.access, space.people, space.doors, space.policies, space.machine, live)[1]
    )


def test_not_me_takes_the_greeting_back_and_tells_the_desk(qtbot, kiosk, space, live) -> None:
    event = add_entry(space, person=space.people.list()[0], door="Gate")
    assert kiosk.not_me.isHidden()
    kiosk._show_event(event)
    assert kiosk.not_me.isVisible()
    with qtbot.waitSignal(live.event_voided) as told:
        kiosk.not_me.buttons[event.seq].click()
    assert told.args[0] == event
    assert space.journal.events.get(event.seq).voided_by is not None
    assert "Taken back" in kiosk.banner.panels[0].title.text()
    assert kiosk.not_me.isHidden()


def test_each_of_two_people_greeted_can_say_that_it_is_not_them(qtbot, kiosk, space) -> None:
    """Only the last one could."""
    people = one, two, _ = space.people.list()[:3]
    events = [
        add_entry(space, person=person, door="Gate", seconds=50 + at) for at, person in enumerate(people)
    ]
    first, second, third = (event.seq for event in events)
    kiosk._show_event(events[0])
    assert kiosk.not_me.buttons[first].text() == "Not me"
    kiosk._show_event(events[1])
    assert [each.text() for each in kiosk.not_me.buttons.values()] == [f"Not {one.name}", f"Not {two.name}"]
    kiosk._show_event(events[2])
    assert list(kiosk.not_me.buttons) == [second, third]
    kiosk.not_me.buttons[second].click()
    qtbot.waitUntil(lambda: list(kiosk.not_me.buttons) == [third])
    assert [bool(space.journal.events.get(event.seq).voided_by) for event in events] == [False, True, False]


def test_not_me_is_offered_for_a_moment_and_only_for_faces_let_in(qtbot, kiosk, space) -> None:
    person = space.people.list()[0]
    kiosk._show_event(make_event(50, Outcome.UNKNOWN, door="Gate"))
    kiosk._show_event(make_event(51, person=person, door="Gate", method=Method.PIN))
    assert kiosk.not_me.isHidden()
    kiosk.not_me.offered_ms = 50
    kiosk._show_event(make_event(52, person=person, door="Gate"))
    qtbot.waitUntil(kiosk.not_me.isHidden)


def test_not_me_that_failed_is_said_where_it_is_seen(qtbot, kiosk, space, monkeypatch) -> None:
    """It was said in the hidden PIN pad, and "Welcome" stayed."""
    refuse(monkeypatch, Journal, "void", StoreError("The disk is full.", "Free some space."))
    kiosk._show_event(make_event(50, person=space.people.list()[0], door="Gate"))
    kiosk.not_me.buttons[50].click()
    qtbot.waitUntil(lambda: kiosk.banner.panels[0].title.text() == "The disk is full.")
    assert kiosk.not_me.buttons[50].isEnabled()


@pytest.mark.parametrize(
    "status",
    [
        CameraStatus(CameraState.ONLINE, CameraFault.BLACK),
        CameraStatus(CameraState.STALLED, CameraFault.FROZEN),
        CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE),
    ],
)
def test_nobody_is_asked_to_look_into_a_camera_that_sees_nothing(kiosk, status) -> None:
    """A black picture's empty result asked people to look into the camera."""
    kiosk._show_camera("main", status)
    words = camera_codes.status(status).label
    assert kiosk.banner.panels[0].title.text() == words
    kiosk._show_result("main", make_result())
    assert kiosk.banner.panels[0].title.text() == words
    assert "PIN" in kiosk.banner.panels[0].advice.text()
    kiosk._show_camera("main", CameraStatus(CameraState.ONLINE))
    assert kiosk.banner.panels[0].title.text() == "Look into the camera"


def test_a_lost_camera_can_be_tried_again_at_the_kiosk(kiosk, sessions) -> None:
    assert kiosk.retry_button.isHidden()
    kiosk._show_camera("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    kiosk.retry_button.click()
    assert sessions[-1].retried == ["main"]
    kiosk._show_camera("main", CameraStatus(CameraState.ONLINE))
    assert kiosk.retry_button.isHidden()


def test_the_desk_is_said_to_be_asked_until_it_has_answered(qtbot, kiosk, live) -> None:
    """After five seconds it asked them to look into the camera again."""
    question = replace(make_question(7), camera=kiosk._camera.name)
    live.question_asked.emit(question)
    asked = "One moment: the desk is asked"
    assert kiosk.banner.panels[0].title.text() == asked
    kiosk._show_result("main", make_result())
    kiosk.banner.clear()
    assert kiosk.banner.panels[0].title.text() == asked
    live.question_closed.emit(7)
    assert kiosk.banner.panels[0].title.text() == "Look into the camera"


def test_who_is_between_two_people_is_told_what_to_do_at_once(kiosk) -> None:
    """Advice came three seconds later, with the refusal."""
    kiosk.banner._hint_age.invalidate()
    kiosk._show_result("main", make_result(make_face(make_decision(Outcome.AMBIGUOUS))))
    assert "One at a time" in kiosk.banner.panels[0].title.text()


def test_a_camera_that_is_gone_gives_way_to_another(qtbot, kiosk, space, live, pin_user, sessions) -> None:
    """Its last picture stayed, and a PIN ended in a fault of the program."""
    kiosk._show_camera("main", CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE))
    other = CameraSettings(camera_id="b", name="Yard", door="Back door")
    space.policies.set_cameras(space.access.actor, [other])
    live.start(None)
    qtbot.waitUntil(lambda: kiosk.door.text() == "Back door")
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    assert kiosk.banner.panels[0].title.text() == "Look into the camera"
    kiosk.pin_button.click()
    _type(kiosk, "77", "2583")
    qtbot.waitUntil(lambda: sessions[-1].entered == [pin_user.person_id])
    assert events_of(space)[-1].entry.door == "Back door"
    space.policies.set_cameras(space.access.actor, [replace(other, door="Hall")])
    live.start(None)
    qtbot.waitUntil(lambda: kiosk.door.text() == "Hall")


def test_a_door_that_did_not_open_is_said_after_its_greeting(kiosk, space, live) -> None:
    event = make_event(50, person=space.people.list()[0], door="Gate")
    kiosk._show_event(event)
    live.opening_failed.emit(make_event(49, person=space.people.list()[1], door="Yard"))
    assert kiosk.banner.panels[0].title.text().startswith("Welcome")
    live.opening_failed.emit(event)
    assert kiosk.banner.panels[0].title.text() == "The door did not open"


def test_a_staff_number_with_letters_is_typed(qtbot, kiosk, space, sessions) -> None:
    """The pad had digits only: S001 could not be typed."""
    person = space.people.list()[0]
    space.reception.directory.set_pin(space.access.actor, person.person_id, "2583")
    kiosk.pin_button.click()
    kiosk.pad.letters_button.click()
    assert kiosk.pad.letters.isVisible()
    kiosk.pad.keys["S"].click()
    kiosk.pad.letters_button.click()
    assert not kiosk.pad.letters.isVisible()
    _type(kiosk, "001", "2583")
    qtbot.waitUntil(lambda: sessions[-1].entered == [person.person_id])


def test_a_kiosk_that_was_left_opens_no_door_again(qtbot, kiosk) -> None:
    """Its timer fired after the door was gone, in whatever ran then."""
    kiosk.keep_open()
    again = kiosk._again
    kiosk._show_run_state(RunState.STOPPED)
    assert again.isActive()
    kiosk.leave()
    assert not again.isActive()
    kiosk._show_run_state(RunState.STOPPED)
    assert kiosk._again is None
