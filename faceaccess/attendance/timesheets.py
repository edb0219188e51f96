"""From entries to hours: pure functions; what was worked is real time, whatever clocks did meanwhile.

An entry counts from the minute in which it was made, which is the one that is shown: hours can be checked
against the times beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from faceaccess.attendance.schedules import MARGIN, Plan, Span, WorkTime, net_s
from faceaccess.attendance.stays import STAY, Gap, Shares, Stays, missing_out, read_stays
from faceaccess.codes import Direction, Method, Pairing
from faceaccess.store.journal.punches import Punch
from faceaccess.store.people.types import Person


@dataclass(frozen=True)
class Day:
    """A person's working day: what was done beside what was asked.

    Attributes:
        first_in: UTC, the first way in recorded; None without one.
        last_out: UTC, the last way out recorded; None without one, or still here after it.
        worked_s: seconds that count: known stays without the unpaid break.
        credited_s: seconds worked elsewhere.
        late_s: how much after the start, beyond the grace.
        early_s: how much before the end, beyond the grace.
        overtime_s: how much more than was asked.
        gaps: the missing ways in or out.
        is_present: came in and has not left, on a day that isn't over.
        is_absent: was asked to come and didn't, without a reason.
        is_over: whether nothing more can be added to it by coming and going.
        has_long_stay: a way out, or the next way in, may have been missed: nobody is asked to stay so long.
        is_corrected: an entry of the day was made or taken back by an operator.
        is_corrected_late: something of it was changed after the month had been closed.
    """

    plan: Plan
    first_in: datetime | None = None
    last_out: datetime | None = None
    worked_s: int = 0
    credited_s: int = 0
    late_s: int = 0
    early_s: int = 0
    overtime_s: int = 0
    gaps: tuple[Gap, ...] = ()
    is_present: bool = False
    is_absent: bool = False
    is_over: bool = False
    has_long_stay: bool = False
    is_corrected: bool = False
    is_corrected_late: bool = False

    @property
    def is_out_before_in(self) -> bool:
        """Whether the only ways out came before the only ways in: something between or around is missing."""
        return self.first_in is not None and self.last_out is not None and self.last_out < self.first_in

    @property
    def undertime_s(self) -> int:
        """Seconds short of what was asked, on a day that is over."""
        return max(0, self.plan.target_s - self.worked_s - self.credited_s) if self.is_over else 0


@dataclass(frozen=True)
class Timesheet:
    """A person's days.

    Attributes:
        closed_worked_s: what the days came to when their month was closed; None while it is open, or
            when the person wasn't there yet.
    """

    person: Person
    days: tuple[Day, ...]
    closed_worked_s: int | None = None

    def total_s(self, what: str) -> int:
        """Return the sum of a field of the days that ends with `_s`."""
        return sum(int(getattr(day, what)) for day in self.days)

    @property
    def target_s(self) -> int:
        """What was asked on the days that are over."""
        return sum(day.plan.target_s for day in self.days if day.is_over)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All missing ways in or out."""
        return tuple(gap for day in self.days for gap in day.gaps)

    @property
    def is_corrected_late(self) -> bool:
        """Whether anything was changed after the month had been closed, schedules included."""
        changed = self.closed_worked_s is not None and self.closed_worked_s != self.total_s("worked_s")
        return changed or any(day.is_corrected_late for day in self.days)


def work_days(
    plans: Sequence[Plan],
    person_id: str,
    shares: Sequence[Shares],
    *,
    now: datetime,
    closed: Mapping[date, int] = MappingProxyType({}),
) -> tuple[Day, ...]:
    """Return a person's successive working days.

    Args:
        plans: the plans, day by day.
        person_id: of the person.
        shares: the person's entries, day by day, as `stays.divide` shares them out.
        now: UTC; what isn't over has no missing way out.
        closed: the position of the row that closed a month, by its first day.
    """
    days: list[Day] = []
    is_last = True
    for plan, own in zip(reversed(plans), reversed(shares), strict=True):
        closed_by = closed.get(plan.day.replace(day=1))
        days.append(_work_day(plan, person_id, own, now=now, closed_by=closed_by, is_last=is_last))
        is_last = is_last and all(punch.voided_by for share in own for punch in share)
    return tuple(reversed(days))


def _work_day(
    plan: Plan,
    person_id: str,
    shares: Shares,
    *,
    now: datetime,
    closed_by: int | None,
    is_last: bool,
) -> Day:
    """Return a person's working day; `is_last`: no entry after it is known."""
    own = [punch for share in shares for punch in share]
    pairing = plan.schedule.pairing if plan.schedule else Pairing.FIRST_LAST
    stays = []
    for time, share in zip(plan.times, shares, strict=True):
        counted = [punch for punch in share if punch.voided_by is None]
        stays.append(read_stays(time, plan.day, person_id, counted, pairing))
    counted = [punch for punch in own if punch.voided_by is None]
    is_present = _close(plan, person_id, stays, now=now, is_last=is_last)
    worked_s = _worked_s(plan, stays)
    was_due = plan.end is not None and now >= plan.end
    return Day(
        plan=plan,
        first_in=_first_in(stays, counted),
        last_out=_last_out(stays, counted, is_present=is_present),
        worked_s=worked_s,
        credited_s=min(plan.remote_s, max(0, plan.target_s - worked_s)) if now >= plan.opens else 0,
        late_s=_late_s(plan, stays),
        early_s=_early_s(plan, stays, now),
        overtime_s=_overtime_s(plan, worked_s),
        gaps=tuple(gap for part in stays for gap in part.gaps),
        is_present=is_present,
        is_absent=was_due and plan.target_s > 0 and all(part.is_empty for part in stays),
        is_over=now >= plan.closes,
        has_long_stay=_has_long_stay(plan, stays),
        is_corrected=any(punch.method is Method.MANUAL or punch.voided_by for punch in own),
        is_corrected_late=closed_by is not None and _newest(plan, own) > closed_by,
    )


def _close(plan: Plan, person_id: str, stays: Sequence[Stays], *, now: datetime, is_last: bool) -> bool:
    """Note the missing ways out; tell whether the person is still here."""
    is_present = False
    for time, own in zip(reversed(plan.times), reversed(stays), strict=True):
        since = own.inside_since
        if since is not None and (now < time.closes or (is_last and now < since + STAY)):
            is_present = True
        elif since is not None:
            own.gaps.append(missing_out(time, plan.day, person_id, since))
        is_last = is_last and own.is_empty
    return is_present


def _first_in(stays: Sequence[Stays], counted: Sequence[Punch]) -> datetime | None:
    """Return the first way in; where an earlier one is missing, the first that is recorded."""
    known = next((part.first_in for part in stays if not part.is_empty), None)
    return known or next((punch.at for punch in counted if punch.direction is Direction.IN), None)


def _last_out(stays: Sequence[Stays], counted: Sequence[Punch], *, is_present: bool) -> datetime | None:
    """Return the last way out; where a later one is missing, the last that is recorded.

    Of somebody who is here, only a way out that came before any way in, which is wrong.
    """
    recorded = [punch.at for punch in counted if punch.direction is Direction.OUT]
    if is_present:
        first_in = _first_in(stays, counted)
        return recorded[-1] if recorded and first_in is not None and recorded[-1] < first_in else None
    last = next((part for part in reversed(stays) if not part.is_empty), None)
    known = None if last is None or last.inside_since is not None else last.last_out
    return known or (recorded[-1] if recorded else None)


def _has_long_stay(plan: Plan, stays: Sequence[Stays]) -> bool:
    spans = [
        work_time.shift_end - work_time.shift_start
        for work_time in plan.times
        if work_time.shift_start and work_time.shift_end
    ]
    usual = max([STAY, *(span + MARGIN for span in spans)])
    return any(end - start > usual for part in stays for start, end in part.pairs)


def to_minute(at: datetime) -> datetime:
    """Return the minute in which a moment lies, as clocks without seconds show it."""
    return at.replace(second=0, microsecond=0)


def _worked_s(plan: Plan, stays: Sequence[Stays]) -> int:
    shift, schedule = plan.shift, plan.schedule
    is_clipped = bool(
        shift and shift.flexible_minutes is None and schedule is not None and not schedule.counts_early
    )
    pairs = []
    for time, own in zip(plan.times, stays, strict=True):
        begin = time.shift_start if is_clipped else None
        shown = [(to_minute(start), to_minute(end)) for start, end in own.pairs]
        pairs += [(max(start, begin or start), end) for start, end in shown if end > (begin or start)]
    raw = sum((end - start for start, end in pairs), timedelta())
    whole = pairs[-1][1] - pairs[0][0] if pairs else timedelta()
    return net_s(int(raw.total_seconds()), int((whole - raw).total_seconds()), shift)


def _late_s(plan: Plan, stays: Sequence[Stays]) -> int:
    """Return the seconds somebody came late; a working time that was missed counts whole."""
    if plan.schedule is None:
        return 0
    late_s = 0
    for number, (time, own) in enumerate(zip(plan.times, stays, strict=True)):
        late = timedelta()
        if time.start is not None and own.first_in is not None:
            late = to_minute(own.first_in) - time.start
        elif _is_missed(time, stays, number) and not all(part.is_empty for part in stays[number:]):
            late = _length(time)
        if late > timedelta(minutes=plan.schedule.grace_in_minutes):
            late_s += int(late.total_seconds())
    return late_s


def _early_s(plan: Plan, stays: Sequence[Stays], now: datetime) -> int:
    """Return the seconds somebody left early; a working time that was missed counts whole."""
    if plan.schedule is None:
        return 0
    early_s = 0
    for number, (time, own) in enumerate(zip(plan.times, stays, strict=True)):
        if time.start is None or time.end is None or now < time.end:
            continue
        early = timedelta()
        if own.last_out is not None and own.inside_since is None:
            early = time.end - to_minute(own.last_out)
        elif own.is_empty and (reaching := _reaching(time, stays)):
            early = time.end - to_minute(reaching[1])
        elif _is_missed(time, stays, number) and all(part.is_empty for part in stays[number:]):
            early = _length(time)
        if early > timedelta(minutes=plan.schedule.grace_out_minutes):
            early_s += int(early.total_seconds())
    return early_s


def _is_missed(time: WorkTime, stays: Sequence[Stays], number: int) -> bool:
    """Tell whether somebody who came that day missed one of its working times."""
    is_there = any(not part.is_empty for part in stays)
    return is_there and stays[number].is_empty and _reaching(time, stays) is None


def _reaching(time: WorkTime, stays: Sequence[Stays]) -> Span | None:
    """Return the stay of another working time that reaches into this one's hours."""
    if time.start is None or time.end is None:
        return None
    pairs = (pair for part in stays for pair in part.pairs)
    return next((pair for pair in pairs if pair[0] < time.end and pair[1] > time.start), None)


def _length(time: WorkTime) -> timedelta:
    return time.end - time.start if time.start and time.end else timedelta()


def _overtime_s(plan: Plan, worked_s: int) -> int:
    if plan.schedule is None:
        return 0
    surplus_s = worked_s - plan.target_s
    return surplus_s if surplus_s >= max(1, plan.schedule.overtime_after_minutes * 60) else 0


def _newest(plan: Plan, punches: Sequence[Punch]) -> int:
    """Return the position of the last row that has changed the day."""
    return max([plan.absence_row, *(punch.voided_by or punch.seq for punch in punches)])
