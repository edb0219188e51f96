"""`faceaccess cameras`: the cameras of the doors, set up without the window."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, workspace
from faceaccess.codes import Passage, Turn

if TYPE_CHECKING:
    from faceaccess.settings import CameraSettings

app = Commands(help="The cameras of the doors.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The camera's name.")]
Source = Annotated[
    str | None,
    typer.Option("--source", help="A webcam as `cameras list` names it, an address, a file or folder."),
]
Door = Annotated[str | None, typer.Option("--door", help="The door it looks at.")]
Way = Annotated[Passage | None, typer.Option("--direction", help="Which way people pass it.")]
Smallest = Annotated[
    int | None, typer.Option("--smallest-face", help="Shorter side of the smallest face judged, pixels.")
]
PictureRegion = Annotated[
    str | None,
    typer.Option("--region", help="left,top,right,bottom of where faces count, as parts of the picture."),
]
PictureTurn = Annotated[
    Turn | None,
    typer.Option(
        "--turn",
        help="Degrees by which the picture is turned (rotated) clockwise, where the camera hangs upright or "
        "upside down.",
    ),
]
PictureStretch = Annotated[
    float | None,
    typer.Option(
        "--stretch",
        help="By how much the picture is made wider before it is turned, where faces look too narrow.",
    ),
]


@app.command("list")
def list_cameras(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the cameras that are set up, and the webcams that are there."""
    from faceaccess.vision.sources.camera import without_password
    from faceaccess.vision.sources.webcams import list_cameras as find_webcams

    with workspace(ctx, data_dir, read_only=None) as space:
        cameras = space.policies.cameras()
    webcams = find_webcams()
    if json:
        for camera in cameras:
            source = without_password(camera.source) if "://" in camera.source else camera.source
            print_json(camera.values() | {"source": source})
        return
    for camera in cameras:
        source = without_password(camera.source) if "://" in camera.source else camera.source
        say(f"{camera.name}: {source}, door {camera.door}, {camera.passage.value}")
    for webcam in webcams:
        say(f"webcam: {webcam.name}, source {webcam.source}")


@app.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    source: Annotated[str, typer.Option("--source", help="Where its picture comes from.")],
    door: Door = None,
    direction: Way = None,
    smallest_face: Smallest = None,
    region: PictureRegion = None,
    turn: PictureTurn = None,
    stretch: PictureStretch = None,
    data_dir: DataDir = None,
) -> None:
    """Add a camera; the first one added takes the place of the camera there is by default."""
    from faceaccess.door.cameras import new_camera
    from faceaccess.settings import CameraSettings

    with workspace(ctx, data_dir) as space:
        first, *others = space.policies.cameras()
        values = _given(name, source, door, direction, smallest_face, region, turn, stretch)
        is_unset = first == CameraSettings() and not others
        new = first if is_unset else new_camera(name, source)
        camera = CameraSettings.from_values({"camera_id": new.camera_id} | values)
        space.doors.cameras.check(camera)
        space.doors.cameras.put(space.access.actor, camera)


@app.command("set")
def change(
    ctx: typer.Context,
    name: Name,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    source: Source = None,
    door: Door = None,
    direction: Way = None,
    smallest_face: Smallest = None,
    region: PictureRegion = None,
    turn: PictureTurn = None,
    stretch: PictureStretch = None,
    data_dir: DataDir = None,
) -> None:
    """Change a camera; what isn't given stays."""
    with workspace(ctx, data_dir) as space:
        camera = _find(space.policies.cameras(), name)
        values = _given(new_name, source, door, direction, smallest_face, region, turn, stretch)
        changed = type(camera).from_values(camera.values() | values)
        if source is not None:
            space.doors.cameras.check(changed)
        space.doors.cameras.put(space.access.actor, changed)


@app.command("remove")
def remove(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Remove a camera; its entries stay in the log."""
    with workspace(ctx, data_dir) as space:
        camera = _find(space.policies.cameras(), name)
        space.doors.cameras.remove(space.access.actor, camera.camera_id)


def _find(cameras: "tuple[CameraSettings, ...]", name: str) -> "CameraSettings":
    from faceaccess.errors import SettingsError

    named = [camera for camera in cameras if camera.name.casefold() == name.casefold()]
    if not named:
        names = ", ".join(camera.name for camera in cameras)
        raise SettingsError(f"There is no camera named {name!r}.", f"There are: {names}.")
    return named[0]


def _given(
    name: str | None,
    source: str | None,
    door: str | None,
    direction: Passage | None,
    smallest_face: int | None,
    region: str | None,
    turn: Turn | None,
    stretch: float | None,
) -> dict[str, Any]:
    """Return the settings that were given, by their names; a file or folder by where it is."""
    from faceaccess.vision.sources.camera import absolute

    values = {
        "name": name,
        "source": source if source is None else absolute(source),
        "door": door,
        "passage": direction,
        "smallest_face_px": smallest_face,
        "region": None if region is None else region.split(","),
        "turn": turn,
        "stretch": stretch,
    }
    return {field: value for field, value in values.items() if value is not None}
