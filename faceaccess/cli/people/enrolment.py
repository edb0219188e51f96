"""`faceaccess enrol`: people from photos."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import DataDir, Json, require_paths, workspace
from faceaccess.cli.people.arrivals import Consent, Double, Preview, Report, admit, terms
from faceaccess.codes import IfDouble, IfNamed, ImportProblem, Right

if TYPE_CHECKING:
    from faceaccess.people.arrivals.arrival import ArrivalRow

HINTS = {
    ImportProblem.NAME_ENROLLED: "To add the photos to that person: --add-to. To enrol another one: --new.",
    ImportProblem.SEVERAL_OF_NAME: "To enrol another one: --new. To add by staff number: --staff-number.",
    ImportProblem.DOUBLE: "To add to that person: --name NAME --add-to. To enrol another: --if-double keep.",
}
"""What helps against a refusal here."""


def enrol(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="A folder with one sub-folder per person; with --name, photos.", metavar="FOLDER"
        ),
    ],
    name: Annotated[
        str | None, typer.Option("--name", help="Enrol one person from the photos given.")
    ] = None,
    staff_number: Annotated[
        str | None, typer.Option("--staff-number", help="With --name: a unique number.")
    ] = None,
    department: Annotated[str, typer.Option("--department", help="With --name.")] = "",
    add_to: Annotated[
        bool, typer.Option("--add-to", help="Add photos to people whose name is enrolled.")
    ] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Enrol a new person even if the name is enrolled already.")
    ] = False,
    preview: Preview = False,
    if_double: Double = IfDouble.REFUSE,
    consent: Consent = None,
    report: Report = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol people from photos: a folder, as with faceaccess import, or one person's.

    The same photos again change nothing. Of a photo that isn't good it is said why; up to five of a
    person are taken all the same when there are no better ones. Who looks like somebody enrolled is
    refused, and that person named.
    Exits with 1 when somebody or something was left out, which is named; the others are enrolled.
    """
    if add_to and new:
        raise typer.BadParameter("--add-to and --new exclude each other.")
    if name is None and (len(paths) != 1 or paths[0].is_file()):
        raise typer.BadParameter("Give one folder, or --name with photos.")
    if_named = IfNamed.ADD if add_to else IfNamed.NEW if new else IfNamed.REFUSE
    with workspace(ctx, data_dir, right=Right.ENROL) as space:
        admit(
            space,
            _rows(paths, name, staff_number, department),
            terms(consent, if_double, if_named),
            preview=preview,
            report=report,
            json=json,
            hints=HINTS,
        )


def _rows(
    paths: list[Path], name: str | None, staff_number: str | None, department: str
) -> "list[ArrivalRow]":
    from faceaccess.people.arrivals.folder import row_of_photos, rows_of_folder

    if name is None:
        return rows_of_folder(paths[0])
    require_paths(paths)
    return [row_of_photos(name, paths, staff_number, department)]
