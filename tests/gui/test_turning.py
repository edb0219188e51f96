"""Somebody at a door is asked to turn their head: what the screen says, until it is over."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QFormLayout

from faceaccess.codes import LivenessMode, Method, OtherWay, Outcome, Reason, Side, TurnResult
from faceaccess.door.liveness.suspicions import Suspicions
from faceaccess.door.liveness.turning import PIN_S, TurnPrompt
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.kiosk.kiosk_window import KioskWindow
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.log.event_detail import EventDetail
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.turning import people as turning_people
from faceaccess.gui.turning import prompts as turn_prompts
from faceaccess.gui.turning.people import TurningPeople
from faceaccess.settings import CameraSettings, MachineSettings
from faceaccess.store.journal.types import Event, Liveness
from faceaccess.vision.sources.images import to_jpeg
from tests.gui.drawn import (
    face_jpeg,
    face_rgb,
    make_decision,
    make_event,
    make_face,
    make_person,
    make_result,
)
from tests.gui.site import add_entry

ADA = make_person(1)
AHEAD = TurnPrompt(ADA.person_id, None, is_back_wanted=False, done=0, movements=3, tries=0)
LEFT = replace(AHEAD, asked=Side.LEFT)
OVER = replace(AHEAD, done=3, result=TurnResult.MADE)
FAILED = replace(OVER, tries=2, result=TurnResult.NOT_MADE)


@pytest.fixture
def kiosk(qtbot, theme, space, live) -> KioskWindow:
    """The kiosk of a running door."""
    camera = CameraSettings(door="Gate")
    space.policies.set_cameras(space.access.actor, [camera])
    settings = MachineSettings(kiosk_blurs=True)
    made = KioskWindow(space.access, space.people, space.doors, live, camera, settings)
    qtbot.addWidget(made, before_close_func=lambda window: window.leave())
    made.resize(1280, 800)
    made.show()
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    return made


@pytest.fixture
def page(qtbot, theme, space, live, notices) -> DoorPage:
    """The page Door with two cameras, running."""
    cameras = [CameraSettings(camera_id=name, name=name, door=name) for name in ("Gate", "Yard")]
    space.policies.set_cameras(space.access.actor, cameras)
    made = DoorPage(
        space.access,
        space.people,
        space.doors,
        space.models,
        space.journal,
        space.policies,
        live,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    return made


def shown(kiosk: KioskWindow) -> tuple[str, str, str]:
    """The words, the icon and the progress on the kiosk."""
    panel = kiosk.banner.turns.panels[0]
    assert panel.isVisible()
    assert not kiosk.banner.panels[0].isVisible()
    return panel.title.text(), panel.symbol.property("iconName"), panel.progress.text()


@pytest.mark.parametrize(
    ("prompt", "words", "icon", "progress"),
    [
        (AHEAD, "Look straight ahead", "look-ahead", ""),
        (LEFT, "Turn your head to your left", "turn-left", "1 of 3"),
        (replace(LEFT, asked=Side.RIGHT, done=1), "Turn your head to your right", "turn-right", "2 of 3"),
        (replace(LEFT, asked=Side.UP, done=2), "Look up", "turn-up", "3 of 3"),
        (replace(LEFT, asked=Side.DOWN), "Look down", "turn-down", "1 of 3"),
        (replace(AHEAD, is_back_wanted=True, done=1), "And back", "look-ahead", "2 of 3"),
        (replace(AHEAD, other_way=OtherWay.PIN), "Please use your PIN", "pin", ""),
        (replace(AHEAD, tries=1), "Look straight ahead", "look-ahead", "Once more, please"),
        (replace(LEFT, tries=1), "Turn your head to your left", "turn-left", "1 of 3 · Once more, please"),
    ],
)
def test_the_kiosk_says_what_to_do_with_a_very_large_sign(
    qtbot, kiosk, sessions, prompt, words, icon, progress
) -> None:
    sessions[-1].on_turn("main", prompt)
    qtbot.waitUntil(lambda: kiosk.banner.turns.is_asking)
    assert shown(kiosk) == (words, icon, progress)
    panel = kiosk.banner.turns.panels[0]
    assert panel.symbol.height() >= kiosk.height() * 0.3
    assert panel.accessibleName().startswith(words)
    assert panel.symbol.accessibleName() == words


def test_a_prompt_goes_before_all_else_and_ends_with_the_result(qtbot, kiosk, space, sessions) -> None:
    session, ben = sessions[-1], space.people.list()[1]
    session.on_event(make_event(50, person=ben, door="Gate"))
    qtbot.waitUntil(lambda: kiosk.banner.panels[0].title.text() == f"Welcome, {ben.name}")
    session.on_turn("main", LEFT)
    qtbot.waitUntil(lambda: kiosk.banner.turns.is_asking)
    session.on_event(make_event(51, person=ben, door="Gate"))
    qtbot.wait(20)
    assert shown(kiosk)[0] == "Turn your head to your left"
    session.on_turn("main", OVER)
    qtbot.waitUntil(lambda: not kiosk.banner.turns.isVisible())
    assert kiosk.banner.panels[0].title.text() == f"Welcome, {ben.name}"
    assert kiosk.banner.panels[0].isVisible()


def test_prompts_of_another_camera_are_not_shown_at_a_kiosk(qtbot, kiosk, sessions) -> None:
    sessions[-1].on_turn("other", LEFT)
    qtbot.wait(20)
    assert not kiosk.banner.turns.is_asking


def test_nobody_is_asked_at_a_door_that_was_closed(qtbot, kiosk, live, sessions) -> None:
    sessions[-1].on_turn("main", LEFT)
    qtbot.waitUntil(lambda: kiosk.banner.turns.is_asking)
    live.stop()
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert not kiosk.banner.turns.is_asking
    assert kiosk.banner.panels[0].title.text() == "The door is closed"


def test_a_prompt_of_which_nothing_more_is_heard_goes(qtbot, kiosk, sessions, monkeypatch) -> None:
    """Nobody is left asked where no picture comes any more."""
    kiosk.banner.turns._timer.setInterval(30)
    assert turn_prompts._FORGOTTEN_MS > 1000 * PIN_S
    sessions[-1].on_turn("main", LEFT)
    qtbot.waitUntil(lambda: kiosk.banner.turns.is_asking)
    qtbot.waitUntil(lambda: not kiosk.banner.turns.is_asking)
    assert kiosk.banner.panels[0].isVisible()


def test_the_page_names_the_cameras_where_people_are_asked(qtbot, page, sessions) -> None:
    session, turns = sessions[-1], page.banner.turns
    session.on_turn("Gate", LEFT)
    session.on_turn("Yard", replace(AHEAD, person_id="b" * 32, tries=1))
    qtbot.waitUntil(lambda: turns.panels[1].isVisible())
    assert [panel.progress.text() for panel in turns.panels] == ["Gate: 1 of 3", "Yard: Once more, please"]
    assert turns.panels[0].accessibleName() == "Turn your head to your left. 1 of 3. Gate"
    session.on_turn("Gate", OVER)
    qtbot.waitUntil(lambda: not turns.panels[1].isVisible())
    assert turns.panels[0].title.text() == "Look straight ahead"
    session.on_turn("Yard", replace(OVER, person_id="b" * 32))
    qtbot.waitUntil(lambda: page.banner.panels[0].isVisible())


def test_with_one_camera_none_is_named(page) -> None:
    page.banner.set_camera_count(1)
    page.show_prompt("Gate", LEFT)
    assert page.banner.turns.panels[0].progress.text() == "1 of 3"


def test_a_face_is_no_green_one_while_it_is_asked_nor_after_it_was_suspected(
    qtbot, kiosk, space, sessions
) -> None:
    session, ada = sessions[-1], space.people.list()[0]
    kiosk._keep_names(space.people.list())
    accepted = make_result(make_face(make_decision(Outcome.ACCEPTED, ada)))
    turned = make_result(make_face(make_decision(Outcome.LOW_QUALITY)))

    def mark_of(result) -> tuple[str, Outcome | None, bool]:
        kiosk.view.show_result(result)
        (mark,) = kiosk.view.marks
        return mark.name, mark.outcome, mark.is_hidden

    assert mark_of(accepted) == (ada.name, Outcome.ACCEPTED, False)
    session.on_turn("main", replace(LEFT, person_id=ada.person_id))
    qtbot.waitUntil(lambda: kiosk.banner.turns.is_asking)
    assert mark_of(accepted) == (f"{ada.name}?", None, False)
    assert mark_of(turned) == (f"{ada.name}?", None, False), "it isn't told to look ahead"
    session.on_turn("main", replace(FAILED, person_id=ada.person_id))
    qtbot.waitUntil(lambda: not kiosk.banner.turns.is_asking)
    assert mark_of(accepted)[1] is None
    session.on_event(add_entry(space, Outcome.SUSPECTED, ada, door="Gate", track_id=1))
    qtbot.waitUntil(lambda: mark_of(accepted) == ("Not confirmed as live", Outcome.SUSPECTED, True))
    session.on_event(make_event(60, person=ada, method=Method.PIN, reason=Reason.PIN_MATCH, door="Gate"))
    qtbot.waitUntil(lambda: mark_of(accepted) == (ada.name, Outcome.ACCEPTED, False))


def test_whoever_was_let_in_by_a_pin_while_being_asked_is_not_suspected(qtbot) -> None:
    people, face = TurningPeople(), make_face(make_decision(Outcome.ACCEPTED, ADA))
    people.ask(LEFT)
    assert people.is_asked(face)
    people.note(make_event(1, person=ADA, method=Method.PIN))
    people.ask(FAILED)
    assert not people.is_asked(face)
    assert not people.is_suspected(face)


@pytest.fixture
def detail(qtbot, theme, space, notices) -> EventDetail:
    """The details of an entry, of which none is chosen."""
    made = EventDetail(space.access, space.people, space.models, space.office, space.journal, notices)
    qtbot.addWidget(made)
    made.resize(360, 900)
    made.show()
    return made


def append(space, liveness: Liveness | None, *, pictures: int) -> Event:
    """Journal an entry of somebody who didn't turn as asked."""
    person = space.people.list()[0]
    entry = make_event(70, Outcome.SUSPECTED, person=person, liveness=liveness, runner_up_id=None).entry
    strip = np.hstack([face_rgb(number, 144) for number in range(pictures)]) if pictures else None
    jpeg = None if strip is None else to_jpeg(strip)
    return space.journal.append(entry, face_jpeg(1, 150), turn_picture=jpeg)


def rows_of(detail: EventDetail) -> dict[str, str]:
    """The figures of the entry on show."""
    pairs = []
    for row in range(detail.figures.rowCount()):
        label, field = (
            detail.figures.itemAt(row, role).widget().text()
            for role in (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
        )
        pairs.append((label, field.replace("\u200b", "")))
    return dict(pairs)


def test_the_log_says_what_was_asked_and_measured(qtbot, detail, space) -> None:
    sides = (Side.LEFT, Side.UP, Side.RIGHT)
    measured = Liveness(
        LivenessMode.IN_DOUBT,
        TurnResult.WRONG_SIDE,
        sides,
        (1.234, 0.9),
        2,
        0.312,
        0.5,
        "minifasnet-1",
        3.14,
        1.5,
    )
    detail.show_event(append(space, measured, pictures=2))
    rows = rows_of(detail)
    assert rows["Photos and screens"] == "When in doubt, ask to turn the head"
    assert rows["Looks live"] == "0.31, in doubt below 0.50"
    assert rows["Edges · pattern"] == "3.1 · 1.50"
    assert rows["Head turned"] == "another way than asked, 2 tries"
    assert rows["Asked for"] == "left 1.2 s · up 0.9 s · right –"
    assert rows["Liveness model"] == "minifasnet-1"
    qtbot.waitUntil(detail.turn.isVisible)
    qtbot.waitUntil(lambda: "today" in detail.today.text())
    assert detail.today.text() == "With the door's settings of today it would count."
    assert detail.turn.caption.text() == "Looking ahead, and turned"
    size = detail.turn.pixmap().deviceIndependentSize()
    assert size.width() == 2 * size.height()
    detail.show_event(append(space, None, pictures=0))
    assert not {"Photos and screens", "Head turned"} & rows_of(detail).keys()
    assert detail.turn.isHidden()


def test_the_log_says_that_pictures_came_before_and_of_another_camera(qtbot, detail, space) -> None:
    detail.show_event(append(space, Liveness(LivenessMode.WATCH, is_replayed=True), pictures=0))
    rows = rows_of(detail)
    assert (rows["Pictures"], rows["Head turned"]) == ("the same had come before", "not asked")
    assert "Webcam" not in rows
    detail.show_event(append(space, Liveness(LivenessMode.WATCH, is_other_camera=True), pictures=0))
    assert rows_of(detail)["Webcam"] == "virtual, or another than was set up"


def test_the_log_says_by_what_somebody_comes_in_who_does_not_turn(qtbot, detail, space) -> None:
    by_pin = Liveness(LivenessMode.ALWAYS, TurnResult.NOT_MADE, other_way=OtherWay.PIN)
    detail.show_event(append(space, by_pin, pictures=0))
    rows = rows_of(detail)
    assert rows["Head turned"] == "not asked"
    assert rows["Comes in by"] == "PIN, instead of turning the head"


def test_the_window_is_told_of_a_door_where_many_are_suspected(qtbot, space, theme, window_settings) -> None:
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.bridge.often_suspected.emit(Suspicions("Yard", (3, 2, 1)))
    assert window.notices.messages()[-1].startswith("Yard: 3 times in ten minutes")


def test_who_never_turned_is_shown_looking_ahead(qtbot, detail, space) -> None:
    sides = (Side.DOWN, Side.DOWN, Side.LEFT)
    detail.show_event(
        append(space, Liveness(LivenessMode.ALWAYS, TurnResult.NOT_MADE, sides, tries=1), pictures=1)
    )
    assert rows_of(detail)["Head turned"] == "not as asked, 1 try"
    assert "Looks live" not in rows_of(detail)
    qtbot.waitUntil(detail.turn.isVisible)
    assert detail.turn.caption.text() == "Looking ahead"
    size = detail.turn.pixmap().deviceIndependentSize()
    assert size.width() == size.height()


def test_a_turn_that_was_erased_leaves_no_gap(qtbot, detail, space) -> None:
    turned = Liveness(LivenessMode.ALWAYS, TurnResult.MADE, (Side.LEFT,), (0.8,), tries=1)
    detail.show_event(append(space, turned, pictures=0))
    qtbot.waitUntil(lambda: not detail.crop.pixmap().isNull())
    assert detail.turn.isHidden()


def test_a_turn_that_was_changed_since_is_said_to_be_damaged(qtbot, detail, space) -> None:
    turned = Liveness(LivenessMode.ALWAYS, TurnResult.MADE, (Side.LEFT,), (0.8,), tries=1)
    event = append(space, turned, pictures=2)
    with space.journal.database.transaction() as db:
        db.execute("UPDATE turn_pictures SET jpeg = ?", [face_jpeg(3, 150)])
    detail.show_event(event)
    qtbot.waitUntil(detail.turn.isVisible)
    assert "damaged" in detail.turn.picture.text()


def test_whoever_has_gone_is_forgotten(monkeypatch) -> None:
    now = [100.0]
    monkeypatch.setattr(turning_people, "steady_s", lambda: now[0])
    people, face = TurningPeople(), make_face(make_decision(Outcome.ACCEPTED, ADA))
    people.note(make_event(1, Outcome.SUSPECTED, person=ADA))
    for _ in range(10):
        now[0] += 2
        people.follow(make_result(face))
    assert people.is_suspected(face)
    people.follow(make_result())
    assert people.is_suspected(face), "a face is missed for a moment"
    now[0] += 4
    people.follow(make_result())
    assert not people.is_suspected(face)
