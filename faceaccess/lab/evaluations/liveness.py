"""`faceaccess evaluate liveness`: what the liveness checks let through, by kind of presentation."""

from collections.abc import Iterator, Sequence
from pathlib import Path
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
    from faceaccess.lab.liveness.passive_rates import PassiveRow, PassiveTable
    from faceaccess.recognition.pipeline import Recogniser


def liveness(
    photos: Photos,
    count: Annotated[int, typer.Option("--each", min=1, help="Presentations of each kind.")] = 300,
    passive: Annotated[
        bool,
        typer.Option(
            "--passive",
            help="What pictures betray unasked instead, by networks (minifasnet) and simple signals.",
        ),
    ] = False,
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
    asked for, and photos laid over a generic head that turns as far as 40. Each has two tries.

    With --passive nothing is asked of anybody: each is held for five pictures, far (the edges of an attack
    are seen) and near (they are not); genuine photos also as they are. The signals' limits are set on the
    other half of the people.

    Drawn attacks test the logic and are weak evidence of people: nothing here says what a real attack does.
    """
    from faceaccess.lab.liveness.measuring import subjects_in, turn_rows
    from faceaccess.lab.liveness.presenting import Presentation, Seeing
    from faceaccess.recognition.presentation import DRAWS, TurnLimits

    if passive:
        with failing_clearly():
            report = _passive_report(load_recogniser(device, model), photos, count, seed, half, leave_out)
        show(report, json=json, html=html)
        return
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
        "replayed_turn_passes": 1 / DRAWS,
        "kinds": [_figures(row) for row in rows],
    }
    report = Report((figures,), tuple(_sections(rows, DRAWS)), (model_id,), {"half": half, "each": count})
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


def _sections(rows: "Sequence[TurnRow]", draws: int) -> Iterator[Table | str]:
    headings = ("presentation", "n", "passed", "at once", "error", "95 %", "tries ended by")
    yield Table(headings, tuple(_cells(row) for row in rows), numbers=headings[1:6])
    attacks = [row for row in rows if row.is_attack]
    worst = max(attacks, key=lambda row: row.error.high)
    yield (
        f"The error of an attack is APCER, of genuine faces BPCER, both after two tries. The worst attack: "
        f"{worst.kind.value.replace('_', ' ')}, APCER {worst.error.mean:.3f}, at most {worst.error.high:.3f}."
    )
    yield (
        f"A recording of somebody who turns the head shows the sides that are drawn once in {draws} tries."
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


def _passive_report(
    recogniser: "Recogniser", photos: Path, count: int, seed: int, half: Half, leave_out: Path | None
) -> Report:
    from faceaccess import paths
    from faceaccess.lab.liveness.measuring import subjects_in
    from faceaccess.lab.liveness.passive_rates import all_tables
    from faceaccess.lab.liveness.watching import FRAMES, PART, SCENES, Watched, watch
    from faceaccess.vision.exports import Exports
    from faceaccess.vision.liveness.passive import load_passive

    if half is Half.ALL:
        raise FaceAccessError(
            "Limits are set on other people than those reported.", "Give --half odd or even."
        )
    networks = load_passive(recogniser.device, Exports(paths.cache_dir()), paths.models_dir())

    def watched(people: Half) -> list[Watched]:
        subjects = subjects_in(people_in(photos, people, leave_out), recogniser.detector, count, part=PART)
        progress = show_progress(f"presentations of {people} people")
        return watch(subjects, recogniser.detector, networks, scenes=SCENES, seed=seed, progress=progress)

    tables = all_tables(watched(Half.EVEN if half is Half.ODD else Half.ODD), watched(half))
    figures = {
        "half": half,
        "seed": seed,
        "pictures": FRAMES,
        "tables": [_passive_figures(table) for table in tables],
    }
    counts = {"half": half, "each": count}
    return Report((figures,), tuple(_passive_sections(tables)), ("minifasnet",), counts)


def _passive_figures(table: "PassiveTable") -> dict[str, object]:
    return {
        "by": table.name,
        "limits": table.limits,
        "scenes": [
            {
                "kind": row.scene.kind.value,
                "view": row.scene.view.value,
                "presentations": row.presentations,
                "errors": [[error.mean, error.low, error.high] for error in row.errors],
            }
            for row in table.rows
        ],
    }


def _passive_sections(tables: "Sequence[PassiveTable]") -> Iterator[Table | str]:
    for table in tables:
        headings = ("presentation", "n", *table.limits)
        rows = tuple(_passive_cells(row) for row in table.rows)
        yield Table(headings, rows, title=f"Refused by {table.name}, at the limit", numbers=headings[1:])
    yield (
        "The error of an attack is APCER, of genuine faces BPCER, with 95 % intervals. Limits of the signals "
        "refuse 1, 3 and 10 % of the genuine faces of the other half; beside a signal, the networks' are "
        "lowered until as many of these are refused as at 0.3, 0.5 and 0.7 without it."
    )


def _passive_cells(row: "PassiveRow") -> tuple[str, ...]:
    errors = (f"{error.mean:.3f} ({error.low:.3f} to {error.high:.3f})" for error in row.errors)
    return row.scene.title, str(row.presentations), *errors
