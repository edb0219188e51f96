"""`faceaccess evaluate compare`: two models on the same photos, pairs and draws."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.identify import Draws, Seed, interval, spaced
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, all_pairs_of, photo_model
from faceaccess.lab.reporting.report import Intervals, Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.all_pairs import AllPairs
    from faceaccess.lab.measures.embedded_photos import Embedded
    from faceaccess.lab.measures.identification import OpenSet
    from faceaccess.lab.measures.model_comparison import ComparedRow


def compare(
    photos: Photos,
    models: Annotated[
        tuple[str, str],
        typer.Argument(help="Their names, as `models list` shows them.", metavar="MODEL MODEL"),
    ],
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled, with one photo each.")
    ] = 420,
    seed: Seed = 0,
    draws: Draws = 5,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
) -> None:
    """Two models on the same photos: errors of each, and whether their difference may be chance.

    Each model is taken at its own thresholds. A model is called better where the 95 % interval of the
    difference, by the bootstrap over people, doesn't hold zero. Of twenty such intervals one doesn't by
    chance.
    """
    from faceaccess.lab.measures.identification import identify, open_set
    from faceaccess.lab.measures.model_comparison import FMR_TARGETS, compared_draws, compared_pairs

    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        shown = {path: name for name, paths in folders.items() for path in paths}
        embedded = [
            photo_model(name, device, no_cache=no_cache).embed(list(shown), show_progress(f"photos, {name}"))
            for name in models
        ]
        usable = [path for path in shown if all(path not in model.without_face for model in embedded)]
        splits = [
            open_set(folders, set(usable), people=people, photos_each=1, seed=number)
            for number in range(seed, seed + draws)
        ]
        drawn = [[identify(split, model.templates, model.probes) for split in splits] for model in embedded]
        person_of = {path: shown[path] for path in usable}
        pairs = [all_pairs_of(model, person_of, max(FMR_TARGETS)) for model in embedded]
        rows = compared_pairs(*pairs) + compared_draws(*drawn)
    counts = {
        "half": half.value,
        "seeds": list(range(seed, seed + draws)),
        "people_in_all": len(folders),
        "photos": len(usable),
        "photos_without_face": {model.model_id: len(model.without_face) for model in embedded},
        "mated_pairs": len(pairs[0].mated),
        "non_mated_pairs": pairs[0].non_mated,
        "people_enrolled": people,
        "mated_probes": sum(len(split.mated) for split in splits),
    }
    show(_report(embedded, rows, splits, pairs[0], counts), json=json, html=html)


def _report(
    embedded: "Sequence[Embedded]",
    rows: "Sequence[ComparedRow]",
    splits: "Sequence[OpenSet]",
    pairs: "AllPairs",
    counts: Mapping[str, object],
) -> Report:
    model_ids = tuple(model.model_id for model in embedded)
    first, second = (model.name for model in embedded)
    table = Table(("error", first, second, f"{first} less {second}", ""), tuple(_cells(row) for row in rows))
    mated, strangers = (
        sum(len(split.mated) for split in splits),
        sum(len(split.non_mated) for split in splits),
    )
    lines = (
        f"{counts['people_in_all']} people ({counts['half']}), {counts['photos']} photos with a face by both",
        f"FNMR: {spaced(len(pairs.mated))} mated and {spaced(pairs.non_mated)} non-mated pairs. "
        f"Identification: {counts['people_enrolled']} people enrolled with one photo each, "
        f"{spaced(mated)} mated and {spaced(strangers)} non-mated probes over {len(splits)} draws.",
    )
    figures = {"model_ids": model_ids, **counts, "rows": [asdict(row) for row in rows]}
    plot = Intervals(
        f"Errors of {first} less those of {second}",
        "difference, with its 95 % interval over people",
        [(row.measure, row.difference) for row in rows],
        line=0.0,
    )
    return Report((figures,), (*lines, table, plot), model_ids, counts)


def _cells(row: "ComparedRow") -> tuple[str, ...]:
    difference = interval(row.difference, signed=True)
    return row.measure, f"{row.first:.4f}", f"{row.second:.4f}", difference, row.verdict
