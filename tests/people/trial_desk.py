"""A data folder with people, a model in use and another on trial: fakes on a real store."""

import threading
from pathlib import Path

import numpy as np

from faceaccess.codes import Outcome
from faceaccess.errors import ModelError
from faceaccess.models.reembedding import bring_up_to_date
from faceaccess.models.trial import ModelTrial, TrialModels
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewTemplate
from faceaccess.store.policy.policies import Policies
from faceaccess.vision.sources.images import to_jpeg
from tests.builders import make_detection, make_embedding
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder
from tests.store.builders import make_entry

ACTOR = Actor("desk")
OLD, NEW = "old", "new"


class SlowEmbedder(FakeEmbedder):
    """Tells of each call, and waits where it is told to."""

    def __init__(self, name: str, gate: threading.Event) -> None:
        super().__init__()
        self.model_id, self.gate = f"{name}:1", gate

    def embed_templates(self, crops: np.ndarray) -> np.ndarray:
        self.entered.set()
        assert self.gate.wait(10)
        return self.embed_probes(crops)


class TrialDesk:
    """The use cases of the trial, with what they were told."""

    def __init__(self, folder: Path) -> None:
        self.database = Database.open(folder)
        self.journal = Journal(self.database)
        self.people, self.templates = People(self.database), Templates(self.database)
        self.policies = Policies(self.database, self.journal)
        self.gate = threading.Event()
        self.gate.set()
        self.numbers: dict[str, MatchPolicy] = {
            f"{name}:1": MatchPolicy(f"{name}:1", 0.1, 0.0) for name in (OLD, NEW)
        }
        self.detector = FakeDetector()
        self.loaded: list[SlowEmbedder] = []
        self.switched = 0
        self.lost: set[str] = set()
        self.trial = ModelTrial(
            self.database,
            policies=self.policies,
            people=self.people,
            templates=self.templates,
            journal=self.journal,
            models=TrialModels(OLD, self._id_of, self.load, self.numbers.get),
            is_door_open=lambda: False,
            on_switched=self._count,
            on_completed=lambda: None,
        )

    def _id_of(self, name: str) -> str:
        if name in self.lost:
            raise ModelError(f"{name} is gone.")
        return f"{name}:1"

    def _count(self) -> None:
        self.switched += 1

    def load(self, name: str) -> Recogniser:
        embedder = SlowEmbedder(name, self.gate)
        self.loaded.append(embedder)
        return Recogniser(self.detector, embedder, Gallery(embedder.model_id, 8), ON_CPU)

    def enrol(self, number: int, *, model: str = OLD, photos: int = 1) -> str:
        """Enrol somebody whose face is of one grey; return the id."""
        person = self.people.create(name=f"Person {number}")
        for photo in range(photos):
            self.add_photo(person.person_id, number, photo, model=model)
        return person.person_id

    def add_photo(self, person_id: str, number: int, photo: int, *, model: str = OLD) -> None:
        jpeg = to_jpeg(np.full((120, 120, 3), number, np.uint8))
        sha256 = f"{number * 1000 + photo:064x}"
        landmarks = make_detection().landmarks
        made = NewTemplate(make_embedding(number), f"{model}:1", 9.0, b"p", sha256, jpeg, landmarks)
        self.templates.add(person_id, [made])

    def come(self, number: int, said: str | None, **changes: object) -> Event:
        """Let a face of one grey make an entry, by what the model in use said, and be decided again."""
        jpeg = to_jpeg(np.full((120, 120, 3), number, np.uint8))
        outcome = Outcome.ACCEPTED if said else Outcome.UNKNOWN
        entry = make_entry(said, **{"outcome": outcome, "model_id": f"{OLD}:1"} | changes)
        event = self.journal.append(entry, jpeg, landmarks=make_detection().landmarks)
        self.trial.on_event(event)
        return event

    def templates_of(self, model: str) -> dict[str, int]:
        """Return how many templates each person has of a model."""
        found = self.templates.load(f"{model}:1").person_ids
        return {person_id: found.count(person_id) for person_id in found}

    def knows(self, model: str, number: int) -> str:
        """Return whom a model finds nearest to a face."""
        gallery = self.load(model).gallery
        bring_up_to_date(gallery, self.templates)
        aligned = SlowEmbedder(model, self.gate).alignment.align(
            np.full((120, 120, 3), number, np.uint8), make_detection()
        )
        probe = SlowEmbedder(model, self.gate).embed_probes(aligned[None])
        return gallery.search(probe)[0][0].person_id

    def close(self) -> None:
        self.gate.set()
        self.trial.close()
        self.database.close()
