"""`faceaccess doors`: the devices that open doors."""

from typing import Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, print_json, read_secret, say, workspace
from faceaccess.codes import OpeningKind

app = Commands(help="The doors, and what opens them.", no_args_is_help=True)

Door = Annotated[str, typer.Argument(help="The door's name, as its cameras have it.")]
SECRET_HELP = "Read the secret that signs messages from standard input."


@app.command("list")
def list_doors(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the doors that cameras look at."""
    from faceaccess.vision.sources.camera import without_password

    with workspace(ctx, data_dir, read_only=None) as space:
        openings = space.doors.openings.by_door()
    for door, opening in openings.items():
        where = without_password(opening.address) if "://" in opening.address else opening.address
        if json:
            print_json({"door": door, "opened_by": opening.kind, "address": where})
        else:
            say(f"{door}: {opening.kind.value} {where}".rstrip())


@app.command("opened-by")
def opened_by(
    ctx: typer.Context,
    door: Door,
    kind: Annotated[OpeningKind, typer.Argument(help="What opens it.")],
    address: Annotated[
        str, typer.Option("--address", help="A relay's device, a URL, or mqtt://name:password@host/topic.")
    ] = "",
    secret: Annotated[bool, typer.Option("--secret", help=SECRET_HELP)] = False,
    relay_on: Annotated[str | None, typer.Option("--relay-on", help="Switches it on, hexadecimal.")] = None,
    relay_off: Annotated[
        str | None, typer.Option("--relay-off", help="Switches it off, hexadecimal.")
    ] = None,
    pulse: Annotated[float | None, typer.Option("--pulse", help="Seconds that a relay stays on.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Choose what opens a door for people let in.

    There is no liveness check: a photo of a person could open the door.
    """
    from faceaccess.settings import Opening

    with workspace(ctx, data_dir) as space:
        values = {
            "kind": kind,
            "address": address,
            "secret": read_secret("Secret: ").strip() if secret else "",
            "on_hex": relay_on,
            "off_hex": relay_off,
            "pulse_s": pulse,
        }
        options = {name: value for name, value in values.items() if value is not None}
        space.doors.openings.put(space.access.actor, door, Opening.from_values(options))
    if kind is not OpeningKind.NONE:
        say("There is no liveness check: somebody with a photo could open this door.", err=True)


@app.command("try")
def try_door(ctx: typer.Context, door: Door, data_dir: DataDir = None) -> None:
    """Open a door once, to see that it works; the journal names the operator."""
    with workspace(ctx, data_dir) as space:
        space.doors.openings.try_out(space.access.actor, door, space.policies.opening(door))
    say(f"The order was taken. Did {door} open?")
