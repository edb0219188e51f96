"""The models of a data folder, the one that decides, and its numbers."""

import threading
from collections.abc import Callable
from pathlib import Path

from faceaccess.codes import Outcome, Reason, Verdict
from faceaccess.models.catalogue import Catalogue
from faceaccess.models.evidence import Evidence
from faceaccess.models.face_map import FaceMaps
from faceaccess.models.group_evidence import Groups
from faceaccess.models.recognisers import Recognisers
from faceaccess.models.thresholds import DecidingDoors, Thresholds
from faceaccess.models.trial import ModelTrial, TrialModels
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.presentation import Shown, judge
from faceaccess.settings import Device, HeldTemplates
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Entry
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.network_digests import NetworkDigests
from faceaccess.store.policy.policies import Policies
from faceaccess.vision.embedder import BUILT_IN
from faceaccess.vision.liveness.signals import Signals


class Models:
    """The models of a data folder. May be called on any thread; models are loaded at their first use.

    Attributes:
        templates: of the people enrolled, by model.
        recognisers: the models in memory.
        catalogue: those that can be chosen.
        thresholds: the numbers in force.
        evidence: what thresholds cost here.
        maps: of the faces enrolled.
        groups: of the people enrolled, compared.
        trial: another model beside the active one.
    """

    def __init__(
        self,
        database: Database,
        *,
        policies: Policies,
        people: People,
        journal: Journal,
        doors: DecidingDoors,
        models_dir: Path,
        chosen_device: Callable[[], Device],
        held_templates: Callable[[], HeldTemplates],
        on_chosen: Callable[[], None],
    ) -> None:
        """Wire them.

        Args:
            database: of the templates.
            policies: say which model is active.
            people: the people enrolled.
            journal: of the door's entries.
            doors: are told of each change of the threshold.
            models_dir: where weights lie.
            chosen_device: returns the device asked for.
            held_templates: returns how galleries hold templates.
            on_chosen: called when another model decides from now on.
        """
        self._on_chosen, self._policies = on_chosen, policies
        self.templates = Templates(database)
        self.recognisers = Recognisers(
            self.templates,
            policies,
            models_dir=models_dir,
            digests=NetworkDigests(database, journal),
            chosen_device=chosen_device,
            held_templates=held_templates,
            is_read_only=database.is_read_only,
        )
        self.catalogue = Catalogue(
            policies,
            self.templates,
            self.recognisers,
            models_dir=models_dir,
            on_chosen=self._forget,
        )
        self.thresholds = Thresholds(
            policies,
            doors,
            self.recognisers,
            templates=self.templates,
            on_set=lambda: self.trial.worker.wake(),
        )
        self.evidence = Evidence(
            database, people=people, recognisers=self.recognisers, thresholds=self.thresholds
        )
        self.maps, self.groups = FaceMaps(database, people), Groups(database, people)
        self.trial = ModelTrial(
            database,
            policies=policies,
            people=people,
            templates=self.templates,
            journal=journal,
            models=TrialModels(
                BUILT_IN, self.recognisers.id_of, self.recognisers.load_empty, self.thresholds.of
            ),
            is_door_open=lambda: doors.is_running,
            on_switched=self._forget,
            on_completed=self.refresh_gallery,
        )

    @property
    def recogniser(self) -> Recogniser:
        """The active model with its gallery, loaded at the first call."""
        return self.recognisers.active

    @property
    def model_id(self) -> str:
        """Id of the active model."""
        return self.recognisers.model_id

    def judge_liveness_again(self, entry: Entry) -> tuple[Verdict, Reason | None] | None:
        """Return what the door's settings of today make of what was measured of an entry's face.

        None for an entry of which nothing was measured. How often a turn was tried was decided then.
        """
        measured = entry.liveness
        if measured is None:
            return None
        settings = self._policies.liveness(entry.door)
        signals = Signals(measured.score, measured.edge or 0.0, measured.pattern or 0.0)
        shown = Shown(
            measured.score,
            measured.turn,
            measured.tries,
            is_flat=signals.is_flat,
            is_replayed=measured.is_replayed,
            is_other_camera=measured.is_other_camera and settings.refuses_other_cameras,
            has_other_way=measured.other_way is not None,
            is_gone=entry.outcome is Outcome.SUSPECTED,
            has_failed=entry.reason is Reason.LIVENESS_FAILED,
        )
        return judge(settings.mode, settings.limit, shown)

    @property
    def loading(self) -> threading.RLock:
        """Held while models are loaded or forgotten."""
        return self.recognisers.loading

    def refresh_gallery(self, person_id: str | None = None) -> None:
        """Search what the database holds now, from the next frame on.

        Args:
            person_id: the only person who got or lost templates; None looks at everybody.
        """
        self.recognisers.refresh(person_id)
        self.thresholds.follow_people()
        self.trial.worker.wake()

    def forget_device(self) -> None:
        """Load the active model on the device asked for when it is next needed."""
        with self.loading:
            self.recognisers.forget_device()

    def _forget(self) -> None:
        """Load the active model anew when it is next needed."""
        with self.loading:
            self.recognisers.forget()
            self.thresholds.forget_preview()
            self._on_chosen()
