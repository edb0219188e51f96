"""The trial day in the window: begun, answered, ended, saved, and never lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from faceaccess.codes import JournalKind, Outcome
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
    qtbot.waitUntil(lambda: "Answers so far: 4; people: 2; of strangers: 1." in card.progress.text())
    press(monkeypatch, "End and count")
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert [value.text().split("   ")[0] for _, value in card.result.figures] == [
        "1 of 3", "1 of 3", "1 of 3", "0 of 1",
    ]  # fmt: skip
    assert "Under a wrong name: 1 of 3 passes." in card.result.advice.text()
    assert card.result.model.rowCount() == 2
    card.result.choice.setCurrentIndex(2)
    assert card.result.model.data(card.result.model.index(0, 0)) == "Gate"
    assert card.beginning.isVisible()


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
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING and live.is_trial)
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
