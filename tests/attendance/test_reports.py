"""Reports: what stands in them, and the files re-read by other programs."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceaccess.attendance.exports import due
from faceaccess.attendance.office import Office
from faceaccess.attendance.report_sums import sum_lines
from faceaccess.attendance.reports import ReportRequest, Table
from faceaccess.attendance.table_files import cell_text, duration_text, write_csv, write_xlsx
from faceaccess.codes import (
    AbsenceKind,
    DayMark,
    DayPart,
    Direction,
    Every,
    JournalKind,
    ReportFormat,
    ReportKind,
)  # fmt: skip
from faceaccess.errors import AttendanceError, EnrolmentError, SettingsError, StoreError
from faceaccess.store.access.types import SYSTEM
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.policy.attendance_policy import ScheduledReport
from faceaccess.store.policy.schedules import Assignment
from tests.attendance.builders import LATER, OLGA, WEDNESDAY, make_entry, make_schedule

DAY = datetime(2026, 3, 4, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "%s %d %", "under_score", "\"quoted\", 'so'", "a,b;c",
    "ক্ষণিকা শ্রেষ্ঠা", "محمد بن علي", "Zoë (evil)", "[red]bold[/]", "<b>&amp;", "{0}", "x" * 200,
]  # fmt: skip


@pytest.fixture
def week(office: Office, journal: Journal, ada: str) -> str:
    """Ada worked on Wednesday, came late on Thursday without leaving, and was on leave on Friday."""
    office.planning.set_schedule(OLGA, make_schedule())
    office.planning.assign(OLGA, Assignment("s1", WEDNESDAY), now=LATER)
    for hours, way in ((9, Direction.IN), (18, Direction.OUT), (24 + 9.5, Direction.IN)):
        journal.append(make_entry(ada, DAY + timedelta(hours=hours), direction=way), None)
    office.planning.enter_absence(
        OLGA,
        ada,
        kind=AbsenceKind.LEAVE,
        part=DayPart.WHOLE,
        first_day=date(2026, 3, 6),
        last_day=date(2026, 3, 6),
        now=LATER,
    )
    return ada


def build(office: Office, kind: ReportKind, now: datetime = NOW, **which: object) -> list[dict[str, object]]:
    table = office.reports.build(ReportRequest(kind, **which), now=now)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_the_daily_report(office: Office, week: str) -> None:
    (row,) = build(office, ReportKind.DAILY, day=WEDNESDAY)
    assert (row["name"], row["department"], row["schedule"]) == ("Ada Byron", "Workshop", "Usual")
    assert (row["first_in"], row["worked"]) == (DAY.replace(hour=9), timedelta(hours=8.5))
    assert (row["overtime"], row["late_by"], row["remarks"]) == (timedelta(minutes=30), None, None)
    (row,) = build(office, ReportKind.DAILY, day=date(2026, 3, 5))
    assert (row["late_by"], row["remarks"]) == (timedelta(minutes=30), (DayMark.MISSING_OUT,))
    assert build(office, ReportKind.DAILY, day=WEDNESDAY, department="Office") == []


def test_the_monthly_report_adds_up(office: Office, week: str) -> None:
    (row,) = build(office, ReportKind.MONTHLY, month=WEDNESDAY)
    assert (row["days_worked"], row["worked"], row["missing"]) == (1, timedelta(hours=8.5), 1)
    # Wednesday 4th to Thursday 19th but the day of leave: the 20th is not over.
    assert row["asked"] == timedelta(hours=8 * 11)
    assert (row["leave_days"], row["sick_days"], row["late_days"], row["absent_days"]) == (1, 0, 1, 9)
    table = office.reports.build(ReportRequest(ReportKind.MONTHLY, month=WEDNESDAY), now=NOW)
    assert dict(zip(table.columns, table.totals, strict=True))["worked"] == timedelta(hours=8.5)


def test_a_persons_days_add_up_to_the_totals_and_the_totals_to_one_another(
    office: Office, journal: Journal, week: str, tmp_path: Path
) -> None:
    """Totals once counted the target of days that are over, the rows above them that of all days."""
    for seconds, way in ((9 * 3600 + 29, Direction.IN), (17 * 3600 + 40 * 60 + 59, Direction.OUT)):
        journal.append(make_entry(week, DAY + timedelta(days=5, seconds=seconds), direction=way), None)
    request = ReportRequest(ReportKind.PERSON, month=WEDNESDAY, person_id=week)
    table = office.reports.build(request, now=NOW)
    durations = ("worked", "asked", "credited", "overtime", "undertime", "late_by", "early_by")
    for at, name in enumerate(table.columns):
        if name in durations:
            column = [row[at] or timedelta() for row in table.rows]
            assert sum(column, timedelta()) == (table.totals[at] or timedelta()), name
            assert not any(cell.seconds % 60 for cell in column), name
    assert [str(line) for line in sum_lines(table)] == [
        "Worked 16:40 + remote 0:00 = 16:40; target of the days that are over: 88:00.",
        "Overtime 0:30 + other time beyond the target 0:10 − short by 72:00 = −71:20 against the target.",
    ]
    office.exports.export(OLGA, request, tmp_path / "r.xlsx", ReportFormat.XLSX, now=NOW)
    first = [cell.value for cell in openpyxl.load_workbook(tmp_path / "r.xlsx").active["A"]]
    assert first[-5] == "Total"
    assert first[-3:-1] == [str(line) for line in sum_lines(table)]
    assert first[-1].startswith(f"{table.subject} · 2026-")
    assert sum_lines(office.reports.build(ReportRequest(ReportKind.DAILY, day=WEDNESDAY), now=NOW)) == ()


def test_the_report_on_a_person_goes_day_by_day(office: Office, week: str) -> None:
    rows = build(office, ReportKind.PERSON, month=WEDNESDAY, person_id=week)
    assert [row["day"] for row in rows] == [date(2026, 3, number) for number in range(1, 32)]
    assert rows[5]["absence"] == (AbsenceKind.LEAVE,)
    assert rows[6]["remarks"] == (DayMark.DAY_OFF,)
    with pytest.raises(AttendanceError, match="Choose a person"):
        build(office, ReportKind.PERSON)
    with pytest.raises(EnrolmentError):
        build(office, ReportKind.PERSON, person_id="f" * 32)


def test_departments_lateness_and_visitors(
    office: Office, journal: Journal, people: People, week: str
) -> None:
    people.create(name="Bob", department="Office")
    rows = build(office, ReportKind.DEPARTMENT, month=WEDNESDAY)
    assert [(row["department"], row["people"]) for row in rows] == [("Office", 1), ("Workshop", 1)]
    (late,) = build(office, ReportKind.LATENESS, month=WEDNESDAY)
    assert (late["day"], late["late_by"]) == (date(2026, 3, 5), timedelta(minutes=30))
    journal.append(make_entry(None, DAY + timedelta(hours=10)), None)
    journal.append(make_entry(None, DAY + timedelta(hours=11), is_recording=True), None)
    (visitor,) = build(office, ReportKind.VISITORS, day=WEDNESDAY)
    assert (visitor["time"], visitor["door"]) == (DAY + timedelta(hours=10), "Gate")
    assert build(office, ReportKind.VISITORS, day=date(2026, 3, 5)) == []
    bob = people.by_name("Bob")[0].person_id
    office.corrections.identify(OLGA, visitor["entry"], bob, why="It is him", now=NOW)
    assert build(office, ReportKind.VISITORS, day=WEDNESDAY) == [], "who was named is no unknown visitor"


def test_who_is_in_now(office: Office, journal: Journal, people: People, week: str) -> None:
    bob = people.create(name="Bob").person_id
    eve = people.create(name="Eve").person_id
    now = DAY + timedelta(hours=34)
    journal.append(make_entry(bob, now - timedelta(hours=1)), None)
    journal.append(make_entry(eve, now - timedelta(hours=2), direction=Direction.IN), None)
    assert [row["name"] for row in build(office, ReportKind.PRESENT, now)] == ["Ada Byron", "Bob", "Eve"]
    journal.append(make_entry(eve, now - timedelta(minutes=5), direction=Direction.OUT), None)
    assert [row["name"] for row in build(office, ReportKind.PRESENT, now)] == ["Ada Byron", "Bob"]
    assert build(office, ReportKind.PRESENT, now + timedelta(days=1)) == []


def test_hostile_names_come_back_from_every_file(
    office: Office, people: People, ada: str, tmp_path: Path
) -> None:
    for number, name in enumerate(HOSTILE):
        people.create(name=name, staff_number=f"H{number}", department=name)
    table = office.reports.build(ReportRequest(ReportKind.DAILY, day=WEDNESDAY), now=NOW)
    names = [row[0] for row in table.rows]
    assert set(HOSTILE) <= set(names)
    write_csv(table, tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"].removeprefix("'") for row in rows] == names
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    write_xlsx(table, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    assert [cell.value for cell in sheet["A"]][1:-2] == names
    assert {cell.data_type for cell in sheet["A"] if cell.value is not None} == {"s"}
    office.exports.export(
        OLGA, ReportRequest(ReportKind.DAILY, day=WEDNESDAY), tmp_path / "r.json", ReportFormat.JSON, now=NOW
    )
    assert [row["name"] for row in json.loads((tmp_path / "r.json").read_text("utf-8"))] == names


@pytest.mark.parametrize("name", ["nul\0name", "line\nbreak", "x" * 10_000, "\ud800"])
def test_names_that_cannot_be_shown_never_get_in(people: People, name: str) -> None:
    with pytest.raises(EnrolmentError):
        people.create(name=name)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=50)
CELLS = st.one_of(
    TEXTS, st.none(), st.integers(-(2**31), 2**31), st.dates(),
    st.timedeltas(timedelta(0), timedelta(days=99)), st.just("x" * 10_000),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_any_cells_come_back_from_csv_and_xlsx(tmp_path_factory, rows) -> None:
    table = Table(ReportKind.DAILY, "x", NOW, ("one", "two"), tuple(rows))
    folder = tmp_path_factory.mktemp("files")
    write_csv(table, folder / "r.csv")
    with (folder / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell_text(cell).removeprefix("'") for cell in row] for row in rows
    ]
    write_xlsx(table, folder / "r.xlsx")
    sheet = openpyxl.load_workbook(folder / "r.xlsx").active
    for row, read in zip(rows, sheet.iter_rows(min_row=2, max_row=1 + len(rows)), strict=True):
        for cell, back in zip(row, read, strict=True):
            if isinstance(cell, str) and cell:
                assert (back.value, back.data_type) == (cell, "s")
            elif isinstance(cell, int):
                assert back.value == cell
            elif isinstance(cell, timedelta):
                assert back.number_format == "[h]:mm"


def test_durations_read_as_hours_and_minutes() -> None:
    assert duration_text(timedelta(hours=160, minutes=5, seconds=59)) == "160:05"
    assert cell_text((DayMark.MISSING_OUT, DayMark.CORRECTED)) == "missing out, corrected"


def test_an_export_is_journalled_and_all_or_nothing(
    office: Office, journal: Journal, week: str, tmp_path: Path
) -> None:
    request = ReportRequest(ReportKind.PERSON, month=WEDNESDAY, person_id=week)
    assert office.exports.export(OLGA, request, tmp_path / "a.csv", ReportFormat.CSV, now=NOW) == 31
    row = journal.rows.get(journal.head().seq)
    assert (row.kind, row.actor, row.person_id) == (JournalKind.EXPORTED, "olga", week)
    assert row.details == {"report": "person", "format": "csv", "period": "2026-03", "rows": 31}
    before = journal.head()
    with pytest.raises(StoreError):
        office.exports.export(OLGA, request, tmp_path / "no" / "a.csv", ReportFormat.CSV, now=NOW)
    with pytest.raises(AttendanceError, match="PDF can't be drawn"):
        office.exports.export(OLGA, request, tmp_path / "a.pdf", ReportFormat.PDF, now=NOW)
    assert journal.head() == before


REPORT = ScheduledReport("r1", ReportKind.DAILY, ReportFormat.CSV, "/reports", Every.DAY, time(6))


def test_a_daily_report_is_due_once_after_its_hour() -> None:
    morning = datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert due(REPORT, morning, None) == (WEDNESDAY,)
    assert due(REPORT, morning, date(2026, 3, 3)) == (WEDNESDAY,)
    assert due(REPORT, morning, WEDNESDAY) == ()
    assert due(REPORT, morning - timedelta(minutes=1), date(2026, 3, 3)) == ()
    assert due(REPORT, morning, date(2026, 3, 1)) == tuple(date(2026, 3, day) for day in (2, 3, 4))
    assert len(due(REPORT, morning, date(2020, 1, 1))) == 31


def test_a_monthly_report_is_due_on_the_first() -> None:
    monthly = replace(REPORT, every=Every.MONTH)
    assert due(monthly, datetime(2026, 3, 1, 6, tzinfo=UTC), None) == (date(2026, 2, 1),)
    assert due(monthly, datetime(2026, 3, 1, 5, tzinfo=UTC), None) == (date(2026, 1, 1),)
    assert due(monthly, datetime(2026, 3, 31, 5, tzinfo=UTC), date(2026, 2, 1)) == ()
    assert due(monthly, datetime(2026, 3, 2, 5, tzinfo=UTC), date(2025, 11, 1)) == (
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    )


def test_scheduled_reports_are_written_once_and_tried_again(
    office: Office, journal: Journal, week: str, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.write_text("a file is in the way")
    report = replace(REPORT, folder=str(folder))
    office.planning.set_zone(OLGA, "UTC", date(2000, 1, 1))
    office.planning.add_export(OLGA, report)
    now = datetime(2026, 3, 5, 7, tzinfo=UTC)
    for _ in range(2):
        (written,) = office.exports.run_due(SYSTEM, now=now)
        assert isinstance(written.error, StoreError)
    assert len(journal.rows.newest((JournalKind.EXPORT_FAILED,))) == 1
    folder.unlink()
    (written,) = office.exports.run_due(SYSTEM, now=now)
    assert (written.error, written.path) == (None, folder / "daily-2026-03-04.csv")
    assert "Ada Byron" in written.path.read_text("utf-8")
    assert office.exports.run_due(SYSTEM, now=now) == []
    assert [each.period for each in office.exports.run_due(SYSTEM, now=now + timedelta(days=2))] == [
        date(2026, 3, 5),
        date(2026, 3, 6),
    ]


@pytest.mark.parametrize(
    "report",
    [
        replace(REPORT, kind=ReportKind.PERSON),
        replace(REPORT, folder="somewhere/else"),
        replace(REPORT, every=Every.MONTH),
    ],
)
def test_what_cannot_be_written_by_itself_is_refused(office: Office, report: ScheduledReport) -> None:
    with pytest.raises(SettingsError):
        office.planning.add_export(OLGA, report)


def test_people_who_left_are_in_the_months_they_worked(
    office: Office, people: People, database: Database, week: str
) -> None:
    people.set_active(week, False)
    assert len(build(office, ReportKind.MONTHLY, month=WEDNESDAY)) == 1
    assert build(office, ReportKind.MONTHLY, month=date(2026, 1, 1)) == []


def test_a_monthly_report_may_be_written_day_by_day(
    office: Office, journal: Journal, week: str, tmp_path: Path
) -> None:
    report = replace(REPORT, kind=ReportKind.MONTHLY, folder=str(tmp_path / "out"))
    office.planning.set_zone(OLGA, "UTC", date(2000, 1, 1))
    office.planning.add_export(OLGA, report)
    (written,) = office.exports.run_due(SYSTEM, now=datetime(2026, 4, 1, 7, tzinfo=UTC))
    assert written.path.name == "monthly-2026-03-31.csv"
    assert "8:30" in written.path.read_text("utf-8")
    assert office.exports.run_due(SYSTEM, now=datetime(2026, 4, 1, 8, tzinfo=UTC)) == []


def test_leave_counts_on_working_days_only(office: Office, week: str) -> None:
    office.planning.enter_absence(
        OLGA, week, kind=AbsenceKind.LEAVE, first_day=date(2026, 3, 7), last_day=date(2026, 3, 10), now=LATER
    )
    (row,) = build(office, ReportKind.MONTHLY, month=WEDNESDAY)
    assert row["leave_days"] == 3


def test_the_day_of_somebody_who_is_here_counts_as_worked(office: Office, journal: Journal, ada: str) -> None:
    """The late days had today among them, the days worked had not."""
    office.planning.set_schedule(OLGA, make_schedule())
    office.planning.assign(OLGA, Assignment("s1", WEDNESDAY), now=LATER)
    journal.append(make_entry(ada, DAY.replace(hour=10), direction=Direction.IN), None)
    (row,) = build(office, ReportKind.MONTHLY, now=DAY.replace(hour=11), month=WEDNESDAY)
    assert (row["days_worked"], row["late_days"], row["worked"]) == (1, 1, timedelta())
