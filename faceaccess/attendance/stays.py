"""From entries to stays: their order, the working time they belong to, and their pairs."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from faceaccess.attendance.schedules import MARGIN, ONE_DAY, Plan, Span, WorkTime
from faceaccess.codes import Direction, Method, Pairing
from faceaccess.store.journal.punches import Punch

TWICE = timedelta(minutes=2)
"""The same way again within this time is one passage, seen by two cameras or entered twice."""

STAY = timedelta(hours=16)
"""Who came in longer ago than this and wasn't seen to leave is taken to have left."""

LONGEST_STAY = ONE_DAY + MARGIN
"""A way in and a way out that follows it are a stay up to this long: a shift of 24 hours and what may be
added to it."""

SHORT_NIGHT = timedelta(hours=11)
"""Who is seen again sooner has had no night's rest. Source: Directive 2003/88/EC, Article 3."""

REST = timedelta(hours=8)
"""From a way out to a way in after this time is the rest between two turns of work, and no pause."""

_LOOK_AHEAD = 20
"""So many entries are looked through for the next one that was not voided."""

Shares = tuple[list[Punch], ...]
"""The entries of each of a day's times of work, in order, voided ones too."""


@dataclass(frozen=True)
class Gap:
    """A way in or out that is missing.

    Attributes:
        day: the working day.
        direction: the way that is missing.
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


@dataclass
class Stays:
    """The stays that entries show during one working time.

    Attributes:
        inside_since: when somebody came in who has not left.
        is_empty: there is no entry.
    """

    pairs: list[Span] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    first_in: datetime | None = None
    last_out: datetime | None = None
    inside_since: datetime | None = None
    is_empty: bool = True

    def add(self, start: datetime, end: datetime) -> None:
        """Add a stay; time it shares with the one before counts once."""
        start = max(start, self.pairs[-1][1]) if self.pairs else start
        if start < end:
            self.pairs.append((start, end))


def in_order(punches: Iterable[Punch]) -> list[Punch]:
    """Return entries as they happened, voided ones too.

    What was entered by hand is known to the minute only. Of one minute, the way out of somebody who is
    inside comes before the next way in; else the order is that of the times, then that of the record.
    """
    by_time = sorted(punches, key=lambda punch: (punch.at, punch.seq))
    ordered: list[Punch] = []
    inside, at = False, 0
    while at < len(by_time):
        end = _end_of_moment(by_time, at)
        moment, at = by_time[at:end], end
        if len(moment) > 1 and (inside or _is_followed_by_out(moment, by_time[end : end + _LOOK_AHEAD])):
            moment.sort(key=lambda punch: punch.direction is Direction.IN)
        for punch in moment:
            if punch.voided_by is None:
                inside = _is_in(punch, inside=inside)
        ordered += moment
    return ordered


def _end_of_moment(by_time: Sequence[Punch], begin: int) -> int:
    """Return the position after the entries whose times don't tell their order."""
    first, end = by_time[begin], begin + 1
    is_rough = first.method is Method.MANUAL and first.at == first.at.replace(second=0, microsecond=0)
    until = first.at + timedelta(minutes=1) if is_rough else first.at
    while end < len(by_time) and (by_time[end].at == first.at or by_time[end].at < until):
        end += 1
    return end


def _is_followed_by_out(moment: Sequence[Punch], later: Sequence[Punch]) -> bool:
    """Tell whether a way out follows: then the last of the moment was a way in, not one before it."""
    following = next((punch for punch in later if punch.voided_by is None), None)
    return (
        following is not None
        and following.direction is Direction.OUT
        and following.at - moment[-1].at <= STAY
    )


def _is_in(punch: Punch, *, inside: bool) -> bool:
    """Tell whether an entry is a way in; one without direction goes the opposite way to the last."""
    return punch.direction is Direction.IN or (punch.direction is Direction.BOTH and not inside)


def divide(plans: Sequence[Plan], punches: Iterable[Punch]) -> list[Shares]:
    """Share entries out among the working times of successive days.

    An entry belongs to the time that it falls into. A stay with both its ends belongs whole to the time
    with whose hours it has most in common, else to that in which it began.

    Args:
        plans: the plans, day by day.
        punches: a person's, in any order; those outside the days are left out.

    Returns:
        For each plan, the entries of each of its times in order, voided ones too.
    """
    times = [work_time for plan in plans for work_time in plan.times]
    opens = [work_time.opens for work_time in times]
    ordered = [
        punch for punch in in_order(punches) if times and times[0].opens <= punch.at < times[-1].closes
    ]
    places = {punch.seq: bisect_right(opens, punch.at) - 1 for punch in ordered}
    _keep_stays_whole(times, [punch for punch in ordered if punch.voided_by is None], places)
    shares: list[list[Punch]] = [[] for _ in times]
    for punch in ordered:
        shares[places[punch.seq]].append(punch)
    queue = iter(shares)
    return [tuple(next(queue) for _ in plan.times) for plan in plans]


def _keep_stays_whole(times: Sequence[WorkTime], counted: Sequence[Punch], places: dict[int, int]) -> None:
    """Keep both ends of each stay in the same working time."""
    inside, passage, place_before = False, list[Punch](), -1
    for punch in counted:
        if passage and is_again(passage[0], punch):
            places[punch.seq] = places[passage[0].seq]
            passage.append(punch)
            continue
        if passage and places[passage[0].seq] != places[punch.seq]:
            among = range(places[passage[0].seq], places[punch.seq] + 1)
            is_alone = among[0] != place_before and not any(times[number].shift_start for number in among)
            inside = inside and _is_stay(passage[0], punch, is_alone=is_alone)
            if inside:
                place = _place(times, passage[0], punch, among)
                for entry in (*passage, punch):
                    places[entry.seq] = place
        place_before = places[passage[0].seq] if passage else -1
        inside = _is_in(punch, inside=inside)
        passage = [punch]


def is_again(before: Punch, punch: Punch) -> bool:
    """Tell whether an entry is the same passage as the one before it."""
    return punch.direction is before.direction and punch.at - before.at <= TWICE


def _is_stay(start: Punch, end: Punch, *, is_alone: bool) -> bool:
    """Tell whether two entries next to each other, on both sides of an edge, are a stay.

    Two of unknown direction may as well be the ends of two others, unless no schedule says so, the first
    is alone on its day, and there was no night's rest.
    """
    if end.direction is Direction.IN:
        return False
    known = [start.direction is Direction.IN, end.direction is Direction.OUT]
    longest = LONGEST_STAY if all(known) else STAY if any(known) else SHORT_NIGHT
    return end.at - start.at <= longest and (is_alone or any(known))


def _place(times: Sequence[WorkTime], start: Punch, end: Punch, among: range) -> int:
    def common(number: int) -> timedelta:
        hours = times[number]
        if hours.shift_start is None or hours.shift_end is None:
            return timedelta()
        return max(timedelta(), min(end.at, hours.shift_end) - max(start.at, hours.shift_start))

    return max(among, key=common)


def read_stays(
    time: WorkTime, day: date, person_id: str, punches: Sequence[Punch], pairing: Pairing
) -> Stays:
    """Return the stays of a time of work.

    Args:
        time: what is asked.
        day: the working day.
        person_id: of the person.
        punches: its entries in order, without voided ones.
        pairing: what counts as worked.
    """
    stays = Stays(is_empty=not punches)
    if pairing is Pairing.IN_OUT:
        _in_out(time, day, person_id, punches, stays)
    else:
        for turn in _turns(punches):
            _first_last(time, day, person_id, turn, stays)
    return stays


def _turns(punches: Sequence[Punch]) -> list[list[Punch]]:
    """Return the entries of each turn of work: a long rest parts two."""
    turns: list[list[Punch]] = []
    for punch in punches:
        before = turns[-1][-1] if turns else None
        is_rested = (
            before is not None
            and before.direction is Direction.OUT
            and punch.direction is Direction.IN
            and punch.at - before.at >= REST
        )
        if before is None or is_rested:
            turns.append([])
        turns[-1].append(punch)
    return turns


def _first_last(time: WorkTime, day: date, person_id: str, punches: list[Punch], stays: Stays) -> None:
    """Count from the first way in to the last way out."""
    ins = [punch.at for punch in punches if punch.direction is not Direction.OUT]
    outs = [punch.at for punch in punches if punch.direction is not Direction.IN]
    if len({punch.at for punch in punches}) == 1 and ins and outs:
        _take_single(time, day, person_id, punches[0].at, stays)
        return
    if ins and outs:
        stays.add(ins[0], outs[-1])
    if punches[0].direction is Direction.OUT:
        stays.gaps.append(_missing_in(time, day, person_id, punches[0].at))
    elif stays.first_in is None:
        stays.first_in = ins[0]
    stays.last_out = outs[-1] if outs else stays.last_out
    stays.inside_since = punches[-1].at if punches[-1].direction is Direction.IN else None


def _take_single(time: WorkTime, day: date, person_id: str, at: datetime, stays: Stays) -> None:
    """Take a single entry of unknown direction as a way in or out, whichever the hours make likelier."""
    if time.start is not None and time.end is not None and at - time.start > time.end - at:
        stays.last_out = at
        stays.gaps.append(_missing_in(time, day, person_id, at))
    else:
        stays.inside_since = at
        stays.first_in = stays.first_in or at


def _in_out(time: WorkTime, day: date, person_id: str, punches: Sequence[Punch], stays: Stays) -> None:
    """Count each stay by itself."""
    before: Punch | None = None
    for punch in punches:
        if before and is_again(before, punch):
            continue
        since = stays.inside_since
        if _is_in(punch, inside=since is not None):
            if since is not None:
                stays.gaps.append(_missing_out(time, day, person_id, (since, punch.at)))
            elif before is None:
                stays.first_in = punch.at
            stays.inside_since = punch.at
        else:
            if since is not None:
                stays.add(since, punch.at)
            elif before is None:
                stays.gaps.append(_missing_in(time, day, person_id, punch.at))
            else:
                stays.gaps.append(Gap(person_id, day, Direction.IN, None, before.at, punch.at))
            stays.inside_since, stays.last_out = None, punch.at
        before = punch


def _missing_in(time: WorkTime, day: date, person_id: str, until: datetime) -> Gap:
    since = min(time.opens, until)
    expected = time.start if time.start and since <= time.start < until else None
    return Gap(person_id, day, Direction.IN, expected, since, until)


def _missing_out(time: WorkTime, day: date, person_id: str, between: Span) -> Gap:
    since, until = between
    expected = time.end if time.end and since < time.end <= until else None
    return Gap(person_id, day, Direction.OUT, expected, since, until)


def missing_out(time: WorkTime, day: date, person_id: str, since: datetime) -> Gap:
    """Return the missing way out of somebody who came in and was not seen again."""
    return _missing_out(time, day, person_id, (since, max(since, time.closes)))
