"""`faceaccess people`: the people enrolled, and changing them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    Commands,
    DataDir,
    Json,
    counted,
    print_json,
    read_secret,
    say,
    workspace,
)
from faceaccess.cli.tables import print_table
from faceaccess.codes import OtherWay

if TYPE_CHECKING:
    from faceaccess.attendance.zones import Zones
    from faceaccess.store.people.people import People
    from faceaccess.store.people.types import Person

app = Commands(help="List, rename, deactivate, merge or delete people.", no_args_is_help=False)

Who = Annotated[str, typer.Argument(help="Staff number, name, or the start of the id.", metavar="PERSON")]
Search = Annotated[
    str, typer.Option("--search", help="Only people with this in name, staff number, department or e-mail.")
]

_LEAST_ID_LENGTH = 4


@app.callback(invoke_without_command=True)
def people(
    ctx: typer.Context,
    search: Search = "",
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List the people enrolled; with a sub-command, change one."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = data_dir or ctx.obj
        return
    with workspace(ctx, data_dir, read_only=True) as space:
        listed, zones = space.people.list(search), space.office.timesheets.zones()
    if json:
        for person in listed:
            print_json(_plain(person))
    else:
        _print_table(listed, zones)


@app.command()
def rename(
    ctx: typer.Context,
    person: Who,
    name: Annotated[str, typer.Argument(help="The new name.")],
    data_dir: DataDir = None,
) -> None:
    """Give a person another name; earlier entries show it too."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        changed = space.reception.directory.change(
            space.access.actor,
            enrolled.person_id,
            name=name,
            staff_number=enrolled.staff_number,
            department=enrolled.department,
        )
        say(f"{enrolled.name} is now {changed.name}.")


@app.command()
def deactivate(ctx: typer.Context, person: Who, data_dir: DataDir = None) -> None:
    """Refuse a person at the door, and keep photos and entries."""
    _set_active(ctx, person, False, data_dir)


@app.command()
def activate(ctx: typer.Context, person: Who, data_dir: DataDir = None) -> None:
    """Let a deactivated person in again."""
    _set_active(ctx, person, True, data_dir)


@app.command()
def disclose(
    ctx: typer.Context,
    person: Who,
    to: Annotated[Path, typer.Option("--to", help="The zip file to write.")],
    data_dir: DataDir = None,
) -> None:
    """Write everything held on a person into a zip that the person can read: photos, entries, pictures."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person, hidden=None)
        disclosed = space.reception.disclosure.write(space.access.actor, enrolled.person_id, to)
        say(
            f"{to}: {counted(disclosed.photos, 'photo')}, {counted(disclosed.entries, 'entry', 'entries')}, "
            f"{counted(disclosed.pictures, 'picture')}."
        )


@app.command("set-pin")
def set_pin(ctx: typer.Context, person: Who, data_dir: DataDir = None) -> None:
    """Give a person a PIN: asked for twice, or read from standard input."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        pin = read_secret("PIN: ", is_repeated=True)
        space.reception.directory.set_pin(space.access.actor, enrolled.person_id, pin)
        say(f"{enrolled.name} has a PIN.")


@app.command("remove-pin")
def remove_pin(ctx: typer.Context, person: Who, data_dir: DataDir = None) -> None:
    """Take a person's PIN away."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        space.reception.directory.remove_pin(space.access.actor, enrolled.person_id)
        say(f"{enrolled.name} has no PIN.")


@app.command("other-way")
def set_other_way(
    ctx: typer.Context,
    person: Who,
    way: Annotated[
        OtherWay | None, typer.Argument(help="pin or desk; left out: asked like everybody.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Let a person come in by PIN or desk where others are asked to turn the head; nothing says why."""
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        space.reception.directory.set_other_way(space.access.actor, enrolled.person_id, way)
        say(f"{enrolled.name}: {'asked to turn the head' if way is None else way.value}.")


def find_person(people: "People", text: str, *, hidden: bool | None = False) -> "Person":
    """Return the one person meant by a staff number, a name or the start of an id.

    Args:
        people: the people enrolled.
        text: what was typed.
        hidden: True for those who are deleted and can be restored, None for these too.

    Raises:
        EnrolmentError: nobody, or several people.
    """
    from faceaccess.errors import EnrolmentError

    everybody = people.list(hidden=hidden)
    key = text.strip().casefold()
    matches = [person for person in everybody if person.staff_number and person.has_number(text)]
    matches = matches or [person for person in everybody if person.is_called(text)]
    if not matches and len(key) >= _LEAST_ID_LENGTH:
        matches = [person for person in everybody if person.person_id.startswith(key)]
    if not matches:
        if hidden:
            raise EnrolmentError(f"No deleted person matches {text!r}.", "See: faceaccess people deleted")
        raise EnrolmentError(f"No enrolled person matches {text!r}.", "See: faceaccess people")
    if len(matches) > 1:
        choices = ", ".join(person.staff_number or person.person_id[:8] for person in matches)
        people_named = counted(len(matches), "person", "people")
        raise EnrolmentError(
            f"{people_named} match {text!r}.",
            f"Say which by staff number or id: {choices}.",
        )
    return matches[0]


def _set_active(ctx: typer.Context, person: str, is_active: bool, data_dir: DataDir) -> None:
    with workspace(ctx, data_dir) as space:
        enrolled = find_person(space.people, person)
        space.reception.directory.set_active(space.access.actor, enrolled.person_id, is_active)
        say(f"{enrolled.name} is {'active' if is_active else 'deactivated'}.")


def _plain(person: "Person") -> dict[str, object]:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "staff_number": person.staff_number,
        "department": person.department,
        "email": person.email,
        "is_active": person.is_active,
        "has_pin": person.has_pin,
        "templates": person.template_count,
        "created_at": person.created_at.isoformat(),
        "last_seen": person.last_seen.isoformat() if person.last_seen else None,
    }


def _states(person: "Person") -> list[str]:
    states = [] if person.is_active else ["deactivated"]
    return states + (["shares an earlier person's number"] if person.is_number_shared else [])


def _print_table(people: "list[Person]", zones: "Zones") -> None:
    rows = [
        (
            person.name,
            person.staff_number or "",
            person.department,
            person.email,
            str(person.template_count),
            f"{zones.local(person.last_seen):%Y-%m-%d %H:%M}" if person.last_seen else "",
            ", ".join(_states(person)),
            person.person_id[:8],
        )
        for person in people
    ]
    if rows:
        headings = ("Name", "Number", "Department", "E-mail", "Templates", "Last seen", "State", "Id")
        print_table(headings, rows, whole=("Number", "Id"))
    say(f"{len(people)} {'person' if len(people) == 1 else 'people'}")
