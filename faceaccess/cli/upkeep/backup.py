"""`faceaccess backup`: copies of everything, under a passphrase of their own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    Commands,
    DataDir,
    Json,
    counted,
    failing_clearly,
    named_operator,
    print_json,
    read_secret,
    say,
    say_if_none,
    say_open,
    workspace,
)
from faceaccess.codes import Right

if TYPE_CHECKING:
    from faceaccess.store.access.types import Actor

app = Commands(help="Back up everything into one file, check it, put it back.", no_args_is_help=True)

BackupFile = Annotated[Path, typer.Argument(help="A backup.", metavar="FILE")]


@app.command()
def create(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where to, best on another disk.", metavar="FOLDER")],
    data_dir: DataDir = None,
) -> None:
    """Write a backup into a folder and check it; its passphrase is read from standard input.

    Works beside a running door, whose log then doesn't tell of it.
    """
    with workspace(ctx, data_dir, is_beside=True, right=Right.KEEP) as space:
        say(space.keeping.back_up(space.access.actor, folder, read_secret("Passphrase of the backup: ")))
        if space.is_read_only:
            say("Another process writes to the data folder: this is not in its log.", err=True)


@app.command("list")
def list_backups(
    folder: Annotated[Path, typer.Argument(help="Where they are.", metavar="FOLDER")],
) -> None:
    """List the backups of a folder, newest first."""
    from faceaccess.store.file.backup import backups_in
    from faceaccess.store.file.leftovers import parts_in

    backups, parts = backups_in(folder), parts_in(folder)
    say_if_none([*backups, *parts], f"There are no backups in {folder}.", json=False)
    for path in backups:
        say(f"{path}  {path.stat().st_size / 1e6:.1f} MB")
    for path in parts:
        say(f"{path}  unfinished: it is being written, or was left by a program that was killed")


@app.command()
def check(path: BackupFile, json: Json = False) -> None:
    """Check a backup whole, without restoring it; its passphrase is read from standard input."""
    from faceaccess.store.file import backup

    with failing_clearly():
        facts = backup.check(path, read_secret("Passphrase of the backup: "))
    if json:
        print_json({"made_at": facts.made_at, "people": facts.people, "rows": facts.rows})
    else:
        when = facts.made_at.astimezone()
        say(
            f"good: {counted(facts.people, 'person', 'people')}, {counted(facts.rows, 'row')}, "
            f"made {when:%Y-%m-%d %H:%M:%S}"
        )


@app.command()
def restore(
    ctx: typer.Context,
    path: BackupFile,
    recovery: Annotated[
        bool, typer.Option("--recovery", help="Read the recovery passphrase first, instead of --operator.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Restore a backup into the data folder; present data is kept aside.

    A folder with operators needs an admin, or its recovery passphrase; where it can't be opened any more,
    or something of it was removed, those of the backup. Then reads the passphrase of the backup.
    """
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.access.types import Proof
    from faceaccess.store.file import backup

    if recovery and named_operator(ctx) is not None:
        raise typer.BadParameter("--recovery and --operator exclude each other.")
    with failing_clearly():
        folder = chosen_data_dir(data_dir or ctx.obj, load_machine_settings())
        actor, proof = _allowed(ctx, folder, recovery=recovery), None
        if actor is None and recovery:
            proof = Proof("", read_secret("Recovery passphrase: "))
        elif actor is None and (name := named_operator(ctx)) is not None:
            proof = Proof(name, read_secret("Password: "))
        done = backup.restore(folder, path, read_secret("Passphrase of the backup: "), actor, proof)
    say(f"{path} is restored into {folder}.")
    if done.aside is not None:
        say(f"The former data is in {done.aside}.")
    if not done.is_closed:
        say_open(folder)


def _allowed(ctx: typer.Context, folder: Path, *, recovery: bool) -> "Actor | None":
    """Return the actor who restores; None where the folder has no data, or data that nobody can open."""
    from datetime import UTC, datetime

    from faceaccess.errors import StoreBusyError, StoreError
    from faceaccess.store.access.types import SYSTEM
    from faceaccess.store.file.restoring import DATABASE_FILE
    from faceaccess.workspace import Workspace

    if not (folder / DATABASE_FILE).exists():
        return None
    try:
        Workspace.open(folder).close()
    except StoreBusyError:
        raise
    except StoreError as exc:
        say(f"{exc.message} It is kept aside.", err=True)
        return None
    with workspace(ctx, folder, right=None if recovery else Right.KEEP) as space:
        if recovery:
            space.access.operators.check_recovery(read_secret("Recovery passphrase: "), datetime.now(UTC))
        return SYSTEM if recovery else space.access.actor
