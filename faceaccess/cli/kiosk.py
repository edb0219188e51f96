"""`faceaccess kiosk`: the screen at the door, kept alive, and started with the machine."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from faceaccess.cli.common import DataDir, failing_clearly, workspace

WAITS_S = (1.0, 5.0, 10.0, 60.0)
STEADY_S = 300.0
"""A kiosk that ran for as long is started again at once when it crashes."""


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
    once: Annotated[bool, typer.Option("--once", help="Don't start it again when it crashes.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Show the door full screen, with PIN pad; comes back by itself after a crash."""
    given = data_dir or (ctx.obj if isinstance(ctx.obj, Path) else None)
    with failing_clearly():
        if at_login is not None:
            from faceaccess.cli import autostart

            path = autostart.install(given) if at_login else autostart.remove()
            typer.echo(f"{'Written' if at_login else 'Removed'}: {path}")
            return
    if set_pin:
        with workspace(ctx, data_dir) as space:
            space.doors.desk_pin.set(space.actor, sys.stdin.readline())
        return
    if once:
        from faceaccess.gui.app import kiosk as show

        raise typer.Exit(show(given))
    raise typer.Exit(keep_alive([sys.executable, "-m", "faceaccess", "kiosk", "--once", *_folder(given)]))


def _folder(data_dir: Path | None) -> list[str]:
    return [] if data_dir is None else ["--data-dir", str(data_dir)]


def keep_alive(command: list[str], waits_s: tuple[float, ...] = WAITS_S) -> int:
    """Run a command again whenever it ends; return 0 when it was left, 2 when it was wrongly called.

    One that can't start is tried again too: a folder or a camera may come later than the login.
    """
    crashes = 0
    while True:
        started_s = time.monotonic()
        try:
            code = subprocess.run(command, check=False).returncode
        except KeyboardInterrupt:
            return 130
        if code in (0, 2):
            return code
        crashes = 0 if time.monotonic() - started_s > STEADY_S else crashes + 1
        wait_s = waits_s[min(crashes, len(waits_s) - 1)]
        typer.echo(f"The kiosk ended unexpectedly ({code}); it is started again in {wait_s:g} s.", err=True)
        time.sleep(wait_s)
