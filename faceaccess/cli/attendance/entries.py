"""`faceaccess entries`: correct the log openly, and fill what is missing."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.attendance.dates import Month, parse_moment, parse_month
from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, say_doubt, say_if_none, workspace
from faceaccess.cli.people.people import Who, find_person
from faceaccess.codes import Direction

if TYPE_CHECKING:
    from datetime import datetime

    from faceaccess.attendance.stays import Gap
    from faceaccess.workspace import Workspace

app = Commands(
    help="Correct entries by new ones that name the old one, the operator and the reason. Nothing is edited.",
    no_args_is_help=True,
)

Seq = Annotated[int, typer.Argument(help="The entry's number in the log.", metavar="ENTRY")]
Why = Annotated[str, typer.Option("--why", help="Why, in a few words; erased with the person.")]
Way = Annotated[Direction, typer.Option("--direction", help="Which way the person went.")]
At = Annotated[str, typer.Option("--at", help="Such as 2026-03-04T08:05, on the company's clocks.")]


@app.command("void")
def void(ctx: typer.Context, entry: Seq, why: Why, data_dir: DataDir = None) -> None:
    """Take an entry back; it stays in the log, struck through."""
    with workspace(ctx, data_dir) as space:
        event = space.office.corrections.void(space.access.actor, entry, why=why)
        say(f"Entry {entry} is voided by row {event.voided_by}.")


@app.command("add")
def add(
    ctx: typer.Context,
    person: Who,
    at: At,
    why: Why,
    direction: Way = Direction.BOTH,
    door: Annotated[str, typer.Option("--door", help="At which door.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Add an entry that the door did not make."""
    with workspace(ctx, data_dir) as space:
        person_id, moment = find_person(space.people, person).person_id, parse_moment(space, at)
        doubt = space.office.doubts.about_entry(person_id, moment, direction, now=_now())
        event = space.office.corrections.add(
            space.access.actor,
            person_id,
            at=moment,
            direction=direction,
            why=why,
            now=_now(),
            door=door,
        )
        say(f"Entry {event.seq}.")
        say_doubt(doubt)


@app.command("correct")
def correct(
    ctx: typer.Context,
    entry: Seq,
    why: Why,
    at: Annotated[str | None, typer.Option("--at", help="The right time, such as 2026-03-04T08:05.")] = None,
    direction: Annotated[Direction | None, typer.Option("--direction", help="The right way.")] = None,
    person: Annotated[str | None, typer.Option("--person", help="The right person.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Void an entry and add the right one in its place."""
    with workspace(ctx, data_dir) as space:
        event = space.office.corrections.replace(
            space.access.actor,
            entry,
            why=why,
            now=_now(),
            at=None if at is None else parse_moment(space, at),
            direction=direction,
            person_id=None if person is None else find_person(space.people, person).person_id,
        )
        say(f"Entry {event.seq} stands for {entry}.")


@app.command("missing")
def missing(
    ctx: typer.Context, person: Who, month: Month = None, json: Json = False, data_dir: DataDir = None
) -> None:
    """Show which ways in or out are missing, and what the log has of the person at about that time."""
    with workspace(ctx, data_dir, read_only=True) as space:
        zones = space.office.timesheets.zones()
        gaps = _gaps(space, person, month)
        say_if_none(gaps, "No way in or out is missing.", json=json)
        if gaps and not json:
            say(f"Times in {zones.names}", err=True)
        for gap in gaps:
            misses = space.office.missing.near_misses(gap)
            expected = None if gap.expected_at is None else zones.local(gap.expected_at)
            if json:
                print_json(
                    {"day": gap.day.isoformat(), "direction": gap.direction, "expected": expected,
                     "near_misses": [
                         {"entry": miss.event.seq, "at": zones.local(miss.event.entry.at),
                          "outcome": miss.event.entry.outcome, "distance": miss.distance,
                          "has_crop": miss.event.has_crop}
                         for miss in misses
                     ]}
                )  # fmt: skip
                continue
            about = "" if expected is None else f", expected about {expected:%H:%M}"
            say(f"{gap.day}: way {gap.direction} missing{about}")
            for miss in misses:
                distance = "" if miss.distance is None else f", distance {miss.distance:.3f}"
                at = zones.local(miss.event.entry.at)
                say(f"  entry {miss.event.seq} at {at:%H:%M:%S}, {miss.event.entry.outcome}{distance}")


@app.command("accept")
def accept(
    ctx: typer.Context,
    person: Who,
    entry: Annotated[int, typer.Argument(help="A near miss that `entries missing` shows.", metavar="ENTRY")],
    why: Why,
    month: Month = None,
    data_dir: DataDir = None,
) -> None:
    """Fill a gap by a near miss: the entry made names it as its evidence."""
    from faceaccess.errors import AttendanceError

    with workspace(ctx, data_dir) as space:
        for gap in _gaps(space, person, month):
            if any(miss.event.seq == entry for miss in space.office.missing.near_misses(gap)):
                event = space.office.missing.accept(space.access.actor, gap, entry, why=why, now=_now())
                say(f"Entry {event.seq}: {gap.direction} on {gap.day}.")
                return
        raise AttendanceError(f"Entry {entry} fills no gap.", "See: faceaccess entries missing PERSON")


def _gaps(space: "Workspace", person: str, month: str | None) -> "tuple[Gap, ...]":
    now = _now()
    timesheets = space.office.timesheets
    of_month = parse_month(month) if month else timesheets.zones().day_of(now)
    (sheet,) = timesheets.month(of_month, now=now, people=[find_person(space.people, person)])
    return sheet.gaps


def _now() -> "datetime":
    from faceaccess.store.clock import utc_now

    return utc_now()
