"""Days, months and times as they are typed."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

Day = Annotated[str | None, typer.Option("--date", help="A day such as 2026-03-04.", metavar="DAY")]
Month = Annotated[str | None, typer.Option("--month", help="A month such as 2026-03.", metavar="MONTH")]


def parse_day(text: str) -> date:
    """Return the day of a text such as 2026-03-04; a year that nobody means is refused."""
    return _meant(parse_any_day(text))


def parse_any_day(text: str) -> date:
    """Return the day of a text such as 2026-03-04, also one that was mistyped before."""
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-03-04.") from exc


def parse_month(text: str) -> date:
    """Return the first day of a month such as 2026-03."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a month such as 2026-03.") from exc
    return _meant(month)


def _meant(day: date) -> date:
    from faceaccess.attendance.typed_times import check_day
    from faceaccess.errors import AttendanceError

    try:
        check_day(day, today=date.today())
    except AttendanceError as exc:
        raise typer.BadParameter(str(exc)) from exc
    return day


def parse_time(text: str) -> time:
    """Return the time of day of a text such as 08:00, to the minute."""
    try:
        at = time.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a time such as 08:00.") from exc
    if at.tzinfo is not None or at.second or at.microsecond:
        raise typer.BadParameter(f"{text!r} is not a time such as 08:00, without seconds and zone.")
    return at


def parse_moment(space: "Workspace", text: str) -> datetime:
    """Return the UTC time of a text such as 2026-03-04T08:05; the company's unless it has a zone.

    Raises:
        AttendanceError: nobody means that year, clocks jump over the time, or it comes twice.
    """
    from faceaccess.attendance.typed_times import read_moment
    from faceaccess.store.clock import utc_now

    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a time such as 2026-03-04T08:05.") from exc
    if not has_time(text):
        raise typer.BadParameter(f"{text!r} has no time of day; write it as 2026-03-04T08:05.")
    if at.tzinfo is None:
        return read_moment(space.office.timesheets.zones(), at.date(), at.time(), now=utc_now())
    _meant(at.date())
    return at


def has_time(text: str) -> bool:
    """Tell whether a time that was typed has a time of day, and not only a day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return False
