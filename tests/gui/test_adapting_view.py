"""Adapting in the window: what there is to learn from, beside a door, and how it went."""

import pytest
from PySide6.QtCore import Qt

from faceaccess.errors import ModelError
from faceaccess.gui.settings import adapting_view
from faceaccess.gui.settings.adapting_view import AdaptingView
from faceaccess.learning.adapting import Adaptation, LearningMaterial
from faceaccess.recognition.intervals import Rate

ENOUGH = LearningMaterial(83, 166, 150, 7, 30, is_adaptable=True)


class FakeAdapting:
    """Answers as it was told, and counts how often it adapted."""

    def __init__(self, material=ENOUGH, answer=None):
        self.found, self.answer, self.calls = material, answer, 0

    def material(self, *, now):
        return self.found

    def adapt(self, actor, *, now, progress, is_cancelled):
        self.calls += 1
        progress(1, 2)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def outcome(name, low):
    return Adaptation(
        name, 0.01, Rate(0.851, 0.8, 0.9), Rate(0.876, 0.8, 0.9), Rate(0.025, low, 0.06), 0.97, ENOUGH
    )


@pytest.fixture
def shown(qtbot, space, notices):
    def show(adapting):
        view = AdaptingView(space.access, adapting, space.doors, notices)
        qtbot.addWidget(view)
        view.show()
        view.load()
        qtbot.waitUntil(lambda: "Looking" not in view.material.text())
        return view

    return show


def test_it_says_what_there_is_to_learn_from(shown):
    view = shown(FakeAdapting())
    assert view.button.isEnabled()
    assert "83 people have agreed to it" in view.material.text()
    assert "(166 photos, 150 door pictures)" in view.material.text()
    assert "7 others' consent" in view.material.text()


@pytest.mark.parametrize(
    ("material", "says"),
    [
        (LearningMaterial(4, 8, 0, 0, 30, is_adaptable=True), "It needs 30 of them."),
        (LearningMaterial(40, 80, 0, 0, 30, is_adaptable=False), "can't be adapted"),
    ],
)
def test_with_too_little_it_is_not_offered(shown, material, says):
    view = shown(FakeAdapting(material))
    assert says in view.material.text()
    assert not view.button.isEnabled()


def test_what_came_of_it_stays(qtbot, shown):
    view = shown(FakeAdapting(answer=outcome("adapted-1", 0.004)))
    with qtbot.waitSignal(view.adapted):
        qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert "Added as adapted-1" in view.result.text()
    assert "87.6 % instead of 85.1 %" in view.result.text()
    assert "2.5 points more (95 % interval +0.4 to +6.0)" in view.result.text()
    qtbot.waitUntil(view.button.isEnabled)


def test_a_refusal_says_that_nothing_changed(qtbot, shown):
    view = shown(FakeAdapting(answer=outcome("", -0.01)))
    with qtbot.assertNotEmitted(view.adapted):
        qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(view.result.isVisible)
    assert view.result.text().startswith("Refused")
    assert "nothing was added or changed" in view.result.text()


def test_a_failure_is_told_and_it_can_be_tried_again(qtbot, shown, notices):
    view = shown(FakeAdapting(answer=ModelError("The process ended early.", "Try again.")))
    qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(notices.messages()) and view.button.isEnabled())
    assert view.result.isHidden()


def test_beside_a_door_it_asks_first(qtbot, shown, space, monkeypatch):
    adapting = FakeAdapting(answer=outcome("", -0.01))
    view = shown(adapting)
    monkeypatch.setattr(type(space.doors), "is_running", property(lambda _: True))
    answers = iter([False, True])
    monkeypatch.setattr(adapting_view, "confirms", lambda *_, **__: next(answers))
    qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert adapting.calls == 0
    qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: adapting.calls == 1)
    qtbot.waitUntil(view.result.isVisible)
