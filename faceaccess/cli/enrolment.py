"""`faceaccess enrol`: people from photos."""

from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import FAILED, DataDir, Json, print_json, workspace


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
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol people from photos. The same photos again change nothing.

    Exits with 1 when somebody could not be enrolled; the others are.
    """
    if add_to and new:
        raise typer.BadParameter("--add-to and --new exclude each other.")
    if name is None and len(paths) != 1:
        raise typer.BadParameter("Give one folder, or --name with photos.")
    with workspace(ctx, data_dir) as space:
        from faceaccess.people.enrolment import FolderOutcome, IfNamed
        from faceaccess.vision.images import photo_files

        if_named = IfNamed.ADD if add_to else IfNamed.NEW if new else IfNamed.REFUSE
        if name is None:
            rows = space.enrolment.enrol_folder(space.actor, paths[0], if_named=if_named)
        else:
            files = [file for path in paths for file in (photo_files(path) if path.is_dir() else [path])]
            rows = [
                space.enrolment.enrol_files(
                    space.actor,
                    name,
                    files,
                    if_named=if_named,
                    staff_number=staff_number,
                    department=department,
                )
            ]
    for row in rows:
        if json:
            print_json(
                {
                    "name": row.name,
                    "outcome": row.outcome,
                    "photos": row.photos,
                    "refused": [{"photo": photo, "problem": problem} for photo, problem in row.refused],
                    "message": row.message,
                }
            )
            continue
        refused = "".join(
            f"\n    {photo}: {problem.value.replace('_', ' ')}" for photo, problem in row.refused
        )
        message = f"  {row.message}" if row.message else ""
        typer.echo(f"{row.outcome.value:<10} {row.name}: {row.photos} photos{message}{refused}")
    if any(row.outcome is FolderOutcome.REFUSED for row in rows):
        raise typer.Exit(FAILED)
