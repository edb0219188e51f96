"""`faceaccess enrol`: people from photos."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import FAILED, DataDir, Json, print_json, require_paths, workspace
from faceaccess.codes import EnrolmentOutcome, IfDouble, IfNamed, ImportProblem

if TYPE_CHECKING:
    from faceaccess.people.folder_enrolment import FolderRow

_HINTS = {
    ImportProblem.NAME_ENROLLED: "To add the photos to that person: --add-to. To enrol another one: --new.",
    ImportProblem.SEVERAL_OF_NAME: "To enrol another one: --new. To add by staff number: faceaccess import",
    ImportProblem.DOUBLE: "To add to that person: --name NAME --add-to. To enrol another: --if-double keep.",
}
"""What helps against a refusal, on the command line."""


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
        bool, typer.Option("--new", help="Enrol a new person even if the name is enrolled.")
    ] = False,
    if_double: Annotated[
        IfDouble | None,
        typer.Option(
            "--if-double",
            help="With a face that may be enrolled under another name; without: keep in an open folder only.",
            show_default=False,
        ),
    ] = None,
    consent: Annotated[
        int | None,
        typer.Option(
            "--consent",
            help="Everybody enrolled now has agreed to this text: see faceaccess consents texts.",
            metavar="VERSION",
        ),
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol people from photos. The same photos again change nothing.

    Of a photo that isn't good it is said why; up to five of a person are taken all the same when
    there are no better ones. Somebody who looks like a person enrolled is enrolled, and named; in
    a folder that has operators, refused.
    Exits with 1 when somebody could not be enrolled; the others are.
    """
    if add_to and new:
        raise typer.BadParameter("--add-to and --new exclude each other.")
    if name is None and (len(paths) != 1 or paths[0].is_file()):
        raise typer.BadParameter("Give one folder, or --name with photos.")
    with workspace(ctx, data_dir) as space:
        from faceaccess.store.types import NewConsent
        from faceaccess.vision.images import photo_files

        if name is not None:
            require_paths(paths)
        if_named = IfNamed.ADD if add_to else IfNamed.NEW if new else IfNamed.REFUSE
        given = None if consent is None else NewConsent(consent, date.today())
        desk = space.enrolling.from_files
        if if_double is None:
            if_double = IfDouble.REFUSE if space.operators.is_closed else IfDouble.KEEP
        if name is None:
            rows = desk.enrol_folder(
                space.actor, paths[0], if_named=if_named, if_double=if_double, consent=given
            )
        else:
            files = [file for path in paths for file in (photo_files(path) if path.is_dir() else [path])]
            rows = [
                desk.enrol_files(
                    space.actor,
                    name,
                    files,
                    if_named=if_named,
                    if_double=if_double,
                    staff_number=staff_number,
                    department=department,
                    consent=given,
                )
            ]
    for row in rows:
        print_json(_plain(row)) if json else _print(row)
    if any(row.outcome is EnrolmentOutcome.REFUSED for row in rows):
        raise typer.Exit(FAILED)


def _plain(row: "FolderRow") -> dict[str, object]:
    return {
        "name": row.name,
        "outcome": row.outcome,
        "photos": row.photos,
        "refused": [{"photo": photo, "problem": problem} for photo, problem in row.refused],
        "weak": [{"photo": photo, "problem": problem} for photo, problem in row.weak],
        "problem": row.problem,
        "message": row.message,
    }


def _print(row: "FolderRow") -> None:
    message = f"  {row.message}" if row.message else ""
    typer.echo(f"{row.outcome.value:<10} {row.name}: {row.photos} photos{message}")
    for what, photos in (("", row.refused), (", taken for want of a better one", row.weak)):
        for photo, problem in photos:
            typer.echo(f"    {photo}: {problem.value.replace('_', ' ')}{what}")
    if row.problem in _HINTS:
        typer.echo(f"    {_HINTS[row.problem]}")
