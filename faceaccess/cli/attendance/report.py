"""`faceaccess report`: working hours, on the screen or in a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.attendance.dates import Day, Month, parse_day, parse_month
from faceaccess.cli.common import FAILED, DataDir, failing_clearly, print_json, say, workspace
from faceaccess.cli.people.people import find_person
from faceaccess.cli.tables import print_table
from faceaccess.codes import ReportFormat, ReportKind, Right

if TYPE_CHECKING:
    from faceaccess.attendance.reports import ReportRequest, Table
    from faceaccess.workspace import Workspace

Kind = Annotated[ReportKind | None, typer.Argument(help="Which report.")]
Person = Annotated[str | None, typer.Option("--person", help="Staff number, name, or the start of the id.")]
Department = Annotated[str | None, typer.Option("--department", help="Only its people.")]
Format = Annotated[
    str | None,
    typer.Option("--format", help="table, csv, xlsx, pdf or json; by the name of --out where that is given."),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file; the journal says so.")]
Due = Annotated[bool, typer.Option("--due", help="Write the automatic reports that are due now.")]

_TABLE = "table"


def report(
    ctx: typer.Context,
    kind: Kind = None,
    date: Day = None,
    month: Month = None,
    person: Person = None,
    department: Department = None,
    format: Format = None,  # noqa: A002 - the option's name
    out: Out = None,
    due: Due = False,
    data_dir: DataDir = None,
) -> None:
    """Show or write a report: daily, monthly, person, department, lateness, visitors, or present."""
    if due:
        _run_due(ctx, data_dir)
        return
    if kind is None:
        raise typer.BadParameter(f"Name a report: {', '.join(ReportKind)}; or give --due.")
    chosen = _format(format, out)
    day, of_month = date and parse_day(date), month and parse_month(month)
    with workspace(ctx, data_dir, read_only=True) as space:
        from faceaccess.attendance.reports import ReportRequest

        request = ReportRequest(
            kind,
            day=day or None,
            month=of_month or None,
            person_id=None if person is None else find_person(space.people, person).person_id,
            department=department,
        )
        if out is not None:
            _export(space, request, out, ReportFormat(chosen))
            return
        from faceaccess.store.clock import utc_now

        table = space.office.reports.build(request, now=utc_now())
    _show(table, chosen)


def _format(format_: str | None, out: Path | None) -> str:
    if out is None:
        chosen = format_ or _TABLE
        if chosen in (ReportFormat.PDF, ReportFormat.XLSX):
            raise typer.BadParameter(f"{chosen} needs a file: give --out.")
    else:
        chosen = format_ or out.suffix.lower().removeprefix(".")
    allowed = [*ReportFormat, *([_TABLE] if out is None else [])]
    if chosen not in allowed:
        raise typer.BadParameter(f"{chosen!r} is not a format; choose one of {', '.join(allowed)}.")
    return chosen


def _export(space: "Workspace", request: "ReportRequest", path: Path, format_: ReportFormat) -> None:
    """Write a file; beside a running door it can't be journalled, and says so."""
    from faceaccess.errors import StoreBusyError
    from faceaccess.store.clock import utc_now
    from faceaccess.workspace import Workspace

    now = utc_now()
    if not space.is_read_only:
        let_draw(space)
        rows = space.office.exports.export(space.access.actor, request, path, format_, now=now)
    else:
        space.access.require(Right.EXPORT)
        try:
            with Workspace.open(space.data_dir) as writing:
                let_draw(writing)
                rows = writing.office.exports.export(space.access.actor, request, path, format_, now=now)
        except StoreBusyError as exc:
            let_draw(space)
            table = space.office.reports.build(request, now=now)
            space.office.exports.write(table, path, format_)
            rows = len(table.rows)
            say(f"{exc.message} This export is not in the journal.", err=True)
    say(f"{rows} {'row' if rows == 1 else 'rows'} written to {path}.", err=True)


def let_draw(space: "Workspace") -> None:
    """Let a data folder's exports write PDF; Qt is loaded only when they do."""

    def write_pdf(table: "Table", path: Path, head: tuple[int, bytes]) -> None:
        from faceaccess.gui.printing import write_pdf as draw

        draw(table, path, head)

    space.office.exports.pdf_writer = write_pdf


def _run_due(ctx: typer.Context, data_dir: DataDir) -> None:
    with workspace(ctx, data_dir, right=Right.EXPORT) as space, failing_clearly():
        from faceaccess.store.access.types import SYSTEM
        from faceaccess.store.clock import utc_now

        let_draw(space)
        written = space.office.exports.run_due(SYSTEM, now=utc_now())
    for file in written:
        if file.error is None:
            say(f"{file.path}")
        else:
            say(f"{file.path} was not written: {file.error}", err=True)
    if any(file.error for file in written):
        raise typer.Exit(FAILED)


def _show(table: "Table", chosen: str) -> None:
    from faceaccess.attendance.table_files import table_values

    if chosen == ReportFormat.JSON:
        for row in table_values(table):
            print_json(row)
    elif chosen == ReportFormat.CSV:
        from faceaccess.attendance.table_files import write_csv_rows

        write_csv_rows(table, sys.stdout)
    else:
        _print_table(table)


def _print_table(table: "Table") -> None:
    from faceaccess.attendance.report_cells import WORDS
    from faceaccess.attendance.report_sums import sum_lines
    from faceaccess.attendance.table_files import cell_text, labelled, plain_title

    if table.rows:
        seen = table.filled()
        headings = [plain_title(table.columns[at]) for at in seen]
        everything = [*table.rows, *([labelled(table.totals, plain_title("total"))] if table.totals else [])]
        rows = [[cell_text(row[at]) for at in seen] for row in everything]
        numbers = {plain_title(name) for name in table.columns if name not in WORDS}
        zone = f", times in {table.zone}" if table.zone else ""
        print_table(headings, rows, numbers=numbers, title=f"{plain_title(table.kind)} {table.subject}{zone}")
    count = len(table.rows)
    for line in sum_lines(table):
        say(str(line))
    say(f"{count} {'row' if count == 1 else 'rows'}")
