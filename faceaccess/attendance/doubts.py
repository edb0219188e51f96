"""What an operator enters that may be meant, but seldom is: asked about before it is saved."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from faceaccess.attendance.planning import MOST_DAYS
from faceaccess.attendance.reading import Timesheets
from faceaccess.attendance.stays import Gap
from faceaccess.attendance.table_files import duration_text
from faceaccess.attendance.timesheets import Day
from faceaccess.attendance.typed_times import check_day, check_entry_time, check_past
from faceaccess.codes import AbsenceKind, DayPart, Direction, Method
from faceaccess.errors import Text
from faceaccess.store.journal.punches import Punch
from faceaccess.store.people.people import People
from faceaccess.store.policy.schedules import Schedule

_NEWEST = 2**62
"""Position of an entry that is not in the journal yet: it comes after all others of its moment."""

_MOST_NAMED = 3


def about_schedule(schedule: Schedule) -> Text | None:
    """Return what is doubtful about a schedule; None where nothing is."""
    if any(schedule.shifts):
        return None
    return Text("No day has hours: people with this schedule are never late or absent.")


class Doubts:
    """Reads what the record has beside an entry or an absence; changes nothing."""

    def __init__(self, timesheets: Timesheets, people: People) -> None:
        self._timesheets, self._people = timesheets, people

    def about_entry(
        self,
        person_id: str,
        at: datetime,
        direction: Direction,
        *,
        now: datetime,
        instead_of: int | None = None,
    ) -> Text | None:
        """Return what is doubtful about an entry by hand; None where nothing is. Called on a worker.

        A way out before which no way in is, and a way in beside another one without a way out between
        them. The last way in of a day is never doubtful: its way out may be entered next.

        Args:
            person_id: whose entry.
            at: UTC time that it is about.
            direction: which way.
            now: UTC.
            instead_of: position of the entry that it replaces.

        Raises:
            AttendanceError: a time in the future or long ago.
        """
        check_entry_time(at, now=now)
        added = Punch(_NEWEST, at, person_id, direction, Method.MANUAL)
        counted: list[Punch] = []

        def changed(punches: list[Punch]) -> list[Punch]:
            counted[:] = [*(punch for punch in punches if punch.seq != instead_of), added]
            return counted

        day = self._timesheets.zones().day_of(at)
        before = self._timesheets.gaps_if(person_id, day, list, now=now)
        after = self._timesheets.gaps_if(person_id, day, changed, now=now)
        moments = {punch.at for punch in counted if punch.voided_by is None}
        new = [gap for gap in after if gap not in before and gap.until in moments]
        missing = [gap for gap in new if gap.direction is not direction]
        return self._text(missing[0]) if missing and direction is not Direction.BOTH else None

    def _text(self, gap: Gap) -> Text:
        local = self._timesheets.zones().local
        if gap.direction is Direction.IN:
            return Text(
                "There is no way in before the way out at {at:%H:%M} on {day}.",
                {"at": local(gap.until), "day": local(gap.until).date()},
            )
        return Text(
            "The ways in at {since:%H:%M} and {until:%H:%M} on {day} have no way out between them.",
            {"since": local(gap.since), "until": local(gap.until), "day": local(gap.until).date()},
        )

    def about_absence(
        self, person_id: str, kind: AbsenceKind, first: date, last: date, part: DayPart, *, now: datetime
    ) -> Text | None:
        """Return what is doubtful about an absence; None where nothing is. Called on a worker.

        Remote work never is: the hours beside it count as usual.

        Args:
            person_id: who doesn't come.
            kind: leave, sick, remote or other.
            first: the first day.
            last: the last day, inclusive.
            part: half of each of the days, or the whole.
            now: UTC.

        Raises:
            AttendanceError: a mistyped year.
        """
        today = now.date()
        check_past(first, today=today)
        check_day(last, today=today)
        if kind is AbsenceKind.REMOTE or not 0 <= (last - first).days < MOST_DAYS:
            return None
        (sheet,) = self._timesheets.between(first, last, now=now, people=[self._people.get(person_id)])
        worked = [day for day in sheet.days if day.worked_s > _expected_s(day, part)]
        return _worked_anyway(worked) if worked else None


def _expected_s(day: Day, part: DayPart) -> float:
    """Return how long somebody who is absent for a part of a day may have worked on it."""
    grace_s = 0 if day.plan.schedule is None else day.plan.schedule.overtime_after_minutes * 60
    return 0 if part is DayPart.WHOLE else day.plan.target_s / 2 + grace_s


def _worked_anyway(days: Sequence[Day]) -> Text:
    listed = [f"{day.plan.day} ({duration_text(timedelta(seconds=day.worked_s))})" for day in days]
    listed[_MOST_NAMED:] = ["…"] if len(days) > _MOST_NAMED else []
    template = (
        "Work is recorded on {days}. Beside this absence it is overtime."
        if any(day.plan.schedule for day in days)
        else "Work is recorded on {days} too."
    )
    return Text(template, {"days": ", ".join(listed)})
