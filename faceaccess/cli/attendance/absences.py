"""`faceaccess absences`: the days on which people don't come."""

from datetime import date, timedelta
from typing import Annotated

import typer

from faceaccess.cli.attendance.dates import parse_day
from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, say_doubt, say_if_none, workspace
from faceaccess.cli.people.people import Who, find_person
from faceaccess.codes import AbsenceKind, DayPart

app = Commands(help="Leave, sickness, remote work and other absences.", no_args_is_help=True)


@app.command("list")
def list_absences(
    ctx: typer.Context,
    person: Annotated[str | None, typer.Option("--person", help="Only this person's.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day; a month ago by default.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day; a year from then by default.")] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """List absences, with those taken back."""
    first = parse_day(since) if since else date.today() - timedelta(days=31)
    last = parse_day(until) if until else first + timedelta(days=366)
    with workspace(ctx, data_dir, read_only=None) as space:
        whose = None if person is None else find_person(space.people, person).person_id
        people = {listed.person_id: listed.name for listed in space.people.list(hidden=None)}
        absences = space.office.planning.absences(first, last, whose)
        notes = {absence.seq: space.journal.rows.note(absence.seq) or "" for absence in absences}
    say_if_none(absences, "There are no absences in these days.", json=json)
    for absence in absences:
        if json:
            print_json(
                {"absence": absence.seq, "person": people[absence.person_id],
                 "kind": absence.kind, "part": absence.part, "first_day": absence.first_day.isoformat(),
                 "last_day": absence.last_day.isoformat(), "why": notes[absence.seq],
                 "removed_by": absence.removed_by}
            )  # fmt: skip
            continue
        days = f"{absence.first_day}" + (
            f" to {absence.last_day}" if absence.last_day > absence.first_day else ""
        )
        part = "" if absence.part is DayPart.WHOLE else f" ({absence.part})"
        why = f": {notes[absence.seq]}" if notes[absence.seq] else ""
        removed = " [taken back]" if absence.removed_by is not None else ""
        say(f"{absence.seq}  {people[absence.person_id]}, {absence.kind}{part}, {days}{why}{removed}")


@app.command("add")
def add(
    ctx: typer.Context,
    person: Who,
    kind: Annotated[AbsenceKind, typer.Argument(help="Why the person doesn't come.")],
    since: Annotated[str, typer.Option("--from", help="First day, such as 2026-03-04.")],
    until: Annotated[str | None, typer.Option("--to", help="Last day; the first by default.")] = None,
    part: Annotated[DayPart, typer.Option("--part", help="Half of each day, or all of it.")] = DayPart.WHOLE,
    why: Annotated[str, typer.Option("--why", help="A further note; erased with the person.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Enter an absence, past or to come."""
    from faceaccess.store.clock import utc_now

    first = parse_day(since)
    last = first if until is None else parse_day(until)
    with workspace(ctx, data_dir) as space:
        person_id = find_person(space.people, person).person_id
        doubt = space.office.doubts.about_absence(person_id, kind, first, last, part, now=utc_now())
        absence = space.office.planning.enter_absence(
            space.access.actor,
            person_id,
            kind=kind,
            first_day=first,
            last_day=last,
            now=utc_now(),
            part=part,
            why=why,
        )
        say(f"Absence {absence.seq}.")
        say_doubt(doubt)


@app.command("remove")
def remove(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="As `absences list` shows it.")],
    why: Annotated[str, typer.Option("--why", help="A further note; erased with the person.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Take an absence back; it stays in the record."""
    with workspace(ctx, data_dir) as space:
        space.office.planning.remove_absence(space.access.actor, number, why=why)
