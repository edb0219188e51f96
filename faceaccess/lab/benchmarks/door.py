"""`faceaccess benchmark door`: the door beside the usual loop built on dlib, in one run."""

import os
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.steady import steady_s

if TYPE_CHECKING:
    from faceaccess.door.supervision import CameraStatus
    from faceaccess.lab.measures.scoring import Entered, Visit
    from faceaccess.recognition.types import FrameResult
    from faceaccess.store.journal.types import Event
    from faceaccess.vision.types import Frame


@dataclass
class _Run:
    """The entries that a program made of a recording, and the time taken."""

    entries: "list[Entered]" = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


def door(
    video: Annotated[
        Path,
        typer.Option("--video", help="A folder with gallery/, door.mp4 and truth.json, or its door.mp4."),
    ],
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Only so much of the recording, from its start.")
    ] = None,
    realtime: Annotated[
        bool,
        typer.Option("--realtime", help="Play it as a camera would: slow processing misses frames."),
    ] = False,
    json: Json = False,
) -> None:
    """Run a recording through the door, then through dlib's HOG, landmarks and network on every frame.

    CPU seconds count all threads and processes. Right, wrong and missed are entries by the
    recording's truth; the delay runs from a face first 80 px wide to its entry.
    """
    from faceaccess.lab.measures.scoring import read_truth

    recording = video if video.is_dir() else video.parent
    with failing_clearly():
        visits = read_truth(recording / "truth.json")
        length_s = min(seconds or float("inf"), length_s_of(recording))
        visits = [visit for visit in visits if visit.end_s <= length_s]
        own = _run_door(recording, length_s, realtime)
        usual = _run_dlib(recording, length_s, realtime)
        report = {
            name: _figures(run, visits, length_s) for name, run in (("door", own), ("dlib loop", usual))
        }
    ratio = usual.cpu_s / max(own.cpu_s, 1e-9)
    if json:
        print_json({**report, "recorded_s": length_s, "is_realtime": realtime, "cpu_ratio": ratio})
        return
    say(f"{length_s:.0f} s recorded, {len(visits)} visits, {'real time' if realtime else 'every frame'}")
    for name in report["door"]:
        values = "".join(f"{_shown(report[side][name]):>14}" for side in report)
        say(f"{name.replace('_', ' '):<32}{values}")
    say(f"the door takes {ratio:.1f} times less CPU time than the dlib loop")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def _figures(run: _Run, visits: "list[Visit]", length_s: float) -> dict[str, float | None]:
    from faceaccess.lab.measures.scoring import score

    result = score(visits, run.entries)
    laps = sorted(run.frame_ms)
    return {
        "cpu_s": run.cpu_s,
        "cpu_s_per_recorded_s": run.cpu_s / length_s,
        "cpu_share_of_this_machine": run.cpu_s / length_s / (os.cpu_count() or 1),
        "right": result.right,
        "wrong": result.wrong_name + result.accepted_strangers,
        "missed": result.missed,
        "duplicates": result.duplicates,
        "median_delay_s": statistics.median(result.delays_s) if result.delays_s else None,
        "frames_looked_at": len(laps),
        "frame_ms_p50": laps[len(laps) // 2] if laps else None,
        "frame_ms_p95": laps[int(len(laps) * 0.95)] if laps else None,
    }


def length_s_of(recording: Path) -> float:
    """Return how long a recording's folder plays, seconds."""
    import cv2

    capture = cv2.VideoCapture(str(recording / "door.mp4"))
    frames = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    capture.release()
    return float(frames) / fps_of(recording)


def fps_of(recording: Path) -> float:
    """Return the frames a second of a recording's folder."""
    from contextlib import closing

    from faceaccess.vision.sources.recordings import VideoFile

    with closing(VideoFile(recording / "door.mp4")) as source:
        return source.fps


def cpu_s() -> float:
    """Return the processor time of this process and of its children that have ended, seconds."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _run_door(recording: Path, length_s: float, realtime: bool) -> _Run:
    from faceaccess.codes import CameraState
    from faceaccess.door.watch import Callbacks
    from faceaccess.lab.evaluations.app import recorded_door
    from faceaccess.lab.measures.scoring import Entered
    from faceaccess.vision.sources.recordings import PlayedVideo

    run, over, fps = _Run(), threading.Event(), fps_of(recording)

    def entered(event: "Event") -> None:
        at_s = event.entry.frame / fps
        made_s = at_s + (steady_s() - event.entry.time_s if realtime else 0.0)
        run.entries.append(Entered(at_s, event.entry.outcome, event.person_name, made_s))

    def looked_at(_: str, result: "FrameResult") -> None:
        run.frame_ms.append(result.times.total_ms)
        if result.frame_index / fps >= length_s:
            over.set()

    def changed(_: str, status: "CameraStatus") -> None:
        if status.state is CameraState.OFFLINE:
            over.set()

    with recorded_door(recording, "cpu") as (space, _):
        session = space.doors.open(
            space.access.actor,
            Callbacks(on_event=entered, on_result=looked_at, on_status=changed),
            source=str(recording / "door.mp4"),
            is_paced=False,
            as_camera=PlayedVideo if realtime else None,
        )
        before_s = cpu_s()
        session.start()
        while not over.wait(1.0) and session.is_running:
            pass
        session.stop()
        run.cpu_s = cpu_s() - before_s
    return run


def _run_dlib(recording: Path, length_s: float, realtime: bool) -> _Run:
    from faceaccess.codes import Outcome
    from faceaccess.lab.benchmarks.dlib_loop import DlibLoop
    from faceaccess.lab.measures.scoring import Entered
    from faceaccess.settings import DoorSettings
    from faceaccess.vision.sources.images import photo_files

    loop, run = DlibLoop(), _Run()
    for folder in sorted(path for path in (recording / "gallery").iterdir() if path.is_dir()):
        for photo in photo_files(folder):
            loop.enrol(folder.name.replace("_", " "), photo)
    last_s: dict[str, float] = {}
    fps = fps_of(recording)
    before_s = cpu_s()
    for frame in _frames(recording, length_s, realtime):
        started = time.perf_counter()
        names = loop.recognise(frame.image)
        run.frame_ms.append((time.perf_counter() - started) * 1000)
        at_s = frame.index / fps
        made_s = at_s + (steady_s() - frame.time_s if realtime else 0.0)
        for name in names:
            if name is not None and at_s - last_s.get(name, -1e9) >= DoorSettings().cool_down_s:
                last_s[name] = at_s
                run.entries.append(Entered(at_s, Outcome.ACCEPTED, name, made_s))
    run.cpu_s = cpu_s() - before_s
    return run


def _frames(recording: Path, length_s: float, realtime: bool) -> "Iterator[Frame]":
    """Yield every frame of a recording, or in real time the newest whenever the caller is ready."""
    from contextlib import closing
    from functools import partial

    from faceaccess.errors import CameraError
    from faceaccess.vision.sources.capture import CaptureProcess
    from faceaccess.vision.sources.recordings import PlayedVideo, VideoFile

    path, fps = recording / "door.mp4", fps_of(recording)
    if not realtime:
        with closing(VideoFile(path)) as source:
            while (frame := source.read()) is not None and frame.time_s < length_s:
                yield frame
        return
    with closing(CaptureProcess(partial(PlayedVideo, path))) as capture:
        try:
            while True:
                newest = capture.receive(1.0)
                if newest is not None and newest.index / fps >= length_s:
                    return
                if newest is not None:
                    yield newest
        except CameraError:  # the recording is over
            return
