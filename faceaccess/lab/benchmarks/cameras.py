"""`faceaccess benchmark cameras`: several cameras at once beside one alone, on a recording in real time."""

import math
import os
import statistics
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks.door import cpu_s, fps_of, length_s_of
from faceaccess.steady import steady_s

if TYPE_CHECKING:
    from faceaccess.door.supervision import CameraStatus
    from faceaccess.lab.measures.scoring import Entered, Visit
    from faceaccess.recognition.types import FrameResult
    from faceaccess.store.journal.types import Event


@dataclass
class _Run:
    """What the cameras of a run made of the recording.

    Attributes:
        entries: of each camera.
        frames: decided on by each.
        open_s: seconds from a frame with somebody about whom the next ones may decide to the next frame.
        open_frames: how many of these there were.
    """

    entries: "dict[str, list[Entered]]"
    frames: Counter[str] = field(default_factory=Counter)
    open_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    open_frames: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0.0
    seconds: float = 0.0


def cameras(
    video: Annotated[
        Path,
        typer.Option("--video", help="A folder with gallery/, door.mp4 and truth.json, or its door.mp4."),
    ],
    count: Annotated[int, typer.Option("--count", min=2, max=16, help="How many cameras at once.")] = 4,
    height: Annotated[
        int | None, typer.Option("--height", min=240, max=1080, help="Enlarge the picture to this, 16:9.")
    ] = None,
    smallest_face: Annotated[
        int, typer.Option("--smallest-face", help="Shorter side of the smallest face judged, pixels.")
    ] = 60,
    seconds: Annotated[float, typer.Option("--seconds", help="How long each run lasts.")] = 120.0,
    json: Json = False,
) -> None:
    """Play a recording as one camera, then as several at once, each at a door of its own.

    All play the same people at the same moment, which is the hardest case. Right, wrong and
    missed are entries by the recording's truth, in per cent of the visits of all cameras. An empty door and
    one where all are settled are looked at seldom, so the frames of those about whom it is being decided
    are counted by themselves too.
    """
    from faceaccess.lab.measures.scoring import read_truth

    recording = video if video.is_dir() else video.parent
    with failing_clearly():
        # A recording that begins anew would make a second entry of each visit.
        seconds = min(seconds, length_s_of(recording))
        truth = read_truth(recording / "truth.json")
        visits = [v for v in truth if v.end_s <= seconds - 2]
        until_s = min((v.start_s for v in truth if v.end_s > seconds - 2), default=math.inf)
        runs = {
            f"{number} camera{'s' if number > 1 else ''}": _run(
                recording, number, height, smallest_face, seconds
            )
            for number in (1, count)
        }
        report = {name: _figures(run, visits, until_s) for name, run in runs.items()}
    if json:
        print_json(report)
        return
    size = f"{height * 16 // 9}x{height}" if height else "as recorded"
    say(f"{len(visits)} visits a camera in {seconds:.0f} s, picture {size}, in real time")
    for row in next(iter(report.values())):
        values = "".join(f"{report[name][row]:>14.3g}" for name in report)
        say(f"{row.replace('_', ' '):<32}{values}")


def _figures(run: _Run, visits: "list[Visit]", until_s: float) -> dict[str, float]:
    """Return what a run is worth by the visits that were over in time.

    Args:
        run: with the entries of later visits too.
        visits: those that count.
        until_s: when the first of the others began, in the recording.
    """
    from faceaccess.lab.measures.scoring import score

    scores = [
        score(visits, [entry for entry in entries if entry.time_s < until_s])
        for entries in run.entries.values()
    ]
    staff = sum(visit.person is not None for visit in visits) * len(scores)
    delays = [delay for score in scores for delay in score.delays_s]
    looked = [run.frames[camera] / run.seconds for camera in run.entries]
    awaited = [run.open_frames[camera] / run.open_s[camera] for camera in run.entries if run.open_s[camera]]
    return {
        "right_percent": 100 * sum(score.right for score in scores) / max(staff, 1),
        "wrong": sum(score.wrong_name + score.accepted_strangers for score in scores),
        "missed": sum(score.missed for score in scores),
        "duplicates": sum(score.duplicates for score in scores),
        "median_delay_s": statistics.median(delays) if delays else float("nan"),
        "frames_decided_a_second_least": min(looked),
        "frames_decided_a_second_most": max(looked),
        "while_somebody_is_decided_about_least": min(awaited, default=float("nan")),
        "cpu_share_of_this_machine": run.cpu_s / run.seconds / (os.cpu_count() or 1),
    }


def _is_open(result: "FrameResult") -> bool:
    """Tell whether a frame shows somebody who may be let in, and is not yet."""
    from faceaccess.codes import Outcome

    return any(
        face.is_judged
        and face.decision.outcome is not Outcome.UNKNOWN
        and face.track_id not in result.settled
        for face in result.faces
    )


def _run(recording: Path, count: int, height: int | None, smallest_face: int, seconds: float) -> _Run:
    from faceaccess.codes import CameraState
    from faceaccess.door.watch import Callbacks
    from faceaccess.lab.evaluations.app import recorded_door
    from faceaccess.lab.measures.scoring import Entered
    from faceaccess.settings import CameraSettings
    from faceaccess.vision.sources.recordings import PlayedVideo

    names = [f"Camera {number}" for number in range(1, count + 1)]
    run, fps = _Run({name: [] for name in names}), fps_of(recording)
    online = {name: threading.Event() for name in names}
    is_open_since: dict[str, float] = {}

    def entered(event: "Event") -> None:
        at_s = event.entry.frame / fps
        made_s = at_s + steady_s() - event.entry.time_s
        run.entries[event.entry.camera].append(Entered(at_s, event.entry.outcome, event.person_name, made_s))

    def looked_at(camera_id: str, result: "FrameResult") -> None:
        run.frames[camera_id] += 1
        since_s = is_open_since.pop(camera_id, None)
        if since_s is not None:
            run.open_s[camera_id] += result.time_s - since_s
            run.open_frames[camera_id] += 1
        if _is_open(result):
            is_open_since[camera_id] = result.time_s

    def changed(camera_id: str, status: "CameraStatus") -> None:
        if status.state is CameraState.ONLINE:
            online[camera_id].set()

    with recorded_door(recording, "cpu") as (space, _):
        camera = CameraSettings(source=str(recording / "door.mp4"), smallest_face_px=smallest_face)
        space.policies.set_cameras(
            space.access.actor, [replace(camera, camera_id=name, name=name, door=name) for name in names]
        )
        session = space.doors.open(
            space.access.actor,
            Callbacks(on_event=entered, on_result=looked_at, on_status=changed),
            as_camera=partial(PlayedVideo, height=height),
        )
        session.start()
        for name in names:
            online[name].wait(30)
        before_s, started_s = cpu_s(), time.monotonic()
        run.frames.clear()
        threading.Event().wait(seconds)
        run.seconds = time.monotonic() - started_s
        session.stop()
        run.cpu_s = cpu_s() - before_s
    return run
