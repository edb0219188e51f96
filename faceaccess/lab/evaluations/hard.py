"""`faceaccess evaluate hard`: people with a mask, a scarf or sunglasses, in bad light, or far away."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.identify import Draws, Seed, interval, spaced
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.measures.hard_report import HardRow

_FPIRS = (1e-2, 3e-3)


def hard(
    photos: Photos,
    people: Annotated[
        int, typer.Option("--people", help="How many people are enrolled, of those with three photos.")
    ] = 150,
    seed: Seed = 0,
    draws: Draws = 5,
    half: HalfOption = Half.ODD,
    leave_out: LeaveOut = None,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Hard faces: FNIR of people enrolled plainly, and with a second photo that is as hard too.

    Mask, headscarf and sunglasses are drawn on the photos; strangers come as hard as those enrolled.
    """
    from faceaccess.lab.measures.hard_report import hard_rows

    with failing_clearly():
        recogniser = load_recogniser(device, model)
        model_id = recogniser.embedder.model_id
        threshold = _default_threshold(model_id, people)
        rows = hard_rows(
            recogniser,
            people_in(photos, half, leave_out),
            people=people,
            seeds=range(seed, seed + draws),
            thresholds=() if threshold is None else (threshold,),
            progress=show_progress("photos, twice"),
        )
    seeds = list(range(seed, seed + draws))
    figures = {"model_id": model_id, "half": half, "seeds": seeds, "rows": [asdict(row) for row in rows]}
    first = f"{model_id}, default threshold {'none' if threshold is None else f'{threshold:.4f}'}"
    counts = {"half": half, "seeds": seeds, "people": people}
    report = Report((figures,), (first, *_sections(rows)), (model_id,), counts)
    show(report, json=json, html=html)


def _default_threshold(model_id: str, people: int) -> float | None:
    """Return the built-in threshold for so many people, squared L2; None of a model that wasn't measured."""
    from faceaccess.recognition.calibration import default_match

    policy = default_match(model_id, people)
    return None if policy is None else policy.threshold


def _sections(rows: "Sequence[HardRow]") -> Iterator[Table | str]:
    for is_enrolled_too in (False, True):
        yield Table(
            ("", "no face", *(f"FNIR at FPIR {fpir:g}" for fpir in _FPIRS), "FNIR", "FPIR"),
            tuple(_cells(row) for row in rows if row.is_enrolled_too is is_enrolled_too),
            title="Enrolled: one photo as it is"
            + (" and another as hard as the probes" if is_enrolled_too else ""),
        )
    report = rows[0].report
    yield (
        f"The last two columns are at the default threshold. {report.people} people enrolled; "
        f"{spaced(report.mated_probes)} mated and {spaced(report.non_mated_probes)} non-mated probes over "
        f"{report.draws} draws. A face that isn't found counts as missed."
    )


def _cells(row: "HardRow") -> tuple[str, ...]:
    rates = {rate_row.fpir_target: rate_row for rate_row in row.report.rows}
    at_default = rates.get(None)
    return (
        row.kind.replace("_", " "),
        f"{row.without_face:.2%}",
        *(interval(rates[fpir].fnir) for fpir in _FPIRS),
        "" if at_default is None else interval(at_default.fnir),
        "" if at_default is None else f"{at_default.fpir:.4f}",
    )
