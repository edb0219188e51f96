"""`faceaccess notifications`: the programs that are told of entries and camera faults."""

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    Commands,
    DataDir,
    Json,
    print_json,
    read_secret,
    say,
    say_if_none,
    workspace,
)
from faceaccess.cli.door.doors import SECRET_HELP
from faceaccess.codes import NotificationWish
from faceaccess.store.policy.types import Channels

if TYPE_CHECKING:
    from faceaccess.settings import Notification
    from faceaccess.workspace import Workspace

app = Commands(help="The programs that are told of entries and camera faults.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What you call it.")]


@app.command("list")
def list_notifications(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the programs that are told, and how many messages wait for each."""
    from faceaccess.vision.sources.camera import without_password

    with workspace(ctx, data_dir, read_only=None) as space:
        channels, waiting = space.policies.read(Channels).channels, space.doors.notifications.waiting()
    say_if_none(channels, "Nobody is told.", json=json)
    for channel in channels:
        where, count = without_password(channel.address), waiting.get(channel.channel_id, 0)
        if json:
            print_json({"name": channel.name, "address": where, "entries": channel.wish, "waiting": count})
        else:
            say(f"{channel.name}: {where}, {channel.wish.value} entries, {count} waiting")


@app.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    address: Annotated[
        str, typer.Option("--address", help="https://host/path, or mqtt://name:password@host/topic.")
    ],
    secret: Annotated[bool, typer.Option("--secret", help=SECRET_HELP)] = False,
    entries: Annotated[
        NotificationWish, typer.Option("--entries", help="Which entries it is told of.")
    ] = NotificationWish.ALL,
    camera_faults: Annotated[
        bool, typer.Option("--camera-faults/--no-camera-faults", help="Whether it is told of camera faults.")
    ] = True,
    data_dir: DataDir = None,
) -> None:
    """Tell another program; without --secret a new secret for a webhook is printed, once."""
    from faceaccess.codes import NotificationKind
    from faceaccess.door.notifications import new_notification
    from faceaccess.errors import SettingsError

    kind = NotificationKind.MQTT if address.startswith("mqtt") else NotificationKind.WEBHOOK
    is_new = kind is NotificationKind.WEBHOOK and not secret
    with workspace(ctx, data_dir) as space:
        key = secrets.token_urlsafe(24) if is_new else read_secret("Secret: ").strip() if secret else ""
        channel = replace(
            new_notification(name),
            kind=kind,
            address=address,
            secret=key,
            wish=entries,
            wants_faults=camera_faults,
        )
        others = space.policies.read(Channels).channels
        if name.casefold() in [other.name.casefold() for other in others]:
            raise SettingsError(f"{name} is told already.", "Choose another name, or remove it first.")
        space.doors.notifications.put(space.access.actor, channel)
    if is_new:
        say(f"secret: {key}")


@app.command("remove")
def remove(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Stop telling a program; waiting messages are dropped."""
    with workspace(ctx, data_dir) as space:
        space.doors.notifications.remove(space.access.actor, _find(space, name).channel_id)


@app.command("test")
def send_test(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Send a message that says that it is a test."""
    with workspace(ctx, data_dir, read_only=None) as space:
        space.doors.notifications.send_test(_find(space, name))
    say("The test was taken.")


def _find(space: "Workspace", name: str) -> "Notification":
    from faceaccess.errors import SettingsError

    channels = [c for c in space.policies.read(Channels).channels if c.name.casefold() == name.casefold()]
    if not channels:
        raise SettingsError(f"No program named {name!r} is told.", "See: faceaccess notifications list")
    return channels[0]
