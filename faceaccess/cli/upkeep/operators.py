"""`faceaccess operators`: the people who may use the program."""

from typing import Annotated

import typer

from faceaccess.cli.attendance.log import KEPT_HERE_ALONE
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
from faceaccess.codes import Right, Role
from faceaccess.store.people.names import fold

app = Commands(help="Who may use the program, and what each may do.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The operator's name, in any case.", metavar="NAME")]
GivenRole = Annotated[Role, typer.Argument(help="receptionist, admin, auditor or door.", metavar="ROLE")]


@app.command("list")
def list_operators(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List operators and their roles."""
    with workspace(ctx, data_dir, read_only=True, right=Right.MANAGE_OPERATORS) as space:
        operators = space.access.operators.list()
        say_if_none(operators, "There are no operators.", json=json)
        for operator in operators:
            if json:
                print_json(
                    {
                        "name": operator.name,
                        "role": operator.role,
                        "created_at": operator.created_at.isoformat(),
                    }
                )
            else:
                say(f"{operator.name}: {operator.role}")


@app.command()
def create(ctx: typer.Context, name: Name, role: GivenRole, data_dir: DataDir = None) -> None:
    """Add an operator; the password is read from standard input, after one's own.

    The first is an admin and closes the folder for good: from then on only operators may use it.
    The recovery passphrase that is printed then recovers a lost password or key: keep it on paper.
    """
    with workspace(ctx, data_dir, right=None) as space:
        if space.access.operators.is_closed or role is not Role.ADMIN:
            space.access.operators.create(
                space.access.actor, name, role, read_secret(f"Password for {name}: ")
            )
            say(f"{name} is {role}.")
            return
        passphrase = space.access.operators.close_folder(
            space.access.actor, name, read_secret(f"Password for {name}: ")
        )
        say(f"{name} is admin, and the folder is closed to everybody else.", err=True)
        say(KEPT_HERE_ALONE, err=True)
        say("Keep this recovery passphrase on paper; it is not shown again:", err=True)
        say(passphrase)


@app.command()
def role(ctx: typer.Context, name: Name, role: GivenRole, data_dir: DataDir = None) -> None:
    """Give an operator another role."""
    with workspace(ctx, data_dir, right=None) as space:
        space.access.operators.change(space.access.actor, name, role=role)
        say(f"{name} is {role}.")


@app.command()
def password(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Set a password: an admin for anybody, everybody for themselves. Read from standard input."""
    with workspace(ctx, data_dir, right=None) as space:
        if fold(space.access.actor.name) == fold(name):
            old = read_secret("Present password again: ")
            space.access.operators.change_own_password(space.access.actor, old, read_secret("New password: "))
        else:
            password = read_secret(f"Password for {name}: ")
            space.access.operators.change(space.access.actor, name, password=password)
        say(f"{name} has another password.")


@app.command()
def remove(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Take somebody's access away; the last admin stays."""
    with workspace(ctx, data_dir, right=None) as space:
        space.access.operators.remove(space.access.actor, name)
        say(f"{name} is no longer an operator.")


@app.command()
def recover(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Set a lost password: the recovery passphrase, then the new password, on standard input."""
    from datetime import UTC, datetime

    with workspace(ctx, data_dir, right=None) as space:
        passphrase = read_secret("Recovery passphrase: ")
        space.access.operators.recover(name, passphrase, read_secret("New password: "), datetime.now(UTC))
        say(f"{name} has another password; the log says that it was recovered.")


@app.command("new-passphrase")
def new_passphrase(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Print a new recovery passphrase; the former one no longer recovers anything.

    Where encryption is on, the key is sealed anew with it.
    """
    with workspace(ctx, data_dir, right=None) as space:
        say(space.access.custody.renew_recovery(space.access.actor))
