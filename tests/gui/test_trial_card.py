"""The trial day in the window: begun, answered, ended, saved, and never lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from faceaccess.codes import JournalKind, Outcome
from faceaccess.gui.insights import trial_text
from faceaccess.gui.insights.trial_card import TrialCard
from faceaccess.gui.live_bridge import LiveBridge, RunState
from tests.gui.answers import press
from tests.gui.drawn import face_jpeg, make_event
from tests.gui.site import MODEL_ID


@pytest.fixture
def card(qtbot, space, live, notices) -> TrialCard:
    return make_card(qtbot, space, live, notices)


def make_card(qtbot, space, live: LiveBridge, notices) -> TrialCard:
    made = TrialCard(
        space.doors.trials,
        access=space.access,
        people=space.people,
        models=space.models,
        office=space.office,
        journal=space.journal,
        bridge=live,
        notices=notices,
    )
    qtbot.addWidget(made)
    made.resize(820, 700)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made._state is not None)
    return made


def comes(space, live, outcome, person=None, camera="Gate"):
    """Let the door write an entry of the trial."""
    now = replace(
        make_event(1, outcome, person=person, camera=camera).entry, at=datetime.now(UTC), model_id=MODEL_ID,
        is_recording=True, is_trial=True, waited_s=0.6, runner_up_id=None,
        nearest_id=space.people.list()[0].person_id,
    )  # fmt: skip
    event = space.journal.append(now, face_jpeg(1, 150))
    live.event_logged.emit(event)
    return event


def begin(qtbot, card, live) -> None:
    card.begin_button.click()
    qtbot.waitUntil(lambda: card.under_way.isVisible() and live.run_state is RunState.RUNNING)


def rows(card):
    return [card.rows.itemAt(at).widget() for at in range(card.rows.count())]


def test_a_trial_is_begun_answered_and_counted(
    qtbot, card, space, live, sessions, notices, monkeypatch
) -> None:
    ann, bob, *_ = space.people.list()
    assert card.beginning.isVisible()
    assert not card.under_way.isVisible()
    assert not card.result.isVisible()
    begin(qtbot, card, live)
    assert sessions[-1].is_trial
    assert live._cool_down == timedelta(), "nobody is told to wait"
    assert not card.closed.isVisible()
    comes(space, live, Outcome.ACCEPTED, ann)
    comes(space, live, Outcome.ACCEPTED, ann)
    comes(space, live, Outcome.UNKNOWN)
    comes(space, live, Outcome.UNKNOWN)
    qtbot.waitUntil(lambda: len(rows(card)) == 4)
    assert rows(card)[0].name.text() == ann.name
    assert rows(card)[2].right_button.text() == f"It is {ann.name}"
    rows(card)[0].right_button.click()
    qtbot.waitUntil(lambda: len(rows(card)) == 3)

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        dialog.save_button.click()
        assert "Choose somebody" in dialog.problem.text()
        dialog.box.setEditText(f"{bob.name}   {bob.staff_number}")
        dialog.save_button.click()

    QTimer.singleShot(0, card, choose)
    rows(card)[0].other_button.click()
    qtbot.waitUntil(lambda: len(rows(card)) == 2)
    rows(card)[0].stranger_button.click()
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    card.missed_button.click()
    assert notices.messages() == ["Choose who passed. Type a part of the name."]
    card.box.setCurrentIndex(card.box.findData(bob.person_id))
    card.missed_button.click()
    qtbot.waitUntil(lambda: "Answers so far: 4; people: 2; strangers: 1." in card.progress.text())
    press(monkeypatch, "End and count")
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert [value.text().split("   ")[0] for _, value in card.result.figures] == [
        "1 of 3 passes", "1 of 3 passes", "1 of 3 passes", "0 of 1 pass",
    ]  # fmt: skip
    assert "Passes under a wrong name: 1 of 3." in card.result.advice.text()
    assert table(card) == [
        (bob.name, f"Taken for {ann.name}", "Gate", "not measured (no picture)"),
        (bob.name, "Missed", "Gate", "not measured (no picture)"),
    ]
    card.result.choice.setCurrentIndex(1)
    assert [line[:6] for line in table(card)] == [
        (bob.name, "2", "0", "1", "1", "-"), (ann.name, "1", "1", "0", "0", "-"),
        ("Stranger 1", "1", "-", "-", "-", "0 of 1"),
    ]  # fmt: skip
    card.result.choice.setCurrentIndex(3)
    assert [line[0] for line in table(card)] == ["Gate"]
    assert card.beginning.isVisible()


def table(card):
    model = card.result.model
    return [
        tuple(model.data(model.index(line, column)) for column in range(model.columnCount()))
        for line in range(model.rowCount())
    ]


def test_the_same_stranger_again_is_one_person(qtbot, card, space, live, monkeypatch) -> None:
    begin(qtbot, card, live)
    for _ in range(3):
        comes(space, live, Outcome.UNKNOWN)
    qtbot.waitUntil(lambda: len(rows(card)) == 3)
    last = rows(card)[2]
    rows(card)[0].stranger_button.click()
    qtbot.waitUntil(lambda: len(rows(card)) == 2)
    offered = choose_stranger(rows(card)[0], 0)
    assert offered == ["Somebody new: Stranger 2", "Stranger 1 again"]
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    assert rows(card) == [last], "a row that waits is the same one: no menu of it closes"
    assert choose_stranger(last, 1) == ["Somebody new: Stranger 3", "Stranger 1 again", "Stranger 2 again"]
    qtbot.waitUntil(lambda: not rows(card))
    card.box.setCurrentIndex(card.box.findText("Stranger 2"))
    card.missed_button.click()
    qtbot.waitUntil(lambda: "Answers so far: 4; people: 0; strangers: 2." in card.progress.text())
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    count = card.result.report.count
    assert (count.strangers, [row.key for row in count.by_stranger]) == (2, ["1", "2"])


def choose_stranger(row, number: int) -> list[str]:
    """Choose from the menu that the button opens; return what it offers."""
    menu = row.stranger_button.menu()
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    menu.actions()[number].trigger()
    return texts


def test_who_is_to_come_is_chosen_and_missed_until_they_came(qtbot, card, space, live) -> None:
    ann, bob, cid, *_ = space.people.list()
    card.passes.setValue(1)

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        dialog.all_button.click()
        assert dialog.chosen.text() == "People ticked: 5"
        dialog.none_button.click()
        dialog.search.setText(ann.name)
        dialog.all_button.click()
        dialog.search.setText(bob.name)
        dialog.all_button.click()
        dialog.save_button.click()

    QTimer.singleShot(0, card, choose)
    card.expected_button.click()
    assert card.expected_button.text() == "Who is to come: 2…"
    begin(qtbot, card, live)
    qtbot.waitUntil(lambda: card.expected.summary.text() == "Still to come: 2 of 2 people.")
    comes(space, live, Outcome.ACCEPTED, ann)
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    rows(card)[0].right_button.click()
    qtbot.waitUntil(lambda: [each.text() for each in card.expected.people] == [f"{bob.name}  0/1"])
    card.expected.people[0].click()
    assert card.box.person_id() == bob.person_id

    def add() -> None:
        dialog = QApplication.activeModalWidget()
        assert sorted(dialog.expected()) == sorted([ann.person_id, bob.person_id])
        dialog.search.setText(cid.name)
        dialog.all_button.click()
        dialog.save_button.click()

    QTimer.singleShot(0, card, add)
    card.expected.choose_button.click()
    qtbot.waitUntil(lambda: card.expected.summary.text() == "Still to come: 2 of 3 people.")
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    assert card.result.report.absent == (bob.person_id, cid.person_id)
    page = trial_text.html(card.result.report)
    assert f"3, of whom 2 never came: {bob.name}, {cid.name}" in page
    assert page.index("Missed: not entered") < page.index("By person"), "what figures mean stands by them"


def test_a_result_is_not_lost_to_another_trial_unasked(qtbot, card, space, live, monkeypatch) -> None:
    begin(qtbot, card, live)
    comes(space, live, Outcome.ACCEPTED, space.people.list()[0])
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    rows(card)[0].right_button.click()
    qtbot.waitUntil(lambda: not rows(card))
    card.end_button.click()
    qtbot.waitUntil(lambda: card.result.isVisible() and live.run_state is RunState.STOPPED)
    press(monkeypatch, "Keep the result")
    card.begin_button.click()
    assert card.result.isVisible()
    press(monkeypatch, "Begin a trial day")
    begin(qtbot, card, live)
    qtbot.waitUntil(lambda: not card.result.isVisible())


def test_nothing_is_lost_with_the_page_or_the_door(qtbot, card, space, live, notices) -> None:
    ann = space.people.list()[0]
    begin(qtbot, card, live)
    comes(space, live, Outcome.ACCEPTED, ann)
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    live.stop()
    qtbot.waitUntil(card.closed.isVisible)
    rows(card)[0].right_button.click()
    qtbot.waitUntil(lambda: card._state is not None and not card._state.open_events)
    card.forget()
    assert not card.under_way.isVisible()
    again = make_card(qtbot, space, live, notices)
    qtbot.waitUntil(lambda: "Answers so far: 1;" in again.progress.text())
    again.open_button.click()
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING and live.run.is_trial)
    assert not again.closed.isVisible()
    again.back_button.click()
    qtbot.waitUntil(lambda: len(rows(again)) == 1)


def test_a_door_that_ran_before_runs_after_it_as_usual(qtbot, card, live, sessions, monkeypatch) -> None:
    live.start()
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    assert not sessions[-1].is_trial
    begin(qtbot, card, live)
    qtbot.waitUntil(lambda: len(sessions) == 2 and sessions[-1].is_running)
    assert sessions[-1].is_trial
    live.restart()
    qtbot.waitUntil(lambda: len(sessions) == 3 and sessions[-1].is_running)
    assert sessions[-1].is_trial, "settings that changed don't end a trial"
    press(monkeypatch, "Throw away")
    card.away_button.click()
    qtbot.waitUntil(lambda: len(sessions) == 4 and sessions[-1].is_running)
    assert not sessions[-1].is_trial
    qtbot.waitUntil(card.beginning.isVisible)
    assert not card.result.isVisible()


def test_a_list_answers(qtbot, card, space, live, notices, tmp_path, monkeypatch) -> None:
    ann, bob, *_ = space.people.list()
    begin(qtbot, card, live)
    entered = comes(space, live, Outcome.ACCEPTED, ann)
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    at = space.office.timesheets.zones().local(entered.entry.at)
    path = tmp_path / "list.csv"
    path.write_text(f"time,person\n{at:%H:%M:%S},{ann.name}\n{at:%H:%M:%S},{bob.name}\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr("faceaccess.gui.insights.trial_card.datetime", Later)
    card.list_button.click()
    qtbot.waitUntil(lambda: "Entries answered: 1. Passes without an entry: 1." in notices.messages())
    qtbot.waitUntil(lambda: not rows(card))
    path.write_text("nothing\n")
    card.list_button.click()
    qtbot.waitUntil(lambda: any("has no columns time and person" in text for text in notices.messages()))


class Later(datetime):
    """A clock two minutes on: a list's passes are over."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(minutes=2)


def test_the_page_is_saved_as_pdf(qtbot, card, space, live, notices, tmp_path, monkeypatch) -> None:
    begin(qtbot, card, live)
    comes(space, live, Outcome.ACCEPTED, space.people.list()[0])
    qtbot.waitUntil(lambda: len(rows(card)) == 1)
    rows(card)[0].right_button.click()
    qtbot.waitUntil(lambda: not rows(card))
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    assert card.result.report.policy.model_id == MODEL_ID
    path = tmp_path / "page"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    card.result.save_button.click()
    qtbot.waitUntil(lambda: any("The page is in" in text for text in notices.messages()))
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    exported = space.journal.rows.newest((JournalKind.EXPORTED,), limit=1)[0]
    assert exported.details["report"] == "trial_day"
    path = tmp_path / "gone" / "page.pdf"
    card.result.save_button.click()
    qtbot.waitUntil(lambda: any("can't be written" in text for text in notices.messages()))
