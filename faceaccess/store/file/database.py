"""The encrypted database of a data folder: one writer, any number of readers."""

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import StoreError
from faceaccess.store.file import schema, updating
from faceaccess.store.file.connection import connect, empty_log, immediate
from faceaccess.store.file.faults import mapped_faults, refuse_network
from faceaccess.store.file.lock import WriterLock
from faceaccess.store.file.migrations import kept_copies
from faceaccess.store.file.opening import refuse_to_read, secrets_to_read, secrets_to_write
from faceaccess.store.file.pages import identity, lost_pages
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.journal import seals
from faceaccess.store.journal.appending import Appender
from faceaccess.store.keys.keys import Secrets, keep_secrets

logger = logging.getLogger(__name__)

_VACUUM_PAGES = 500


@dataclass(frozen=True)
class ErasedTraces:
    """The result of erasing traces.

    Attributes:
        is_overwritten: whether pages and write-ahead log were overwritten already.
        copies_removed: copies from before updates that were removed.
        copies_left: those that can't be removed, for somebody else to do.
    """

    is_overwritten: bool
    copies_removed: int
    copies_left: tuple[Path, ...]


class Database:
    """The open database; every method may be called from any thread.

    Writers share one connection behind a lock, so a write transaction must stay short.
    Readers each take a connection of their own from a pool and never wait for a writer.
    """

    def __init__(
        self, path: Path, secrets: Secrets, *, writer: SqliteDatabase | None, lock: WriterLock | None
    ) -> None:
        """Use `Database.open`."""
        self.path = path
        self.secrets = secrets
        self._writer = writer
        self._lock = lock
        self._writing = threading.RLock()
        self._thread_writing: int | None = None
        self._idle_readers: list[SqliteDatabase] = []
        self._pool = threading.Lock()
        self._is_closed = self._is_overwriting_due = False
        self._schema_cookie: int | None = None
        self._file = identity(path)
        self.appender = Appender(lambda: self.secrets)

    @classmethod
    def open(cls, data_dir: Path, *, read_only: bool = False) -> Self:
        """Open the database of a data folder, making it when there is none.

        Args:
            data_dir: the data folder.
            read_only: read beside a process that writes; nothing is made or changed.

        Raises:
            StoreBusyError: another process writes to the folder.
            StoreError: the folder, the database or its key can't be used; nothing was overwritten.
        """
        path = data_dir / DATABASE_FILE
        return cls._open_reading(path) if read_only else cls._open_writing(path)

    @classmethod
    def _open_reading(cls, path: Path) -> Self:
        database = cls(path, secrets_to_read(path), writer=None, lock=None)
        try:
            with database.reader() as db:
                refuse_to_read(db, path)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def _open_writing(cls, path: Path) -> Self:
        with mapped_faults(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            refuse_network(path.parent)
        lock = WriterLock(path.parent)
        writer = None
        try:
            secrets = secrets_to_write(path)
            with mapped_faults(path):
                writer = connect(path, secrets.database_key, read_only=False)
                database = cls(path, secrets, writer=writer, lock=lock)
                database._bring_up_to_date(writer)
            return database
        except BaseException:
            if writer is not None:
                writer.conn.close()
            lock.release()
            raise

    @property
    def is_read_only(self) -> bool:
        """Whether this process only reads."""
        return self._writer is None

    @contextmanager
    def writable(self) -> Iterator["Database"]:
        """Give a database that writes: this one, or where this only reads, one for a few short transactions.

        SQLite lets one process at a time into a transaction, so it may write beside the one that holds the
        folder: for what may not be left out because a door runs.

        Raises:
            StoreError: it can't be written now.
        """
        if not self.is_read_only:
            yield self
            return
        with mapped_faults(self.path):
            writer = connect(self.path, self.secrets.database_key, read_only=False)
            seals.follow_changes(writer)
        with Database(self.path, self.secrets, writer=writer, lock=None) as beside:
            yield beside

    @contextmanager
    def transaction(self) -> Iterator[SqliteDatabase]:
        """Give the write connection inside a transaction: all that is done in it, or nothing.

        Inside another transaction of the same thread it becomes a part of that one. What it changed of
        records (see `seals`) is journalled with it.

        Raises:
            StoreError: opened read-only, or disk or file failed; nothing was written.
        """
        writer = self._writer
        if writer is None:
            raise StoreError("{path} was opened for reading only.", path=self.path)
        with self._writing, mapped_faults(self.path):
            self._require_open()
            self._require_present()
            if self._thread_writing is not None:
                with writer.atomic():
                    yield writer
                return
            self._thread_writing = threading.get_ident()
            try:
                with self._immediate(writer):
                    self._mend_schema(writer)
                    yield writer
                    self._seal_changes(writer)
            finally:
                self._thread_writing = None

    def _immediate(self, writer: SqliteDatabase) -> AbstractContextManager[None]:
        return self.appender.remembering(writer, immediate(writer))

    def _seal_changes(self, writer: SqliteDatabase) -> None:
        subjects = seals.take_touched(writer)
        if not subjects:
            return
        before = self._take_reader()  # sees what was there before this transaction
        try:
            changed = seals.unlike_sealed(before, subjects)
        finally:
            self._give_back(before)
        with self.appender.appending(writer):
            seals.seal(writer, subjects, changed)

    def _mend_schema(self, writer: SqliteDatabase) -> None:
        if schema.cookie(writer) != self._schema_cookie:
            updating.mend_schema(writer, self.appender)
            self._schema_cookie = schema.cookie(writer)

    def _bring_up_to_date(self, writer: SqliteDatabase) -> None:
        """Migrate, then sign and seal what an older program left unsigned or sealed in its own form."""
        is_signed = self.secrets.signing_key is not None
        updating.update_schema(writer, self.path, self.appender, is_signed=is_signed)
        if not is_signed:
            self.secrets = updating.begin_signing(self.path.parent, writer, self.secrets)
        updating.seal_anew(writer, self.appender)
        seals.follow_changes(writer)
        self._schema_cookie = schema.cookie(writer)

    @contextmanager
    def reader(self) -> Iterator[SqliteDatabase]:
        """Give a connection for reading; inside this thread's transaction, the writing one.

        Raises:
            StoreError: disk or file failed.
        """
        if self._writer is not None and self._thread_writing == threading.get_ident():
            yield self._writer
            return
        with mapped_faults(self.path):
            db = self._take_reader()
            try:
                yield db
            finally:
                self._give_back(db)

    def _take_reader(self) -> SqliteDatabase:
        with self._pool:
            self._require_open()
            if self._idle_readers:
                return self._idle_readers.pop()
        return connect(self.path, self.secrets.database_key, read_only=True)

    def _give_back(self, db: SqliteDatabase) -> None:
        with self._pool:
            if not self._is_closed:
                self._idle_readers.append(db)
                return
        db.conn.close()

    def _require_present(self) -> None:
        """Raise when the file is no longer where it was: what is written to a removed file is lost."""
        if identity(self.path) != self._file:
            raise StoreError(
                "The database {path} was moved or removed while it was in use.",
                "Nothing is recorded until it is back and FaceAccess has been started again.",
                path=self.path,
            )

    def _require_open(self) -> None:
        if self._is_closed:
            raise StoreError("{path} has been closed.", path=self.path)

    def problems(self) -> list[str]:
        """Check every page, then every index and reference; return what is wrong, in SQLite's words."""
        with self.reader() as db:
            pages = [str(row[0]) for row in db.execute("PRAGMA cipher_integrity_check")]
            pages += [f"page {number} was lost" for number in lost_pages(self.path)]
            if pages:
                return pages
            content = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
            keys = [f"foreign key of {row[0]}" for row in db.execute("PRAGMA foreign_key_check")]
        return [line for line in content if line != "ok"] + keys

    def overwrite_freed(self) -> bool:
        """Give freed pages back and empty the write-ahead log, so that nothing deleted is left in either.

        `secure_delete` has filled deleted content with zeros; the log still has the pages as they
        were, until it was written into the database from its start. Nobody is waited for: what a long
        read keeps from being done now, `finish_overwriting` does.

        Returns:
            Whether it was done.

        Raises:
            StoreError: opened read-only, or the disk failed.
        """
        writer = self._writer
        if writer is None:
            raise StoreError("{path} was opened for reading only.", path=self.path)
        self._is_overwriting_due, free = True, 1
        while free:
            # In short steps: a door that writes meanwhile waits for one of them at most.
            with self._writing, mapped_faults(self.path):
                self._require_open()
                writer.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
                free = int(writer.execute("PRAGMA freelist_count").fetchone()[0])
        with self._writing, mapped_faults(self.path):
            self._is_overwriting_due = not empty_log(writer)
        return not self._is_overwriting_due

    def leave_overwriting(self) -> None:
        """Note that something was deleted where there is no time to overwrite it; see below."""
        self._is_overwriting_due = True

    def finish_overwriting(self) -> bool:
        """Overwrite what was left; return whether nothing is left. For a chore, again and again."""
        return not self._is_overwriting_due or self.overwrite_freed()

    def erase_traces(self) -> ErasedTraces:
        """Remove copies that were kept before updates, and overwrite; what can't be removed is named.

        Raises:
            StoreError: opened read-only, or the disk failed.
        """
        is_overwritten = self.overwrite_freed()
        removed, left = 0, []
        for copy in kept_copies(self.path):
            try:
                copy.unlink()
                removed += 1
            except OSError:
                logger.warning("A copy from before an update can't be removed: %s", copy.name)
                left.append(copy)
        return ErasedTraces(is_overwritten, removed, tuple(left))

    def change_key(self, secrets: Secrets, passphrase: str | None) -> None:
        """Encrypt every page with another key. Whenever it is interrupted, one of the two fits.

        Args:
            secrets: the secrets from now on.
            passphrase: seals them for recovery; None where they lie in a file.

        Raises:
            StoreError: the new key can't be kept, or the disk failed; the old one still fits then.
        """
        writer = self._writer
        if writer is None:
            raise StoreError("{path} was opened for reading only.", path=self.path)
        both = replace(self.secrets, next_key=secrets.database_key)
        with self._writing, self._pool, mapped_faults(self.path):
            self._require_open()
            for db in self._idle_readers:
                db.conn.close()
            self._idle_readers.clear()
            keep_secrets(self.path.parent, both, passphrase)
            writer.execute(f"PRAGMA rekey = \"x'{secrets.database_key.hex()}'\"").fetchall()
            self.secrets = secrets
            keep_secrets(self.path.parent, secrets, passphrase)

    def close(self) -> None:
        """Close all connections and free the folder; waits for a transaction under way."""
        with self._writing, self._pool:
            if self._is_closed:
                return
            self._is_closed = True
            for db in self._idle_readers:
                db.conn.close()
            self._idle_readers.clear()
            if self._writer is not None:
                self._writer.conn.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        """Return the database itself."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the database."""
        self.close()
