"""Turning encryption on and off, changing the key, and getting at the data when the key is lost.

The database is always encrypted. "Off" means that its key lies in a file beside it; "on", that it
lies in the system's keyring or where a service finds it, and sealed with the recovery passphrase.
"""

import secrets
from dataclasses import replace
from pathlib import Path

from faceaccess.codes import JournalKind, KeySource, Right
from faceaccess.errors import StoreError, Text
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import SYSTEM, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.file.lock import WriterLock
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal.journal import Journal
from faceaccess.store.keys import keys, recovery
from faceaccess.store.keys.keys import KeyFile, Secrets


class Encryption:
    """Moves, changes and recovers the key. Slow on purpose: not on the GUI's thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self.database, self._journal = database, journal
        self._folder = database.path.parent

    @property
    def source(self) -> KeySource:
        """Where the key lies now; FILE: encryption is off.

        Raises:
            StoreError: the key file can't be read.
        """
        return keys.read_key_file(self._folder).source

    @needs(Right.KEEP)
    def key_text(self, actor: Actor) -> str:
        """Return the secrets as a credential, a sealed file or an environment variable holds them."""
        self._journal.record(actor, JournalKind.ENCRYPTION_CHANGED, details={"shown": True})
        return self.database.secrets.to_text()

    @needs(Right.KEEP)
    def turn_on(self, actor: Actor, source: KeySource, passphrase: str) -> None:
        """Move the key from its file to where it is safe.

        Args:
            actor: who does it.
            source: where to; all but the keyring must hold the key already (see `key_text`).
            passphrase: the folder's recovery passphrase, checked by the caller.

        Raises:
            StoreError: encryption is on, or the key can't be read back from there; it stays off then.
        """
        if self.source is not KeySource.FILE:
            raise StoreError("Encryption is on already.", "Turn it off first to choose another key source.")
        if source is KeySource.FILE:
            raise StoreError("A file beside the database protects nothing.", "Choose another key source.")
        current = self.database.secrets
        entry = f"faceaccess-{secrets.token_hex(8)}" if source is KeySource.KEYRING else ""
        file = KeyFile(source, entry, box=recovery.seal(current.to_text(), passphrase))
        if source is KeySource.KEYRING:
            keys.to_keyring(entry, current)
        elif keys.secrets_from(self._folder, file) != current:
            raise StoreError(
                "The {source} holds another key.", "Put this folder's key there first.", source=source
            )
        self._record(actor, source)
        keys.write_key_file(self._folder, file)

    @needs(Right.KEEP)
    def turn_off(self, actor: Actor) -> None:
        """Put the key back into a file beside the database.

        Raises:
            StoreError: encryption is off, or the file can't be written.
        """
        former = keys.read_key_file(self._folder)
        if former.source is KeySource.FILE:
            raise StoreError("Encryption is off already.")
        self._record(actor, KeySource.FILE)
        keys.write_key_file(self._folder, KeyFile.of(self.database.secrets))
        if former.source is KeySource.KEYRING:
            keys.forget_in_keyring(former.entry)

    @needs(Right.KEEP)
    def change_key(self, actor: Actor, passphrase: str | None) -> None:
        """Encrypt everything with a new key, so that a copy of the old one is useless.

        No door may run meanwhile.

        Args:
            actor: who does it.
            passphrase: the folder's recovery passphrase, checked by the caller; None while the key
                lies in a file.

        Raises:
            StoreError: it can't be kept where it lies, or the disk failed; the old one fits then.
        """
        secrets = replace(Secrets.make(), signing_key=self.database.secrets.signing_key)
        self.database.change_key(secrets, passphrase)
        self._journal.record(actor, JournalKind.ENCRYPTION_CHANGED, details={"key": "changed"})

    @needs(Right.KEEP)
    def seal_again(self, actor: Actor, passphrase: str) -> None:
        """Seal the key with another recovery passphrase; while encryption is off, there is nothing to do.

        Raises:
            StoreError: the key file can't be written.
        """
        file = keys.read_key_file(self._folder)
        if file.source is not KeySource.FILE:
            box = recovery.seal(self.database.secrets.to_text(), passphrase)
            keys.write_key_file(self._folder, replace(file, box=box))
            self._record(actor, file.source)

    def _record(self, actor: Actor, source: KeySource) -> None:
        self._journal.record(actor, JournalKind.ENCRYPTION_CHANGED, details={"source": source})


def recover_key(folder: Path, passphrase: str) -> None:
    """Put a lost key back into a file beside the database, with the recovery passphrase.

    Encryption is off afterwards, and can be turned on again.

    Raises:
        StoreError: there is no sealed key, another passphrase sealed it, or a program uses the folder.
    """
    if not (folder / DATABASE_FILE).exists():
        raise StoreError("There is no data in {folder}.", "Check the path.", folder=folder)
    file = keys.read_key_file(folder)
    if file.source is KeySource.FILE:
        raise StoreError("The key is not lost: it lies in its file.", "Encryption is off.")
    with WriterLock(folder):
        text = recovery.unseal(file.box, passphrase)
        Secrets.from_text(text, Text("in the sealed box"))
        keys.write_key_file(folder, KeyFile(KeySource.FILE, text=text))
    with Database.open(folder) as database:
        details = {"source": KeySource.FILE, "is_recovered": True}
        Journal(database).record(SYSTEM, JournalKind.ENCRYPTION_CHANGED, details=details)
