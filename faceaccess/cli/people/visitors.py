"""`faceaccess visitors`: people who came to the door and were not recognised, and how often."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, confirm, counted, print_json, say, workspace
from faceaccess.codes import Right, VisitorMark
from faceaccess.settings import DoorSettings

if TYPE_CHECKING:
    from faceaccess.attendance.zones import Zones
    from faceaccess.people.visitors import VisitorGroup
    from faceaccess.workspace import Workspace

app = Commands(help="Unknown visitors: list, merge, ignore or delete them.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="The visitor's number, as listed.", metavar="NUMBER")]


@app.command()
def keep(
    ctx: typer.Context,
    hours: Annotated[int, typer.Argument(help="0: not at all, and stored faces are deleted at once.", min=0)],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete stored faces without asking.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Set how many hours unrecognised faces are kept for comparison."""
    from dataclasses import replace

    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        going = 0 if hours else space.reception.visitors.count(space.access.actor)
        if going and not yes:
            confirm(f"Delete {counted(going, 'face')} that are kept? This can't be undone.")
        settings = replace(space.policies.read(DoorSettings), keep_unknown_h=hours)
        space.policies.set(space.access.actor, settings)
    if hours:
        say(f"Unknown faces are kept for {hours} h.")
    else:
        say(f"Unknown faces are no longer kept; {counted(going, 'face')} deleted.")


@app.command("list")
def list_visitors(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List unknown visitors, the most frequent first."""
    with workspace(ctx, data_dir, read_only=True) as space:
        is_off = not space.policies.read(DoorSettings).keep_unknown_h
        groups, zones = space.reception.visitors.groups(space.access.actor), space.office.timesheets.zones()
        names = {
            group.person_id: space.people.get(group.person_id).name for group in groups if group.person_id
        }
    for group in groups:
        name = names.get(group.person_id or "")
        if json:
            print_json(_plain(group, name))
        else:
            say(_words(group, name, zones))
    if not groups and not json:
        say("Unknown faces are not kept. See: faceaccess visitors keep" if is_off else "Nobody unknown came.")


@app.command()
def merge(
    ctx: typer.Context,
    numbers: Annotated[list[int], typer.Argument(help="Two visitors or more.", metavar="NUMBER...")],
    data_dir: DataDir = None,
) -> None:
    """Treat several visitors as one person from now on."""
    with workspace(ctx, data_dir) as space:
        groups = {_group(space, number).seqs for number in numbers}
        if len(groups) < 2:
            raise typer.BadParameter("Name two visitors or more.")
        seqs = [seq for group in groups for seq in group]
        space.reception.visitors.merge(space.access.actor, seqs)
        say(f"One visitor now, with {counted(len(set(seqs)), 'visit')}.")


@app.command()
def ignore(
    ctx: typer.Context,
    number: Number,
    why: Annotated[
        VisitorMark, typer.Option("--why", help="Why nobody is to be asked.")
    ] = VisitorMark.NEVER_ASK,
    data_dir: DataDir = None,
) -> None:
    """Stop showing a visitor, and faces like it, for as long as its pictures are kept."""
    with workspace(ctx, data_dir) as space:
        space.reception.visitors.ignore(space.access.actor, _group(space, number).seqs, why)


@app.command()
def delete(
    ctx: typer.Context,
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a visitor's faces and pictures; the entries stay in the log without."""
    with workspace(ctx, data_dir) as space:
        group = _group(space, number)
        if not yes:
            confirm(f"Delete {counted(len(group.seqs), 'picture')}? This can't be undone.")
        space.reception.visitors.delete(space.access.actor, group.seqs)


def _group(space: "Workspace", number: int) -> "VisitorGroup":
    """Return the visitor that has an entry of this number.

    Raises:
        EnrolmentError: there is none.
    """
    from faceaccess.errors import EnrolmentError

    for group in space.reception.visitors.groups(space.access.actor):
        if number in group.seqs:
            return group
    raise EnrolmentError(f"There is no visitor {number}.", "See: faceaccess visitors list")


def _words(group: "VisitorGroup", name: str | None, zones: "Zones") -> str:
    visits = counted(len(group.seqs), "visit")
    first, last = (f"{zones.local(at):%Y-%m-%d %H:%M}" for at in (group.first_at, group.last_at))
    when = first if first == last else f"{first} to {last}"
    known = f"; looks like {name}, who is enrolled" if name else ""
    return f"{group.number}: {visits}, {when}, {', '.join(group.doors)}{known}"


def _plain(group: "VisitorGroup", name: str | None) -> dict[str, object]:
    return {
        "number": group.number,
        "visits": len(group.seqs),
        "entries": list(group.seqs),
        "first_at": group.first_at.isoformat(),
        "last_at": group.last_at.isoformat(),
        "doors": list(group.doors),
        "looks_like": name,
        "distance": None if group.distance is None else round(float(group.distance), 4),
    }
