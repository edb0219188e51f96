"""`faceaccess evaluate pairs` and `allpairs`: verification, by listed pairs of photos or by all of them."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.options import Beside, Model, Photos
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model

if TYPE_CHECKING:
    from faceaccess.lab.measures.pair_evaluation import Pair, PairReport
    from faceaccess.recognition.pipeline import Recogniser


def pairs(
    photos: Photos,
    pairs: Annotated[Path, typer.Option("--pairs", help="A list of pairs in LFW's format.")],
    recipes: Annotated[
        bool, typer.Option("--recipes", help="Compare all numbers of views of a photo.")
    ] = False,
    beside: Beside = None,
    no_cache: NoCache = False,
    json: Json = False,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification: accuracy, and VAL at FAR 1e-3, cross-validated over the list's folds."""
    from faceaccess.lab.measures.pair_evaluation import pair_report, read_pairs

    with failing_clearly():
        listed = read_pairs(pairs, photos)
        for name in (model, beside):
            if name is None:
                continue
            if recipes:
                _compare_recipes(listed, load_recogniser(device, name), json=json)
                continue
            embedded = photo_model(name, device, no_cache=no_cache).embed(
                _paths(listed), show_progress("photos")
            )
            without = len(embedded.without_face)
            report = pair_report(listed, embedded.templates, embedded.probes, without_face=without)
            _print(report, embedded.model_id, json=json)


def _paths(listed: "Sequence[Pair]") -> list[Path]:
    return sorted({path for pair in listed for path in (pair.first, pair.second)})


def _compare_recipes(listed: "Sequence[Pair]", recogniser: "Recogniser", *, json: bool) -> None:
    """Measure verification by each recipe of a model and print it."""
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings, embed_all
    from faceaccess.lab.measures.pair_evaluation import pair_report
    from faceaccess.vision.embedder import RECIPES

    embedder, finder = recogniser.embedder, PhotoEmbeddings(recogniser)
    crops = finder.crops(_paths(listed), show_progress("photos"))
    for recipe in RECIPES:
        embedder.recipe = recipe
        templates, probes = (embed_all(embedder, crops, as_templates=way) for way in (True, False))
        report = pair_report(listed, templates, probes, without_face=finder.without_face)
        _print(report, f"{embedder.model_id.rpartition(':')[0]}:{recipe.code}", json=json)


def _print(report: "PairReport", model_id: str, *, json: bool) -> None:
    name, recipe = model_id.partition(":")[0], model_id.rpartition(":")[2]
    if json:
        print_json({**asdict(report), "recipe": recipe, "model_id": model_id})
        return
    say(
        f"{name}  {recipe}  accuracy {report.accuracy:.4f} at {report.threshold:.3f}   "
        f"VAL {report.val_at_far_1e3:.4f} at FAR {report.far:.5f}   "
        + ", ".join(f"{count} {noun.replace('_', ' ')}" for noun, count in report.counts.items())
    )


def allpairs(
    photos: Photos,
    beside: Beside = None,
    no_cache: NoCache = False,
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
        shown = {path: name for name, paths in evaluation.photo_folders(photos).items() for path in paths}
        for name in (model, beside):
            if name is None:
                continue
            embedded = photo_model(name, device, no_cache=no_cache).embed(
                list(shown), show_progress("photos")
            )
            templates, probes = (
                np.stack(list(rows.values())) for rows in (embedded.templates, embedded.probes)
            )
            people = [shown[path] for path in embedded.probes]
            report = all_pairs_report(people, templates, probes, (1e-2, 1e-3, 1e-4))
            lost = len(embedded.without_face)
            if json:
                print_json({**asdict(report), "photos_without_face": lost, "model_id": embedded.model_id})
                continue
            say(
                f"{name}  {report.people} people, {report.photos} photos, {lost} without "
                f"a face; {report.mated} mated and {report.non_mated} non-mated pairs"
            )
            for target, fnmr, threshold in report.rows:
                say(f"FMR {target:g}: FNMR {fnmr:.4f} at threshold {threshold:.4f}")
