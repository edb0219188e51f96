"""The page Insights: the slider shows its price, a choice is used, and two photos are compared."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from faceaccess.codes import JournalKind, Outcome, PhotoProblem
from faceaccess.gui.insights.page import InsightsPage
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.wording.amounts import per_thousand
from faceaccess.models.evidence import Evidence
from faceaccess.models.group_evidence import Groups
from faceaccess.people.enrolment.photo_review import Reviewer
from faceaccess.store.people.types import NewTemplate
from tests.builders import make_embedding
from tests.gui.answers import press
from tests.gui.drawn import make_event
from tests.gui.site import DIMENSION, MODEL_ID, hold, judge_by_name, make_template


@pytest.fixture
def crowd(empty, monkeypatch):
    """Thirty people with two photos that differ, the first two of them alike; a few entries."""
    rng = np.random.default_rng(3)
    with empty.models.evidence.database.transaction():
        for number in range(30):
            centre = make_embedding(max(number, 1), DIMENSION)
            person = empty.people.create(name=f"Person {number}")
            empty.models.templates.add(
                person.person_id, [near(centre, rng, number, photo) for photo in range(2)]
            )
    people = empty.people.list()
    for ago, (outcome, distance) in enumerate(
        [(Outcome.ACCEPTED, 0.1), (Outcome.ACCEPTED, 0.25), (Outcome.UNKNOWN, 0.4), (Outcome.UNKNOWN, 1.9)]
    ):
        entry = make_event(ago, outcome, person=people[0] if outcome is Outcome.ACCEPTED else None).entry
        entry = replace(
            entry, at=datetime.now(UTC) - timedelta(hours=1 + ago), model_id=MODEL_ID, distance=distance,
            runner_up_id=people[1].person_id, runner_up_distance=distance + 0.3,
            nearest_id=people[0].person_id, is_recording=False,
        )  # fmt: skip
        empty.journal.append(entry, None)
    return empty


def near(centre: np.ndarray, rng: np.random.Generator, number: int, photo: int) -> NewTemplate:
    moved = centre + 0.02 * rng.normal(size=DIMENSION)
    embedding = (moved / np.linalg.norm(moved)).astype(np.float32)
    return replace(make_template(number, photo), embedding=embedding)


def make_page(space, notices) -> InsightsPage:
    bridge = LiveBridge(space)
    page = InsightsPage(
        space.access,
        space.people,
        space.reception,
        space.models,
        space.office,
        space.journal,
        space.doors,
        bridge,
        notices,
    )
    bridge.setParent(page)
    return page


@pytest.fixture
def page(qtbot, crowd, notices) -> InsightsPage:
    made = make_page(crowd, notices)
    qtbot.addWidget(made)
    made.resize(1172, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.cost.isEnabled())
    return made


def test_the_slider_shows_its_price(qtbot, page, crowd) -> None:
    cost = page.cost
    assert cost.threshold() == pytest.approx(0.27)
    assert not cost.use_button.isEnabled()
    assert cost.changed.number.text() == "0"
    assert not cost.faces_button.isVisible()
    assert set(cost.nearest.note.text().split(":")[0].split(" and ")) == {"Person 0", "Person 1"}
    cost.move_to(0.45)
    assert (cost.changed.number.text(), cost.changed.note.text()) == ("1", "of 4")
    assert "only the margin" in cost.nearest.note.text()
    assert "there are none yet" in cost.known.text()
    cost.move_to(0.05)
    assert cost.changed.number.text() == "2"
    assert cost.staff.number.text() != "0"
    assert cost.staff.note.text().startswith("95 % interval: ")
    qtbot.waitUntil(lambda: page.entries.faces.count() == 2)
    assert page.entries.faces.item(0).text().startswith("let in → refused\nPerson 0")
    with qtbot.waitSignal(page.event_opened) as opened:
        page.entries.faces.itemActivated.emit(page.entries.faces.item(1))
    assert opened.args[0].entry.distance == pytest.approx(0.25)
    cost.back_button.click()
    qtbot.waitUntil(lambda: page.entries.faces.count() == 0)
    assert crowd.models.thresholds.in_force.threshold == 0.27, "nothing was decided by moving"


def test_the_slider_stays_where_it_was_while_the_page_is_left(qtbot, page, crowd) -> None:
    """Whoever looked at a face in the log came back to the threshold in force."""
    page.cost.move_to(0.45)
    qtbot.waitUntil(lambda: page.entries.faces.count() == 1)
    assert page.entries.faces.item(0).text().startswith("refused → let in as\nPerson 0")
    page.load()
    qtbot.waitUntil(lambda: page._progress is None)
    assert page.cost.threshold() == pytest.approx(0.45)
    crowd.models.thresholds.save(crowd.access.actor, 0.2, 0.02)
    page.load()
    qtbot.waitUntil(lambda: page.cost.threshold() == pytest.approx(0.2))


def test_a_threshold_is_used_once_somebody_says_so(qtbot, page, crowd, notices) -> None:
    page.cost.move_to(0.3)
    with qtbot.waitSignal(page.match_changed):
        page.cost.use_button.click()
    assert crowd.models.thresholds.in_force.threshold == 0.3
    qtbot.waitUntil(lambda: not page.cost.use_button.isEnabled())
    assert crowd.models.thresholds.evidence is None
    assert not page.cost.choice.isVisible()
    assert notices.messages() == ["The door decides by a threshold of 0.300 now."]


def test_a_choice_is_shown_then_used_and_goes_out_of_date(qtbot, page, crowd, notices) -> None:
    cost = page.cost
    assert cost.target.count() == 0, "sixty photos can't tell one in a hundred"
    assert not cost.choose_button.isEnabled()
    assert "60 photos of other people can't tell one in 100" in cost.too_few.text()
    page._choose(50)
    qtbot.waitUntil(lambda: len(notices.messages()) == 1)
    assert "of 1 000 strangers are let in here (" in notices.messages()[0]
    chosen = cost.threshold()
    assert crowd.models.thresholds.in_force.threshold == 0.27
    with qtbot.waitSignal(page.match_changed):
        cost.use_button.click()
    stored = crowd.models.thresholds.evidence
    assert (crowd.models.thresholds.in_force.threshold, stored.one_in) == (pytest.approx(chosen), 50)
    qtbot.waitUntil(lambda: "for one stranger in 50, from 60 photos of 30 people" in cost.choice.text())
    assert cost.choice.property("role") == "muted"
    row = crowd.journal.rows.newest((JournalKind.POLICY_CHANGED,), limit=1)[0]
    assert row.details["after"]["evidence"]["one_in"] == 50
    late = crowd.people.create(name="Newcomer")
    crowd.models.templates.add(late.person_id, [make_template(77)])
    page.load()
    qtbot.waitUntil(lambda: "have changed since" in cost.choice.text())
    assert cost.choice.property("role") == "caution"


def test_a_threshold_that_was_never_measured_is_asked_about(qtbot, page, crowd, monkeypatch) -> None:
    narrow = replace(crowd.models.thresholds.measured, measured=(0.2, 0.4))
    monkeypatch.setattr("faceaccess.models.thresholds.default_match", lambda *_: narrow)
    page.load()
    qtbot.waitUntil(lambda: page._measured == narrow)
    press(monkeypatch, "Leave it as it was")
    page.cost.move_to(1.2)
    page.cost.use_button.click()
    assert not page.job.isVisible(), "nothing was carried out, so nothing is read again"
    qtbot.wait(50)
    assert crowd.models.thresholds.in_force.threshold == 0.27


def test_what_is_lacking_is_said(qtbot, space, notices) -> None:
    made = make_page(space, notices)
    qtbot.addWidget(made)
    made.load()
    qtbot.waitUntil(lambda: made.cost.isEnabled())
    assert "15 more" in made.cost.strangers.note.text()
    assert "need a second photo" in made.cost.staff.note.text()


def test_it_can_be_stopped_and_is_taken_up_again(qtbot, crowd, notices, monkeypatch) -> None:
    made = make_page(crowd, notices)
    qtbot.addWidget(made)
    made.show()
    flag = hold(monkeypatch, Evidence, "of_doors")
    made.load()
    made.load()
    made.job.cancel_button.click()
    flag.set()
    qtbot.waitUntil(lambda: made.failure.isVisible())
    assert not made.cost.isEnabled()
    made.load()
    qtbot.waitUntil(lambda: made.cost.isEnabled())
    assert not made.failure.isVisible()


def test_what_has_not_changed_is_not_worked_out_again(qtbot, page, monkeypatch) -> None:
    monkeypatch.setattr("faceaccess.models.evidence.search_all", lambda *_, **__: pytest.fail("again"))
    before = page._gallery
    page.load()
    qtbot.waitUntil(lambda: page._progress is None)
    assert page._gallery is before


def drop(slot, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    slot.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, Qt.KeyboardModifier.NoModifier))


def test_two_photos_are_compared(qtbot, page, monkeypatch) -> None:
    judge_by_name(monkeypatch)
    verify = page.verify
    assert "Choose two photos" in verify.usual.text()
    drop(verify.first, "/photos/good-1.jpg")
    drop(verify.second, "/photos/good-22.jpg")
    qtbot.waitUntil(lambda: "taken for two people, at the threshold 0.270" in verify.verdict.text())
    assert "pairs of two people" in verify.usual.text()
    drop(verify.second, "/photos/good-1.jpg")
    qtbot.waitUntil(lambda: "0.000: taken for the same person" in verify.verdict.text())
    drop(verify.second, f"/photos/{PhotoProblem.NO_FACE}-1.jpg")
    qtbot.waitUntil(lambda: verify.second.message.text() == "No face found")
    assert verify.verdict.text() == ""


def test_only_the_photo_dropped_last_counts(qtbot, page, monkeypatch) -> None:
    judge_by_name(monkeypatch)
    flag = hold(monkeypatch, Reviewer, "review_file")
    drop(page.verify.first, "/photos/good-1.jpg")
    drop(page.verify.first, "/photos/good-22.jpg")
    flag.set()
    qtbot.waitUntil(lambda: page.verify.first.review is not None)
    assert page.verify.first.review.source == "good-22.jpg"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0"), (0.0042, "4.2"), (0.004, "4"), (0.0461, "46"), (1, "1000"), (0.00996, "10")],
)
def test_shares_are_of_a_thousand(share: float, text: str) -> None:
    assert per_thousand(share) == text


def test_the_map_shows_a_face_and_leads_to_its_person(qtbot, page, crowd, monkeypatch) -> None:
    page.resize(1172, 2400)
    card = page.map
    assert card.view.isHidden()
    card.draw_button.click()
    qtbot.waitUntil(lambda: card.view.isVisible(), timeout=30_000)
    assert card.count.text() == "60 photos of 30 people"
    assert "60 photos, 0 unlike" in card.view.accessibleDescription()
    qtbot.wait(50)
    row = 7
    box = card.view.view
    at = card.view.mapFromScene(box.mapViewToScene(QPointF(*map(float, card.view._places[row]))))
    qtbot.mouseMove(card.view.viewport(), at)
    qtbot.waitUntil(lambda: card.view._tip.isVisible())
    assert card.view._tip.name.text() == card._map.names[row]
    with qtbot.waitSignal(page.person_wanted) as wanted:
        qtbot.mouseClick(card.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert wanted.args == [card._map.person_ids[row]]
    assert not card.view._tip.isVisible()
    monkeypatch.setattr("faceaccess.models.face_map.MOST_LAID_OUT", 59)
    card._on_drawn(card._map)
    assert (
        card.count.text() == "60 photos of 30 people; 1 of them stands beside the photo that it is most like"
    )
    card.colour.setCurrentIndex(1)
    late = crowd.people.create(name="Newcomer")
    crowd.models.templates.add(late.person_id, [make_template(77)])
    page.load()
    qtbot.waitUntil(lambda: "draw it again" in card.count.text())
    page.begin_anew()
    assert card.view.isHidden()


def test_a_trial_under_way_stands_first(qtbot, page, crowd) -> None:
    """It stood last, below all that nobody needs at the door."""
    names = [link.text() for link in page.sections.names.findChildren(QPushButton)]
    assert "Trial day" in names
    crowd.doors.trials.begin(crowd.access.actor, 3)
    page.trial.load()
    first = page.sections.names.layout().itemAt(0).widget()
    assert first.text() != "Trial day"
    qtbot.waitUntil(lambda: page.sections.names.layout().itemAt(0).widget().text() == "Trial day")


def test_departments_are_compared(qtbot, page, crowd) -> None:
    card = page.groups
    card.compare_button.click()
    qtbot.waitUntil(lambda: "no two groups" in card.problem.text())
    people = crowd.people.list()
    for number, person in enumerate(people):
        name = "Workshop" if number < 2 else "Office" if number < 20 else ""
        crowd.people.update(person.person_id, name=person.name, staff_number=None, department=name)
    card.compare_button.click()
    qtbot.waitUntil(lambda: card.table.isVisible())
    assert card.model.rowCount() == 2
    assert not card.problem.isVisible()
    assert card.said.text().startswith("At the threshold 0.270. 10 people are in no group.")
    page.begin_anew()
    assert card.model.rowCount() == 0


def test_skin_tones_are_measured_from_the_photos_and_can_be_stopped(qtbot, page, monkeypatch) -> None:
    card = page.groups
    card.source.setCurrentIndex(card.source.findData("skin_tone"))
    flag = hold(monkeypatch, Groups, "by_skin_tone")
    card.compare_button.click()
    card.job.cancel_button.click()
    flag.set()
    qtbot.waitUntil(lambda: card.compare_button.isEnabled())
    assert not card.table.isVisible()
    card.compare_button.click()
    qtbot.waitUntil(lambda: card.table.isVisible() or card.problem.isVisible())


def test_from_somebody_let_in_wrongly_to_a_new_threshold(qtbot, crowd, theme, window_settings) -> None:
    """A newcomer's way through the window, from the log to a threshold with its reasons."""
    window = MainWindow(crowd, theme, window_settings)
    qtbot.addWidget(window)
    window.begin(None, is_gallery_empty=False)
    window.show()
    window.show_page(window.log)
    log = window.log
    qtbot.waitUntil(lambda: log.model.rowCount() == 4)
    row = next(at for at in range(4) if log.model.event_at(at).entry.distance == pytest.approx(0.25))
    log.table.selectRow(row)
    button = log.detail.event_actions.this_is_button
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Somebody else…"

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        qtbot.waitUntil(lambda: dialog.people.count() == 30)
        dialog.search.setText("Person 0")
        qtbot.waitUntil(lambda: dialog.person() is not None and dialog.person().name == "Person 0")
        dialog.save_button.click()
        assert "already. Choose somebody else" in dialog.problem.text()
        dialog.search.setText("Person 1")
        qtbot.waitUntil(lambda: dialog.people.count() == 11)
        dialog.people.setCurrentRow(0)
        dialog.save_button.click()

    QTimer.singleShot(0, window, answer)
    button.click()
    qtbot.waitUntil(lambda: log.model.rowCount() == 5)
    window.rail.button(window.pages.index(window.insights)).click()
    cost = window.insights.cost
    qtbot.waitUntil(cost.isEnabled)
    assert "Let in under a wrong name: 1." in cost.known.text()
    assert "Below 0.250 nobody is let in of whom it is known to be wrong" in cost.known.text()
    cost.move_to(0.2)
    assert "Let in under a wrong name: 0." in cost.known.text()
    assert cost.changed.number.text() == "0", "nobody else would have been refused"
    with qtbot.waitSignal(window.insights.match_changed):
        cost.use_button.click()
    assert crowd.models.thresholds.in_force.threshold == 0.2
    window.close()
