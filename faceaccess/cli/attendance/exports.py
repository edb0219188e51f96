"""`faceaccess exports`: reports that are written into a folder automatically."""

from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.attendance.dates import parse_time
from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, say_if_none, workspace
from faceaccess.codes import Every, ReportFormat, ReportKind
from faceaccess.store.policy.attendance_policy import AttendancePolicy

app = Commands(
    help="Reports written into a folder automatically, while the window is open or by `report --due`.",
    no_args_is_help=True,
)


@app.command("list")
def list_exports(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the reports that are written automatically."""
    with workspace(ctx, data_dir, read_only=None) as space:
        reports = space.policies.read(AttendancePolicy).reports
    say_if_none(reports, "No report is written by itself.", json=json)
    for report in reports:
        if json:
            print_json(
                {"export": report.report_id, "report": report.kind, "format": report.format,
                 "folder": report.folder, "every": report.every, "at": report.at.isoformat("minutes")}
            )  # fmt: skip
        else:
            when = f"every {report.every} at {report.at:%H:%M}"
            say(f"{report.report_id}  {report.kind} as {report.format}, {when}, into {report.folder}")


@app.command("add")
def add(
    ctx: typer.Context,
    kind: Annotated[ReportKind, typer.Argument(help="Which report.")],
    folder: Annotated[Path, typer.Argument(help="Where to; made when it isn't there.")],
    format_: Annotated[ReportFormat, typer.Option("--format", help="Of the file.")] = ReportFormat.XLSX,
    every: Annotated[Every, typer.Option("--every", help="Of the day or the month before.")] = Every.DAY,
    at: Annotated[str, typer.Option("--at", help="The time of day from which it is written.")] = "06:00",
    data_dir: DataDir = None,
) -> None:
    """Write a report automatically from now on; a run that fails is tried again."""
    from faceaccess.attendance.planning import new_export

    report = new_export(kind, format_, str(folder.expanduser().absolute()), every, parse_time(at))
    with workspace(ctx, data_dir) as space:
        space.office.planning.add_export(space.access.actor, report)
        say(report.report_id)


@app.command("remove")
def remove(
    ctx: typer.Context,
    export: Annotated[str, typer.Argument(help="As `exports list` shows it.")],
    data_dir: DataDir = None,
) -> None:
    """Stop writing a report automatically."""
    with workspace(ctx, data_dir) as space:
        space.office.planning.remove_export(space.access.actor, export)
