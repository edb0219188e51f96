"""`faceaccess watch`: the door without the window."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.attendance.dates import parse_moment
from faceaccess.cli.common import DataDir, Json, complain, print_json, say, workspace
from faceaccess.cli.door.cameras import PictureStretch, PictureTurn
from faceaccess.codes import Right, Turn
from faceaccess.settings import DoorSettings

if TYPE_CHECKING:
    from datetime import datetime

    from faceaccess.attendance.zones import Zones
    from faceaccess.door.liveness.suspicions import Suspicions
    from faceaccess.door.liveness.turning import TurnPrompt
    from faceaccess.door.supervision import CameraStatus
    from faceaccess.store.journal.types import Event
    from faceaccess.vision.sources.shape import Shape
    from faceaccess.workspace import Workspace


NOT_SET_UP = (
    "This camera was not set up: what it sees doesn't count as attendance and opens no door. "
    "Set it up with: faceaccess cameras add"
)


def watch(
    ctx: typer.Context,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            "-s",
            help="A camera's name or index, a stream's address, a video file or a folder of photos; "
            "without it, all cameras.",
        ),
    ] = None,
    cool_down: Annotated[
        float | None,
        typer.Option("--cool-down", help="Seconds between two entries of a person; kept in the settings."),
    ] = None,
    absence: Annotated[
        float | None, typer.Option("--absence", help="Seconds away that end a visit; kept in the settings.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option("--threshold", help="Greatest distance accepted, for this run.")
    ] = None,
    realtime: Annotated[
        bool, typer.Option("--realtime", help="Play a file no faster than it was recorded.")
    ] = False,
    began: Annotated[
        str | None,
        typer.Option(
            "--began",
            help="When a recording began, such as 2026-11-28T08:00 on the company's clocks; without it, it "
            "ended when its file was last written.",
        ),
    ] = None,
    turn: PictureTurn = None,
    stretch: PictureStretch = None,
    device: Annotated[
        str | None, typer.Option("--device", help="auto, cpu, cuda or mps, for this run.")
    ] = None,
    held: Annotated[
        str | None,
        typer.Option(
            "--templates", help="How memory holds templates in this run: exact, or compact (a byte a number)."
        ),
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Watch a door: print and log each entry. Ctrl+C stops; a file stops at its end."""
    from faceaccess.door.watch import Callbacks
    from faceaccess.errors import SettingsError

    with workspace(ctx, data_dir, right=Right.RUN_DOOR) as space:
        _load_by(space, device, held)
        _prepare(space, cool_down, absence)
        if note := space.models.recognisers.device.note:
            say(note, err=True)
        if threshold is not None:
            space.models.thresholds.preview(space.access.actor, threshold)
        printer, zones = StatusPrinter(), space.office.timesheets.zones()
        session = space.doors.open(
            space.access.actor,
            Callbacks(
                on_event=lambda event: show_event(event, zones, as_json=json),
                on_error=complain,
                on_status=printer.show,
                on_turn=printer.ask,
                on_suspicions=printer.suspect,
            ),
            source=source,
            is_paced=realtime,
            began_at=None if began is None else _began_at(space, began),
            shape=_shape(space, turn, stretch),
        )
        printer.names.update({camera.camera_id: camera.name for camera in session.cameras})
        if began is not None and not session.is_recording:
            raise SettingsError("Only a recording has begun.", "Leave --began out for a camera.")
        if not session.is_recording and not session.counts:
            say(NOT_SET_UP, err=True)
        space.start_chores(complain)
        session.run()


def _began_at(space: "Workspace", text: str) -> "datetime":
    """Return when a recording began, UTC."""
    from faceaccess.errors import SettingsError
    from faceaccess.store.clock import utc_now

    began = parse_moment(space, text.strip())
    if began > utc_now():
        raise SettingsError(f"{text} is in the future.", "Write when it began, such as 2026-11-28T08:00.")
    return began


def _shape(space: "Workspace", turn: Turn | None, stretch: float | None) -> "Shape | None":
    """Return the shape asked for, as a camera's settings take it."""
    if turn is None and stretch is None:
        return None
    from dataclasses import replace

    from faceaccess.door.cameras import shape_of

    camera = space.policies.cameras()[0]
    changed = replace(camera, turn=turn or camera.turn)
    return shape_of(changed if stretch is None else replace(changed, stretch=stretch))


def _load_by(space: "Workspace", device: str | None, held: str | None) -> None:
    from faceaccess.errors import SettingsError
    from faceaccess.settings import Device, HeldTemplates

    if device is not None:
        if device not in tuple(Device):
            raise SettingsError(f"There is no device {device!r}.", f"Choose one of: {', '.join(Device)}.")
        space.machine.use_device(Device(device))
    if held is not None:
        if held not in tuple(HeldTemplates):
            raise SettingsError(
                f"Templates can't be held {held!r}.", f"Choose one of: {', '.join(HeldTemplates)}."
            )
        space.machine.hold_templates(HeldTemplates(held))


def _prepare(space: "Workspace", cool_down: float | None, absence: float | None) -> None:
    from dataclasses import replace

    settings = space.policies.read(DoorSettings)
    changed = settings
    if cool_down is not None:
        changed = replace(changed, cool_down_s=float(cool_down))
    if absence is not None:
        changed = replace(changed, absence_s=float(absence))
    if changed != settings:
        space.policies.set(space.access.actor, changed)


class StatusPrinter:
    """Prints the camera's state, and what somebody at it is asked to do, on standard error."""

    def __init__(self) -> None:
        """Begin; `names` are the cameras' by their ids."""
        self.names: dict[str, str] = {}
        self._said: dict[str, str] = {}

    def show(self, camera_id: str, status: "CameraStatus") -> None:
        """Print a status, unless the camera's last one was the same but for its next try."""
        fault = f" ({status.fault.value.replace('_', ' ')})" if status.fault else ""
        text = f"{self.names.get(camera_id, camera_id)}: {status.state.value}{fault}"
        if text != self._said.get(camera_id):
            self._said[camera_id] = text
            say(text, err=True)

    def suspect(self, suspicions: "Suspicions") -> None:
        """Print that several people were suspected to be pictures."""
        count = len(suspicions.seqs)
        say(f"{suspicions.door}: {count} times in ten minutes, perhaps a photo or a screen", err=True)

    def ask(self, camera_id: str, prompt: "TurnPrompt") -> None:
        """Print the movement of the head that is asked for; whoever stands there must be told."""
        camera = self.names.get(camera_id, camera_id)
        if prompt.result is not None:
            say(f"{camera}: {prompt.result.value.replace('_', ' ')}", err=True)
        elif prompt.asked is not None:
            step = f"{prompt.done + 1} of {prompt.movements}"
            say(f"{camera}: turn your head {prompt.asked.value} ({step})", err=True)
        else:
            say(f"{camera}: look straight ahead", err=True)


def show_event(event: "Event", zones: "Zones", *, as_json: bool) -> None:
    """Print an entry, as a line on the company's clocks or as JSON."""
    from faceaccess.codes import Reason

    if as_json:
        from faceaccess.cli.attendance.log import event_values

        print_json(event_values(event, zones))
        return
    entry = event.entry
    when = (
        f"{entry.time_s:8.1f} s" if entry.is_of_file else zones.local(entry.at).strftime("%Y-%m-%d %H:%M:%S")
    )
    distance = "" if entry.distance is None else f"  distance {entry.distance:.3f} of {entry.threshold:.3f}"
    reason = "" if entry.reason is Reason.MATCH else f"  ({entry.reason.value.replace('_', ' ')})"
    say(f"{when}  {entry.outcome.value.upper():<12}{event.person_name or '-'}{distance}{reason}")
