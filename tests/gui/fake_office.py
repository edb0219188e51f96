"""The office in memory: one report, one day, and a record of what was asked for."""

from datetime import UTC, date, datetime
from pathlib import Path

from faceaccess.attendance.exports import Written
from faceaccess.attendance.reading import ClosedMonth
from faceaccess.attendance.reports import ReportRequest, Table
from faceaccess.attendance.zones import Zones
from faceaccess.codes import ReportFormat, ReportKind
from faceaccess.errors import FaceAccessError
from faceaccess.store.types import Actor

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
        self.looks = 0
        self.fails = False

    def export(
        self, actor: Actor, request: ReportRequest, path: Path, format_: ReportFormat, *, now: datetime
    ) -> int:
        if self.fails:
            raise FaceAccessError("The disk is full.", "Free some space.")
        self.exported.append((actor, request, path, format_))
        return 1

    def run_due(self, actor: Actor, *, now: datetime) -> list[Written]:
        self.looks += 1
        if self.fails:
            raise FaceAccessError("The journal can't be read.")
        return self.due


class FakeOffice:
    """What the attendance page asks of the office; a real one is in `test_attendance_tasks.py`."""

    def __init__(self) -> None:
        self.reports, self.timesheets, self.exports = FakeReports(), FakeTimesheets(), FakeExports()
        self.planning = self.missing = self.corrections = None
