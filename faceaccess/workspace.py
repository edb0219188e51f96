"""The data folder in use: the only place where store, gallery, models and policies are wired together."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from faceaccess import paths
from faceaccess.attendance.office import Office
from faceaccess.codes import Drift, Right, Role
from faceaccess.door.assembly import Session
from faceaccess.door.cameras import Cameras
from faceaccess.door.desk import Question
from faceaccess.door.doors import Doors
from faceaccess.door.supervision import CameraStatus
from faceaccess.door.watch import Callbacks
from faceaccess.errors import FaceAccessError, PermissionDenied, SettingsError, StoreError
from faceaccess.models.catalogue import Models
from faceaccess.models.recognisers import Recognisers
from faceaccess.models.thresholds import Thresholds
from faceaccess.models.trial import ModelTrial, TrialModels
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.directory import Directory
from faceaccess.people.disclosure import Disclosure
from faceaccess.people.enrolment.enrolling import Enrolling
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.gallery.erasure import Eraser
from faceaccess.people.gallery.health import Finding, Health
from faceaccess.people.gallery.mending import Mending
from faceaccess.people.gallery.withdrawals import Withdrawals
from faceaccess.people.visitors import Visitors
from faceaccess.recognition.calibration import enrolment_limits
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import FrameResult, MatchPolicy
from faceaccess.settings import (
    Device,
    MachineSettings,
    chosen_data_dir,
    load_machine_settings,
    save_machine_settings,
)
from faceaccess.store.access import roles
from faceaccess.store.access.accounts import account_name
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.operators import Operators
from faceaccess.store.access.types import DOOR, Actor, Proof
from faceaccess.store.file import backup, leftovers
from faceaccess.store.file.backup import Restored
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import DATABASE_FILE, is_unfinished
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event
from faceaccess.store.keys.custody import KeyCustody
from faceaccess.store.keys.encryption import Encryption
from faceaccess.store.outbox import Outbox
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.network_digests import NetworkDigests
from faceaccess.store.policy.policies import Policies
from faceaccess.upkeep.chores import Chores
from faceaccess.upkeep.expiry import Expiry
from faceaccess.upkeep.keeping import Keeping
from faceaccess.vision.embedder import BUILT_IN
from faceaccess.vision.sources.shape import Shape
from faceaccess.vision.types import FrameSource


class Workspace:
    """An open data folder. Models are loaded at their first use, which takes a moment.

    Attributes:
        on_making_ready: told how many people's photos are embedded anew for the model in use, as after an
            update, before that begins. Called on the thread that loads the models.
    """

    def __init__(self, data_dir: Path, database: Database, *, is_read_only: bool) -> None:
        """Use `Workspace.open`."""
        self.data_dir = data_dir
        self.models_dir = paths.models_dir(data_dir)
        self.is_read_only = is_read_only
        self.database = database
        self.settings = load_machine_settings()
        self._chores: Chores | None = None
        self.on_making_ready: Callable[[int], None] = lambda _people: None
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
            database, people=self.people, journal=self.journal, policies=self.policies, members=self.members
        )
        self.doors = Doors(self.journal, self.policies, self.people, self.members, self.outbox)
        self.recognisers = Recognisers(
            self.templates,
            self.policies,
            models_dir=self.models_dir,
            digests=NetworkDigests(database, self.journal),
            chosen_device=lambda: self.settings.device,
            is_read_only=is_read_only,
            on_making_ready=lambda people: self.on_making_ready(people),
        )
        self.models = Models(
            self.policies,
            self.templates,
            self.recognisers,
            models_dir=self.models_dir,
            on_chosen=self._on_model_chosen,
        )
        self.thresholds = Thresholds(
            self.policies,
            self.doors,
            self.recognisers,
            templates=self.templates,
            on_set=lambda: self.trial.worker.wake(),
        )
        self.visitors = Visitors(
            database,
            self.journal,
            self.policies,
            door=lambda: self.recogniser,
            again=lambda: self.enrolment.recogniser,
            match=lambda: self.thresholds.in_force,
        )
        self.operators = Operators(database, self.journal)
        self.encryption = Encryption(database, self.journal)
        self.custody = KeyCustody(self.encryption, self.operators, is_door_open=lambda: self.doors.is_running)
        self.expiry = Expiry(database, self.journal, self.people)
        self.keeping = Keeping(
            self.journal,
            self.policies,
            expiry=self.expiry,
            expire_visits=self.visitors.expire,
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
        self.enrolling = Enrolling(
            self.recognisers,
            self.thresholds,
            people=self.people,
            templates=self.templates,
            journal=self.journal,
            consents=self.consents,
            consent_records=self.consent_records,
            directory=self.directory,
            on_change=self.refresh_gallery,
        )
        self.cameras = Cameras(lambda: self.enrolment.recogniser)
        self.mending = Mending(
            database,
            people=self.people,
            journal=self.journal,
            consents=self.consents,
            on_change=self._on_people_changed,
        )
        self.withdrawals = Withdrawals(
            database,
            people=self.people,
            consents=self.consent_records,
            journal=self.journal,
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
            models=TrialModels(
                BUILT_IN, self.recognisers.id_of, self.recognisers.load_empty, self.thresholds.of
            ),
            is_door_open=lambda: self.doors.is_running,
            on_switched=self._on_model_chosen,
            on_completed=self.refresh_gallery,
        )
        self.actor = DOOR if self.operators.is_closed else Actor(account_name())

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
        settings = load_machine_settings()
        folder = chosen_data_dir(data_dir, settings)
        if folder == chosen_data_dir(None, settings):
            _refuse_emptied(folder)
        database = Database.open(folder, read_only=read_only)
        if not read_only:
            leftovers.remove(folder)
        return cls(folder, database, is_read_only=read_only)

    def close(self) -> None:
        """Stop a running door and let go of the folder."""
        if self._chores is not None:
            self._chores.stop()
        self.doors.close()
        self.trial.close()
        if self._chores is None and not self.is_read_only:
            self._keep_end_of_command()
        self.database.close()

    def _keep_end_of_command(self) -> None:
        """Keep the end that a command leaves; not of an open folder, as each throw-away one is."""
        with suppress(StoreError):  # the command is done; the next start says what is wrong with the place
            if self.operators.is_closed:
                self.keeping.ends.keep_here()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Operators

    def sign_in(self, name: str, password: str) -> Actor:
        """Act as an operator from now on. Slow on purpose: not on the GUI's thread.

        It is counted and journalled beside a program that writes, too.

        Raises:
            PermissionDenied: wrong, or to be waited for.
            StoreError: it can't be counted now: nobody is signed in.
        """
        with self.database.writable() as database:
            operators = Operators(database, Journal(database))
            self.actor = operators.sign_in(name, password, datetime.now(UTC))
        return self.actor

    @property
    def needs_sign_in(self) -> bool:
        """Whether the folder has operators and none is signed in."""
        return self.actor == DOOR and self.operators.is_closed

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
        ends = self.keeping.ends
        self._chores = Chores(self.keeping.chores(), first={"start": ends.begin}, last={"stop": ends.finish})
        self._chores.start(on_error)
        self.trial.resume()

    def examine_health(
        self,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Finding]:
        """Return what may be amiss with the photos enrolled; a model without limits tells little."""
        policy = self.thresholds.in_force or MatchPolicy(self.model_id, 0.0, 0.0)
        limits = enrolment_limits(self.model_id)
        return self.health.examine(
            policy, limits, datetime.now(UTC), progress=progress, is_cancelled=is_cancelled
        )

    # Models

    @property
    def recogniser(self) -> Recogniser:
        """The active model with its gallery, loaded at the first call. May be called on any thread."""
        return self.recognisers.active

    @property
    def model_id(self) -> str:
        """Id of the active model."""
        return self.recognisers.model_id

    @property
    def enrolment(self) -> Enrolment:
        """The use cases of enrolling one by one; loads the active model. May be called on any thread."""
        return self.enrolling.desk

    def load_models(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Load what the door and enrolment need. Slow the first time ever (networks are exported)."""
        steps: tuple[Callable[[], object], ...] = (lambda: self.recogniser, lambda: self.enrolment)
        for done, step in enumerate(steps, 1):
            step()
            if progress is not None:
                progress(done, len(steps))

    def refresh_gallery(self) -> None:
        """Search what the database holds now, from the next frame on."""
        self.recognisers.refresh()
        self.thresholds.follow_people()
        self.trial.worker.wake()

    def _on_people_changed(self) -> None:
        self.refresh_gallery()
        self.doors.access.refresh()

    def _on_model_chosen(self) -> None:
        """Load the active model anew when it is next needed."""
        with self.recognisers.loading:
            self.recognisers.forget()
            self.enrolling.forget()
            self.thresholds.forget_preview()

    # This computer's settings

    def save_settings(self, settings: MachineSettings, *, keep: bool = True) -> None:
        """Set this computer's settings; another device is loaded at the next start of the door."""
        if keep:
            save_machine_settings(settings)
        with self.recognisers.loading:
            if settings.device is not self.settings.device:
                self.recognisers.forget_device()
                self.enrolling.forget()
            self.settings = settings

    def use_device(self, device: Device) -> None:
        """Run on another device from now on, for this process."""
        self.save_settings(replace(self.settings, device=device), keep=False)

    # Door

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
        began_at: datetime | None = None,
        shape: Shape | None = None,
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
            began_at: UTC of a recording's first picture; None takes what its file tells.
            shape: how the pictures are stretched and turned, instead of as the camera's settings say.

        Raises:
            CameraError: the source is nothing that a picture can ever come from.
            SettingsError: the active model has no threshold.
            PermissionDenied: who is signed in may not open it.
        """
        self.require(Right.RUN_DOOR)
        if self.actor.role is Role.DOOR and not self.doors.has_camera(source):
            raise PermissionDenied(
                "The door alone opens only the cameras that were set up.",
                "Sign in with another role, or leave the source out.",
            )
        policy = self.thresholds.in_force
        if policy is None:
            raise SettingsError(
                "No threshold has been set for the model {model_id}.",
                "Measure one with: faceaccess evaluate identify, then set it.",
                model_id=self.model_id,
            )
        self.trial.resume()

        def on_logged(event: Event) -> None:
            self.trial.on_event(event)
            on_event(event)

        callbacks = Callbacks(
            on_result, on_logged, on_error, on_status, on_drift, on_question, on_answered, on_not_opened
        )
        return self.doors.open(
            self.recogniser,
            policy,
            callbacks,
            source=source,
            is_paced=is_paced,
            as_camera=as_camera,
            began_at=began_at,
            shape=shape,
        )


def restore_backup(
    data_dir: Path | None, path: Path, passphrase: str, actor: Actor | None, proof: Proof | None = None
) -> Restored:
    """Put a backup into a data folder that no program uses; see `backup.restore`.

    Raises:
        PermissionDenied: who restores it has to prove to be an admin of it; nothing was changed.
        StoreError: it can't be used; nothing was changed.
    """
    folder = chosen_data_dir(data_dir, load_machine_settings())
    return backup.restore(folder, path, passphrase, actor, proof)


def _refuse_emptied(folder: Path) -> None:
    """Raise where this computer's data folder has nothing left, but backups of it were written."""
    is_there = (folder / DATABASE_FILE).exists() or is_unfinished(folder)
    if not is_there and (path := newest_backup()) is not None:
        raise StoreError(
            "There is no data in {folder}, but this computer has written backups: {path}.",
            "Restore one. To begin with an empty folder, move the backups away, or choose another folder.",
            folder=folder,
            path=path,
        )


def newest_backup() -> Path | None:
    """Return the newest backup that this computer wrote, or None where there is none."""
    folder = load_machine_settings().backup_folder
    found = backup.backups_in(Path(folder)) if folder else []
    return found[0] if found else None
