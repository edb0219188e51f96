"""The data folder in use: the only place where store, gallery, models and policies are wired together."""

import getpass
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from faceaccess import paths
from faceaccess.attendance.office import Office
from faceaccess.chores import Chores
from faceaccess.codes import Drift, Right, Role
from faceaccess.custody import KeyCustody
from faceaccess.door.assembly import Session
from faceaccess.door.desk import Question
from faceaccess.door.doors import Doors
from faceaccess.door.feed import CameraFeed
from faceaccess.door.health import MeasuredFace, measure
from faceaccess.door.supervision import CameraStatus
from faceaccess.door.watch import Callbacks
from faceaccess.errors import (
    EnrolmentError,
    FaceAccessError,
    ModelError,
    PermissionDenied,
    SettingsError,
)
from faceaccess.keeping import Keeping
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.directory import Directory
from faceaccess.people.disclosure import Disclosure
from faceaccess.people.enrolment import Enrolment
from faceaccess.people.entry_faces import image_of
from faceaccess.people.erasure import Eraser
from faceaccess.people.folder_enrolment import FolderEnrolment
from faceaccess.people.health import Finding, Health
from faceaccess.people.mending import Mending
from faceaccess.people.model_trial import ModelTrial, TrialModels
from faceaccess.people.photo_review import PhotoReview, Reviewer
from faceaccess.people.reembedding import bring_up_to_date, reembed
from faceaccess.people.table_import import TableImport
from faceaccess.people.transfer import Transfer
from faceaccess.people.visitors import Visitors
from faceaccess.recognition.calibration import (
    Accuracy,
    default_match,
    enrolment_limits,
    measured_accuracy,
)
from faceaccess.recognition.decision import decide
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import Candidate, Decision, FrameResult, MatchPolicy
from faceaccess.settings import (
    CameraSettings,
    Device,
    MachineSettings,
    chosen_data_dir,
    load_machine_settings,
    save_machine_settings,
)
from faceaccess.store import backup, roles
from faceaccess.store.consents import Consents
from faceaccess.store.database import Database
from faceaccess.store.encryption import Encryption
from faceaccess.store.expiry import Expiry
from faceaccess.store.groups import GroupMembers
from faceaccess.store.journal import Journal
from faceaccess.store.operators import Operators
from faceaccess.store.outbox import Outbox
from faceaccess.store.people import People
from faceaccess.store.policies import Policies
from faceaccess.store.templates import Templates
from faceaccess.store.types import DOOR, Actor, Entry, Event
from faceaccess.vision import weights
from faceaccess.vision.camera import FrameSource, check_source, open_source
from faceaccess.vision.capture import CaptureProcess
from faceaccess.vision.detector import load_detector
from faceaccess.vision.embedder import (
    BUILT_IN,
    DIMENSIONS,
    POINTS,
    Embedder,
    load_embedder,
    model_id_of,
)
from faceaccess.vision.runtime import DeviceInUse, pick_device
from faceaccess.vision.types import ImageArray, Quality
from faceaccess.vision.webcams import CameraInfo, list_cameras

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_JUDGED = Quality(0.0, 0.0, 0.0, 0.0, 1.0)
"""Of a face that was good enough to have a distance."""


@dataclass(frozen=True)
class ModelInfo:
    """An embedder that can be chosen.

    Attributes:
        accuracy: measured, or published by its makers.
        is_candidate: whether it is tried beside the active one.
        is_former: whether it can be gone back to at once.
        people: how many people have templates of it.
    """

    name: str
    title: str
    is_builtin: bool
    is_installed: bool
    is_active: bool
    size_bytes: int
    licence: str
    accuracy: Accuracy | None = None
    is_candidate: bool = False
    is_former: bool = False
    people: int = 0


class Workspace:
    """An open data folder. Models are loaded at their first use, which takes a moment."""

    def __init__(self, data_dir: Path, database: Database, *, is_read_only: bool) -> None:
        """Use `Workspace.open`."""
        self.data_dir = data_dir
        self.models_dir = paths.models_dir(data_dir)
        self.is_read_only = is_read_only
        self.database = database
        self.settings = load_machine_settings()
        self.people = People(database)
        self.templates = Templates(database)
        self.journal = Journal(database)
        self.policies = Policies(database, self.journal)
        self.directory = Directory(
            database=database, people=self.people, journal=self.journal, on_change=self._on_people_changed
        )
        self.health = Health(database, self.people, self.journal)
        self.office = Office(database, self.people, self.journal, self.policies)
        self.outbox = Outbox(database)
        self.members = GroupMembers(database)
        self.disclosure = Disclosure(
            database,
            people=self.people,
            journal=self.journal,
            policies=self.policies,
            members=self.members,
        )
        self.doors = Doors(self.journal, self.policies, self.people, self.members, self.outbox)
        self.visitors = Visitors(
            database,
            self.journal,
            self.policies,
            door=lambda: self.recogniser,
            again=lambda: self.enrolment.recogniser,
            match=lambda: self.match_policy,
        )
        self.operators = Operators(database, self.journal)
        self.encryption = Encryption(database, self.journal)
        self.custody = KeyCustody(self.encryption, self.operators, is_door_open=lambda: self.doors.is_running)
        self.expiry = Expiry(database, self.journal, self.people)
        self.keeping = Keeping(
            self.journal,
            self.policies,
            expiry=self.expiry,
            visitors=self.visitors,
            settings=lambda: self.settings,
            save_settings=self.save_settings,
            on_change=self._on_people_changed,
        )
        self.consent_records = Consents(database)
        self.consents = ConsentOffice(
            database,
            consents=self.consent_records,
            people=self.people,
            policies=self.policies,
            journal=self.journal,
        )
        self.mending = Mending(
            database,
            people=self.people,
            journal=self.journal,
            consents=self.consents,
            on_change=self._on_people_changed,
        )
        self.eraser = Eraser(
            database,
            people=self.people,
            consents=self.consent_records,
            policies=self.policies,
            journal=self.journal,
            backup_folders=self.keeping.backup_folders,
            on_change=self._on_people_changed,
        )
        self.trial = ModelTrial(
            database,
            policies=self.policies,
            people=self.people,
            templates=self.templates,
            journal=self.journal,
            models=TrialModels(BUILT_IN, self._id_of, self._load_empty, self._match_of),
            is_door_open=lambda: self.doors.is_running,
            on_switched=self._forget_recogniser,
            on_completed=self.refresh_gallery,
        )
        self._chores: Chores | None = None
        self.actor = DOOR if self.operators.is_closed else Actor(getpass.getuser())
        self._loading = threading.RLock()
        self._device: DeviceInUse | None = None
        self._recogniser: Recogniser | None = None
        self._enrolment: Enrolment | None = None
        self._preview: float | None = None

    @classmethod
    def open(cls, data_dir: Path | None = None, *, read_only: bool = False) -> Self:
        """Open a data folder, making it when there is none.

        Args:
            data_dir: None takes the standard one.
            read_only: for commands that only read; runs beside a program that writes.

        Raises:
            StoreBusyError: another process writes to it.
            StoreError: it can't be used.
            SettingsError: this computer's settings are damaged.
        """
        folder = chosen_data_dir(data_dir, load_machine_settings())
        return cls(folder, Database.open(folder, read_only=read_only), is_read_only=read_only)

    def close(self) -> None:
        """Stop a running door and let go of the folder."""
        if self._chores is not None:
            self._chores.stop()
        self.doors.close()
        self.trial.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Operators

    def sign_in(self, name: str, password: str) -> Actor:
        """Act as an operator from now on. Slow on purpose: not on the GUI's thread.

        Raises:
            PermissionDenied: wrong, or to be waited for.
        """
        self.actor = self.operators.sign_in(name, password, datetime.now(UTC))
        return self.actor

    @property
    def needs_sign_in(self) -> bool:
        """Whether the folder has operators and none is signed in."""
        return self.actor == DOOR and self.operators.is_closed

    def recover_password(self, name: str, passphrase: str, password: str) -> None:
        """Set an operator's lost password with the recovery passphrase. Slow on purpose.

        Raises:
            PermissionDenied: the passphrase is wrong, or to be waited for.
            OperatorError: nobody has this name, or a bad password.
        """
        self.operators.recover(name, passphrase, password, datetime.now(UTC))

    def sign_out(self, *, is_idle: bool = False) -> None:
        """Act as the door alone from now on, where the folder has operators."""
        if self.operators.is_closed and self.actor != DOOR:
            self.operators.sign_out(self.actor, is_idle=is_idle)
            self.actor = DOOR

    def may(self, right: Right) -> bool:
        """Tell whether who is signed in has a right."""
        return roles.may(self.database, self.actor, right)

    def require(self, right: Right) -> None:
        """Check that who is signed in has a right.

        Raises:
            PermissionDenied: not so.
        """
        roles.require(self.database, self.actor, right)

    def start_chores(self, on_error: Callable[[FaceAccessError], None]) -> None:
        """Do what is due by itself from now on; failures are told from a thread of their own."""
        self._chores = Chores(self.keeping.chores())
        self._chores.start(on_error)
        self.trial.resume()

    def examine_health(
        self,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Finding]:
        """Return what may be amiss with the photos enrolled; a model without limits tells little."""
        policy = self.match_policy or MatchPolicy(self.model_id, 0.0, 0.0)
        limits = enrolment_limits(self.model_id)
        return self.health.examine(
            policy, limits, datetime.now(UTC), progress=progress, is_cancelled=is_cancelled
        )

    def review_door_photo(self, seq: int) -> PhotoReview:
        """Look at the picture of an entry as a photo to enrol. Slow.

        Raises:
            EnrolmentError: the picture is no longer kept, or is the bare face that an older program kept.
        """
        crop = self.journal.entry_crop(seq)
        if crop is None or crop.landmarks is None:
            raise EnrolmentError(f"The picture of entry {seq} can't be used any more.", "Take a new photo.")
        return self.enrolment.review_image(image_of(crop), f"entry {seq}")

    def make_ready(
        self,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Give everybody templates of the active model who has none. Slow.

        Raises:
            Cancelled: the operator stopped it.
        """
        self.require(Right.ENROL)
        own = self.enrolment.recogniser
        reembed(self.templates, own.detector, own.embedder, progress=progress, is_cancelled=is_cancelled)
        self.refresh_gallery()

    # Models

    @property
    def device(self) -> DeviceInUse:
        """Where networks run."""
        if self._device is None:
            self._device = pick_device(self.settings.device)
        return self._device

    @property
    def device_in_use(self) -> str:
        """Title of the device that networks really run on."""
        return self.device.title

    @property
    def device_note(self) -> str:
        """Why it isn't the device asked for, or ""."""
        return self.device.note

    def use_device(self, device: Device) -> None:
        """Run on another device from now on, for this process."""
        self.save_settings(replace(self.settings, device=device), keep=False)

    @property
    def model_id(self) -> str:
        """Id of the active model."""
        return self.recogniser.embedder.model_id

    @property
    def recogniser(self) -> Recogniser:
        """The active model with its gallery, loaded at the first call. May be called on any thread."""
        with self._loading:
            if self._recogniser is None:
                self._recogniser = self._load(self.policies.active_model() or BUILT_IN)
            return self._recogniser

    @property
    def enrolment(self) -> Enrolment:
        """The use cases of enrolling."""
        with self._loading:
            if self._enrolment is None:
                # A detector of its own: the door's is in use on the inference thread.
                detector = load_detector(self.device, paths.cache_dir())
                door = self.recogniser
                own = Recogniser(
                    detector,
                    self._embedder(self.policies.active_model() or BUILT_IN),
                    door.gallery,
                    door.device_title,
                )
                self._enrolment = Enrolment(
                    own,
                    database=self.database,
                    people=self.people,
                    templates=self.templates,
                    journal=self.journal,
                    consents=self.consents,
                    on_change=self.refresh_gallery,
                    limits=enrolment_limits(own.embedder.model_id),
                    usual_limit=policy.threshold if (policy := self.match_policy) else 0.0,
                )
            return self._enrolment

    @property
    def transfer(self) -> Transfer:
        """The use cases of carrying people to and from another installation."""
        enrolment = self.enrolment
        return Transfer(
            enrolment.recogniser,
            database=self.database,
            people=self.people,
            templates=self.templates,
            consents=self.consent_records,
            office=self.consents,
            journal=self.journal,
            doubles=enrolment.doubles,
            on_change=self.refresh_gallery,
        )

    @property
    def folder_enrolment(self) -> FolderEnrolment:
        """The use cases of enrolling from files."""
        return FolderEnrolment(self.enrolment, self.people, self.templates)

    @property
    def table_import(self) -> TableImport:
        """The use cases of importing many people."""
        return TableImport(
            self.database,
            enrolment=lambda: self.enrolment,
            people=self.people,
            templates=self.templates,
            directory=self.directory,
            consents=self.consents,
            new_reviewer=self._new_reviewer,
        )

    def _new_reviewer(self) -> Reviewer:
        """Return what looks at photos on a thread of its own, with models that nothing else uses."""
        door = self.recogniser
        own = Recogniser(
            load_detector(self.device, paths.cache_dir()),
            self._embedder(self.policies.active_model() or BUILT_IN),
            door.gallery,
            door.device_title,
        )
        return Reviewer(own, enrolment_limits(own.embedder.model_id))

    def load_models(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Load what the door and enrolment need. Slow the first time ever (networks are exported)."""
        steps: tuple[Callable[[], object], ...] = (lambda: self.recogniser, lambda: self.enrolment)
        for done, step in enumerate(steps, 1):
            step()
            if progress is not None:
                progress(done, len(steps))

    def _embedder(self, name: str) -> Embedder:
        return load_embedder(name, self.device, paths.cache_dir(), self.models_dir)

    def _id_of(self, name: str) -> str:
        return model_id_of(name, self.models_dir)

    def _load_empty(self, name: str) -> Recogniser:
        """Return a model of its own, whose gallery is empty."""
        embedder = self._embedder(name)
        detector = load_detector(self.device, paths.cache_dir())
        gallery = Gallery(embedder.model_id, DIMENSIONS[name])
        return Recogniser(detector, embedder, gallery, self.device.title)

    def _forget_recogniser(self) -> None:
        """Load the active model anew when it is next needed."""
        with self._loading:
            self._recogniser, self._enrolment, self._preview = None, None, None

    def _load(self, name: str) -> Recogniser:
        recogniser = self._load_empty(name)
        self._bring_templates_up_to_date(recogniser)
        bring_up_to_date(recogniser.gallery, self.templates)
        return recogniser

    def _bring_templates_up_to_date(self, recogniser: Recogniser) -> None:
        """Embed photos that have no templates of this model_id: a newer program's may differ."""
        if not self.is_read_only:
            reembed(self.templates, recogniser.detector, recogniser.embedder)
            return
        found = self.templates.readiness(recogniser.embedder.model_id)
        if found.people and not found.ready:
            raise ModelError(
                "The people enrolled have not been made ready for this version of the program.",
                "Open the window or start the door once: it is done by itself.",
            )

    def _on_people_changed(self) -> None:
        self.refresh_gallery()
        self.doors.access.refresh()

    def refresh_gallery(self) -> None:
        """Search what the database holds now, from the next frame on."""
        with self._loading:
            if self._recogniser is not None:
                bring_up_to_date(self._recogniser.gallery, self.templates)
        self.trial.worker.wake()

    def models(self) -> list[ModelInfo]:
        """Return the embedders that can be chosen."""
        found = [
            ModelInfo(BUILT_IN, "dlib ResNet (128-D), built in", True, True, False, 22_466_066, "CC0"),
            ModelInfo(
                POINTS, "dlib ResNet (128-D), aligned by MTCNN's points", True, True, False, 22_466_066, "CC0"
            ),
        ]
        found += [
            ModelInfo(
                file.name, file.title, False, weights.installed(file, self.models_dir), False,
                file.size_limit_bytes, file.licence,
            )
            for file in weights.load_manifest()
        ]  # fmt: skip
        choice = self.policies.models()
        ready = self.templates.people_by_model()
        return [
            replace(
                info,
                accuracy=measured_accuracy(info.name),
                is_active=info.name == (choice.active or BUILT_IN),
                is_candidate=info.name == choice.candidate,
                is_former=info.name == choice.former,
                people=max((n for key, n in ready.items() if key.startswith(f"{info.name}:")), default=0),
            )
            for info in found
        ]

    def fetch_model(
        self,
        name: str,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Download a model's weights.

        Raises:
            ModelError: it failed; nothing half done is left.
            Cancelled: the operator stopped it.
        """
        self.require(Right.SET_POLICY)
        weights.fetch(
            weights.find_weights(name), self.models_dir, progress=progress, is_cancelled=is_cancelled
        )

    def import_model(self, name: str, path: Path) -> None:
        """Take a model's weights from a file.

        Raises:
            ModelError: it isn't the file that the model was measured with.
        """
        self.require(Right.SET_POLICY)
        weights.import_file(weights.find_weights(name), path, self.models_dir)

    @roles.needs(Right.SET_POLICY)
    def use_model(
        self,
        actor: Actor,
        name: str,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Decide by another model from now on, after embedding all photos with it.

        Returns:
            How many photos could not be used with it.

        Raises:
            ModelError: there is no such model, or its weights aren't here.
            Cancelled: the operator stopped it; the old model stays.
        """
        if name not in DIMENSIONS:
            raise ModelError(f"There is no model named {name!r}.", "See: faceaccess models list")
        embedder = self._embedder(name)
        detector = load_detector(self.device, paths.cache_dir())
        lost = reembed(self.templates, detector, embedder, progress=progress, is_cancelled=is_cancelled)
        choice = self.policies.models()
        active = choice.active or BUILT_IN
        if name != active:
            candidate = None if choice.candidate == name else choice.candidate
            chosen = replace(choice, active=name, candidate=candidate, former=active)
            self.policies.set_models(actor, chosen)
        self._forget_recogniser()
        return lost

    # Policies

    @property
    def default_match(self) -> MatchPolicy | None:
        """The measured threshold and margin of the active model; None when it wasn't measured."""
        return default_match(self.model_id)

    def _match_of(self, model_id: str) -> MatchPolicy | None:
        """Return the threshold and margin that hold for a model; None when nobody has set any."""
        stored, measured = self.policies.match(model_id), default_match(model_id)
        if stored is None:
            return measured
        return replace(
            measured or MatchPolicy(stored.model_id, 0.0, 0.0),
            threshold=stored.threshold,
            margin=stored.margin,
            source=stored.source,
        )

    @property
    def match_policy(self) -> MatchPolicy | None:
        """The threshold and margin in force; None when nobody has set any for this model."""
        policy = self._match_of(self.model_id)
        if self._preview is None:
            return policy
        policy = policy or MatchPolicy(self.model_id, self._preview, 0.0)
        return replace(policy, threshold=self._preview, source="operator")

    def preview_threshold(self, threshold: float) -> None:
        """Decide by a threshold from the next frame on, without keeping it.

        Loads no model, since the window calls this while a slider moves.

        Raises:
            PermissionDenied: who is signed in may not change it.
        """
        self.require(Right.SET_POLICY)
        self._preview = threshold
        # Without a model loaded there is no door to tell; one that opens later asks `match_policy`.
        if self.doors.is_in_use and self._recogniser is not None and (policy := self.match_policy):
            self.doors.use_policy(policy)

    def judge_again(self, entry: Entry) -> Decision | None:
        """Return what would be decided about an entry's face by the numbers in force now.

        None for an entry that has no distance, or was made with another model.
        """
        policy, nearest = self.match_policy, entry.person_id or entry.nearest_id
        if policy is None or entry.distance is None or nearest is None or entry.model_id != policy.model_id:
            return None
        found = [Candidate(nearest, entry.distance, 0)]
        if entry.runner_up_id is not None and entry.runner_up_distance is not None:
            found.append(Candidate(entry.runner_up_id, entry.runner_up_distance, 0))
        return decide(found, _JUDGED, policy)

    def save_match(self, threshold: float, margin: float, actor: Actor | None = None) -> None:
        """Keep a threshold and margin for the active model; journalled once.

        Raises:
            SettingsError: a number outside 0 to 4.
        """
        self.policies.set_match(
            actor or self.actor, model_id=self.model_id, threshold=threshold, margin=margin, source="operator"
        )
        self._preview = None
        policy = self.match_policy
        if policy is not None:
            self.doors.use_policy(policy)

    @roles.needs(Right.SET_POLICY)
    def set_threshold(self, actor: Actor, name: str, threshold: float, margin: float) -> None:
        """Keep a threshold and margin for any model by its name; journalled once.

        Raises:
            ModelError: there is no such model, or its weights aren't here.
            SettingsError: a number outside 0 to 4.
        """
        model_id = self._id_of(name)
        self.policies.set_match(
            actor, model_id=model_id, threshold=threshold, margin=margin, source="operator"
        )
        if self._recogniser is not None and model_id == self.model_id and (policy := self.match_policy):
            self.doors.use_policy(policy)
        self.trial.worker.wake()

    def save_settings(self, settings: MachineSettings, *, keep: bool = True) -> None:
        """Set this computer's settings; another device is loaded at the next start of the door."""
        if keep:
            save_machine_settings(settings)
        with self._loading:
            if settings.device is not self.settings.device:
                self._device, self._recogniser, self._enrolment = None, None, None
            self.settings = settings

    # Door

    def list_cameras(self) -> list[CameraInfo]:
        """Return the webcams that are there."""
        return list_cameras()

    def check_camera(self, camera: CameraSettings) -> None:
        """Check that a camera's picture can come from where its settings say.

        Raises:
            CameraError: it is nothing that a picture could come from.
        """
        check_source(camera.source)

    def measure_faces(self, image: ImageArray, *, smallest_face_px: int) -> list[MeasuredFace]:
        """Return the faces of a preview with their quality; not on the door's detector.

        Args:
            image: (H, W, 3) uint8, RGB.
            smallest_face_px: what counts as big enough.
        """
        return measure(self.enrolment.recogniser, image, smallest_face_px=smallest_face_px)

    def open_camera_feed(
        self, source: str, on_status: Callable[[CameraStatus], None] = lambda _: None
    ) -> CameraFeed:
        """Return a camera for a preview, not started."""
        return CameraFeed(partial(CaptureProcess, partial(open_source, source)), on_status=on_status)

    def open_door(
        self,
        on_result: Callable[[str, FrameResult], None] = lambda _, __: None,
        on_event: Callable[[Event], None] = lambda _: None,
        on_error: Callable[[FaceAccessError], None] = lambda _: None,
        on_status: Callable[[str, CameraStatus], None] = lambda _, __: None,
        on_drift: Callable[[str, Mapping[Drift, float]], None] = lambda _, __: None,
        on_question: Callable[[Question], None] | None = None,
        on_answered: Callable[[int], None] = lambda _: None,
        source: str | None = None,
        *,
        on_not_opened: Callable[[Event], None] = lambda _: None,
        is_paced: bool = True,
        as_camera: Callable[[str], FrameSource] | None = None,
    ) -> Session:
        """Return a session on cameras or a recording, not started.

        Args:
            on_result: called with a camera's id and each of its results, on the session's threads
                like all of these.
            on_event: called with each entry, after it was committed.
            on_error: called with each failure.
            on_status: called with a camera's id when it comes or goes.
            on_drift: called with a camera's id when faces look unlike those at its set-up.
            on_question: called when the desk is asked who somebody is; None asks nobody.
            on_answered: called with a question's id when it is answered or too old.
            source: the name of a camera, or any source as the first camera would see it; None takes
                all cameras.
            on_not_opened: called with an entry whose door did not open.
            is_paced: play a recording no faster than it was recorded.
            as_camera: opens the sources, which are recordings, as live cameras: who is slow misses
                frames. Must be picklable.

        Raises:
            SettingsError: the active model has no threshold.
            PermissionDenied: who is signed in may not open it.
        """
        self.require(Right.RUN_DOOR)
        if self.actor.role is Role.DOOR and not self.doors.has_camera(source):
            raise PermissionDenied(
                "The door alone opens only the cameras that were set up.",
                "Sign in with another role, or leave the source out.",
            )
        policy = self.match_policy
        if policy is None:
            raise SettingsError(
                f"No threshold has been set for the model {self.model_id}.",
                "Measure one with: faceaccess evaluate identify, then set it.",
            )
        self.trial.resume()

        def on_logged(event: Event) -> None:
            self.trial.on_event(event)
            on_event(event)

        callbacks = Callbacks(
            on_result, on_logged, on_error, on_status, on_drift, on_question, on_answered, on_not_opened
        )
        return self.doors.open(
            self.recogniser, policy, callbacks, source=source, is_paced=is_paced, as_camera=as_camera
        )


def restore_backup(data_dir: Path | None, path: Path, passphrase: str, actor: Actor) -> Path | None:
    """Put a backup into a data folder that is closed; return where the former data is kept.

    Raises:
        StoreError: it can't be used; nothing was changed.
    """
    return backup.restore(chosen_data_dir(data_dir, load_machine_settings()), path, passphrase, actor)


def newest_backup() -> Path | None:
    """Return the newest backup that this computer wrote, or None where there is none."""
    folder = load_machine_settings().backup_folder
    found = backup.backups_in(Path(folder)) if folder else []
    return found[0] if found else None
