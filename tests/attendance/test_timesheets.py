"""From entries to hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceaccess.attendance.report_cells import day_cells, day_marks
from faceaccess.attendance.schedules import Plan
from faceaccess.attendance.stays import divide
from faceaccess.attendance.timesheets import Day, to_minute
from faceaccess.attendance.zones import Zones
from faceaccess.codes import AbsenceKind, DayMark, DayPart, Direction, Method, Pairing
from faceaccess.store.journal.punches import Punch
from faceaccess.store.policy.absences import Absence
from faceaccess.store.policy.schedules import Schedule, Shift
from tests.attendance.builders import (
    ADA,
    BERLIN,
    IN_BERLIN,
    LATER,
    NIGHT_SHIFT,
    WEDNESDAY,
    at,
    make_days,
    make_plans,
    make_punch,
    make_schedule,
)  # fmt: skip

HOUR = 3600
MARCH = date(2026, 3, 1)
IN, OUT, BOTH = Direction.IN, Direction.OUT, Direction.BOTH


def punches(*ways: tuple[float, Direction]) -> list[Punch]:
    return [make_punch(at(hour), way, seq) for seq, (hour, way) in enumerate(ways, 1)]


def worked(plan: Plan, *ways: tuple[float, Direction], now: datetime = LATER) -> Day:
    return make_days([plan], punches(*ways), now=now)[0]


def plain(**rules: object) -> Plan:
    return make_plans(WEDNESDAY, 1, make_schedule(**rules))[0]


def test_without_a_schedule_hours_are_counted_and_nothing_is_asked() -> None:
    (plan,) = make_plans(WEDNESDAY)
    day = worked(plan, (8, BOTH), (12, BOTH), (17, BOTH))
    assert (day.worked_s, day.gaps, day.late_s, day.overtime_s) == (9 * HOUR, (), 0, 0)
    assert worked(plan, (8, BOTH)).gaps[0].direction is OUT
    assert not worked(plan).is_absent


@pytest.mark.parametrize("pairing", list(Pairing))
def test_hours_follow_from_the_minutes_that_are_shown(pairing) -> None:
    """09:00 to 17:30 was a minute less than eight hours and the break: seconds that nobody sees counted."""
    plan, second = plain(pairing=pairing, grace_in_minutes=0, grace_out_minutes=0), 1 / HOUR
    shown = {
        (9 + 50 * second, 17.5 + 10 * second): (8 * HOUR, 0, 0),
        (9 + 59 * second, 17.5 + 59 * second): (8 * HOUR, 0, 0),
        (9 + 61 * second, 17.5 - second): (8 * HOUR - 120, 60, 60),
    }
    for (came, left), hours in shown.items():
        day = worked(plan, (came, IN), (left, OUT))
        assert (day.worked_s, day.late_s, day.early_s) == hours
        times = day_cells(day, ("first_in", "last_out", "worked"))
        assert times[1] - times[0] - times[2] == timedelta(minutes=30), "the break"


@pytest.mark.parametrize("pairing", list(Pairing))
def test_a_way_out_before_its_way_in_shows_both_as_recorded(pairing) -> None:
    """The day showed neither."""
    plan = plain(pairing=pairing)
    day = worked(plan, (9, OUT), (12, IN))
    assert (day.first_in, day.last_out, day.worked_s, day.late_s) == (at(12), at(9), 0, 0)
    assert [gap.direction for gap in day.gaps] == [IN, OUT]
    wrong = (DayMark.OUT_BEFORE_IN, DayMark.MISSING_IN, DayMark.MISSING_OUT)
    assert day_marks(day) == wrong
    here = worked(plan, (9, OUT), (12, IN), now=at(13))
    assert (here.first_in, here.last_out) == (at(12), at(9))
    assert day_marks(here) == (DayMark.PRESENT, DayMark.OUT_BEFORE_IN, DayMark.MISSING_IN)


def test_what_is_recorded_stands_beside_what_is_missing() -> None:
    """Four hours stood beside "In 08:00" alone."""
    plan = plain()
    day = worked(plan, (8, IN), (12, OUT), (13, IN))
    assert (day.first_in, day.last_out, day.worked_s, day.gaps[0].direction) == (at(8), at(12), 4 * HOUR, OUT)
    assert not day.is_out_before_in
    day = worked(plan, (9, OUT), (12, IN), (17, OUT))
    assert (day.first_in, day.last_out, day.worked_s, day.gaps[0].direction) == (at(12), at(17), 5 * HOUR, IN)
    here = worked(plan, (8, IN), (12, OUT), (13, IN), now=at(14))
    assert (here.is_present, here.first_in, here.last_out) == (True, at(8), None)


def test_late_early_and_overtime_begin_beyond_the_grace() -> None:
    plan = plain(grace_in_minutes=10, overtime_after_minutes=30)
    on_time = worked(plan, (9 + 10 / 60, IN), (17.5, OUT))
    assert (on_time.late_s, on_time.early_s, on_time.worked_s) == (0, 0, int(7.5 * HOUR) + 20 * 60)
    late = worked(plan, (9.25, IN), (17, OUT))
    assert (late.late_s, late.early_s) == (15 * 60, 30 * 60)
    assert worked(plan, (9, IN), (17.9, OUT)).overtime_s == 0
    assert worked(plan, (9, IN), (18.5, OUT)).overtime_s == HOUR
    assert late.undertime_s == 8 * HOUR - late.worked_s


def test_early_coming_counts_unless_the_schedule_says_no() -> None:
    assert worked(plain(), (8, IN), (17.5, OUT)).worked_s == 9 * HOUR
    assert worked(plain(counts_early=False), (8, IN), (17.5, OUT)).worked_s == 8 * HOUR


def test_pairs_count_each_stay_and_a_pause_is_the_break() -> None:
    plan = plain(pairing=Pairing.IN_OUT)
    day = worked(plan, (9, IN), (12, OUT), (13, IN), (18, OUT))
    assert day.worked_s == 8 * HOUR
    turns = worked(plan, (9, BOTH), (12, BOTH), (13, BOTH), (18, BOTH))
    assert turns.worked_s == 8 * HOUR
    assert worked(plan, (9, IN), (9.01, IN), (17.5, OUT)).gaps == ()


@pytest.mark.parametrize(
    ("ways", "missing", "hours"),
    [
        ([(9, IN)], [OUT], 0),
        ([(17, OUT)], [IN], 0),
        ([(9, IN), (12, IN), (17, OUT)], [OUT], 5),
        ([(9, IN), (12, OUT), (17, OUT)], [IN], 3),
        ([(9, IN), (12, OUT), (13, IN)], [OUT], 3),
        ([(12, OUT), (13, IN), (18, OUT)], [IN], 5),
    ],
)
def test_what_is_missing_in_pairs_is_found(ways: list, missing: list, hours: float) -> None:
    day = worked(plain(pairing=Pairing.IN_OUT), *ways)
    assert [gap.direction for gap in day.gaps] == missing
    assert day.worked_s == hours * HOUR


def test_what_is_missing_between_first_and_last_is_found() -> None:
    plan = plain()
    assert [gap.direction for gap in worked(plan, (17, OUT)).gaps] == [IN]
    assert [gap.direction for gap in worked(plan, (17, BOTH)).gaps] == [IN]
    assert [gap.direction for gap in worked(plan, (9, BOTH)).gaps] == [OUT]
    assert [gap.direction for gap in worked(plan, (8, OUT), (17, IN)).gaps] == [IN, OUT]
    (gap,) = worked(plan, (9, IN)).gaps
    assert (gap.expected_at, gap.since, gap.until) == (plan.end, at(9), plan.closes)
    assert gap.day == WEDNESDAY


def test_a_day_under_way_misses_nothing_yet() -> None:
    day = worked(plain(), (9, IN), now=at(12))
    assert (day.is_present, day.gaps, day.is_absent, day.undertime_s) == (True, (), False, 0)
    assert not worked(plain(), now=at(12)).is_absent
    assert worked(plain(), now=at(18)).is_absent
    assert worked(plain(), (9, BOTH), (12, BOTH), now=at(12.5)).early_s == 0


def test_a_night_shift_belongs_to_the_day_it_began() -> None:
    plans = make_plans(WEDNESDAY, 2, make_schedule(NIGHT_SHIFT))
    made = punches((21.9, BOTH), (30.1, BOTH), (45.9, BOTH), (54.2, BOTH))
    first, second = make_days(plans, made)
    assert (first.first_in, first.last_out) == (at(21.9), at(30.1))
    assert (second.first_in, second.last_out) == (at(45.9), at(54.2))
    assert first.late_s == first.early_s == 0


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9)])
def test_hours_over_a_clock_change_are_real_hours(day: date, hours: int) -> None:
    plan = make_plans(day, 1, make_schedule(NIGHT_SHIFT, days=range(7)), zones=IN_BERLIN)[0]
    came = datetime.combine(day, time(22), tzinfo=BERLIN)
    left = datetime.combine(day + timedelta(days=1), time(6), tzinfo=BERLIN)
    (found,) = make_days([plan], [make_punch(came), make_punch(left, seq=2)])
    assert found.worked_s == hours * HOUR
    assert (found.late_s, found.early_s, found.overtime_s, found.undertime_s) == (0, 0, 0, 0)


def test_moving_to_another_zone_neither_makes_nor_loses_hours() -> None:
    """On the day of the move people work from nine in the old zone to half past five in the new one."""
    dhaka = ZoneInfo("Asia/Dhaka")
    zones = Zones(BERLIN, ((WEDNESDAY, dhaka),))
    plans = make_plans(date(2026, 3, 2), 4, make_schedule(), zones=zones)
    assert plans[1].end == datetime(2026, 3, 3, 16, 30, tzinfo=UTC)
    assert plans[2].start == datetime(2026, 3, 4, 3, tzinfo=UTC)
    made = []
    for plan in plans:
        made += [make_punch(plan.start, IN, len(made) + 1), make_punch(plan.end, OUT, len(made) + 2)]
    days = make_days(plans, made)
    assert [day.worked_s for day in days] == [8 * HOUR] * 4
    assert [day.late_s + day.early_s + len(day.gaps) for day in days] == [0] * 4


def test_flexible_hours_are_late_by_the_core_time_only() -> None:
    core = Shift(time(10), time(15), break_minutes=30, flexible_minutes=480)
    plan = make_plans(WEDNESDAY, 1, make_schedule(core, counts_early=False))[0]
    day = worked(plan, (7, IN), (15.5, OUT))
    assert (day.worked_s, day.late_s, day.early_s, day.overtime_s) == (8 * HOUR, 0, 0, 0)
    assert worked(plan, (10.5, IN), (19, OUT)).late_s == HOUR // 2


def test_half_a_day_of_leave_asks_for_the_other_half() -> None:
    absence = Absence(9, ADA, AbsenceKind.LEAVE, DayPart.MORNING, WEDNESDAY, WEDNESDAY)
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule(), absences=[absence])
    day = worked(plan, (13.25, IN), (17.5, OUT))
    assert (day.late_s, day.undertime_s, day.is_absent) == (0, 0, False)
    assert worked(plan).is_absent


def test_remote_work_is_credited_once() -> None:
    absence = Absence(9, ADA, AbsenceKind.REMOTE, DayPart.WHOLE, WEDNESDAY, WEDNESDAY)
    (plan,) = make_plans(WEDNESDAY, 1, make_schedule(), absences=[absence])
    day = worked(plan)
    assert (day.credited_s, day.worked_s, day.undertime_s, day.is_absent) == (8 * HOUR, 0, 0, False)
    came_in = worked(plan, (9, IN), (12, OUT))
    assert (came_in.worked_s, came_in.credited_s, came_in.overtime_s) == (3 * HOUR, 5 * HOUR, 0)


def test_work_on_a_day_off_is_overtime() -> None:
    (plan,) = make_plans(date(2026, 3, 7), 1, make_schedule())
    saturday = date(2026, 3, 7)
    (day,) = make_days([plan], [make_punch(at(9, saturday)), make_punch(at(11, saturday), seq=2)])
    assert (day.worked_s, day.overtime_s) == (2 * HOUR, 2 * HOUR)


def test_voided_entries_count_for_nothing_but_show() -> None:
    made = [*punches((9, IN), (17.5, OUT)), make_punch(at(22), OUT, 3, voided_by=4)]
    (day,) = make_days([plain()], made)
    assert (day.worked_s, day.is_corrected, day.is_corrected_late) == (8 * HOUR, True, False)
    assert make_days([plain()], made, closed={MARCH: 3})[0].is_corrected_late
    by_hand = [make_punch(at(9), IN, 1), make_punch(at(17), OUT, 9, method=Method.MANUAL)]
    assert make_days([plain()], by_hand, closed={MARCH: 8})[0].is_corrected_late
    assert not make_days([plain()], by_hand, closed={MARCH: 9})[0].is_corrected_late


@st.composite
def made_punches(draw: st.DrawFn) -> list[Punch]:
    """Return any coming and going around a few days, voided entries and entries by hand included."""
    count = draw(st.integers(0, 14))
    return [
        make_punch(
            at(0) + timedelta(seconds=draw(st.integers(-40 * HOUR, 90 * HOUR))),
            draw(st.sampled_from(Direction)),
            seq,
            voided_by=draw(st.sampled_from([None, None, None, 99])),
            method=draw(st.sampled_from(Method)),
        )
        for seq in range(1, count + 1)
    ]


TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
"""Of schedules, which take no seconds."""
SHIFTS = st.builds(
    Shift,
    start=TIMES,
    end=TIMES,
    break_minutes=st.integers(0, 120),
    break_after_minutes=st.integers(0, 600),
    flexible_minutes=st.none() | st.integers(60, 720),
)
SCHEDULES = st.none() | st.builds(
    Schedule,
    schedule_id=st.just("s"),
    name=st.just("Any"),
    shifts=st.tuples(*[st.none() | SHIFTS] * 7),
    pairing=st.sampled_from(Pairing),
    grace_in_minutes=st.integers(0, 60),
    overtime_after_minutes=st.integers(0, 60),
    counts_early=st.booleans(),
)
ABSENCES = st.lists(
    st.builds(
        Absence, seq=st.integers(1, 50), person_id=st.just(ADA), kind=st.sampled_from(AbsenceKind),
        part=st.sampled_from(DayPart), first_day=st.just(WEDNESDAY), last_day=st.just(date(2026, 3, 5)),
        removed_by=st.none() | st.just(60),
    ),
    max_size=2,
)  # fmt: skip


@settings(deadline=None)
@given(
    made=made_punches(),
    schedule=SCHEDULES,
    absences=ABSENCES,
    zones=st.sampled_from([IN_BERLIN, Zones(BERLIN, ((WEDNESDAY, ZoneInfo("Asia/Dhaka")),))]),
    first=st.sampled_from([date(2026, 3, 3), date(2026, 3, 28), date(2026, 10, 24)]),
    now_h=st.integers(-30, 100),
    random=st.randoms(),
)
def test_any_entries_make_sane_hours(made, schedule, absences, zones, first, now_h, random) -> None:
    shift = datetime.combine(first, time(), tzinfo=UTC) - at(0) + timedelta(days=1)
    made = [
        make_punch(p.at + shift, p.direction, p.seq, voided_by=p.voided_by, method=p.method) for p in made
    ]
    plans = make_plans(first, 4, schedule, zones=zones, absences=absences)
    now = at(now_h) + shift
    days = make_days(plans, made, now=now, closed={date(first.year, first.month, 1): 5})
    shuffled = random.sample(made, len(made))
    assert make_days(plans, shuffled, now=now, closed={date(first.year, first.month, 1): 5}) == days
    for plan, day, shares in zip(plans, days, divide(plans, made), strict=True):
        counted = [to_minute(p.at) for share in shares for p in share if p.voided_by is None]
        span_s = (max(counted) - min(counted)).total_seconds() if counted else 0
        assert 0 <= day.worked_s <= span_s
        assert day.worked_s % 60 == 0
        assert min(day.late_s, day.early_s, day.overtime_s, day.credited_s, day.undertime_s) >= 0
        assert plan.opens <= plan.closes
        assert 0 <= plan.remote_s <= plan.target_s
        assert day.overtime_s <= day.worked_s
        for gap in day.gaps:
            assert gap.since <= gap.until
            assert gap.expected_at is None or gap.since <= gap.expected_at <= gap.until
        if schedule is None:
            assert (day.late_s, day.early_s, day.overtime_s) == (0, 0, 0)
    assert all(one.closes == other.opens for one, other in zip(plans, plans[1:], strict=False))
