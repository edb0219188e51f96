"""A real data folder for the window, with small networks that tell colours, and what tests do to it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest

from faceaccess.codes import JournalKind, Outcome, PhotoProblem, Role
from faceaccess.errors import FaceAccessError
from faceaccess.models import recognisers, thresholds
from faceaccess.people.enrolment.photo_review import PhotoReview, Reviewer
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import DoorSettings
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import Event, EventFilter
from faceaccess.store.people.types import NewTemplate, Person
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.vision.embedder import BUILT_IN, DIMENSIONS
from faceaccess.workspace import Workspace
from tests.builders import make_embedding
from tests.fakes import FakeDetector, FakeEmbedder
from tests.gui.drawn import face_jpeg, face_rgb, make_event

DIMENSION = 128
PEOPLE, ENTRIES = 5, 12
MODEL_ID = f"{BUILT_IN}:small"
PASSWORD = "violet kettle sandwich"
MEASURED = MatchPolicy(MODEL_ID, 0.27, 0.02, "Open-set measurement, 500 people.", people=500)


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
        has_person = outcome not in (Outcome.UNKNOWN, Outcome.LOW_QUALITY)
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
