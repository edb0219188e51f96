"""`faceaccess models`: the recognition models and the liveness networks, and getting them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    Commands,
    DataDir,
    Json,
    counted,
    failing_clearly,
    print_json,
    say,
    workspace,
)
from faceaccess.cli.tables import print_table, print_wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from faceaccess.attendance.zones import Zones
    from faceaccess.models.catalogue import ModelInfo
    from faceaccess.models.trial import TrialState
    from faceaccess.store.people.types import Disagreement
    from faceaccess.workspace import Workspace

app = Commands(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The model's name, as `models list` shows it.")]


@app.callback()
def models(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """List, fetch or import models and liveness networks; choose the model that recognises."""
    ctx.obj = data_dir or ctx.obj


@app.command("list")
def list_models(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List the models, with the one in use and those installed, and the liveness networks."""
    with _workspace_beside(ctx, data_dir) as space:
        infos = [*space.models.catalogue.infos(), *space.models.catalogue.liveness_infos()]
    if json:
        for model in infos:
            print_json(asdict(model))
    else:
        _print_table(infos)


@app.command()
def fetch(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Download a model, or the liveness networks: minifasnet.

    After a cut line or Ctrl+C, the next try goes on from there.
    """
    with (
        _workspace_beside(ctx, data_dir) as space,
        _progress_bar(f"Fetching {name}", is_download=True) as show,
    ):
        space.models.catalogue.fetch(space.access.actor, name, progress=show)
        said = _installed(space, name)
    say(said)


@app.command("import")
def import_model(
    ctx: typer.Context,
    name: Name,
    file: Annotated[Path, typer.Argument(help="The file with its weights.")],
    data_dir: DataDir = None,
) -> None:
    """Install a model from a file, for computers without internet; of minifasnet, each of its two files."""
    with _workspace_beside(ctx, data_dir) as space:
        space.models.catalogue.import_file(space.access.actor, name, file)
        said = _installed(space, name)
    say(said)


@app.command()
def add(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder that `faceaccess learn train` wrote.")],
    data_dir: DataDir = None,
) -> None:
    """Add a network that was trained, so that it can be tried."""
    with workspace(ctx, data_dir) as space:
        name = space.models.catalogue.add(space.access.actor, folder)
    say(f"{name} is added. Try it with: faceaccess models try {name}")


@app.command()
def remove(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Remove a network that was trained or adapted, with what was prepared for it."""
    with workspace(ctx, data_dir) as space:
        space.models.catalogue.remove(space.access.actor, name)
    say(f"{name} is removed.")


@app.command()
def use(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Switch to another model, after embedding all photos with it."""
    with workspace(ctx, data_dir) as space:
        with _progress_bar("Embedding photos", is_download=False) as show:
            lost = space.models.catalogue.use(space.access.actor, name, progress=show)
        say(f"{name} is in use.")
        if lost:
            say(f"{counted(lost, 'photo')} can't be used with it; take new ones.", err=True)


@app.command("try")
def try_model(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Make everybody ready for a model that decides beside the one in use, without effect.

    Stopped or killed, it goes on where it was: here, or by itself when the window or a door starts.
    """
    with workspace(ctx, data_dir) as space:
        space.models.trial.try_model(space.access.actor, name, in_background=False)
        with _progress_bar(f"Making people ready for {name}", is_download=False) as show:
            lost = space.models.trial.make_ready(space.access.actor, progress=show)
        _print_trial(space.models.trial.state())
        if lost:
            say(f"{counted(lost, 'photo')} can't be used with it; take new ones.", err=True)


@app.command()
def shadow(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", help="How many disagreements to list at most.")] = 20,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Compare the model being tried with the one in use: counts, and entries they disagree about.

    The model that is tried sees one picture of each entry, the one in use saw the whole visit. Where they
    differ, the one in use is asked again about that picture alone; if it then says the same as the
    other, the picture was the reason, and the entry is counted apart and not listed.
    """
    with _workspace_beside(ctx, data_dir) as space:
        state = space.models.trial.state()
        disagreements = space.models.trial.disagreements(space.access.actor, limit)
        zones = space.office.timesheets.zones()
    if json:
        for row in disagreements:
            print_json(_plain(row))
        return
    _print_trial(state)
    _print_disagreements(disagreements, zones)


@app.command()
def switch(
    ctx: typer.Context,
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Switch even if it can use no photo of some people.")
    ] = False,
    uncompared: Annotated[
        bool,
        typer.Option("--uncompared", help="Switch even if no entry was compared with the one in use yet."),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Switch to the model being tried; the former one is kept to go back to."""
    from faceaccess.errors import ModelError

    with workspace(ctx, data_dir) as space:
        if not uncompared and space.models.trial.state().is_untold:
            raise ModelError(
                "Nothing was compared yet: nobody knows what the model that is tried would decide here.",
                "Let a door run, then see: faceaccess models shadow; or switch all the same: --uncompared.",
            )
        with _progress_bar("Making people ready", is_download=False) as show:
            space.models.trial.switch(space.access.actor, leave_out=leave_out, progress=show)
        state = space.models.trial.state()
        say(f"{state.active} is in use. Back to {state.former} with: faceaccess models back")


@app.command()
def back(
    ctx: typer.Context,
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Switch even if it can use no photo of some people.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Switch back to the former model."""
    with workspace(ctx, data_dir) as space:
        space.models.trial.go_back(space.access.actor, leave_out=leave_out)
        say(f"{space.models.trial.state().active} is in use again.")


@app.command()
def stop(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Stop trying another model; its templates stay until `models forget`."""
    with workspace(ctx, data_dir) as space:
        space.models.trial.stop(space.access.actor)
    say("No other model is tried.")


@app.command()
def forget(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Remove all templates of a model that is neither in use nor being tried."""
    with workspace(ctx, data_dir) as space:
        gone = space.models.trial.forget(space.access.actor, name)
    say(f"Removed {counted(gone, 'template')} of {name}.")


@app.command()
def threshold(
    ctx: typer.Context,
    name: Name,
    number: Annotated[float, typer.Argument(help="Greatest distance accepted, 0 to 4.", metavar="NUMBER")],
    margin: Annotated[float, typer.Option("--margin", help="Least lead over the next person.")] = 0.0,
    data_dir: DataDir = None,
) -> None:
    """Set the threshold of any model, before it is switched to: no model takes over another's."""
    with workspace(ctx, data_dir) as space:
        space.models.thresholds.save_for(space.access.actor, name, number, margin)
    say(f"{name} accepts up to {number:g}, with a lead of {margin:g}.")


def _installed(space: "Workspace", name: str) -> str:
    """Return what to say of weights that were just installed."""
    networks = next((info for info in space.models.catalogue.liveness_infos() if info.name == name), None)
    if networks is None:
        return f"{name} is installed. Try it with: faceaccess models try {name}"
    if networks.missing:
        return f"Installed. {name} needs this file too: {', '.join(networks.missing)}"
    return f"{name} is installed: networks for liveness, which recognise nobody."


@contextmanager
def _workspace_beside(ctx: typer.Context, data_dir: Path | None) -> "Iterator[Workspace]":
    """Open the data folder without its lock where there is one, so that a door may run meanwhile."""
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.file.restoring import DATABASE_FILE

    with failing_clearly():
        named = data_dir or (ctx.obj if isinstance(ctx.obj, Path) else None)
        folder = chosen_data_dir(named, load_machine_settings())
    with workspace(ctx, folder, read_only=(folder / DATABASE_FILE).exists()) as space:
        yield space


@contextmanager
def _progress_bar(title: str, *, is_download: bool) -> "Iterator[Callable[[int, int], None]]":
    """Show a bar on standard error; give the function that moves it."""
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
    rows = []
    for model in models:
        measured = model.accuracy
        val = None if measured is None else measured.val_at_far_1e3
        rows.append(
            (
                model.name,
                model.title,
                _state(model),
                "" if measured is None else f"{measured.accuracy:.3f}",
                "" if val is None else f"{val:.3f}",
                model.licence,
            )
        )
    about = (
        "SFace is built as FaceNet is (128 numbers on the unit sphere, squared L2 between two), but was not "
        "trained by triplets. Which photos it was trained on is not published: LFW's people are probably "
        "among them, so its LFW figures rank models and do not predict a site. FaceNet's published weights "
        "were not run by us."
    )
    headings = ("Name", "Model", "State", "LFW accuracy", "VAL @ FAR 1e-3", "Licence")
    print_table(headings, rows, whole=("Name", "State"))
    print_wrapped(about)


def _state(model: "ModelInfo") -> str:
    if model.is_active:
        return "in use"
    if model.is_candidate:
        return "tried"
    if model.is_former:
        return "former"
    return "installed" if model.is_installed else "not installed"


def _print_trial(state: "TrialState") -> None:
    if state.candidate is None:
        say("No other model is tried. Begin with: faceaccess models try NAME")
        return
    known, counts = state.readiness, state.counts
    say(
        f"{state.candidate} is tried beside {state.active}: "
        f"{known.ready} of {counted(known.people, 'person', 'people')} ready."
    )
    if state.policy is None:
        say(f"It has no threshold, so it decides nothing: faceaccess models threshold {state.candidate}")
    say(
        f"Entries: {counts.agreed} agreed, {counts.disagreed} disagreed, {counts.by_picture} neither would "
        f"have told from one picture, {counts.not_compared} not compared."
    )


def _print_disagreements(disagreements: "Sequence[Disagreement]", zones: "Zones") -> None:
    from faceaccess.codes import Outcome

    # A face that was not confirmed as live was recognised all the same.
    named = (Outcome.ACCEPTED, Outcome.DENIED, Outcome.SUSPECTED)
    for row in disagreements:
        entry = row.event.entry
        active = row.event.person_name if entry.outcome in named else None
        candidate = row.person_name if row.outcome in named else None
        say(
            f"{row.event.seq}  {zones.local(entry.at):%Y-%m-%d %H:%M:%S}  {entry.camera}"
            f"  in use: {active or entry.outcome.value} at {_distance(entry.distance)}"
            f"  tried: {candidate or row.outcome.value} at {_distance(row.distance)}"
        )


def _distance(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _plain(row: "Disagreement") -> dict[str, object]:
    entry = row.event.entry
    return {
        "seq": row.event.seq,
        "at": entry.at,
        "camera": entry.camera,
        "active": {"outcome": entry.outcome, "person": row.event.person_name, "distance": entry.distance},
        "candidate": {"outcome": row.outcome, "person": row.person_name, "distance": row.distance},
    }
