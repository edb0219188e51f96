"""`faceaccess evaluate identify`: open-set identification, by one model or by two on the same draws."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Beside, Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Curve, Plot, Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.embedded_photos import PhotoModel
    from faceaccess.lab.measures.identification import IdentificationReport, Identified, OpenSet
    from faceaccess.lab.measures.recipe_evaluation import RecipeRow
    from faceaccess.recognition.intervals import Rate
    from faceaccess.recognition.pipeline import Recogniser

Draws = Annotated[
    int, typer.Option("--draws", help="How often other people are enrolled; figures are means.", min=1)
]
Seed = Annotated[int, typer.Option("--seed", help="Picks the people enrolled; of the first draw.")]


Folders = Mapping[str, Sequence[Path]]
Counts = Mapping[str, object]


@dataclass(frozen=True)
class _Protocol:
    """What is drawn, and from which people.

    Attributes:
        half: of the people.
        people, others, photos_each: how many are enrolled and searched for, and enrolled only, with so
            many photos.
        seeds: one for each draw.
    """

    half: Half
    people: int
    others: int
    photos_each: int
    seeds: range

    def splits(self, folders: Folders, usable: Collection[Path]) -> "list[OpenSet]":
        """Return the draws, of photos in which each model finds a face."""
        from faceaccess.lab.measures.identification import open_set

        size = {"people": self.people, "others": self.others, "photos_each": self.photos_each}
        return [open_set(folders, usable, seed=seed, **size) for seed in self.seeds]


def identify(
    photos: Photos,
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled; the others are strangers.")
    ] = 150,
    others: Annotated[
        int,
        typer.Option(
            "--others",
            help="How many more are enrolled, of those who have no further photo and are not searched for.",
            min=0,
        ),
    ] = 0,
    photos_each: Annotated[int, typer.Option("--photos-each", help="Photos enrolled of each.")] = 1,
    seed: Seed = 0,
    draws: Draws = 1,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    threshold: Annotated[
        list[float] | None, typer.Option("--threshold", help="Also measure at this one; may be repeated.")
    ] = None,
    beside: Beside = None,
    no_cache: NoCache = False,
    recipes: Annotated[
        bool, typer.Option("--recipes", help="Compare all numbers of views of a photo instead.")
    ] = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Open-set identification: rank-1, and FNIR at FPIR 1e-2, 3e-3 and 1e-3, with 95 % intervals."""
    if recipes and beside:
        raise typer.BadParameter("either --recipes or --beside")
    protocol = _Protocol(half, people, others, photos_each, range(seed, seed + draws))
    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        if recipes:
            report = _compare_recipes(folders, protocol, load_recogniser(device, model))
        else:
            models = [photo_model(name, device, no_cache=no_cache) for name in (model, beside) if name]
            report = _compare_models(folders, protocol, models, threshold or ())
    show(report, json=json, html=html)


def _paths(folders: Folders) -> list[Path]:
    return [path for files in folders.values() for path in files]


def _counts(folders: Folders, protocol: _Protocol, without_face: Mapping[str, int], usable: int) -> Counts:
    return {
        "half": protocol.half,
        "seeds": list(protocol.seeds),
        "people_in_all": len(folders),
        "photos": len(_paths(folders)),
        "photos_without_face": dict(without_face),
        "photos_usable": usable,
    }


def _compare_models(
    folders: Folders,
    protocol: _Protocol,
    models: "Sequence[PhotoModel]",
    thresholds: Sequence[float],
) -> Report:
    from faceaccess.lab.measures.embedding_cache import Use
    from faceaccess.lab.measures.identification import identification_report, identify

    paths = _paths(folders)
    probed = [model.embed(paths, show_progress(f"photos, {model.name}"), [Use.PROBE]) for model in models]
    usable = set(paths).difference(*(embedded.without_face for embedded in probed))
    splits = protocol.splits(folders, usable)
    enrolled = sorted({path for split in splits for _, path in split.gallery})
    drawn = []
    for model, embedded in zip(models, probed, strict=True):
        templates = model.embed(enrolled, show_progress("photos enrolled"), [Use.TEMPLATE]).templates
        drawn.append([identify(split, templates, embedded.probes) for split in splits])
    reports = [
        # A threshold is one of the first model's distances: it says nothing about the other's.
        identification_report(draws, thresholds=thresholds if draws is drawn[0] else ())
        for draws in drawn
    ]
    without = {embedded.model_id: len(embedded.without_face) for embedded in probed}
    counts = _counts(folders, protocol, without, len(usable))
    named = {model.model_id: report for model, report in zip(models, reports, strict=True)}
    return _report(named, counts, _differences(*drawn) if len(drawn) == 2 else {}, _plot(models, drawn))


def _report(
    reports: "Mapping[str, IdentificationReport]",
    counts: Counts,
    differences: "Mapping[float, Rate]",
    plot: Plot,
) -> Report:
    first, *others = ({"model_id": model_id, **asdict(report)} for model_id, report in reports.items())
    figures: dict[str, object] = {**first, **counts}
    if differences:
        rows = [{"fpir_target": fpir, **asdict(rate)} for fpir, rate in differences.items()]
        figures |= {"beside": others[0], "fnir_difference": rows}
    lines = [_counts_line(counts)]
    for model_id, report in reports.items():
        lines += _lines(model_id, report)
    names = [model_id.partition(":")[0] for model_id in reports]
    lines += [
        f"FPIR {fpir:g}: FNIR of {names[0]} less that of {names[-1]}, "
        f"on the same photos: {interval(rate, signed=True)}"
        for fpir, rate in differences.items()
    ]
    return Report((figures,), (*lines, plot), tuple(reports), counts)


def _plot(models: "Sequence[PhotoModel]", drawn: "Sequence[Sequence[Identified]]") -> Plot:
    """Return FNIR by FPIR, the mean over draws of each model."""
    import numpy as np

    fewest = min(len(draw.stranger_near) for draw in drawn[0])
    rates = [float(rate) for rate in np.geomspace(1 / fewest, 1, 60)]
    curves = tuple(
        Curve(
            model.name,
            [(rate, float(np.mean([draw.missed_at(rate).mean() for draw in draws]))) for rate in rates],
        )
        for model, draws in zip(models, drawn, strict=True)
    )
    return Plot("People missed by strangers accepted", "FPIR", "FNIR", curves, is_log_x=True)


def _differences(draws: "Sequence[Identified]", others: "Sequence[Identified]") -> "dict[float, Rate]":
    from faceaccess.lab.measures.identification import FPIR_TARGETS, fnir_difference

    return {fpir: fnir_difference(draws, others, fpir) for fpir in FPIR_TARGETS}


def _compare_recipes(folders: Folders, protocol: _Protocol, recogniser: "Recogniser") -> Report:
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings
    from faceaccess.lab.measures.recipe_evaluation import FPIR, recipe_rows
    from faceaccess.vision.embedder import RECIPES

    finder, model_id = PhotoEmbeddings(recogniser), recogniser.embedder.model_id
    crops = finder.crops(_paths(folders), show_progress("photos"))
    splits = protocol.splits(folders, set(crops))
    rows = recipe_rows(recogniser.embedder, crops, splits, RECIPES)
    counts = _counts(folders, protocol, {model_id: finder.without_face}, len(crops))
    figures = {"model_id": model_id, "people": protocol.people, **counts, "fpir_target": FPIR}
    table = Table(
        ("recipe", "FNIR", "above the best", "template ms", "probe ms"),
        tuple(_recipe_cells(row) for row in rows),
        numbers=("template ms", "probe ms"),
    )
    title = f"{model_id}, views of a template (t) and of a probe (p), FNIR at FPIR {FPIR:g}"
    sections = (_counts_line(counts), title, table)
    return Report(({**figures, "recipes": [asdict(row) for row in rows]},), sections, (model_id,), counts)


def _recipe_cells(row: "RecipeRow") -> tuple[str, ...]:
    return (
        row.recipe,
        interval(row.fnir),
        interval(row.difference, signed=True),
        f"{row.template_ms:.1f}",
        f"{row.probe_ms:.1f}",
    )


def _counts_line(counts: Counts) -> str:
    without = counts["photos_without_face"]
    assert isinstance(without, dict)
    return (
        f"{counts['people_in_all']} people ({counts['half']}), {counts['photos']} photos, "
        f"{counts['photos_usable']} usable; without a face: "
        + ", ".join(f"{count} by {model_id.partition(':')[0]}" for model_id, count in without.items())
    )


def _lines(model_id: str, report: "IdentificationReport") -> Iterator[str]:
    over = f" over {report.draws} draws" if report.draws > 1 else ""
    without = f" ({report.others} of them without a probe)" if report.others else ""
    yield model_id
    yield (
        f"{report.people} people enrolled{without}, {report.photos_each} photos each; "
        f"{spaced(report.mated_probes)} mated and {spaced(report.non_mated_probes)} non-mated probes{over}"
    )
    yield f"rank-1 {report.rank_1:.4f}"
    for row in report.rows:
        asked = "threshold given" if row.fpir_target is None else f"FPIR {row.fpir_target:g}"
        yield (
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
