"""`faceaccess evaluate`: measurements on labelled photos and recordings."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, Json, complain, failing_clearly, print_json, say
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations import cluster, desk, detectors, enrolment, hard, health, identify
from faceaccess.lab.evaluations.options import Beside, Model, Photos
from faceaccess.settings import DoorSettings
from faceaccess.store.policy.types import ModelChoice

if TYPE_CHECKING:
    from faceaccess.lab.measures.pair_evaluation import Pair
    from faceaccess.lab.measures.scoring import VideoScore
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.workspace import Workspace

app = Commands(
    help="Measure accuracy on labelled photos and recordings. Nothing is kept.", no_args_is_help=True
)

app.command("cluster")(cluster.cluster)
app.command("desk")(desk.desk)
app.command("detectors")(detectors.detectors)
app.command("doubles")(enrolment.doubles)
app.command("hard")(hard.hard)
app.command("health")(health.health)
app.command("identify")(identify.identify)
app.command("quality")(enrolment.quality)


@app.command()
def pairs(
    photos: Photos,
    pairs: Annotated[Path, typer.Option("--pairs", help="A list of pairs in LFW's format.")],
    recipes: Annotated[
        bool, typer.Option("--recipes", help="Compare all numbers of views of a photo.")
    ] = False,
    beside: Beside = None,
    json: Json = False,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification: accuracy, and VAL at FAR 1e-3, cross-validated over the list's folds."""
    from faceaccess.lab.measures.pair_evaluation import read_pairs

    with failing_clearly():
        listed = read_pairs(pairs, photos)
        for name in (model, beside):
            if name is not None:
                _verify(listed, load_recogniser(device, name), with_recipes=recipes, json=json)


def _verify(listed: "Sequence[Pair]", recogniser: "Recogniser", *, with_recipes: bool, json: bool) -> None:
    """Measure verification by a model and print it."""
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings, embed_all
    from faceaccess.lab.measures.pair_evaluation import pair_report
    from faceaccess.vision.embedder import RECIPES

    embedder, embeddings = recogniser.embedder, PhotoEmbeddings(recogniser)
    paths = sorted({path for pair in listed for path in (pair.first, pair.second)})
    crops = embeddings.crops(paths, show_progress("photos"))
    for recipe in RECIPES if with_recipes else (embedder.recipe,):
        embedder.recipe = recipe
        report = pair_report(
            listed,
            embed_all(embedder, crops, as_templates=True),
            embed_all(embedder, crops, as_templates=False),
            without_face=embeddings.without_face,
        )
        if json:
            print_json({**asdict(report), "recipe": recipe.code, "model_id": embedder.model_id})
            continue
        say(
            f"{embedder.model_id.partition(':')[0]}  {recipe.code}  "
            f"accuracy {report.accuracy:.4f} at {report.threshold:.3f}   "
            f"VAL {report.val_at_far_1e3:.4f} at FAR {report.far:.5f}   "
            + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
        )


@app.command()
def allpairs(
    photos: Photos,
    beside: Beside = None,
    json: Json = False,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification over all pairs of photos of a folder: FNMR at FMR 1e-2, 1e-3 and 1e-4.

    Takes memory for each pair: meant for some thousand photos at most.
    """
    import numpy as np

    from faceaccess.lab.measures import evaluation
    from faceaccess.lab.measures.pair_evaluation import all_pairs_report

    with failing_clearly():
        folders = evaluation.photo_folders(photos)
        shown = {path: name for name, paths in folders.items() for path in paths}
        for name in (model, beside):
            if name is None:
                continue
            recogniser = load_recogniser(device, name)
            embeddings = evaluation.PhotoEmbeddings(recogniser)
            crops = embeddings.crops(list(shown), show_progress("photos"))
            templates, probes = (
                np.stack(list(evaluation.embed_all(recogniser.embedder, crops, as_templates=way).values()))
                for way in (True, False)
            )
            report = all_pairs_report([shown[path] for path in crops], templates, probes, (1e-2, 1e-3, 1e-4))
            if json:
                model_id, lost = recogniser.embedder.model_id, embeddings.without_face
                print_json({**asdict(report), "photos_without_face": lost, "model_id": model_id})
                continue
            say(
                f"{name}  {report.people} people, {report.photos} photos, {embeddings.without_face} without "
                f"a face; {report.mated} mated and {report.non_mated} non-mated pairs"
            )
            for target, fnmr, threshold in report.rows:
                say(f"FMR {target:g}: FNMR {fnmr:.4f} at threshold {threshold:.4f}")


@app.command()
def video(
    recordings: Annotated[
        list[Path],
        typer.Argument(help="Folders with gallery/, door.mp4 and truth.json.", metavar="RECORDING..."),
    ],
    cool_down: Annotated[
        float | None, typer.Option("--cool-down", help="Seconds between entries of a person.")
    ] = None,
    threshold: Annotated[
        list[float] | None, typer.Option("--threshold", help="Instead of the built-in one; may be repeated.")
    ] = None,
    margin: Annotated[float | None, typer.Option("--margin", help="Instead of the built-in one.")] = None,
    json: Json = False,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """A door: entries of recordings against their truth, each on a gallery of its own."""
    with failing_clearly():
        limits: list[float | None] = [*(threshold or ())] or [None]
        for limit in limits:
            for recording in recordings:
                result, refused = _score(recording, cool_down, limit, margin, device, model=model)
                row = {
                    "recording": recording.name,
                    "threshold": limit,
                    "not_enrolled": refused,
                    **_figures(result),
                }
                if json:
                    print_json(row)
                else:
                    say("  ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.items()))


def _figures(result: "VideoScore") -> dict[str, object]:
    import statistics

    figures = asdict(result)
    delays = figures.pop("delays_s")
    figures["median_delay_s"] = round(statistics.median(delays), 2) if delays else None
    figures["other_entries"] = dict(result.other_entries)
    return figures


def _score(
    recording: Path,
    cool_down: float | None,
    threshold: float | None,
    margin: float | None,
    device: str,
    *,
    model: str,
) -> "tuple[VideoScore, int]":
    from dataclasses import replace

    from faceaccess.door.watch import Callbacks
    from faceaccess.lab.measures.scoring import Entered, read_truth, score

    entries: list[Entered] = []
    visits = read_truth(recording / "truth.json")
    with recorded_door(recording, device, model) as (space, refused):
        if cool_down is not None:
            space.policies.set(
                space.access.actor, replace(space.policies.read(DoorSettings), cool_down_s=cool_down)
            )
        policy = space.models.thresholds.in_force
        if policy is not None and (threshold is not None or margin is not None):
            space.models.thresholds.save(
                space.access.actor,
                policy.threshold if threshold is None else threshold,
                policy.margin if margin is None else margin,
            )
        space.doors.open(
            space.access.actor,
            Callbacks(
                on_event=lambda event: entries.append(
                    Entered(event.entry.time_s, event.entry.outcome, event.person_name, event.entry.time_s)
                ),
                on_error=complain,
            ),
            source=str(recording / "door.mp4"),
            is_paced=False,
        ).run()
    return score(visits, entries), refused


@contextmanager
def recorded_door(recording: Path, device: str, model: str = "sface") -> "Iterator[tuple[Workspace, int]]":
    """Open a throw-away data folder with a recording's people; also gives how many were refused."""
    from faceaccess.codes import EnrolmentOutcome, IfDouble
    from faceaccess.people.arrivals.admission import AdmissionTerms
    from faceaccess.people.arrivals.folder import rows_of_folder
    from faceaccess.people.arrivals.report import report_rows
    from faceaccess.settings import Device as DeviceChoice
    from faceaccess.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder, Workspace.open(Path(folder)) as space:
        space.machine.use_device(DeviceChoice(device))
        # A model that is only measured against can't be active: the built-in one would take its place unsaid.
        space.models.recognisers.id_of(model)
        space.policies.set(space.access.actor, ModelChoice(active=model))
        arrivals = space.reception.enrolling.arrivals
        people = arrivals.plan(space.access.actor, rows_of_folder(recording / "gallery"))
        results = arrivals.run(space.access.actor, people, AdmissionTerms(if_double=IfDouble.KEEP))
        refused = [row for row in report_rows(results) if row.outcome is EnrolmentOutcome.REFUSED]
        for row in refused:
            say(f"not enrolled: {row.name}: {row.reason} {row.refused}", err=True)
        yield space, len(refused)
