"""The encrypted database of a data folder: one writer, any number of readers."""

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, cast

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import StoreError
from faceaccess.store.file import schema
from faceaccess.store.file.faults import mapped_faults, refuse_network
from faceaccess.store.file.lock import WriterLock
from faceaccess.store.file.migrations import MIGRATIONS, kept_copies, migrate, refuse_newer, schema_version
from faceaccess.store.file.restoring import DATABASE_FILE, begin, finish, is_unfinished, remains
from faceaccess.store.journal import seals
from faceaccess.store.journal.appending import Appender
from faceaccess.store.journal.chain import sign_end, signed_head, signer_of
from faceaccess.store.keys.keys import KeyFile, Secrets, keep_secrets, load_secrets, write_key_file

__all__ = ["DATABASE_FILE", "Database", "connect", "lost_pages"]

logger = logging.getLogger(__name__)

_BUSY_TIMEOUT_MS = 5000
_PAGE_BYTES = 4096
_LOCK_BYTE = 1 << 30
_VACUUM_PAGES = 500


@dataclass(frozen=True)
class ErasedTraces:
    """What became of traces of what was erased.

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
        self, path: Path, kept: Secrets, *, writer: SqliteDatabase | None, lock: WriterLock | None
    ) -> None:
        """Use `Database.open`."""
        self.path = path
        self.secrets = kept
        self._writer = writer
        self._lock = lock
        self._writing = threading.RLock()
        self._thread_writing: int | None = None
        self._idle_readers: list[SqliteDatabase] = []
        self._pool = threading.Lock()
        self._is_closed = self._is_overwriting_due = False
        self._schema_cookie: int | None = None
        self._file = _identity(path)
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
        if is_unfinished(path.parent):
            raise StoreError(
                "A restore in {folder} was interrupted.", "Start FaceAccess to finish it.", folder=path.parent
            )
        if not path.exists():
            _require_nothing_left(path.parent)
            raise StoreError("There is no data in {folder} yet.", "Enrol somebody first.", folder=path.parent)
        with mapped_faults(path):
            _refuse_cut_off(path)
        kept = _with_fitting_key(path, load_secrets(path.parent))
        database = cls(path, kept, writer=None, lock=None)
        try:
            with database.reader() as db:
                refuse_newer(db, path)
                if schema_version(db) < len(MIGRATIONS):
                    schema.refuse_wrong_version(db, path)
                    raise StoreError(
                        "The database {path} is of an older schema.",
                        "Start FaceAccess once on it, which keeps a copy and brings it up to date.",
                        path=path,
                    )
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
            with mapped_faults(path):
                if is_unfinished(path.parent):
                    finish(path.parent)
                if not path.exists():
                    _create(path.parent)
            kept = load_secrets(path.parent)
            with mapped_faults(path):
                _refuse_cut_off(path)
                kept = _settled(path, kept)
                writer = connect(path, kept.database_key, read_only=False)
                database = cls(path, kept, writer=writer, lock=lock)
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
        """Give what writes: this, or where this only reads, a database for few short transactions.

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
        return self.appender.remembering(writer, _immediate(writer))

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
        """Undo, and say, what another program changed of the schema: its triggers would be ours."""
        if schema.cookie(writer) != self._schema_cookie:
            if names := schema.mend(writer):
                self.appender.say_changed(writer, names)
            self._schema_cookie = schema.cookie(writer)

    def _put_start_back(self, writer: SqliteDatabase) -> None:
        """Say, and mend, that the row is missing without which any row of the journal could be deleted."""
        table = writer.table("journal_start")
        if not table.exists() or table.count:
            return
        with self._immediate(writer):
            writer.execute(
                "INSERT INTO journal_start SELECT 1, coalesce(min(seq), 1) - 1, coalesce("
                "(SELECT previous_hash FROM journal ORDER BY seq LIMIT 1), zeroblob(32)) FROM journal"
            )
            if self.secrets.signing_key is not None:
                self.appender.say_changed(writer, ["journal_start"])

    def _seal(self, writer: SqliteDatabase, subjects: Iterable[str], changed: Sequence[str] = ()) -> None:
        """Seal subjects in a transaction of its own, while nobody else has the database."""
        if waiting := list(subjects):
            with self._immediate(writer), self.appender.appending(writer):
                seals.seal(writer, waiting, changed)

    def _bring_up_to_date(self, writer: SqliteDatabase) -> None:
        """Migrate, and sign and seal what an older program left unsigned or sealed in its own form."""
        refuse_newer(writer, self.path)
        if schema_version(writer) < len(MIGRATIONS):
            schema.refuse_wrong_version(writer, self.path)
        if self.secrets.signing_key is not None:
            with self._immediate(writer):
                self._mend_schema(writer)
        if seals.schema_sealed(writer) is not None and schema_version(writer) < len(MIGRATIONS):
            # Said before the new schema gives every record another digest.
            self._seal(writer, changed := seals.unlike_sealed(writer, seals.all_subjects(writer)), changed)
        migrate(writer, self.path)
        self._put_start_back(writer)
        # A program that was killed may have left deleted content in the log.
        _empty_log(writer)
        if self.secrets.signing_key is None:
            self.secrets = _begin_signing(self.path.parent, writer, self.secrets)
        if seals.schema_sealed(writer) != len(MIGRATIONS):
            self._seal(writer, seals.unshipped_subjects(writer))
        seals.follow_changes(writer)
        self._schema_cookie = schema.cookie(writer)

    @contextmanager
    def reader(self) -> Iterator[SqliteDatabase]:
        """Give a connection to read with; inside this thread's transaction, the one that writes.

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
        if _identity(self.path) != self._file:
            raise StoreError(
                "The database {path} was moved or removed while it was in use.",
                "Nothing is recorded until it is back and FaceAccess was started again.",
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
            self._is_overwriting_due = not _empty_log(writer)
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

    def change_key(self, kept: Secrets, passphrase: str | None) -> None:
        """Encrypt every page with another key. Whenever it is interrupted, one of the two fits.

        Args:
            kept: the secrets from now on.
            passphrase: seals them for recovery; None where they lie in a file.

        Raises:
            StoreError: the new key can't be kept, or the disk failed; the old one still fits then.
        """
        writer = self._writer
        if writer is None:
            raise StoreError("{path} was opened for reading only.", path=self.path)
        both = replace(self.secrets, next_key=kept.database_key)
        with self._writing, self._pool, mapped_faults(self.path):
            self._require_open()
            for db in self._idle_readers:
                db.conn.close()
            self._idle_readers.clear()
            keep_secrets(self.path.parent, both, passphrase)
            writer.execute(f"PRAGMA rekey = \"x'{kept.database_key.hex()}'\"").fetchall()
            self.secrets = kept
            keep_secrets(self.path.parent, kept, passphrase)

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


def _empty_log(writer: SqliteDatabase) -> bool:
    """Write the log into the database and cut it off; False where somebody still reads from it."""
    writer.execute("PRAGMA busy_timeout = 0").fetchall()
    try:
        return bool(writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    finally:
        writer.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}").fetchall()


def _with_fitting_key(path: Path, kept: Secrets) -> Secrets:
    """Return secrets whose database key fits: a change of it may have been interrupted."""
    if kept.next_key is None:
        return kept
    with suppress(StoreError), mapped_faults(path):
        connect(path, kept.next_key, read_only=True).conn.close()
        return Secrets(kept.next_key, kept.signing_key)
    return Secrets(kept.database_key, kept.signing_key)


def _settled(path: Path, kept: Secrets) -> Secrets:
    """Return secrets with the one key that fits, and keep them so."""
    fitting = _with_fitting_key(path, kept)
    if fitting != kept:
        keep_secrets(path.parent, fitting)
    return fitting


def _begin_signing(folder: Path, writer: SqliteDatabase, kept: Secrets) -> Secrets:
    """Give a folder of an older program a signing key, and sign the journal as it is now.

    The key is kept last: only once it is there, an end without a signature is a fault. Where the journal was
    signed before, somebody took its key away: it stays unlike what this key signs, which the next row says.
    """
    kept = replace(kept, signing_key=Secrets.make().signing_key)
    with _immediate(writer):
        if signed_head(writer, b"") is None:
            sign_end(writer, signer_of(kept))
    keep_secrets(folder, kept)
    return kept


@contextmanager
def _immediate(db: SqliteDatabase) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk has SQLite roll back by itself, then there is nothing left to undo.
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise


def _require_nothing_left(folder: Path) -> None:
    """Raise where a database was removed: an empty one, which anybody may use, doesn't take its place."""
    if left := remains(folder):
        raise StoreError(
            "The database {path} is missing, but {left} is there.",
            "Put it back, or restore a backup. To begin with an empty folder, move away what is left.",
            path=folder / DATABASE_FILE,
            left=", ".join(left),
        )


def _create(folder: Path) -> None:
    """Make an empty database and its key, as a restore does: both are there whole, or not at all.

    An empty or short file under the right name is therefore always damage, never a first start.
    """
    _require_nothing_left(folder)
    kept, path = Secrets.make(), begin(folder) / DATABASE_FILE
    # Made here because SQLite would make it readable by everybody.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    writer = connect(path, kept.database_key, read_only=False)
    try:
        migrate(writer, path)
    finally:
        writer.conn.close()
    write_key_file(path.parent, KeyFile.of(kept))
    finish(folder)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from any other; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def lost_pages(path: Path) -> list[int]:
    """Return the numbers of pages that are all zeros, as a failing disk leaves them.

    SQLCipher never writes such a page, and doesn't notice one. The page at 1 GiB is never used:
    https://www.sqlite.org/fileformat2.html#the_lock_byte_page
    """
    lost, empty, number = [], bytes(_PAGE_BYTES), 0
    with path.open("rb") as file:
        while page := file.read(_PAGE_BYTES):
            number += 1
            if page == empty[: len(page)] and number != _LOCK_BYTE // _PAGE_BYTES + 1:
                lost.append(number)
    return lost


def _refuse_cut_off(path: Path) -> None:
    """Raise for a file shorter than a page, which SQLite would take for a new database."""
    size = path.stat().st_size
    if size < _PAGE_BYTES:
        raise StoreError(
            "The database {path} is damaged: it has only {size} bytes.",
            "Nothing was overwritten. Keep the file and restore the newest backup.",
            path=path,
            size=size,
        )


def connect(path: Path, key: bytes, *, read_only: bool) -> SqliteDatabase:
    """Open a connection and try the key on it.

    `isolation_level=None` leaves every BEGIN to us. A connection is used by one thread at a
    time, though not always the same, hence `check_same_thread=False`.
    """
    mode = "ro" if read_only else "rw"
    connection: Any = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        # SQLCipher would write its own lines to standard error; its faults reach us as exceptions.
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}").fetchall()
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        if not read_only:
            _prepare_writing(connection)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        return SqliteDatabase(cast(Any, connection), execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def _prepare_writing(connection: Any) -> None:  # noqa: ANN401 - sqlcipher3 has no annotations
    if not connection.execute("PRAGMA page_count").fetchone()[0]:
        # Before the first table and before WAL writes the header; later it would touch the file each time.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    # Each commit goes on into the database file: a write-ahead log that somebody removes holds nothing that
    # was acknowledged, but for what was written while a long read went on.
    connection.execute("PRAGMA wal_autocheckpoint = 1").fetchall()
    connection.execute("PRAGMA secure_delete = ON").fetchall()
