"""The order of entries, and stays over the edges of days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceaccess.attendance.office import Office
from faceaccess.attendance.report_cells import day_marks
from faceaccess.attendance.schedules import plan_days
from faceaccess.attendance.stays import in_order
from faceaccess.attendance.timesheets import Day, to_minute
from faceaccess.attendance.zones import Zones
from faceaccess.codes import DayMark, Direction, Method, Pairing
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.punches import Punch
from faceaccess.store.people.people import People
from faceaccess.store.policy.schedules import Schedule, Shift
from tests.attendance.builders import (
    BERLIN,
    IN_BERLIN,
    LATER,
    NIGHT_SHIFT,
    OLGA,
    UTC_ONLY,
    WEDNESDAY,
    at,
    make_days,
    make_entry,
    make_plans,
    make_punch,
    make_schedule,
)  # fmt: skip

HOUR = 3600
IN, OUT, BOTH = Direction.IN, Direction.OUT, Direction.BOTH
Way = tuple[float, Direction]


def by_hand(*ways: Way) -> list[Punch]:
    return [make_punch(at(hour), way, seq, method=Method.MANUAL) for seq, (hour, way) in enumerate(ways, 1)]


def came(*ways: Way) -> list[Punch]:
    return [make_punch(at(hour), way, seq) for seq, (hour, way) in enumerate(ways, 1)]


@pytest.mark.parametrize("pairing", Pairing)
@pytest.mark.parametrize("ways", list(permutations([(8, IN), (12, OUT), (12, IN), (17, OUT)])))
def test_entries_of_one_minute_are_ordered_as_they_happened(pairing: Pairing, ways: Sequence[Way]) -> None:
    """They were ordered by the word of their direction: a day of nine hours came to none."""
    plan = make_plans(WEDNESDAY, 1, make_schedule(Shift(time(8), time(17), 30), pairing=pairing))
    (day,) = make_days(plan, by_hand(*ways))
    assert (day.worked_s, day.gaps) == (int(8.5 * HOUR), ())


def test_an_entry_by_hand_is_known_to_the_minute_only() -> None:
    """The door saw her leave at 12:00:35; that she came back at 12:00 was entered by hand."""
    seen = [make_punch(at(8), IN, 1), make_punch(at(12) + timedelta(seconds=35), OUT, 2)]
    back = [make_punch(at(12), IN, 3, method=Method.MANUAL), make_punch(at(17), OUT, 4)]
    (day,) = make_days(make_plans(WEDNESDAY, 1, make_schedule(pairing=Pairing.IN_OUT)), seen + back)
    assert (day.worked_s, day.gaps) == (9 * HOUR - 30 * 60, ())
    # What doors see is known to the microsecond: in and out within a minute is a way in and out.
    quick = [make_punch(at(8), IN, 1), make_punch(at(8) + timedelta(seconds=20), OUT, 2)]
    assert [punch.seq for punch in in_order(reversed(quick))] == [1, 2]


def test_of_somebody_who_is_not_inside_entries_of_one_minute_stay_as_entered() -> None:
    assert [punch.seq for punch in in_order(by_hand((12, IN), (12, OUT)))] == [1, 2]
    assert [punch.seq for punch in in_order(by_hand((12, OUT), (12, IN)))] == [1, 2]
    # A way out that follows tells that the last of them was a way in.
    assert [punch.seq for punch in in_order(by_hand((12, IN), (12, OUT), (17, OUT)))] == [2, 1, 3]


def test_who_is_in_is_told_by_the_last_of_one_minute(office: Office, journal: Journal, ada: str) -> None:
    for hour, way in ((12, IN), (12, OUT), (8, IN)):
        journal.append(make_entry(ada, at(hour), direction=way, method=Method.MANUAL), None)
    assert [punch.direction for punch in office.reports.present(at(13))] == [IN]
    journal.append(make_entry(ada, at(13), direction=OUT, method=Method.MANUAL), None)
    assert office.reports.present(at(14)) == []


@pytest.mark.parametrize("schedule", [None, make_schedule(), make_schedule(NIGHT_SHIFT)])
@pytest.mark.parametrize("pairing", Pairing)
def test_a_night_is_whole_whatever_the_schedule_says(schedule: Schedule | None, pairing: Pairing) -> None:
    """Without a schedule a night ended at midnight: two halves, each without the other end."""
    if schedule is not None:
        schedule = replace(schedule, pairing=pairing, shifts=tuple(
            shift and replace(shift, break_minutes=0) for shift in schedule.shifts
        ))  # fmt: skip
    plans = make_plans(WEDNESDAY, 3, schedule)
    days = make_days(plans, came((22, IN), (30, OUT), (46, IN), (54, OUT)))
    assert [day.worked_s for day in days] == [8 * HOUR, 8 * HOUR, 0]
    assert [day.gaps for day in days] == [(), (), ()]
    assert days[0].last_out == at(30)


def test_a_stay_belongs_to_the_shift_that_it_has_most_of() -> None:
    """Called in at half past midnight, she stays till ten: it is the morning's work, not the evening's."""
    plans = make_plans(WEDNESDAY, 2, make_schedule())
    first, second = make_days(plans, came((9, IN), (17.5, OUT), (24.5, IN), (24.51, IN), (34, OUT)))
    assert (first.worked_s, second.worked_s) == (8 * HOUR, 9 * HOUR)
    assert (second.first_in, second.late_s, second.is_absent) == (at(24.5), 0, False)
    assert first.gaps == second.gaps == ()


def test_two_who_may_be_ends_of_other_stays_are_no_stay() -> None:
    """Ways of unknown direction, and ways in and out too far apart, are not joined over the edge."""
    plans = make_plans(WEDNESDAY, 2)
    assert [len(day.gaps) for day in make_days(plans, came((17, BOTH), (33, BOTH)))] == [1, 1]
    assert [len(day.gaps) for day in make_days(plans, came((9, IN), (41, OUT)))] == [1, 1]
    assert [day.worked_s for day in make_days(plans, came((8, IN), (32, OUT)))] == [24 * HOUR, 0]
    assert [day.worked_s for day in make_days(plans, came((22, IN), (30, BOTH)))] == [8 * HOUR, 0]
    assert [day.worked_s for day in make_days(plans, came((22, BOTH), (30, OUT)))] == [8 * HOUR, 0]


def test_nights_of_unknown_direction_are_whole_where_no_schedule_says_otherwise() -> None:
    """A door's camera tells no direction unless it is set up to: each night fell apart at midnight."""
    nights = came((22, BOTH), (30, BOTH), (46, BOTH), (54.5, BOTH))
    days = make_days(make_plans(WEDNESDAY, 3), nights)
    assert [day.worked_s for day in days] == [8 * HOUR, int(8.5 * HOUR), 0]
    assert [day.gaps for day in days] == [(), (), ()]
    # With a schedule, with others on the day, or after a night's rest they are ends of other stays.
    assert all(make_days(make_plans(WEDNESDAY, 2, make_schedule()), came((22.5, BOTH), (30, BOTH)))[0].gaps)
    late = came((9, BOTH), (17, BOTH), (23.5, BOTH), (30, BOTH), (34, BOTH))
    assert [day.worked_s for day in make_days(make_plans(WEDNESDAY, 2), late)] == [int(14.5 * HOUR), 4 * HOUR]
    assert [len(day.gaps) for day in make_days(make_plans(WEDNESDAY, 2), came((21, BOTH), (33, BOTH)))] == [
        1,
        1,
    ]


def test_a_very_long_stay_is_marked() -> None:
    """Who forgot to go out in the evening and in the next morning has a stay of a night and a day."""
    plans = make_plans(WEDNESDAY, 2, make_schedule())
    long, _ = make_days(plans, came((13, IN), (36, OUT)))
    assert (long.worked_s, day_marks(long)) == (23 * HOUR - 30 * 60, (DayMark.LONG_STAY,))
    usual, _ = make_days(plans, came((9, IN), (25, OUT)))
    assert DayMark.LONG_STAY not in day_marks(usual)
    whole_day = make_plans(WEDNESDAY, 2, make_schedule(Shift(time(8), time(8))))
    duty, _ = make_days(whole_day, came((8, IN), (32.5, OUT)))
    assert DayMark.LONG_STAY not in day_marks(duty)


def test_a_passage_seen_twice_stays_one_over_the_edge() -> None:
    plans = make_plans(WEDNESDAY, 2)
    days = make_days(plans, came((20, IN), (23.99, OUT), (24.01, OUT), (33, IN), (34, OUT)))
    assert [day.gaps for day in days] == [(), ()]
    assert [day.first_in for day in days] == [at(20), at(33)]


def test_a_long_rest_is_no_pause() -> None:
    """Without a schedule, from the first way in to the last way out was the rest of the day too."""
    plans = make_plans(WEDNESDAY, 2)
    days = make_days(plans, came((0.1, IN), (8.1, OUT), (22, IN), (23.5, OUT), (24.5, IN), (30.5, OUT)))
    assert [day.worked_s for day in days] == [int(9.5 * HOUR), 6 * HOUR]
    assert [day.gaps for day in days] == [(), ()]


def test_who_is_at_work_over_midnight_misses_nothing_yet() -> None:
    plans = make_plans(WEDNESDAY, 2)
    days = make_days(plans, came((22, IN)), now=at(26))
    assert (days[0].is_present, days[0].gaps) == (True, ())
    days = make_days(plans, came((22, IN)), now=at(39))
    assert [gap.direction for gap in days[0].gaps] == [OUT]
    days = make_days(plans, came((22, IN), (25, IN)), now=at(26))
    assert [gap.direction for gap in days[0].gaps] == [OUT]


def test_a_stay_over_the_end_of_a_month_is_in_one_of_them(
    office: Office, people: People, journal: Journal, ada: str
) -> None:
    for hour, way in ((22, IN), (30, OUT)):
        journal.append(make_entry(ada, at(hour, date(2026, 3, 31)), direction=way), None)
    person = people.get(ada)
    months = [
        office.timesheets.month(month, now=LATER, people=[person])[0]
        for month in (date(2026, 3, 1), date(2026, 4, 1))
    ]
    assert [sheet.total_s("worked_s") for sheet in months] == [8 * HOUR, 0]
    assert [sheet.gaps for sheet in months] == [(), ()]
    records = [office.timesheets.record(ada, day, now=LATER) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    assert [len(record.entries) for record in records] == [2, 0]
    assert office.corrections.void(OLGA, records[0].entries[1].punch.seq, why="x").voided_by


TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
"""Of schedules, which take no seconds."""
SHIFTS = st.builds(Shift, start=TIMES, end=TIMES, flexible_minutes=st.none() | st.integers(60, 720))
SPLIT = st.sampled_from(
    [
        Shift(time(8), time(12), later=((time(17), time(21)),)),
        Shift(time(22), time(2), later=((time(3), time(6)), (time(6, 1), time(21)))),
    ]
)
ANY_SCHEDULE = st.builds(
    Schedule,
    schedule_id=st.just("s"),
    name=st.just("Any"),
    shifts=st.tuples(*[st.none() | SHIFTS | SPLIT] * 14),
    pairing=st.just(Pairing.IN_OUT),
    first_week=st.just(date(2026, 1, 1)),
)


@st.composite
def stays(draw: st.DrawFn, least_pause_s: int = 150) -> list[tuple[datetime, datetime]]:
    """Return stays of up to a day and a night, one after the other, with pauses of any greater length."""
    found, now = [], at(draw(st.integers(0, 30)), date(2026, 3, 26))
    for _ in range(draw(st.integers(1, 8))):
        now += timedelta(seconds=draw(st.integers(least_pause_s, 30 * HOUR)))
        end = now + timedelta(seconds=draw(st.integers(150, 28 * HOUR)))
        found.append((now, end))
        now = end
    return found


ZONES = st.sampled_from([UTC_ONLY, IN_BERLIN, Zones(BERLIN, ((date(2026, 3, 30), ZoneInfo("Asia/Dhaka")),))])


def count(made: list[tuple[datetime, datetime]], schedules: list, zones: Zones, order: object) -> list[Day]:
    """Return what stays come to, their ends in any order, over 40 days of schedules that change daily."""
    days = [date(2026, 3, 20) + timedelta(days=number) for number in range(40)]
    plans = plan_days(
        days,
        lambda day: schedules[day.toordinal() % len(schedules)],
        holidays=(date(2026, 3, 31),),
        absences=(),
        zones=zones,
    )
    ends = [(moment, way) for stay in made for moment, way in zip(stay, (IN, OUT), strict=True)]
    punches = [make_punch(moment, way, seq) for seq, (moment, way) in enumerate(ends, 1)]
    return list(make_days(plans, order.sample(punches, len(punches))))


def total_s(made: list[tuple[datetime, datetime]]) -> float:
    """Return the seconds of stays, whose ends count from their minutes."""
    return sum((to_minute(end) - to_minute(start)).total_seconds() for start, end in made)


@settings(deadline=None)
@given(
    made=stays(), schedules=st.lists(ANY_SCHEDULE, min_size=1, max_size=3), zones=ZONES, order=st.randoms()
)
def test_what_is_worked_is_the_sum_of_the_stays(made, schedules, zones, order) -> None:
    """Over nights, clock changes, months, moves and changes of schedule."""
    done = count(made, schedules, zones, order)
    assert sum(day.worked_s for day in done) == total_s(made)
    assert [gap for day in done for gap in day.gaps] == []


@settings(deadline=None)
@given(
    made=stays(least_pause_s=8 * HOUR),
    schedules=st.lists(
        st.none() | ANY_SCHEDULE.map(lambda each: replace(each, pairing=Pairing.FIRST_LAST)),
        min_size=1, max_size=3,
    ),
    zones=ZONES,
    order=st.randoms(),
)  # fmt: skip
def test_from_first_in_to_last_out_no_rest_is_counted(made, schedules, zones, order) -> None:
    """A rest is eight hours and longer; without any schedule, too."""
    done = count(made, schedules, zones, order)
    assert sum(day.worked_s for day in done) == total_s(made)
    assert [gap for day in done for gap in day.gaps] == []
