"""Days and times as a person types them: what can't be meant is refused, with the reason."""

from datetime import UTC, date, datetime, time, timedelta

from faceaccess.attendance.zones import Zones
from faceaccess.errors import AttendanceError, template

FIRST_DAY = date(2000, 1, 1)
"""No day before it is meant: the program is younger."""

MOST_AHEAD = timedelta(days=10 * 366)
MOST_BACK = timedelta(days=5 * 366)
"""What is entered by hand about the past, for as long as pay may be disputed; more is a mistyped year."""

_CHECK = template("Check the year.")


def check_day(day: date, *, today: date) -> None:
    """Refuse a day that nobody means.

    Raises:
        AttendanceError: it is before 2000, or more than ten years ahead.
    """
    if day < FIRST_DAY:
        raise AttendanceError("{day} is before {first_day}.", _CHECK, day=day, first_day=FIRST_DAY)
    if day > today + MOST_AHEAD:
        raise AttendanceError("{day} is more than ten years ahead.", _CHECK, day=day)


def check_past(day: date, *, today: date) -> None:
    """Refuse a day too old for entries by hand.

    Raises:
        AttendanceError: it is more than five years ago.
    """
    if day < today - MOST_BACK:
        raise AttendanceError("{day} is more than five years ago.", _CHECK, day=day)


def check_entry_time(at: datetime, *, now: datetime) -> None:
    """Refuse a time at which no entry can be made by hand.

    Raises:
        AttendanceError: it is in the future, or more than five years ago.
    """
    if at > now:
        raise AttendanceError("An entry can't be made for the future.", "Give a time in the past.")
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
        before, after = _jump(zones, day, at)
        raise AttendanceError(
            "There is no {at:%H:%M} on {day}: clocks jump from {before} to {after}.",
            "Give a time before or after.",
            at=at,
            day=day,
            before=f"{before:%H:%M}",
            after=f"{after:%H:%M}",
        )
    if len(moments) > 1 and is_second is None:
        first, second = (offset_text(moment) for moment in moments)
        raise AttendanceError(
            "{at:%H:%M} comes twice on {day}: at {first} first, then at {second}.",
            "Say which: {day}T{at:%H:%M}{first_offset} or {day}T{at:%H:%M}{second_offset}.",
            at=at,
            day=day,
            first=first,
            second=second,
            first_offset=first[3:],
            second_offset=second[3:],
        )
    return moments[-1 if is_second else 0].astimezone(UTC)


def offset_text(at: datetime) -> str:
    """Return a moment's offset from UTC, such as UTC+02:00."""
    return "UTC" + at.isoformat(timespec="minutes")[-6:]


def _jump(zones: Zones, day: date, at: time) -> tuple[datetime, datetime]:
    """Return the clock times before and after a jump over a time."""
    zone = zones.on(day)
    # PEP 495: of a time that there isn't, the second reading is earlier than the first.
    minute = datetime.combine(day, at.replace(second=0, microsecond=0, fold=1), tzinfo=zone).astimezone(UTC)
    before = minute.astimezone(zone)
    while (after := (minute + timedelta(minutes=1)).astimezone(zone)).utcoffset() == before.utcoffset():
        minute, before = minute + timedelta(minutes=1), after
    return before + timedelta(minutes=1), after
