"""`faceaccess evaluate estimates`: whether what is foretold of other people comes true."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.identify import Seed
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, all_pairs_of, photo_model
from faceaccess.lab.reporting.report import Intervals, Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.estimates import EstimateRow

_GOAL = 0.9
_KEPT_FMR = 5e-3


def estimates(
    photos: Photos,
    splits: Annotated[
        int, typer.Option("--splits", help="How often the people are parted into two halves.", min=1)
    ] = 100,
    people: Annotated[
        int, typer.Option("--people", help="How many of each half are enrolled, with one photo each.", min=1)
    ] = 150,
    seed: Seed = 0,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Thresholds are chosen on half of the people; are the errors of the other half as foretold?

    Foretold is the 95 % prediction interval, by the bootstrap over people, which includes the chance of the
    other half itself. In FNMR and FNIR each person counts alike, however many photos there
    are of them. It should hold in at least 90 of 100 random splits.
    """
    from faceaccess.lab.measures.estimates import estimate_rows, foretold

    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        shown = {path: name for name, paths in folders.items() for path in paths}
        embedded = photo_model(model, device, no_cache=no_cache).embed(list(shown), show_progress("photos"))
        rows = estimate_rows(
            foretold(
                all_pairs_of(embedded, shown, _KEPT_FMR),
                folders,
                (embedded.templates, embedded.probes),
                people=people,
                seeds=range(seed, seed + splits),
                progress=show_progress("splits", every=10),
            )
        )
    counts = {
        "half": half.value,
        "people": len(folders),
        "photos": len(embedded.probes),
        "photos_without_face": len(embedded.without_face),
        "splits": splits,
        "people_enrolled": people,
    }
    show(_report(rows, embedded.model_id, counts), json=json, html=html)


def _report(rows: "list[EstimateRow]", model_id: str, counts: dict[str, int | str]) -> Report:
    fewest = min(row.held / row.splits for row in rows)
    verdict = "as it should be" if fewest >= _GOAL else "too seldom"
    sections = (
        f"{model_id}: {counts['people']} people ({counts['half']}) in two random halves, "
        f"{counts['splits']} times; {counts['people_enrolled']} of each half enrolled with one photo",
        Table(
            ("error rate of the other half", "foretold, median", "held", "below", "above"),
            tuple(_cells(row) for row in rows),
            numbers=("held", "below", "above"),
        ),
        f"What was foretold held in {fewest:.0%} of the splits at least: {verdict}.",
        Intervals(
            "What was foretold of the other half",
            "rate, with its 95 % prediction interval: medians over splits",
            [(f"{row.error}: held {row.held} of {row.splits}", row.predicted) for row in rows],
        ),
    )
    figures = {"model_id": model_id, **counts, "rows": [asdict(row) for row in rows]}
    return Report((figures,), sections, (model_id,), counts)


def _cells(row: "EstimateRow") -> tuple[str, ...]:
    mean, low, high = (f"{rate:.2g}" for rate in (row.predicted.mean, row.predicted.low, row.predicted.high))
    return (
        row.error,
        f"{mean} ({low} to {high})",
        f"{row.held} of {row.splits}",
        str(row.below),
        str(row.above),
    )
