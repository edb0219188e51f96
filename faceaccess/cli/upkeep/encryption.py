"""`faceaccess encryption`: where the key of the database lies."""

import sys
from typing import Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, failing_clearly, read_secret, say, workspace
from faceaccess.codes import KeySource, Right

app = Commands(help="Where the key of the database lies, and getting it back.", no_args_is_help=True)

Source = Annotated[
    KeySource,
    typer.Option(
        "--source",
        help="keyring; or without a person at hand: credential (systemd), sealed (TPM), environment.",
    ),
]


@app.command()
def status(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Say where the key lies."""
    with workspace(ctx, data_dir, read_only=True, right=None) as space:
        source = space.access.encryption.source
        is_off = source is KeySource.FILE
        say("off: the key lies in a file beside the database" if is_off else f"on: {source}")


@app.command()
def on(ctx: typer.Context, source: Source = KeySource.KEYRING, data_dir: DataDir = None) -> None:
    """Move the key out of the data folder; the recovery passphrase is read from standard input.

    All sources but the keyring must hold the key first: see `faceaccess encryption show-key`.
    """
    with workspace(ctx, data_dir, right=Right.KEEP) as space:
        space.access.custody.turn_encryption_on(
            space.access.actor, source, read_secret("Recovery passphrase: ")
        )
        say(f"Encryption is on: the key lies in the {source}.")


@app.command()
def off(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Put the key back into a file beside the database."""
    with workspace(ctx, data_dir, right=Right.KEEP) as space:
        space.access.encryption.turn_off(space.access.actor)
        say("Encryption is off: whoever copies the data folder can read it.")


@app.command("show-key")
def show_key(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Print the key for a systemd credential, a sealed file or an environment variable; journalled.

    For the TPM: pipe it into `systemd-creds encrypt --with-key=tpm2 --name=faceaccess-key - FILE`
    with FILE faceaccess.sealed in the data folder.
    """
    with workspace(ctx, data_dir, right=Right.KEEP) as space:
        # Nobody's words, and its lines are its own.
        sys.stdout.write(space.access.encryption.key_text(space.access.actor))


@app.command("change-key")
def change_key(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Encrypt everything with a new key; while encryption is on, reads the recovery passphrase."""
    with workspace(ctx, data_dir, right=Right.KEEP) as space:
        is_on = space.access.encryption.source is not KeySource.FILE
        space.access.custody.change_key(
            space.access.actor, read_secret("Recovery passphrase: ") if is_on else None
        )
        say("Everything is encrypted with a new key.")


@app.command()
def recover(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Recover a lost key with the recovery passphrase, read from standard input."""
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.keys.encryption import recover_key

    with failing_clearly():
        folder = chosen_data_dir(data_dir or ctx.obj, load_machine_settings())
        recover_key(folder, read_secret("Recovery passphrase: "))
        say("The key is back in its file; turn encryption on again when you can.")
