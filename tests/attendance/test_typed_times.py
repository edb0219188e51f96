"""Days and times as they are typed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faceaccess.attendance.typed_times import check_day, check_entry_time, read_moment
from faceaccess.attendance.zones import Zones
from faceaccess.errors import AttendanceError
from tests.attendance.builders import IN_BERLIN, LATER


@pytest.mark.parametrize(
    ("zone", "day", "at", "jump"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "from 02:00 to 03:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2), "from 02:00 to 03:00"),
        ("America/St_Johns", date(2026, 3, 8), time(2, 59), "from 02:00 to 03:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "from 02:00 to 02:30"),
        ("Pacific/Apia", date(2011, 12, 30), time(12), "from 00:00 to 00:00"),
    ],
)
def test_a_time_that_clocks_jump_over_is_refused(zone: str, day: date, at: time, jump: str) -> None:
    with pytest.raises(AttendanceError, match=f"There is no {at:%H:%M} on {day}: clocks jump {jump}"):
        read_moment(Zones(ZoneInfo(zone)), day, at, now=LATER)


def test_a_time_that_comes_twice_needs_a_word() -> None:
    day, at = date(2026, 10, 25), time(2, 30)
    with pytest.raises(AttendanceError, match=r"2026-10-25T02:30\+02:00 or 2026-10-25T02:30\+01:00"):
        read_moment(IN_BERLIN, day, at, now=LATER)
    both = [read_moment(IN_BERLIN, day, at, now=LATER, is_second=each) for each in (False, True)]
    assert both == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    # What comes once is itself, whatever was said about another time before.
    assert read_moment(IN_BERLIN, day, time(4), now=LATER, is_second=True).hour == 3


@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), is_second=st.booleans())
def test_what_is_read_is_what_clocks_show(at: datetime, is_second: bool) -> None:
    try:
        read = read_moment(IN_BERLIN, at.date(), at.time(), now=LATER, is_second=is_second)
    except AttendanceError:
        assert (at.month, at.day, at.hour) == (3, 29, 2)
    else:
        assert IN_BERLIN.local(read).replace(tzinfo=None, fold=0) == at


@pytest.mark.parametrize("day", [date.min, date(26, 6, 3), date(1999, 12, 31), date(2206, 1, 1), date.max])
def test_days_that_nobody_means(day: date) -> None:
    with pytest.raises(AttendanceError, match="Check the year"):
        check_day(day, today=LATER.date())


def test_entries_are_of_the_last_five_years() -> None:
    check_entry_time(LATER, now=LATER)
    check_entry_time(LATER - timedelta(days=5 * 365), now=LATER)
    with pytest.raises(AttendanceError, match="future"):
        check_entry_time(LATER + timedelta(seconds=1), now=LATER)
    with pytest.raises(AttendanceError, match="2021-06-01 is more than five years ago"):
        check_entry_time(datetime(2021, 6, 1, tzinfo=UTC), now=LATER)
