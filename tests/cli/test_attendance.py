"""Reports, schedules, absences and corrections from the command line."""

import csv
import io
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from faceaccess.cli.app import app
from faceaccess.codes import JournalKind, Method, Outcome, Reason
from faceaccess.store.journal.journal import Journal
from faceaccess.workspace import Workspace
from tests.attendance.builders import make_entry
from tests.cli.conftest import Folder, Run, json_lines


@dataclass(frozen=True)
class _Site:
    """A folder to be copied for each test, and the id of the person in it."""

    folder: Path
    person_id: str


@pytest.fixture(scope="module")
def _site(tmp_path_factory: pytest.TempPathFactory) -> _Site:
    base = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FACEACCESS_CONFIG_DIR", str(base / "config"))
        return _Site(base / "data", _fill(base / "data"))


def _fill(folder: Path) -> str:
    with Workspace.open(folder) as space:
        person = space.people.create(name="Ada", staff_number="7", department="Workshop")
        with space.database.transaction() as db:
            db.execute("UPDATE people SET created_at = '2020-01-01T00:00:00.000000+00:00'")
        space.journal.append(make_entry(person.person_id, datetime(2026, 3, 4, 8, tzinfo=UTC)), None)
        near = make_entry(
            None, datetime(2026, 3, 4, 16, 31, tzinfo=UTC), nearest_id=person.person_id, distance=0.12,
            outcome=Outcome.UNKNOWN, reason=Reason.NO_MATCH,
        )  # fmt: skip
        space.journal.append(near, b"crop")
    for words in (
        ("zone", "Europe/Berlin"),
        ("set", "Usual", "--grace-in", "10"),
        ("set", "usual", "--days", "fri", "--to", "15:00"),
        ("assign", "Usual", "--department", "workshop", "--from", "2026-01-01"),
    ):
        done = CliRunner().invoke(app, ["--data-dir", str(folder), "schedules", *words])
        assert done.exit_code == 0, done.output
    return person.person_id


@pytest.fixture
def ada(_site: _Site, folder: Folder) -> str:
    """The id of somebody who came on Wednesday, the 4th of March 2026, and was never seen to leave."""
    shutil.copytree(_site.folder, folder.path, ignore=shutil.ignore_patterns("*.lock", "logs"))
    return _site.person_id


def last_row(folder: Folder, kind: JournalKind) -> dict:
    return folder.read(lambda _, journal: journal.rows.newest((kind,), limit=1))[0]


def test_schedules_are_listed_changed_and_removed(run: Run, ada: str) -> None:
    listed = run("schedules", "list").stdout
    assert "Usual: mon,tue,wed,thu 09:00-17:30, break 30 min; fri 09:00-15:00, break 30 min" in listed
    assert "1: department workshop, from 2026-01-01" in listed
    assert "zone since 0001-01-01: Europe/Berlin" in listed
    assert json_lines(run("schedules", "list", "--json"))[0]["assignments"][0]["assignment"] == 1
    assert run("schedules", "assign", "Usual", "--person", "7", "--to", "2030-01-01").exit_code == 0
    assert "2: Ada, from" in run("schedules", "list").stdout
    assert run("schedules", "unassign", "2").exit_code == 0
    assert run("schedules", "set", "Usual", "--days", "mon-fri", "--off").stdout == "Usual: no shifts\n"
    assert (
        run("schedules", "set", "Flex", "--flexible", "480", "--from", "10:00", "--to", "15:00").exit_code
        == 0
    )
    assert "8:00 around 10:00-15:00" in run("schedules", "list").stdout
    assert run("schedules", "delete", "Usual").exit_code == 0
    assert "Usual" not in run("schedules", "list").stdout


def test_a_split_shift_and_a_rota_are_said(run: Run, ada: str) -> None:
    split = ("--from", "08:00", "--to", "12:00", "--and", "17:00-21:00", "--break", "0")
    assert run("schedules", "set", "Split", *split).stdout == (
        "Split: mon,tue,wed,thu,fri 08:00-12:00 and 17:00-21:00\n"
    )
    assert run("schedules", "assign", "Split", "--person", "7", "--from", "2026-03-01").exit_code == 0
    for at, way in (("08:00", "in"), ("12:00", "out"), ("17:00", "in"), ("21:00", "out")):
        words = ("--at", f"2026-03-05T{at}", "--direction", way, "--why", "Forgot")
        assert run("entries", "add", "7", *words).exit_code == 0
    days = json_lines(run("report", "person", "--person", "7", "--month", "2026-03", "--format", "json"))
    assert (days[4]["worked"], days[4]["asked"], days[4]["late_by"]) == (8 * 3600, 8 * 3600, None)

    early = ("--from", "06:00", "--to", "14:00", "--break", "0")
    assert run("schedules", "set", "Rota", *early).exit_code == 0
    late = ("--week", "b", "--from", "14:00", "--to", "22:00", "--break", "0")
    assert "which week is the first" in run("schedules", "set", "Rota", *late).stderr
    done = run("schedules", "set", "Rota", *late, "--first-week", "2026-03-02")
    assert done.stdout == (
        "Rota: week A: mon,tue,wed,thu,fri 06:00-14:00; week B: mon,tue,wed,thu,fri 14:00-22:00; "
        "a week A: that of 2026-03-02\n"
    )
    changed = run("schedules", "set", "Rota", "--week", "B", "--days", "mon-fri", "--off").stdout
    assert "week A: mon,tue,wed,thu,fri 06:00-14:00; week B: off" in changed
    listed = next(row for row in json_lines(run("schedules", "list", "--json")) if row["schedule"] == "Rota")
    assert listed["first_week"] == "2026-03-02"


@pytest.mark.parametrize(
    "words", [("--week", "D"), ("--week", ""), ("--and", "17:00"), ("--and", "17:00-25:00")]
)
def test_weeks_and_times_that_are_not_there_are_refused(run: Run, ada: str, words: tuple[str, ...]) -> None:
    assert run("schedules", "set", "Usual", *words).exit_code == 2


def test_a_report_as_table_csv_and_json(run: Run, ada: str) -> None:
    shown = run("report", "daily", "--date", "2026-03-04")
    assert shown.exit_code == 0, shown.output
    assert "2026-03-04 09:00" in shown.stdout
    assert "missing out" in shown.stdout
    assert "times in Europe/Berlin" in shown.stdout
    (row,) = json_lines(run("report", "daily", "--date", "2026-03-04", "--format", "json"))
    assert row["zone"] == "Europe/Berlin"
    (row,) = csv.DictReader(
        io.StringIO(run("report", "daily", "--date", "2026-03-04", "--format", "csv").stdout)
    )
    assert (row["first_in"], row["zone"]) == ("2026-03-04 09:00", "Europe/Berlin")
    (row,) = json_lines(run("report", "daily", "--date", "2026-03-04", "--format", "json"))
    assert (row["first_in"], row["remarks"]) == ("2026-03-04T09:00:00+01:00", ["missing_out"])
    rows = list(
        csv.DictReader(io.StringIO(run("report", "monthly", "--month", "2026-03", "--format", "csv").stdout))
    )
    assert (rows[0]["name"], rows[0]["missing"]) == ("Ada", "1")
    assert (
        len(json_lines(run("report", "person", "--person", "7", "--month", "2026-03", "--format", "json")))
        == 31
    )
    assert "0 rows" in run("report", "present").stdout
    for kind in ("department", "lateness", "visitors"):
        assert run("report", kind, "--month", "2026-03").exit_code == 0


def test_an_export_is_written_and_journalled(run: Run, folder: Folder, ada: str, tmp_path: Path) -> None:
    done = run("report", "monthly", "--month", "2026-03", "--out", str(tmp_path / "march.xlsx"))
    assert done.exit_code == 0, done.output
    assert "1 row written" in done.stderr
    assert openpyxl.load_workbook(tmp_path / "march.xlsx").active["A2"].value == "Ada"
    assert run("report", "daily", "--date", "2026-03-04", "--out", str(tmp_path / "d.xlsx")).exit_code == 0
    headings = [cell.value for cell in openpyxl.load_workbook(tmp_path / "d.xlsx").active[1]]
    assert "First in (Europe/Berlin)" in headings
    row = folder.read(lambda _, journal: journal.rows.newest((JournalKind.EXPORTED,), limit=2))[1]
    assert (row.details["report"], row.details["format"]) == ("monthly", "xlsx")


def test_an_export_beside_a_running_door_says_so(run: Run, folder: Folder, ada: str, tmp_path: Path) -> None:
    with folder.open():
        done = run("report", "daily", "--date", "2026-03-04", "-o", str(tmp_path / "d.csv"))
    assert done.exit_code == 0, done.output
    assert "not in the journal" in done.stderr
    assert "Ada" in (tmp_path / "d.csv").read_text("utf-8-sig")


@pytest.mark.slow
def test_a_pdf_is_drawn_without_a_window(folder: Folder, ada: str, tmp_path: Path) -> None:
    words = ("report", "person", "--person", "7", "--month", "2026-03", "-o", str(tmp_path / "ada.pdf"))
    command = [sys.executable, "-m", "faceaccess", "--data-dir", str(folder.path), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ada.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 2),
        (("daily", "--date", "tomorrow"), 2),
        (("monthly", "--month", "2026-13"), 2),
        (("daily", "--format", "pdf"), 2),
        (("daily", "--out", "report.doc"), 2),
        (("person",), 1),
        (("person", "--person", "Nobody"), 1),
        (("yearly",), 2),
    ],
)
def test_reports_that_cannot_be(run: Run, ada: str, words: tuple[str, ...], code: int) -> None:
    assert run("report", *words).exit_code == code


def test_absences(run: Run, ada: str) -> None:
    done = run("absences", "add", "Ada", "sick", "--from", "2026-03-05", "--to", "2026-03-06", "--why", "Flu")
    assert done.exit_code == 0, done.output
    number = done.stdout.split()[-1].rstrip(".")
    listed = run("absences", "list", "--person", "7", "--from", "2026-03-01")
    assert listed.stdout == f"{number}  Ada, sick, 2026-03-05 to 2026-03-06: Flu\n"
    assert run("absences", "add", "7", "leave", "--from", "2026-03-06").exit_code == 1
    assert run("absences", "remove", number, "--why", "Was here").exit_code == 0
    (row,) = json_lines(run("absences", "list", "--from", "2026-03-01", "--json"))
    assert row["removed_by"] is not None
    assert "[taken back]" in run("absences", "list", "--from", "2026-03-01").stdout
    # Also of somebody who was deleted since, which was a fault of the program.
    assert run("people", "delete", "7", "--yes").exit_code == 0
    assert "Ada, sick" in run("absences", "list", "--from", "2026-03-01").stdout


def test_entries_are_added_corrected_and_voided(run: Run, folder: Folder, ada: str) -> None:
    done = run("entries", "add", "7", "--at", "2026-03-05T08:55", "--direction", "in", "--why", "Forgot")
    assert done.exit_code == 0, done.output
    number = int(done.stdout.split()[-1].rstrip("."))

    def entry(seq: int) -> object:
        return folder.read(lambda _, journal: journal.events.get(seq))

    assert (entry(number).entry.at.isoformat(), entry(number).entry.method) == (
        "2026-03-05T07:55:00+00:00",
        Method.MANUAL,
    )
    done = run("entries", "correct", str(number), "--at", "2026-03-05T09:00", "--why", "Later")
    assert f"stands for {number}" in done.stdout
    newer = int(done.stdout.split()[1])
    assert entry(newer).entry.corrects == number
    assert entry(number).voided_by == newer + 1
    assert run("entries", "void", str(newer), "--why", "Never came").exit_code == 0
    assert run("entries", "void", str(newer), "--why", "Again").exit_code == 1
    assert run("entries", "add", "7", "--at", "2090-01-01T08:00", "--why", "x").exit_code == 1
    assert run("entries", "add", "7", "--at", "soon", "--why", "x").exit_code == 2
    assert folder.read(lambda _, journal: journal.verify().is_good)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("2026-03-29T02:30", "There is no 02:30 on 2026-03-29: clocks jump from 02:00 to 03:00"),
        ("2025-10-26T02:30", "02:30 comes twice on 2025-10-26: at UTC+02:00 first, then at UTC+01:00"),
        ("2026-03-10", "has no time of day"),
        ("20260310", "has no time of day"),
        ("09:00", "is not a time such as"),
        ("0026-06-03T09:00", "0026-06-03 is before 2000-01-01. Check the year."),
        ("0001-01-01T00:00", "0001-01-01 is before 2000-01-01"),
        ("0026-06-03T09:00+01:00", "0026-06-03 is before 2000-01-01"),
        ("2206-06-03T09:00", "2206-06-03 is more than ten years ahead"),
        ("2006-06-03T09:00", "2006-06-03 is more than five years ago"),
    ],
)
def test_a_time_that_nobody_means_is_refused(
    run: Run, folder: Folder, ada: str, typed: str, reason: str
) -> None:
    """They were taken as an hour later, as midnight and as the year 26."""
    before = folder.read(lambda _, journal: journal.head().seq)
    for words in (("add", "7", "--direction", "in"), ("correct", "3")):
        done = run("entries", *words, "--at", typed, "--why", "x")
        assert done.exit_code != 0
        assert reason in " ".join(done.output.replace("│", " ").split())
    assert folder.read(lambda _, journal: journal.head().seq) == before


def test_which_hour_of_two_is_meant_can_be_said(run: Run, folder: Folder, ada: str) -> None:
    for offset, utc in (("+02:00", "00:30"), ("+01:00", "01:30")):
        done = run("entries", "add", "7", "--at", f"2025-10-26T02:30{offset}", "--why", "x")
        assert done.exit_code == 0, done.output
        number = int(done.stdout.split()[-1].rstrip("."))
        at = folder.read(lambda _, journal, number=number: journal.events.get(number)).entry.at
        assert f"{at:%H:%M}" == utc


@pytest.mark.parametrize(
    "words",
    [
        ("absences", "add", "7", "leave", "--from", "0026-03-04"),
        ("absences", "add", "7", "leave", "--from", "2026-03-04", "--to", "2206-03-04"),
        ("absences", "add", "7", "leave", "--from", "2006-03-04"),
        ("schedules", "assign", "Usual", "--from", "0026-03-04"),
        ("schedules", "assign", "Usual", "--to", "2206-03-04"),
        ("schedules", "zone", "UTC", "--from", "2206-03-04"),
        ("schedules", "set", "Usual", "--from", "09:00:30"),
        ("schedules", "set", "Usual", "--from", "09:00+01:00"),
        ("groups", "holiday", "0026-12-25"),
        ("consents", "record", "7", "1", "--on", "0026-03-04"),
        ("report", "daily", "--date", "0001-01-01"),
        ("report", "monthly", "--month", "2206-01"),
        ("months", "close", "0026-03"),
        ("exports", "add", "daily", "/srv", "--at", "06:00:01"),
    ],
)  # fmt: skip
def test_a_day_that_nobody_means_is_refused(run: Run, ada: str, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_gap_is_shown_and_filled(run: Run, folder: Folder, ada: str) -> None:
    shown = run("entries", "missing", "Ada", "--month", "2026-03")
    assert "2026-03-04: way out missing, expected about 17:30" in shown.stdout
    assert "Times in Europe/Berlin" in shown.stderr
    assert "entry 4 at 17:31:00, unknown, distance 0.120" in shown.stdout
    (gap,) = json_lines(run("entries", "missing", "Ada", "--month", "2026-03", "--json"))
    assert gap["near_misses"][0]["has_crop"]
    assert run("entries", "accept", "Ada", "3", "--month", "2026-03", "--why", "x").exit_code == 1
    done = run("entries", "accept", "Ada", "4", "--month", "2026-03", "--why", "It is her")
    assert "out on 2026-03-04" in done.stdout
    made = folder.read(lambda _, journal: journal.events.get(int(done.stdout.split()[1].rstrip(":"))))
    assert made.entry.evidence == 4
    assert run("entries", "missing", "Ada", "--month", "2026-03").stdout == "No way in or out is missing.\n"


def test_a_month_is_closed(run: Run, ada: str) -> None:
    done = run("months", "close", "2026-03")
    assert done.exit_code == 0, done.output
    assert "1 way in or out is missing" in done.stderr
    assert run("months", "close", "2026-03").exit_code == 1
    assert run("months", "close", f"{date.today().year + 1}-01").exit_code == 1
    assert run("months", "list").stdout.startswith("2026-03  closed")
    (row,) = json_lines(run("months", "list", "--json"))
    assert row["worked_s"] == {ada: 0}
    run("entries", "add", "7", "--at", "2026-03-04T17:30", "--why", "Forgot")
    shown = run("report", "daily", "--date", "2026-03-04", "--format", "json")
    assert json.loads(shown.stdout)["remarks"] == ["corrected", "corrected_after_closing"]


def test_scheduled_exports(run: Run, folder: Folder, ada: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = run("exports", "add", "daily", str(target), "--format", "csv", "--at", "00:00")
    assert done.exit_code == 0, done.output
    number = done.stdout.strip()
    assert f"{number}  daily as csv, every day at 00:00, into {target}" in run("exports", "list").stdout
    assert json_lines(run("exports", "list", "--json"))[0]["export"] == number
    assert run("report", "--due").stdout.strip().endswith(".csv")
    assert len(list(target.glob("daily-*.csv"))) == 1
    assert run("report", "--due").stdout == ""
    assert run("exports", "add", "present", str(target)).exit_code == 1
    target.joinpath("in the way").write_text("x")
    run("exports", "add", "daily", str(target / "in the way"), "--format", "csv", "--at", "00:00")
    failed = run("report", "--due")
    assert failed.exit_code == 1
    assert "was not written" in failed.stderr
    assert run("exports", "remove", number).exit_code == 0
    assert run("exports", "remove", number).exit_code == 1


def test_a_benchmark_counts_what_it_made(run: Run) -> None:
    done = run("benchmark", "report", "--events", "300", "--people", "12", "--json")
    assert done.exit_code == 0, done.output
    (row,) = json_lines(done)
    assert (row["monthly_rows"], row["person_rows"]) == (12, 31)
    assert row["visitors_rows"] == 12


def test_notes_are_no_part_of_the_journal(run: Run, folder: Folder, ada: str) -> None:
    run("entries", "void", "3", "--why", "Geheimnis")
    with folder.open() as database, database.reader() as db:
        assert (
            db.execute("SELECT count(*) FROM journal WHERE canonical LIKE '%Geheimnis%'").fetchone()[0] == 0
        )
        (row,) = Journal(database).rows.newest([JournalKind.ENTRY_VOIDED])
        assert Journal(database).rows.note(row.seq) == "Geheimnis"
