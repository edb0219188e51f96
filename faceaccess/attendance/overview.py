"""The people in, late or missing, and what the doors decided: figures, lists and counts of one filter."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from faceaccess.attendance.reading import Timesheets
from faceaccess.attendance.report_cells import WHO, Cell, who
from faceaccess.attendance.reports import ReportRequest, Reports, Table
from faceaccess.attendance.schedules import ONE_DAY
from faceaccess.attendance.timesheets import Day
from faceaccess.attendance.zones import Zones
from faceaccess.codes import Outcome, Reason, ReportKind
from faceaccess.store.file.database import Database
from faceaccess.store.journal.event_counts import EventCounts, QuarterCount
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.types import Person
from faceaccess.store.policy.types import StoredMatch

MOST_DAYS = 31
"""People's days are worked out for so many at most: the last ones of a longer time."""

STEPS_TO_THRESHOLD = 10
STEPS = 60
"""Steps of the distances: the threshold lies between two of them."""

_WIDTH = 4.0 / STEPS
"""Of a step, while no threshold is known: the whole scale, squared L2."""

_ONE_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Distances:
    """How near faces came to the nearest person, of one model.

    Attributes:
        width: of a step.
        accepted: entries by step, from 0.
        refused: the same, as long; the last step has all that are farther.
        threshold: the one in force; None when there is none.
    """

    width: float = _WIDTH
    accepted: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    threshold: float | None = None


@dataclass(frozen=True)
class OverviewFigures:
    """The figures of all entries that pass a filter.

    Attributes:
        present: the people in at this moment; of the filter, only the department counts.
        first_ins: the first way in of each person and day, latest first.
        late: those of them that were late.
        absent: the people who should be here, or should have been, and never came.
        first_day: of these three lists.
        last_day: likewise.
        reasons: how many were refused for each reason.
        days: those of `by_day`, without a gap.
        by_day: entries of each day, by outcome.
        by_hour: entries of each of the 24 hours that clocks show, by outcome.
    """

    present: Table
    first_ins: Table
    late: Table
    absent: Table
    first_day: date
    last_day: date
    reasons: Mapping[Reason, int]
    days: tuple[date, ...]
    by_day: Mapping[Outcome, tuple[int, ...]]
    by_hour: Mapping[Outcome, tuple[int, ...]]
    distances: Distances

    def count(self, *outcomes: Outcome) -> int:
        """Return how many entries had one of these outcomes."""
        return sum(sum(self.by_hour[outcome]) for outcome in outcomes)


class Overview:
    """Reads figures; changes nothing."""

    def __init__(self, database: Database, *, reports: Reports, timesheets: Timesheets) -> None:
        self._counts = EventCounts(database)
        self._reports, self._timesheets = reports, timesheets

    def read(
        self, event_filter: EventFilter, *, now: datetime, match: StoredMatch | None = None
    ) -> OverviewFigures:
        """Return the figures of a filter. Called on a worker.

        Args:
            event_filter: which entries; lists of people heed department, camera and door as far as they can.
            now: UTC.
            match: the model and threshold in force; None takes those of the newest entry.
        """
        zones = self._timesheets.zones()
        first, last = _days_of(event_filter, zones, zones.day_of(now))
        quarters = self._counts.by_time(event_filter)
        days, by_day = _by_day(quarters, event_filter, zones, zones.day_of(now))
        request = ReportRequest(ReportKind.PRESENT, department=event_filter.department)
        first_ins, late, absent = self._people(event_filter, first, last, now)
        return OverviewFigures(
            present=self._reports.build(request, now=now),
            first_ins=first_ins,
            late=late,
            absent=absent,
            first_day=first,
            last_day=last,
            reasons=_reasons(quarters),
            days=days,
            by_day=by_day,
            by_hour=_by_hour(quarters, zones),
            distances=self._distances(event_filter, match),
        )

    def _people(
        self, event_filter: EventFilter, first: date, last: date, now: datetime
    ) -> tuple[Table, Table, Table]:
        """Return everybody's first way in, the people who were late and those who are missing."""
        pairs = [
            (day, sheet.person)
            for sheet in self._timesheets.between(first, last, now=now)
            if event_filter.department in (None, sheet.person.department)
            for day in sheet.days
        ]
        here = [(day, person) for day, person in pairs if day.first_in is not None]
        if event_filter.camera is not None or event_filter.door is not None:
            # A working day may have begun on the calendar day before.
            since = self._timesheets.zones().moment(first - ONE_DAY, time())
            passages = self._counts.passages(replace(event_filter, since=since))
            here = [pair for pair in here if (pair[1].person_id, pair[0].first_in) in passages]
        here.sort(key=lambda pair: (pair[0].first_in, pair[1].person_id), reverse=True)
        late = [pair for pair in here if pair[0].late_s]
        missing = [pair for pair in pairs if is_missing(pair[0], now)]
        missing.sort(key=lambda pair: pair[0].plan.day, reverse=True)
        made_at = self._timesheets.zones().local(now)
        subject = first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
        return (
            _table(ReportKind.DAILY, subject, made_at, "first_in", here),
            _table(ReportKind.LATENESS, subject, made_at, "late_by", late),
            _table(ReportKind.DAILY, subject, made_at, "due", missing),
        )

    def _distances(self, event_filter: EventFilter, match: StoredMatch | None) -> Distances:
        model = (match.model_id, match.threshold) if match else self._counts.newest_model()
        if model is None:
            return Distances()
        model_id, threshold = model
        width = threshold / STEPS_TO_THRESHOLD if threshold > 0 else _WIDTH
        counts = self._counts.by_distance(event_filter, model_id, width=width, steps=STEPS)
        length = max((count.step for count in counts), default=-1) + 1
        sides: dict[bool, list[int]] = {True: [0] * length, False: [0] * length}
        for count in counts:
            sides[count.is_accepted][count.step] = count.count
        return Distances(width, tuple(sides[True]), tuple(sides[False]), threshold)


def in_company_days(event_filter: EventFilter, zones: Zones) -> EventFilter:
    """Return a filter whose times, midnights of this computer, are those of the company."""

    def moved(at: datetime | None) -> datetime | None:
        return None if at is None else zones.moment(at.astimezone().date(), time())

    return replace(event_filter, since=moved(event_filter.since), until=moved(event_filter.until))


def is_missing(day: Day, now: datetime) -> bool:
    """Tell whether somebody should be here by now, or should have been, and nothing was seen of them."""
    plan = day.plan
    if day.is_absent:
        return True
    if plan.start is None or plan.schedule is None or plan.target_s <= 0 or day.gaps:
        return False
    is_seen = day.first_in is not None or day.last_out is not None or day.is_present
    return not is_seen and now > plan.start + timedelta(minutes=plan.schedule.grace_in_minutes)


def _days_of(event_filter: EventFilter, zones: Zones, today: date) -> tuple[date, date]:
    """Return the first and the last day for which people's days are worked out."""
    last = today if event_filter.until is None else min(today, zones.day_of(event_filter.until - _ONE_MOMENT))
    first = last - (MOST_DAYS - 1) * ONE_DAY
    return (
        first if event_filter.since is None else min(last, max(first, zones.day_of(event_filter.since)))
    ), last


def _by_day(
    quarters: Sequence[QuarterCount], event_filter: EventFilter, zones: Zones, today: date
) -> tuple[tuple[date, ...], dict[Outcome, tuple[int, ...]]]:
    counts: Counter[tuple[date, Outcome]] = Counter()
    for quarter in quarters:
        counts[zones.day_of(quarter.start), quarter.outcome] += quarter.count
    last = today if event_filter.until is None else min(today, zones.day_of(event_filter.until - _ONE_MOMENT))
    first = last if event_filter.since is None else min(last, zones.day_of(event_filter.since))
    # Entries of days to come are there too when a clock was wrong.
    first, last = min([first, *(day for day, _ in counts)]), max([last, *(day for day, _ in counts)])
    days = tuple(first + number * ONE_DAY for number in range((last - first).days + 1))
    return days, {outcome: tuple(counts[day, outcome] for day in days) for outcome in Outcome}


def _by_hour(quarters: Sequence[QuarterCount], zones: Zones) -> dict[Outcome, tuple[int, ...]]:
    counts: Counter[tuple[int, Outcome]] = Counter()
    for quarter in quarters:
        counts[zones.local(quarter.start).hour, quarter.outcome] += quarter.count
    return {outcome: tuple(counts[hour, outcome] for hour in range(24)) for outcome in Outcome}


def _reasons(quarters: Sequence[QuarterCount]) -> dict[Reason, int]:
    """Return how many entries were refused for each reason, the most frequent first."""
    counts: Counter[Reason] = Counter()
    for quarter in quarters:
        if quarter.outcome is not Outcome.ACCEPTED:
            counts[quarter.reason] += quarter.count
    return dict(counts.most_common())


def _table(
    kind: ReportKind, subject: str, made_at: datetime, what: str, pairs: Sequence[tuple[Day, Person]]
) -> Table:
    rows = tuple((day.plan.day, *who(person), _cell(day, what)) for day, person in pairs)
    people = tuple(person.person_id for _, person in pairs)
    return Table(kind, subject, made_at, ("day", *WHO, what), rows, people=people)


def _cell(day: Day, what: str) -> Cell:
    if what == "late_by":
        return timedelta(seconds=day.late_s)
    at = day.first_in if what == "first_in" else day.plan.start
    return None if at is None else at.astimezone(day.plan.zone)
