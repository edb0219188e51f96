"""`faceaccess evaluate identify`: open-set identification, by one model or by two on the same draws."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.cli.tables import print_table
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Beside, Model, Photos

if TYPE_CHECKING:
    from faceaccess.lab.measures.identification import IdentificationReport, Identified, OpenSet
    from faceaccess.lab.measures.recipe_evaluation import RecipeRow
    from faceaccess.recognition.intervals import Rate
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.vision.types import ImageArray

Draws = Annotated[
    int, typer.Option("--draws", help="How often other people are enrolled; figures are means.", min=1)
]
Seed = Annotated[int, typer.Option("--seed", help="Picks the people enrolled; of the first draw.")]


@dataclass(frozen=True, eq=False)
class _Cropped:
    """A model with the crops of all photos in which it finds a face."""

    recogniser: "Recogniser"
    crops: "Mapping[Path, ImageArray]"
    without_face: int

    @property
    def model_id(self) -> str:
        """Id of its network, weights, alignment and recipe."""
        return self.recogniser.embedder.model_id


def identify(
    photos: Photos,
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled; the others are strangers.")
    ] = 150,
    photos_each: Annotated[int, typer.Option("--photos-each", help="Photos enrolled of each.")] = 1,
    seed: Seed = 0,
    draws: Draws = 1,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    threshold: Annotated[
        list[float] | None, typer.Option("--threshold", help="Also measure at this one; may be repeated.")
    ] = None,
    beside: Beside = None,
    recipes: Annotated[
        bool, typer.Option("--recipes", help="Compare all numbers of views of a photo instead.")
    ] = False,
    json: Json = False,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Open-set identification: rank-1, and FNIR at FPIR 1e-2, 3e-3 and 1e-3, with 95 % intervals."""
    if recipes and beside:
        raise typer.BadParameter("either --recipes or --beside")
    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        models = [_cropped(folders, name, device) for name in (model, beside) if name is not None]
        splits = _splits(folders, models, people, photos_each, range(seed, seed + draws))
        counts = _counts(folders, models, half, range(seed, seed + draws))
        if recipes:
            _compare_recipes(models[0], splits, counts, json=json)
        else:
            _compare_models(models, splits, counts, threshold or (), json=json)


def _cropped(folders: Mapping[str, Sequence[Path]], name: str, device: str) -> _Cropped:
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings

    recogniser = load_recogniser(device, name)
    embeddings = PhotoEmbeddings(recogniser)
    paths = [path for files in folders.values() for path in files]
    crops = embeddings.crops(paths, show_progress(f"photos, {name}"))
    return _Cropped(recogniser, crops, embeddings.without_face)


def _splits(
    folders: Mapping[str, Sequence[Path]],
    models: Sequence[_Cropped],
    people: int,
    photos_each: int,
    seeds: range,
) -> "list[OpenSet]":
    """Return the draws, of photos in which each model finds a face."""
    from faceaccess.lab.measures.identification import open_set

    usable = set(models[0].crops).intersection(*(model.crops for model in models))
    return [open_set(folders, usable, people=people, photos_each=photos_each, seed=seed) for seed in seeds]


def _counts(
    folders: Mapping[str, Sequence[Path]], models: Sequence[_Cropped], half: Half, seeds: range
) -> dict[str, object]:
    usable = set(models[0].crops).intersection(*(model.crops for model in models))
    return {
        "half": half,
        "seeds": list(seeds),
        "people_in_all": len(folders),
        "photos": sum(len(files) for files in folders.values()),
        "photos_without_face": {model.model_id: model.without_face for model in models},
        "photos_usable": len(usable),
    }


def _compare_models(
    models: Sequence[_Cropped],
    splits: "Sequence[OpenSet]",
    counts: Mapping[str, object],
    thresholds: Sequence[float],
    *,
    json: bool,
) -> None:
    from faceaccess.lab.measures.identification import identification_report, identify_draws

    drawn = [identify_draws(model.recogniser.embedder, model.crops, splits) for model in models]
    reports = [
        # A threshold is one of the first model's distances: it says nothing about the other's.
        identification_report(draws, thresholds=thresholds if draws is drawn[0] else ())
        for draws in drawn
    ]
    named = [{"model_id": m.model_id, **asdict(r)} for m, r in zip(models, reports, strict=True)]
    differences = _differences(*drawn) if len(drawn) == 2 else {}
    if json:
        figures: dict[str, object] = {**named[0], **counts}
        if differences:
            rows = [{"fpir_target": fpir, **asdict(rate)} for fpir, rate in differences.items()]
            figures |= {"beside": named[1], "fnir_difference": rows}
        print_json(figures)
        return
    _print_counts(counts)
    for model, report in zip(models, reports, strict=True):
        _print(model.model_id, report)
    for fpir, rate in differences.items():
        say(
            f"FPIR {fpir:g}: FNIR of {_short(models[0])} less that of {_short(models[1])}, "
            f"on the same photos: {interval(rate, signed=True)}"
        )


def _differences(draws: "Sequence[Identified]", others: "Sequence[Identified]") -> "dict[float, Rate]":
    from faceaccess.lab.measures.identification import FPIR_TARGETS, fnir_difference

    return {fpir: fnir_difference(draws, others, fpir) for fpir in FPIR_TARGETS}


def _compare_recipes(
    model: _Cropped, splits: "Sequence[OpenSet]", counts: Mapping[str, object], *, json: bool
) -> None:
    from faceaccess.lab.measures.recipe_evaluation import FPIR, recipe_rows
    from faceaccess.vision.embedder import RECIPES

    rows = recipe_rows(model.recogniser.embedder, model.crops, splits, RECIPES)
    if json:
        figures = {"model_id": model.model_id, "people": len({name for name, _ in splits[0].gallery})}
        print_json({**figures, **counts, "fpir_target": FPIR, "recipes": [asdict(row) for row in rows]})
        return
    _print_counts(counts)
    say(f"{model.model_id}, views of a template (t) and of a probe (p), FNIR at FPIR {FPIR:g}")
    print_table(
        ("recipe", "FNIR", "above the best", "template ms", "probe ms"),
        [_recipe_cells(row) for row in rows],
        numbers=("template ms", "probe ms"),
    )


def _recipe_cells(row: "RecipeRow") -> tuple[str, ...]:
    return (
        row.recipe,
        interval(row.fnir),
        interval(row.difference, signed=True),
        f"{row.template_ms:.1f}",
        f"{row.probe_ms:.1f}",
    )


def _print_counts(counts: Mapping[str, object]) -> None:
    without = counts["photos_without_face"]
    assert isinstance(without, dict)
    say(
        f"{counts['people_in_all']} people ({counts['half']}), {counts['photos']} photos, "
        f"{counts['photos_usable']} usable; without a face: "
        + ", ".join(f"{count} by {model_id.partition(':')[0]}" for model_id, count in without.items())
    )


def _print(model_id: str, report: "IdentificationReport") -> None:
    over = f" over {report.draws} draws" if report.draws > 1 else ""
    say(model_id)
    say(
        f"{report.people} people enrolled, {report.photos_each} photos each; "
        f"{spaced(report.mated_probes)} mated and {spaced(report.non_mated_probes)} non-mated probes{over}"
    )
    say(f"rank-1 {report.rank_1:.4f}")
    for row in report.rows:
        asked = "threshold given" if row.fpir_target is None else f"FPIR {row.fpir_target:g}"
        say(
            f"{asked}: FNIR {interval(row.fnir)} at threshold {row.threshold:.4f}; FPIR {row.fpir:.5f} "
            f"reached: {spaced(row.strangers_accepted)} of {spaced(report.non_mated_probes)} "
            f"stranger photos{over}"
        )


def interval(rate: "Rate", *, signed: bool = False) -> str:
    """Return a rate with the ends of its 95 % interval."""
    sign = "+" if signed else ""
    return f"{rate.mean:{sign}.4f} ({rate.low:{sign}.4f} to {rate.high:{sign}.4f})"


def spaced(count: int) -> str:
    """Return a number with a space between thousands."""
    return f"{count:,}".replace(",", " ")


def _short(model: _Cropped) -> str:
    return model.model_id.partition(":")[0]
