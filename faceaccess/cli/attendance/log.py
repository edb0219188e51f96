"""`faceaccess log`: the entries, newest first."""

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.attendance.dates import has_time, parse_day
from faceaccess.cli.attendance.log_actions import print_actions
from faceaccess.cli.common import (
    FAILED,
    Commands,
    DataDir,
    Json,
    counted,
    print_json,
    say,
    say_if_none,
    workspace,
)
from faceaccess.cli.people.people import Search, find_person
from faceaccess.cli.tables import print_table
from faceaccess.codes import Outcome, Right

if TYPE_CHECKING:
    from collections.abc import Callable

    from faceaccess.attendance.zones import Zones
    from faceaccess.store.journal.proof import Fault, Verification
    from faceaccess.store.journal.types import Event, EventFilter
    from faceaccess.workspace import Workspace

_DATE_HELP = (
    "A date or time such as 2026-03-04 or 2026-03-04T12:30, on the company's clocks unless it has a zone"
)

Since = Annotated[str | None, typer.Option("--since", help=f"{_DATE_HELP}.")]
Until = Annotated[str | None, typer.Option("--until", help=f"{_DATE_HELP}; a date alone includes that day.")]
Person = Annotated[str | None, typer.Option("--person", help="Staff number, name, or the start of the id.")]
Outcomes = Annotated[list[Outcome] | None, typer.Option("--outcome", help="May be given several times.")]
Camera = Annotated[str | None, typer.Option("--camera", help="A camera's name.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="Show at most so many entries.")]
Faults = Annotated[
    bool, typer.Option("--faults", help="Show when cameras came, went or saw nothing, not the entries.")
]
Actions = Annotated[
    bool, typer.Option("--actions", help="Show what operators and the program did, not the entries.")
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write all entries found to a file, unlimited.")]


KEPT_HERE_ALONE = (
    "The log's end is kept on this computer only. Keep it on another disk too: faceaccess log keep-end FOLDER"
)

app = Commands(help="The entries of the log, and the proof that nobody changed them.")

Kept = Annotated[
    list[Path] | None,
    typer.Option("--kept", help="A file of ends of the log that was kept elsewhere; may be repeated."),
]
PublicKey = Annotated[
    str, typer.Option("--public-key", help="The key that must have signed, in hex; else this folder's own.")
]


@app.callback(invoke_without_command=True)
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
    actions: Actions = False,
    json: Json = False,
    csv: Csv = None,
    data_dir: DataDir = None,
) -> None:
    """Show the entries of the log, newest first; with a sub-command, prove that it is unchanged."""
    if ctx.invoked_subcommand is not None:
        ctx.obj = data_dir or ctx.obj
        return
    with workspace(ctx, data_dir, read_only=True) as space:
        from faceaccess.store.journal.types import EventFilter

        zones = space.office.timesheets.zones()
        if faults:
            _print_faults(space, limit, as_json=json)
            return
        if actions:
            print_actions(space, limit, as_json=json)
            return
        event_filter = EventFilter(
            since=_time(zones, since),
            until=_time(zones, until, is_end=True),
            person_id=None if person is None else find_person(space.people, person).person_id,
            text=search,
            outcomes=tuple(outcome or ()),
            camera=camera,
        )
        if csv is not None:
            _export(space, event_filter, csv)
            return
        events = space.journal.events.newest(event_filter, limit=limit)
        total = 0 if json else space.journal.events.count(event_filter)
    if json:
        for event in events:
            print_json(event_values(event, zones))
    else:
        _print_table(events, total, zones)


@app.command()
def verify(
    ctx: typer.Context,
    files: Kept = None,
    public_key: PublicKey = "",
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Check the log's rows, the records they name, its end's signature, and ends that were kept elsewhere.

    Reads beside a running door. Exits with 1 when anything was changed, removed, inserted or reordered.
    """
    from faceaccess.store.journal import heads

    with workspace(ctx, data_dir, read_only=True) as space:
        ends = [head for path in files or () for head in heads.read(path)]
        ends += space.keeping.ends.all()
        verification = space.journal.verify(ends, heads.public_key(public_key) if public_key else None)
        if json:
            faults = [fault._asdict() for fault in verification.faults]
            head = heads.values(verification.head) if verification.head else None
            print_json(
                {"rows": verification.rows, "is_good": verification.is_good, "faults": faults, "head": head}
            )
        else:
            _print_verification(verification, len(ends), space.people.label_or_id)
            if space.keeping.ends.elsewhere() is None:
                say(KEPT_HERE_ALONE, err=True)
    if not verification.is_good:
        raise typer.Exit(FAILED)


def _print_verification(verification: "Verification", ends: int, name_of: "Callable[[str], str]") -> None:
    for fault in verification.faults:
        say(_words_of(fault, name_of))
    if verification.is_good:
        more = f", {counted(ends, 'kept end is', 'kept ends are')} in it" if ends else ""
        say(f"{counted(verification.rows, 'row')}, and all that they name: nothing was changed{more}.")
    if verification.head is not None:
        say(f"end: row {verification.head.seq}, {verification.head.hash.hex()}")
        say(f"public key: {verification.head.public_key.hex()}")


def _words_of(fault: "Fault", name_of: "Callable[[str], str]") -> str:
    kind, _, value = fault.about.partition(":")
    about = f"person {name_of(value)}" if kind == "person" else fault.about.replace(":", " ", 1)
    texts = {
        "row": "was changed, is missing or out of order",
        "crop": "has another picture or note than was journalled",
        "head": "the end is not the one that was signed: rows were removed or added",
        "signature": "the end is not signed by this folder's key",
        "found_changed": f"the program found {about or 'the log'} changed by another program, and went on",
        "kept_head": "an end that was kept elsewhere is not in this log: it was cut, rewritten or replaced",
        "column": f"what is searched by doesn't fit the row {about}".rstrip(),
        "schema": f"{about}: this part of the database is not as the program makes it",
        "record": f"{about} is not what the log last had",
    }
    return f"row {fault.seq}: {texts[fault.kind]}" if fault.seq else texts[fault.kind]


@app.command("keep-end")
def keep_end(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="On another disk, such as a share that few may write to.")],
    data_dir: DataDir = None,
) -> None:
    """Keep the log's end in a folder from now on: hourly, and whenever the program starts and ends."""
    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        space.keeping.keep_ends_in(space.access.actor, folder.resolve())
    say(f"The log's end is kept in {folder.resolve()} from now on.")


@app.command()
def head(
    ctx: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="Add it to this file, on a disk elsewhere.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Print the signed end of the log, to be kept elsewhere: it proves that nothing before it changed."""
    from faceaccess.store.journal import heads

    with workspace(ctx, data_dir, read_only=True) as space:
        end = space.journal.head()
        if end is None:
            say("The log is empty.", err=True)
            return
        if to is not None:
            heads.add(to, end)
    print_json(heads.values(end))


def _print_faults(space: "Workspace", limit: int, *, as_json: bool) -> None:
    from faceaccess.door.entries import camera_changes

    changes = camera_changes(space.journal, limit)
    say_if_none(changes, "No state of a camera was logged.", json=as_json)
    zones = space.office.timesheets.zones()
    if changes and not as_json:
        say(f"Times in {zones.names}", err=True)
    for change in changes:
        if as_json:
            values = {"camera": change.camera, "fault": change.fault, "state": change.state}
            print_json({"seq": change.seq, "at": change.at.astimezone(UTC).isoformat(), **values})
            continue
        fault = f" ({change.fault})" if change.fault else ""
        when = zones.local(change.at).strftime("%Y-%m-%d %H:%M:%S")
        say(f"{when}  {change.camera}: {change.state}{fault}")


def event_values(event: "Event", zones: "Zones") -> dict[str, object]:
    """Return an entry as plain values for `--json`; `zones` are the company's."""
    entry = event.entry
    local = zones.local(entry.at)
    return {
        "seq": event.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "time": local.isoformat(),
        "time_zone": str(local.tzinfo),
        "zone": entry.zone,
        "outcome": entry.outcome.name,
        "voided_by": event.voided_by,
        "method": entry.method,
        "reason": entry.reason,
        # AMBIGUOUS and SUSPECTED name nobody: the person who was nearest is a guess.
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
        "is_trial": entry.is_trial,
        "drill": entry.drill,
        "liveness": None if entry.liveness is None else asdict(entry.liveness),
        "frame": entry.frame,
        "time_s": round(entry.time_s, 3),
        "has_crop": event.has_crop,
        "corrects": entry.corrects,
        "evidence": entry.evidence,
        "entered_at": None if entry.entered_at is None else entry.entered_at.isoformat(),
    }


def _time(zones: "Zones", text: str | None, *, is_end: bool = False) -> datetime | None:
    """Return the UTC time of an option; as an end, a bare date means the end of that day.

    Of a time that clocks jump over the moment of the jump is meant, of one that comes twice both.
    """
    if text is None:
        return None
    if not has_time(text):
        return zones.moment(parse_day(text) + timedelta(days=is_end), time())
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-03-04 or 2026-03-04T12:30.") from exc
    parse_day(at.date().isoformat())
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    moments = zones.moments(at.date(), at.time()) or (zones.moment(at.date(), at.time()),)
    return moments[-1 if is_end else 0].astimezone(UTC)


def _export(space: "Workspace", event_filter: "EventFilter", path: Path) -> None:
    """Write a CSV file; beside a running door it can't be journalled, and says so."""
    from faceaccess.errors import StoreBusyError
    from faceaccess.store.journal.journal_csv import write_csv
    from faceaccess.workspace import Workspace

    local = space.office.timesheets.zones().local
    if not space.is_read_only:
        count = space.journal.export_csv(space.access.actor, event_filter, path, local=local)
    else:
        space.access.require(Right.EXPORT)
        try:
            with Workspace.open(space.data_dir) as writing:
                count = writing.journal.export_csv(space.access.actor, event_filter, path, local=local)
        except StoreBusyError as exc:
            count = write_csv(space.journal.events.all(event_filter), path, local=local)
            say(f"{exc.message} This export is not in the journal.", err=True)
    say(f"{counted(count, 'entry', 'entries')} written to {path}.", err=True)


def _print_table(events: "list[Event]", total: int, zones: "Zones") -> None:
    rows = [
        (
            str(event.seq),
            zones.local(event.entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            f"{event.entry.outcome.value} (voided)" if event.voided_by else event.entry.outcome.value,
            event.person_name or "",
            _number(event.entry.distance, f" of {event.entry.threshold:.3f}"),
            f"{event.runner_up_name or ''} {_number(event.entry.runner_up_distance)}".strip(),
            event.entry.camera,
        )
        for event in events
    ]
    if rows:
        headings = ("Entry", "Time", "Outcome", "Person", "Distance", "Runner-up", "Camera")
        print_table(headings, rows, whole=("Entry",), title=f"Times in {zones.names}")
    say(f"{len(events)} of {counted(total, 'entry', 'entries')}")


def _number(distance: float | None, more: str = "") -> str:
    return "" if distance is None else f"{distance:.3f}{more}"
