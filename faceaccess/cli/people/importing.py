"""`faceaccess import`: many people from a table or a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import DataDir, Json, say, workspace
from faceaccess.cli.people.arrivals import Consent, Double, Preview, Report, admit, terms
from faceaccess.codes import DateOrder, IfDouble, IfNamed, ImportField, Right

if TYPE_CHECKING:
    from faceaccess.people.arrivals.arrival import ArrivalRow

_FIELDS = ", ".join(ImportField)


def import_people(
    ctx: typer.Context,
    source: Annotated[
        Path, typer.Argument(help="A CSV or XLSX table, or a folder with one sub-folder per person.")
    ],
    photos: Annotated[
        Path | None,
        typer.Option(
            "--photos",
            help="The folder of the photos that the table names; by default its own.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help=f"Which column says what, as FIELD=COLUMN (its heading or number): {_FIELDS}. "
            "Twice for a name or photos in two columns.",
            metavar="FIELD=COLUMN",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="Of a CSV table whose letters come out wrong, such as windows-1250."),
    ] = None,
    dates: Annotated[
        DateOrder | None,
        typer.Option("--dates", help="How days are written, where the table leaves it open."),
    ] = None,
    preview: Preview = False,
    consent: Consent = None,
    if_double: Double = IfDouble.REFUSE,
    if_named: Annotated[
        IfNamed, typer.Option("--if-named", help="With an enrolled name without a staff number.")
    ] = IfNamed.REFUSE,
    report: Report = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Import many people: a table that names their photos, or a folder of folders.

    Nothing is written before all rows are checked; then each person is stored by itself. Done again,
    what is enrolled already is passed over, so that an import that was stopped goes on.
    Exits with 1 when somebody or something was left out, which is named; the others are enrolled.
    """
    fields = _wanted(columns or [])
    # Looking takes nothing from a door that writes meanwhile.
    with workspace(ctx, data_dir, read_only=None if preview else False, right=Right.ENROL) as space:
        rows = _rows(source, photos, fields, encoding, dates)
        admit(space, rows, terms(consent, if_double, if_named), preview=preview, report=report, json=json)


def _wanted(columns: list[str]) -> dict[ImportField, list[str]]:
    """Return the columns named by --map, by field."""
    from faceaccess.people.arrivals.columns import SEVERAL

    fields: dict[ImportField, list[str]] = {}
    for text in columns:
        field, is_given, column = text.partition("=")
        if not is_given or field.strip() not in set(ImportField):
            raise typer.BadParameter(f"{text}: give FIELD=COLUMN; the fields are {_FIELDS}.")
        fields.setdefault(ImportField(field.strip()), []).append(column)
    for told, texts in fields.items():
        if len(texts) > 1 and told not in SEVERAL:
            raise typer.BadParameter(f"--map {told} is given twice: {' and '.join(texts)}. Say which one.")
    return fields


def _rows(
    source: Path,
    photos: Path | None,
    fields: dict[ImportField, list[str]],
    encoding: str | None,
    dates: DateOrder | None,
) -> "list[ArrivalRow]":
    from faceaccess.people.arrivals.columns import chosen, unused
    from faceaccess.people.arrivals.folder import rows_of_folder
    from faceaccess.people.arrivals.photo_files import PhotoFolders
    from faceaccess.people.arrivals.table import rows_of_table
    from faceaccess.people.arrivals.table_file import read_table

    if source.is_dir():
        return rows_of_folder(source)
    table = read_table(source, encoding)
    for hint in table.hints:
        say(f"{hint} Another encoding: --encoding NAME." if table.separator else hint, err=True)
    columns = chosen(table, fields)
    if left := unused(table, columns):
        say(f"Columns that aren't read: {', '.join(left)}.", err=True)
    return rows_of_table(table, columns, PhotoFolders(source.parent, photos), dates)
