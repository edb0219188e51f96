"""The attack drill in the window: begun, counted as things are held up, ended, saved, and never lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QFileDialog

from faceaccess.codes import AttackKind, JournalKind, LivenessMode, Outcome, Role
from faceaccess.door.liveness.drill import Drill, DrillReport, DrillRow
from faceaccess.gui.kiosk.kiosk_window import KioskWindow
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.log.event_detail import EventDetail
from faceaccess.gui.printing import write_drill
from faceaccess.gui.safety import drill_text
from faceaccess.gui.safety.drill_card import DrillCard
from faceaccess.gui.widgets.outcome_banner import OutcomeBanner
from faceaccess.gui.window import entries
from faceaccess.gui.wording import actions, codes
from faceaccess.settings import CameraSettings, MachineSettings
from tests.gui.answers import press
from tests.gui.drawn import face_jpeg, make_event, make_person
from tests.gui.site import MODEL_ID, act_as, add_operators

DRILLS = [kind for kind in JournalKind if kind.value.startswith("drill_")]


@pytest.fixture
def card(qtbot, space, live, notices) -> DrillCard:
    cameras = [CameraSettings(camera_id=name, name=name, door=name) for name in ("Gate", "Yard")]
    space.policies.set_cameras(space.access.actor, cameras)
    return make_card(qtbot, space, live, notices)


def make_card(qtbot, space, live: LiveBridge, notices) -> DrillCard:
    made = DrillCard(
        space.doors.drills,
        access=space.access,
        people=space.people,
        policies=space.policies,
        bridge=live,
        notices=notices,
    )
    qtbot.addWidget(made)
    made.resize(820, 700)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made._state is not None)
    return made


def choose(card, kind, person) -> None:
    card.choice.kind.setCurrentIndex(card.choice.kind.findData(kind))
    if card.choice.person.person_id() != person.person_id:
        card.choice.person.choose(person.person_id)
        assert not card.choice.button.isEnabled(), "nobody is imitated who was not asked"
        card.choice.agreed.click()


def begin(qtbot, card, live, person, kind=AttackKind.PRINT, door="Gate") -> None:
    card.choice.door.setCurrentText(door)
    choose(card, kind, person)
    card.choice.button.click()
    qtbot.waitUntil(lambda: card.under_way.isVisible() and live.run_state is RunState.RUNNING)


def comes(space, live, outcome, person=None, door="Gate"):
    """Let the door write an entry of the drill."""
    entry = replace(
        make_event(1, outcome, person=person, camera=door).entry, at=datetime.now(UTC), model_id=MODEL_ID,
        door=door, is_recording=True, runner_up_id=None, drill=space.doors.drills.kind_now(),
    )  # fmt: skip
    event = space.journal.append(entry, face_jpeg(1, 150))
    live.event_logged.emit(event)
    return event


def cells(table) -> list[tuple[str, ...]]:
    model = table.model
    return [
        tuple(model.data(model.index(line, column)) for column in range(model.columnCount()))
        for line in range(model.rowCount())
    ]


def test_a_drill_is_begun_counted_and_ended(qtbot, card, space, live, sessions) -> None:
    ann, bob, *_ = space.people.list()
    assert not card.under_way.isVisible()
    assert not card.result.isVisible()
    assert card.choice.missing.text() == "Choose the person whose pictures are held up."
    assert not card.choice.button.isEnabled()
    begin(qtbot, card, live, ann, door="Yard")
    assert sessions[-1].is_drill
    assert [camera.name for camera in sessions[-1].cameras] == ["Yard"]
    assert live._cool_down == timedelta(), "nobody is told to wait"
    assert live.run.drill_door == "Yard"
    assert not card.closed.isVisible()
    assert not card.choice.door.isVisible()
    assert not card.choice.button.isEnabled(), "this is what is held up"
    assert card.progress.text() == (
        f"A drill is under way at Yard. Held up now: Print, pictures of {ann.name}."
    )
    assert card.last.text() == "No entry yet."
    comes(space, live, Outcome.ACCEPTED, ann, door="Yard")
    comes(space, live, Outcome.SUSPECTED, ann, door="Yard")
    qtbot.waitUntil(lambda: "Print, Not confirmed as live, Person 1?" in card.last.text())
    card.unnoticed_button.click()
    qtbot.waitUntil(lambda: [row[:5] for row in cells(card.kinds)] == [("Print", "3", "1", "1", "1")])
    choose(card, AttackKind.PHONE, ann)
    card.choice.button.click()
    qtbot.waitUntil(lambda: "Phone, pictures of Person 1" in card.progress.text())
    choose(card, AttackKind.PHONE, bob)
    card.choice.button.click()
    qtbot.waitUntil(lambda: "Phone, pictures of Person 2" in card.progress.text())
    comes(space, live, Outcome.UNKNOWN, door="Yard")
    qtbot.waitUntil(lambda: len(cells(card.kinds)) == 2)
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert card.result.result.text() == (
        "The worst kind is the result: Print. 1 of 3 passed: APCER 33.3 %; 95 % interval 6.1 to 79.2 %."
    )
    assert cells(card.result.kinds)[1] == ("Phone", "1", "0", "0", "1", "0 %; too few to tell")
    assert "No real visit at this door" in card.result.genuine.text()
    assert "Above it: Print. Not shown to be below it: Phone." in card.result.goal.text()
    assert "say little: Print 3, Phone 1." in card.result.notes.text()
    assert "It is no certification" in card.result.notes.text()
    assert card.result.report.names == {ann.person_id: ann.name, bob.person_id: bob.name}
    assert card.choice.door.isVisible()
    assert card.choice.button.text() == "Begin the drill"


def test_a_door_that_ran_before_runs_after_it_as_usual(qtbot, card, space, live, sessions) -> None:
    live.start()
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    begin(qtbot, card, live, space.people.list()[0])
    qtbot.waitUntil(lambda: len(sessions) == 2 and sessions[-1].is_running)
    assert sessions[-1].is_drill
    live.restart()
    qtbot.waitUntil(lambda: len(sessions) == 3 and sessions[-1].is_running)
    assert sessions[-1].is_drill, "settings that changed don't end a drill"
    live.begin_trial()
    qtbot.waitUntil(lambda: len(sessions) == 4 and sessions[-1].is_running)
    qtbot.waitUntil(card.closed.isVisible)
    card.open_button.click()
    qtbot.waitUntil(lambda: len(sessions) == 5 and sessions[-1].is_running)
    assert (sessions[-1].is_drill, sessions[-1].is_trial) == (True, False)
    card.end_button.click()
    qtbot.waitUntil(lambda: len(sessions) == 6 and sessions[-1].is_running)
    assert not sessions[-1].is_drill
    assert len(sessions[-1].cameras) == 2, "the other door is open again"


def test_nothing_is_lost_with_the_page_or_the_door(qtbot, card, space, live, notices) -> None:
    ann = space.people.list()[0]
    begin(qtbot, card, live, ann)
    comes(space, live, Outcome.SUSPECTED, ann)
    live.stop()
    qtbot.waitUntil(card.closed.isVisible)
    card.forget()
    assert not card.under_way.isVisible()
    assert card.choice.person.currentText() == ""
    again = make_card(qtbot, space, live, notices)
    qtbot.waitUntil(lambda: len(cells(again.kinds)) == 1)
    assert again.choice.person.person_id() == ann.person_id
    again.open_button.click()
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING and live.run.drill_door == "Gate")
    assert not again.closed.isVisible()


def test_a_result_is_not_lost_to_another_drill_unasked(qtbot, card, space, live, monkeypatch) -> None:
    ann = space.people.list()[0]
    begin(qtbot, card, live, ann)
    card.end_button.click()
    qtbot.waitUntil(lambda: card.result.isVisible() and live.run_state is RunState.STOPPED)
    assert card.result.result.text() == "Nothing was held up: there is no result."
    assert card.choice.person.person_id() == ann.person_id
    assert not card.choice.button.isEnabled(), "for another drill the person is asked again"
    card.choice.agreed.click()
    press(monkeypatch, "Keep the result")
    card.choice.button.click()
    assert card.result.isVisible()
    press(monkeypatch, "Begin the drill")
    card.choice.button.click()
    qtbot.waitUntil(lambda: card.under_way.isVisible() and not card.result.isVisible())


def test_the_page_is_saved_as_pdf(qtbot, card, space, live, notices, tmp_path, monkeypatch) -> None:
    begin(qtbot, card, live, space.people.list()[0])
    card.end_button.click()
    qtbot.waitUntil(card.result.isVisible)
    path = tmp_path / "page"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    card.result.save_button.click()
    qtbot.waitUntil(lambda: any("The page is in" in text for text in notices.messages()))
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    exported = space.journal.rows.newest((JournalKind.EXPORTED,), limit=1)[0]
    assert exported.details["report"] == "drill"
    path = tmp_path / "gone" / "page.pdf"
    card.result.save_button.click()
    qtbot.waitUntil(lambda: any("can't be written" in text for text in notices.messages()))


def test_the_window_says_that_a_drill_is_under_way_and_welcomes_nobody(qtbot, window, space) -> None:
    ann = space.people.list()[0]
    window.show_page(window.page(entries.SAFETY))
    drill = window.safety.drill
    qtbot.waitUntil(lambda: drill._state is not None)
    door = space.policies.doors()[0]
    assert not window.status_line.drill_mark.isVisible()
    begin(qtbot, drill, window.bridge, ann, door=door)
    qtbot.waitUntil(window.status_line.drill_mark.isVisible)
    assert window.status_line.drill.text() == f"Attack drill: {door}"
    assert not window.status_line.trial_mark.isVisible()
    said = f"Attack drill at {door}: what is held up counts as no attendance, and no door opens."
    qtbot.waitUntil(lambda: window.door.drill.text() == said)
    assert window.door.drill.isVisibleTo(window.door)
    comes(space, window.bridge, Outcome.ACCEPTED, ann, door=door)
    banner = window.door.banner
    qtbot.waitUntil(lambda: banner.panels[0].title.text() == f"Drill: taken for {ann.name}")
    drill.end_button.click()
    qtbot.waitUntil(lambda: not window.status_line.drill_mark.isVisible())
    qtbot.waitUntil(lambda: not window.door.drill.isVisibleTo(window.door))


def test_only_who_sets_the_policy_sees_the_drill(qtbot, window, space) -> None:
    add_operators(space)
    safety = window.page(entries.SAFETY)
    for role, is_offered in ((Role.AUDITOR, False), (Role.ADMIN, True)):
        act_as(space, role)
        safety.load()
        assert safety._drill_card.isVisibleTo(safety) is is_offered
    qtbot.waitUntil(lambda: safety.drill._state is not None)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (Outcome.ACCEPTED, "Drill: taken for Person 1"),
        (Outcome.SUSPECTED, "Drill: Not confirmed as live"),
        (Outcome.UNKNOWN, "Drill: Not recognised"),
    ],
)
def test_nobody_is_welcome_during_a_drill(qtbot, theme, outcome, title, is_large) -> None:
    banner = OutcomeBanner(is_large=is_large)
    qtbot.addWidget(banner)
    person = make_person(1) if outcome is not Outcome.UNKNOWN else None
    banner.show_event(make_event(1, outcome, person=person, drill=AttackKind.PHONE, is_recording=True))
    assert banner.panels[0].title.text() == title


def test_the_kiosk_says_that_nobody_comes_in(qtbot, theme, space, live, sessions) -> None:
    cameras = [CameraSettings(camera_id=name, name=name, door=name) for name in ("Gate", "Yard")]
    space.policies.set_cameras(space.access.actor, cameras)
    ann = space.people.list()[0]
    drills = space.doors.drills
    kiosks = [
        KioskWindow(space.access, space.people, space.doors, live, camera, MachineSettings())
        for camera in cameras
    ]
    for kiosk in kiosks:
        qtbot.addWidget(kiosk, before_close_func=lambda window: window.leave())
        kiosk.show()
    gate, yard = kiosks
    live.start()
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    drills.begin(space.access.actor, "Gate")
    drills.choose(space.access.actor, AttackKind.MASK, ann.person_id)
    live.begin_drill("Gate")
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING and len(sessions) == 2)
    assert gate.door.text() == "Gate – drill: nothing counts or opens"
    assert yard.banner.panels[0].title.text() == "The door is closed"
    assert (yard.door.text(), yard.pin_button.isEnabled()) == ("Yard", False)
    later = KioskWindow(space.access, space.people, space.doors, live, cameras[0], MachineSettings())
    qtbot.addWidget(later, before_close_func=lambda window: window.leave())
    assert later.door.text() == gate.door.text(), "also a screen that is opened during the drill"
    event = comes(space, live, Outcome.ACCEPTED, ann)
    assert gate.banner.panels[0].title.text() == f"Drill: taken for {ann.name}"
    assert not gate.not_me.isVisible(), event
    live.end_staged()
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING and len(sessions) == 3)
    assert gate.door.text() == "Gate"
    assert yard.banner.panels[0].title.text() == "Look into the camera"
    assert yard.pin_button.isEnabled()


def test_an_entry_of_a_drill_says_so_wherever_it_is_shown(qtbot, space, notices) -> None:
    ann = space.people.list()[0]
    event = make_event(1, person=ann, camera="Gate", is_recording=True, drill=AttackKind.BENT_PRINT)
    assert codes.camera(event.entry) == "Gate (drill: doesn't count)"
    assert codes.camera_cell(event.entry) == "Drill: Gate"
    assert codes.why_not_counted(event.entry) == "drill"
    detail = EventDetail(space.access, space.people, space.models, space.office, space.journal, notices)
    qtbot.addWidget(detail)
    detail.show_event(event)
    assert ("Held up", "Bent print") in detail._rows(event)
    assert [actions.action(kind) for kind in DRILLS] == [
        "Attack drill begun",
        "Something else held up in the attack drill",
        "Held up in the attack drill, and nothing happened",
        "Attack drill ended",
    ]


def report(*rows: DrillRow, genuine=(0, 0), mode=LivenessMode.ALWAYS) -> DrillReport:
    began = datetime(2026, 3, 4, 9, tzinfo=UTC)
    drill = Drill(7, "Gate", began, mode, 0.5, began + timedelta(hours=1))
    return DrillReport(drill, rows, *genuine, {"a": "Ann <Lee>", "b": "Bob"})


def test_the_page_has_figures_conditions_and_what_they_do_not_mean(tmp_path) -> None:
    told = report(DrillRow(AttackKind.PRINT, 0, 55, 5), DrillRow(AttackKind.MASK, 2, 8, 0), genuine=(400, 2))
    page = drill_text.html(told)
    assert "Ann &lt;Lee&gt;, Bob" in page
    for text in (
        "Gate",
        "Ask everybody to turn the head",
        "The worst kind is the result: Mask. 2 of 10 passed",
        "0 %; at most 5.0 % (rule of three)",
        "NIST SP 800-63B-4 asks that less than 7 % of each kind pass. Above it: Mask.",
        "400, of which 2 were suspected: BPCER 0.5 %; 95 % interval 0.1 to 1.8 %",
        "Attacks that nobody noticed may be among them",
        "Fewer than some 60 presentations of a kind say little: Mask 10.",
        "It is no certification",
    ):
        assert text in page, text
    assert "In doubt below" not in page
    write_drill(told, tmp_path / "drill.pdf")
    assert (tmp_path / "drill.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (DrillRow(AttackKind.PRINT, 0, 60, 0), "at most 5.0 % of them would, with 95 % confidence"),
        (DrillRow(AttackKind.PRINT, 0, 0, 2), "None of 2 passed: too few to tell."),
        (DrillRow(AttackKind.PRINT, 3, 0, 0), "3 of 3 passed: APCER 100.0 %; 95 % interval 29.2 to 100.0 %."),
    ],
)
def test_the_result_is_said_in_plain_words(row, said) -> None:
    assert said in drill_text.result(report(row))


def test_what_is_compared_with_the_goal(tmp_path) -> None:
    few, many = DrillRow(AttackKind.PRINT, 0, 20, 0), DrillRow(AttackKind.PHONE, 0, 60, 0)
    assert "Every kind that was held up is below it." in drill_text.goal([many])
    assert "Not shown to be below it: Print." in drill_text.goal([few, many])
    assert drill_text.goal([]) == ""


def test_a_door_that_asks_nobody_is_said_to_be_open_to_pictures() -> None:
    assert "asks nobody to turn the head" in drill_text.html(report(mode=LivenessMode.WATCH))
    assert "In doubt below" in drill_text.html(report(mode=LivenessMode.IN_DOUBT))
    assert "there is no result" in drill_text.html(report())
    changed = replace(report(), drill=replace(report().drill, has_changed=True))
    assert "was changed during the drill: do it again" in drill_text.html(changed)
