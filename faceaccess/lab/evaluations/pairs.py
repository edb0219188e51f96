"""`faceaccess evaluate pairs`: verification on listed pairs of photos."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.identify import interval
from faceaccess.lab.evaluations.options import Beside, Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Curve, Plot, Report
from faceaccess.lab.reporting.spread import spread_curve

if TYPE_CHECKING:
    from faceaccess.lab.measures.embedded_photos import PhotoModel
    from faceaccess.lab.measures.pair_evaluation import Pair, PairReport, PairResult
    from faceaccess.lab.measures.saved_pairs import Comparison
    from faceaccess.recognition.pipeline import Recogniser


WORSE = 4
"""Exit code of a result that is worse than the one it was compared with."""


def pairs(
    photos: Photos,
    pairs: Annotated[Path, typer.Option("--pairs", help="A list of pairs in LFW's format.")],
    recipes: Annotated[
        bool, typer.Option("--recipes", help="Compare all numbers of views of a photo.")
    ] = False,
    beside: Beside = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Keep the result in a file, to compare with later.", show_default=False),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            "--compare",
            help="A saved result on the same list: the exit code is 4 where the new one is worse, which is "
            "where the 95 % interval, over people, of the difference of accuracy or of VAL lies below zero.",
            show_default=False,
        ),
    ] = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification on listed pairs: accuracy, VAL at FAR 1e-3, AUC, EER and FTE.

    Accuracy and VAL are cross-validated over the list's folds: each fold is decided at the threshold of the
    others. FTE is the part of the photos without a face, whose pairs count as refused.
    """
    from faceaccess.lab.measures import saved_pairs
    from faceaccess.lab.measures.pair_evaluation import read_pairs

    if (save or compare) and (recipes or beside):
        raise typer.BadParameter("--save and --compare are about one model, without --recipes")

    results: dict[str, PairResult] = {}
    comparison: saved_pairs.Comparison | None = None
    with failing_clearly():
        listed = read_pairs(pairs, photos)
        saved = saved_pairs.read_saved(compare, listed) if compare else None
        for name in (model, beside):
            if name is not None and recipes:
                results |= _by_recipe(listed, load_recogniser(device, name))
            elif name is not None:
                results |= _by_model(listed, photo_model(name, device, no_cache=no_cache))
        (model_id, result), *_ = results.items()
        if saved:
            comparison = saved_pairs.compare(listed, result, saved)
        if save:
            saved_pairs.save(save, listed, result, model_id)
    show(pairs_report(results, comparison), json=json, html=html)
    if comparison and comparison.is_worse:
        raise typer.Exit(WORSE)


def _by_model(listed: "Sequence[Pair]", model: "PhotoModel") -> "dict[str, PairResult]":
    from faceaccess.lab.measures.pair_evaluation import pair_result

    embedded = model.embed(_paths(listed), show_progress("photos"))
    return {model.model_id: pair_result(listed, embedded.templates, embedded.probes)}


def _paths(listed: "Sequence[Pair]") -> list[Path]:
    return sorted({path for pair in listed for path in (pair.first, pair.second)})


def _by_recipe(listed: "Sequence[Pair]", recogniser: "Recogniser") -> "dict[str, PairResult]":
    """Measure verification by each recipe of a model."""
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings, embed_all
    from faceaccess.lab.measures.pair_evaluation import pair_result
    from faceaccess.vision.embedder import RECIPES

    embedder, finder = recogniser.embedder, PhotoEmbeddings(recogniser)
    crops = finder.crops(_paths(listed), show_progress("photos"))
    results = {}
    for recipe in RECIPES:
        embedder.recipe = recipe
        templates, probes = (embed_all(embedder, crops, as_templates=way) for way in (True, False))
        results[f"{embedder.model_id.rpartition(':')[0]}:{recipe.code}"] = pair_result(
            listed, templates, probes
        )
    return results


def pairs_report(results: "Mapping[str, PairResult]", comparison: "Comparison | None" = None) -> Report:
    """Return the figures of listed pairs, by model_id, and of their comparison with a saved result."""
    figures: list[dict[str, object]] = []
    for model_id, result in results.items():
        recipe = model_id.rpartition(":")[2]
        figures.append({**asdict(result.report), "recipe": recipe, "model_id": model_id})
    if comparison:
        figures[0]["compared"] = asdict(comparison)
    counts = next(iter(results.values())).report.counts
    sections = (
        ", ".join(f"{count} {noun.replace('_', ' ')}" for noun, count in counts.items()),
        *(line for model_id, result in results.items() for line in _lines(model_id, result.report)),
        *(_comparison_lines(comparison) if comparison else ()),
        *_plots(results),
    )
    return Report(tuple(figures), sections, tuple(results), counts)


def _lines(model_id: str, report: "PairReport") -> tuple[str, str]:
    name, recipe = model_id.partition(":")[0], model_id.rpartition(":")[2]
    return (
        f"{name} {recipe}: accuracy {report.accuracy:.4f} ± {report.accuracy_deviation:.4f} "
        f"at {report.threshold:.3f}, AUC {report.auc:.5f}, EER {report.eer:.4f}, FTE {report.fte:.4f}",
        f"  VAL {report.val_at_far_1e3:.4f} ± {report.val_deviation:.4f} at FAR 1e-3 of the other folds, "
        f"{report.far:.5f} reached",
    )


def _comparison_lines(comparison: "Comparison") -> tuple[str, str, str]:
    return (
        f"less the saved result of {comparison.earlier_model_id}, pair by pair:",
        f"accuracy {interval(comparison.accuracy, signed=True)}, VAL {interval(comparison.val, signed=True)}",
        "worse" if comparison.is_worse else "not worse: no interval lies below zero",
    )


def _plots(results: "Mapping[str, PairResult]") -> tuple[Plot, Plot]:
    """Return FNMR by FMR of each model, and how the first one's distances are spread."""
    from faceaccess.recognition.error_rates import error_curve, spread_parts

    curves = []
    for model_id, result in results.items():
        curve = error_curve(result.distances[result.is_mated], result.distances[~result.is_mated])
        points = list(zip(curve.fmr.tolist(), curve.fnmr.tolist(), strict=True))
        curves.append(Curve(model_id.partition(":")[0], points))
    first = next(iter(results.values()))
    spread = (
        spread_curve("same person", spread_parts(first.distances[first.is_mated])),
        spread_curve("different people", spread_parts(first.distances[~first.is_mated])),
    )
    return (
        Plot("Errors at every threshold", "FMR", "FNMR", tuple(curves), is_log_x=True, is_log_y=True),
        Plot("Distances", "squared L2", "part of the pairs", spread),
    )
