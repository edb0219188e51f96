"""Cameras that a test plays itself: sessions whose callbacks it calls, and previews."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from faceaccess.codes import Method
from faceaccess.door import doors
from faceaccess.door.assembly import Assembly
from faceaccess.door.cameras import Cameras
from faceaccess.door.desk import Answer
from faceaccess.door.health import MeasuredFace
from faceaccess.door.pin import PinAnswer
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.store.journal.types import Event
from faceaccess.vision.sources.webcams import CameraInfo
from faceaccess.vision.types import Frame
from tests.gui.drawn import make_event, make_frame


class FakeSession:
    """A session on cameras that a test plays itself."""

    def __init__(
        self, assembly: Assembly, cameras: tuple[CameraSettings, ...], *, is_recording: bool
    ) -> None:
        callbacks, self._journal = assembly.callbacks, assembly.journal
        self.on_result, self.on_event = callbacks.on_result, callbacks.on_event
        self.on_error, self.on_status = callbacks.on_error, callbacks.on_status
        self.on_drift, self.on_question = callbacks.on_drift, callbacks.on_question
        self.on_answered, self.on_not_opened = callbacks.on_answered, callbacks.on_not_opened
        self.on_turn, self.on_suspicions = callbacks.on_turn, callbacks.on_suspicions
        self.is_trial, self.is_drill = assembly.is_trial, assembly.drill is not None
        self.cameras, self.is_recording, self.counts = cameras, is_recording, not is_recording
        self.frame: Frame | None = make_frame()
        self.starts = self.stops = 0
        self.retried: list[str | None] = []
        self.policies: list[MatchPolicy] = []
        self.answers: list[Answer] = []
        self.entered: list[str] = []
        self.is_running = False

    def start(self) -> None:
        self.starts += 1
        self.is_running = True

    def stop(self) -> None:
        self.stops += 1
        self.is_running = False

    def retry_now(self, camera_id: str | None = None) -> None:
        self.retried.append(camera_id)

    def latest_frame(self, camera_id: str = "") -> Frame | None:
        return self.frame

    def use_policy(self, policy: MatchPolicy) -> None:
        self.policies.append(policy)

    def enter(self, camera_id: str, answer: PinAnswer, at: datetime) -> Event | None:
        """Journal a PIN, once per person."""
        if answer.person_id in self.entered:
            return None
        camera = next(camera for camera in self.cameras if camera.camera_id == camera_id)
        event = self._journal.append(
            replace(
                make_event(60, answer.outcome).entry,
                at=at,
                reason=answer.reason,
                person_id=answer.person_id,
                method=Method.PIN,
                camera=camera.name,
                door=camera.door,
                runner_up_id=None,
            ),
            None,
        )
        self.entered += [answer.person_id] if answer.person_id else []
        return event

    def answer(self, answer: Answer) -> None:
        self.answers.append(answer)

    def forget(self, person_id: str, door: str | None = None) -> None:
        self.entered = [entered for entered in self.entered if entered != person_id]


class FakeFeed:
    """A webcam preview."""

    def __init__(self, source: str = "") -> None:
        self.source = source
        self.is_running = False

    def start(self) -> None:
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def latest_frame(self) -> Frame | None:
        return make_frame(4) if self.is_running else None


@dataclass
class Previews:
    """What previews of cameras show.

    Attributes:
        feeds: those that were opened, oldest first.
        faces: are found in each picture.
    """

    feeds: list[FakeFeed] = field(default_factory=list)
    faces: list[MeasuredFace] = field(default_factory=list)

    def open(self, source: str) -> FakeFeed:
        self.feeds.append(FakeFeed(source))
        return self.feeds[-1]


def use_no_cameras(monkeypatch: pytest.MonkeyPatch, sessions: list[FakeSession], previews: Previews) -> None:
    """Let two webcams be there, whose previews and sessions a test plays itself."""

    def live(
        self: Assembly, cameras: list[CameraSettings], _open: object, *, counts: bool = True
    ) -> FakeSession:
        sessions.append(FakeSession(self, tuple(cameras), is_recording=False))
        sessions[-1].counts = counts
        return sessions[-1]

    def replay(self: Assembly, camera: CameraSettings, _path: Path, **_: object) -> FakeSession:
        sessions.append(FakeSession(self, (camera,), is_recording=True))
        return sessions[-1]

    monkeypatch.setattr(Assembly, "live", live)
    monkeypatch.setattr(Assembly, "replay", replay)
    monkeypatch.setattr(doors, "LiveSession", FakeSession)
    webcams = [CameraInfo(0, "Integrated Camera"), CameraInfo(2, "USB Camera")]
    monkeypatch.setattr("faceaccess.door.cameras.list_cameras", lambda: list(webcams))
    monkeypatch.setattr(Cameras, "open_feed", lambda _self, source, **_: previews.open(source))
    monkeypatch.setattr(Cameras, "measure_faces", lambda *_args, **_options: list(previews.faces))
