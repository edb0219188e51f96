"""`faceaccess models`: which recognition models there are, and getting another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, DataDir, Json, failing_clearly, print_json, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from faceaccess.workspace import ModelInfo, Workspace

app = Commands(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The model's name, as `models list` shows it.")]


@app.callback()
def models(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """List, fetch, import or choose recognition models."""
    ctx.obj = data_dir or ctx.obj


@app.command("list")
def list_models(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the models: which is in use, which are installed."""
    with _workspace_beside(ctx, data_dir) as space:
        found = space.models()
    if json:
        for model in found:
            print_json(asdict(model))
    else:
        _print_table(found)


@app.command()
def fetch(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Download a model. After a cut line or Ctrl+C, the next try goes on from there."""
    with (
        _workspace_beside(ctx, data_dir) as space,
        _progress_bar(f"Fetching {name}", is_download=True) as show,
    ):
        space.fetch_model(name, progress=show)
    typer.echo(f"{name} is installed. Choose it with: faceaccess models use {name}")


@app.command("import")
def import_model(
    ctx: typer.Context,
    name: Name,
    file: Annotated[Path, typer.Argument(help="The file with its weights.")],
    data_dir: DataDir = None,
) -> None:
    """Install a model from a file, for computers without internet."""
    with _workspace_beside(ctx, data_dir) as space:
        space.import_model(name, file)
    typer.echo(f"{name} is installed. Choose it with: faceaccess models use {name}")


@app.command()
def use(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Decide by another model from now on, after embedding all photos with it."""
    with workspace(ctx, data_dir) as space:
        with _progress_bar("Embedding photos", is_download=False) as show:
            lost = space.use_model(space.actor, name, progress=show)
        typer.echo(f"{name} is in use.")
        if lost:
            typer.echo(f"{lost} photos can't be used with it; take new ones.", err=True)


@contextmanager
def _workspace_beside(ctx: typer.Context, data_dir: Path | None) -> "Iterator[Workspace]":
    """Open the data folder without its lock where there is one, so that a door may run meanwhile."""
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.database import DATABASE_FILE

    with failing_clearly():
        given = data_dir or (ctx.obj if isinstance(ctx.obj, Path) else None)
        folder = chosen_data_dir(given, load_machine_settings())
    with workspace(ctx, folder, read_only=(folder / DATABASE_FILE).exists()) as space:
        yield space


@contextmanager
def _progress_bar(title: str, *, is_download: bool) -> "Iterator[Callable[[int, int], None]]":
    """Show a bar on standard error; give what moves it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    counts = DownloadColumn() if is_download else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), counts, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_table(models: "list[ModelInfo]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Name", "Model", "State", "Licence")
    for model in models:
        state = "in use" if model.is_active else "installed" if model.is_installed else "not installed"
        table.add_row(model.name, model.title, state, model.licence)
    Console().print(table)
