"""Somebody at a door is asked to turn their head: what the screen says, until it is over."""

from dataclasses import replace

import pytest

from faceaccess.codes import Method, Outcome, Reason, Side, TurnResult
from faceaccess.door.turning import TurnPrompt
from faceaccess.gui.door.page import DoorPage
from faceaccess.gui.kiosk.kiosk_window import KioskWindow
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.turning import people as turning_people
from faceaccess.gui.turning import prompts as turn_prompts
from faceaccess.gui.turning.people import TurningPeople
from faceaccess.settings import CameraSettings, MachineSettings
from tests.gui.drawn import make_decision, make_event, make_face, make_person, make_result
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
    assert turn_prompts._FORGOTTEN_MS >= 10_000
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
