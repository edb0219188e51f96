"""`faceaccess evaluate liveness`: what the turning of the head lets through, by kind of presentation."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.errors import FaceAccessError
from faceaccess.lab.evaluations.identify import Seed
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Report, Table

if TYPE_CHECKING:
    from faceaccess.lab.liveness.measuring import TurnRow


def liveness(
    photos: Photos,
    count: Annotated[int, typer.Option("--each", min=1, help="Presentations of each kind.")] = 300,
    seed: Seed = 0,
    half: HalfOption = Half.ODD,
    leave_out: LeaveOut = None,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Turning the head as asked: attacks that pass (APCER), and genuine faces that don't (BPCER).

    Presentations are drawn: prints, screens and cut-outs tilted as far as 30 degrees towards the side that is
    asked for, and photos laid over a generic head that turns as far as 40. Each has two tries. Drawn attacks
    test the logic and are weak evidence of people: no door asks for turns yet.
    """
    from faceaccess.lab.liveness.measuring import subjects_in, turn_rows
    from faceaccess.lab.liveness.presenting import Presentation, Seeing
    from faceaccess.recognition.presentation import MOVEMENTS, TurnLimits

    with failing_clearly():
        recogniser = load_recogniser(device, model)
        seeing = Seeing(recogniser.detector, recogniser.embedder)
        subjects = subjects_in(people_in(photos, half, leave_out), recogniser.detector, count)
        limits = TurnLimits(same_face=_same_face(recogniser.embedder.model_id))
        rows = turn_rows(
            seeing, limits, subjects, list(Presentation), seed=seed, progress=show_progress("presentations")
        )
    model_id = recogniser.embedder.model_id
    figures = {
        "model_id": model_id,
        "half": half,
        "seed": seed,
        "replayed_turn_passes": 4.0**-MOVEMENTS,
        "kinds": [_figures(row) for row in rows],
    }
    report = Report((figures,), tuple(_sections(rows, MOVEMENTS)), (model_id,), {"half": half, "each": count})
    show(report, json=json, html=html)


def _same_face(model_id: str) -> float:
    """Return the squared L2 beyond which a frame of a track shows somebody else."""
    from faceaccess.recognition.calibration import default_match

    policy = default_match(model_id, 1)
    if policy is None:
        raise FaceAccessError(
            "The distances of this model weren't measured.", "Choose a model that comes with the program."
        )
    return policy.at_door.changed_face


def _figures(row: "TurnRow") -> dict[str, object]:
    error = row.error
    return {
        "kind": row.kind.value,
        "is_attack": row.is_attack,
        "presentations": row.presentations,
        "passed": row.passed,
        "passed_at_once": row.passed_at_once,
        "error": error.mean,
        "low": error.low,
        "high": error.high,
        "tries": {result.value: count for result, count in row.results.items()},
        "longest_s": row.longest_s,
    }


def _sections(rows: "Sequence[TurnRow]", movements: int) -> Iterator[Table | str]:
    headings = ("presentation", "n", "passed", "at once", "error", "95 %", "tries ended by")
    yield Table(headings, tuple(_cells(row) for row in rows), numbers=headings[1:6])
    attacks = [row for row in rows if row.is_attack]
    worst = max(attacks, key=lambda row: row.error.high)
    yield (
        f"The error of an attack is APCER, of genuine faces BPCER, both after two tries. The worst attack: "
        f"{worst.kind.value.replace('_', ' ')}, APCER {worst.error.mean:.3f}, at most {worst.error.high:.3f}."
    )
    yield (
        f"A recording of somebody who turns the head shows the {movements} sides that are drawn once in "
        f"{4**movements} tries."
    )


def _cells(row: "TurnRow") -> tuple[str, ...]:
    ends = ", ".join(f"{result.value.replace('_', ' ')} {count}" for result, count in row.results.items())
    return (
        row.kind.value.replace("_", " "),
        str(row.presentations),
        str(row.passed),
        str(row.passed_at_once),
        f"{row.error.mean:.3f}",
        f"{row.error.low:.3f} to {row.error.high:.3f}",
        ends,
    )
