"""Days and times as a person types them: what can't be meant is refused, with the reason."""

from datetime import UTC, date, datetime, time, timedelta

from faceaccess.attendance.zones import Zones
from faceaccess.errors import AttendanceError

FIRST_DAY = date(2000, 1, 1)
"""No day before it is meant: the program is younger."""

MOST_AHEAD = timedelta(days=10 * 366)
MOST_BACK = timedelta(days=5 * 366)
"""What is entered by hand about the past, for as long as pay may be disputed; more is a mistyped year."""

_CHECK = "Check the year."


def check_day(day: date, *, today: date) -> None:
    """Refuse a day that nobody means.

    Raises:
        AttendanceError: it is before 2000, or more than ten years ahead.
    """
    if day < FIRST_DAY:
        raise AttendanceError(f"{day} is before {FIRST_DAY}.", _CHECK)
    if day > today + MOST_AHEAD:
        raise AttendanceError(f"{day} is more than ten years ahead.", _CHECK)


def check_past(day: date, *, today: date) -> None:
    """Refuse a day about which nothing is entered by hand any more.

    Raises:
        AttendanceError: it is more than five years ago.
    """
    if day < today - MOST_BACK:
        raise AttendanceError(f"{day} is more than five years ago.", _CHECK)


def check_entry_time(at: datetime, *, now: datetime) -> None:
    """Refuse a time of which no entry can be made by hand.

    Raises:
        AttendanceError: it is in the future, or more than five years ago.
    """
    if at > now:
        raise AttendanceError("An entry can't be made for the future.", "Give a time that has been.")
    check_past(at.date(), today=now.date())


def read_moment(
    zones: Zones, day: date, at: time, *, now: datetime, is_second: bool | None = None
) -> datetime:
    """Return the UTC time of a day and a time on the company's clocks.

    Args:
        zones: the company's.
        day: the day.
        at: the time of day.
        now: UTC.
        is_second: which one is meant of a time that comes twice; None: nobody said.

    Raises:
        AttendanceError: nobody means that day, clocks jump over the time, or it comes twice.
    """
    check_day(day, today=now.date())
    moments = zones.moments(day, at)
    if not moments:
        raise AttendanceError(
            f"There is no {at:%H:%M} on {day}: clocks jump {_jump(zones, day, at)}.",
            "Give a time before or after.",
        )
    if len(moments) > 1 and is_second is None:
        first, second = (offset_text(each) for each in moments)
        raise AttendanceError(
            f"{at:%H:%M} comes twice on {day}: at {first} first, then at {second}.",
            f"Say which: {day}T{at:%H:%M}{first[3:]} or {day}T{at:%H:%M}{second[3:]}.",
        )
    return moments[-1 if is_second else 0].astimezone(UTC)


def offset_text(at: datetime) -> str:
    """Return a moment's offset from UTC, such as UTC+02:00."""
    return "UTC" + at.isoformat(timespec="minutes")[-6:]


def _jump(zones: Zones, day: date, at: time) -> str:
    """Return from when to when clocks jump over a time, such as `from 02:00 to 03:00`."""
    zone = zones.on(day)
    # PEP 495: of a time that there isn't, the second reading is earlier than the first.
    minute = datetime.combine(day, at.replace(second=0, microsecond=0, fold=1), tzinfo=zone).astimezone(UTC)
    before = minute.astimezone(zone)
    while (after := (minute + timedelta(minutes=1)).astimezone(zone)).utcoffset() == before.utcoffset():
        minute, before = minute + timedelta(minutes=1), after
    return f"from {before + timedelta(minutes=1):%H:%M} to {after:%H:%M}"
