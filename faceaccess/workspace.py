"""The data folder in use: the only place where its rooms are wired together."""

from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from faceaccess import paths
from faceaccess.attendance.office import Office
from faceaccess.door.doors import Doors
from faceaccess.errors import FaceAccessError, SettingsError, StoreError
from faceaccess.machine import Machine
from faceaccess.models.models import Models
from faceaccess.people.reception import Reception
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import chosen_data_dir, load_machine_settings
from faceaccess.store.access.access import Access
from faceaccess.store.access.types import Actor, Proof
from faceaccess.store.file import backup, leftovers
from faceaccess.store.file.backup import Restored
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import DATABASE_FILE, is_unfinished
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies
from faceaccess.upkeep.actions import Actions
from faceaccess.upkeep.chores import Chores
from faceaccess.upkeep.expiry import Expiry
from faceaccess.upkeep.keeping import Keeping
from faceaccess.vision.liveness.passive import PassiveNetworks, load_passive

if TYPE_CHECKING:
    from faceaccess.learning.adapting import Adapting


class Workspace:
    """An open data folder. Models are loaded at their first use, which takes a moment.

    Attributes:
        access: the operator acting, and their rights.
        people: the people enrolled, to be read.
        journal: the log.
        policies: the decisions for the site.
        machine: this computer's settings.
        doors: opening them, and the use cases at them.
        models: the models that recognise faces.
        reception: the use cases about people.
        office: hours, absences, reports.
        keeping: backups, retention, the proof of the log.
    """

    def __init__(self, data_dir: Path, database: Database) -> None:
        """Use `Workspace.open`."""
        self.data_dir = data_dir
        self.database = database
        self._chores: Chores | None = None
        self.people = People(database)
        self.journal = Journal(database)
        self.policies = Policies(database, self.journal)
        self.machine = Machine(self._on_other_models)
        self.doors = Doors(
            self.journal,
            self.policies,
            self.people,
            recogniser=lambda: self.models.recogniser,
            beside=lambda: self.reception.enrolment.recogniser,
            passive=self._passive,
            match=self._match_in_force,
            on_opening=lambda: self.models.trial.resume(),
            on_event=lambda event: self.models.trial.on_event(event),
        )
        self.access = Access(database, self.journal, is_door_open=lambda: self.doors.is_running)
        self.models = Models(
            database,
            policies=self.policies,
            people=self.people,
            journal=self.journal,
            doors=self.doors,
            models_dir=paths.models_dir(data_dir),
            chosen_device=lambda: self.machine.settings.device,
            held_templates=lambda: self.machine.settings.held_templates,
            on_chosen=lambda: self.reception.enrolling.forget(),
        )
        self.office = Office(database, self.people, self.journal, self.policies)
        self.keeping = Keeping(
            self.journal,
            self.policies,
            actions=Actions(self.journal, self.people),
            expiry=Expiry(database, self.journal, self.people),
            expire_visits=lambda actor, now: self.reception.visitors.expire(actor, now),
            settings=lambda: self.machine.settings,
            save_settings=self.machine.save,
            on_change=self._on_people_changed,
        )
        self.reception = Reception(
            database,
            people=self.people,
            journal=self.journal,
            policies=self.policies,
            members=self.doors.members,
            models=self.models,
            backup_folders=self.keeping.backup_folders,
            on_people_changed=self._on_people_changed,
        )

    @property
    def adapting(self) -> "Adapting | None":
        """Learning from this site's own people and cameras; None in a program that came without torch."""
        if find_spec("torch") is None or find_spec("faceaccess.learning") is None:
            return None
        from faceaccess.learning.adapting import Adapting

        return Adapting(self.database, journal=self.journal, models=self.models)

    @property
    def is_read_only(self) -> bool:
        """Whether it is open beside a program that writes."""
        return self.database.is_read_only

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
        return cls(folder, database)

    def close(self) -> None:
        """Stop a running door and let go of the folder."""
        if self._chores is not None:
            self._chores.stop()
        self.doors.close()
        self.models.trial.close()
        if self._chores is None and not self.is_read_only:
            self._keep_end_of_command()
        self.database.close()

    def _keep_end_of_command(self) -> None:
        """Keep the end that a command leaves; not of an open folder, as each throw-away one is."""
        with suppress(StoreError):  # the command is done; the next start says what is wrong with the place
            if self.access.operators.is_closed:
                self.keeping.ends.keep_here()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start_chores(self, on_error: Callable[[FaceAccessError], None]) -> None:
        """Do the regular chores from now on; failures are told from a thread of their own."""
        ends = self.keeping.ends
        self._chores = Chores(self.keeping.chores(), first={"start": ends.begin}, last={"stop": ends.finish})
        self._chores.start(on_error)
        self.models.trial.resume()

    def _passive(self) -> PassiveNetworks:
        recognisers = self.models.recognisers
        return load_passive(recognisers.device, recognisers.exports, paths.models_dir(self.data_dir))

    def _match_in_force(self) -> MatchPolicy:
        policy = self.models.thresholds.in_force
        if policy is None:
            raise SettingsError(
                "No threshold has been set for the model {model_id}.",
                "Measure one with: faceaccess evaluate identify, then set it.",
                model_id=self.models.model_id,
            )
        return policy

    def _on_people_changed(self) -> None:
        self.models.refresh_gallery()
        self.doors.access.refresh()

    def _on_other_models(self) -> None:
        with self.models.loading:
            self.models.forget_device()
            self.reception.enrolling.forget()


def restore_backup(
    data_dir: Path | None, path: Path, passphrase: str, actor: Actor | None, proof: Proof | None = None
) -> Restored:
    """Restore a backup into a data folder that no program uses; see `backup.restore`.

    Raises:
        PermissionDenied: only somebody proven an admin of it may restore it; nothing was changed.
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
    backups = backup.backups_in(Path(folder)) if folder else []
    return backups[0] if backups else None
