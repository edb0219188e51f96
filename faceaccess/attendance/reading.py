"""Timesheets of people, put together from the data folder; and closing a month of them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from faceaccess.attendance.schedules import ONE_DAY, Plan, Roster, month_days, plan_days, unasked
from faceaccess.attendance.stays import Gap, Shares, divide
from faceaccess.attendance.timesheets import Day, Timesheet, work_days
from faceaccess.attendance.zones import Zones, company_zones
from faceaccess.codes import JournalKind, Right
from faceaccess.errors import AttendanceError
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import AccessRules, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punch as Punch
from faceaccess.store.journal.punches import Punches
from faceaccess.store.people.aliases import summed
from faceaccess.store.people.people import People
from faceaccess.store.people.types import Person
from faceaccess.store.policy.absences import Absence, Absences
from faceaccess.store.policy.attendance_policy import AttendancePolicy
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import Schedules

# Days before and after those asked for, which stays over their edges may belong to.
_PAD = 2

# A working day begins or ends no further than this from its calendar day: a shift of 24 hours, and
# half of the time to the next one.
_AROUND = timedelta(days=2)


@dataclass(frozen=True)
class ClosedMonth:
    """A month that was closed for payroll.

    Attributes:
        month: its first day.
        seq: position of the journal row that closed it.
        worked_s: what each person's days came to then, by person id.
        is_to_minute: whether these count from the minutes of entries, as all do now; before, to the second.
    """

    month: date
    seq: int
    at: datetime
    actor: str
    worked_s: Mapping[str, int]
    is_to_minute: bool = True


@dataclass(frozen=True)
class DayEntry:
    """An entry of a working day.

    Attributes:
        why: of a manual one; None where there are no words, or they were erased.
        voided_why: why it was taken back, likewise.
    """

    punch: Punch
    why: str | None = None
    voided_why: str | None = None


@dataclass(frozen=True)
class DayRecord:
    """A working day with the entries it is made of, earliest first, voided ones too."""

    person: Person
    day: Day
    entries: tuple[DayEntry, ...]


class Timesheets:
    """Reads timesheets; closes months."""

    def __init__(self, database: Database, people: People, journal: Journal, policies: Policies) -> None:
        self.database = database
        self._people, self._journal, self._policies = people, journal, policies
        self._punches, self._absences = Punches(database), Absences(database)
        self._schedules = Schedules(database)

    def zones(self) -> Zones:
        """Return the company's time zones."""
        return company_zones(self._policies.read(AttendancePolicy))

    def month(self, month: date, *, now: datetime, people: Sequence[Person] | None = None) -> list[Timesheet]:
        """Return the timesheets of a month.

        Args:
            month: any of its days.
            now: UTC.
            people: those wanted; None means everybody who is active, or was here.
        """
        days = month_days(month)
        return self.between(days[0], days[-1], now=now, people=people)

    def between(
        self, first: date, last: date, *, now: datetime, people: Sequence[Person] | None = None
    ) -> list[Timesheet]:
        """Return timesheets of some days, both inclusive, in the order of the people."""
        sheets = []
        closed = {closed_month.month: closed_month for closed_month in self.closed_months()}
        rows = {month: closed_month.seq for month, closed_month in closed.items()}
        whole = closed.get(first) if last == month_days(first)[-1] else None
        for person, plans, shares in self._divided(first, last, people):
            is_gone = not person.is_active or person.hidden_at is not None
            if people is None and is_gone and not any(share for day in shares for share in day):
                continue
            worked = work_days(plans[_PAD:], person.person_id, shares[_PAD:], now=now, closed=rows)
            # Sums to the second differ from those of today though nothing was changed.
            is_alike = whole is not None and whole.is_to_minute
            before_s = whole.worked_s.get(person.person_id) if whole and is_alike else None
            sheets.append(Timesheet(person, worked[:-_PAD], before_s))
        return sheets

    def gaps_if(
        self, person_id: str, day: date, change: Callable[[list[Punch]], list[Punch]], *, now: datetime
    ) -> tuple[Gap, ...]:
        """Return the missing ways in or out of a day and those around, if the entries were others.

        Args:
            person_id: of the person.
            day: the day.
            change: returns the entries that there would be, from those that there are.
            now: UTC.

        Raises:
            EnrolmentError: nobody has this id.
        """
        ((_, plans, shares),) = self._divided(day, day, [self._people.get(person_id)], change)
        return tuple(gap for day in work_days(plans, person_id, shares, now=now) for gap in day.gaps)

    def _divided(
        self,
        first: date,
        last: date,
        people: Sequence[Person] | None,
        change: Callable[[list[Punch]], list[Punch]] = list,
    ) -> Iterator[tuple[Person, list[Plan], list[Shares]]]:
        """Yield people with what was asked of them and their entries, on some days and those around."""
        zones, holidays = self.zones(), self._policies.read(AccessRules).holidays
        roster = Roster(self._schedules.all(), self._schedules.assignments())
        first, last = first - _PAD * ONE_DAY, last + _PAD * ONE_DAY
        days = [first + ONE_DAY * number for number in range((last - first).days + 1)]
        # Who was deleted is still in the record until erased.
        people = self._people.list(hidden=None) if people is None else people
        only = people[0].person_id if len(people) == 1 else None
        punches = self._punches_by_person(zones, first, last, only)
        absences = self._absences_by_person(first - ONE_DAY, last + ONE_DAY, only)
        for person in people:
            plans = plan_days(
                days,
                partial(roster.schedule_on, person_id=person.person_id, department=person.department),
                holidays=holidays,
                absences=absences.get(person.person_id, []),
                zones=zones,
            )
            shares = divide(plans, change(punches.get(person.person_id, [])))
            since = min(zones.day_of(person.created_at), roster.own_since(person.person_id))
            yield person, [_asked(*pair, since) for pair in zip(plans, shares, strict=True)], shares

    def record(self, person_id: str, day: date, *, now: datetime) -> DayRecord:
        """Return a person's working day in full.

        Raises:
            EnrolmentError: nobody has this id.
        """
        person = self._people.get(person_id)
        (sheet,) = self.between(day, day, now=now, people=[person])
        ((_, _, shares),) = self._divided(day, day, [person])
        entries = []
        for punch in (punch for share in shares[_PAD] for punch in share):
            voided_why = None if punch.voided_by is None else self._why_voided(punch.voided_by)
            entries.append(DayEntry(punch, self._journal.rows.note(punch.seq), voided_why))
        return DayRecord(person, sheet.days[0], tuple(entries))

    def _why_voided(self, seq: int) -> str | None:
        """Return the reason why a row voids an entry: its own, or that of the entry's replacement."""
        rows = self._journal.rows
        row = rows.get(seq)
        later = row.details.get("replaced_by") if row else None
        return rows.note(seq) or (rows.note(later) if isinstance(later, int) else None)

    def closed_months(self) -> list[ClosedMonth]:
        """Return the closed months, the one closed last first."""
        months = []
        for row in self._journal.rows.newest((JournalKind.MONTH_CLOSED,), limit=1200):
            note = self._journal.rows.note(row.seq)
            month = date.fromisoformat(f"{row.details['month']}-01")
            with self.database.reader() as db:
                worked = summed(db, json.loads(note or "{}"))
            is_to_minute = row.details.get("to_minute") is True
            months.append(ClosedMonth(month, row.seq, row.at, row.actor, worked, is_to_minute))
        return months

    @needs(Right.CORRECT)
    def close_month(self, actor: Actor, month: date, *, now: datetime) -> ClosedMonth:
        """Close a month for payroll; later corrections show as such.

        What everybody's days came to is kept beside the journal row, which has its digest.

        Args:
            actor: who closes it.
            month: any of its days.
            now: UTC.

        Raises:
            AttendanceError: the month is not over, or closed already.
        """
        first = month.replace(day=1)
        title = f"{first:%Y-%m}"
        if self.zones().moment(month_days(first)[-1] + ONE_DAY, datetime.min.time()) > now:
            raise AttendanceError(
                "{title} is not over yet.", "Close it when its last day has passed.", title=title
            )
        sheets = self.month(first, now=now)
        worked = {sheet.person.person_id: sheet.total_s("worked_s") for sheet in sheets}
        total_s = sum(worked.values())
        details = {"month": title, "people": len(worked), "worked_s": total_s, "to_minute": True}
        with self.database.transaction():
            if any(closed_month.month == first for closed_month in self.closed_months()):
                raise AttendanceError(
                    "{title} is closed already.", "Corrections show as made afterwards.", title=title
                )
            note = json.dumps(worked, sort_keys=True)
            self._journal.record(actor, JournalKind.MONTH_CLOSED, details=details, note=note)
            return self.closed_months()[0]

    def _punches_by_person(
        self, zones: Zones, first: date, last: date, person_id: str | None
    ) -> dict[str, list[Punch]]:
        since = zones.moment(first, datetime.min.time()) - _AROUND
        until = zones.moment(last, datetime.min.time()) + ONE_DAY + _AROUND
        by_person: dict[str, list[Punch]] = {}
        for punch in self._punches.between(since, until, person_id):
            by_person.setdefault(punch.person_id, []).append(punch)
        return by_person

    def _absences_by_person(self, first: date, last: date, person_id: str | None) -> dict[str, list[Absence]]:
        by_person: dict[str, list[Absence]] = {}
        for absence in self._absences.between(first, last, person_id):
            by_person.setdefault(absence.person_id, []).append(absence)
        return by_person


def _asked(plan: Plan, shares: Shares, since: date) -> Plan:
    """Return the plan of a day; before a person's time it asks nothing, unless there are entries."""
    is_there = any(punch.voided_by is None for share in shares for punch in share)
    return plan if is_there or plan.day >= since else unasked(plan)
