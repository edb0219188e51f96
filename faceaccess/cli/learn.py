"""`faceaccess learn`: networks, training one by triplets, and adapting the model in force."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
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
from faceaccess.cli.recogniser import show_progress
from faceaccess.cli.tables import print_table, print_wrapped
from faceaccess.codes import Loss, Mining, Right

if TYPE_CHECKING:
    from faceaccess.learning.adapting import Adaptation, LearningMaterial
    from faceaccess.learning.networks.comparison import NetworkCost
    from faceaccess.learning.training import Point
    from faceaccess.models.model_card import ModelCard
    from faceaccess.store.access.types import Actor
    from faceaccess.vision.detector import Detector
    from faceaccess.vision.embedder import Embedder

app = Commands(no_args_is_help=True)


@app.callback()
def learn(ctx: typer.Context, data_dir: DataDir = None) -> None:
    """Train networks by triplets, and adapt the model in force to a site."""
    ctx.obj = data_dir or ctx.obj


@app.command()
def train(
    ctx: typer.Context,
    photos: Annotated[Path, typer.Argument(help="A folder with one sub-folder of photos per person.")],
    out: Annotated[Path, typer.Option("--out", help="The folder of the model; to go on, the same again.")],
    network: Annotated[str, typer.Option("--network", help="As `learn networks` lists them.")] = "NN4",
    name: Annotated[
        str, typer.Option("--name", help="The model's short name; the folder's without it.")
    ] = "",
    licence: Annotated[
        str, typer.Option("--licence", help="Of the photos: who may use what is learned from them.")
    ] = "not stated",
    dimension: Annotated[int, typer.Option("--dimension", help="Numbers of an embedding.", min=2)] = 128,
    steps: Annotated[int, typer.Option("--steps", help="At most.", min=1)] = 2000,
    mining: Annotated[Mining, typer.Option("--mining", help="Of triplets.")] = Mining.SEMI_HARD,
    loss: Annotated[Loss, typer.Option("--loss", help="Learned by.")] = Loss.TRIPLET,
    margin: Annotated[float, typer.Option("--margin", help="Of triplets, squared L2.", min=0, max=4)] = 0.2,
    people: Annotated[int, typer.Option("--people", help="P people in a batch.", min=2)] = 24,
    per_person: Annotated[int, typer.Option("--per-person", help="K photos of each, at most.", min=2)] = 3,
    others: Annotated[int, typer.Option("--others", help="Further photos, as negatives.", min=0)] = 24,
    learning_rate: Annotated[float, typer.Option("--learning-rate", help="The greatest.")] = 1e-3,
    seed: Annotated[int, typer.Option("--seed", help="Of weights and batches.", min=0)] = 0,
    judge_every: Annotated[
        int, typer.Option("--judge-every", help="Steps between two judgements and checkpoints.", min=1)
    ] = 100,
    patience: Annotated[
        int, typer.Option("--patience", help="End after so many judgements without a better one; 0: never.")
    ] = 10,
    held_out: Annotated[
        int, typer.Option("--held-out", help="One person in so many is judged by, not learned from.", min=2)
    ] = 4,
    compatible_with: Annotated[
        str,
        typer.Option(
            "--compatible-with",
            help="A model's name or folder: the new probes can then be compared with its templates.",
        ),
    ] = "",
    device: Annotated[str, typer.Option("--device", help="cpu, cuda or mps.")] = "cpu",
    threads: Annotated[int, typer.Option("--threads", help="Of the processor; 0: all.", min=0)] = 0,
    beside_door: Annotated[
        bool, typer.Option("--beside-door", help="Also while another program has the data folder open.")
    ] = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Train a network and add it to the models, so that a door can try it.

    Killed or stopped, the same command goes on from the last checkpoint, along the same losses. One person in
    four is held out: what is printed are their pairs. Without a data folder, add it later: models add FOLDER.
    """
    with failing_clearly():
        _require_torch()
        adding = None if beside_door else _may_add(ctx, data_dir)
        import torch

        from faceaccess.errors import ModelError
        from faceaccess.learning.batches import BatchShape
        from faceaccess.learning.runs import Source
        from faceaccess.learning.runs import train as train_network
        from faceaccess.learning.training import TrainingPlan

        if device not in ("cpu", "cuda", "mps"):
            raise ModelError("There is no device {device}.", "There are: cpu, cuda, mps.", device=device)
        if threads:
            torch.set_num_threads(threads)
        detector, former = _detector_and(compatible_with)
        plan = TrainingPlan(
            network,
            dimension=dimension,
            seed=seed,
            steps=steps,
            batch=BatchShape(people, per_person, others),
            loss=loss,
            mining=mining,
            margin=margin,
            learning_rate=learning_rate,
            judge_every=judge_every,
            patience=patience,
            compatible_with="" if former is None else former.model_id,
        )
        short = name or out.resolve().name.lower()
        source = Source(
            photos, short, f"{network} ({dimension}-D), trained on {photos.name}", licence, held_out
        )
        card = train_network(
            plan,
            source,
            out,
            detector=detector,
            former=former,
            device=device,
            on_photos=show_progress("photos"),
            on_point=_say_point,
        )
    if json:
        print_json(asdict(card))
    else:
        _print_card(card)
    if adding is None:
        say(f"Add it to a data folder with: faceaccess models add {out}", err=True)
    else:
        _add_trained(*adding, out)


@app.command()
def adapt(
    ctx: typer.Context,
    threads: Annotated[int, typer.Option("--threads", help="Of the processor.", min=1)] = 1,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Adapt the model in force to this site's people and cameras, if and only if that helps.

    Learned are a few numbers on top of it, from photos and door pictures of whoever agreed to that. It is
    refused unless people who were not learned from are told apart better; else it is added, to be tried.
    """
    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        from faceaccess.store import clock

        _require_torch()
        assert space.adapting is not None
        adaptation = space.adapting.adapt(
            space.access.actor,
            now=clock.utc_now(),
            threads=threads,
            progress=show_progress("people", every=50),
        )
    if json:
        print_json(asdict(adaptation))
        return
    _print_material(adaptation.material)
    _print_adaptation(adaptation)


@app.command()
def networks(
    json: Json = False,
    no_time: Annotated[bool, typer.Option("--no-time", help="Count only, and measure no times.")] = False,
) -> None:
    """List the networks of the FaceNet paper and ours: parameters, FLOPs, and the time for one crop.

    NN1 alone has 140 million parameters: measuring it takes half a minute and 4 GB of memory.
    """
    with failing_clearly():
        _require_torch()
        from faceaccess.learning.networks.comparison import compare

        costs = compare(is_timed=not no_time)
        if json:
            for cost in costs:
                print_json(asdict(cost))
        else:
            _print_costs(list(costs))


def _may_add(ctx: typer.Context, data_dir: Path | None) -> "tuple[Path, Actor] | None":
    """Return the data folder and who adds a model to it, asked before hours of training; None without one.

    Raises:
        StoreBusyError: another program has it open: it may run a door, which needs the cores.
        PermissionDenied: the operator may not add models.
    """
    from faceaccess.errors import StoreBusyError
    from faceaccess.settings import chosen_data_dir, load_machine_settings
    from faceaccess.store.file.lock import WriterLock
    from faceaccess.store.file.restoring import DATABASE_FILE

    folder = chosen_data_dir(data_dir or ctx.obj, load_machine_settings())
    if not (folder / DATABASE_FILE).exists():
        return None
    try:
        WriterLock(folder).release()
    except StoreBusyError as exc:
        raise StoreBusyError(
            "{folder} is in use: learning would take the processor from a door.",
            "Stop that program first, or give --beside-door and few --threads.",
            folder=folder,
        ) from exc
    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        return folder, space.access.actor


def _detector_and(compatible_with: str) -> "tuple[Detector, Embedder | None]":
    """Return the detector, and the model to be compatible with; None without a name."""
    from faceaccess.cli.recogniser import load_recogniser

    built_in = load_recogniser("cpu")
    if not compatible_with:
        return built_in.detector, None
    return built_in.detector, load_recogniser("cpu", compatible_with).embedder


def _say_point(point: "Point") -> None:
    say(
        f"step {point.step}: loss {point.loss:.4f}, active {point.active:.0%}, "
        f"held out: AUC {point.auc:.4f}, VAL {point.val:.4f} at FAR 0.1",
        err=True,
    )


def _print_card(card: "ModelCard") -> None:
    say(
        f"{card.name}: {card.network}, {card.parameters:,} parameters, learned from "
        f"{counted(card.photos, 'photo')} of "
        f"{counted(card.people, 'person', 'people')} (photos left out: {card.left_out})."
    )
    say(
        f"Held out: {counted(card.held_out_photos, 'photo')} of "
        f"{counted(card.held_out_people, 'person', 'people')}, 95 % intervals by people:"
    )
    for name, (mean, low, high) in card.figures.items():
        say(f"  {name:28} {mean:7.4f}  ({low:.4f} to {high:.4f})")


def _add_trained(folder: Path, actor: "Actor", out: Path) -> None:
    """Add a trained model to a data folder."""
    from faceaccess.workspace import Workspace

    with failing_clearly(), Workspace.open(folder) as space:
        name = space.models.catalogue.add(actor, out)
    say(f"{name} is among the models. Try it with: faceaccess models try {name}", err=True)


def _print_material(material: "LearningMaterial") -> None:
    say(
        f"Learned from {counted(material.people, 'person', 'people')}: {counted(material.photos, 'photo')} "
        f"and {counted(material.pictures, 'door picture')}. "
        f"Others whose consent doesn't cover it: {material.without_consent}."
    )


def _print_adaptation(adaptation: "Adaptation") -> None:
    gain = adaptation.gain
    say(
        f"People not learned from: VAL {adaptation.before.mean:.4f} before, "
        f"{adaptation.after.mean:.4f} after at FAR {adaptation.far:g}; "
        f"the difference is {gain.mean:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})."
    )
    if adaptation.is_refused:
        say("Refused: that is no better than chance. Nothing was changed.")
        return
    say(f"Added as {adaptation.name}, threshold {adaptation.threshold:g}: as many false accepts as before.")
    say(f"Try it beside the one in use: faceaccess models try {adaptation.name}")


def _require_torch() -> None:
    """Check that networks can be trained at all.

    Raises:
        ModelError: torch isn't installed.
    """
    from faceaccess.errors import ModelError

    if find_spec("torch") is None:
        raise ModelError("Learning needs torch.", "Install it: pip install torch.")


def _print_costs(costs: "Sequence[NetworkCost]") -> None:
    numbers = ("Parameters", "Paper's", "FLOPs", "Paper's", "ms")
    rows = [
        (
            cost.name,
            f"{cost.height_px}x{cost.width_px}",
            _millions(cost.parameters),
            _millions(cost.paper_parameters),
            _millions(cost.flops),
            _millions(cost.paper_flops),
            "" if cost.ms is None else f"{cost.ms:.1f}",
        )
        for cost in costs
    ]
    print_table(("Name", "Crop", *numbers), rows, whole=("Name", "Crop"), numbers=numbers)
    names: dict[str, list[str]] = {}
    for cost in costs:
        names.setdefault(cost.note, []).append(cost.name)
    for note, sharing in names.items():
        print_wrapped(f"{', '.join(sharing)}: {note}")
    print_wrapped(
        "Parameters and FLOPs are in millions; a crop is height x width in pixels. As in the paper, a FLOP "
        "is a multiplication with its addition, counted in convolutions and fully connected layers. FLOPs "
        "and time are for one crop; the time is by ONNX Runtime on one thread, the median of five."
    )


def _millions(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number / 1e6:.3g}" if number < 1e9 else f"{number / 1e6:.0f}"
