"""From entries to hours: pure functions; what was worked is real time, whatever clocks did meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from faceaccess.attendance.schedules import Plan, net_s
from faceaccess.codes import Direction, Method, Pairing
from faceaccess.store.punches import Punch
from faceaccess.store.types import Person

TWICE = timedelta(minutes=2)
"""The same way again within this time is one passage, seen by two cameras or entered twice."""


@dataclass(frozen=True)
class Gap:
    """A way in or out that is missing.

    Attributes:
        day: the working day.
        direction: what is missing.
        expected_at: when it would be usual, UTC; None where no schedule says.
        since: it can't be before this.
        until: nor after this.
    """

    person_id: str
    day: date
    direction: Direction
    expected_at: datetime | None
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Day:
    """What a person did on a working day, beside what was asked.

    Attributes:
        first_in: UTC; None when not known.
        last_out: UTC; None when not known, or still here.
        worked_s: seconds that count: known stays without the unpaid break.
        credited_s: seconds worked elsewhere.
        late_s: how much after the start, beyond the grace.
        early_s: how much before the end, beyond the grace.
        overtime_s: how much more than was asked.
        gaps: what is missing.
        is_present: came in and has not left, on a day that isn't over.
        is_absent: was asked to come and didn't, without a reason.
        is_over: whether nothing more can be added to it by coming and going.
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
    is_corrected: bool = False
    is_corrected_late: bool = False

    @property
    def undertime_s(self) -> int:
        """How much less than was asked, of a day that is over."""
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
        """All that is missing."""
        return tuple(gap for day in self.days for gap in day.gaps)

    @property
    def is_corrected_late(self) -> bool:
        """Whether anything was changed after the month had been closed, schedules included."""
        changed = self.closed_worked_s is not None and self.closed_worked_s != self.total_s("worked_s")
        return changed or any(day.is_corrected_late for day in self.days)


@dataclass
class _Stays:
    """What entries say about a day."""

    pairs: list[tuple[datetime, datetime]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    first_in: datetime | None = None
    last_out: datetime | None = None
    inside_since: datetime | None = None


def work_day(
    plan: Plan, person_id: str, punches: Iterable[Punch], *, now: datetime, closed_by: int | None = None
) -> Day:
    """Return what a person did on a day.

    Args:
        plan: what was asked.
        person_id: of the person.
        punches: the person's, in any order; those outside the day are left out.
        now: UTC; a day that is not over has no missing way out.
        closed_by: position of the row that closed the month, if one did.
    """
    own = [punch for punch in punches if plan.opens <= punch.at < plan.closes]
    counted = sorted(
        (punch for punch in own if punch.voided_by is None), key=lambda p: (p.at, p.direction, p.seq)
    )
    pairing = plan.schedule.pairing if plan.schedule else Pairing.FIRST_LAST
    stays = (_in_out if pairing is Pairing.IN_OUT else _first_last)(plan, person_id, counted)
    is_over = now >= plan.closes
    if stays.inside_since is not None and is_over:
        stays.gaps.append(_missing_out(plan, person_id, stays.inside_since))
    worked_s = _worked_s(plan, stays.pairs)
    was_due = plan.end is not None and now >= plan.end
    return Day(
        plan=plan,
        first_in=stays.first_in,
        last_out=stays.last_out if stays.inside_since is None else None,
        worked_s=worked_s,
        credited_s=min(plan.remote_s, max(0, plan.target_s - worked_s)) if now >= plan.opens else 0,
        late_s=_late_s(plan, stays),
        early_s=_early_s(plan, stays) if was_due else 0,
        overtime_s=_overtime_s(plan, worked_s),
        gaps=tuple(stays.gaps),
        is_present=stays.inside_since is not None and not is_over,
        is_absent=was_due and plan.target_s > 0 and not counted,
        is_over=is_over,
        is_corrected=any(punch.method is Method.MANUAL or punch.voided_by for punch in own),
        is_corrected_late=closed_by is not None and _newest(plan, own) > closed_by,
    )


def work_days(
    plans: Sequence[Plan],
    person_id: str,
    punches: Iterable[Punch],
    *,
    now: datetime,
    closed: Mapping[date, int] = MappingProxyType({}),
) -> tuple[Day, ...]:
    """Return what a person did on days that follow each other; each entry belongs to one of them.

    Args:
        plans: what was asked, day by day.
        person_id: of the person.
        punches: the person's, in any order.
        now: UTC.
        closed: the position of the row that closed a month, by its first day.
    """
    ordered = sorted(punches, key=lambda punch: (punch.at, punch.seq))
    days, at = [], 0
    for plan in plans:
        while at < len(ordered) and ordered[at].at < plan.opens:
            at += 1
        first = at
        while at < len(ordered) and ordered[at].at < plan.closes:
            at += 1
        closed_by = closed.get(plan.day.replace(day=1))
        days.append(work_day(plan, person_id, ordered[first:at], now=now, closed_by=closed_by))
    return tuple(days)


def _first_last(plan: Plan, person_id: str, punches: list[Punch]) -> _Stays:
    """Count from the first way in to the last way out."""
    stays = _Stays()
    if not punches:
        return stays
    ins = [punch.at for punch in punches if punch.direction is not Direction.OUT]
    outs = [punch.at for punch in punches if punch.direction is not Direction.IN]
    if len({punch.at for punch in punches}) == 1 and ins and outs:
        _take_single(plan, person_id, punches[0].at, stays)
        return stays
    stays.first_in = ins[0] if ins else None
    stays.last_out = outs[-1] if outs else None
    if stays.first_in and stays.last_out and stays.first_in < stays.last_out:
        stays.pairs.append((stays.first_in, stays.last_out))
    if punches[0].direction is Direction.OUT:
        stays.gaps.append(_missing_in(plan, person_id, punches[0].at))
        stays.first_in = None
    if punches[-1].direction is Direction.IN:
        stays.inside_since = punches[-1].at
    return stays


def _take_single(plan: Plan, person_id: str, at: datetime, stays: _Stays) -> None:
    """Take a single entry of unknown direction for what it lies nearer to, by the plan."""
    is_out = plan.start is not None and plan.end is not None and at - plan.start > plan.end - at
    if is_out:
        stays.last_out = at
        stays.gaps.append(_missing_in(plan, person_id, at))
    else:
        stays.first_in = stays.inside_since = at


def _in_out(plan: Plan, person_id: str, punches: list[Punch]) -> _Stays:
    """Count each stay by itself; what has no direction goes the other way than before."""
    stays, before = _Stays(), None
    for punch in punches:
        if before and punch.direction is before.direction and punch.at - before.at <= TWICE:
            continue
        is_in = punch.direction is Direction.IN or (
            punch.direction is Direction.BOTH and stays.inside_since is None
        )
        if is_in:
            if stays.inside_since is not None:
                between = stays.inside_since, punch.at
                stays.gaps.append(Gap(person_id, plan.day, Direction.OUT, None, *between))
            elif before is None:
                stays.first_in = punch.at
            stays.inside_since = punch.at
        else:
            if stays.inside_since is not None:
                stays.pairs.append((stays.inside_since, punch.at))
            elif before is None:
                stays.gaps.append(_missing_in(plan, person_id, punch.at))
            else:
                stays.gaps.append(Gap(person_id, plan.day, Direction.IN, None, before.at, punch.at))
            stays.inside_since, stays.last_out = None, punch.at
        before = punch
    return stays


def _missing_in(plan: Plan, person_id: str, until: datetime) -> Gap:
    expected = plan.start if plan.start and plan.opens <= plan.start < until else None
    return Gap(person_id, plan.day, Direction.IN, expected, plan.opens, until)


def _missing_out(plan: Plan, person_id: str, since: datetime) -> Gap:
    expected = plan.end if plan.end and since < plan.end <= plan.closes else None
    return Gap(person_id, plan.day, Direction.OUT, expected, since, plan.closes)


def _worked_s(plan: Plan, pairs: list[tuple[datetime, datetime]]) -> int:
    shift, schedule = plan.shift, plan.schedule
    begin = plan.shift_start
    if begin and shift and shift.flexible_minutes is None and schedule and not schedule.counts_early:
        pairs = [(max(start, begin), end) for start, end in pairs if end > begin]
    raw = sum((end - start for start, end in pairs), timedelta())
    whole = pairs[-1][1] - pairs[0][0] if pairs else timedelta()
    return net_s(int(raw.total_seconds()), int((whole - raw).total_seconds()), shift)


def _late_s(plan: Plan, stays: _Stays) -> int:
    if plan.start is None or plan.schedule is None or stays.first_in is None:
        return 0
    late_s = int((stays.first_in - plan.start).total_seconds())
    return late_s if late_s > plan.schedule.grace_in_minutes * 60 else 0


def _early_s(plan: Plan, stays: _Stays) -> int:
    if plan.end is None or plan.schedule is None or stays.last_out is None or stays.inside_since is not None:
        return 0
    early_s = int((plan.end - stays.last_out).total_seconds())
    return early_s if early_s > plan.schedule.grace_out_minutes * 60 else 0


def _overtime_s(plan: Plan, worked_s: int) -> int:
    if plan.schedule is None:
        return 0
    surplus_s = worked_s - plan.target_s
    return surplus_s if surplus_s >= max(1, plan.schedule.overtime_after_minutes * 60) else 0


def _newest(plan: Plan, punches: list[Punch]) -> int:
    """Return the position of the last row that has changed the day."""
    return max([plan.absence_row, *(punch.voided_by or punch.seq for punch in punches)])
