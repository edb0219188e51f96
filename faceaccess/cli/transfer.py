"""`faceaccess people export` and `people import`: people from one installation to another."""

from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import FAILED, DataDir, Json, print_json, read_secret, workspace
from faceaccess.codes import Right

File = Annotated[Path, typer.Argument(help="The file, such as people.fapeople.", metavar="FILE")]


def export(
    ctx: typer.Context,
    file: File,
    person: Annotated[
        list[str] | None,
        typer.Argument(help="Staff numbers, names or ids; else all.", metavar="PERSON..."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write people with photos, templates and consents into one encrypted file.

    The passphrase is the next line of standard input. PINs, groups and entries stay.
    """
    from faceaccess.cli.people import find_person
    from faceaccess.errors import StoreError

    with workspace(ctx, data_dir, right=Right.EXPORT) as space:
        if file.exists():
            raise StoreError(f"{file} exists already.", "Name another file.")
        passphrase = read_secret("Passphrase for the file: ")
        chosen = [find_person(space.people, one).person_id for one in person or ()]
        count = space.enrolling.transfer.write(space.actor, file, passphrase, person_ids=chosen or None)
    typer.echo(f"{file}: {count} people")


def import_(
    ctx: typer.Context,
    file: File,
    preview: Annotated[bool, typer.Option("--preview", help="Only say who is in it.")] = False,
    add_to: Annotated[bool, typer.Option("--add-to", help="Add photos to people who are enrolled.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Enrol people whose name is enrolled, too.")] = False,
    keep_doubles: Annotated[
        bool, typer.Option("--keep-doubles", help="Enrol people who may be enrolled under another name.")
    ] = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol the people of an encrypted file. The same file again changes nothing.

    The passphrase is the next line of standard input. Exits with 1 when somebody could not be enrolled.
    """
    if add_to and new:
        raise typer.BadParameter("--add-to and --new exclude each other.")
    with workspace(ctx, data_dir, right=Right.ENROL) as space:
        from faceaccess.codes import EnrolmentOutcome, IfNamed

        passphrase = read_secret("Passphrase of the file: ")
        if preview:
            head, people = space.enrolling.transfer.preview(file, passphrase)
            typer.echo(f"{head.people} people, written {head.made_at:%Y-%m-%d %H:%M} UTC")
            for one in people:
                typer.echo(f"{one.name}: {len(one.photos)} photos")
            return
        if_named = IfNamed.ADD if add_to else IfNamed.NEW if new else IfNamed.REFUSE
        rows = space.enrolling.transfer.read(
            space.actor, file, passphrase, if_named=if_named, keep_doubles=keep_doubles
        )
    for row in rows:
        if json:
            print_json(vars(row))
            continue
        message = f"  {row.message}" if row.message else ""
        typer.echo(f"{row.outcome.value:<10} {row.name}: {row.photos} photos{message}")
    if any(row.outcome is EnrolmentOutcome.REFUSED for row in rows):
        raise typer.Exit(FAILED)
