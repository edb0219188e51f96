"""Unknown visitors in the window: off, nobody, cards, and what is done with them."""

import pytest
from PySide6.QtWidgets import QMessageBox

from faceaccess.codes import Outcome, Role, VisitorMark
from faceaccess.errors import EnrolmentError
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.visitors.page import _AT_ONCE, VisitorsPage
from faceaccess.settings import DoorSettings
from faceaccess.store.access.types import Actor
from tests.gui.fake_visitors import make_group
from tests.gui.fakes_gui import make_event


@pytest.fixture
def page(qtbot, workspace, notices) -> VisitorsPage:
    """The page, faces being kept, with three visitors."""
    workspace.policies.set(workspace.access.actor, DoorSettings(keep_unknown_h=24))
    workspace.reception.visitors.found = [make_group(1, 2, 3, 4, 5, 6, 7), make_group(8, 9), make_group(10)]
    made = VisitorsPage(
        workspace.access,
        workspace.people,
        workspace.reception,
        workspace.journal,
        workspace.policies,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def load(qtbot, page, cards: int) -> None:
    page.load()
    qtbot.waitUntil(lambda: page.refresh_button.isEnabled() and len(page.cards) == cards)


def test_while_faces_are_not_kept_it_says_what_keeping_them_means(qtbot, page, workspace) -> None:
    workspace.policies.set(workspace.access.actor, DoorSettings())
    page.load()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.off)
    assert "never agreed" in page.off.words.text()
    assert not page.merge_button.isVisible()
    with qtbot.waitSignal(page.settings_wanted):
        page.off.button.click()
    # A receptionist may not change it.
    workspace.access.actor = Actor("ben", Role.RECEPTIONIST)
    page.load()
    qtbot.waitUntil(lambda: not page.off.button.isVisible())


def test_nobody_came(qtbot, page, workspace) -> None:
    workspace.reception.visitors.found = []
    page.load()
    qtbot.waitUntil(lambda: "24" in page.nobody.words.text())
    assert page.stack.currentWidget() is page.nobody


def test_a_card_says_how_often_when_and_where_with_at_most_six_faces(qtbot, page) -> None:
    load(qtbot, page, 3)
    first, _, last = page.cards
    assert first.check.text() == "The same unknown person, 7 visits"
    assert last.check.text() == "Unknown person, one visit"
    assert "Main door" in first.when.text()
    assert len(first.faces) == 6
    qtbot.waitUntil(lambda: all(not face.pixmap().isNull() for face in first.faces.values()))
    assert first.known.text() == ""


def test_a_card_says_who_was_enrolled_meanwhile(qtbot, page, workspace) -> None:
    person = workspace.people.people[0]
    workspace.reception.visitors.found = [make_group(1, 2, person_id=person.person_id)]
    load(qtbot, page, 1)
    assert page.cards[0].known.text().startswith(f"Looks like {person.name}, who is enrolled")


def test_selected_visitors_are_merged(qtbot, page, workspace) -> None:
    load(qtbot, page, 3)
    page.cards[0].check.click()
    assert not page.merge_button.isEnabled()
    page.cards[2].check.click()
    page.merge_button.click()
    qtbot.waitUntil(lambda: workspace.reception.visitors.calls == [("merge", (1, 2, 3, 4, 5, 6, 7, 10))])


@pytest.mark.parametrize("mark", list(VisitorMark))
def test_a_visitor_is_ignored_with_a_reason(qtbot, page, workspace, mark) -> None:
    load(qtbot, page, 3)
    actions = page.cards[1].ignore_button.menu().actions()
    next(action for action in actions if action.data() == mark).trigger()
    qtbot.waitUntil(lambda: len(page.cards) == 2)
    assert workspace.reception.visitors.calls == [("ignore", (8, 9), mark)]


@pytest.mark.parametrize("answer", ["Delete", "Keep"])
def test_deleting_is_asked_first(qtbot, page, workspace, monkeypatch, answer) -> None:
    def choose(box: QMessageBox) -> int:
        next(button for button in box.buttons() if button.text() == answer).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", choose)
    load(qtbot, page, 3)
    page.cards[1].delete_button.click()
    if answer == "Delete":
        qtbot.waitUntil(lambda: len(page.cards) == 2)
    assert workspace.reception.visitors.calls == ([("delete", (8, 9))] if answer == "Delete" else [])


def test_only_who_may_delete_is_offered_it(qtbot, page, workspace) -> None:
    workspace.access.actor = Actor("ben", Role.RECEPTIONIST)
    load(qtbot, page, 3)
    assert not any(card.delete_button.isVisible() for card in page.cards)
    assert page.cards[0].enrol_button.isVisible()


def test_many_visitors_are_shown_in_turns(qtbot, page, workspace) -> None:
    workspace.reception.visitors.found = [make_group(1 + number % 12) for number in range(_AT_ONCE + 5)]
    load(qtbot, page, _AT_ONCE)
    page.more_button.click()
    assert len(page.cards) == _AT_ONCE + 5
    assert not page.more_button.isVisible()


def test_a_further_visit_is_told_and_nothing_moves(qtbot, page) -> None:
    load(qtbot, page, 3)
    page.note_event(make_event(50, Outcome.ACCEPTED))
    assert "refresh" not in page.summary.text()
    page.note_event(make_event(51, Outcome.UNKNOWN))
    assert "refresh" in page.summary.text()
    assert len(page.cards) == 3


def test_a_failure_is_told(qtbot, page, workspace, notices, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise EnrolmentError("These faces are no longer kept.")

    load(qtbot, page, 3)
    monkeypatch.setattr(workspace.reception.visitors, "ignore", fail)
    page.cards[0].ignore_button.menu().actions()[0].trigger()
    qtbot.waitUntil(lambda: notices.messages() == ["These faces are no longer kept."])


def test_a_visitor_is_enrolled_and_leaves_the_list(qtbot, workspace, theme, window_settings) -> None:
    """On the real window: the group's best faces become photos, and its faces go when it is saved."""
    workspace.policies.set(workspace.access.actor, DoorSettings(keep_unknown_h=24))
    workspace.reception.visitors.found = [make_group(1, 2), make_group(3)]
    window = MainWindow(workspace, theme, window_settings)
    qtbot.addWidget(window)
    window.show()
    window.show_page(window.visitors)
    qtbot.waitUntil(lambda: len(window.visitors.cards) == 2)
    window.visitors.cards[0].enrol_button.click()
    qtbot.waitUntil(lambda: len(window.enrolment.intake.good_reviews()) == 2)
    assert window.stack.currentWidget() is window.enrolment
    assert [card.review.source for card in window.enrolment.intake.cards] == ["Door 1", "Door 2"]
    window.enrolment.form.name.setText("Ada Byron")
    window.enrolment.form.consent.box.click()
    qtbot.waitUntil(window.enrolment.save_button.isEnabled)
    window.enrolment.save_button.click()
    qtbot.waitUntil(lambda: bool(workspace.reception.visitors.calls))
    person = workspace.people.people[-1]
    assert workspace.reception.visitors.calls == [("enrolled", (1, 2), person.person_id)]
    # Whoever is enrolled next has nothing to do with that visitor.
    window.enrolment.start_over()
    qtbot.waitUntil(lambda: len(window.visitors.cards) == 1)
    window.close()
