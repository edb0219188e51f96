"""The attendance page: what is asked for, what is shown, what is said."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QFileDialog

from faceaccess.attendance.exports import Exports
from faceaccess.attendance.report_cells import MONTHLY, WHO
from faceaccess.attendance.reports import ReportRequest, Reports, Table
from faceaccess.codes import AbsenceKind, DayMark, Every, JournalKind, ReportFormat, ReportKind
from faceaccess.errors import StoreError
from faceaccess.gui.attendance.page import AttendancePage
from faceaccess.gui.attendance.report_clock import ReportClock
from faceaccess.gui.models.report_model import ReportModel
from faceaccess.gui.printing import document, write_pdf
from faceaccess.store.policy.attendance_policy import AttendancePolicy, ScheduledReport
from tests.gui.answers import press
from tests.gui.drawn import NOW
from tests.gui.site import refuse

MONTH = date(2026, 3, 1)
PEOPLE = tuple(f"{number:032x}" for number in (1, 2, 3))


def monthly(people: tuple[str, ...] = PEOPLE, missing: int = 1) -> Table:
    rows = len(people)
    found = tuple((f"Person {n}", timedelta(hours=160, minutes=n), missing, None, None) for n in range(rows))
    return Table(
        ReportKind.MONTHLY, "2026-03", NOW, ("name", "worked", "missing", "late_by", "remarks"), found,
        ("", timedelta(hours=480), 3, None, None), people,
    )  # fmt: skip


@dataclass
class Built:
    """The report that is given, whatever was journalled, and what was asked for."""

    table: Table
    asked: list[ReportRequest] = field(default_factory=list)


@pytest.fixture
def ada(space) -> str:
    """The id of the first person."""
    return space.people.list()[0].person_id


@pytest.fixture
def reports(ada, monkeypatch) -> Built:
    """A month's hours of three people."""
    built = Built(monthly((ada, *PEOPLE[1:])))

    def build(_: Reports, request: ReportRequest, *, now: datetime) -> Table:
        built.asked.append(request)
        return built.table

    monkeypatch.setattr(Reports, "build", build)
    return built


@pytest.fixture
def page(qtbot, space, reports, notices) -> AttendancePage:
    """The page on March 2026, shown."""
    made = AttendancePage(space.access, space.people, space.office, space.journal, space.policies, notices)
    qtbot.addWidget(made)
    made.choice.month.show_month(MONTH)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: made.model.rowCount() == 4)
    return made


def test_the_model_keeps_qts_rules_and_hides_empty_columns(qtmodeltester) -> None:
    model = ReportModel()
    qtmodeltester.check(model)
    model.show_table(monthly())
    qtmodeltester.check(model)
    titles = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    assert titles == ["Name", "Worked", "Missing"]
    assert model.index(0, 1).data() == "160:00"
    assert model.index(3, 0).data() == "Total"
    assert model.index(3, 0).data(Qt.ItemDataRole.FontRole).bold()
    assert (model.person_at(0), model.person_at(3)) == (PEOPLE[0], None)


def test_what_is_missing_is_marked_by_more_than_a_colour(qtbot) -> None:
    model = ReportModel()
    model.show_table(monthly(missing=2))
    assert model.index(0, 2).data(Qt.ItemDataRole.DecorationRole) is not None
    day = Table(
        ReportKind.PERSON, "Ada", NOW, ("day", "absence", "remarks"),
        (
            (date(2026, 3, 4), None, (DayMark.MISSING_OUT,)),
            (date(2026, 3, 5), (AbsenceKind.SICK,), (DayMark.DAY_OFF,)),
        ),
    )  # fmt: skip
    model.show_table(day)
    marks = model.columnCount() - 1
    assert model.index(0, marks).data() == "out missing"
    assert model.index(0, marks).data(Qt.ItemDataRole.DecorationRole) is not None
    assert model.index(1, marks).data(Qt.ItemDataRole.DecorationRole) is None


def of_all_columns() -> Table:
    """Return a month of somebody of whom everything can be said."""
    who = ("Akbar Hashemi Rafsanjani", "S0012", "Customer service and dispatch")
    hours = dict.fromkeys(("worked", "asked", "credited", "overtime", "undertime"), timedelta(hours=160))
    counts = dict.fromkeys(("days_worked", "missing", "absent_days", "late_days", "early_days"), 3)
    late = dict.fromkeys(("late_by", "early_by"), timedelta(minutes=83))
    days = {"leave_days": 4.0, "sick_days": 1.0, "remote_days": 0.0, "other_days": 0.0}
    cells = hours | counts | late | days | {"remarks": (DayMark.CORRECTED, DayMark.CORRECTED_LATE)}
    row = (*who, *(cells[name] for name in MONTHLY))
    return Table(ReportKind.MONTHLY, "2026-03", NOW, (*WHO, *MONTHLY), (row,), row, PEOPLE[:1])


@pytest.mark.parametrize("width", [852, 1172, 1812])
def test_no_report_has_to_be_scrolled_sideways(qtbot, page, reports, width) -> None:
    """On 1280 points a month's report was half outside the window."""
    page.resize(width, 640)
    reports.table = of_all_columns()
    page.load()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    assert page.table.horizontalScrollBar().maximum() == 0
    assert ("for lack of room only in the export" in page.count_label.text()) == bool(page.columns.hidden)
    assert page.columns.hidden or width > 852
    assert width < 1812 or not page.columns.hidden
    assert not {"Name", "Worked", "Target", "Short by", "Remarks"} & set(page.columns.hidden)


def test_what_belongs_together_stands_in_one_column(qtbot) -> None:
    model = ReportModel()
    model.show_table(of_all_columns())
    across = Qt.Orientation.Horizontal
    shown = {model.headerData(c, across): model.index(0, c).data() for c in range(model.columnCount())}
    assert shown["Late by (times)"] == shown["Early by (times)"] == "1:23 (3)"
    assert shown["Days away"] == "leave 4, sick 1"
    assert not {"Times late", "Times early", "Leave", "Sick", "Other"} & set(shown)


def test_how_the_totals_add_up_stands_below_them_and_on_paper(qtbot, page, reports) -> None:
    assert page.sums.isHidden(), "a report without targets has nothing to add up"
    hours = tuple(timedelta(hours=count) for count in (150, 8, 160, 4, 6))
    columns = ("name", "worked", "credited", "asked", "overtime", "undertime")
    rows = (("Person 1", *hours),)
    reports.table = Table(ReportKind.MONTHLY, "2026-03", NOW, columns, rows, ("", *hours), PEOPLE[:1])
    page.load()
    qtbot.waitUntil(page.sums.isVisible)
    lines = page.sums.text().split("\n")
    assert lines == [
        "Worked 150:00 + remote 8:00 = 158:00; target of the days that are over: 160:00.",
        "Overtime 4:00 + other time beyond the target 0:00 − short by 6:00 = −2:00 against the target.",
    ]
    paper = document(reports.table).toPlainText()
    assert "Total" in paper
    assert all(line in paper for line in lines)


def test_the_choice_becomes_a_request(qtbot, page, reports, ada) -> None:
    asked = reports.asked
    assert asked[-1] == ReportRequest(ReportKind.MONTHLY, month=MONTH)
    page.choice.month.earlier.click()
    qtbot.waitUntil(lambda: asked[-1] == ReportRequest(ReportKind.MONTHLY, month=date(2026, 2, 1)))
    page.choice.who.setCurrentIndex(page.choice.who.findText("Department Office"))
    qtbot.waitUntil(lambda: asked[-1].department == "Office")
    page.choice.who.setCurrentIndex(page.choice.who.findText("Person 1 (S001)"))
    wanted = ReportRequest(ReportKind.PERSON, month=date(2026, 2, 1), person_id=ada)
    qtbot.waitUntil(lambda: asked[-1] == wanted)
    page.choice.kind.setCurrentIndex(page.choice.kind.findText("Daily report"))
    page.choice.day.setDate(QDate(2026, 3, 4))
    qtbot.waitUntil(lambda: asked[-1] == ReportRequest(ReportKind.DAILY, day=date(2026, 3, 4)))
    assert page.choice.day.isVisible()
    assert not page.choice.month.isVisible()
    page.choice.kind.setCurrentIndex(page.choice.kind.findText("Who is in"))
    qtbot.waitUntil(lambda: asked[-1] == ReportRequest(ReportKind.PRESENT))
    page.choice.kind.setCurrentIndex(page.choice.kind.findText("Visitors"))
    qtbot.waitUntil(lambda: asked[-1].kind is ReportKind.VISITORS)
    assert not page.choice.who.isVisible()


def test_words_that_match_nobody_are_taken_back(qtbot, page) -> None:
    page.choice.who.setEditText("Nobody at all")
    page.choice.who.lineEdit().editingFinished.emit()
    assert page.choice.who.currentText() == "Everybody"


def test_a_double_click_opens_a_persons_timesheet(qtbot, page, reports, ada) -> None:
    page._open_row(page.model.index(0, 0))
    qtbot.waitUntil(lambda: reports.asked[-1].person_id == ada)
    assert page.choice.who.currentText() == "Person 1 (S001)"


def test_an_empty_report_says_so(qtbot, page, reports) -> None:
    reports.table = Table(ReportKind.PRESENT, "now", NOW, ("name", "since"), ())
    page.load()
    qtbot.waitUntil(page.empty.isVisible)
    assert page.empty.message.text() == "Nobody is in."
    assert not page.export_button.isEnabled()
    assert not page.card.isVisible()


def test_an_empty_department_leads_back_to_everybody(qtbot, page, reports) -> None:
    reports.table = replace(monthly(), rows=(), people=())
    page.choice.who.setCurrentIndex(page.choice.who.findText("Department Office"))
    qtbot.waitUntil(page.empty.button.isVisible)
    page.empty.button.click()
    qtbot.waitUntil(lambda: reports.asked[-1].department is None)
    qtbot.waitUntil(lambda: not page.empty.button.isVisible())


def test_a_failure_is_said(qtbot, page, notices, monkeypatch) -> None:
    refuse(monkeypatch, Reports, "build", StoreError("The journal can't be read."))
    page.load()
    qtbot.waitUntil(lambda: notices.messages() == ["The journal can't be read."])


@pytest.mark.parametrize("format_", [ReportFormat.XLSX, ReportFormat.CSV, ReportFormat.PDF])
def test_a_report_is_exported(qtbot, page, space, notices, monkeypatch, tmp_path, format_) -> None:
    space.office.exports.pdf_writer = write_pdf
    path = tmp_path / f"r.{format_}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.export_button.click()
    qtbot.waitUntil(lambda: notices.messages() == [f"The report is in {path}."])
    qtbot.waitUntil(page.export_button.isEnabled)
    assert path.stat().st_size
    (row,) = space.journal.rows.newest([JournalKind.EXPORTED])
    assert (row.details["format"], row.details["period"], row.details["rows"]) == (format_, "2026-03", 3)


def test_an_export_without_an_ending_gets_that_of_the_chosen_kind(
    qtbot, page, notices, monkeypatch, tmp_path
) -> None:
    kinds: list[str] = []

    def choose(_parent, _title, name: str, filters: str) -> tuple[str, str]:
        kinds.extend([name, *filters.split(";;")])
        return str(tmp_path / "March 2.6"), "CSV (*.csv)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    page.export_button.click()
    qtbot.waitUntil(lambda: notices.messages() == [f"The report is in {tmp_path / 'March 2.6.csv'}."])
    assert kinds == ["monthly-2026-03.xlsx", "XLSX (*.xlsx)", "CSV (*.csv)", "PDF (*.pdf)"]
    press(monkeypatch, "Keep it")
    page.export_button.click()
    assert page.export_button.isEnabled(), "nothing is written"


def test_an_export_that_fails_is_said(qtbot, page, notices, monkeypatch) -> None:
    refuse(monkeypatch, Exports, "export", StoreError("The disk is full.", "Free some space."))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/full/r.csv", ""))
    page.export_button.click()
    qtbot.waitUntil(lambda: notices.messages() == ["The disk is full. Free some space."])
    assert page.export_button.isEnabled()


@pytest.mark.parametrize("is_sure", [True, False])
def test_a_month_is_closed_when_it_is_meant(qtbot, page, space, monkeypatch, is_sure) -> None:
    press(monkeypatch, "Close" if is_sure else "Not yet")
    page.close_button.click()
    if is_sure:
        qtbot.waitUntil(lambda: "closed on" in page.count_label.text())
        assert not page.close_button.isEnabled()
    assert [closed.month for closed in space.office.timesheets.closed_months()] == (
        [MONTH] if is_sure else []
    )


def test_the_clock_writes_what_is_due_and_says_what_failed(
    qtbot, space, notices, tmp_path, monkeypatch
) -> None:
    out = tmp_path / "out"
    report = ScheduledReport("r", ReportKind.DAILY, ReportFormat.CSV, str(out), Every.DAY, time(0))
    space.policies.set(space.access.actor, AttendancePolicy(reports=(report,)))
    clock = ReportClock(space.office, notices)
    assert space.office.exports.pdf_writer is not None
    with monkeypatch.context() as patch:
        refuse(patch, Exports, "export", StoreError("The disk is full."))
        clock.start()
        qtbot.waitUntil(lambda: len(notices.messages()) == 1)
        assert "could not be written: The disk is full. It is tried again" in notices.messages()[0]
        refuse(patch, Exports, "run_due", StoreError("The journal can't be read."))
        clock.look()
        qtbot.waitUntil(lambda: len(notices.messages()) == 2)
    clock.look()
    qtbot.waitUntil(lambda: any(words.startswith("A report was written") for words in notices.messages()))
    (path,) = out.iterdir()
    assert any(str(path) in words for words in notices.messages())


def test_a_months_name_and_the_last_one(qtbot, page) -> None:
    assert page.choice.month.label.text() == "March 2026"
    page.choice.month.show_month(datetime.now(UTC).date())
    assert not page.choice.month.later.isEnabled()
    page.choice.month.show_month(date(2026, 1, 31))
    page.choice.month.later.click()
    assert page.choice.month.month == date(2026, 2, 1)


def test_a_correction_keeps_the_row_selected_whatever_goes_above_it(qtbot, page, reports, ada) -> None:
    """The row of that number was selected, which was somebody else's once a row above it had gone."""
    page.table.selectRow(2)
    assert page.model.person_at(2) == PEOPLE[2]
    reports.table = monthly((PEOPLE[1], PEOPLE[2]))
    page.day_actions.changed.emit()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3)
    assert page.model.person_at(page.table.currentIndex().row()) == PEOPLE[2]
