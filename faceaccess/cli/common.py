"""What the commands share: the data folder, printing, and how a failure ends a command."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faceaccess.errors import FaceAccessError, StoreBusyError

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

FAILED, BUSY = 1, 3

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="The data folder; also set by FACEACCESS_DATA_DIR.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]


@contextmanager
def failing_clearly() -> Iterator[None]:
    """End the command with a message and an exit code when something known goes wrong."""
    try:
        yield
    except StoreBusyError as exc:
        complain(exc)
        raise typer.Exit(BUSY) from exc
    except FaceAccessError as exc:
        complain(exc)
        raise typer.Exit(FAILED) from exc
    except KeyboardInterrupt as exc:
        raise typer.Exit(130) from exc


def complain(error: FaceAccessError) -> None:
    """Write an error and its hint to standard error."""
    typer.echo(error.message, err=True)
    if error.hint:
        typer.echo(error.hint, err=True)


@contextmanager
def workspace(
    ctx: typer.Context, data_dir: Path | None, *, read_only: bool | None = False
) -> "Iterator[Workspace]":
    """Open the data folder named by the command or before it, and close it again.

    Args:
        ctx: of the command.
        data_dir: what the command was given.
        read_only: read beside a process that writes; None does so where there is data.
    """
    from faceaccess import log
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.database import DATABASE_FILE
    from faceaccess.workspace import Workspace

    with failing_clearly():
        given = data_dir or (ctx.obj if isinstance(ctx.obj, Path) else None)
        folder = chosen_data_dir(given, load_machine_settings())
        if read_only is None:
            read_only = (folder / DATABASE_FILE).exists()
        with Workspace.open(folder, read_only=read_only) as opened:
            if not read_only:
                log.set_up(opened.data_dir)
            yield opened


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print one JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")
    sys.stdout.flush()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return str(value)
