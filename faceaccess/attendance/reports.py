"""Reports as one kind of table: on the screen, in a file or on paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from faceaccess.attendance.reading import Timesheets
from faceaccess.attendance.report_cells import (
    DAILY,
    MOMENTS,
    MONTHLY,
    PERSON,
    WHO,
    Cell,
    day_cells,
    month_cells,
    who,
)
from faceaccess.attendance.schedules import ONE_DAY, month_days
from faceaccess.attendance.stays import STAY, in_order
from faceaccess.attendance.timesheets import Timesheet
from faceaccess.attendance.zones import zone_name
from faceaccess.codes import Direction, Outcome, ReportKind
from faceaccess.errors import AttendanceError
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punch, Punches
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.names import fold
from faceaccess.store.people.people import People
from faceaccess.store.people.types import Person


@dataclass(frozen=True)
class ReportRequest:
    """Which report.

    Attributes:
        day: of a daily one, or of lateness and visitors of one day.
        month: any day of it.
        person_id: of a report on a person.
        department: only its people; None means all.
    """

    kind: ReportKind
    day: date | None = None
    month: date | None = None
    person_id: str | None = None
    department: str | None = None

    @property
    def period(self) -> str:
        """The day or month, as text; "" for the moment."""
        if self.day is not None:
            return self.day.isoformat()
        return "" if self.month is None else f"{self.month:%Y-%m}"


@dataclass(frozen=True)
class Table:
    """A report.

    Attributes:
        subject: the people and the time it is about.
        made_at: when, on the company's clocks.
        columns: a word each, for programs; `gui/attendance_text.py` has their wording.
        rows: durations are `timedelta`, moments are on the company's clocks, codes are enum members.
        totals: a last row; None where there is nothing to add up. Not written where programs read.
        people: the id of the person each row is about; empty where rows aren't about people.
    """

    kind: ReportKind
    subject: str
    made_at: datetime
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None = None
    people: tuple[str, ...] = ()

    @property
    def zone(self) -> str:
        """The name of the time zone that its moments are in; of several, all of them; "" without moments."""
        if not MOMENTS.intersection(self.columns):
            return ""
        cells = (cell for row in self.rows for cell in row)
        names = {zone_name(cell): None for cell in cells if isinstance(cell, datetime)}
        return ", ".join(names) or zone_name(self.made_at)

    def filled(self) -> list[int]:
        """Return the numbers of the columns in which something stands: on a screen the others only narrow."""
        everywhere = range(len(self.columns))
        return [at for at in everywhere if any(row[at] not in (None, "", 0) for row in self.rows)]


class Reports:
    """Builds reports; reads only."""

    def __init__(self, timesheets: Timesheets, punches: Punches, people: People, journal: Journal) -> None:
        self._timesheets, self._punches = timesheets, punches
        self._people, self._journal = people, journal

    def build(self, request: ReportRequest, *, now: datetime) -> Table:
        """Return a report.

        Args:
            request: which one; where it needs a day or a month and has neither, it is the present one.
            now: UTC.

        Raises:
            AttendanceError: a report on a person names none.
            EnrolmentError: nobody has this id.
        """
        zones = self._timesheets.zones()
        made_at = zones.local(now)
        today = zones.day_of(now)
        builders: dict[ReportKind, Callable[[ReportRequest, date, datetime], tuple[str, _Body]]] = {
            ReportKind.DAILY: self._daily,
            ReportKind.MONTHLY: self._monthly,
            ReportKind.PERSON: self._person,
            ReportKind.DEPARTMENT: self._department,
            ReportKind.LATENESS: self._lateness,
            ReportKind.VISITORS: self._visitors,
            ReportKind.PRESENT: self._present,
        }
        subject, body = builders[request.kind](request, today, now)
        if request.department is not None:
            subject = f"{subject} · {request.department}"
        return Table(
            request.kind, subject, made_at, body.columns, tuple(body.rows), body.totals, tuple(body.people)
        )

    def _daily(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        day = request.day or today
        sheets = self._sheets(request, day, day, now)
        rows = [(*who(sheet.person), *day_cells(sheet.days[0], DAILY)) for sheet in sheets]
        return day.isoformat(), _Body((*WHO, *DAILY), rows, people=_ids(sheets))

    def _monthly(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        days = month_days(request.month or today)
        sheets = self._sheets(request, days[0], days[-1], now)
        rows = [(*who(sheet.person), *month_cells([sheet])) for sheet in sheets]
        totals = ("", None, None, *month_cells(sheets))
        return f"{days[0]:%Y-%m}", _Body((*WHO, *MONTHLY), rows, totals, _ids(sheets))

    def _person(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        if request.person_id is None:
            raise AttendanceError("The report on a person needs one.", "Choose a person.")
        person = self._people.get(request.person_id)
        days = month_days(request.month or today)
        (sheet,) = self._timesheets.between(days[0], days[-1], now=now, people=[person])
        rows = [(day.plan.day, *day_cells(day, PERSON[1:])) for day in sheet.days]
        whole = dict(zip(MONTHLY, month_cells([sheet]), strict=True))
        totals = tuple(whole.get(name) if name != "remarks" else None for name in PERSON)
        return f"{person.name} · {days[0]:%Y-%m}", _Body(PERSON, rows, totals, [person.person_id] * len(rows))

    def _department(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        days = month_days(request.month or today)
        sheets = self._sheets(request, days[0], days[-1], now)
        groups: dict[str, list[Timesheet]] = {}
        for sheet in sheets:
            groups.setdefault(sheet.person.department, []).append(sheet)
        rows = [(name, len(own), *month_cells(own)) for name, own in sorted(groups.items())]
        totals = ("", len(sheets), *month_cells(sheets))
        return f"{days[0]:%Y-%m}", _Body(("department", "people", *MONTHLY), rows, totals)

    def _lateness(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        subject, first, last = _span(request, today)
        columns = ("late_by", "early_by", "first_in", "last_out")
        pairs = [
            (day, sheet.person)
            for sheet in self._sheets(request, first, last, now)
            for day in sheet.days
            if day.late_s or day.early_s
        ]
        pairs.sort(key=lambda pair: pair[0].plan.day)
        rows = [(day.plan.day, *who(person), *day_cells(day, columns)) for day, person in pairs]
        people = [person.person_id for _, person in pairs]
        return subject, _Body(("day", *WHO, *columns), rows, people=people)

    def _visitors(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        subject, first, last = _span(request, today)
        zones = self._timesheets.zones()
        since = zones.moment(first, datetime.min.time())
        until = zones.moment(last + ONE_DAY, datetime.min.time())
        event_filter = EventFilter(since=since, until=until, outcomes=(Outcome.UNKNOWN,))
        named = self._punches.named_later()
        rows = [
            (event.seq, zones.local(event.entry.at), event.entry.reason, event.entry.camera, event.entry.door)
            for event in sorted(self._journal.events.all(event_filter), key=lambda event: event.entry.at)
            if not event.entry.is_recording and event.voided_by is None and event.seq not in named
        ]
        return subject, _Body(("entry", "time", "reason", "camera", "door"), rows)

    def _present(self, request: ReportRequest, today: date, now: datetime) -> tuple[str, "_Body"]:
        zones = self._timesheets.zones()
        last = {punch.person_id: punch for punch in self.present(now)}
        everybody = _only(self._people.list(hidden=None), request.department)
        people = [person for person in everybody if person.person_id in last]
        punches = [last[person.person_id] for person in people]
        rows = [
            (*who(person), zones.local(punch.at), punch.door)
            for person, punch in zip(people, punches, strict=True)
        ]
        return zones.local(now).strftime("%Y-%m-%d %H:%M"), _Body(
            (*WHO, "since", "door"), rows, people=[person.person_id for person in people]
        )

    def present(self, now: datetime) -> list[Punch]:
        """Return the last entry of everybody who is in: whose direction isn't known counts as in."""
        everybody = self._punches.between(now - STAY, now + timedelta(seconds=1))
        people: dict[str, list[Punch]] = {}
        for punch in everybody:
            if punch.voided_by is None:
                people.setdefault(punch.person_id, []).append(punch)
        last = {person_id: in_order(own)[-1] for person_id, own in people.items()}
        return [punch for punch in last.values() if punch.direction is not Direction.OUT]

    def _sheets(self, request: ReportRequest, first: date, last: date, now: datetime) -> list[Timesheet]:
        sheets = self._timesheets.between(first, last, now=now)
        return [sheet for sheet in sheets if _is_of(sheet.person, request.department)]


@dataclass(frozen=True)
class _Body:
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    totals: tuple[Cell, ...] | None = None
    people: Sequence[str] = ()


def _ids(sheets: Sequence[Timesheet]) -> list[str]:
    return [sheet.person.person_id for sheet in sheets]


def _is_of(person: Person, department: str | None) -> bool:
    return department is None or fold(person.department) == fold(department)


def _only(people: Sequence[Person], department: str | None) -> list[Person]:
    return [person for person in people if _is_of(person, department)]


def _span(request: ReportRequest, today: date) -> tuple[str, date, date]:
    """Return the days of a report that may be of a day or a month."""
    if request.day is not None:
        return request.day.isoformat(), request.day, request.day
    days = month_days(request.month or today)
    return f"{days[0]:%Y-%m}", days[0], days[-1]
