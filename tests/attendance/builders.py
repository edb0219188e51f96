"""Schedules and entries for the tests of attendance."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from faceaccess.attendance.schedules import Plan, plan_days
from faceaccess.attendance.stays import divide
from faceaccess.attendance.timesheets import Day, work_days
from faceaccess.attendance.zones import Zones
from faceaccess.codes import Direction, Method, Outcome, Reason
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.punches import Punch
from faceaccess.store.journal.types import Entry
from faceaccess.store.policy.absences import Absence
from faceaccess.store.policy.schedules import Schedule, Shift

OLGA = Actor("olga")
ADA = "a" * 32
BERLIN = ZoneInfo("Europe/Berlin")
UTC_ONLY = Zones(UTC)
IN_BERLIN = Zones(BERLIN)
WEDNESDAY = date(2026, 3, 4)
LATER = datetime(2027, 1, 1, tzinfo=UTC)

DAY_SHIFT = Shift(time(9), time(17, 30), break_minutes=30)
NIGHT_SHIFT = Shift(time(22), time(6))


def at(hour: float, day: date = WEDNESDAY, zone: tzinfo = UTC) -> datetime:
    """Return a wall-clock time of a day."""
    return datetime.combine(day, time(), tzinfo=zone) + timedelta(hours=hour)


def make_schedule(
    shift: Shift | None = DAY_SHIFT, *, days: Sequence[int] = range(5), **rules: object
) -> Schedule:
    """Return a schedule with the same shift on some weekdays."""
    shifts = tuple(shift if day in days else None for day in range(7))
    return Schedule("s1", "Usual", shifts, **rules)


def make_plans(
    first: date,
    count: int = 1,
    schedule: Schedule | None = None,
    *,
    zones: Zones = UTC_ONLY,
    holidays: Sequence[date] = (),
    absences: Sequence[Absence] = (),
) -> list[Plan]:
    """Return the plans of some days."""
    days = [date.fromordinal(first.toordinal() + number) for number in range(count)]
    return plan_days(days, lambda _: schedule, holidays=holidays, absences=absences, zones=zones)


def make_days(
    plans: Sequence[Plan],
    punches: Sequence[Punch],
    *,
    now: datetime = LATER,
    closed: Mapping[date, int] = MappingProxyType({}),
) -> tuple[Day, ...]:
    """Return what entries of Ada's come to."""
    return work_days(plans, ADA, divide(plans, punches), now=now, closed=closed)


def make_punch(at: datetime, way: Direction = Direction.BOTH, seq: int = 1, **changes: object) -> Punch:
    """Return somebody's coming or going."""
    return Punch(**{"seq": seq, "at": at.astimezone(UTC), "person_id": ADA, "direction": way,
                    "method": Method.FACE, **changes})  # fmt: skip


def make_entry(person_id: str | None, at: datetime, **changes: object) -> Entry:
    """Return an entry to journal."""
    values = {
        "at": at,
        "zone": "UTC",
        "outcome": Outcome.ACCEPTED if person_id else Outcome.UNKNOWN,
        "reason": Reason.MATCH if person_id else Reason.NO_MATCH,
        "person_id": person_id,
        "distance": 0.08,
        "runner_up_id": None,
        "runner_up_distance": None,
        "threshold": 0.106,
        "margin": 0.02,
        "model_id": "m",
        "device": "CPU",
        "quality": 20.0,
        "camera": "Gate camera",
        "door": "Gate",
    }
    return Entry(**{**values, **changes})
