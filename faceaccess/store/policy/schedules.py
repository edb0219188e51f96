"""Work schedules, and the people and days they apply to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from faceaccess.codes import Pairing
from faceaccess.store.file.database import Database

WEEK = 7
Hours = tuple[time, time]


@dataclass(frozen=True)
class Shift:
    """The work of one day.

    Attributes:
        start: wall-clock time.
        end: wall-clock time; no later than `start` means on the next day.
        break_minutes: unpaid; taken off what was worked beyond `break_after_minutes`, as far as the time
            between two times of work, or spent outside, is shorter.
        flexible_minutes: how long to work, at will, with `start` to `end` as core time; None: from
            `start` to `end`.
        later: further times of work of a split shift, one after the other, each like `start` to `end`.
    """

    start: time
    end: time
    break_minutes: int = 0
    break_after_minutes: int = 360
    flexible_minutes: int | None = None
    later: tuple[Hours, ...] = ()

    @property
    def hours(self) -> tuple[Hours, ...]:
        """All times of work."""
        return (self.start, self.end), *self.later


@dataclass(frozen=True)
class Schedule:
    """A working week, or weeks in turn, and their rules.

    Attributes:
        shifts: seven for each week, Monday first; None is a day off.
        grace_in_minutes: arriving later than this is late, by all of it.
        grace_out_minutes: leaving earlier than this is early, by all of it.
        overtime_after_minutes: a smaller surplus on a day is no overtime.
        counts_early: whether work before the shift begins counts; with flexible hours it does.
        works_on_holidays: whether the shifts hold on holidays too.
        first_week: a day of any first week of a rota; None where all weeks are alike.
    """

    schedule_id: str
    name: str
    shifts: tuple[Shift | None, ...] = (None,) * WEEK
    pairing: Pairing = Pairing.FIRST_LAST
    grace_in_minutes: int = 5
    grace_out_minutes: int = 5
    overtime_after_minutes: int = 15
    counts_early: bool = True
    works_on_holidays: bool = False
    first_week: date | None = None

    @property
    def weeks(self) -> tuple[tuple[Shift | None, ...], ...]:
        """The shifts of each week."""
        return tuple(self.shifts[begin : begin + WEEK] for begin in range(0, len(self.shifts), WEEK))

    def shift_on(self, day: date) -> Shift | None:
        """Return the shift of a day; None on a day off. Weeks change on Mondays."""
        passed = 0
        if self.first_week is not None:
            passed = (_monday(day) - _monday(self.first_week)).days // WEEK
        return self.weeks[passed % len(self.weeks)][day.weekday()]


@dataclass(frozen=True)
class Assignment:
    """The person or department a schedule applies to; neither means everybody.

    Attributes:
        assignment_id: 0 until it is stored.
        last_day: inclusive; None means until further notice.
    """

    schedule_id: str
    first_day: date
    last_day: date | None = None
    person_id: str | None = None
    department: str | None = None
    assignment_id: int = 0


class Schedules:
    """Reads and changes schedules; inside `database.transaction()` it takes part in that one.

    It neither journals nor checks: that is `attendance.planning`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Schedule]:
        """Return the schedules by name."""
        with self._database.reader() as db:
            rows = db.execute("SELECT schedule_id, name, rules FROM schedules").fetchall()
        schedules = [_schedule_from(*row) for row in rows]
        return sorted(schedules, key=lambda schedule: schedule.name.casefold())

    def put(self, schedule: Schedule) -> None:
        """Store a schedule, replacing the one with its id."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO schedules (schedule_id, name, rules) VALUES (?, ?, ?) ON CONFLICT (schedule_id)"
                " DO UPDATE SET name = excluded.name, rules = excluded.rules",
                [schedule.schedule_id, schedule.name, json.dumps(rules_of(schedule), sort_keys=True)],
            )

    def remove(self, schedule_id: str) -> None:
        """Remove a schedule with its assignments."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM assignments WHERE schedule_id = ?", [schedule_id])
            db.execute("DELETE FROM schedules WHERE schedule_id = ?", [schedule_id])

    def assignments(self) -> list[Assignment]:
        """Return all assignments, oldest first, without those of people who were merged."""
        with self._database.reader() as db:
            rows = db.execute(
                "SELECT assignment_id, schedule_id, person_id, department, first_day, last_day"
                " FROM assignments WHERE person_id IS NULL OR person_id NOT IN"
                " (SELECT person_id FROM people WHERE merged_into IS NOT NULL) ORDER BY assignment_id"
            ).fetchall()
        return [
            Assignment(
                schedule_id=row[1],
                first_day=date.fromisoformat(row[4]),
                last_day=None if row[5] is None else date.fromisoformat(row[5]),
                person_id=row[2],
                department=row[3],
                assignment_id=row[0],
            )
            for row in rows
        ]

    def assign(self, assignment: Assignment) -> int:
        """Store an assignment; return its id."""
        with self._database.transaction() as db:
            return int(
                db.execute(
                    "INSERT INTO assignments (schedule_id, person_id, department, first_day, last_day)"
                    " VALUES (?, ?, ?, ?, ?) RETURNING assignment_id",
                    [
                        assignment.schedule_id,
                        assignment.person_id,
                        assignment.department,
                        assignment.first_day.isoformat(),
                        None if assignment.last_day is None else assignment.last_day.isoformat(),
                    ],
                ).fetchone()[0]
            )

    def unassign(self, assignment_id: int) -> bool:
        """Remove an assignment; tell whether it was there."""
        with self._database.transaction() as db:
            cursor = db.execute("DELETE FROM assignments WHERE assignment_id = ?", [assignment_id])
            return bool(cursor.rowcount)


def rules_of(schedule: Schedule) -> dict[str, object]:
    """Return a schedule without its name, as plain values."""
    return {
        "shifts": [None if shift is None else _shift_values(shift) for shift in schedule.shifts],
        "pairing": schedule.pairing.value,
        "grace_in_minutes": schedule.grace_in_minutes,
        "grace_out_minutes": schedule.grace_out_minutes,
        "overtime_after_minutes": schedule.overtime_after_minutes,
        "counts_early": schedule.counts_early,
        "works_on_holidays": schedule.works_on_holidays,
        "first_week": None if schedule.first_week is None else schedule.first_week.isoformat(),
    }


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _shift_values(shift: Shift) -> dict[str, object]:
    return {
        "start": shift.start.isoformat("minutes"),
        "end": shift.end.isoformat("minutes"),
        "break_minutes": shift.break_minutes,
        "break_after_minutes": shift.break_after_minutes,
        "flexible_minutes": shift.flexible_minutes,
        "later": [[at.isoformat("minutes") for at in hours] for hours in shift.later],
    }


def _schedule_from(schedule_id: str, name: str, rules: str) -> Schedule:
    values: Mapping[str, Any] = json.loads(rules)
    shifts = tuple(None if shift is None else _shift_from(shift) for shift in values["shifts"])
    first_week = values["first_week"] and date.fromisoformat(values["first_week"])
    plain = {"shifts": shifts, "pairing": Pairing(values["pairing"]), "first_week": first_week}
    return Schedule(schedule_id, name, **{**values, **plain})


def _shift_from(values: Mapping[str, Any]) -> Shift:
    start, end = time.fromisoformat(values["start"]), time.fromisoformat(values["end"])
    later = tuple((time.fromisoformat(begin), time.fromisoformat(stop)) for begin, stop in values["later"])
    return Shift(**{**values, "start": start, "end": end, "later": later})
