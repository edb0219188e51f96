"""`faceaccess updates`: whether there is a newer version, at an address that an admin sets."""

from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, workspace
from faceaccess.codes import Right
from faceaccess.settings import UpdateSettings

if TYPE_CHECKING:
    from faceaccess.upkeep.updates import UpdateNews

app = Commands(help="Whether there is a newer version; off until an address is set.", no_args_is_help=True)


@app.command()
def look(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """Look whether there is a newer version, and what is new in it; nothing is installed.

    Asks the address that an admin set, and nobody else.
    """
    from faceaccess.upkeep import updates

    with workspace(ctx, data_dir, read_only=True, right=None) as space:
        _print(updates.look(space.policies.read(UpdateSettings)), as_json=json)


@app.command("set")
def set_updates(
    ctx: typer.Context,
    address: Annotated[
        str, typer.Argument(help="Of the signed file, beginning with https://.", metavar="ADDRESS")
    ],
    public_key: Annotated[str, typer.Argument(help="IT's public key, 44 characters.", metavar="PUBLIC-KEY")],
    data_dir: DataDir = None,
) -> None:
    """Set where to look, and the key that the news must be signed with."""
    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        space.policies.set(space.access.actor, UpdateSettings(address=address, public_key=public_key))
        say("Set. Nothing is looked for until somebody asks: see faceaccess updates look.")


@app.command()
def off(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Forget the address and the key: nobody can look any more."""
    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        space.policies.set(space.access.actor, UpdateSettings())
        say("Off: nothing is looked for.")


def _print(news: "UpdateNews", *, as_json: bool) -> None:
    from faceaccess.upkeep.updates import Standing

    manifest = news.manifest
    if as_json:
        print_json(
            {
                "standing": news.standing,
                "here": news.here,
                "version": manifest.version,
                "date": manifest.released_on,
                "changes": manifest.changes,
            }
        )
        return
    if news.standing is Standing.SAME:
        say(f"This is the newest version, {news.here}.")
    elif news.standing is Standing.OLDER:
        say(f"This version, {news.here}, is newer than the one announced, {manifest.version}: nothing to do.")
        say("Somebody may have put an old file at the address: tell IT.", err=True)
    else:
        say(f"Version {manifest.version} of {manifest.released_on} is newer than this one, {news.here}.")
        for line in manifest.changes:
            say(f"- {line}")
        say("Installing is up to your IT.")
