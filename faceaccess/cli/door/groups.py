"""`faceaccess groups`: access groups with their hours."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.attendance.dates import parse_any_day, parse_day, parse_time
from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, say_if_none, workspace
from faceaccess.cli.people.people import Who, find_person
from faceaccess.store.access.types import AccessRules

if TYPE_CHECKING:
    from faceaccess.store.access.types import AccessGroup, AccessRules
    from faceaccess.workspace import Workspace

app = Commands(
    help="Access groups: who may pass when. People in no group may always pass.", no_args_is_help=True
)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Yes = Annotated[bool, typer.Option("--yes", help="Do it even if somebody may then pass at any time.")]
Group = Annotated[str, typer.Argument(help="The group's name.")]


@app.command("list")
def list_groups(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List groups with their hours, doors and members, then the holidays."""
    with workspace(ctx, data_dir, read_only=None) as space:
        rules, members = space.policies.read(AccessRules), space.doors.members.by_person()
        names = {person.person_id: person.name for person in space.people.list()}
    say_if_none(rules.groups, "There are no groups: everybody enrolled may pass at any time.", json=json)
    for group in rules.groups:
        people = [names[who] for who, ids in members.items() if group.group_id in ids and who in names]
        if json:
            print_json(
                {"group": group.name, "hours": _hours(group), "doors": group.doors,
                 "on_holidays": group.on_holidays, "people": people}
            )  # fmt: skip
            continue
        doors = ", ".join(group.doors) or "all doors"
        holidays = ", on holidays too" if group.on_holidays else ""
        say(f"{group.name}: {'; '.join(_hours(group)) or 'any time'}, {doors}{holidays}")
        say(f"  {', '.join(people) or 'nobody'}")
    for day in sorted(rules.holidays):
        if json:
            print_json({"holiday": day.isoformat()})
        else:
            say(f"holiday: {day.isoformat()}")


@app.command("create")
def create(ctx: typer.Context, name: Group, data_dir: DataDir = None) -> None:
    """Create a group, which may pass at any time until it is given hours."""
    from faceaccess.door.groups import new_group

    with workspace(ctx, data_dir) as space:
        space.doors.groups.put(space.access.actor, new_group(name))


@app.command("delete")
def delete(ctx: typer.Context, name: Group, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Delete a group; members in no other may then pass at any time, which needs --yes."""
    with workspace(ctx, data_dir) as space:
        group = _find(space.policies.read(AccessRules), name)
        if not yes:
            _refuse_to_set_free(space, space.doors.groups.set_free_by(group_id=group.group_id))
        space.doors.groups.remove(space.access.actor, group.group_id)


@app.command("hours")
def hours(
    ctx: typer.Context,
    name: Group,
    days: Annotated[str, typer.Option("--days", help="Such as mon-fri or mon,wed,sat.")] = "mon-fri",
    start: Annotated[str, typer.Option("--from", help="Such as 08:00.")] = "08:00",
    end: Annotated[str, typer.Option("--to", help="Such as 18:00; before --from: over midnight.")] = "18:00",
    clear: Annotated[bool, typer.Option("--clear", help="Remove the present hours first.")] = False,
    door: Annotated[list[str] | None, typer.Option("--door", help="Only these doors; repeatable.")] = None,
    on_holidays: Annotated[
        bool | None, typer.Option("--on-holidays/--not-on-holidays", help="Whether they count on holidays.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Add hours to a group."""
    from faceaccess.store.access.types import Window

    window = Window(parse_days(days), parse_time(start), parse_time(end))
    with workspace(ctx, data_dir) as space:
        group = _find(space.policies.read(AccessRules), name)
        changed = replace(
            group,
            windows=(window,) if clear else (*group.windows, window),
            doors=group.doors if door is None else tuple(door),
            on_holidays=group.on_holidays if on_holidays is None else on_holidays,
        )
        space.doors.groups.put(space.access.actor, changed)


@app.command("add")
def add(ctx: typer.Context, name: Group, person: Who, data_dir: DataDir = None) -> None:
    """Put a person into a group."""
    _change_members(ctx, data_dir, name, person, is_in=True)


@app.command("remove")
def remove(ctx: typer.Context, name: Group, person: Who, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Take a person out of a group; out of the last one needs --yes."""
    _change_members(ctx, data_dir, name, person, is_in=False, may_set_free=yes)


@app.command("holiday")
def holiday(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(help="Such as 2026-12-25.")],
    remove: Annotated[bool, typer.Option("--remove", help="Remove the holiday.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Add a holiday."""
    chosen = {parse_any_day(day) if remove else parse_day(day)}
    with workspace(ctx, data_dir) as space:
        holidays = space.policies.read(AccessRules).holidays
        days = holidays - chosen if remove else holidays | chosen
        space.doors.groups.set_holidays(space.access.actor, days)


def _refuse_to_set_free(space: "Workspace", person_ids: Sequence[str]) -> None:
    from faceaccess.errors import SettingsError

    if person_ids:
        names = ", ".join(space.people.get(person_id).name for person_id in person_ids)
        raise SettingsError(f"These people could pass at any time: {names}.", "If that is meant, add --yes.")


def _change_members(
    ctx: typer.Context,
    data_dir: DataDir,
    name: str,
    person: str,
    *,
    is_in: bool,
    may_set_free: bool = True,
) -> None:
    with workspace(ctx, data_dir) as space:
        group = _find(space.policies.read(AccessRules), name)
        member = find_person(space.people, person)
        ids = [
            group_id
            for group_id in space.doors.members.by_person().get(member.person_id, ())
            if group_id != group.group_id
        ]
        ids = [*ids, group.group_id] if is_in else ids
        if not may_set_free:
            freed = space.doors.groups.set_free_by(person_id=member.person_id, groups=ids)
            _refuse_to_set_free(space, freed)
        space.reception.directory.set_groups(space.access.actor, member.person_id, ids)


def _find(rules: "AccessRules", name: str) -> "AccessGroup":
    from faceaccess.errors import SettingsError

    named = [group for group in rules.groups if group.name.casefold() == name.strip().casefold()]
    if not named:
        raise SettingsError(f"There is no group named {name!r}.", "See: faceaccess groups list")
    return named[0]


def _hours(group: "AccessGroup") -> list[str]:
    return [
        f"{','.join(_DAYS[day] for day in sorted(window.days))} {window.start:%H:%M}-{window.end:%H:%M}"
        for window in group.windows
    ]


def parse_days(text: str) -> frozenset[int]:
    """Return the weekdays of "mon-fri" or "mon,wed"."""
    days: set[int] = set()
    for part in text.lower().split(","):
        first, _, last = part.strip().partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            raise typer.BadParameter(f"{part!r} is not a weekday; write {', '.join(_DAYS)} or mon-fri.")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        days |= {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
    return frozenset(days)
