"""Days, months and times as they are typed."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

Day = Annotated[str | None, typer.Option("--date", help="A day such as 2026-03-04.", metavar="DAY")]
Month = Annotated[str | None, typer.Option("--month", help="A month such as 2026-03.", metavar="MONTH")]


def parse_day(text: str) -> date:
    """Return the day of a text such as 2026-03-04."""
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-03-04.") from exc


def parse_month(text: str) -> date:
    """Return the first day of a month such as 2026-03."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a month such as 2026-03.") from exc


def parse_time(text: str) -> time:
    """Return the time of day of a text such as 08:00."""
    try:
        return time.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a time such as 08:00.") from exc


def parse_moment(space: "Workspace", text: str) -> datetime:
    """Return the UTC time of a text such as 2026-03-04T08:05; the company's unless it has a zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a time such as 2026-03-04T08:05.") from exc
    return at if at.tzinfo is not None else space.office.timesheets.zones().moment(at.date(), at.time())
