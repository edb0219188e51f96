"""`faceaccess kiosk`: the screen at the door, kept alive, and started with the machine."""

from pathlib import Path
from typing import Annotated

import typer

from faceaccess import paths
from faceaccess.cli.common import DataDir, failing_clearly, read_secret, say, workspace


def kiosk(
    ctx: typer.Context,
    at_login: Annotated[
        bool | None,
        typer.Option("--at-login/--not-at-login", help="Start it when this account logs in, or no longer."),
    ] = None,
    set_pin: Annotated[
        bool,
        typer.Option("--set-pin", help="Read the desk's PIN, which ends it, from standard input."),
    ] = False,
    with_desk: Annotated[
        bool, typer.Option("--with-desk", help="Open the desk too, on a screen of its own: it can be asked.")
    ] = False,
    with_office: Annotated[
        bool, typer.Option("--with-office", help="Open the main window too: it can be asked.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Don't start it again when it crashes.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Show the door full screen, with PIN pad; comes back by itself after a crash.

    Without desk or office nobody is asked about: who isn't clearly known is refused at once.
    """
    folder = data_dir or (ctx.obj if isinstance(ctx.obj, Path) else None)
    others = [f"--with-{name}" for name, is_on in (("desk", with_desk), ("office", with_office)) if is_on]
    with failing_clearly():
        if at_login is not None:
            from faceaccess.cli.door import autostart

            path = autostart.install(folder, others) if at_login else autostart.remove()
            say(f"{'Written' if at_login else 'Removed'}: {path}")
            return
    if set_pin:
        with workspace(ctx, data_dir) as space:
            space.doors.desk_pin.set(space.access.actor, read_secret("Desk's PIN: ", is_repeated=True))
        return
    if once:
        from faceaccess.gui.app import kiosk as show

        raise typer.Exit(show(folder, with_desk=with_desk, with_office=with_office))
    from faceaccess.cli.door.keeper import keep_alive

    command = [*paths.program(), "kiosk", "--once", *others, *_folder(folder)]
    raise typer.Exit(keep_alive(command))


def _folder(data_dir: Path | None) -> list[str]:
    return [] if data_dir is None else ["--data-dir", str(data_dir)]
