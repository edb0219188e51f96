"""Split shifts and weeks that take turns."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from faceaccess.attendance.office import Office
from faceaccess.attendance.timesheets import Day
from faceaccess.codes import AbsenceKind, DayPart, Direction, Pairing
from faceaccess.errors import AttendanceError
from faceaccess.store.policy.absences import Absence
from faceaccess.store.policy.schedules import Schedule, Shift
from tests.attendance.builders import (
    ADA,
    IN_BERLIN,
    LATER,
    OLGA,
    WEDNESDAY,
    at,
    make_days,
    make_plans,
    make_punch,
    make_schedule,
)  # fmt: skip

HOUR = 3600
IN, OUT, BOTH = Direction.IN, Direction.OUT, Direction.BOTH
SPLIT = Shift(time(8), time(12), later=((time(17), time(21)),))
EARLY, LATE = Shift(time(6), time(14)), Shift(time(14), time(22))
WHOLE = ((8, IN), (12, OUT), (17, IN), (21, OUT))


def worked(
    *ways: tuple[float, Direction], shift: Shift = SPLIT, now: datetime = LATER, **rules: object
) -> Day:
    plans = make_plans(WEDNESDAY, 1, make_schedule(shift, **rules))
    punches = [make_punch(at(hour), way, seq) for seq, (hour, way) in enumerate(ways, 1)]
    return make_days(plans, punches, now=now)[0]


@pytest.mark.parametrize("pairing", Pairing)
@pytest.mark.parametrize("ways", [WHOLE, tuple((hour, BOTH) for hour, _ in WHOLE)])
def test_the_pause_between_two_times_of_work_is_not_worked(pairing: Pairing, ways: tuple) -> None:
    day = worked(*ways, pairing=pairing)
    assert (day.plan.target_s, day.worked_s) == (8 * HOUR, 8 * HOUR)
    assert (day.late_s, day.early_s, day.overtime_s, day.undertime_s, day.gaps) == (0, 0, 0, 0, ())
    assert (day.first_in, day.last_out) == (at(8), at(21))


def test_each_time_of_work_has_its_lateness_and_its_end() -> None:
    day = worked((8.25, IN), (11.5, OUT), (17.5, IN), (20, OUT))
    assert (day.late_s, day.early_s) == (45 * 60, 90 * 60)
    assert worked(*WHOLE[:3], now=at(18)).is_present
    assert worked(*WHOLE[:2], now=at(18)).early_s == 0
    early = worked((7, IN), (12, OUT), (16, IN), (21, OUT), counts_early=False)
    assert early.worked_s == 8 * HOUR


def test_a_time_of_work_that_was_missed_is_late_or_early_by_all_of_it() -> None:
    assert (worked(*WHOLE[:2]).late_s, worked(*WHOLE[:2]).early_s) == (0, 4 * HOUR)
    assert (worked(*WHOLE[2:]).late_s, worked(*WHOLE[2:]).early_s) == (4 * HOUR, 0)
    assert worked(*WHOLE[2:]).undertime_s == 4 * HOUR
    assert worked().is_absent
    assert (worked().late_s, worked().early_s) == (0, 0)


@pytest.mark.parametrize(
    ("ways", "direction", "expected_h", "worked_h"),
    [
        (WHOLE[1:], IN, 8, 4),
        ((WHOLE[0], *WHOLE[2:]), OUT, 12, 4),
        ((*WHOLE[:2], WHOLE[3]), IN, 17, 4),
        (WHOLE[:3], OUT, 21, 4),
    ],
)
@pytest.mark.parametrize("pairing", Pairing)
def test_what_is_missing_is_missing_where_it_would_be(
    pairing: Pairing, ways: tuple, direction: Direction, expected_h: float, worked_h: float
) -> None:
    day = worked(*ways, pairing=pairing)
    assert [(gap.direction, gap.expected_at) for gap in day.gaps] == [(direction, at(expected_h))]
    assert day.worked_s == worked_h * HOUR


def test_who_stays_through_the_pause_has_worked_through_it() -> None:
    day = worked((8, IN), (21, OUT))
    assert (day.worked_s, day.overtime_s, day.late_s, day.early_s, day.gaps) == (
        13 * HOUR,
        5 * HOUR,
        0,
        0,
        (),
    )
    left = worked((8, IN), (20, OUT))
    assert (left.early_s, left.late_s) == (HOUR, 0)


def test_a_break_is_owed_as_far_as_the_pause_between_is_shorter() -> None:
    long = replace(SPLIT, break_minutes=60, break_after_minutes=0)
    assert worked(*WHOLE, shift=long).worked_s == 8 * HOUR
    near = Shift(time(8), time(12), 60, 0, later=((time(12, 15), time(17)),))
    day = worked((8, IN), (12, OUT), (12.25, IN), (17, OUT), shift=near)
    assert (day.worked_s, day.plan.target_s) == (8 * HOUR, 8 * HOUR)


def test_half_a_day_of_leave_is_a_time_of_work() -> None:
    leave = Absence(9, ADA, AbsenceKind.LEAVE, DayPart.MORNING, WEDNESDAY, WEDNESDAY)
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule(SPLIT), absences=[leave])
    assert (plan.start, plan.end, plan.target_s) == (at(17), at(21), 4 * HOUR)
    punches = [make_punch(at(17), IN, 1), make_punch(at(21), OUT, 2)]
    assert [(day.late_s, day.undertime_s) for day in make_days([plan], punches)] == [(0, 0)]
    (plan,) = make_plans(
        WEDNESDAY, 1, make_schedule(SPLIT), absences=[replace(leave, part=DayPart.AFTERNOON)]
    )
    assert (plan.start, plan.end) == (at(8), at(12))


def test_a_split_night_is_one_day_and_real_hours() -> None:
    """From ten in the evening to two, and from three to six, over the end of summer time."""
    night = Shift(time(22), time(2), later=((time(3), time(6)),))
    saturday = date(2026, 10, 24)
    (plan,) = make_plans(saturday, 1, make_schedule(night, days=range(7)), zones=IN_BERLIN)
    spans = [(each.shift_start, each.shift_end) for each in plan.times]
    assert spans == [
        (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 2, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)),
    ]
    assert plan.target_s == 7 * HOUR


def test_weeks_take_turns_from_a_day_on() -> None:
    rota = Schedule(
        "r", "Rota", (*[EARLY] * 5, None, None, *[LATE] * 5, None, None), first_week=date(2026, 1, 8)
    )
    assert [rota.shift_on(date(2026, 1, day)) for day in (5, 9, 10, 12, 18, 19)] == [
        EARLY, EARLY, None, LATE, None, EARLY,
    ]  # fmt: skip
    assert rota.shift_on(date(2026, 1, 1)) is LATE
    plans = make_plans(date(2026, 1, 9), 6, rota)
    assert [plan.start and plan.start.hour for plan in plans] == [6, None, None, 14, 14, 14]
    # From the early Friday to the late Monday each night belongs to one day.
    assert all(one.closes == other.opens for one, other in zip(plans, plans[1:], strict=False))


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        (
            make_schedule(replace(SPLIT, later=((time(11), time(15)),))),
            "begins before the one before it ends",
        ),
        (
            make_schedule(replace(SPLIT, later=((time(12), time(15)),))),
            "begins before the one before it ends",
        ),
        (make_schedule(replace(SPLIT, later=((time(17), time(10)),))), "longer than a day"),
        (make_schedule(replace(SPLIT, break_minutes=480)), "as long as the shift"),
        (Schedule("r", "Rota", (EARLY,) * 14), "which week is the first"),
        (Schedule("r", "Rota", (EARLY,) * 8), "7 days a week"),
    ],
)
def test_times_and_weeks_that_do_not_fit_are_refused(office: Office, schedule: Schedule, reason: str) -> None:
    with pytest.raises(AttendanceError, match=reason):
        office.planning.set_schedule(OLGA, schedule)
