"""`faceaccess evaluate quality` and `doubles`: the cost and gain of enrolment's limits."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, load_recogniser, show_progress
from faceaccess.lab.evaluations.options import Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.reporting.report import Report

if TYPE_CHECKING:
    from faceaccess.lab.measures.quality_report import GateRow, MissRow
    from faceaccess.workspace import Workspace

_STRANGERS = 2000
Seed = Annotated[int, typer.Option("--seed", help="Chooses at random.")]


def quality(
    photos: Photos, seed: Seed = 0, json: Json = False, html: Html = None, device: Device = "auto"
) -> None:
    """Photos refused by the gates, and the misses that they save, on photos made worse on purpose.

    People with 10 and more photos are enrolled, the others are strangers. Takes some minutes.
    """
    from faceaccess.lab.measures import quality_report
    from faceaccess.recognition.calibration import enrolment_limits
    from faceaccess.vision.gates import gates_for
    from faceaccess.vision.sources.images import photo_folders

    with failing_clearly():
        recogniser = load_recogniser(device)
        limits = enrolment_limits(recogniser.embedder.model_id)
        gates = gates_for(limits.clarity if limits else None)
        folders = photo_folders(photos)
        samples = quality_report.measure(recogniser, folders, seed=seed, progress=show_progress("people"))
        people = {sample.person for sample in samples}
        others = [paths[0] for name, paths in folders.items() if paths and name not in people]
        strangers = quality_report.measure_strangers(
            recogniser, others[:_STRANGERS], show_progress("strangers")
        )
        refused = quality_report.refused_parts(samples, gates)
        rows = quality_report.gate_rows(samples, gates)
        misses = quality_report.miss_rows(samples, strangers, gates, photos_each=(1, 3))
    figures = {
        "people": len(people),
        "strangers": len(strangers),
        "refused": refused,
        "gates": [_gate_figures(row) for row in rows],
        "misses": [{**asdict(row), "saved": row.saved} for row in misses],
    }
    lines = (
        f"{len(people)} people, {len(samples)} photos, {len(strangers)} strangers",
        "refused: " + ", ".join(f"{kind} {part:.1%}" for kind, part in refused.items()),
        *(_gate_line(row) for row in rows),
        *(_miss_line(row) for row in misses),
    )
    counts = {"people": len(people), "photos": len(samples), "strangers": len(strangers)}
    show(Report((figures,), lines, (recogniser.embedder.model_id,), counts), json=json, html=html)


def _gate_line(row: "GateRow") -> str:
    figures = _gate_figures(row)
    return (
        f"{figures['problem']:<15} {figures['limit']:<18} clean refused {row.clean_refused:6.1%}  "
        f"worse refused {row.worse_refused:6.1%}  distance to one's own photos: "
        f"{_number(row.distance_passed)} passed, {_number(row.distance_refused)} refused"
    )


def _miss_line(row: "MissRow") -> str:
    what = "refused ones taken again" if row.is_retaken else "refused ones left out"
    return (
        f"{row.photos_each} photos each, {what:<24} FPIR {row.fpir:g}: FNIR {row.fnir_off:.3f} off, "
        f"{row.fnir_on:.3f} on, {row.saved:.0%} fewer"
    )


def doubles(
    photos: Photos,
    people: Annotated[int, typer.Option("--people", help="Enrolled first, with one photo each.")] = 200,
    newcomers: Annotated[int, typer.Option("--newcomers", help="Different people who come then.")] = 1000,
    seed: Seed = 0,
    json: Json = False,
    html: Html = None,
) -> None:
    """How many people enrolled a second time are stopped, and how many newcomers questioned for it.

    Each comes with another photo. Takes some minutes.
    """
    from faceaccess.vision.sources.images import photo_folders
    from faceaccess.workspace import Workspace

    with failing_clearly(), tempfile.TemporaryDirectory() as folder, Workspace.open(Path(folder)) as space:
        again, others, refused = _come(space, photo_folders(photos), people, newcomers, seed)
        model_id = space.models.recognisers.model_id
    at_limit = _stopped(again, others, 0.0)
    curve = [_stopped(again, others, _slack_at(others, part)) for part in (0.01, 0.02, 0.05, 0.1, 0.2)]
    counts = {"people": people, "doubles": len(again), "newcomers": len(others), "refused_photos": refused}
    lines = [f"{people} people, {len(again)} come again, {len(others)} others; {refused} photos unusable"]
    lines += [
        f"questioned {row['questioned']:6.1%}  doubles stopped {row['stopped']:6.1%}  "
        f"limit moved by {row['moved_by']:+.4f}  {label}"
        for label, row in (("at the limit", at_limit), *(("", row) for row in curve))
    ]
    figures = {**counts, "at_the_limit": at_limit, "curve": curve}
    show(Report((figures,), tuple(lines), (model_id,), counts), json=json, html=html)


def _come(
    space: "Workspace", folders: dict[str, list[Path]], people: int, newcomers: int, seed: int
) -> tuple[list[float], list[float], int]:
    """Enrol people, let them and others come; return how far each is beyond the limit, and photos refused."""
    import numpy as np

    from faceaccess.codes import IfDouble
    from faceaccess.errors import FaceAccessError
    from faceaccess.people.arrivals.admission import AdmissionTerms
    from faceaccess.people.arrivals.folder import row_of_photos

    rng = np.random.default_rng(seed)
    names = [str(name) for name in rng.permutation(sorted(folders))]
    rich = [name for name in names if len(folders[name]) > 1][:people]
    strangers = [name for name in names if name not in set(rich) and folders[name]][:newcomers]
    if len(rich) < people or not strangers:
        raise FaceAccessError("There are too few people with two photos.", "Ask for fewer with --people.")
    chosen = {name: rng.permutation(len(folders[name])) for name in (*rich, *strangers)}
    show = show_progress("people")
    rows = [row_of_photos(name, [folders[name][chosen[name][0]]]) for name in rich]
    arrivals = space.reception.enrolling.arrivals
    arrivals.run(
        space.access.actor,
        arrivals.plan(space.access.actor, rows),
        AdmissionTerms(if_double=IfDouble.KEEP),
        progress=show,
    )
    beyond: list[list[float]] = [[], []]
    refused = 0
    for done, name in enumerate((*rich, *strangers), 1):
        is_again = name in rich
        review = space.reception.enrolment.review_file(folders[name][chosen[name][1 if is_again else 0]])
        review = review.with_override("measured") if review.can_override else review
        slacks = [
            likeness.distance - likeness.limit for likeness in space.reception.enrolment.likenesses([review])
        ]
        refused += not slacks
        beyond[not is_again] += [min(slacks)] if slacks else []
        show(done, people + len(strangers))
    return beyond[0], beyond[1], refused


def _slack_at(others: list[float], part: float) -> float:
    """Return how far to move the limit so that it questions a part of the newcomers."""
    return sorted(others)[min(int(part * len(others)), len(others) - 1)]


def _stopped(again: list[float], others: list[float], moved_by: float) -> dict[str, float]:
    return {
        "moved_by": moved_by,
        "questioned": sum(slack < moved_by for slack in others) / len(others),
        "stopped": sum(slack < moved_by for slack in again) / len(again),
    }


def _gate_figures(row: "GateRow") -> dict[str, object]:
    sign = ">=" if row.gate.is_least else "<="
    return {
        "problem": row.gate.problem.value,
        "limit": f"{row.gate.measure} {sign} {row.gate.limit:.3g}",
        "clean_refused": row.clean_refused,
        "worse_refused": row.worse_refused,
        "distance_passed": row.distance_passed,
        "distance_refused": row.distance_refused,
    }


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
