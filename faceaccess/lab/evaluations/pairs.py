"""`faceaccess evaluate pairs` and `allpairs`: verification, by listed pairs of photos or by all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.options import Beside, Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Report

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
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification: accuracy, and VAL at FAR 1e-3, cross-validated over the list's folds."""
    from faceaccess.lab.measures.pair_evaluation import pair_report, read_pairs

    results: dict[str, PairReport] = {}
    with failing_clearly():
        listed = read_pairs(pairs, photos)
        for name in (model, beside):
            if name is None:
                continue
            if recipes:
                results |= _by_recipe(listed, load_recogniser(device, name))
                continue
            embedded = photo_model(name, device, no_cache=no_cache).embed(
                _paths(listed), show_progress("photos")
            )
            without = len(embedded.without_face)
            report = pair_report(listed, embedded.templates, embedded.probes, without_face=without)
            results[embedded.model_id] = report
    show(_report(results), json=json, html=html)


def _paths(listed: "Sequence[Pair]") -> list[Path]:
    return sorted({path for pair in listed for path in (pair.first, pair.second)})


def _by_recipe(listed: "Sequence[Pair]", recogniser: "Recogniser") -> "dict[str, PairReport]":
    """Measure verification by each recipe of a model."""
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings, embed_all
    from faceaccess.lab.measures.pair_evaluation import pair_report
    from faceaccess.vision.embedder import RECIPES

    embedder, finder = recogniser.embedder, PhotoEmbeddings(recogniser)
    crops = finder.crops(_paths(listed), show_progress("photos"))
    results = {}
    for recipe in RECIPES:
        embedder.recipe = recipe
        templates, probes = (embed_all(embedder, crops, as_templates=way) for way in (True, False))
        report = pair_report(listed, templates, probes, without_face=finder.without_face)
        results[f"{embedder.model_id.rpartition(':')[0]}:{recipe.code}"] = report
    return results


def _report(results: "Mapping[str, PairReport]") -> Report:
    figures, lines = [], []
    for model_id, report in results.items():
        name, recipe = model_id.partition(":")[0], model_id.rpartition(":")[2]
        figures.append({**asdict(report), "recipe": recipe, "model_id": model_id})
        lines.append(
            f"{name}  {recipe}  accuracy {report.accuracy:.4f} at {report.threshold:.3f}   "
            f"VAL {report.val_at_far_1e3:.4f} at FAR {report.far:.5f}   "
            + ", ".join(f"{count} {noun.replace('_', ' ')}" for noun, count in report.counts.items())
        )
    counts = next(iter(results.values())).counts
    return Report(tuple(figures), tuple(lines), tuple(results), counts)


def allpairs(
    photos: Photos,
    beside: Beside = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification over all pairs of photos of a folder: FNMR at FMR 1e-2, 1e-3 and 1e-4.

    Takes memory for each pair: meant for some thousand photos at most.
    """
    import numpy as np

    from faceaccess.lab.measures import evaluation
    from faceaccess.lab.measures.pair_evaluation import all_pairs_report

    figures: list[dict[str, object]] = []
    lines: list[str] = []
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
            figures.append({**asdict(report), "photos_without_face": lost, "model_id": embedded.model_id})
            lines.append(
                f"{name}  {report.people} people, {report.photos} photos, {lost} without "
                f"a face; {report.mated} mated and {report.non_mated} non-mated pairs"
            )
            lines += [
                f"FMR {target:g}: FNMR {fnmr:.4f} at threshold {threshold:.4f}"
                for target, fnmr, threshold in report.rows
            ]
    model_ids = tuple(str(row["model_id"]) for row in figures)
    show(Report(tuple(figures), tuple(lines), model_ids), json=json, html=html)
