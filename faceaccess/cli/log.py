"""`faceaccess log`: the entries, newest first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import DataDir, Json, print_json, workspace
from faceaccess.cli.people import Search, find_person
from faceaccess.codes import JournalKind, Outcome

if TYPE_CHECKING:
    from faceaccess.store.types import Event, EventFilter
    from faceaccess.workspace import Workspace

_DATE_HELP = "A date or time such as 2026-03-04 or 2026-03-04T12:30, in local time unless a zone is given"

Since = Annotated[str | None, typer.Option("--since", help=f"{_DATE_HELP}.")]
Until = Annotated[str | None, typer.Option("--until", help=f"{_DATE_HELP}; a date alone includes that day.")]
Person = Annotated[str | None, typer.Option("--person", help="Staff number, name, or the start of the id.")]
Outcomes = Annotated[list[Outcome] | None, typer.Option("--outcome", help="May be given several times.")]
Camera = Annotated[str | None, typer.Option("--camera", help="A camera's name.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="Show at most so many entries.")]
Faults = Annotated[
    bool, typer.Option("--faults", help="Show when cameras came, went or saw nothing, not the entries.")
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write all entries found to a file, unlimited.")]


def log(
    ctx: typer.Context,
    since: Since = None,
    until: Until = None,
    person: Person = None,
    search: Search = "",
    outcome: Outcomes = None,
    camera: Camera = None,
    limit: Limit = 50,
    faults: Faults = False,
    json: Json = False,
    csv: Csv = None,
    data_dir: DataDir = None,
) -> None:
    """Show the entries of the log, newest first."""
    first, last = _time(since), _time(until, is_end=True)
    with workspace(ctx, data_dir, read_only=True) as space:
        from faceaccess.store.types import EventFilter

        if faults:
            _print_faults(space, limit, as_json=json)
            return
        wanted = EventFilter(
            since=first,
            until=last,
            person_id=None if person is None else find_person(space.people, person).person_id,
            text=search,
            outcomes=tuple(outcome or ()),
            camera=camera,
        )
        if csv is not None:
            _export(space, wanted, csv)
            return
        events = space.journal.events(wanted, limit=limit)
        total = 0 if json else space.journal.count(wanted)
    if json:
        for event in events:
            print_json(event_values(event))
    else:
        _print_table(events, total)


def _print_faults(space: "Workspace", limit: int, *, as_json: bool) -> None:
    for row in space.journal.rows((JournalKind.CAMERA_STATE,), limit=limit):
        if as_json:
            print_json({"seq": row.seq, "at": row.at.astimezone(UTC).isoformat(), **row.details})
            continue
        fault = f" ({row.details['fault']})" if row.details.get("fault") else ""
        when = row.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        typer.echo(f"{when}  {row.details['camera']}: {row.details['state']}{fault}")


def event_values(event: "Event") -> dict[str, object]:
    """Return an entry as plain values for `--json`."""
    entry = event.entry
    return {
        "seq": event.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "zone": entry.zone,
        "outcome": entry.outcome.name,
        "voided_by": event.voided_by,
        "method": entry.method,
        "reason": entry.reason,
        # AMBIGUOUS names nobody: the person who was nearest is a guess.
        "person": event.person_name if entry.outcome in (Outcome.ACCEPTED, Outcome.DENIED) else None,
        "nearest": event.person_name,
        "person_id": entry.person_id,
        "distance": entry.distance,
        "runner_up": event.runner_up_name,
        "runner_up_distance": entry.runner_up_distance,
        "threshold": entry.threshold,
        "margin": entry.margin,
        "model_id": entry.model_id,
        "device": entry.device,
        "quality": entry.quality,
        "camera": entry.camera,
        "door": entry.door,
        "direction": entry.direction,
        "is_recording": entry.is_recording,
        "frame": entry.frame,
        "time_s": round(entry.time_s, 3),
        "has_crop": event.has_crop,
        "corrects": entry.corrects,
        "evidence": entry.evidence,
        "entered_at": None if entry.entered_at is None else entry.entered_at.isoformat(),
    }


def _time(text: str | None, *, is_end: bool = False) -> datetime | None:
    """Return the UTC time of an option; as an end, a bare date means the end of that day."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-03-04 or 2026-03-04T12:30.") from exc
    if is_end and len(text) == len("2026-03-04"):
        at += timedelta(days=1)
    return at.astimezone(UTC)


def _export(space: "Workspace", wanted: "EventFilter", path: Path) -> None:
    """Write a CSV file; beside a running door it can't be journalled, and says so."""
    from faceaccess.errors import StoreBusyError
    from faceaccess.store.journal_csv import write_csv
    from faceaccess.workspace import Workspace

    try:
        with Workspace.open(space.data_dir) as writing:
            count = writing.journal.export_csv(wanted, path, writing.actor)
    except StoreBusyError as exc:
        count = write_csv(space.journal.all_events(wanted), path)
        typer.echo(f"{exc.message} This export is not in the journal.", err=True)
    typer.echo(f"{count} entries written to {path}.", err=True)


def _print_table(events: "list[Event]", total: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Entry", "Time", "Outcome", "Person", "Distance", "Runner-up", "Camera")
    for event in events:
        entry = event.entry
        runner_up = f"{event.runner_up_name or ''} {_number(entry.runner_up_distance)}".strip()
        # Text, because square brackets in a name would be taken for markup.
        table.add_row(
            str(event.seq),
            entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            f"{entry.outcome.value} (voided)" if event.voided_by else entry.outcome.value,
            Text(event.person_name or ""),
            f"{_number(entry.distance)} of {entry.threshold:.3f}" if entry.distance is not None else "",
            Text(runner_up),
            Text(entry.camera),
        )
    console = Console()
    if events:
        console.print(table)
    console.print(f"{len(events)} of {total} entries", highlight=False)


def _number(distance: float | None) -> str:
    return "" if distance is None else f"{distance:.3f}"
