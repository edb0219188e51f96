"""`faceaccess watch`: the door without the window."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import DataDir, Json, complain, print_json, workspace
from faceaccess.codes import Right

if TYPE_CHECKING:
    from faceaccess.door.supervision import CameraStatus
    from faceaccess.store.types import Event
    from faceaccess.workspace import Workspace


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
    device: Annotated[
        str | None, typer.Option("--device", help="auto, cpu, cuda or mps, for this run.")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Watch a door: print and log each entry. Ctrl+C stops; a file stops at its end."""
    with workspace(ctx, data_dir, right=Right.RUN_DOOR) as space:
        _prepare(space, cool_down, absence, device)
        if note := space.recognisers.device.note:
            typer.echo(note, err=True)
        if threshold is not None:
            space.thresholds.preview(space.actor, threshold)
        printer = StatusPrinter({camera.camera_id: camera.name for camera in space.policies.cameras()})
        session = space.open_door(
            on_event=lambda event: show_event(event, as_json=json),
            on_error=complain,
            on_status=printer.show,
            source=source,
            is_paced=realtime,
        )
        space.start_chores(complain)
        session.run()


def _prepare(space: "Workspace", cool_down: float | None, absence: float | None, device: str | None) -> None:
    from dataclasses import replace

    from faceaccess.errors import SettingsError
    from faceaccess.settings import Device

    if device is not None:
        if device not in tuple(Device):
            raise SettingsError(f"There is no device {device!r}.", f"Choose one of: {', '.join(Device)}.")
        space.use_device(Device(device))
    settings = space.policies.door()
    changed = settings
    if cool_down is not None:
        changed = replace(changed, cool_down_s=float(cool_down))
    if absence is not None:
        changed = replace(changed, absence_s=float(absence))
    if changed != settings:
        space.policies.set_door(space.actor, changed)


class StatusPrinter:
    """Prints what the camera does on standard error, each change once."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the cameras' names by their ids."""
        self._names = names
        self._said: dict[str, str] = {}

    def show(self, camera_id: str, status: "CameraStatus") -> None:
        """Print a status, unless the camera's last one was the same but for its next try."""
        fault = f" ({status.fault.value.replace('_', ' ')})" if status.fault else ""
        words = f"{self._names[camera_id]}: {status.state.value}{fault}"
        if words != self._said.get(camera_id):
            self._said[camera_id] = words
            typer.echo(words, err=True)


def show_event(event: "Event", *, as_json: bool) -> None:
    """Print an entry, as a line or as JSON."""
    from faceaccess.codes import Reason

    if as_json:
        from faceaccess.cli.log import event_values

        print_json(event_values(event))
        return
    entry = event.entry
    when = (
        f"{entry.time_s:8.1f} s"
        if entry.is_recording
        else entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    )
    distance = "" if entry.distance is None else f"  distance {entry.distance:.3f} of {entry.threshold:.3f}"
    reason = "" if entry.reason is Reason.MATCH else f"  ({entry.reason.value.replace('_', ' ')})"
    typer.echo(f"{when}  {entry.outcome.value.upper():<12}{event.person_name or '-'}{distance}{reason}")
