"""What is asked of a person on a day: pure functions over schedules, holidays and absences."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from faceaccess.attendance.zones import Zones
from faceaccess.codes import AbsenceKind, DayPart
from faceaccess.store.absences import Absence
from faceaccess.store.names import fold
from faceaccess.store.schedules import Assignment, Schedule, Shift

ONE_DAY = timedelta(days=1)
MARGIN = timedelta(hours=4)
"""How long before or after a shift somebody may come or go beside a day off, and still belong to the
shift. Between two shifts the middle divides them."""


@dataclass(frozen=True)
class Plan:
    """What is asked of a person on a day; times are UTC.

    Attributes:
        zone: the company's on that day.
        schedule: None where nobody set one up: hours are counted, nothing is asked.
        shift: None on a day off.
        shift_start: when the whole shift begins; None on a day off.
        start: when to be here at the latest; None when not at all.
        end: when to leave at the earliest; None like `start`.
        target_s: how long to work, without what absences excuse.
        remote_s: how much of it is worked elsewhere.
        opens: from when on an entry belongs to the day.
        closes: until when, exclusive.
        absences: those in force.
        absence_row: position of the newest journal row about absences of the day, taken back ones too.
    """

    day: date
    zone: tzinfo
    schedule: Schedule | None
    shift: Shift | None
    shift_start: datetime | None
    start: datetime | None
    end: datetime | None
    target_s: int
    remote_s: int
    opens: datetime
    closes: datetime
    is_holiday: bool
    absences: tuple[Absence, ...] = ()
    absence_row: int = 0


@dataclass(frozen=True)
class _Frame:
    """A day's shift in UTC, whatever absences there are."""

    schedule: Schedule | None
    shift: Shift | None
    start: datetime
    end: datetime
    is_holiday: bool


class Roster:
    """Which schedule holds for whom: a person's own before the department's before everybody's.

    Of several alike, the one that began last.
    """

    def __init__(self, schedules: Iterable[Schedule], assignments: Iterable[Assignment]) -> None:
        self._schedules: Mapping[str, Schedule] = {each.schedule_id: each for each in schedules}
        self._assignments: dict[tuple[str, str], list[Assignment]] = {}
        for each in sorted(assignments, key=lambda each: (each.first_day, each.assignment_id)):
            self._assignments.setdefault(_scope(each), []).append(each)

    def schedule_on(self, day: date, person_id: str, department: str) -> Schedule | None:
        """Return the schedule of a person on a day; None where there is none."""
        for scope in (("person", person_id), ("department", fold(department)), ("all", "")):
            for each in reversed(self._assignments.get(scope, ())):
                if each.first_day <= day and (each.last_day is None or day <= each.last_day):
                    return self._schedules.get(each.schedule_id)
        return None


def _scope(assignment: Assignment) -> tuple[str, str]:
    if assignment.person_id is not None:
        return "person", assignment.person_id
    if assignment.department is not None:
        return "department", fold(assignment.department)
    return "all", ""


def plan_days(
    days: Sequence[date],
    schedule_on: Callable[[date], Schedule | None],
    *,
    holidays: Collection[date],
    absences: Sequence[Absence],
    zones: Zones,
) -> list[Plan]:
    """Return what is asked of a person on some days.

    Args:
        days: one after the other, without a gap.
        schedule_on: the person's schedule of a day.
        holidays: on which nobody works, unless the schedule says so.
        absences: the person's; those taken back don't count.
        zones: the company's.
    """
    if not days:
        return []
    around = [days[0] - ONE_DAY, *days, days[-1] + ONE_DAY]
    frames = [_frame(day, schedule_on(day), day in holidays, zones) for day in around]
    edges: list[datetime] = []
    for before, after, day in zip(frames, frames[1:], around[1:], strict=False):
        edge = _edge(before, after, zones.moment(day, time()))
        edges.append(max(edge, edges[-1]) if edges else edge)
    return [
        _plan(day, frame, zones.on(day), (opens, closes), [each for each in absences if each.covers(day)])
        for day, frame, opens, closes in zip(days, frames[1:-1], edges[:-1], edges[1:], strict=True)
    ]


def month_days(month: date) -> list[date]:
    """Return the days of a month, given by any of them."""
    day, found = month.replace(day=1), []
    while day.month == month.month:
        found.append(day)
        day += ONE_DAY
    return found


def net_s(raw_s: int, pauses_s: int, shift: Shift | None) -> int:
    """Return what is paid of a stay: without the break, as far as it was owed and not taken.

    Args:
        raw_s: seconds spent at work.
        pauses_s: seconds spent outside in between.
        shift: whose break it is; None has none.
    """
    if shift is None:
        return raw_s
    owed_s = max(0, shift.break_minutes * 60 - pauses_s)
    return raw_s - min(owed_s, max(0, raw_s - shift.break_after_minutes * 60))


def _frame(day: date, schedule: Schedule | None, is_holiday: bool, zones: Zones) -> _Frame:
    shift = None
    if schedule is not None and (schedule.works_on_holidays or not is_holiday):
        shift = schedule.shifts[day.weekday()]
    if shift is None:
        midnight = zones.moment(day, time())
        return _Frame(schedule, None, midnight, midnight, is_holiday)
    last_day = day if shift.end > shift.start else day + ONE_DAY
    start = zones.moment(day, shift.start)
    return _Frame(schedule, shift, start, max(start, zones.moment(last_day, shift.end)), is_holiday)


def _edge(before: _Frame, after: _Frame, midnight: datetime) -> datetime:
    """Return when one working day ends and the next begins."""
    if before.shift and after.shift:
        return before.end + (after.start - before.end) / 2
    if before.shift:
        return max(midnight, before.end + MARGIN)
    if after.shift:
        return min(midnight, after.start - MARGIN)
    return midnight


def _plan(
    day: date, frame: _Frame, zone: tzinfo, window: tuple[datetime, datetime], absences: list[Absence]
) -> Plan:
    full_s = _full_s(frame)
    kept = [each for each in absences if each.removed_by is None]
    away = _halves(kept)
    remote = _halves(each for each in kept if each.kind is AbsenceKind.REMOTE)
    excused = _halves(each for each in kept if each.kind is not AbsenceKind.REMOTE)
    middle = frame.start + (frame.end - frame.start) / 2
    is_asked = frame.shift is not None and len(away) < 2
    return Plan(
        day=day,
        zone=zone,
        schedule=frame.schedule,
        shift=frame.shift,
        shift_start=frame.start if frame.shift else None,
        start=(middle if DayPart.MORNING in away else frame.start) if is_asked else None,
        end=(middle if DayPart.AFTERNOON in away else frame.end) if is_asked else None,
        target_s=full_s * (2 - len(excused)) // 2,
        remote_s=full_s * len(remote - excused) // 2,
        opens=window[0],
        closes=window[1],
        is_holiday=frame.is_holiday,
        absences=tuple(kept),
        absence_row=max((each.removed_by or each.seq for each in absences), default=0),
    )


def _full_s(frame: _Frame) -> int:
    """Return how long the whole shift is to be worked: by real time, so a clock change counts."""
    if frame.shift is None:
        return 0
    if frame.shift.flexible_minutes is not None:
        return frame.shift.flexible_minutes * 60
    return net_s(int((frame.end - frame.start).total_seconds()), 0, frame.shift)


def _halves(absences: Iterable[Absence]) -> set[DayPart]:
    """Return which halves of a day absences cover."""
    found: set[DayPart] = set()
    for each in absences:
        found |= {DayPart.MORNING, DayPart.AFTERNOON} if each.part is DayPart.WHOLE else {each.part}
    return found
