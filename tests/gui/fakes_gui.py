"""Stands-ins for the workspace and its parts: small classes that record what is asked of them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Event as Flag
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWidgets import QMessageBox

from faceaccess.codes import JournalKind, KeySource, Outcome, PhotoProblem, Reason, Right, Role
from faceaccess.door.cameras import Cameras
from faceaccess.door.health import MeasuredFace
from faceaccess.door.pin import PinAnswer
from faceaccess.door.watch import Callbacks
from faceaccess.errors import (
    Cancelled,
    FaceAccessError,
    OperatorError,
    OutputError,
    PermissionDenied,
    StoreError,
)
from faceaccess.gui.pictures import image_from_rgb
from faceaccess.models.catalogue import ModelInfo
from faceaccess.people.enrolment.capture import Observation
from faceaccess.people.enrolment.doubles import DoubleFound, Likeness
from faceaccess.people.enrolment.photo_review import PhotoReview
from faceaccess.people.gallery.mending import RecentlyDeleted
from faceaccess.people.gallery.undoing import Change
from faceaccess.recognition.calibration import Accuracy
from faceaccess.recognition.types import Decision, FrameResult, MatchPolicy, TrackedFace
from faceaccess.settings import (
    CameraSettings,
    MachineSettings,
    Notification,
    Opening,
    RetentionSettings,
)
from faceaccess.store.access.roles import RIGHTS
from faceaccess.store.access.types import DOOR, AccessRules, Actor, Operator
from faceaccess.store.file.backup import BackupFacts
from faceaccess.store.journal.types import (
    Entry,
    EntryCrop,
    Event,
    EventFilter,
    EventOrder,
    EventSort,
    JournalRow,
)
from faceaccess.store.people.types import Consent, ConsentText, DueConsent, NewConsent, Person
from faceaccess.store.policy.types import Baseline, Channels
from faceaccess.upkeep.expiry import Expired
from faceaccess.vision.types import Detection, Frame, Quality
from tests.gui.fake_office import FakeOffice
from tests.gui.fake_trial import FakeTrial
from tests.gui.fake_visitors import FakeVisitors

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
MODEL_ID = "fake-128-1"


def face_rgb(seed: int, side: int = 150) -> np.ndarray:
    """Draw a face-like picture, (side, side, 3) uint8 RGB."""
    rng = np.random.default_rng(seed)
    ys, xs = np.mgrid[0:side, 0:side] / side
    picture = np.empty((side, side, 3), np.uint8)
    picture[:] = rng.integers(90, 200, 3)
    skin = np.array([224, 172, 140]) * rng.uniform(0.5, 1.05)
    picture[((xs - 0.5) / 0.33) ** 2 + ((ys - 0.52) / 0.42) ** 2 < 1] = skin.clip(0, 255)
    picture[(((xs - 0.5) / 0.35) ** 2 + ((ys - 0.3) / 0.24) ** 2 < 1) & (ys < 0.3)] = rng.integers(20, 90, 3)
    for eye in (0.37, 0.63):
        picture[((xs - eye) / 0.045) ** 2 + ((ys - 0.45) / 0.035) ** 2 < 1] = 25
    picture[(abs(xs - 0.5) < 0.11) & (abs(ys - 0.73) < 0.018)] = (150, 60, 60)
    return picture


@lru_cache(maxsize=256)
def face_jpeg(seed: int, side: int = 150) -> bytes:
    """Return `face_rgb` as JPEG bytes."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image_from_rgb(face_rgb(seed, side)).save(buffer, "JPEG", 90)
    return bytes(data.data())


def make_person(number: int, **changes: object) -> Person:
    """Return a person with a given number."""
    person = Person(
        person_id=f"{number:032x}",
        name=f"Person {number}",
        staff_number=f"S{number:03d}",
        department="Workshop" if number % 2 else "Office",
        is_active=True,
        created_at=NOW - timedelta(days=number),
        template_count=1 + number % 3,
        last_seen=NOW - timedelta(hours=number),
    )
    return replace(person, **changes)


_REASON_OF = {
    Outcome.ACCEPTED: Reason.MATCH,
    Outcome.UNKNOWN: Reason.NO_MATCH,
    Outcome.AMBIGUOUS: Reason.RUNNER_UP_TOO_CLOSE,
    Outcome.LOW_QUALITY: Reason.FACE_TOO_SMALL,
    Outcome.DENIED: Reason.INACTIVE,
}


def make_event(
    seq: int, outcome: Outcome = Outcome.ACCEPTED, *, person: Person | None = None, **changes: object
) -> Event:
    """Return a journalled entry."""
    entry = Entry(
        at=NOW + timedelta(seconds=seq),
        zone="UTC",
        outcome=outcome,
        reason=_REASON_OF[outcome],
        person_id=person.person_id if person else None,
        distance=0.183 if person else 0.412,
        runner_up_id="f" * 32,
        runner_up_distance=0.391,
        threshold=0.27,
        margin=0.02,
        model_id=MODEL_ID,
        device="CPU (ONNX Runtime)",
        quality=23.4,
        camera="Front door",
        frame=seq * 7,
        time_s=seq * 0.28,
        track_id=seq,
    )
    entry = replace(entry, **changes)
    return Event(seq, entry, person.name if person else None, "Person 99", has_crop=True)


def make_frame(index: int = 0, *, height: int = 480, width: int = 640) -> Frame:
    """Return a frame with a face in its middle."""
    image = np.full((height, width, 3), 70, np.uint8)
    image[:, :, 2] = np.linspace(60, 120, width, dtype=np.uint8)
    side = height // 2
    top, left = height // 4, (width - side) // 2
    image[top : top + side, left : left + side] = face_rgb(index, side)
    return Frame(image, NOW, index, index / 25)


def make_face(
    decision: Decision, track_id: int = 1, box: tuple[float, ...] = (220, 130, 420, 350)
) -> TrackedFace:
    """Return a face found in a frame."""
    detection = Detection(np.array(box, np.float32), np.zeros((5, 2), np.float32), 0.99)
    return TrackedFace(track_id, detection, Quality(200, 25, 120, 0, 0.99), decision)


def make_decision(outcome: Outcome, person: Person | None = None) -> Decision:
    """Return a decision."""
    has_person = person is not None
    return Decision(
        outcome,
        _REASON_OF[outcome],
        person.person_id if person else None,
        0.183 if has_person else 0.412,
        None,
        None,
        MatchPolicy(MODEL_ID, 0.27, 0.02),
    )


def make_result(*faces: TrackedFace) -> FrameResult:
    """Return what the pipeline found in a frame."""
    return FrameResult(0, 0.0, NOW, faces)


class FakePeople:
    """People in memory."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people

    def list(self, text: str = "", model_id: str | None = None) -> list[Person]:
        words = text.casefold()
        return [p for p in self.people if words in f"{p.name} {p.staff_number} {p.department}".casefold()]

    def departments(self) -> "list[str]":
        return sorted({person.department for person in self.people if person.department})

    def get(self, person_id: str) -> Person:
        return next(p for p in self.people if p.person_id == person_id)

    def label(self, person_id: str) -> str:
        return self.get(person_id).name

    label_or_id = label

    def thumbnail(self, person_id: str) -> bytes | None:
        return face_jpeg(int(person_id, 16), 64)


class FakeTemplates:
    """Photos drawn on demand."""

    def photos(self, person_id: str) -> list[bytes]:
        return [face_jpeg(int(person_id, 16), 200)] * 2


class FakePhotos:
    """Two photos of each person, drawn on demand; number 70 is the first one's of Person 7."""

    def crops(self, person_id: str) -> list[tuple[int, bytes]]:
        number = int(person_id, 16)
        return [(10 * number + each, face_jpeg(number, 150)) for each in range(2)]


class FakeMending:
    """Deletes and undoes in memory."""

    def __init__(self, people: FakePeople) -> None:
        self._people = people
        self.photos = FakePhotos()
        self.calls: list[tuple] = []
        self._before: list[Person] = []

    def history(self, person_id: str) -> list[Change]:
        kinds = {"hide": JournalKind.PERSON_HIDDEN, "hide_photos": JournalKind.PHOTOS_HIDDEN}
        done = [(seq, call) for seq, call in enumerate(self.calls, 1) if call[0] in kinds]
        return [
            Change(JournalRow(seq, NOW, kinds[call[0]], "desk", person_id), True, seq == len(self.calls))
            for seq, call in reversed(done)
        ]

    def hide(self, actor: Actor, person_id: str) -> int:
        self.calls.append(("hide", person_id))
        self._before = list(self._people.people)
        self._people.people[:] = [p for p in self._people.people if p.person_id != person_id]
        return len(self.calls)

    def hide_photos(self, actor: Actor, photo_ids: list[int]) -> int:
        self.calls.append(("hide_photos", photo_ids))
        return len(self.calls)

    def merge(self, actor: Actor, person_id: str, into: str) -> int:
        self.calls.append(("merge", person_id, into))
        self._people.people[:] = [p for p in self._people.people if p.person_id != person_id]
        return len(self.calls)

    def undo(self, actor: Actor, seq: int) -> None:
        self.calls.append(("undo", seq))
        self._people.people[:] = self._before

    def deleted(self) -> RecentlyDeleted:
        return RecentlyDeleted((), ())


class FakeRows:
    """Rows that are no entries, newest first."""

    def __init__(self, others: list[JournalRow]) -> None:
        self._others = others

    def newest(self, kinds: tuple[JournalKind, ...] = (), *, limit: int = 100) -> list[JournalRow]:
        return [row for row in self._others if row.kind in kinds][:limit]


class FakeJournal:
    """Events in memory, newest last."""

    def __init__(self, events: list[Event]) -> None:
        self.log = events
        self.exported: list[tuple[EventFilter, Path, Actor]] = []
        self.asked: list[int | None] = []
        self.sorts: list[EventSort] = []
        self.fails = False
        self.others: list[JournalRow] = []
        self.events, self.rows = self, FakeRows(self.others)

    def _matching(self, wanted: EventFilter) -> list[Event]:
        return [event for event in self.log if _fits(event, wanted)]

    def newest(self, wanted: EventFilter, *, limit: int = 100, before_seq: int | None = None) -> list[Event]:
        self.asked.append(before_seq)
        if self.fails:
            raise FaceAccessError("The log can't be read.", "Close other programs that use it.")
        found = [event for event in self._matching(wanted) if before_seq is None or event.seq < before_seq]
        return sorted(found, key=lambda event: -event.seq)[:limit]

    def page(
        self, wanted: EventFilter, sort: EventSort, *, after: Event | None = None, limit: int = 100
    ) -> list[Event]:
        self.sorts.append(sort)
        if sort == EventSort():
            return self.newest(wanted, limit=limit, before_seq=after.seq if after else None)
        keys = {
            EventOrder.PERSON: lambda event: event.person_name or "",
            EventOrder.CAMERA: lambda event: event.entry.camera,
        }
        key = keys.get(sort.order, lambda event: event.entry.at)
        found = sorted(self._matching(wanted), key=key, reverse=sort.is_descending)
        first = found.index(after) + 1 if after else 0
        return found[first : first + limit]

    def values_of(self, column: str) -> list[str]:
        return sorted({value for event in self.log if (value := getattr(event.entry, column))})

    def count(self, wanted: EventFilter) -> int:
        return len(self._matching(wanted))

    def crop(self, seq: int) -> bytes | None:
        event = next(event for event in self.log if event.seq == seq)
        person_id = event.entry.person_id
        return face_jpeg(int(person_id, 16) if person_id else 1000 + seq)

    def entry_crop(self, seq: int) -> EntryCrop | None:
        jpeg = self.crop(seq)
        return None if jpeg is None else EntryCrop(jpeg, None)

    def cameras(self) -> list[str]:
        return sorted({event.entry.camera for event in self.log})

    def export_csv(self, actor: Actor, wanted: EventFilter, path: Path, *, local: object) -> None:
        self.exported.append((wanted, Path(path), actor))


def _fits(event: Event, wanted: EventFilter) -> bool:
    entry = event.entry
    return (
        (wanted.since is None or entry.at >= wanted.since)
        and (wanted.until is None or entry.at < wanted.until)
        and wanted.text.casefold() in (event.person_name or "").casefold()
        and (not wanted.outcomes or entry.outcome in wanted.outcomes)
        and (wanted.camera is None or entry.camera == wanted.camera)
        and (wanted.door is None or entry.door == wanted.door)
        and (wanted.method is None or entry.method is wanted.method)
        and (wanted.reason is None or entry.reason is wanted.reason)
    )


class FakePolicies:
    """Keeps whatever policy is set."""

    def __init__(self) -> None:
        self.values: dict[type, object] = {}
        self.saved: list[tuple[Actor, object]] = []
        self.kept = (CameraSettings(),)
        self.baselines: dict[str, Baseline] = {}
        self.openings: dict[str, Opening] = {}

    def read(self, kind):
        return self.values.get(kind, kind())

    def set(self, actor: Actor, policy: object) -> None:
        self.values[type(policy)] = policy
        self.saved.append((actor, policy))

    def cameras(self) -> tuple[CameraSettings, ...]:
        return self.kept

    def doors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(camera.door for camera in self.kept))

    def set_baseline(self, actor: Actor, camera_id: str, baseline: Baseline) -> None:
        self.baselines[camera_id] = baseline

    def opening(self, door: str) -> Opening:
        return self.openings.get(door, Opening())

    def set_opening(self, actor: Actor, door: str, opening: Opening) -> None:
        self.openings[door] = opening

    def set_cameras(self, actor: Actor, cameras: list[CameraSettings]) -> None:
        self.kept = tuple(cameras)


class FakeDeskPin:
    """The desk's PIN in memory."""

    def __init__(self) -> None:
        self.pin = ""

    @property
    def is_set(self) -> bool:
        return bool(self.pin)

    def set(self, actor: Actor, pin: str) -> None:
        self.pin = pin


class FakeMembers:
    """Who is in which group."""

    def __init__(self) -> None:
        self.groups: dict[str, tuple[str, ...]] = {}

    def by_person(self) -> dict[str, tuple[str, ...]]:
        return self.groups


class FakeOutbox:
    """Three messages wait for each channel."""

    def __init__(self, policies: FakePolicies) -> None:
        self._policies = policies

    def counts(self) -> dict[str, int]:
        return {channel.channel_id: 3 for channel in self._policies.read(Channels).channels}


class FakeServices:
    """Keeps who is told."""

    def __init__(self, policies: FakePolicies) -> None:
        self._policies = policies

    def report_to(self, on_error: object) -> None:
        pass

    def set_notifications(self, actor: Actor, channels: tuple[Notification, ...]) -> None:
        self._policies.set(actor, Channels(tuple(channels)))


class FakeEnrolment:
    """Judges photos by their file name: `no_face-1.jpg` has no face."""

    def __init__(self, people: FakePeople) -> None:
        self._people = people
        self.enrolled: list[tuple[str, str | None, str, int]] = []
        self.added: list[tuple[str, int]] = []
        self.gate: Flag | None = None
        self.fails = False
        self.judged_for: str | None = None
        self.doubles: list[Likeness] = []
        self.consents: list[NewConsent | None] = []
        self.kept_apart: list[tuple[tuple[str, ...], str]] = []
        self.observed: list[Observation] = []

    def review_file(self, path: Path) -> PhotoReview:
        if self.gate is not None:
            self.gate.wait(5)
        problem = path.stem.split("-")[0]
        if problem == "good":
            return PhotoReview(path.name, None, crop=face_rgb(len(path.name)))
        has_crop = problem in ("too_dark", "face_blurred", "turned_away")
        return PhotoReview(path.name, PhotoProblem(problem), crop=face_rgb(5) // 4 if has_crop else None)

    def review_image(self, rgb: np.ndarray, source: str) -> PhotoReview:
        return PhotoReview(source, None, crop=face_rgb(3))

    def judge(self, reviews: list, person_id: str | None = None) -> list:
        self.judged_for = person_id
        return list(reviews)

    def choose_face(self, review: PhotoReview, face: object) -> PhotoReview:
        return replace(review, problem=None, faces=(), crop=face_rgb(7))

    def likenesses(self, reviews: list, person_id: str | None = None) -> list[Likeness]:
        return [Likeness(person, 0.2, 0.1) for person in self._people.people[:2]]

    def observe(self, image: np.ndarray) -> Observation:
        return self.observed.pop(0) if self.observed else Observation(image, 0)

    def enrol(
        self,
        actor: Actor,
        *,
        name: str,
        staff_number: str | None,
        department: str,
        reviews: list,
        email: str = "",
        consent: NewConsent | None = None,
        different_from: tuple[str, ...] = (),
        why: str = "",
    ) -> Person:
        if self.fails:
            raise FaceAccessError("The disk is full.", "Free some space.")
        alike = [one for one in self.doubles if one.person.person_id not in different_from]
        if alike:
            raise DoubleFound(alike)
        self.consents.append(consent)
        self.kept_apart.append((different_from, why))
        self.enrolled.append((name, staff_number, department, len(reviews)))
        person = make_person(
            500 + len(self.enrolled),
            name=name,
            staff_number=staff_number,
            department=department,
            email=email,
        )
        self._people.people.append(person)
        return person

    def add_photos(
        self,
        actor: Actor,
        person_id: str,
        reviews: list,
        consent: NewConsent | None = None,
        *,
        different_from: tuple[str, ...] = (),
        why: str = "",
    ) -> int:
        if self.gate is not None:
            self.gate.wait(5)
        self.consents.append(consent)
        self.added.append((person_id, len(reviews)))
        return len(reviews)


class FakeConsents:
    """Texts to agree to; nobody has yet, and nobody needs to."""

    is_needed = False

    def __init__(self) -> None:
        self.given: set[str] = set()
        self.is_due: list[DueConsent] = []
        self.recorded: list[tuple[str, NewConsent]] = []
        self.known = [
            ConsentText(1, "en", "I agree.", NOW, True),
            ConsentText(2, "de", "Ich stimme zu.", NOW, True),
        ]

    def texts(self) -> list[ConsentText]:
        return list(self.known)[::-1]

    def due(self) -> list[DueConsent]:
        return list(self.is_due)

    def write_text(self, actor: Actor, language: str, text: str) -> ConsentText:
        written = ConsentText(len(self.known) + 1, language, text, NOW, True)
        self.known = [
            replace(one, is_current=one.is_current and one.language != language) for one in self.known
        ]
        self.known.append(written)
        return written

    def current_texts(self) -> list[ConsentText]:
        return list(self.known)

    def newest(self, person_id: str) -> Consent | None:
        if person_id not in self.given:
            return None
        day = NOW.date()
        return Consent(1, person_id, 1, "en", day, None, None, NOW, "Olga", False, None)

    def record(self, actor: Actor, person_id: str, given: NewConsent) -> None:
        self.recorded.append((person_id, given))
        self.given.add(person_id)

    def consenting(self) -> set[str]:
        return set(self.given)


class FakeDirectory:
    """Changes people in memory."""

    def __init__(self, people: FakePeople) -> None:
        self._people = people
        self.calls: list[tuple] = []

    def _replace(self, person_id: str, **changes: object) -> None:
        people = self._people.people
        people[:] = [replace(p, **changes) if p.person_id == person_id else p for p in people]

    def change(self, actor: Actor, person_id: str, **changes: object) -> None:
        self.calls.append(("change", person_id, changes))
        self._replace(person_id, **changes)

    def add_without_face(self, actor: Actor, **values: str) -> Person:
        self.calls.append(("add_without_face", values))
        person = make_person(700, name=values["name"], staff_number=values["staff_number"])
        self._people.people.append(person)
        return person

    def set_active(self, actor: Actor, person_id: str, flag: bool) -> None:
        self.calls.append(("set_active", person_id, flag))
        self._replace(person_id, is_active=flag)

    def set_pin(self, actor: Actor, person_id: str, pin: str) -> None:
        self.calls.append(("set_pin", person_id, pin))
        self._replace(person_id, has_pin=True)

    def remove_pin(self, actor: Actor, person_id: str) -> None:
        self.calls.append(("remove_pin", person_id))
        self._replace(person_id, has_pin=False)

    def set_groups(self, actor: Actor, person_id: str, group_ids: list[str]) -> None:
        self.calls.append(("set_groups", person_id, group_ids))

    def delete(self, actor: Actor, person_id: str) -> None:
        self.calls.append(("delete", person_id))
        self._people.people[:] = [p for p in self._people.people if p.person_id != person_id]


class FakeSession:
    """A live session whose callbacks the test calls."""

    def __init__(self, on_result, on_event, on_error, on_status, source: str | None) -> None:  # noqa: ANN001
        self.on_result, self.on_event, self.on_error, self.on_status = (
            on_result,
            on_event,
            on_error,
            on_status,
        )
        self.source = source
        self.is_recording, self.counts = False, True
        self.cameras = (CameraSettings(),)
        self.frame: Frame | None = make_frame()
        self.starts = self.stops = self.retries = 0
        self.retried: list[str | None] = []

    def start(self) -> None:
        self.starts += 1

    def retry_now(self, camera_id: str | None = None) -> None:
        self.retries += 1
        self.retried.append(camera_id)

    def stop(self) -> None:
        self.stops += 1

    def latest_frame(self, camera_id: str = "") -> Frame | None:
        return self.frame


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


@dataclass(frozen=True)
class FakeCamera:
    """A webcam in the list."""

    index: int
    name: str

    @property
    def source(self) -> str:
        return str(self.index)


class FakeModels:
    """One model that is always here, and one that can be fetched."""

    def __init__(self, trial: FakeTrial) -> None:
        self._trial = trial
        self.installed = {"built-in"}
        self.fetch_gate: Flag | None = None

    def infos(self) -> list[ModelInfo]:
        state = self._trial.state()
        found = [
            ModelInfo("built-in", "dlib, 128 numbers", True, True, False, 22_000_000, "CC0"),
            ModelInfo(
                "facenet", "FaceNet, 512 numbers", False, "facenet" in self.installed, False,
                111_000_000, "MIT",
            ),
        ]  # fmt: skip
        return [
            replace(
                model,
                accuracy=Accuracy(0.991, 0.977, "A measurement."),
                is_active=model.name == state.active,
                is_candidate=model.name == state.candidate,
                is_former=model.name == state.former,
                people=5 if model.name in (state.active, state.former) else 0,
            )
            for model in found
        ]

    def fetch(self, actor: Actor, name: str, *, progress, is_cancelled) -> None:  # noqa: ANN001
        progress(30, 100)
        while self.fetch_gate is not None and not self.fetch_gate.wait(0.01):
            if is_cancelled():
                raise Cancelled("The download was stopped.")
        self.installed.add(name)

    def import_file(self, actor: Actor, name: str, path: Path) -> None:
        self.installed.add(name)


@dataclass
class FakeDevice:
    """Where networks run."""

    title: str = "CPU (ONNX Runtime)"
    note: str = ""


class FakeRecognisers:
    """Loads nothing."""

    def __init__(self) -> None:
        self.device = FakeDevice()


class FakeThresholds:
    """Keeps the numbers, and what was asked of them."""

    def __init__(self) -> None:
        self.measured = MatchPolicy(MODEL_ID, 0.27, 0.02, "Open-set measurement, 500 people.")
        self.in_force: MatchPolicy | None = self.measured
        self.previewed: list[float] = []
        self.saved: list[tuple[float, float]] = []
        self.judged: Decision | None = None

    def preview(self, actor: Actor, threshold: float) -> None:
        self.previewed.append(threshold)
        self.in_force = replace(self.in_force, threshold=threshold)

    def save(self, actor: Actor, threshold: float, margin: float) -> None:
        self.saved.append((threshold, margin))
        self.in_force = MatchPolicy(MODEL_ID, threshold, margin, "operator")

    def judge_again(self, entry: Entry) -> Decision | None:
        return self.judged


class FakeOperators:
    """Operators by name, with their passwords and roles."""

    def __init__(self, workspace: "FakeWorkspace") -> None:
        self.workspace = workspace
        self.known: dict[str, tuple[Role, str]] = {}
        self.signed_out: list[bool] = []

    @property
    def is_closed(self) -> bool:
        return bool(self.known)

    def list(self) -> "list[Operator]":
        return [Operator(name, role, NOW) for name, (role, _) in sorted(self.known.items())]

    def close_folder(self, actor: Actor, name: str, password: str) -> str:
        if len(password) < 12:
            raise OperatorError("A password has 12 to 256 characters.")
        self.known[name] = (Role.ADMIN, password)
        return "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567"

    def create(self, actor: Actor, name: str, role: Role, password: str) -> None:
        self.known[name] = (role, password)

    def set_role(self, actor: Actor, name: str, role: Role) -> None:
        self.known[name] = (role, self.known[name][1])

    def set_password(self, actor: Actor, name: str, password: str) -> None:
        self.known[name] = (self.known[name][0], password)

    def remove(self, actor: Actor, name: str) -> None:
        if len(self.known) == 1:
            raise OperatorError(f"{name} is the last admin.")
        del self.known[name]


class FakeEncryption:
    """Where the key lies."""

    def __init__(self) -> None:
        self.source = KeySource.FILE

    def turn_off(self, actor: Actor) -> None:
        self.source = KeySource.FILE


class FakeCustody:
    """Moves the key without asking for anything."""

    def __init__(self, encryption: FakeEncryption, operators: FakeOperators) -> None:
        self._encryption, self._operators = encryption, operators

    def renew_recovery(self, actor: Actor) -> str:
        return "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567"

    def turn_encryption_on(self, actor: Actor, source: KeySource, passphrase: str) -> None:
        self._encryption.source = source

    def change_key(self, actor: Actor, passphrase: str | None) -> None:
        pass

    def recover_password(self, name: str, passphrase: str, password: str) -> None:
        self._operators.set_password(self._operators.workspace.actor, name, password)


class FakeKeeping:
    """Records backups and ends of the log; the verification is set by the test."""

    def __init__(self) -> None:
        self.verification: object = None
        self.kept_heads: list[Path] = []
        self.backed_up_to: list[tuple[Path, str]] = []

    def back_up(self, actor: Actor, folder: Path, passphrase: str, progress) -> Path:  # noqa: ANN001
        if len(passphrase) < 12:
            raise StoreError("The disk that holds it is full.", "Free some space.")
        progress(1, 2)
        self.backed_up_to.append((folder, passphrase))
        return folder / "faceaccess-1.fabackup"

    def check_backup(self, actor: Actor, path: Path, passphrase: str) -> BackupFacts:
        if passphrase != "seven purple lanterns":
            raise StoreError(f"{path} can't be opened.", "Check the passphrase.")
        return BackupFacts(NOW, "0.1.0", 40, 1234, 9, is_closed=True)

    def preview_expiry(self, settings: RetentionSettings) -> Expired:
        return Expired(settings.unknown_crops_days, 0, 0, 0)

    def verify_log(self, actor: Actor) -> object:
        return self.verification

    def keep_ends_in(self, actor: Actor, folder: Path) -> None:
        self.kept_heads.append(folder)


class FakeCameras:
    """Two webcams, whose previews show what the test says."""

    def __init__(self) -> None:
        self.found = [FakeCamera(0, "Integrated Camera"), FakeCamera(2, "USB Camera")]
        self.feeds: list[FakeFeed] = []
        self.measured: list[MeasuredFace] = []

    def measure_faces(self, image: np.ndarray, *, smallest_face_px: int) -> list[MeasuredFace]:
        return list(self.measured)

    def picture_for(self, frame: Frame, camera: object, *, taken_by: object = None) -> Frame:
        return Cameras.picture_for(self, frame, camera, taken_by=taken_by)

    def open_feed(self, source: str, on_status: object = None) -> FakeFeed:
        self.feeds.append(FakeFeed(source))
        return self.feeds[-1]

    def check(self, camera: CameraSettings) -> None:
        if camera.source.startswith("htp:"):
            raise FaceAccessError("This is no camera.", "List the cameras.")

    def find(self) -> list[FakeCamera]:
        return self.found


class FakeWorkspace:
    """Everything a page asks of the workspace."""

    def __init__(self, people: list[Person] | None = None, events: list[Event] | None = None) -> None:
        self.data_dir = Path("/data/faceaccess")
        self.people = FakePeople([] if people is None else people)
        self.templates = FakeTemplates()
        self.journal = FakeJournal([] if events is None else events)
        self.policies = FakePolicies()
        self.desk_pin = FakeDeskPin()
        self.pins: list[tuple[str, str, str]] = []
        self.pin_answer: tuple[PinAnswer, Event | None] | FaceAccessError = FaceAccessError(
            "The door is closed."
        )
        self.answers: list[tuple[int, str | None]] = []
        self.voided: list[int] = []
        self.void_fails = False
        self.members = FakeMembers()
        self.freed: tuple[str, ...] = ()
        self.freed_by: list[dict[str, object]] = []
        # One object stands for the rooms that keep nothing else.
        self.access = self.doors = self.reception = self.machine = self
        self.office = FakeOffice()
        self.outbox = FakeOutbox(self.policies)
        self.services = FakeServices(self.policies)
        self.openings = SimpleNamespace(by_door=dict)
        self.notifications = SimpleNamespace(waiting=dict)
        self.groups = SimpleNamespace()
        self.tried: list[tuple[str, Opening]] = []
        self.tested: list[Notification] = []
        self.output_fails = False
        self.enrolment = FakeEnrolment(self.people)
        self.directory = FakeDirectory(self.people)
        self.consents = FakeConsents()
        self.visitors = FakeVisitors()
        self.mending = FakeMending(self.people)
        self.settings = MachineSettings()
        self.actor = Actor("desk")
        self.operators = FakeOperators(self)
        self.encryption = FakeEncryption()
        self.custody = FakeCustody(self.encryption, self.operators)
        self.keeping = FakeKeeping()
        self.model_id = MODEL_ID
        self.recognisers = FakeRecognisers()
        self.thresholds = FakeThresholds()
        self.cameras = FakeCameras()
        self.sessions: list[FakeSession] = []
        self.loads = 0
        self.load_fails = False
        self.trial = FakeTrial()
        self.models = FakeModels(self.trial)
        self.models.catalogue, self.models.trial = self.models, self.trial
        self.models.recognisers, self.models.thresholds = self.recognisers, self.thresholds
        self.models.model_id = MODEL_ID
        self.is_closed = False

    @property
    def needs_sign_in(self) -> bool:
        return self.actor == DOOR and self.operators.is_closed

    def sign_in(self, name: str, password: str) -> Actor:
        role, known = self.operators.known.get(name, (Role.NOBODY, None))
        if known != password:
            raise PermissionDenied("That is not right.")
        self.actor = Actor(name, role)
        return self.actor

    def close_folder(self, name: str, password: str) -> str:
        passphrase = self.operators.close_folder(self.actor, name, password)
        self.sign_in(name, password)
        return passphrase

    def sign_out(self, *, is_idle: bool = False) -> None:
        if self.operators.is_closed:
            self.operators.signed_out.append(is_idle)
            self.actor = DOOR

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.actor.role]

    def examine_health(self, **report: object) -> list:
        return []

    def start_chores(self, on_error) -> None:  # noqa: ANN001
        self.chores_told = on_error

    def load_models(self, progress: object = None) -> None:
        self.loads += 1
        if self.load_fails:
            raise FaceAccessError("The model file is damaged.", "Install it again.")

    def open(self, actor: Actor, callbacks: Callbacks, source: str | None = None) -> FakeSession:
        session = FakeSession(
            callbacks.on_result, callbacks.on_event, callbacks.on_error, callbacks.on_status, source
        )
        session.on_drift, session.on_question = callbacks.on_drift, callbacks.on_question
        session.on_answered, session.on_not_opened = callbacks.on_answered, callbacks.on_not_opened
        if source is None:
            session.cameras = self.policies.cameras()
        self.sessions.append(session)
        return session

    def set_access_rules(self, actor: Actor, rules: AccessRules) -> None:
        self.policies.set(actor, rules)

    def set_free_by(self, **change: object) -> tuple[str, ...]:
        self.freed_by.append(change)
        return self.freed

    def enter_pin(self, camera_id: str, staff_number: str, pin: str) -> tuple[PinAnswer, Event | None]:
        self.pins.append((camera_id, staff_number, pin))
        if isinstance(self.pin_answer, FaceAccessError):
            raise self.pin_answer
        return self.pin_answer

    def answer_question(self, actor: Actor, question_id: int, person_id: str | None) -> None:
        self.answers.append((question_id, person_id))

    def void_entry(self, actor: Actor, event: Event) -> None:
        if self.void_fails:
            raise FaceAccessError("The disk is full.", "Free some space.")
        self.voided.append(event.seq)

    def check_desk_pin(self, pin: str) -> bool:
        return pin == self.desk_pin.pin or not self.desk_pin.is_set

    def try_opening(self, actor: Actor, door: str, opening: Opening) -> None:
        if self.output_fails:
            raise OutputError("The relay can't be switched.", "Check its cable.")
        self.tried.append((door, opening))

    def send_test(self, channel: Notification) -> None:
        self.tested.append(channel)

    def save(self, settings: MachineSettings) -> None:
        self.settings = settings

    def __enter__(self) -> "FakeWorkspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closed = True


def press(monkeypatch, words: str) -> None:  # noqa: ANN001
    """Press a button of the next message."""

    def answer(box: QMessageBox) -> int:
        button = next(each for each in box.buttons() if each.text() == words)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _: button)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
