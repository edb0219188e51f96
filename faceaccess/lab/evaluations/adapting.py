"""`faceaccess evaluate adapting`: what a head learned from a site's own pictures is worth."""

from dataclasses import asdict
from typing import Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.identify import Seed
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Intervals, Report, Table


def adapting(
    photos: Photos,
    people: Annotated[
        list[int] | None, typer.Option("--people", help="How many people there are; may be repeated.")
    ] = None,
    seed: Seed = 0,
    half: HalfOption = Half.ODD,
    leave_out: LeaveOut = None,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Adapting to a door's camera: VAL of people who were not learned from, before and after.

    Two photos of each person are enrolled as they are, two are spoilt as a camera at the door might. Each
    third of the people is judged by a head that was learned from the others.
    """
    from faceaccess.lab.learning.planted_camera import adapting_rows

    with failing_clearly():
        recogniser = load_recogniser(device, model)
        rows = list(
            adapting_rows(
                recogniser,
                people_in(photos, half, leave_out),
                people or [40, 100, 1000],
                seed=seed,
                progress=show_progress("photos"),
            )
        )
    model_id = recogniser.embedder.model_id
    cells = tuple(
        (
            row.camera,
            str(row.people),
            f"{row.far:g}",
            f"{row.before.mean:.4f}",
            f"{row.after.mean:.4f}",
            f"{row.gain.mean:+.4f} ({row.gain.low:+.4f} to {row.gain.high:+.4f})",
            "added" if row.is_taken else "refused",
        )
        for row in rows
    )
    headings = ("Camera at the door", "People", "FAR", "VAL before", "VAL after", "Gain", "Adapted model")
    figures = {"model_id": model_id, "half": half, "seed": seed, "rows": [asdict(row) for row in rows]}
    table = Table(headings, cells, title="People not learned from")
    plot = Intervals(
        "VAL of the adapted model less the model's own",
        "difference, with its 95 % interval over people",
        [(f"{row.camera}, {row.people} people, FAR {row.far:g}", row.gain) for row in rows],
        line=0.0,
    )
    counts = {"half": half, "seed": seed}
    show(Report((figures,), (model_id, table, plot), (model_id,), counts), json=json, html=html)
