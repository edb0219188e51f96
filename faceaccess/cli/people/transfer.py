"""`faceaccess people export` and `people import`: people from one installation to another."""

from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import DataDir, Json, counted, read_secret, say, workspace
from faceaccess.cli.people.arrivals import Double, Preview, Report, admit, terms
from faceaccess.cli.people.enrolment import HINTS
from faceaccess.codes import IfDouble, IfNamed, Right

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
    from faceaccess.cli.people.people import find_person
    from faceaccess.errors import StoreError

    with workspace(ctx, data_dir, right=Right.EXPORT) as space:
        if file.exists():
            raise StoreError(f"{file} exists already.", "Name another file.")
        passphrase = read_secret("Passphrase for the file: ")
        chosen = [find_person(space.people, name).person_id for name in person or ()]
        count = space.reception.enrolling.transfer.write(
            space.access.actor, file, passphrase, person_ids=chosen or None
        )
    say(f"{file}: {counted(count, 'person', 'people')}")


def import_(
    ctx: typer.Context,
    file: File,
    preview: Preview = False,
    add_to: Annotated[bool, typer.Option("--add-to", help="Add photos to people who are enrolled.")] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Also enrol people whose name is enrolled already.")
    ] = False,
    if_double: Double = IfDouble.REFUSE,
    report: Report = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Enrol the people of an encrypted file. The same file again changes nothing.

    The passphrase is the next line of standard input. The file is checked to its end first.
    Exits with 1 when somebody or something was left out, which is named; the others are enrolled.
    """
    if add_to and new:
        raise typer.BadParameter("--add-to and --new exclude each other.")
    from faceaccess.people.arrivals.transfer import transferred

    if_named = IfNamed.ADD if add_to else IfNamed.NEW if new else IfNamed.REFUSE
    with workspace(ctx, data_dir, right=Right.ENROL) as space:
        passphrase = read_secret("Passphrase of the file: ")
        with transferred(file, passphrase) as people:
            if not json:
                said = counted(len(people.rows), "person", "people")
                say(f"{said}, written {people.made_at:%Y-%m-%d %H:%M} UTC")
            admit(
                space,
                people.rows,
                terms(None, if_double, if_named),
                preview=preview,
                report=report,
                json=json,
                hints=HINTS,
            )
