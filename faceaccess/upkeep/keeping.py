"""Keeping a data folder's records: backups, retention, and the proof that the log wasn't changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import StoreError
from faceaccess.settings import BackupSettings, MachineSettings, RetentionSettings
from faceaccess.store.access.operators import check_password
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import SYSTEM, Actor
from faceaccess.store.file import backup, leftovers
from faceaccess.store.file.backup import BackupFacts, Backups
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.proof import Verification
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import HeadsFolder
from faceaccess.upkeep.actions import Actions
from faceaccess.upkeep.chores import Chore, last_done
from faceaccess.upkeep.ends import KeptEnds
from faceaccess.upkeep.expiry import Expired, Expiry

Progress = Callable[[int, int], None]


class Keeping:
    """The use cases of keeping records: backups, retention, proof. Slow: call off the GUI thread."""

    def __init__(
        self,
        journal: Journal,
        policies: Policies,
        *,
        actions: Actions,
        expiry: Expiry,
        expire_visits: Callable[[Actor, datetime], object],
        settings: Callable[[], MachineSettings],
        save_settings: Callable[[MachineSettings], None],
        on_change: Callable[[], None],
    ) -> None:
        """Take the parts.

        Args:
            journal: of the folder.
            policies: say how often, where to and how long.
            actions: reads who did what.
            expiry: removes what is past its time.
            expire_visits: ends the visits that are past their time.
            settings: returns this computer's, which remember where the last backup went.
            save_settings: keeps them.
            on_change: called when people are gone.
        """
        self.database = journal.database
        self._journal, self._policies = journal, policies
        self.actions = actions
        self.expiry, self._expire_visits = expiry, expire_visits
        self._settings, self._save_settings, self._on_change = settings, save_settings, on_change
        self._backups = Backups(journal.database, journal)
        self.ends = KeptEnds(journal, policies)

    def chores(self) -> Mapping[str, Chore]:
        """Return the regular chores, by name."""
        return {
            "backup": self._back_up_when_due,
            "head": self.ends.keep_hourly,
            "retention": self._expire,
            "overwriting": self._finish_overwriting,
        }

    def back_up(
        self, actor: Actor, folder: Path, passphrase: str, progress: Progress = lambda _done, _all: None
    ) -> Path:
        """Write a checked backup and remember where, should this folder ever be damaged.

        Raises:
            OperatorError: the passphrase is too short, or would be guessed.
            StoreError: it can't be written, or isn't good.
            SettingsError: this computer's settings can't be written.
        """
        check_password(passphrase)
        return self._write_backup(actor, folder, passphrase, progress)

    def _write_backup(
        self, actor: Actor, folder: Path, passphrase: str, progress: Progress = lambda _done, _all: None
    ) -> Path:
        keep = self._policies.read(BackupSettings).keep
        path = self._backups.write(actor, folder, passphrase, keep=keep, progress=progress)
        settings = self._settings()
        if settings.backup_folder != str(folder):
            self._save_settings(replace(settings, backup_folder=str(folder)))
        return path

    @needs(Right.KEEP)
    def check_backup(self, actor: Actor, path: Path, passphrase: str) -> BackupFacts:
        """Check a backup whole and return what it holds.

        Raises:
            StoreError: it can't be used, and why.
        """
        return backup.check(path, passphrase)

    def backup_folders(self) -> list[Path]:
        """Return where backups may lie: by the policy, and where the last one went."""
        folders = (self._policies.read(BackupSettings).folder, self._settings().backup_folder)
        return [Path(folder) for folder in folders if folder]

    def preview_expiry(self, settings: RetentionSettings) -> Expired:
        """Return how much is past its time now."""
        return self.expiry.preview(settings, datetime.now(UTC))

    @needs(Right.READ)
    def verify_log(self, actor: Actor) -> Verification:
        """Check the whole log, its records, and all ends of it that were kept. May take seconds.

        Raises:
            StoreError: the ends that were kept can't be read.
        """
        return self._journal.verify(self.ends.all())

    @needs(Right.SET_POLICY)
    def keep_ends_in(self, actor: Actor, folder: Path) -> None:
        """Keep the log's end in a folder from now on: hourly, and whenever the program starts and ends.

        Raises:
            StoreError: it can't be written there; nothing was changed.
            PermissionDenied: not everybody may.
        """
        self.ends.keep_in(folder)
        self._policies.set(actor, HeadsFolder(str(folder)))

    # Called from the chores' thread

    def _back_up_when_due(self, now: datetime) -> None:
        settings = self._policies.read(BackupSettings)
        last = last_done(self._journal, JournalKind.BACKED_UP)
        if settings.every_h and (last is None or now - last >= timedelta(hours=settings.every_h)):
            self._require_present(Path(settings.folder))
            self._write_backup(SYSTEM, Path(settings.folder), settings.secret)

    def _require_present(self, folder: Path) -> None:
        """Refuse to make a folder anew that had backups: its disk isn't connected."""
        if self._settings().backup_folder == str(folder) and not folder.is_dir():
            raise StoreError(
                "The folder of the backups isn't there: {folder}.",
                "Connect its disk, or choose another folder on the page Safety.",
                folder=folder,
            )

    def _expire(self, now: datetime) -> None:
        self._expire_visits(SYSTEM, now)
        if self.expiry.run(SYSTEM, self._policies.read(RetentionSettings), now).leavers:
            self._on_change()

    def _finish_overwriting(self, _: datetime) -> None:
        self.database.finish_overwriting()
        leftovers.remove(self.database.path.parent)
