"""The wording of attendance: reports, their columns, and the remarks about a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from string import ascii_uppercase

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from faceaccess.attendance.planning import Assignment, AttendancePolicy, Schedule, ScheduledReport, Shift
from faceaccess.attendance.report_cells import Cell
from faceaccess.attendance.report_sums import sum_lines
from faceaccess.attendance.reports import Table
from faceaccess.attendance.table_files import cell_text, duration_text
from faceaccess.codes import AbsenceKind, DayMark, DayPart, Direction, Every, Pairing, Reason, ReportKind
from faceaccess.gui.wording import codes, failures
from faceaccess.gui.wording.noop import QT_TRANSLATE_NOOP

_REPORTS = {
    ReportKind.DAILY: QT_TRANSLATE_NOOP("attendance", "Daily report"),
    ReportKind.MONTHLY: QT_TRANSLATE_NOOP("attendance", "Monthly report"),
    ReportKind.PERSON: QT_TRANSLATE_NOOP("attendance", "Timesheet"),
    ReportKind.DEPARTMENT: QT_TRANSLATE_NOOP("attendance", "Departments"),
    ReportKind.LATENESS: QT_TRANSLATE_NOOP("attendance", "Late and early"),
    ReportKind.VISITORS: QT_TRANSLATE_NOOP("attendance", "Visitors"),
    ReportKind.PRESENT: QT_TRANSLATE_NOOP("attendance", "Who is in"),
}

_COLUMNS = {
    "name": QT_TRANSLATE_NOOP("attendance", "Name"),
    "staff_number": QT_TRANSLATE_NOOP("attendance", "Number"),
    "department": QT_TRANSLATE_NOOP("attendance", "Department"),
    "people": QT_TRANSLATE_NOOP("attendance", "People"),
    "day": QT_TRANSLATE_NOOP("attendance", "Day"),
    "schedule": QT_TRANSLATE_NOOP("attendance", "Schedule"),
    "first_in": QT_TRANSLATE_NOOP("attendance", "In"),
    "last_out": QT_TRANSLATE_NOOP("attendance", "Out"),
    "worked": QT_TRANSLATE_NOOP("attendance", "Worked"),
    "asked": QT_TRANSLATE_NOOP("attendance", "Target"),
    "credited": QT_TRANSLATE_NOOP("attendance", "Remote"),
    "late_by": QT_TRANSLATE_NOOP("attendance", "Late by"),
    "early_by": QT_TRANSLATE_NOOP("attendance", "Early by"),
    "overtime": QT_TRANSLATE_NOOP("attendance", "Overtime"),
    "undertime": QT_TRANSLATE_NOOP("attendance", "Short by"),
    "absence": QT_TRANSLATE_NOOP("attendance", "Absence"),
    "remarks": QT_TRANSLATE_NOOP("attendance", "Remarks"),
    "days_worked": QT_TRANSLATE_NOOP("attendance", "Days"),
    "late_days": QT_TRANSLATE_NOOP("attendance", "Times late"),
    "early_days": QT_TRANSLATE_NOOP("attendance", "Times early"),
    "absent_days": QT_TRANSLATE_NOOP("attendance", "Absent"),
    "leave_days": QT_TRANSLATE_NOOP("attendance", "Leave"),
    "sick_days": QT_TRANSLATE_NOOP("attendance", "Sick"),
    "remote_days": QT_TRANSLATE_NOOP("attendance", "Days remote"),
    "other_days": QT_TRANSLATE_NOOP("attendance", "Other"),
    "missing": QT_TRANSLATE_NOOP("attendance", "Missing"),
    "entry": QT_TRANSLATE_NOOP("attendance", "Entry"),
    "time": QT_TRANSLATE_NOOP("attendance", "Time"),
    "reason": QT_TRANSLATE_NOOP("attendance", "Reason"),
    "camera": QT_TRANSLATE_NOOP("attendance", "Camera"),
    "door": QT_TRANSLATE_NOOP("attendance", "Door"),
    "since": QT_TRANSLATE_NOOP("attendance", "Since"),
    "due": QT_TRANSLATE_NOOP("attendance", "Due"),
    "total": QT_TRANSLATE_NOOP("attendance", "Total"),
}

_CODES: dict[StrEnum, str] = {
    DayMark.DAY_OFF: QT_TRANSLATE_NOOP("attendance", "day off"),
    DayMark.HOLIDAY: QT_TRANSLATE_NOOP("attendance", "holiday"),
    DayMark.PRESENT: QT_TRANSLATE_NOOP("attendance", "present"),
    DayMark.ABSENT: QT_TRANSLATE_NOOP("attendance", "absent"),
    DayMark.MISSING_IN: QT_TRANSLATE_NOOP("attendance", "in missing"),
    DayMark.MISSING_OUT: QT_TRANSLATE_NOOP("attendance", "out missing"),
    DayMark.OUT_BEFORE_IN: QT_TRANSLATE_NOOP("attendance", "out before in"),
    DayMark.LONG_STAY: QT_TRANSLATE_NOOP("attendance", "very long stay"),
    DayMark.CORRECTED: QT_TRANSLATE_NOOP("attendance", "corrected"),
    DayMark.CORRECTED_LATE: QT_TRANSLATE_NOOP("attendance", "corrected after closing"),
    AbsenceKind.LEAVE: QT_TRANSLATE_NOOP("attendance", "leave"),
    AbsenceKind.SICK: QT_TRANSLATE_NOOP("attendance", "sick"),
    AbsenceKind.REMOTE: QT_TRANSLATE_NOOP("attendance", "remote"),
    AbsenceKind.OTHER: QT_TRANSLATE_NOOP("attendance", "other"),
    DayPart.WHOLE: QT_TRANSLATE_NOOP("attendance", "whole day"),
    DayPart.MORNING: QT_TRANSLATE_NOOP("attendance", "morning"),
    DayPart.AFTERNOON: QT_TRANSLATE_NOOP("attendance", "afternoon"),
    Pairing.FIRST_LAST: QT_TRANSLATE_NOOP("attendance", "From the first in to the last out"),
    Pairing.IN_OUT: QT_TRANSLATE_NOOP("attendance", "Each stay separately"),
    Direction.IN: QT_TRANSLATE_NOOP("attendance", "in"),
    Direction.OUT: QT_TRANSLATE_NOOP("attendance", "out"),
    Direction.BOTH: QT_TRANSLATE_NOOP("attendance", "not known"),
    Every.DAY: QT_TRANSLATE_NOOP("attendance", "every day"),
    Every.MONTH: QT_TRANSLATE_NOOP("attendance", "every month"),
}


def _tr(source: str) -> str:
    return QCoreApplication.translate("attendance", source)


def report(kind: ReportKind) -> str:
    """Return a report's name."""
    return _tr(_REPORTS[kind])


def title(table: Table) -> str:
    """Return a report's heading."""
    return f"{report(table.kind)} · {table.subject}"


def sums(table: Table) -> list[str]:
    """Return how a report's totals of hours add up, a sentence each."""
    return [failures.translated(line) for line in sum_lines(table)]


def column(name: str) -> str:
    """Return the heading of a report's column; of "total", what stands before the sums."""
    return _tr(_COLUMNS[name])


def code(member: StrEnum) -> str:
    """Return the wording of a code that stands in a report."""
    return codes.reason(member).label if isinstance(member, Reason) else _tr(_CODES[member])


def label(member: StrEnum) -> str:
    """Return the wording of a code as a heading or a choice."""
    return _capitalised(code(member))


def _capitalised(text: str) -> str:
    return QLocale().toUpper(text[:1]) + text[1:]


def cell(value: Cell, day: date | None = None) -> str:
    """Return the text of a report's cell.

    Args:
        value: the cell's value.
        day: of the row; a moment of that day is shown without it, one of the next with a mark.
    """
    if isinstance(value, tuple):
        return ", ".join(code(member) for member in value)
    if isinstance(value, StrEnum):
        return code(value)
    if isinstance(value, datetime) and day is not None:
        days = (value.date() - day).days
        return f"{value:%H:%M}" + (f" ({days:+d})" if days else "")
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{weekday(value)} {value.isoformat()}"
    return cell_text(value)


def duration(seconds: int) -> str:
    """Return hours and minutes."""
    return duration_text(timedelta(seconds=seconds))


def weekday(day: date) -> str:
    """Return the short name of a day's weekday."""
    return QLocale().dayName(QDate(day.year, day.month, day.day).dayOfWeek(), QLocale.FormatType.ShortFormat)


def month(day: date) -> str:
    """Return the name of a day's month, with the year."""
    return f"{QLocale().standaloneMonthName(day.month)} {day.year}"


def schedule(schedule: Schedule) -> str:
    """Return the shifts of a schedule, days alike together, week by week."""
    if len(schedule.weeks) == 1:
        return _week(schedule.shifts)
    line = _tr(QT_TRANSLATE_NOOP("attendance", "Week {0}: {1}"))
    lines = [
        line.format(letter, _week(week))
        for letter, week in zip(ascii_uppercase, schedule.weeks, strict=False)
    ]
    if schedule.first_week is not None:
        first = _tr(QT_TRANSLATE_NOOP("attendance", "Week A is the week of {0}"))
        lines.append(first.format(schedule.first_week.isoformat()))
    return "\n".join(lines)


def _week(shifts: Sequence[Shift | None]) -> str:
    groups: dict[Shift, list[str]] = {}
    for number, shift in enumerate(shifts, 1):
        if shift is not None:
            name = QLocale().dayName(number, QLocale.FormatType.ShortFormat)
            groups.setdefault(shift, []).append(name)
    if not groups:
        return _tr(QT_TRANSLATE_NOOP("attendance", "no shifts"))
    return " · ".join(f"{' '.join(days)} {_hours(shift)}" for shift, days in groups.items())


def _hours(shift: Shift) -> str:
    hours, *later = (f"{start:%H:%M}–{end:%H:%M}" for start, end in shift.hours)
    for more in later:
        hours = _tr(QT_TRANSLATE_NOOP("attendance", "{0} and {1}")).format(hours, more)
    if shift.flexible_minutes is None:
        return hours
    text = _tr(QT_TRANSLATE_NOOP("attendance", "{0} h around {1}"))
    return text.format(duration(shift.flexible_minutes * 60), hours)


def assignment(assignment: Assignment, names: Mapping[str, str]) -> str:
    """Return the people an assignment covers, and its days."""
    if assignment.person_id is not None:
        whom = names.get(assignment.person_id, "–")
    elif assignment.department is not None:
        whom = _tr(QT_TRANSLATE_NOOP("attendance", "Department {0}")).format(assignment.department)
    else:
        whom = _tr(QT_TRANSLATE_NOOP("attendance", "Everybody"))
    if assignment.last_day is None:
        days = _tr(QT_TRANSLATE_NOOP("attendance", "from {0}")).format(assignment.first_day.isoformat())
    else:
        text = _tr(QT_TRANSLATE_NOOP("attendance", "from {0} to {1}"))
        days = text.format(assignment.first_day.isoformat(), assignment.last_day.isoformat())
    return f"{whom} · {days}"


def zones(policy: AttendancePolicy) -> str:
    """Return the company's time zones, each with its first day."""
    own = _tr(QT_TRANSLATE_NOOP("attendance", "this computer's"))
    if not policy.zones:
        return _capitalised(own)
    since = _tr(QT_TRANSLATE_NOOP("attendance", "{0} from {1}"))
    return " · ".join(
        (name or own) if day == date.min else since.format(name or own, day.isoformat())
        for day, name in sorted(policy.zones)
    )


def scheduled(order: ScheduledReport) -> tuple[str, str]:
    """Return a scheduled report's name, and when and where it is written."""
    text = _tr(QT_TRANSLATE_NOOP("attendance", "{0} at {1} into {2}"))
    return (
        f"{report(order.kind)} · {order.format.upper()}",
        text.format(code(order.every), f"{order.at:%H:%M}", order.folder),
    )


def report_choice(kind: ReportKind) -> str:
    """Return a report's name where it can be chosen."""
    if kind is ReportKind.MONTHLY:
        return _tr(QT_TRANSLATE_NOOP("attendance", "Timesheets"))
    return report(kind)


def nothing(kind: ReportKind) -> str:
    """Return the message in place of a report without rows."""
    if kind is ReportKind.PRESENT:
        return _tr(QT_TRANSLATE_NOOP("attendance", "Nobody is in."))
    if kind is ReportKind.VISITORS:
        return _tr(QT_TRANSLATE_NOOP("attendance", "No unknown visitors."))
    if kind is ReportKind.LATENESS:
        return _tr(QT_TRANSLATE_NOOP("attendance", "Nobody was late or left early."))
    return _tr(QT_TRANSLATE_NOOP("attendance", "Nobody is enrolled who could have worked then."))
