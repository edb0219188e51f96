"""`faceaccess benchmark report`: a month's timesheets out of a long journal."""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.journal.types import Entry
    from faceaccess.workspace import Workspace

LAST_DAY = date(2026, 3, 31)
PASSAGES = 4
STRANGERS = 0.2
"""Part of all entries that are refused."""


def report(
    events: Annotated[int, typer.Option("--events", help="Entries in the journal.")] = 1_000_000,
    people: Annotated[int, typer.Option("--people", help="Staff, who come and go twice a day.")] = 500,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Keep the data here; else a throw-away one."),
    ] = None,
    json: Json = False,
) -> None:
    """Time the monthly report of all people, the one on a person and the daily one."""
    with failing_clearly(), tempfile.TemporaryDirectory() as throw_away:
        from faceaccess.workspace import Workspace

        with Workspace.open(folder or Path(throw_away)) as space:
            filled_s = fill(space, events, people)
            measured = {"entries": _rows(space), "filled_s": filled_s, **_measure(space.office)}
    if json:
        print_json(measured)
        return
    for name, value in measured.items():
        say(f"{name.replace('_', ' '):<30} {value}")


def _measure(office: "Office") -> dict[str, object]:
    import psutil

    from faceaccess.attendance.reports import ReportRequest
    from faceaccess.codes import ReportFormat, ReportKind

    process, now = psutil.Process(), datetime(2026, 4, 2, tzinfo=UTC)
    before_mb = process.memory_info().rss / 2**20
    whose = office.timesheets.month(LAST_DAY, now=now)[0].person.person_id
    figures: dict[str, object] = {}
    for kind, which in (
        (ReportKind.MONTHLY, ReportRequest(ReportKind.MONTHLY, month=LAST_DAY)),
        (ReportKind.DAILY, ReportRequest(ReportKind.DAILY, day=LAST_DAY)),
        (ReportKind.PERSON, ReportRequest(ReportKind.PERSON, month=LAST_DAY, person_id=whose)),
        (ReportKind.VISITORS, ReportRequest(ReportKind.VISITORS, day=LAST_DAY)),
    ):
        laps = []
        for _ in range(3):
            started_s = time.perf_counter()
            table = office.reports.build(which, now=now)
            laps.append(time.perf_counter() - started_s)
        figures[f"{kind}_rows"] = len(table.rows)
        figures[f"{kind}_s"] = round(sorted(laps)[1], 2)
    with tempfile.TemporaryDirectory() as out:
        started_s = time.perf_counter()
        table = office.reports.build(ReportRequest(ReportKind.MONTHLY, month=LAST_DAY), now=now)
        office.exports.write(table, Path(out) / "monthly.xlsx", ReportFormat.XLSX)
        figures["monthly_as_xlsx_s"] = round(time.perf_counter() - started_s, 2)
    peak_kb = _peak_kb()
    figures["memory_mb"] = round(process.memory_info().rss / 2**20 - before_mb)
    return figures | ({"peak_memory_of_all_mb": round(peak_kb / 1024)} if peak_kb else {})


def _peak_kb() -> int:
    """Return the most memory that this process has had, filling included; 0 where the system can't say."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _rows(space: "Workspace") -> int:
    end = space.journal.head()
    return end.seq if end else 0


def fill(space: "Workspace", events: int, people: int) -> float:
    """Enrol people with a schedule, and let them come and go until there are enough entries."""
    from faceaccess.lab.benchmarks.rehearsal import append_all
    from faceaccess.store.policy.schedules import Assignment, Schedule, Shift

    if _rows(space) >= events:
        return 0.0
    started_s = time.perf_counter()
    hours = datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 17, 30).time()
    shift = Shift(*hours, break_minutes=30)
    space.office.planning.set_schedule(
        space.access.actor, Schedule("usual", "Usual", (*[shift] * 5, None, None))
    )
    # Wherever it is measured, the days are those that the entries are made for.
    space.office.planning.set_zone(space.access.actor, "UTC", date.min)
    space.office.planning.assign(
        space.access.actor, Assignment("usual", date(2000, 1, 1)), now=datetime.now(UTC)
    )
    with space.database.transaction() as db:
        ids = [
            space.people.create(name=f"Person {n}", department=f"Department {n % 12}").person_id
            for n in range(people)
        ]
        db.execute("UPDATE people SET created_at = '2000-01-01T00:00:00.000000+00:00'")
    append_all(space.database, entries_of_people(ids, events))
    return round(time.perf_counter() - started_s, 1)


def entries_of_people(ids: list[str], count: int) -> "Iterator[Entry]":
    """Yield the entries of working days up to `LAST_DAY`, oldest first, with strangers among them."""
    rng = random.Random(1)  # noqa: S311 - not for secrets
    a_day = int(len(ids) * PASSAGES / (1 - STRANGERS))
    days = _workdays(-(-count // a_day))
    left_out = len(days) * a_day - count
    for day in days:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        moments: list[tuple[float, Any]] = [
            (hour * 3600 + rng.gauss(0, 900), who) for who in ids for hour in (9, 12, 12.75, 17.5)
        ]
        moments += [(rng.uniform(7, 19) * 3600, None) for _ in range(a_day - len(moments))]
        for second, who in sorted(moments, key=lambda moment: moment[0])[left_out:]:
            yield _entry(midnight + timedelta(seconds=second), who, rng)
        left_out = 0


def _workdays(count: int) -> list[date]:
    """Return so many working days up to `LAST_DAY`, earliest first."""
    days: list[date] = []
    day = LAST_DAY
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def _entry(at: datetime, who: str | None, rng: random.Random) -> "Entry":
    from faceaccess.codes import Outcome, Reason
    from faceaccess.store.journal.types import Entry

    return Entry(
        at=at,
        zone="UTC+00:00",
        outcome=Outcome.ACCEPTED if who else Outcome.UNKNOWN,
        reason=Reason.MATCH if who else Reason.NO_MATCH,
        person_id=who,
        distance=rng.uniform(0.03, 0.1) if who else rng.uniform(0.2, 0.5),
        runner_up_id=None,
        runner_up_distance=rng.uniform(0.2, 0.5),
        threshold=0.106,
        margin=0.02,
        model_id="benchmark",
        device="CPU",
        quality=20.0,
        camera=rng.choice(("Gate", "Yard", "Side door")),
        door="Main door",
    )
