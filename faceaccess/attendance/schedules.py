"""The hours asked of a person on a day: pure functions over schedules, holidays and absences."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from faceaccess.attendance.zones import Zones
from faceaccess.codes import AbsenceKind, DayPart
from faceaccess.store.people.names import fold
from faceaccess.store.policy.absences import Absence
from faceaccess.store.policy.schedules import Assignment, Schedule, Shift

ONE_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
MARGIN = timedelta(hours=4)
"""How long before or after a shift somebody may come or go beside a day off, and still belong to the
shift. Between two shifts the middle divides them."""


@dataclass(frozen=True)
class WorkTime:
    """A time of work of a day; a day off has one too, without hours. Times are UTC.

    Attributes:
        opens: from when on an entry belongs to it.
        closes: until when, exclusive.
        shift_start: when it begins by the schedule; None on a day off.
        shift_end: when it ends by the schedule, likewise.
        start: the latest time to arrive; None on a day without hours.
        end: the earliest time to leave; None like `start`.
    """

    opens: datetime
    closes: datetime
    shift_start: datetime | None = None
    shift_end: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """The hours asked of a person on a day; times are UTC.

    Attributes:
        zone: the company's on that day.
        schedule: None where nobody set one up: hours are counted, nothing is asked.
        shift: None on a day off.
        times: at least one, one after the other without a gap.
        target_s: how long to work, without what absences excuse.
        remote_s: how much of it is worked elsewhere.
        absences: those in force.
        absence_row: position of the newest journal row about absences of the day, taken back ones too.
    """

    day: date
    zone: tzinfo
    schedule: Schedule | None
    shift: Shift | None
    times: tuple[WorkTime, ...]
    target_s: int
    remote_s: int
    is_holiday: bool
    absences: tuple[Absence, ...] = ()
    absence_row: int = 0

    @property
    def opens(self) -> datetime:
        """The time from which an entry belongs to the day."""
        return self.times[0].opens

    @property
    def closes(self) -> datetime:
        """The time until which an entry belongs to the day, exclusive."""
        return self.times[-1].closes

    @property
    def start(self) -> datetime | None:
        """The latest time to arrive; None on a day without hours."""
        return next((work_time.start for work_time in self.times if work_time.start), None)

    @property
    def end(self) -> datetime | None:
        """The earliest time to leave; None like `start`."""
        return next((work_time.end for work_time in reversed(self.times) if work_time.end), None)


@dataclass(frozen=True)
class _Frame:
    """A day's hours in UTC, whatever absences there are; none on a day off."""

    schedule: Schedule | None
    shift: Shift | None
    spans: tuple[Span, ...]
    is_holiday: bool


class Roster:
    """Finds a person's schedule: their own before the department's before everybody's.

    Of several alike, the one that began last.
    """

    def __init__(self, schedules: Iterable[Schedule], assignments: Iterable[Assignment]) -> None:
        self._schedules: Mapping[str, Schedule] = {schedule.schedule_id: schedule for schedule in schedules}
        self._assignments: dict[tuple[str, str], list[Assignment]] = {}
        for assignment in sorted(
            assignments, key=lambda assignment: (assignment.first_day, assignment.assignment_id)
        ):
            self._assignments.setdefault(_scope(assignment), []).append(assignment)

    def schedule_on(self, day: date, person_id: str, department: str) -> Schedule | None:
        """Return the schedule of a person on a day; None where there is none."""
        for scope in (("person", person_id), ("department", fold(department)), ("all", "")):
            for assignment in reversed(self._assignments.get(scope, ())):
                if assignment.first_day <= day and (
                    assignment.last_day is None or day <= assignment.last_day
                ):
                    return self._schedules.get(assignment.schedule_id)
        return None

    def own_since(self, person_id: str) -> date:
        """Return the first day of a person's own schedules; without any, the last day there is."""
        return min(
            (assignment.first_day for assignment in self._assignments.get(("person", person_id), ())),
            default=date.max,
        )


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
    """Return the plans of a person's days.

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
        _plan(
            day,
            frame,
            zones.on(day),
            (opens, closes),
            [absence for absence in absences if absence.covers(day)],
        )
        for day, frame, opens, closes in zip(days, frames[1:-1], edges[:-1], edges[1:], strict=True)
    ]


def month_days(month: date) -> list[date]:
    """Return the days of a month, given by any of them."""
    day, days = month.replace(day=1), []
    while day.month == month.month:
        days.append(day)
        day += ONE_DAY
    return days


def net_s(raw_s: int, pauses_s: int, shift: Shift | None) -> int:
    """Return the paid seconds of a stay, less any break that was owed and not taken.

    Args:
        raw_s: seconds spent at work.
        pauses_s: seconds spent outside in between.
        shift: whose break it is; None has none.
    """
    if shift is None:
        return raw_s
    owed_s = max(0, shift.break_minutes * 60 - pauses_s)
    return raw_s - min(owed_s, max(0, raw_s - shift.break_after_minutes * 60))


def unasked(plan: Plan) -> Plan:
    """Return a plan that asks nothing, with as many working times, so that entries stay shared out."""
    times = tuple(WorkTime(work_time.opens, work_time.closes) for work_time in plan.times)
    return replace(plan, schedule=None, shift=None, times=times, target_s=0, remote_s=0)


def _frame(day: date, schedule: Schedule | None, is_holiday: bool, zones: Zones) -> _Frame:
    shift = None
    if schedule is not None and (schedule.works_on_holidays or not is_holiday):
        shift = schedule.shift_on(day)
    return _Frame(schedule, shift, () if shift is None else _spans(day, shift, zones), is_holiday)


def _spans(day: date, shift: Shift, zones: Zones) -> tuple[Span, ...]:
    """Return the hours of a shift that begins on a day."""
    spans: list[Span] = []
    reached = time()
    for start, end in shift.hours:
        # What is earlier than the time before it is on the next day.
        day += ONE_DAY if start < reached else timedelta()
        begin = zones.moment(day, start)
        day += ONE_DAY if end <= start else timedelta()
        spans.append((begin, max(begin, zones.moment(day, end))))
        reached = end
    return tuple(spans)


def _edge(before: _Frame, after: _Frame, midnight: datetime) -> datetime:
    """Return the moment at which one working day ends and the next begins."""
    if before.spans and after.spans:
        return _middle(before.spans[-1], after.spans[0])
    if before.spans:
        return max(midnight, before.spans[-1][1] + MARGIN)
    if after.spans:
        return min(midnight, after.spans[0][0] - MARGIN)
    return midnight


def _middle(before: Span, after: Span) -> datetime:
    return before[1] + (after[0] - before[1]) / 2


def _plan(
    day: date, frame: _Frame, zone: tzinfo, window: tuple[datetime, datetime], absences: list[Absence]
) -> Plan:
    full_s = _full_s(frame)
    valid = [absence for absence in absences if absence.removed_by is None]
    remote = _halves(absence for absence in valid if absence.kind is AbsenceKind.REMOTE)
    excused = _halves(absence for absence in valid if absence.kind is not AbsenceKind.REMOTE)
    return Plan(
        day=day,
        zone=zone,
        schedule=frame.schedule,
        shift=frame.shift,
        times=_times(frame.spans, _asked(frame.spans, _halves(valid)), window),
        target_s=full_s * (2 - len(excused)) // 2,
        remote_s=full_s * len(remote - excused) // 2,
        is_holiday=frame.is_holiday,
        absences=tuple(valid),
        absence_row=max((absence.removed_by or absence.seq for absence in absences), default=0),
    )


def _times(
    spans: Sequence[Span], asked: Sequence[Span | tuple[None, None]], window: Span
) -> tuple[WorkTime, ...]:
    """Return the times of work of a day; the middle between two parts their entries."""
    if not spans:
        return (WorkTime(*window),)
    inner = [_middle(before, after) for before, after in pairwise(spans)]
    edges = [window[0], *(min(max(edge, window[0]), window[1]) for edge in inner), window[1]]
    return tuple(
        WorkTime(*pair, *span, *due) for pair, span, due in zip(pairwise(edges), spans, asked, strict=True)
    )


def _asked(spans: Sequence[Span], away: Collection[DayPart]) -> list[Span | tuple[None, None]]:
    """Return what remains of a day's hours; half a day is half the hours, wherever the break lies."""
    if not away:
        return list(spans)
    whole = sum((end - start for start, end in spans), timedelta())
    first = whole / 2 if DayPart.MORNING in away else timedelta()
    last = whole / 2 if DayPart.AFTERNOON in away else whole
    remaining: list[Span | tuple[None, None]] = []
    done = timedelta()
    for start, end in spans:
        due = start + max(first - done, timedelta()), min(start + (last - done), end)
        remaining.append(due if due[0] < due[1] else (None, None))
        done += end - start
    return remaining


def _full_s(frame: _Frame) -> int:
    """Return the seconds a day's hours are to be worked, in real time, so a clock change counts."""
    if frame.shift is None:
        return 0
    if frame.shift.flexible_minutes is not None:
        return frame.shift.flexible_minutes * 60
    work = sum((end - start for start, end in frame.spans), timedelta())
    whole = frame.spans[-1][1] - frame.spans[0][0]
    return net_s(int(work.total_seconds()), int((whole - work).total_seconds()), frame.shift)


def _halves(absences: Iterable[Absence]) -> set[DayPart]:
    """Return which halves of a day absences cover."""
    halves: set[DayPart] = set()
    for absence in absences:
        halves |= {DayPart.MORNING, DayPart.AFTERNOON} if absence.part is DayPart.WHOLE else {absence.part}
    return halves
