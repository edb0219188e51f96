"""What is asked of a person on a day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from faceaccess.attendance.schedules import Roster, month_days, net_s
from faceaccess.attendance.zones import Zones, company_zones
from faceaccess.codes import AbsenceKind, DayPart
from faceaccess.errors import SettingsError
from faceaccess.store.policy.absences import Absence
from faceaccess.store.policy.attendance_policy import AttendancePolicy
from faceaccess.store.policy.schedules import Assignment, Schedule, Shift
from tests.attendance.builders import (
    ADA,
    BERLIN,
    DAY_SHIFT,
    IN_BERLIN,
    NIGHT_SHIFT,
    WEDNESDAY,
    make_plans,
    make_schedule,
)  # fmt: skip

HOUR = 3600


def absence(kind: AbsenceKind, part: DayPart = DayPart.WHOLE, removed_by: int | None = None) -> Absence:
    return Absence(9, ADA, kind, part, WEDNESDAY, WEDNESDAY, removed_by)


def test_a_plain_day_is_asked_without_its_break() -> None:
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule())
    assert plan.target_s == 8 * HOUR
    assert (plan.start, plan.end) == (
        datetime(2026, 3, 4, 9, tzinfo=UTC),
        datetime(2026, 3, 4, 17, 30, tzinfo=UTC),
    )


def test_days_off_and_holidays_ask_nothing() -> None:
    plans = make_plans(WEDNESDAY, 5, make_schedule(), holidays=[date(2026, 3, 5)])
    assert [plan.target_s // HOUR for plan in plans] == [8, 0, 8, 0, 0]
    assert [plan.is_holiday for plan in plans] == [False, True, False, False, False]
    (worked,) = make_plans(WEDNESDAY, 1, make_schedule(works_on_holidays=True), holidays=[WEDNESDAY])
    assert worked.target_s == 8 * HOUR


def test_a_day_ends_half_way_between_two_shifts() -> None:
    first, second = make_plans(WEDNESDAY, 2, make_schedule())
    assert first.closes == second.opens == datetime(2026, 3, 5, 1, 15, tzinfo=UTC)
    night, _ = make_plans(WEDNESDAY, 2, make_schedule(NIGHT_SHIFT))
    assert night.closes == datetime(2026, 3, 5, 14, tzinfo=UTC)
    assert night.end == datetime(2026, 3, 5, 6, tzinfo=UTC)


def test_beside_a_day_off_a_shift_keeps_some_hours() -> None:
    night = make_schedule(NIGHT_SHIFT, days=[2])
    (before, day, after) = make_plans(WEDNESDAY - timedelta(days=1), 3, night)
    assert day.opens == datetime(2026, 3, 4, tzinfo=UTC) == before.closes
    assert day.closes == datetime(2026, 3, 5, 10, tzinfo=UTC) == after.opens
    early = make_schedule(Shift(time(1), time(9)), days=[2])
    assert make_plans(WEDNESDAY, 1, early)[0].opens == datetime(2026, 3, 3, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 3, 27), 8)]
)
def test_a_night_shift_over_a_clock_change_is_as_long_as_it_is(day: date, hours: int) -> None:
    (plan,) = make_plans(day, 1, make_schedule(NIGHT_SHIFT, days=range(7)), zones=IN_BERLIN)
    assert plan.target_s == hours * HOUR


def test_a_start_that_the_clock_change_leaves_out_is_not_lost() -> None:
    missing = make_schedule(Shift(time(2, 30), time(10)), days=range(7))
    (plan,) = make_plans(date(2026, 3, 29), 1, missing, zones=IN_BERLIN)
    assert plan.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert plan.target_s == 6.5 * HOUR


def test_half_a_day_of_leave_halves_what_is_asked() -> None:
    (morning,) = make_plans(
        WEDNESDAY, 1, make_schedule(), absences=[absence(AbsenceKind.LEAVE, DayPart.MORNING)]
    )
    assert (morning.target_s, morning.start) == (4 * HOUR, datetime(2026, 3, 4, 13, 15, tzinfo=UTC))
    (after,) = make_plans(
        WEDNESDAY, 1, make_schedule(), absences=[absence(AbsenceKind.SICK, DayPart.AFTERNOON)]
    )
    assert (after.target_s, after.end) == (4 * HOUR, datetime(2026, 3, 4, 13, 15, tzinfo=UTC))


def test_remote_work_is_asked_and_credited() -> None:
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule(), absences=[absence(AbsenceKind.REMOTE)])
    assert (plan.target_s, plan.remote_s, plan.start) == (8 * HOUR, 8 * HOUR, None)
    both = [absence(AbsenceKind.REMOTE, DayPart.MORNING), absence(AbsenceKind.LEAVE, DayPart.AFTERNOON)]
    (mixed,) = make_plans(WEDNESDAY, 1, make_schedule(), absences=both)
    assert (mixed.target_s, mixed.remote_s, mixed.start) == (4 * HOUR, 4 * HOUR, None)


def test_an_absence_taken_back_does_not_count_but_is_known() -> None:
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule(), absences=[absence(AbsenceKind.LEAVE, removed_by=12)])
    assert (plan.target_s, plan.absences, plan.absence_row) == (8 * HOUR, (), 12)


def test_flexible_hours_ask_for_a_total() -> None:
    core = Shift(time(10), time(15), break_minutes=30, flexible_minutes=480)
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule(core))
    assert plan.target_s == 8 * HOUR
    assert plan.start == datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw_h", "pauses_h", "net_h"), [(5, 0, 5), (6.25, 0, 6), (8, 0, 7.5), (8, 0.25, 7.75), (8, 2, 8)]
)
def test_a_break_is_taken_off_as_far_as_it_was_owed(raw_h: float, pauses_h: float, net_h: float) -> None:
    assert net_s(int(raw_h * HOUR), int(pauses_h * HOUR), DAY_SHIFT) == net_h * HOUR


def test_own_before_department_before_everybody_and_the_latest_first() -> None:
    schedules = [Schedule(name, name) for name in ("all", "workshop", "own", "newer")]
    roster = Roster(
        schedules,
        [
            Assignment("all", date(2026, 1, 1)),
            Assignment("workshop", date(2026, 2, 1), department="WORKSHOP"),
            Assignment("newer", date(2026, 4, 1), department="Workshop", assignment_id=2),
            Assignment("own", date(2026, 3, 1), date(2026, 3, 31), person_id=ADA),
        ],
    )

    def on(day: date, person_id: str = ADA, department: str = "workshop") -> str | None:
        found = roster.schedule_on(day, person_id, department)
        return found and found.schedule_id

    assert on(date(2025, 12, 31)) is None
    assert on(date(2026, 1, 15)) == "all"
    assert on(date(2026, 2, 15)) == "workshop"
    assert on(date(2026, 3, 15)) == "own"
    assert on(date(2026, 3, 15), "b" * 32) == "workshop"
    assert on(date(2026, 4, 15)) == "newer"
    assert on(date(2026, 4, 15), "b" * 32, "") == "all"


def test_the_company_may_move_to_another_zone() -> None:
    policy = AttendancePolicy(zones=((date(2000, 1, 1), "Europe/Berlin"), (date(2026, 3, 4), "Asia/Dhaka")))
    zones = company_zones(policy)
    assert zones.on(date(2026, 3, 3)) == BERLIN
    assert zones.on(WEDNESDAY) == ZoneInfo("Asia/Dhaka")
    assert zones.day_of(datetime(2026, 3, 3, 17, 59, tzinfo=UTC)) == date(2026, 3, 3)
    assert zones.day_of(datetime(2026, 3, 3, 18, 1, tzinfo=UTC)) == WEDNESDAY
    assert zones.local(datetime(2026, 3, 4, 3, tzinfo=UTC)).hour == 9
    assert zones.local(datetime(2026, 3, 2, 8, tzinfo=UTC)).hour == 9


def test_without_a_zone_it_is_this_computers() -> None:
    zones = company_zones(AttendancePolicy())
    assert isinstance(zones, Zones)
    assert zones.changes == ()
    with pytest.raises(SettingsError, match="no time zone named"):
        AttendancePolicy(zones=((WEDNESDAY, "Mars/Olympus"),)).check()


def test_a_month_has_all_its_days() -> None:
    assert len(month_days(date(2028, 2, 17))) == 29
    assert month_days(date(2026, 12, 31))[-1] == date(2026, 12, 31)
