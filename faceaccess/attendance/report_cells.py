"""The cells of reports, from days and timesheets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from faceaccess.attendance.timesheets import Day, Timesheet, to_minute
from faceaccess.codes import AbsenceKind, DayMark, DayPart, Direction
from faceaccess.store.people.types import Person

Cell = str | int | float | date | datetime | timedelta | StrEnum | tuple[StrEnum, ...] | None
"""Durations are `timedelta`, moments are on the company's clocks, codes are enum members."""

WHO = ("name", "staff_number", "department")
DAILY = (
    "first_in", "last_out", "worked", "absence", "remarks", "late_by", "early_by", "overtime", "schedule",
)  # fmt: skip
MONTHLY = (
    "days_worked", "worked", "asked", "credited", "overtime", "undertime", "missing", "absent_days",
    "late_days", "late_by", "early_days", "early_by", "leave_days", "sick_days", "remote_days", "other_days",
    "remarks",
)  # fmt: skip
PERSON = (
    "day", "first_in", "last_out", "worked", "absence", "remarks", "late_by", "early_by", "overtime",
    "undertime", "asked", "credited", "schedule",
)  # fmt: skip

WORDS = frozenset(
    {"name", "staff_number", "department", "day", "schedule", "first_in", "last_out", "absence", "remarks",
     "time", "reason", "camera", "door", "since", "due"}
)  # fmt: skip
"""Columns that are read from the left; the others hold numbers and durations."""

MOMENTS = frozenset({"first_in", "last_out", "time", "since", "due"})
"""Columns in which moments stand."""


@dataclass(frozen=True)
class Hours:
    """A day in whole minutes, so that a column of days adds up to its total; in seconds.

    Attributes:
        worked_s: to the nearest minute.
        credited_s: worked elsewhere.
        target_s: what was asked, once the day is over; 0 before.
        overtime_s: beyond the target, where that counts.
        undertime_s: short of the target.
        late_s: begun minutes don't count.
        early_s: likewise.
    """

    worked_s: int
    credited_s: int
    target_s: int
    overtime_s: int
    undertime_s: int
    late_s: int
    early_s: int


def hours(day: Day) -> Hours:
    """Return the hours of a day as reports show them."""
    worked_s, credited_s, target_s = map(_to_minute, (day.worked_s, day.credited_s, day.plan.target_s))
    return Hours(
        worked_s=worked_s,
        credited_s=credited_s,
        target_s=target_s if day.is_over else 0,
        overtime_s=max(0, worked_s - target_s) if day.overtime_s else 0,
        undertime_s=max(0, target_s - worked_s - credited_s) if day.is_over else 0,
        late_s=day.late_s // 60 * 60,
        early_s=day.early_s // 60 * 60,
    )


def _to_minute(seconds: int) -> int:
    return (seconds + 30) // 60 * 60


def day_marks(day: Day) -> tuple[DayMark, ...]:
    """Return the remarks about a day, besides its hours."""
    plan = day.plan
    is_off = plan.schedule is not None and plan.shift is None
    missing = {gap.direction for gap in day.gaps}
    said = (
        (plan.is_holiday, DayMark.HOLIDAY),
        (is_off and not plan.is_holiday, DayMark.DAY_OFF),
        (day.is_present, DayMark.PRESENT),
        (day.is_absent, DayMark.ABSENT),
        (day.is_out_before_in, DayMark.OUT_BEFORE_IN),
        (Direction.IN in missing, DayMark.MISSING_IN),
        (Direction.OUT in missing, DayMark.MISSING_OUT),
        (day.has_long_stay, DayMark.LONG_STAY),
        (day.is_corrected, DayMark.CORRECTED),
        (day.is_corrected_late, DayMark.CORRECTED_LATE),
    )
    return tuple(mark for is_said, mark in said if is_said)


def day_cells(day: Day, columns: Iterable[str]) -> tuple[Cell, ...]:
    """Return these columns of a day."""
    plan, own = day.plan, hours(day)
    absences: list[StrEnum] = []
    for absence in plan.absences:
        absences += [absence.kind] if absence.part is DayPart.WHOLE else [absence.kind, absence.part]
    cells: dict[str, Cell] = {
        "schedule": plan.schedule.name if plan.schedule else None,
        "first_in": day.first_in and to_minute(day.first_in).astimezone(plan.zone),
        "last_out": day.last_out and to_minute(day.last_out).astimezone(plan.zone),
        "worked": timedelta(seconds=own.worked_s) if day.worked_s or day.gaps else None,
        "asked": _duration(own.target_s),
        "credited": _duration(own.credited_s),
        "late_by": _duration(own.late_s),
        "early_by": _duration(own.early_s),
        "overtime": _duration(own.overtime_s),
        "undertime": _duration(own.undertime_s),
        "absence": tuple(absences) or None,
        "remarks": day_marks(day) or None,
    }
    return tuple(cells[name] for name in columns)


def month_cells(sheets: Sequence[Timesheet]) -> tuple[Cell, ...]:
    """Return the columns of `MONTHLY`, of all timesheets together."""
    days = [day for sheet in sheets for day in sheet.days]
    own = [hours(day) for day in days]
    asked = [day.plan for day in days if day.plan.shift is not None or day.plan.schedule is None]
    absent = [(absence.kind, absence.part) for plan in asked for absence in plan.absences]
    late = any(sheet.is_corrected_late for sheet in sheets)
    marks = [DayMark.CORRECTED] if any(day.is_corrected for day in days) else []
    marks += [DayMark.CORRECTED_LATE] if late else []
    cells: dict[str, Cell] = {
        "days_worked": sum(1 for day in days if day.worked_s or day.is_present),
        "worked": timedelta(seconds=sum(day.worked_s for day in own)),
        "asked": _duration(sum(day.target_s for day in own)),
        "credited": _duration(sum(day.credited_s for day in own)),
        "overtime": _duration(sum(day.overtime_s for day in own)),
        "undertime": _duration(sum(day.undertime_s for day in own)),
        "missing": sum(len(day.gaps) for day in days),
        "absent_days": sum(1 for day in days if day.is_absent),
        "late_days": sum(1 for day in days if day.late_s),
        "late_by": _duration(sum(day.late_s for day in own)),
        "early_days": sum(1 for day in days if day.early_s),
        "early_by": _duration(sum(day.early_s for day in own)),
        "remarks": tuple(marks) or None,
    }
    cells |= {f"{kind}_days": _days(absent, kind) for kind in AbsenceKind}
    return tuple(cells[name] for name in MONTHLY)


def _days(absent: Iterable[tuple[AbsenceKind, DayPart]], absence_kind: AbsenceKind) -> float:
    """Return the number of days of one kind, half days included."""
    halves = sum(2 if part is DayPart.WHOLE else 1 for kind, part in absent if kind is absence_kind)
    return halves / 2


def _duration(seconds: int) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None


def who(person: Person) -> tuple[str, str | None, str]:
    """Return the columns of `WHO`."""
    return person.name, person.staff_number, person.department
