"""Removing a face, or a person, for good, and saying what was removed and where copies still are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import ConsentError
from faceaccess.settings import BackupSettings
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file import leftovers
from faceaccess.store.file.backup import Backups, backups_in, made_at
from faceaccess.store.file.database import Database
from faceaccess.store.file.restoring import ASIDE_PREFIX
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.types import Erasure, Person
from faceaccess.store.policy.policies import Policies


@dataclass(frozen=True)
class HoldingBackup:
    """A copy that was written while the person was enrolled.

    Attributes:
        written_at: UTC.
        removed_on: UTC time at which the rotation of backups removes it; None: only by hand.
    """

    path: Path
    written_at: datetime
    removed_on: datetime | None


@dataclass(frozen=True)
class Certificate:
    """A list of what was removed, to be given to the person. It is kept nowhere.

    Attributes:
        name: as it was; the program no longer has it where the person was erased.
        log_id: random id under which the log keeps the bare entries.
        is_whole: whether the person was erased, not only the face.
        is_overwritten: whether the pages and the write-ahead log were overwritten by the time it says.
        copies_removed: copies from before an update of the program, removed with it.
        backups: copies that still hold the data.
        unseen_folders: of backups, that can't be reached now: what they hold isn't known.
        seq, proof: number and SHA-256 of the journal's row of it.
    """

    name: str
    log_id: str
    at: datetime
    actor: str
    is_whole: bool
    removed: Erasure
    is_overwritten: bool
    copies_removed: int
    backups: tuple[HoldingBackup, ...]
    unseen_folders: tuple[Path, ...]
    seq: int
    proof: bytes


class Eraser:
    """The use cases of erasing. Slow: not on the GUI's thread."""

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        consents: Consents,
        policies: Policies,
        journal: Journal,
        backup_folders: Callable[[], Iterable[Path]],
        on_change: Callable[[], None],
    ) -> None:
        """Take the parts.

        Args:
            database: of all the others.
            people: the people enrolled.
            consents: what they agreed to.
            policies: say how long backups stay.
            journal: where erasures are recorded.
            backup_folders: where backups may lie, beside where the journal says that some were written.
            on_change: called after each erasure was committed, on the caller's thread.
        """
        self.database = database
        self._people, self._consents = people, consents
        self._policies, self._journal = policies, journal
        self._backup_folders, self._on_change = backup_folders, on_change
        self._backups = Backups(database, journal)

    @needs(Right.DELETE_PEOPLE)
    def erase(self, actor: Actor, person_id: str) -> Certificate:
        """Remove a person with all that shows or describes them; entries keep a bare random id.

        Raises:
            EnrolmentError: nobody has this id.
            StoreError: it could not be written; nothing was removed.
        """
        person = self._people.get(person_id)
        since = self._held_since(person)
        with self.database.transaction():
            removed = self._people.erasing.person(person_id)
            seq = self._journal.record(
                actor, JournalKind.PERSON_DELETED, person_id=person_id, details=asdict(removed)
            )
        return self._certify(actor, person, removed, seq, since, is_whole=True)

    @needs(Right.DELETE_PEOPLE)
    def withdraw_consent(self, actor: Actor, person_id: str, reason: str = "") -> Certificate:
        """End a person's consent and remove the face: photos, templates, pictures in the log.

        The person stays enrolled by name, for a PIN and the hours worked. Operators who may not delete people
        have `Withdrawals`, which can be undone.

        Raises:
            EnrolmentError: nobody has this id.
            ConsentError: there is neither a consent nor a face.
            StoreError: it could not be written; nothing was removed.
        """
        person = self._people.get(person_id)
        since = self._held_since(person)
        with self.database.transaction():
            withdrawn = self._consents.withdraw(person_id)
            removed = self._people.erasing.face(person_id)
            if not withdrawn and not any(asdict(removed).values()):
                raise ConsentError("{name} has no consent in force and no photos.", name=person.name)
            details = {"consents": withdrawn, **asdict(removed)}
            seq = self._journal.record(
                actor, JournalKind.CONSENT_WITHDRAWN, person_id=person_id, details=details, note=reason
            )
        return self._certify(actor, person, removed, seq, since, is_whole=False)

    def _held_since(self, person: Person) -> datetime:
        """Return the UTC time of a person's oldest data: a visitor came before being enrolled."""
        came = (self._journal.events.get(seq) for seq in self._journal.events.showing(person.person_id))
        return min([person.created_at, *(event.entry.at for event in came if event is not None)])

    def _certify(
        self, actor: Actor, person: Person, removed: Erasure, seq: int, since: datetime, *, is_whole: bool
    ) -> Certificate:
        """Return the certificate; the person is gone by now, so nothing may prevent it."""
        self._on_change()
        traces = self.database.erase_traces()
        leftovers.remove(self.database.path.parent)
        known = (*self._backup_folders(), *self._backups.folders())
        folders = list(dict.fromkeys(path.resolve() for path in known))
        return Certificate(
            name=person.name,
            log_id=person.person_id,
            at=clock.utc_now(),
            actor=actor.name,
            is_whole=is_whole,
            removed=removed,
            is_overwritten=traces.is_overwritten,
            copies_removed=traces.copies_removed,
            backups=(*map(_kept, traces.copies_left), *self._holding(folders, since)),
            unseen_folders=tuple(folder for folder in folders if not folder.is_dir()),
            seq=seq,
            proof=self._journal.hash_of(seq),
        )

    def _holding(self, folders: Sequence[Path], since: datetime) -> Iterable[HoldingBackup]:
        """Yield the backups written after a time, newest first, with when the rotation takes each.

        Data that a restore moved aside is among them, which is somebody's to delete, not ours; so is what
        another program may be writing now, or left half written.
        """
        settings = self._policies.read(BackupSettings)
        for folder in folders:
            is_rotated = bool(settings.every_h) and folder == Path(settings.folder).resolve()
            for place, path in enumerate(backups_in(folder)):
                written = made_at(path)
                if written < since:
                    continue
                left = max(settings.keep - place, 0)
                due = clock.utc_now() + timedelta(hours=settings.every_h * left) if is_rotated else None
                yield HoldingBackup(path, written, due)
        data_folder = self.database.path.parent
        half = {part for folder in folders for part in leftovers.parts_in(folder)}
        for path in sorted(
            half.union(data_folder.glob(f"{ASIDE_PREFIX}*"), leftovers.half_written_in(data_folder))
        ):
            yield _kept(path)


def _kept(path: Path) -> HoldingBackup:
    """Return a copy that stays until somebody deletes it."""
    return HoldingBackup(path, datetime.fromtimestamp(path.stat().st_mtime, UTC), None)
