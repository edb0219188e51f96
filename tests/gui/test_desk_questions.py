"""The desk's card: who is asked about, one tap, the next question."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from faceaccess.codes import Outcome, Reason, Role
from faceaccess.door.checkin import CheckIn
from faceaccess.door.desk import Answer, Question
from faceaccess.gui import sounds
from faceaccess.gui.door import desk_questions
from faceaccess.gui.door.desk_questions import DeskQuestions
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.recognition.types import Decision, MatchPolicy
from faceaccess.steady import steady_s
from faceaccess.vision.types import LooseCrop, Quality
from tests.builders import make_detection
from tests.gui.drawn import NOW, face_rgb
from tests.gui.site import act_as, add_operators


def make_question(number: int, *candidates: tuple[str, float]) -> Question:
    """Return a question about somebody near these people."""
    decision = Decision(Outcome.UNKNOWN, Reason.NO_MATCH, None, 0.28, None, None, MatchPolicy("m", 0.27, 0.0))
    crop = LooseCrop(face_rgb(number), make_detection().landmarks)
    check_in = CheckIn(decision, Quality(90, 20, 120, 0, 1), crop, NOW, 1, 1.0, 1)
    return Question(number, "Gate", check_in, candidates, steady_s())


@pytest.fixture
def card(qtbot, space, live, notices) -> DeskQuestions:
    """The card, with nothing to ask."""
    made = DeskQuestions(space.access, space.people, space.doors, live, notices)
    qtbot.addWidget(made)
    return made


def test_both_candidates_stand_beside_the_face(qtbot, card, space) -> None:
    assert card.isHidden()
    one, two = space.people.list()[:2]
    card.ask(make_question(1, (one.person_id, 0.28), (two.person_id, 0.285)))
    qtbot.waitUntil(lambda: len(card.buttons) == 3)
    assert not card.isHidden()
    assert card.title.text() == "Gate: who is this?"
    assert [button.text() for button in card.buttons.values()] == [
        one.name, two.name, "Somebody else",
    ]  # fmt: skip
    assert not card.face.pixmap().isNull()


def test_one_tap_answers_and_the_next_question_follows(qtbot, card, space, live, sessions) -> None:
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    (session,) = sessions
    person = space.people.list()[0]
    for number in (1, 2):
        card.ask(make_question(number, (person.person_id, 0.28)))
    qtbot.waitUntil(lambda: person.person_id in card.buttons)
    assert "1 more waiting" in card.title.text()
    card.buttons[person.person_id].click()
    assert not session.answers, "nobody can have read it yet"
    qtbot.waitUntil(lambda: card.buttons[person.person_id].isEnabled())
    card.buttons[person.person_id].click()
    actor = space.access.actor
    qtbot.waitUntil(lambda: session.answers == [Answer(1, person.person_id, actor)])
    assert not card.buttons[person.person_id].isEnabled()
    card.close_question(1)
    qtbot.waitUntil(lambda: card.buttons[None].isEnabled())
    card.buttons[None].click()
    qtbot.waitUntil(lambda: session.answers[-1] == Answer(2, None, actor))
    card.close_question(2)
    assert card.isHidden()


def test_the_time_left_is_shown(card) -> None:
    card.ask(make_question(1))
    assert 29_000 < card.remaining.value() <= 30_000


def test_only_who_may_answer_is_asked(card, space) -> None:
    add_operators(space)
    counts: list[int] = []
    card.counted.connect(counts.append)
    act_as(space, Role.AUDITOR)
    card.ask(make_question(1))
    assert card.isHidden()
    act_as(space, Role.RECEPTIONIST)
    card.show_next()
    assert not card.isHidden()
    assert counts == [0, 1]


def test_a_question_sounds_where_that_was_chosen(space, live, monkeypatch) -> None:
    played: list[sounds.Sound] = []
    monkeypatch.setattr(sounds, "play", played.append)
    others = OtherWindows(space, live)
    live.question_asked.emit(make_question(1))
    space.machine.save(replace(space.machine.settings, desk_sounds=True))
    live.question_asked.emit(make_question(2))
    assert played == [sounds.Sound.QUESTION]
    others.close()


def test_a_question_stands_on_every_page_and_takes_one_click(
    qtbot, space, theme, window_settings, sessions, monkeypatch
) -> None:
    monkeypatch.setattr(desk_questions, "_SETTLE_MS", 30)
    space.machine.save(replace(space.machine.settings, starts_door=True))
    window = MainWindow(space, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING)
    (session,) = sessions
    person = space.people.list()[0]
    for number, page in enumerate(window.pages, 1):
        window.show_page(page)
        window.bridge.question_asked.emit(make_question(number, (person.person_id, 0.28)))
        card = window.door.questions if page is window.door else window.questions
        qtbot.waitUntil(lambda card=card: person.person_id in card.buttons)
        assert card.isVisible()
        assert window.rect().contains(card.geometry().translated(card.parentWidget().mapTo(window, QPoint())))
        assert window.door.questions.isVisible() is not window.questions.isVisible()
        door = window.rail.button(0)
        assert (door.waiting, door.accessibleName()) == (1, "Door, 1 waiting")
        qtbot.waitUntil(lambda card=card: card.buttons[person.person_id].isEnabled())
        qtbot.mouseClick(card.buttons[person.person_id], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda number=number: session.answers[-1:] == [
            Answer(number, person.person_id, space.access.actor)
        ])  # fmt: skip
        window.bridge.question_closed.emit(number)
        assert door.waiting == 0
        assert window.notices.isHidden()
    window.close()
