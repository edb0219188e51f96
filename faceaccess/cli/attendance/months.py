"""`faceaccess months`: closing months for payroll."""

from typing import Annotated

import typer

from faceaccess.cli.attendance.dates import parse_month
from faceaccess.cli.common import (
    Commands,
    DataDir,
    Json,
    counted,
    print_json,
    say,
    say_if_none,
    workspace,
)

app = Commands(help="Months closed for payroll: what is corrected later shows as such.", no_args_is_help=True)


@app.command("list")
def list_months(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the months that are closed."""
    with workspace(ctx, data_dir, read_only=None) as space:
        closed, zones = space.office.timesheets.closed_months(), space.office.timesheets.zones()
    say_if_none(closed, "No month is closed.", json=json)
    for closed_month in closed:
        if json:
            print_json(
                {"month": f"{closed_month.month:%Y-%m}", "row": closed_month.seq,
                 "at": closed_month.at.isoformat(), "by": closed_month.actor,
                 "worked_s": dict(closed_month.worked_s)}
            )  # fmt: skip
        else:
            at = zones.local(closed_month.at)
            when = f"{at:%Y-%m-%d %H:%M} ({at.tzinfo})"
            say(f"{closed_month.month:%Y-%m}  closed {when} by {closed_month.actor}, row {closed_month.seq}")


@app.command("close")
def close(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(help="Such as 2026-03.")],
    data_dir: DataDir = None,
) -> None:
    """Close a month; says how much is still missing in it."""
    from faceaccess.store.clock import utc_now

    first, now = parse_month(month), utc_now()
    with workspace(ctx, data_dir) as space:
        missing = sum(len(sheet.gaps) for sheet in space.office.timesheets.month(first, now=now))
        closed = space.office.timesheets.close_month(space.access.actor, first, now=now)
        say(f"{closed.month:%Y-%m} is closed by row {closed.seq}.")
        if missing:
            ways = counted(missing, "way in or out is", "ways in or out are")
            say(f"{ways} missing in it.", err=True)
