"""Unknown visitors in the window: off, nobody, cards, and what is done with them."""

import pytest
from PySide6.QtWidgets import QMessageBox

from faceaccess.codes import JournalKind, Outcome, Role, VisitorMark
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.visitors.page import _AT_ONCE, VisitorsPage
from faceaccess.settings import DoorSettings
from faceaccess.workspace import Workspace
from tests.gui.drawn import make_event
from tests.gui.site import act_as, add_operators, keep_faces


def named(space: Workspace, kind: JournalKind) -> list[dict[str, object]]:
    """Return the details of what was journalled of a kind."""
    return [dict(row.details) for row in space.journal.rows.newest([kind])]


@pytest.fixture
def visits(space) -> list[tuple[int, ...]]:
    """The entries of three visitors, the most frequent first."""
    return keep_faces(space, 7, 2, 1)


@pytest.fixture
def page(qtbot, space, visits, notices) -> VisitorsPage:
    """The page, faces being kept, with three visitors."""
    made = VisitorsPage(
        space.access,
        space.people,
        space.reception,
        space.journal,
        space.policies,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def load(qtbot, page, cards: int) -> None:
    page.load()
    qtbot.waitUntil(lambda: page.refresh_button.isEnabled() and len(page.cards) == cards, timeout=20_000)


def test_while_faces_are_not_kept_it_says_what_keeping_them_means(qtbot, page, space) -> None:
    space.policies.set(space.access.actor, DoorSettings())
    page.load()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.off)
    assert "never agreed" in page.off.message.text()
    assert not page.merge_button.isVisible()
    with qtbot.waitSignal(page.settings_wanted):
        page.off.button.click()
    # A receptionist may not change it.
    add_operators(space)
    act_as(space, Role.RECEPTIONIST)
    page.load()
    qtbot.waitUntil(lambda: not page.off.button.isVisible())


def test_nobody_came(qtbot, page, space, visits) -> None:
    space.reception.visitors.delete(space.access.actor, sum(visits, ()))
    page.load()
    qtbot.waitUntil(lambda: "24" in page.nobody.message.text())
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


def test_a_card_says_who_was_enrolled_meanwhile(qtbot, page, space) -> None:
    keep_faces(space, 8, first=1)
    load(qtbot, page, 4)
    assert page.cards[0].known.text().startswith("Looks like Person 1, who is enrolled")


def test_selected_visitors_are_merged(qtbot, page, space, visits) -> None:
    load(qtbot, page, 3)
    page.cards[0].check.click()
    assert not page.merge_button.isEnabled()
    page.cards[2].check.click()
    page.merge_button.click()
    qtbot.waitUntil(lambda: len(page.cards) == 2)
    groups = space.reception.visitors.groups(space.access.actor)
    assert [group.seqs for group in groups] == [visits[0] + visits[2], visits[1]]


@pytest.mark.parametrize("mark", list(VisitorMark))
def test_a_visitor_is_ignored_with_a_reason(qtbot, page, space, visits, mark) -> None:
    load(qtbot, page, 3)
    actions = page.cards[1].ignore_button.menu().actions()
    next(action for action in actions if action.data() == mark).trigger()
    qtbot.waitUntil(lambda: len(page.cards) == 2)
    assert named(space, JournalKind.VISITOR_IGNORED) == [{"entries": list(visits[1]), "why": mark}]


@pytest.mark.parametrize("answer", ["Delete", "Keep"])
def test_deleting_is_asked_first(qtbot, page, space, visits, monkeypatch, answer) -> None:
    def choose(box: QMessageBox) -> int:
        next(button for button in box.buttons() if button.text() == answer).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", choose)
    load(qtbot, page, 3)
    page.cards[1].delete_button.click()
    if answer == "Delete":
        qtbot.waitUntil(lambda: len(page.cards) == 2)
    assert all(space.journal.events.crop(seq) is None for seq in visits[1]) is (answer == "Delete")


def test_only_who_may_delete_is_offered_it(qtbot, page, space) -> None:
    add_operators(space)
    act_as(space, Role.RECEPTIONIST)
    load(qtbot, page, 3)
    qtbot.waitUntil(page.cards[0].enrol_button.isVisible)
    assert not any(card.delete_button.isVisible() for card in page.cards)


def test_many_visitors_are_shown_in_turns(qtbot, page, space) -> None:
    keep_faces(space, *[1] * (_AT_ONCE + 2), first=100)
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


def test_a_failure_is_told(qtbot, page, space, visits, notices) -> None:
    load(qtbot, page, 3)
    space.reception.visitors.delete(space.access.actor, visits[0])
    page.cards[0].ignore_button.menu().actions()[0].trigger()
    qtbot.waitUntil(lambda: any("no longer kept" in words for words in notices.messages()))


def test_a_visitor_is_enrolled_and_leaves_the_list(qtbot, space, theme, window_settings) -> None:
    """On the real window: the group's best faces become photos, and its faces go when it is saved."""
    visits = keep_faces(space, 2, 1)
    window = MainWindow(space, theme, window_settings)
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
    qtbot.waitUntil(lambda: bool(named(space, JournalKind.VISITOR_ENROLLED)))
    (person,) = space.people.by_name("Ada Byron")
    assert set(space.journal.events.showing(person.person_id)) == set(visits[0])
    # Whoever is enrolled next has nothing to do with that visitor.
    window.enrolment.start_over()
    qtbot.waitUntil(lambda: len(window.visitors.cards) == 1)
    window.close()
