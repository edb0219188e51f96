"""A real data folder for the window: small networks of colours, and sessions whose callbacks a test calls."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
from argon2 import PasswordHasher

from faceaccess.codes import JournalKind, Method, Outcome, PhotoProblem, Role
from faceaccess.door import doors
from faceaccess.door.assembly import Assembly
from faceaccess.door.cameras import Cameras
from faceaccess.door.desk import Answer
from faceaccess.door.health import MeasuredFace
from faceaccess.door.pin import PinAnswer
from faceaccess.errors import FaceAccessError
from faceaccess.models import recognisers, thresholds
from faceaccess.people.enrolment.photo_review import PhotoReview, Reviewer
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import CameraSettings, DoorSettings
from faceaccess.store.access import operators, pins
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.types import NewTemplate, Person
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.vision.embedder import BUILT_IN, DIMENSIONS
from faceaccess.vision.sources.webcams import CameraInfo
from faceaccess.vision.types import Frame
from faceaccess.workspace import Workspace
from tests.builders import make_embedding
from tests.fakes import FakeDetector, FakeEmbedder
from tests.gui.drawn import face_jpeg, face_rgb, make_event, make_frame

DIMENSION = 128
PEOPLE, ENTRIES = 5, 12
MODEL_ID = f"{BUILT_IN}:small"
PASSWORD = "violet kettle sandwich"
MEASURED = MatchPolicy(MODEL_ID, 0.27, 0.02, "Open-set measurement, 500 people.", people=500)


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


def make_template(number: int, photo: int = 0) -> NewTemplate:
    """Return a template of a photo of its own."""
    return NewTemplate(
        embedding=make_embedding(number, DIMENSION),
        model_id=MODEL_ID,
        quality=20.0,
        photo=face_jpeg(number, 200),
        photo_sha256=f"{10 * number + photo:064x}",
        crop=face_jpeg(number, 150),
        landmarks=np.array([[50, 60], [100, 60], [75, 85], [55, 110], [95, 110]], np.float32),
    )


def fill(space: Workspace) -> None:
    """Enrol five people, "Person 1" to "Person 5", and journal twelve entries of all outcomes."""
    people = []
    for number in range(1, PEOPLE + 1):
        person = space.people.create(
            name=f"Person {number}",
            staff_number=f"S{number:03d}",
            department="Workshop" if number % 2 else "Office",
        )
        space.models.templates.add(person.person_id, [make_template(number, photo) for photo in range(2)])
        people.append(person)
    outcomes = list(Outcome)
    for seq in range(1, ENTRIES + 1):
        outcome = outcomes[seq % len(outcomes)]
        has_person = outcome in (Outcome.ACCEPTED, Outcome.DENIED, Outcome.AMBIGUOUS)
        person = people[seq % PEOPLE] if has_person else None
        nearest = person or people[0]
        add_entry(
            space,
            outcome,
            person,
            seconds=seq,
            nearest_id=nearest.person_id,
            runner_up_id=people[-1].person_id,
        )


def add_entry(
    space: Workspace,
    outcome: Outcome = Outcome.ACCEPTED,
    person: Person | None = None,
    *,
    seconds: int = 50,
    **changes: object,
) -> Event:
    """Journal an entry with a picture and return it as the log shows it."""
    entry = make_event(seconds, outcome, person=person).entry
    entry = replace(entry, **{"model_id": MODEL_ID, "runner_up_id": None} | changes)
    return space.journal.append(entry, face_jpeg(seconds, 150))


def events_of(space: Workspace) -> list[Event]:
    """Return the entries of the log, oldest first."""
    return list(space.journal.events.all(EventFilter()))[::-1]


def kinds_after(space: Workspace, seq: int) -> list[JournalKind]:
    """Return what was journalled after a row, oldest first."""
    return [row.kind for row in reversed(space.journal.rows.newest()) if row.seq > seq]


def last_row(space: Workspace) -> int:
    """Return the number of the log's newest row."""
    return space.journal.rows.newest(limit=1)[0].seq


def add_operators(space: Workspace) -> str:
    """Close the folder: "our admin" and an operator of each other role; return the recovery passphrase."""
    passphrase = space.access.operators.close_folder(space.access.actor, "our admin", PASSWORD)
    act_as(space, Role.ADMIN)
    for role in (Role.DOOR, Role.RECEPTIONIST, Role.AUDITOR):
        space.access.operators.create(space.access.actor, f"our {role}", role, PASSWORD)
    return passphrase


def act_as(space: Workspace, role: Role) -> None:
    """Let the operator of a role act, without signing in."""
    space.access.actor = Actor(f"our {role}", role)


def small_embedder(name: str, *_: object) -> FakeEmbedder:
    """Return a model by its name that tells colours."""
    embedder = FakeEmbedder(DIMENSIONS[name])
    embedder.model_id = f"{name}:small"
    return embedder


def use_quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords and PINs be hashed at once, which is slow on purpose otherwise."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    for module in (operators, pins):
        monkeypatch.setattr(module, "_HASHER", quick)


def keep_faces(space: Workspace, *visits: int, first: int = 50) -> list[tuple[int, ...]]:
    """Keep the faces of some strangers, who came so often each; return their entries."""
    space.policies.set(space.access.actor, DoorSettings(keep_unknown_h=24))
    faces, groups = VisitorFaces(space.database), []
    for stranger, count in enumerate(visits, first):
        events = [add_entry(space, Outcome.UNKNOWN, door="Main door", seconds=n) for n in range(count)]
        for event in events:
            faces.keep(event.seq, make_embedding(stranger, DIMENSION), MODEL_ID)
        groups.append(tuple(event.seq for event in events))
    return groups


def use_small_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let models tell colours, and the built-in one be measured as `MEASURED`."""
    monkeypatch.setattr(recognisers, "load_detector", lambda *_: FakeDetector())
    monkeypatch.setattr(recognisers, "load_embedder", small_embedder)
    monkeypatch.setattr(recognisers, "model_id_of", lambda name, _: f"{name}:small")
    monkeypatch.setattr(
        thresholds, "default_match", lambda model_id, _people: MEASURED if model_id == MODEL_ID else None
    )


def refuse(monkeypatch: pytest.MonkeyPatch, kind: type, method: str, error: FaceAccessError) -> None:
    """Let a method of a class fail."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(kind, method, fail)


def hold(monkeypatch: pytest.MonkeyPatch, kind: type, method: str) -> Flag:
    """Let a method of a class wait until the flag that is returned is set."""
    flag, usual = Flag(), getattr(kind, method)

    def wait(*values: object, **named: object) -> object:
        flag.wait(5)
        return usual(*values, **named)

    monkeypatch.setattr(kind, method, wait)
    return flag


def judge_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let photo files be what their names say, whether they are there or not.

    `good-1.jpg` shows a stranger, `like-2.jpg` Person 2, and `no_face-1.jpg` has no face.
    """

    def review_file(self: Reviewer, path: Path) -> PhotoReview:
        what, _, number = path.stem.partition("-")
        if what not in ("good", "like"):
            has_crop = what in ("too_dark", "face_blurred", "turned_away")
            return PhotoReview(path.name, PhotoProblem(what), crop=face_rgb(5) // 4 if has_crop else None)
        review = self.review_image(face_rgb(100 + int(number), 200), path.name)
        return review if what == "good" else replace(review, embedding=make_embedding(int(number), DIMENSION))

    monkeypatch.setattr(Reviewer, "review_file", review_file)


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


@contextmanager
def template_folder(folder: Path) -> Iterator[Path]:
    """Make the folder that each test gets a copy of."""
    with pytest.MonkeyPatch.context() as patch:
        use_small_networks(patch)
        with Workspace.open(folder) as space:
            fill(space)
    yield folder


def copy_of(folder: Path, to: Path) -> Path:
    """Return a copy of a data folder that nothing has open."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*.lock"))
    return to
