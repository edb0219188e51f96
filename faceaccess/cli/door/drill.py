"""`faceaccess drill`: an attack drill from recordings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import DataDir, Json, complain, counted, print_json, require_paths, say, workspace
from faceaccess.codes import AttackKind, Right

if TYPE_CHECKING:
    from faceaccess.door.liveness.drill import DrillReport, DrillRow
    from faceaccess.recognition.intervals import Rate
    from faceaccess.workspace import Workspace


def drill(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            help=f"A folder of recordings in folders named by what they show: {', '.join(AttackKind)}."
        ),
    ],
    person: Annotated[
        str,
        typer.Option("--person", help="Whom they show: staff number, name, or start of the id."),
    ],
    door: Annotated[
        str | None, typer.Option("--door", help="Whose settings decide; without it, the first camera's.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="A PDF of the result, with its conditions.")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Count what a door makes of recorded attacks, by kind: APCER, the worst, and BPCER from real visits.

    Each recording is a presentation. It was made before the door drew its movements, so a door that asks for
    them lets it in by chance only: hold pictures before the real camera to learn more (*Safety*).
    """
    from faceaccess.errors import CameraError, StoreError

    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        require_paths([folder])
        recordings = [
            (kind, path)
            for kind in AttackKind
            for path in sorted((folder / kind.value).glob("*"))
            if path.is_file() and not path.name.startswith(".")
        ]
        if not recordings:
            raise CameraError(
                f"{folder} has no recordings in folders named by kind.",
                f"Name the folders {', '.join(AttackKind)}, and put video files into them.",
            )
        if pdf is not None and pdf.exists():
            raise StoreError(f"{pdf} exists already.", "Name another file. Nothing was counted.")
        report = _report(space, recordings, person, door)
        if pdf is not None:
            _write(space, report, pdf)
        if json:
            print_json(_values(report))
            return
        _print(report)


def _report(
    space: "Workspace", recordings: list[tuple[AttackKind, Path]], person: str, door: str | None
) -> "DrillReport":
    """Play the recordings at a door, each as a presentation, and count what came of them."""
    from faceaccess.cli.people.people import find_person
    from faceaccess.store.policy import door_names

    actor, drills = space.access.actor, space.doors.drills
    imitated = find_person(space.people, person)
    doors = space.policies.doors()
    name = doors[0] if door is None else door_names.spelled(doors, door)
    if name is None:
        from faceaccess.errors import SettingsError

        raise SettingsError(f"No camera looks at a door named {door!r}.", f"There are: {', '.join(doors)}.")
    drills.begin(actor, name)
    try:
        for number, (kind, path) in enumerate(recordings, 1):
            drills.choose(actor, kind, imitated.person_id)
            if not _play(space, path, name):
                drills.say_unnoticed(actor)
            say(f"{number} of {len(recordings)}: {kind.value}/{path.name}", err=True)
    finally:
        drills.end(actor)
    latest = drills.latest()
    assert latest is not None
    return drills.report(latest)


def _play(space: "Workspace", path: Path, door: str) -> bool:
    """Play a recording as a camera of a door would see it; tell whether it made an entry."""
    from faceaccess.door.watch import Callbacks
    from faceaccess.store.journal.types import Event

    events: list[Event] = []
    session = space.doors.open(
        space.access.actor,
        Callbacks(on_event=events.append, on_error=complain),
        source=str(path),
        is_paced=False,
        is_drill=True,
        door=door,
    )
    session.run()
    return bool(events)


def _write(space: "Workspace", report: "DrillReport", pdf: Path) -> None:
    from faceaccess.gui.printing import write_drill
    from faceaccess.store.file.files import written_whole

    space.doors.drills.record_export(space.access.actor)
    with written_whole(pdf) as part:
        write_drill(report, part)
    say(f"The page is in {pdf}.", err=True)


def _print(report: "DrillReport") -> None:
    say(f"{report.drill.door}: photos and screens: {report.drill.mode.value.replace('_', ' ')}")
    for row in report.rows:
        say(
            f"{row.kind.value.replace('_', ' '):<11} {counted(row.presentations, 'presentation')}: "
            f"{row.passed} passed, {row.suspected} suspected, {row.others} otherwise; "
            f"APCER {_rate(row.apcer)}"
        )
    worst = report.worst
    if worst is not None:
        say(f"the worst     {worst.kind.value.replace('_', ' ')}, APCER {_rate(worst.apcer)}")
    if report.bpcer is None:
        say("real visits   none in thirty days: BPCER is not known")
    else:
        visits = counted(report.genuine, "visit")
        say(f"real visits   {report.genuine_suspected} of {visits} suspected; BPCER {_rate(report.bpcer)}")


def _rate(rate: "Rate") -> str:
    return f"{rate.mean:.3f} ({rate.low:.3f} to {rate.high:.3f})"


def _values(report: "DrillReport") -> dict[str, object]:
    return {
        "door": report.drill.door,
        "mode": report.drill.mode,
        "limit": report.drill.limit,
        "kinds": [_row_values(row) for row in report.rows],
        "worst": None if report.worst is None else report.worst.kind,
        "genuine": report.genuine,
        "genuine_suspected": report.genuine_suspected,
        "bpcer": None if report.bpcer is None else vars(report.bpcer),
    }


def _row_values(row: "DrillRow") -> dict[str, object]:
    counts = {"passed": row.passed, "suspected": row.suspected, "others": row.others}
    return {"kind": row.kind, "presentations": row.presentations} | counts | {"apcer": vars(row.apcer)}
