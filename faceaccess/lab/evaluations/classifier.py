"""`faceaccess evaluate classifier`: why people are told by the nearest template and not by a classifier."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.identify import Draws, Seed, interval
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Intervals, Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.classifier_report import ClassifierRow, NewcomerCost

_SIZES = (100, 400, 1600)
_MOST_SEARCHED = 400


def classifier(
    photos: Photos,
    people: Annotated[
        list[int] | None,
        typer.Option(
            "--people",
            help="How many people are enrolled, 100, 400 and 1600 by default; may be repeated. Beyond 400 "
            "the others have no further photo and are not searched for.",
        ),
    ] = None,
    photos_each: Annotated[int, typer.Option("--photos-each", help="Photos enrolled of each.", min=1)] = 1,
    seed: Seed = 0,
    draws: Draws = 3,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """A linear support vector machine beside the nearest template, on the same embeddings and strangers.

    Each way refuses strangers by its own limit, at the same FPIR. Also what one newcomer costs: training
    again with everybody, against adding a row.
    """
    from faceaccess.lab.measures.classifier_report import classifier_rows
    from faceaccess.lab.measures.identification import open_set

    results: list[tuple[list[ClassifierRow], NewcomerCost]] = []
    with failing_clearly():
        # It says what is missing before all photos are embedded.
        from faceaccess.lab.measures import sklearn_peer  # noqa: F401

        folders = people_in(photos, half, leave_out)
        paths = [path for files in folders.values() for path in files]
        embedded = photo_model(model, device, no_cache=no_cache).embed(paths, show_progress("photos"))
        for count in people or _SIZES:
            searched = min(count, _MOST_SEARCHED)
            splits = [
                open_set(
                    folders,
                    set(embedded.probes),
                    people=searched,
                    others=count - searched,
                    photos_each=photos_each,
                    seed=number,
                )
                for number in range(seed, seed + draws)
            ]
            progress = show_progress(f"draws of {count} people")
            results.append(classifier_rows(splits, embedded.templates, embedded.probes, progress))
    counts: dict[str, object] = {
        "half": half.value,
        "people": len(folders),
        "photos": len(embedded.probes),
        "draws": draws,
        "photos_each": photos_each,
    }
    show(_report(results, embedded.model_id, counts), json=json, html=html)


def _report(
    results: "list[tuple[list[ClassifierRow], NewcomerCost]]", model_id: str, counts: dict[str, object]
) -> Report:
    table = Table(
        ("people", "FPIR", "FNIR, nearest template", "FNIR, classifier", "classifier less nearest"),
        tuple(_cells(row) for rows, _ in results for row in rows),
        numbers=("people",),
    )
    costs = Table(
        ("people", "train again", "add a row", "times"),
        tuple(
            (
                str(cost.people),
                f"{cost.trained_s:.2f} s",
                f"{1000 * cost.added_s:.2f} ms",
                f"{cost.trained_s / cost.added_s:.0f}",
            )
            for _, cost in results
        ),
        title="One newcomer",
        numbers=("people", "train again", "add a row", "times"),
    )
    figures = {
        "model_id": model_id,
        **counts,
        "rows": [asdict(row) for rows, _ in results for row in rows],
        "newcomer": [asdict(cost) for _, cost in results],
    }
    line = f"{model_id}, {counts['photos_each']} photos enrolled of each, {counts['draws']} draws"
    plot = Intervals(
        "FNIR of the classifier less that of the nearest template",
        "difference, with its 95 % interval over people",
        [
            (f"{row.people} people, FPIR {row.fpir_target:g}", row.difference)
            for rows, _ in results
            for row in rows
        ],
        line=0.0,
    )
    return Report((figures,), (line, table, costs, plot), (model_id,), counts)


def _cells(row: "ClassifierRow") -> tuple[str, ...]:
    return (
        str(row.people),
        f"{row.fpir_target:g}",
        interval(row.nearest),
        interval(row.classifier),
        interval(row.difference, signed=True),
    )
