"""`faceaccess import`: many people from a table or a folder."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import FAILED, DataDir, Json, print_json, workspace
from faceaccess.codes import (
    EnrolmentOutcome,
    IfDouble,
    IfNamed,
    ImportField,
    ImportProblem,
    ImportStep,
    Right,
)

if TYPE_CHECKING:
    from faceaccess.people.import_plan import PlannedPerson
    from faceaccess.people.import_report import ReportRow
    from faceaccess.people.table_import import ImportWish
    from faceaccess.workspace import Workspace

_FIELDS = ", ".join(ImportField)
_NOT_LOOKED_AT = (
    "No photo was looked at yet: who is not refused here may still be, for photos that are too weak "
    "or a face that is enrolled under another name."
)


def import_people(
    ctx: typer.Context,
    source: Annotated[
        Path, typer.Argument(help="A CSV or XLSX table, or a folder with one sub-folder per person.")
    ],
    photos: Annotated[
        Path | None,
        typer.Option(
            "--photos",
            help="Where the photos lie that the table names; its own folder else.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help=f"Which column says what, as FIELD=COLUMN (its heading or number): {_FIELDS}.",
            metavar="FIELD=COLUMN",
        ),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what would be done; nothing is written.")
    ] = False,
    consent: Annotated[
        int | None,
        typer.Option(
            "--consent",
            help="Everybody enrolled now has agreed to this text: see faceaccess consents texts.",
            metavar="VERSION",
        ),
    ] = None,
    if_double: Annotated[
        IfDouble, typer.Option("--if-double", help="With a face that may be enrolled under another name.")
    ] = IfDouble.REFUSE,
    if_named: Annotated[
        IfNamed, typer.Option("--if-named", help="With an enrolled name without a staff number.")
    ] = IfNamed.REFUSE,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write what became of each row to this CSV file.")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Import many people: a table that names their photos, or a folder of folders.

    Nothing is written before all rows are checked; then each person is stored by itself. Done again,
    what is enrolled already is passed over, so that an import that was stopped goes on.
    Exits with 1 when a row was refused; the others are enrolled.
    """
    from faceaccess.people.table_import import ImportWish
    from faceaccess.store.types import NewConsent

    with workspace(ctx, data_dir, right=Right.ENROL) as space:
        people = _planned(space, source, photos, _wanted(columns or []))
        if preview:
            _print_plan(people, json=json)
            raise typer.Exit(FAILED if any(one.step is ImportStep.REFUSE for one in people) else 0)
        given = None if consent is None else NewConsent(consent, date.today())
        rows = _run(space, people, ImportWish(given, if_double, if_named), report)
    for row in rows:
        _print_row(row, json=json)
    if any(row.outcome in (EnrolmentOutcome.REFUSED, EnrolmentOutcome.NOT_REACHED) for row in rows):
        raise typer.Exit(FAILED)


def _wanted(columns: list[str]) -> dict[ImportField, str]:
    """Return the columns that were told."""
    wanted = {}
    for text in columns:
        field, is_given, column = text.partition("=")
        if not is_given or field.strip() not in set(ImportField):
            raise typer.BadParameter(f"{text}: give FIELD=COLUMN; the fields are {_FIELDS}.")
        wanted[ImportField(field.strip())] = column
    return wanted


def _planned(
    space: "Workspace", source: Path, photos: Path | None, wanted: dict[ImportField, str]
) -> "list[PlannedPerson]":
    from faceaccess.people.import_columns import chosen
    from faceaccess.people.import_rows import PhotoFolders
    from faceaccess.people.table_reading import read_table

    if source.is_dir():
        return space.enrolling.from_tables.plan_folder(space.actor, source)
    table = read_table(source)
    columns = chosen(table, wanted)
    return space.enrolling.from_tables.plan_table(
        space.actor, table, columns, PhotoFolders(source.parent, photos)
    )


def _run(
    space: "Workspace", people: "list[PlannedPerson]", wish: "ImportWish", report: Path | None
) -> "list[ReportRow]":
    """Import with a line of progress on standard error; Ctrl+C stops after the person in hand."""
    import signal
    import sys
    import threading
    import time

    from faceaccess.people.import_report import report_rows, write_report

    stop, began = threading.Event(), time.monotonic()

    def say(done: int, total: int) -> None:
        if sys.stderr.isatty():
            rate = done / max(time.monotonic() - began, 1e-3)
            sys.stderr.write(f"\r{done} of {total} people, {rate:.1f} a second ")
            sys.stderr.write("\n" if done == total else "")

    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        results = space.enrolling.from_tables.run(
            space.actor, people, wish, progress=say, is_cancelled=stop.is_set
        )
    finally:
        signal.signal(signal.SIGINT, before)
    if report is not None:
        write_report(results, report)
    return report_rows(results)


def _print_plan(people: "list[PlannedPerson]", *, json: bool) -> None:
    """Print what would be done with each person, and how many that are."""
    from collections import Counter

    for one in people:
        missing = [(photo.given, photo.problem) for _, photo in one.photos if photo.problem]
        if json:
            print_json(
                {
                    "rows": [row.number for row in one.rows],
                    "name": one.name,
                    "staff_number": one.staff_number,
                    "step": one.step,
                    "problem": one.problem,
                    "detail": one.detail,
                    "photos": sum(photo.path is not None for _, photo in one.photos),
                    "photos_refused": [{"photo": given, "problem": problem} for given, problem in missing],
                    "fills_in": one.fills_in,
                }
            )
            continue
        numbers = ", ".join(str(row.number) for row in one.rows)
        why = "" if one.problem is None else f"  {_words(one.problem)}" + _of(one.detail)
        typer.echo(f"{_words(one.step):<8} row {numbers}: {one.name}{why}")
        if one.step is not ImportStep.REFUSE:
            for given, problem in missing:
                typer.echo(f"    {given}: {_words(problem)}")
    if not json:
        counts = Counter(one.step for one in people)
        typer.echo(", ".join(f"{_words(step)} {counts[step]}" for step in ImportStep if counts[step]))
        if len(people) > counts[ImportStep.REFUSE]:
            typer.echo(_NOT_LOOKED_AT)


def _print_row(row: "ReportRow", *, json: bool) -> None:
    if json:
        print_json(vars(row))
        return
    why = "".join(f"  {text}" for text in (row.reason, row.detail) if text)
    typer.echo(f"{_words(row.outcome):<11} row {row.number}: {row.name}: {row.taken} photos{why}")
    for text, what in ((row.weak, ", taken for want of a better one"), (row.refused, "")):
        if text:
            typer.echo(f"    {text}{what}")


def _words(code: ImportStep | EnrolmentOutcome | ImportProblem) -> str:
    return code.value.replace("_", " ")


def _of(detail: str) -> str:
    return f" ({detail})" if detail else ""
