"""`faceaccess evaluate`: measurements on labelled photos and recordings."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, Json, complain, failing_clearly, say
from faceaccess.cli.recogniser import Device
from faceaccess.lab.evaluations import (
    adapting,
    allpairs,
    classifier,
    cluster,
    compare,
    crowd,
    desk,
    detectors,
    enrolment,
    estimates,
    groups,
    hard,
    health,
    identify,
    int8,
    liveness,
    pairs,
    templates,
)
from faceaccess.lab.evaluations.clips import SPLITS, clip_report
from faceaccess.lab.evaluations.options import Model
from faceaccess.lab.evaluations.output import Html, show, write
from faceaccess.lab.evaluations.photo_model import NoCache, photo_model
from faceaccess.lab.reporting.report import Report
from faceaccess.settings import DoorSettings
from faceaccess.store.policy.types import ModelChoice

if TYPE_CHECKING:
    from faceaccess.lab.measures.scoring import VideoScore
    from faceaccess.store.journal.types import Event
    from faceaccess.workspace import Workspace

_LIVENESS_LIMITS = (0.3, 0.5, 0.7)

app = Commands(
    help="Measure accuracy on labelled photos and recordings. Nothing is kept but embeddings, in the cache.",
    no_args_is_help=True,
)

app.command("adapting")(adapting.adapting)
app.command("allpairs")(allpairs.allpairs)
app.command("classifier")(classifier.classifier)
app.command("cluster")(cluster.cluster)
app.command("compare")(compare.compare)
app.command("crowd")(crowd.crowd)
app.command("desk")(desk.desk)
app.command("detectors")(detectors.detectors)
app.command("doubles")(enrolment.doubles)
app.command("estimates")(estimates.estimates)
app.command("groups")(groups.groups)
app.command("hard")(hard.hard)
app.command("health")(health.health)
app.command("identify")(identify.identify)
app.command("int8")(int8.int8)
app.command("liveness")(liveness.liveness)
app.command("pairs")(pairs.pairs)
app.command("quality")(enrolment.quality)
app.command("templates")(templates.templates)


@app.command()
def video(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            help="Folders with gallery/, door.mp4 and truth.json; or one of YouTube Faces, with splits.txt.",
            metavar="RECORDING...",
        ),
    ],
    cool_down: Annotated[
        float | None, typer.Option("--cool-down", help="Seconds between entries of a person.")
    ] = None,
    threshold: Annotated[
        list[float] | None, typer.Option("--threshold", help="Instead of the built-in one; may be repeated.")
    ] = None,
    margin: Annotated[float | None, typer.Option("--margin", help="Instead of the built-in one.")] = None,
    frames: Annotated[
        int, typer.Option("--frames", help="YouTube Faces: the first so many frames of a clip.", min=1)
    ] = 100,
    liveness: Annotated[
        Path | None,
        typer.Option(
            "--liveness",
            help="A folder with MiniFASNet's weights: say how many of those let in would be asked in doubt.",
        ),
    ] = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """A door: entries of recordings against their truth, each on a gallery of its own.

    Or verification by YouTube Faces' protocol, on a folder of its layout: the pairs of clips of splits.txt,
    in ten folds of 500, their distance the mean over all pairs of their first frames.
    """
    with failing_clearly():
        if any((recording / SPLITS).is_file() for recording in recordings):
            for recording in recordings:
                report = clip_report(recording, photo_model(model, device, no_cache=no_cache), frames)
                show(report, json=json, html=html)
            return
        reports: list[Report] = []
        limits: list[float | None] = [*(threshold or ())] or [None]
        for limit in limits:
            for recording in recordings:
                result, refused, scores = _score(
                    recording, cool_down, limit, margin, device, model=model, liveness=liveness
                )
                row = {
                    "recording": recording.name,
                    "threshold": limit,
                    "not_enrolled": refused,
                    **_figures(result),
                    **({} if liveness is None else {"asked_in_doubt": _asked(scores)}),
                }
                line = "  ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.items())
                reports.append(Report((row,), (line,)))
                show(reports[-1], json=json, html=None)
        lines = tuple(section for report in reports for section in report.sections)
        model_id = photo_model(model, device, no_cache=True).model_id
        write(Report((), lines, (model_id,), {"recordings": len(recordings)}), html)


def _figures(result: "VideoScore") -> dict[str, object]:
    import statistics

    figures = asdict(result)
    delays = figures.pop("delays_s")
    figures["median_delay_s"] = round(statistics.median(delays), 2) if delays else None
    figures["other_entries"] = dict(result.other_entries)
    return figures


def _asked(scores: "Sequence[float]") -> dict[str, str]:
    """Return how many of the faces let in look less live than three limits, and so would be asked to turn."""
    return {
        f"below_{limit}": f"{sum(score < limit for score in scores)}_of_{len(scores)}"
        for limit in _LIVENESS_LIMITS
    }


def _score(
    recording: Path,
    cool_down: float | None,
    threshold: float | None,
    margin: float | None,
    device: str,
    *,
    model: str,
    liveness: Path | None,
) -> "tuple[VideoScore, int, list[float]]":
    from dataclasses import replace

    from faceaccess.door.watch import Callbacks
    from faceaccess.lab.measures.scoring import Entered, read_truth, score

    entries: list[Entered] = []
    scores: list[float] = []
    visits = read_truth(recording / "truth.json")

    def on_event(event: "Event") -> None:
        entry = event.entry
        entries.append(Entered(entry.time_s, entry.outcome, event.person_name, entry.time_s))
        if entry.liveness is not None and entry.liveness.score is not None:
            scores.append(entry.liveness.score)

    with recorded_door(recording, device, model) as (space, refused):
        if cool_down is not None:
            space.policies.set(
                space.access.actor, replace(space.policies.read(DoorSettings), cool_down_s=cool_down)
            )
        for path in () if liveness is None else sorted(liveness.glob("*.pth")):
            space.models.catalogue.import_file(space.access.actor, "minifasnet", path)
        policy = space.models.thresholds.in_force
        if policy is not None and (threshold is not None or margin is not None):
            space.models.thresholds.save(
                space.access.actor,
                policy.threshold if threshold is None else threshold,
                policy.margin if margin is None else margin,
            )
        space.doors.open(
            space.access.actor,
            Callbacks(on_event=on_event, on_error=complain),
            source=str(recording / "door.mp4"),
            is_paced=False,
        ).run()
    return score(visits, entries), refused, scores


@contextmanager
def recorded_door(recording: Path, device: str, model: str = "sface") -> "Iterator[tuple[Workspace, int]]":
    """Open a throw-away data folder with a recording's people; also gives how many were refused."""
    from faceaccess.codes import EnrolmentOutcome, IfDouble
    from faceaccess.people.arrivals.admission import AdmissionTerms
    from faceaccess.people.arrivals.folder import rows_of_folder
    from faceaccess.people.arrivals.report import report_rows
    from faceaccess.settings import Device as DeviceChoice
    from faceaccess.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder, Workspace.open(Path(folder)) as space:
        space.machine.use_device(DeviceChoice(device))
        # A model that is only measured against can't be active: the built-in one would take its place unsaid.
        space.models.recognisers.id_of(model)
        space.policies.set(space.access.actor, ModelChoice(active=model))
        arrivals = space.reception.enrolling.arrivals
        people = arrivals.plan(space.access.actor, rows_of_folder(recording / "gallery"))
        results = arrivals.run(space.access.actor, people, AdmissionTerms(if_double=IfDouble.KEEP))
        refused = [row for row in report_rows(results) if row.outcome is EnrolmentOutcome.REFUSED]
        for row in refused:
            say(f"not enrolled: {row.name}: {row.reason} {row.refused}", err=True)
        yield space, len(refused)
