"""Attendance through the real page on a real data folder: resolve, correct, enter, plan."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QPushButton

from faceaccess.codes import (
    AbsenceKind,
    DayPart,
    Direction,
    Every,
    JournalKind,
    Method,
    Outcome,
    Pairing,
    Reason,
    ReportKind,
)
from faceaccess.gui.attendance.assignment_dialog import AssignmentDialog
from faceaccess.gui.attendance.exports_dialog import ExportsDialog
from faceaccess.gui.attendance.page import AttendancePage
from faceaccess.gui.attendance.report_clock import ReportClock
from faceaccess.gui.attendance.resolve_dialog import BY_HAND, ResolveDialog
from faceaccess.gui.attendance.schedule_dialog import ScheduleDialog
from faceaccess.gui.attendance.schedules_dialog import SchedulesDialog
from faceaccess.gui.widgets.entry_dialog import EntryDialog
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.store.policy.attendance_policy import AttendancePolicy
from faceaccess.store.policy.schedules import Assignment, Schedule, Shift
from faceaccess.workspace import Workspace
from tests.attendance.builders import BERLIN, DAY_SHIFT, IN_BERLIN, LATER, make_entry, make_schedule
from tests.gui.answers import accept
from tests.gui.drawn import face_jpeg

WEDNESDAY = date(2026, 3, 4)
DAY = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def space(tmp_path) -> Iterator[Workspace]:
    """Ada came in on Wednesday, was refused when she left, and works by a schedule."""
    with Workspace.open(tmp_path / "data") as opened:
        office, actor = opened.office, opened.access.actor
        office.planning.set_zone(actor, "UTC", date.min)
        ada = opened.people.create(name="Ada", staff_number="7", department="Workshop").person_id
        with opened.database.transaction() as db:
            db.execute("UPDATE people SET created_at = '2020-01-01T00:00:00.000000+00:00'")
        office.planning.set_schedule(actor, make_schedule())
        office.planning.assign(actor, Assignment("s1", date(2026, 1, 1)), now=LATER)
        opened.journal.append(make_entry(ada, DAY + timedelta(hours=9), direction=Direction.IN), face_jpeg(1))
        refused = make_entry(
            None, DAY + timedelta(hours=17.5), nearest_id=ada, distance=0.12,
            outcome=Outcome.UNKNOWN, reason=Reason.NO_MATCH,
        )  # fmt: skip
        opened.journal.append(refused, face_jpeg(2))
        yield opened


@pytest.fixture
def page(qtbot, space, notices) -> AttendancePage:
    """Ada's March, with Wednesday the fourth selected."""
    made = AttendancePage(space.access, space.people, space.office, space.journal, space.policies, notices)
    qtbot.addWidget(made)
    made.choice.month.show_month(WEDNESDAY)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    made.choice.show_person(space.people.list()[0].person_id)
    qtbot.waitUntil(lambda: made.model.rowCount() == 32)
    made.table.selectRow(3)
    qtbot.waitUntil(lambda: made.detail.record is not None)
    return made


def press(qtbot, page: AttendancePage, words: str) -> None:  # noqa: ANN001
    """Press the first button of the day with these words, once it is on the screen."""

    def shown() -> list[QPushButton]:
        return [b for b in page.detail.findChildren(QPushButton) if b.text() == words and b.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()))
    shown()[0].click()


def answering(monkeypatch, fill, answer=QDialog.DialogCode.Accepted) -> list[QDialog]:  # noqa: ANN001
    """Fill in and accept every dialog that opens; return those that did."""
    opened = []

    def run(dialog: QDialog) -> object:
        opened.append(dialog)
        answered = fill(dialog) or answer
        is_saved = answered == QDialog.DialogCode.Accepted and isinstance(dialog, SaveDialog)
        return accept(dialog) if is_saved and not dialog.result() else answered

    monkeypatch.setattr(QDialog, "exec", run)
    return opened


def test_a_gap_is_filled_by_a_near_miss(qtbot, page, space, monkeypatch) -> None:
    seen = []

    def fill(dialog: ResolveDialog) -> None:
        seen.append((dialog.windowTitle(), dialog.list.item(0).text(), dialog.chosen()))
        dialog.reason.setText("It is her")

    answering(monkeypatch, fill)
    press(qtbot, page, "Resolve…")
    qtbot.waitUntil(lambda: page.detail.record.day.gaps == () and len(page.detail.record.entries) == 2)
    title, words, chosen = seen[0]
    assert "Ada" in title
    assert "out missing" in title
    assert "17:30:00   Not recognised" in words
    assert "distance 0.120, accepted up to 0.106" in words
    made = page.detail.record.entries[1]
    assert (made.punch.method, made.why) == (Method.MANUAL, "It is her")
    assert space.journal.events.get(made.punch.seq).entry.evidence == chosen
    assert page.model.cell_at(3, "worked") == timedelta(hours=8)


def test_near_misses_show_faces_and_a_reason_is_needed(qtbot, page, space) -> None:
    gap = page.detail.record.day.gaps[0]
    misses = space.office.missing.near_misses(gap)
    dialog = ResolveDialog(gap, "Ada", misses, load_crop=space.journal.events.entry_crop, local=lambda at: at)
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog.list.item(0).icon().cacheKey()
    qtbot.waitUntil(lambda: dialog.list.item(0).icon().cacheKey() != before)
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()
    assert dialog.isVisible()
    assert "Say why" in dialog.problem.text()
    dialog.by_hand.click()
    assert dialog.result() == BY_HAND


def test_without_near_misses_the_time_is_entered_by_hand(qtbot, page, space, monkeypatch) -> None:
    moments = []

    def fill(dialog: QDialog) -> object:
        if isinstance(dialog, ResolveDialog):
            return BY_HAND
        moments.append((dialog.moment(), dialog.direction()))
        dialog.time.setTime(QTime(18, 0))
        dialog.reason.setText("Told me")
        return None

    answering(monkeypatch, fill)
    press(qtbot, page, "Resolve…")
    qtbot.waitUntil(lambda: len(page.detail.record.entries) == 2)
    assert moments == [(DAY + timedelta(hours=17.5), Direction.OUT)]
    assert page.detail.record.entries[1].punch.at == DAY + timedelta(hours=18)


def test_an_entry_is_corrected_and_taken_back(qtbot, page, monkeypatch) -> None:
    def fill(dialog: QDialog) -> None:
        dialog.reason.setText("The clock was wrong")
        if isinstance(dialog, EntryDialog):
            dialog.time.setTime(QTime(8, 30))

    answering(monkeypatch, fill)
    press(qtbot, page, "Correct…")
    qtbot.waitUntil(lambda: len(page.detail.record.entries) == 2)
    newer, old = page.detail.record.entries
    assert old.punch.voided_by is not None
    assert old.voided_why == newer.why == "The clock was wrong"
    press(qtbot, page, "Take back…")
    qtbot.waitUntil(lambda: all(entry.punch.voided_by for entry in page.detail.record.entries))
    assert page.detail.record.day.is_absent


def test_an_absence_is_entered_and_taken_back(qtbot, page, space, monkeypatch) -> None:
    def fill(dialog: QDialog) -> None:
        dialog.reason.setText("Flu")
        if hasattr(dialog, "kind"):
            dialog.kind.setCurrentIndex(dialog.kind.findData(AbsenceKind.SICK))
            dialog.part.setCurrentIndex(dialog.part.findData(DayPart.AFTERNOON))
            assert dialog.person.currentText() == "Ada (7)"
            dialog.last.setDate(QDate(2026, 3, 5))

    answering(monkeypatch, fill)
    page.absence_button.click()
    qtbot.waitUntil(lambda: len(page.detail.record.day.plan.absences) == 1 if page.detail.record else False)
    (absence,) = space.office.planning.absences(WEDNESDAY, WEDNESDAY)
    assert (absence.kind, absence.part, absence.last_day) == (
        AbsenceKind.SICK,
        DayPart.AFTERNOON,
        date(2026, 3, 5),
    )
    assert space.journal.rows.note(absence.seq) == "Flu"
    press(qtbot, page, "Take back…")
    qtbot.waitUntil(lambda: space.office.planning.absences(WEDNESDAY, WEDNESDAY)[0].removed_by is not None)


def test_an_absence_is_nobodys_until_somebody_is_chosen(qtbot, page, space, monkeypatch) -> None:
    """The first person of the list was chosen once, and got absences meant for others."""
    seen = []

    def fill(dialog: QDialog) -> None:
        seen.append(dialog.person.currentData())
        dialog.accept()
        seen.append(dialog.problem.text())
        dialog.person.setCurrentIndex(dialog.person.findText("Ada (7)"))
        seen.append(dialog.refusal())

    page.choice.show_everybody()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    page.table.setFocus()
    answering(monkeypatch, fill)
    page.absence_button.click()
    assert seen == [None, "Choose the person who is absent.", ""]
    qtbot.waitUntil(lambda: len(space.office.planning.absences(date.today(), date.today())) == 1)


def save(dialog: QDialog) -> None:
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()


def entry_dialog(qtbot, day: date, at: time) -> EntryDialog:  # noqa: ANN001
    begin = datetime.combine(day, time(12), BERLIN)
    dialog = EntryDialog("Enter", "", at=begin, direction=Direction.IN, zones=IN_BERLIN)
    qtbot.addWidget(dialog)
    dialog.reason.setText("Told me")
    dialog.time.setTime(QTime(at.hour, at.minute))
    dialog.show()
    return dialog


@pytest.mark.parametrize(
    ("day", "at", "reason"),
    [
        (date(2090, 1, 1), time(9), "more than ten years ahead"),
        (date(2006, 1, 1), time(9), "more than five years ago"),
        (date(2026, 3, 29), time(2, 30), "clocks jump from 02:00 to 03:00"),
        (date.today() + timedelta(days=2), time(9), "future"),
    ],
)
def test_what_cannot_be_entered_is_said_in_the_dialog(qtbot, day: date, at: time, reason: str) -> None:
    dialog = entry_dialog(qtbot, day, at)
    save(dialog)
    assert dialog.isVisible()
    assert reason in dialog.problem.text()


def test_a_time_that_comes_twice_is_asked_about(qtbot) -> None:
    dialog = entry_dialog(qtbot, date(2025, 10, 26), time(2, 30))
    assert dialog.which.isVisible()
    assert [dialog.which.itemText(at) for at in (0, 1)] == ["First, UTC+02:00", "Second, UTC+01:00"]
    assert dialog.moment() == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    dialog.which.setCurrentIndex(1)
    assert dialog.moment() == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    dialog.time.setTime(QTime(3, 30))
    assert not dialog.which.isVisible()
    save(dialog)
    assert not dialog.isVisible()


def test_what_is_not_changed_stays_as_exact_as_it_was(qtbot) -> None:
    """A correction of the direction alone moved an entry to the full minute."""
    seen = datetime(2025, 10, 26, 1, 30, 42, 5, tzinfo=UTC)
    dialog = EntryDialog("Correct", "", at=seen.astimezone(BERLIN), direction=Direction.IN, zones=IN_BERLIN)
    qtbot.addWidget(dialog)
    assert dialog.moment() == seen
    dialog.time.setTime(QTime(2, 31))
    assert dialog.moment() == datetime(2025, 10, 26, 1, 31, tzinfo=UTC)


def test_days_that_nobody_means_are_refused(qtbot, page, space, notices, monkeypatch) -> None:
    def fill(inner: QDialog) -> None:
        inner.first.setDate(QDate(2206, 1, 1))

    asked = answering(monkeypatch, fill)
    page.absence_button.click()
    assert "Check the year" in asked[0].problem.text(), "the dialog keeps what was typed"
    assert notices.messages() == []
    dialog = SchedulesDialog(space.access, space.people, space.office, space.policies)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: len(dialog.assignments.rows) == 1)
    dialog.assignments.add_button.click()
    qtbot.waitUntil(lambda: "2206-01-01 is more than ten years ahead" in dialog.problem.text())
    dialog.zone_since.setDate(QDate(1999, 1, 1))
    dialog.zone_button.click()
    assert "1999-01-01 is before 2000-01-01" in dialog.problem.text()


def test_nothing_is_kept_before_it_is_known_what_is_in_force(qtbot, space) -> None:
    """A click before the schedules were read ended in a fault of the program."""
    before = space.policies.read(AttendancePolicy)
    dialog = SchedulesDialog(space.access, space.people, space.office, space.policies)
    qtbot.addWidget(dialog)
    dialog.assignments.add_button.click()
    dialog.zone_button.click()
    assert space.policies.read(AttendancePolicy) == before
    qtbot.waitUntil(lambda: len(dialog.schedules.rows) == 1)
    assert dialog.assignments.add_button.isEnabled()
    assert dialog.zone_button.isEnabled()


def test_schedules_are_set_up_in_their_dialog(qtbot, page, space, monkeypatch) -> None:
    dialog = SchedulesDialog(space.access, space.people, space.office, space.policies)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: len(dialog.schedules.rows) == 1)

    def fill(inner: QDialog) -> None:
        if isinstance(inner, ScheduleDialog):
            inner.name.setText("Night")
            inner.rows[5].works.setChecked(True)
            inner.rows[5].times.pairs[0].start.setTime(QTime(22, 0))
            inner.rows[5].times.pairs[0].end.setTime(QTime(6, 0))
        if isinstance(inner, AssignmentDialog):
            inner.whom.setCurrentIndex(inner.whom.findText("Department Workshop"))
            inner.first.setDate(QDate(2026, 4, 1))
            inner.ends.setChecked(True)
            inner.last.setDate(QDate(2026, 4, 30))

    answering(monkeypatch, fill)
    dialog.schedules.add_button.click()
    qtbot.waitUntil(lambda: len(dialog.schedules.rows) == 2)
    night = next(each for each in space.office.planning.schedules() if each.name == "Night")
    assert night.shifts[5] == Shift(time(22), time(6), break_minutes=30)
    dialog.assignments.add_button.click()
    qtbot.waitUntil(lambda: len(dialog.assignments.rows) == 2)
    made = space.office.planning.assignments()[1]
    assert (made.department, made.first_day, made.last_day) == (
        "Workshop",
        date(2026, 4, 1),
        date(2026, 4, 30),
    )
    dialog.assignments.rows[1].remove_button.click()
    qtbot.waitUntil(lambda: len(dialog.assignments.rows) == 1)
    dialog.schedules.rows[0].remove_button.click()
    qtbot.waitUntil(lambda: len(dialog.schedules.rows) == 1)
    dialog.zone.setCurrentText("Asia/Dhaka")
    dialog.zone_since.setDate(QDate(2026, 7, 1))
    dialog.zone_button.click()
    qtbot.waitUntil(lambda: dialog.zone_note.text() == "UTC · Asia/Dhaka from 2026-07-01")
    dialog.zone.setCurrentText("Mars/Olympus")
    dialog.zone_button.click()
    qtbot.waitUntil(lambda: "no time zone named" in dialog.problem.text())


def test_a_schedule_keeps_its_rules_through_its_dialog(qtbot) -> None:
    flexible = Shift(time(10), time(15), 45, 300, 480)
    rules = Schedule(
        "f", "Flexible", (flexible, *[None] * 6), Pairing.IN_OUT, 1, 2, 3, False, True
    )  # fmt: skip
    dialog = ScheduleDialog(rules)
    qtbot.addWidget(dialog)
    assert dialog.schedule() == rules
    dialog.rows[0].total.setValue(0)
    assert dialog.schedule().shifts[0] == replace(flexible, flexible_minutes=None)
    dialog.name.clear()
    dialog.show()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Save).click()
    assert dialog.isVisible()
    assert "a name" in dialog.problem.text()


def test_a_split_shift_and_a_rota_are_set_up_in_the_dialog(qtbot) -> None:
    usual = make_schedule()
    dialog = ScheduleDialog(usual)
    qtbot.addWidget(dialog)
    dialog.show()
    monday = dialog.rows[0].times
    assert not monday.remove_button.isVisible()
    monday.add_button.click()
    monday.pairs[1].start.setTime(QTime(17, 0))
    save(dialog)
    assert dialog.isVisible()
    assert "begins before the one before it ends" in dialog.problem.text()
    monday.pairs[0].end.setTime(QTime(12, 0))
    split = replace(DAY_SHIFT, end=time(12), later=((time(17), time(21)),))
    assert dialog.schedule().shifts == (split, *usual.shifts[1:])
    assert not dialog.first_week.isVisible()

    dialog.add_week.click()
    dialog.rows[7].times.remove_button.click()
    dialog.rows[8].works.setChecked(False)
    dialog.first_week.setDate(QDate(2206, 1, 1))
    save(dialog)
    assert "2206-01-01 is more than ten years ahead" in dialog.problem.text()
    dialog.first_week.setDate(QDate(2026, 1, 5))
    rota = dialog.schedule()
    assert rota.first_week == date(2026, 1, 5)
    assert rota.weeks[0] == (split, *usual.shifts[1:])
    assert rota.weeks[1] == (replace(split, later=()), None, *usual.shifts[2:])
    again = ScheduleDialog(rota)
    qtbot.addWidget(again)
    assert again.schedule() == rota
    again.remove_week.click()
    assert again.schedule() == replace(rota, shifts=rota.weeks[0], first_week=None)
    save(dialog)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    words = attendance_text.schedule(rota).split("\n")
    assert "09:00–12:00 and 17:00–21:00" in words[0]
    assert words[1].startswith("Week B: ")
    assert words[2] == "Week A is the week of 2026-01-05"


def test_a_pdf_is_drawn_off_the_windows_thread(qtbot, page, space, notices, monkeypatch, tmp_path) -> None:
    path = tmp_path / "ada.pdf"
    ReportClock(space.office, notices, page)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.export_button.click()
    qtbot.waitUntil(lambda: notices.messages() == [f"The report is in {path}."])
    assert path.read_bytes().startswith(b"%PDF")
    assert space.journal.rows.newest((JournalKind.EXPORTED,))[0].details["format"] == "pdf"


def test_scheduled_exports_are_added_and_removed(qtbot, space, tmp_path) -> None:
    dialog = ExportsDialog(space.access, space.office, space.policies)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.add_button.isEnabled(), "the policy was kept as a whole before it was read"
    qtbot.waitUntil(dialog.add_button.isEnabled)
    dialog.folder.setText("nowhere in particular")
    dialog.add_button.click()
    qtbot.waitUntil(lambda: "must be given whole" in dialog.problem.text())
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.kind.setCurrentIndex(dialog.kind.findData(ReportKind.MONTHLY))
    dialog.every.setCurrentIndex(dialog.every.findData(Every.MONTH))
    dialog.add_button.click()
    qtbot.waitUntil(lambda: len(dialog.list.rows) == 1)
    (report,) = space.policies.read(AttendancePolicy).reports
    assert (report.every, report.at) == (Every.MONTH, time(6))
    assert space.policies.read(AttendancePolicy).zones == ((date.min, "UTC"),)
    dialog.list.rows[0].remove_button.click()
    qtbot.waitUntil(lambda: dialog.list.rows == [])


def test_a_doubtful_entry_is_asked_about_and_then_made(qtbot, page, space, monkeypatch) -> None:
    """A way out at eight, before the way in at nine, was entered without a word."""
    asked = []

    def fill(dialog: EntryDialog) -> None:
        dialog.time.setTime(QTime(8, 0))
        dialog.reason.setText("Told me")
        asked.append(accept(dialog))
        asked.append(dialog.problem.text())

    before = len(page.detail.record.entries)
    answering(monkeypatch, fill)
    press(qtbot, page, "Enter by hand…")
    qtbot.waitUntil(lambda: len(page.detail.record.entries) == before + 1)
    assert asked == [
        QDialog.DialogCode.Rejected,
        "There is no way in before the way out at 08:00 on 2026-03-04. If it is right so, press Save again.",
    ]


def test_another_answer_is_asked_about_anew(qtbot, page, monkeypatch) -> None:
    said = []

    def fill(dialog: EntryDialog) -> QDialog.DialogCode:
        dialog.reason.setText("Told me")
        for hour in (8, 7):
            dialog.time.setTime(QTime(hour, 0))
            accept(dialog)
            said.append(dialog.problem.text())
        dialog.reason.clear()
        accept(dialog)
        said.append(dialog.problem.text())
        return QDialog.DialogCode.Rejected

    answering(monkeypatch, fill)
    press(qtbot, page, "Enter by hand…")
    qtbot.waitUntil(lambda: len(said) == 3)
    assert ["08:00" in said[0], "07:00" in said[1], said[2]] == [True, True, "Say why in a few words."]


def test_leave_on_a_day_worked_is_asked_about(qtbot, page, space, monkeypatch) -> None:
    person_id = page.detail.record.person.person_id
    space.office.corrections.add(
        space.access.actor, person_id, at=DAY + timedelta(hours=17.5), direction=Direction.OUT,
        why="Told me", now=datetime.now(UTC),
    )  # fmt: skip
    asked = []

    def fill(dialog: QDialog) -> None:
        asked.append(accept(dialog))
        asked.append(dialog.problem.text())

    answering(monkeypatch, fill)
    page.absence_button.click()
    qtbot.waitUntil(lambda: len(space.office.planning.absences(WEDNESDAY, WEDNESDAY)) == 1)
    assert asked[0] == QDialog.DialogCode.Rejected
    assert asked[1].startswith("Work is recorded on 2026-03-04 (8:00). Beside this absence it is overtime.")


def test_a_schedule_without_hours_is_asked_about(qtbot) -> None:
    dialog = ScheduleDialog(make_schedule(days=()))
    qtbot.addWidget(dialog)
    dialog.show()
    assert accept(dialog) == QDialog.DialogCode.Rejected
    assert "No day has hours" in dialog.problem.text()
    assert dialog.problem.property("role") == "caution"
    assert accept(dialog) == QDialog.DialogCode.Accepted
