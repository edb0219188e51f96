"""`faceaccess evaluate int8`: whether SFace computed in int8 would pay on this machine, and its cost."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import load_recogniser, show_progress
from faceaccess.lab.evaluations.identify import Draws, Seed, interval
from faceaccess.lab.evaluations.labelled_people import Half, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Intervals, Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.int8.comparison import Int8Comparison

CALIBRATED_ON = 300


def int8(
    photos: Photos,
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled; the others are strangers.")
    ] = 150,
    photos_each: Annotated[int, typer.Option("--photos-each", help="Photos enrolled of each.")] = 1,
    draws: Draws = 5,
    seed: Seed = 0,
    leave_out: LeaveOut = None,
    json: Json = False,
    html: Html = None,
) -> None:
    """SFace in int8 beside float32: time of a face, embeddings moved, and FNIR on the same draws.

    Scales are set on people whose name's SHA-256 ends even, the others are measured. Times are of this
    machine: a processor that multiplies bytes (VNNI) may tell otherwise than an older one.
    """
    import numpy as np

    from faceaccess.lab.int8.comparison import compare
    from faceaccess.lab.measures.evaluation import PhotoEmbeddings
    from faceaccess.lab.measures.identification import open_set

    with failing_clearly():
        recogniser = load_recogniser("cpu")
        finder = PhotoEmbeddings(recogniser)
        others = [files[0] for files in people_in(photos, Half.EVEN, leave_out).values()][:CALIBRATED_ON]
        calibration = finder.crops(others, show_progress("photos to set scales by"))
        folders = people_in(photos, Half.ODD, leave_out)
        paths = [path for files in folders.values() for path in files]
        crops = finder.crops(paths, show_progress("photos"))
        splits = [
            open_set(folders, set(crops), people=people, photos_each=photos_each, seed=number)
            for number in range(seed, seed + draws)
        ]
        compared = compare(recogniser.embedder, np.stack(list(calibration.values())), crops, splits)
    counts = {"photos": len(crops), "photos_to_set_scales": len(calibration), "draws": draws}
    show(_report(recogniser.embedder.model_id, compared, counts), json=json, html=html)


def _report(model_id: str, compared: "Int8Comparison", counts: Mapping[str, object]) -> Report:
    first = next(iter(compared.times.values()))
    speed = Table(
        ("network", *(f"ms, {time.rows} at once (of processors)" for time in first)),
        tuple(
            (name, *(f"{time.wall_ms:.1f} ({time.processor_ms:.1f})" for time in laps))
            for name, laps in compared.times.items()
        ),
    )
    errors = Table(
        ("FPIR", "FNIR in float32", "in int8", "int8 less float32"),
        tuple(
            (
                f"{row.fpir:g}",
                interval(row.float32),
                interval(row.int8),
                interval(row.difference, signed=True),
            )
            for row in compared.rows
        ),
    )
    line = (
        f"{model_id}, {counts['photos']} photos (odd), scales by {counts['photos_to_set_scales']} others, "
        f"{counts['draws']} draws; embeddings moved by a squared L2 of {compared.moved_median:.4f} in the "
        f"median, 1 in 20 by more than {compared.moved_p95:.4f}"
    )
    plot = Intervals(
        "int8's FNIR above float32's",
        "difference, with its 95 % interval over people",
        [(f"FPIR {row.fpir:g}", row.difference) for row in compared.rows],
        line=0.0,
    )
    figures = {"model_id": model_id, **counts, **asdict(compared)}
    return Report((figures,), (line, speed, errors, plot), (model_id,), counts)
