"""Shared by the commands: the data folder, printing, and ending a command on failure."""

import getpass
import inspect
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager, suppress
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from faceaccess import paths
from faceaccess.codes import Right, Role
from faceaccess.errors import EnrolmentError, FaceAccessError, OperatorError, StoreBusyError
from faceaccess.plain_text import escaped, visible

if TYPE_CHECKING:
    from faceaccess.errors import Text
    from faceaccess.workspace import Workspace

FAILED, BUSY = 1, 3
_OPERATOR = "faceaccess.operator"
_Function = TypeVar("_Function", bound=Callable[..., Any])

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="The data folder; also set by FACEACCESS_DATA_DIR.", show_default=False),
]
OperatorName = Annotated[
    str | None,
    typer.Option(
        "--operator",
        help="Who you are, in a folder that has operators; the password is read from standard input.",
        show_default=False,
    ),
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


def say(text: object, *, err: bool = False) -> None:
    """Write a line, whatever names and file names are in it; commands print only through here."""
    typer.echo(visible(str(text)), err=err)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the plural (by default with an s) where it isn't 1."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def confirm(question: str) -> None:
    """Ask on standard error, and end the command where the answer is no."""
    typer.confirm(visible(question), abort=True, err=True)


def complain(error: FaceAccessError) -> None:
    """Write an error and its hint to standard error."""
    say(error.message, err=True)
    if error.hint:
        say(error.hint, err=True)


def say_doubt(doubt: "Text | None") -> None:
    """Write to standard error what is doubtful about that which was just saved."""
    if doubt is not None:
        say(f"{doubt} Change it if that isn't right.", err=True)


class Commands(typer.Typer):
    """A Typer app each of whose commands on a data folder also takes `--operator`."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401
        """Return the decorator that registers a command."""
        register = super().command(*args, **kwargs)
        return lambda function: register(_with_operator(function))

    def callback(self, *args: Any, **kwargs: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401
        """Return the decorator that registers the code run before a sub-command."""
        register = super().callback(*args, **kwargs)
        return lambda function: register(_with_operator(function))


def _with_operator(function: _Function) -> _Function:
    """Return a command that takes `--operator` besides its own options, for `workspace` to find."""
    signature = inspect.signature(function)
    if "data_dir" not in signature.parameters:
        return function

    @wraps(function)
    def wrapped(ctx: typer.Context, *args: Any, operator: str | None = None, **kwargs: Any) -> Any:  # noqa: ANN401
        if operator is not None:
            ctx.meta[_OPERATOR] = operator
        return function(ctx, *args, **kwargs)

    option = inspect.Parameter(
        "operator", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=OperatorName
    )
    parameters = [*signature.parameters.values(), option]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = function.__annotations__ | {"operator": OperatorName}
    return cast(_Function, wrapped)


@contextmanager
def workspace(
    ctx: typer.Context,
    data_dir: Path | None,
    *,
    read_only: bool | None = False,
    is_beside: bool = False,
    right: Right | None = Right.READ,
) -> "Iterator[Workspace]":
    """Open the data folder named by the command or before it, and close it again.

    Args:
        ctx: of the command.
        data_dir: what the command was given.
        read_only: read beside a process that writes; None does so where there is data.
        is_beside: only read while another process writes, else write.
        right: what the command needs in a folder that has operators; None: nothing personal is shown.
    """
    from faceaccess import log
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.file.restoring import DATABASE_FILE

    with failing_clearly():
        named = data_dir or (ctx.obj if isinstance(ctx.obj, Path) else None)
        folder = chosen_data_dir(named, load_machine_settings())
        operator = named_operator(ctx)
        if read_only is None:
            read_only = (folder / DATABASE_FILE).exists()
        may_write = not read_only or operator is not None
        with _opened(folder, may_write=may_write, may_read=read_only or is_beside) as opened:
            if not opened.is_read_only:
                log.set_up(opened.data_dir)
            if operator is not None:
                opened.access.sign_in(operator, read_secret("Password: "))
            if right is not None:
                opened.access.require(right)
            if opened.access.actor.role is Role.OPEN:
                say_open(folder)
            if paths.others_may_write(folder):
                say(f"{folder} can be written by other accounts. Take that away: chmod 700", err=True)
            opened.models.recognisers.on_making_ready = _say_making_ready
            opened.models.recognisers.on_device_given_up = lambda why: say(why, err=True)
            yield opened


def named_operator(ctx: typer.Context) -> str | None:
    """Return the operator named by `--operator`."""
    return ctx.meta.get(_OPERATOR)


def _say_making_ready(people: int) -> None:
    noun = counted(people, "person", "people")
    say(f"Making {noun} ready for the model in use, once, from the photos that are kept…", err=True)


def _opened(folder: Path, *, may_write: bool, may_read: bool) -> "Workspace":
    """Open a folder, to write where that may be: else beside the program that writes it."""
    from faceaccess.workspace import Workspace

    if may_write:
        with suppress(*(StoreBusyError,) if may_read else ()):
            return Workspace.open(folder)
    return Workspace.open(folder, read_only=True)


def say_open(folder: Path) -> None:
    """Say on standard error that anybody may do anything."""
    say(f"{folder} is open: it has no operators. See: faceaccess operators create", err=True)


def require_paths(paths: Iterable[Path]) -> None:
    """Check that all paths somebody typed exist, before anything is done with any of them.

    Raises:
        EnrolmentError: it isn't; the first that isn't is named.
    """
    for path in paths:
        if not path.exists():
            raise EnrolmentError(f"{path}: not found.", "Check the path.")


def read_secret(prompt: str, *, is_repeated: bool = False) -> str:
    """Return a secret: typed unseen, or the next line of standard input.

    The only way in which a command reads one, inside `workspace`: so the operator's password is always the
    first line, and what the command asks for comes after it.

    Args:
        prompt: what is asked for.
        is_repeated: whether it has to be typed twice.

    Raises:
        OperatorError: nothing was typed, which means nothing; or two that are not the same.
    """
    is_typed = sys.stdin.isatty()
    secret = getpass.getpass(prompt) if is_typed else sys.stdin.readline().rstrip("\r\n")
    if is_typed and is_repeated and secret != getpass.getpass(f"Again: {prompt}"):
        raise OperatorError("The two are not the same.", "Nothing was changed. Type it again.")
    if not secret:
        raise OperatorError(f"Nothing was typed for “{prompt.rstrip(': ')}”.", "Nothing was changed.")
    return secret


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print one JSON value on one line."""
    sys.stdout.write(escaped(json.dumps(value, ensure_ascii=False, default=_plain)) + "\n")
    sys.stdout.flush()


def say_if_none(rows: Sized, text: str, *, json: bool) -> None:
    """Say that there is nothing to list; other programs see that from the JSON."""
    if not rows and not json:
        say(text)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return str(value)
