"""`faceaccess doors`: the devices that open doors, and what the doors do about photos and screens."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, print_json, read_secret, say, workspace
from faceaccess.codes import LivenessMode, OpeningKind

if TYPE_CHECKING:
    from faceaccess.settings import LivenessSettings
    from faceaccess.workspace import Workspace

app = Commands(
    help="The doors, what opens them, and what they do about photos and screens.", no_args_is_help=True
)

Door = Annotated[str, typer.Argument(help="The door's name, as its cameras have it.")]
SECRET_HELP = "Read the secret that signs messages from standard input."
Sign = Annotated[
    bool | None,
    typer.Option(
        "--sign-risk/--no-sign-risk",
        help="Answer for it that somebody with a photo could open this door; the log names you.",
    ),
]


@app.command("list")
def list_doors(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the doors that cameras look at."""
    from faceaccess.vision.sources.camera import without_password

    with workspace(ctx, data_dir, read_only=None) as space:
        openings, liveness = space.doors.openings.by_door(), space.doors.openings.liveness_by_door()
    for door, opening in openings.items():
        live = liveness[door]
        where = without_password(opening.address) if "://" in opening.address else opening.address
        if json:
            about = {"liveness": live.mode, "limit": live.limit, "is_risk_signed": live.is_risk_signed}
            print_json({"door": door, "opened_by": opening.kind, "address": where} | about)
            continue
        say(f"{door}: {opening.kind.value} {where}".rstrip())
        risk = ", may be opened by face alone" if live.is_risk_signed else ""
        say(f"  photos and screens: {live.mode.value.replace('_', ' ')}{risk}")


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
    sign_risk: Sign = None,
    data_dir: DataDir = None,
) -> None:
    """Choose what opens a door for people let in.

    Somebody with a photo could open it: so it asks everybody to turn their head (`doors liveness DOOR
    always`), or you sign for the risk.
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
        liveness = _signed(space, door, sign_risk)
        space.doors.openings.put(space.access.actor, door, Opening.from_values(options), liveness)


@app.command("liveness")
def set_liveness(
    ctx: typer.Context,
    door: Door,
    mode: Annotated[
        LivenessMode,
        typer.Argument(
            help="off; watch: measure and log only; in_doubt: ask those who look like a picture to turn "
            "their head; always: ask everybody."
        ),
    ],
    limit: Annotated[
        float | None, typer.Option("--limit", help="How live a face must look not to be in doubt, 0 to 1.")
    ] = None,
    sign_risk: Sign = None,
    data_dir: DataDir = None,
) -> None:
    """Choose what a door does about photos and screens."""
    from dataclasses import replace

    with workspace(ctx, data_dir) as space:
        liveness = replace(_signed(space, door, sign_risk), mode=mode)
        liveness = liveness if limit is None else replace(liveness, limit=limit)
        space.doors.openings.put(space.access.actor, door, liveness=liveness)


def _signed(space: "Workspace", door: str, sign_risk: bool | None) -> "LivenessSettings":
    """Return what a door does about photos and screens, signed for or not, as asked."""
    from dataclasses import replace

    liveness = space.policies.liveness(door)
    return liveness if sign_risk is None else replace(liveness, is_risk_signed=sign_risk)


@app.command("try")
def try_door(ctx: typer.Context, door: Door, data_dir: DataDir = None) -> None:
    """Open a door once, to see that it works; the journal names the operator."""
    with workspace(ctx, data_dir) as space:
        space.doors.openings.try_out(space.access.actor, door, space.policies.opening(door))
    say(f"The order was taken. Did {door} open?")
