"""Reports as files, each with its journal row; some are written automatically, daily or monthly."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from faceaccess.attendance.reading import Timesheets
from faceaccess.attendance.report_sums import sum_lines
from faceaccess.attendance.reports import ReportRequest, Reports, Table
from faceaccess.attendance.schedules import ONE_DAY
from faceaccess.attendance.table_files import write_table
from faceaccess.codes import Every, JournalKind, ReportFormat, ReportKind, Right
from faceaccess.errors import AttendanceError, FaceAccessError
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.file.files import written_whole
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.attendance_policy import AttendancePolicy, ScheduledReport
from faceaccess.store.policy.policies import Policies

logger = logging.getLogger(__name__)

MOST_CAUGHT_UP = {Every.DAY: 31, Every.MONTH: 12}
"""How far back reports are written that were due while the program did not run."""

Head = tuple[int, bytes]
PdfWriter = Callable[[Table, Path, Head], None]


@dataclass(frozen=True)
class Written:
    """The result of writing a report that was due.

    Attributes:
        path: the file; also of one that could not be written.
        error: why it could not; it is tried again the next time.
    """

    report: ScheduledReport
    period: date
    path: Path
    error: FaceAccessError | None = None


class Exports:
    """Writes reports into files.

    `pdf_writer` is set by whoever can draw (`gui.printing`); without it, PDF is refused.
    """

    def __init__(
        self,
        database: Database,
        *,
        reports: Reports,
        timesheets: Timesheets,
        journal: Journal,
        policies: Policies,
    ) -> None:
        self.database = database
        self.pdf_writer: PdfWriter | None = None
        self._reports, self._timesheets = reports, timesheets
        self._journal, self._policies = journal, policies
        self._said: set[tuple[str, date]] = set()

    @needs(Right.EXPORT)
    def export(
        self,
        actor: Actor,
        request: ReportRequest,
        path: Path,
        format_: ReportFormat,
        *,
        now: datetime,
        scheduled: str = "",
    ) -> int:
        """Write a report into a file and journal that; return how many rows it has.

        Args:
            actor: who takes it out.
            request: which report.
            path: the file; one of that name is replaced.
            format_: of the file.
            now: UTC.
            scheduled: id of the scheduled report that it is; "" for none.

        Raises:
            AttendanceError: the report names nobody, or nothing here can draw PDF.
            StoreError: the file can't be written (one of that name is kept), or opened read-only.
        """
        table = self._reports.build(request, now=now)
        self.write(table, path, format_)
        details: dict[str, object] = {
            "report": request.kind.value,
            "format": format_.value,
            "period": request.period,
            "rows": len(table.rows),
        }
        if scheduled:
            details["scheduled"] = scheduled
        self._journal.record(actor, JournalKind.EXPORTED, person_id=request.person_id, details=details)
        return len(table.rows)

    def write(self, table: Table, path: Path, format_: ReportFormat) -> None:
        """Write a report that was built, without a journal row.

        Raises:
            AttendanceError: nothing here can draw PDF.
            StoreError: the file can't be written; one of that name is kept.
        """
        if format_ is not ReportFormat.PDF:
            write_table(table, path, format_, [str(line) for line in sum_lines(table)])
        elif self.pdf_writer is None:
            raise AttendanceError("PDF can't be drawn here.", "Choose XLSX or CSV.")
        else:
            with written_whole(path) as part:
                end = self._journal.head()
                self.pdf_writer(table, part, (end.seq, end.hash) if end else (0, b""))

    @needs(Right.READ)
    def take_roll(
        self, actor: Actor, *, now: datetime, department: str | None = None, path: Path | None = None
    ) -> tuple[Table, Head]:
        """Return the people now in, for an evacuation, with the journal's head; the right to read suffices.

        Args:
            actor: who takes it, which is journalled.
            now: UTC.
            department: only its people; None means everybody.
            path: also writes it there as PDF; None is for paper.

        Raises:
            AttendanceError: nothing here can draw PDF.
            StoreError: the file can't be written, or the folder is opened read-only.
        """
        request = ReportRequest(ReportKind.PRESENT, department=department)
        table = self._reports.build(request, now=now)
        if path is not None:
            self.write(table, path, ReportFormat.PDF)
        end = self._journal.head()
        details = {
            "report": request.kind.value,
            "format": "paper" if path is None else ReportFormat.PDF.value,
            "period": "",
            "rows": len(table.rows),
        }
        self._journal.record(actor, JournalKind.EXPORTED, details=details)
        return table, ((end.seq, end.hash) if end else (0, b""))

    @needs(Right.EXPORT)
    def run_due(self, actor: Actor, *, now: datetime) -> list[Written]:
        """Write the scheduled reports that are due; return the result of each.

        One that fails is said once in the journal, and due again at the next call.

        Args:
            actor: usually `SYSTEM`.
            now: UTC.
        """
        zones = self._timesheets.zones()
        outcomes = []
        for report in self._policies.read(AttendancePolicy).reports:
            for period in due(report, zones.local(now), self._last_period(report)):
                written = self._write_due(actor, report, period, now)
                outcomes.append(written)
                if written.error is not None:
                    break
        return outcomes

    def _write_due(self, actor: Actor, report: ScheduledReport, period: date, now: datetime) -> Written:
        is_daily = report.every is Every.DAY
        request = ReportRequest(report.kind, day=period if is_daily else None, month=period)
        path = Path(report.folder) / f"{report.kind}-{request.period}.{report.format}"
        try:
            with mapped_faults(path.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
            self.export(actor, request, path, report.format, now=now, scheduled=report.report_id)
        except FaceAccessError as error:
            logger.info("a scheduled report failed: %s", type(error).__name__)
            self._say(actor, report, period, error)
            return Written(report, period, path, error)
        return Written(report, period, path)

    def _say(self, actor: Actor, report: ScheduledReport, period: date, error: FaceAccessError) -> None:
        if (report.report_id, period) in self._said:
            return
        details = {
            "report": report.kind.value,
            "scheduled": report.report_id,
            "period": period.isoformat(),
            "error": type(error).__name__,
        }
        self._journal.record(actor, JournalKind.EXPORT_FAILED, details=details)
        self._said.add((report.report_id, period))

    def _last_period(self, report: ScheduledReport) -> date | None:
        """Return the last day or month that was written, from the journal: there is no second record."""
        with self.database.reader() as db:
            row = db.execute(
                "SELECT json_extract(canonical, '$.details.period') FROM journal WHERE kind = ?"
                " AND json_extract(canonical, '$.details.scheduled') = ? ORDER BY seq DESC LIMIT 1",
                [JournalKind.EXPORTED.value, report.report_id],
            ).fetchone()
        if row is None:
            return None
        return date.fromisoformat(row[0] if len(row[0]) > len("2026-03") else f"{row[0]}-01")


def due(report: ScheduledReport, now: datetime, last: date | None) -> tuple[date, ...]:
    """Return the days or months (by their first day) whose report is due, earliest first.

    Args:
        report: which.
        now: on the company's clocks.
        last: the last day or month that was written; None writes only the newest.
    """
    newest = now.date() - ONE_DAY
    if now.time() < report.at:
        newest -= ONE_DAY
    if report.every is Every.MONTH:
        # The month before the one in which the last hour of writing lies.
        newest = ((newest + ONE_DAY).replace(day=1) - ONE_DAY).replace(day=1)
    if last is None:
        return (newest,)
    days: list[date] = []
    while newest > last and len(days) < MOST_CAUGHT_UP[report.every]:
        days.append(newest)
        newest -= timedelta(days=1)
        if report.every is Every.MONTH:
            newest = newest.replace(day=1)
    return tuple(reversed(days))
