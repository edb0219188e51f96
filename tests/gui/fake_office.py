"""The office in memory: one report, one day, and a record of what was asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from faceaccess.attendance.exports import Written
from faceaccess.attendance.overview import Distances, OverviewFigures
from faceaccess.attendance.reading import ClosedMonth
from faceaccess.attendance.reports import ReportRequest, Table
from faceaccess.attendance.zones import Zones
from faceaccess.codes import Outcome, Reason, ReportFormat, ReportKind
from faceaccess.errors import FaceAccessError
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.policy.types import StoredMatch

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


class FakeReports:
    """Gives the table it was given."""

    def __init__(self) -> None:
        self.asked: list[ReportRequest] = []
        self.table = Table(ReportKind.MONTHLY, "2026-03", NOW, ("name", "worked"), ())
        self.fails = False

    def build(self, request: ReportRequest, *, now: datetime) -> Table:
        self.asked.append(request)
        if self.fails:
            raise FaceAccessError("The journal can't be read.")
        return self.table


class FakeTimesheets:
    """No month is closed until one is."""

    def __init__(self) -> None:
        self.closed: list[ClosedMonth] = []

    def zones(self) -> Zones:
        return Zones(UTC)

    def closed_months(self) -> list[ClosedMonth]:
        return self.closed

    def close_month(self, actor: Actor, month: date, *, now: datetime) -> ClosedMonth:
        self.closed.append(ClosedMonth(month, 9, now, actor.name, {}))
        return self.closed[-1]


class FakeExports:
    """Records what was written."""

    def __init__(self) -> None:
        self.pdf_writer = None
        self.exported: list[tuple[Actor, ReportRequest, Path, ReportFormat]] = []
        self.due: list[Written] = []
        self.rolls: list[tuple[str | None, Path | None]] = []
        self.looks = 0
        self.fails = False

    def export(
        self, actor: Actor, request: ReportRequest, path: Path, format_: ReportFormat, *, now: datetime
    ) -> int:
        if self.fails:
            raise FaceAccessError("The disk is full.", "Free some space.")
        self.exported.append((actor, request, path, format_))
        return 1

    def take_roll(
        self, actor: Actor, *, now: datetime, department: str | None = None, path: Path | None = None
    ) -> tuple[Table, tuple[int, bytes]]:
        if self.fails:
            raise FaceAccessError("The disk is full.", "Free some space.")
        self.rolls.append((department, path))
        return make_figures().present, (7, bytes(32))

    def run_due(self, actor: Actor, *, now: datetime) -> list[Written]:
        self.looks += 1
        if self.fails:
            raise FaceAccessError("The journal can't be read.")
        return self.due


class FakeOverview:
    """Gives the figures it was given."""

    def __init__(self) -> None:
        self.asked: list[tuple[EventFilter, StoredMatch | None]] = []
        self.figures = make_figures()
        self.fails = False

    def read(
        self, wanted: EventFilter, *, now: datetime, match: StoredMatch | None = None
    ) -> OverviewFigures:
        self.asked.append((wanted, match))
        if self.fails:
            raise FaceAccessError("The journal can't be read.")
        return self.figures


def make_figures(**changes: object) -> OverviewFigures:
    """Return figures of one day: two are in, one of them late; a stranger, and a dark face."""
    day, nine = date(2026, 3, 4), datetime(2026, 3, 4, 9, tzinfo=UTC)
    who = ("Person 1", "S001", "Workshop"), ("Person 2", "S002", "Office"), ("Person 3", None, "Workshop")
    ids = tuple(f"{number:032x}" for number in (1, 2, 3))
    columns = ("day", "name", "staff_number", "department")

    def table(kind: ReportKind, last: str, rows: tuple, people: tuple) -> Table:
        return Table(kind, day.isoformat(), NOW, (*columns, last), rows, people=people)

    hours = {outcome: (0,) * 24 for outcome in Outcome}
    hours[Outcome.ACCEPTED] = (*(0,) * 9, 2, *(0,) * 14)
    hours[Outcome.UNKNOWN] = hours[Outcome.LOW_QUALITY] = (*(0,) * 10, 1, *(0,) * 13)
    present = tuple((*each, nine, "Gate") for each in who[:2])
    made = OverviewFigures(
        present=Table(
            ReportKind.PRESENT, "now", NOW, (*columns[1:], "since", "door"), present, people=ids[:2]
        ),
        first_ins=table(ReportKind.DAILY, "first_in", tuple((day, *each, nine) for each in who[:2]), ids[:2]),
        late=table(ReportKind.LATENESS, "late_by", ((day, *who[1], timedelta(minutes=20)),), ids[1:2]),
        absent=table(ReportKind.DAILY, "due", ((day, *who[2], nine),), ids[2:]),
        first_day=day,
        last_day=day,
        reasons={Reason.NO_MATCH: 1, Reason.TOO_DARK: 1},
        days=(day,),
        by_day={outcome: (sum(counts),) for outcome, counts in hours.items()},
        by_hour=hours,
        distances=Distances(0.01, (0, 2, 0), (0, 0, 1), 0.1),
    )
    return replace(made, **changes)


class FakeOffice:
    """What the attendance page asks of the office; a real one is in `test_attendance_tasks.py`."""

    def __init__(self) -> None:
        self.reports, self.timesheets, self.exports = FakeReports(), FakeTimesheets(), FakeExports()
        self.overview = FakeOverview()
        self.planning = self.missing = self.corrections = None
