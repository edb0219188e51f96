"""Backups: one file under a passphrase of its own, checked when written, and put back with care.

A backup is an encrypted database like the one it is made from, with a table that says what it is
and holds the key that signs the journal, so that the log goes on after a restore.
"""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database as SqliteDatabase

from faceaccess import __version__
from faceaccess.codes import JournalKind, Right
from faceaccess.errors import PermissionDenied, StoreError, Text, sentences, template
from faceaccess.store import clock
from faceaccess.store.access.operators import admin_of
from faceaccess.store.access.roles import has_operators, needs
from faceaccess.store.access.types import SYSTEM, Actor, Proof
from faceaccess.store.file.connection import connect
from faceaccess.store.file.database import Database
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.file.leftovers import PART_SUFFIX, noted
from faceaccess.store.file.lock import WriterLock
from faceaccess.store.file.migrations import FIRST, newest, schema_version
from faceaccess.store.file.pages import lost_pages
from faceaccess.store.file.restoring import DATABASE_FILE, begin, finish, remains
from faceaccess.store.journal.chain import Ed25519Signer
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.proof import snapshot, verify
from faceaccess.store.keys.keys import KeyFile, Secrets, sync_folder, write_key_file
from faceaccess.store.keys.passphrase_file import open_under_passphrase

SUFFIX = ".fabackup"
_PREFIX = "faceaccess-"
_FACTS_TABLE = "backup_facts"
_PAGE_BYTES = 4096
_STEP_PAGES = 2000


@dataclass(frozen=True)
class BackupFacts:
    """A backup's own description.

    Attributes:
        made_at: UTC.
        program: version that made it.
        people: how many are enrolled.
        rows: how many rows the journal has.
        schema: of the database.
        is_closed: whether it has operators; without, anybody may do anything once it is restored.
    """

    made_at: datetime
    program: str
    people: int
    rows: int
    schema: int
    is_closed: bool


@dataclass(frozen=True)
class Restored:
    """The result of a restore.

    Attributes:
        aside: where the former data is, or None when there was none.
        is_closed: whether what was restored has operators.
    """

    aside: Path | None
    is_closed: bool


class Backups:
    """Writes backups of an open data folder; a door may run meanwhile."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self.database, self._journal = database, journal

    @needs(Right.KEEP)
    def write(
        self,
        actor: Actor,
        folder: Path,
        passphrase: str,
        *,
        keep: int = 0,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Path:
        """Write a backup into a folder, check it, and return its path; journalled, unless only reading.

        Args:
            actor: who asks for it.
            folder: where to; made when missing.
            passphrase: opens the backup; nothing else does.
            keep: how many of the backups in the folder are kept, the newest; 0 keeps all.
            progress: called with pages done and all.

        Raises:
            StoreError: it can't be written, or what was written isn't good; nothing half done is left.
        """
        now = clock.utc_now()
        path = folder / f"{_PREFIX}{now:%Y%m%d-%H%M%S-%f}{SUFFIX}"
        part = path.with_suffix(PART_SUFFIX)
        with mapped_faults(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with mapped_faults(path), noted(self.database.path.parent, part):
            self._copy(part, passphrase, now, progress)
            check(part, passphrase)
            os.replace(part, path)
            sync_folder(folder)
        removed = _rotate(folder, keep, path)
        if not self.database.is_read_only:
            details = {"folder": str(folder.resolve()), "bytes": path.stat().st_size, "removed": removed}
            self._journal.record(actor, JournalKind.BACKED_UP, details=details)
        return path

    def folders(self) -> list[Path]:
        """Return all folders that backups were ever written to, as the journal has them."""
        with self.database.reader() as db:
            rows = db.execute(
                "SELECT DISTINCT json_extract(canonical, '$.details.folder') AS folder FROM journal"
                " WHERE kind = ? AND folder IS NOT NULL",
                [str(JournalKind.BACKED_UP)],
            ).fetchall()
        return [Path(row[0]) for row in rows]

    def _copy(self, part: Path, passphrase: str, now: datetime, progress: Callable[[int, int], None]) -> None:
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        target = open_under_passphrase(part, passphrase)
        try:
            with self.database.reader() as db, snapshot(db) as source:
                try:
                    source.backup(
                        target,
                        pages=_STEP_PAGES,
                        progress=lambda _, left, total: progress(total - left, total),
                    )
                except sqlcipher.OperationalError as exc:
                    if "full" not in str(exc):
                        raise
                    with mapped_faults(part):  # not the disk of what is backed up
                        raise
            target.execute("PRAGMA journal_mode = DELETE").fetchall()
            target.execute("PRAGMA synchronous = FULL")
            target.execute("CREATE TABLE backup_facts (facts TEXT NOT NULL) STRICT")
            signing_key = self.database.secrets.signing_key
            facts = {
                "made_at": clock.to_text(now),
                "program": __version__,
                "signing_key": signing_key.hex() if signing_key else "",
            }
            target.execute("INSERT INTO backup_facts VALUES (?)", [json.dumps(facts)])
        finally:
            target.close()


def backups_in(folder: Path) -> list[Path]:
    """Return the backups of a folder, newest first; none when it isn't there."""
    try:
        paths = sorted(folder.glob(f"{_PREFIX}*{SUFFIX}"), reverse=True)
    except OSError:
        return []
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def made_at(path: Path) -> datetime:
    """Return the UTC time at which a backup was written: by its name, else as its file says."""
    stamp = path.name.removeprefix(_PREFIX).removesuffix(SUFFIX)
    try:
        return datetime.strptime(stamp, "%Y%m%d-%H%M%S-%f").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def check(path: Path, passphrase: str) -> BackupFacts:
    """Check a backup whole: every page, every reference, the journal's chain and its signature.

    Raises:
        StoreError: it is no backup, of a newer program, damaged, or the passphrase is another's.
    """
    db, facts = _opened(path, passphrase)
    try:
        hint = template("Nothing was changed. Take an older backup.")
        if db.execute("PRAGMA cipher_integrity_check").fetchall() or lost_pages(path):
            raise StoreError("The backup {path} is damaged.", hint, path=path)
        signing_key = bytes.fromhex(str(facts["signing_key"]))
        public_key = Ed25519Signer(signing_key).public_key if signing_key else None
        verification = verify(_OneReader(db), public_key, own_tables=[_FACTS_TABLE])
        if not verification.is_good:
            raise StoreError("The backup {path} is damaged, or its log was changed.", hint, path=path)
        people = int(db.execute("SELECT count(*) FROM people").fetchone()[0])
        is_closed = has_operators(_OneReader(db))
        made_at = clock.from_text(str(facts["made_at"]))
        return BackupFacts(
            made_at, str(facts["program"]), people, verification.rows, schema_version(db), is_closed
        )
    except sqlcipher.Error as exc:
        raise StoreError(
            "The backup {path} is damaged.", "Nothing was changed. Take an older one.", path=path
        ) from exc
    finally:
        db.conn.close()


def restore(
    folder: Path, path: Path, passphrase: str, actor: Actor | None, proof: Proof | None = None
) -> Restored:
    """Restore a backup into a data folder, whole or not at all; former data is kept aside.

    The caller has checked that no program uses the folder.

    Args:
        folder: the data folder; made when missing.
        path: of the backup.
        passphrase: opens it.
        actor: who restores, of whom the caller has checked that they may in the folder as it stands; None
            where it can't be opened, or there is none.
        proof: of an admin of the backup, or its recovery passphrase: needed without an actor, where there
            is, or was, data in the folder, and the backup has operators.

    Raises:
        PermissionDenied: the proof is needed, and missing or wrong; nothing was changed.
        StoreError: the backup can't be used (see `check`), or the disk failed; nothing was changed then.
    """
    is_closed = check(path, passphrase).is_closed
    if actor is None:
        has_data = (folder / DATABASE_FILE).exists() or bool(remains(folder))
        actor = _proven(path, passphrase, proof) if has_data and is_closed else SYSTEM
    with mapped_faults(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with WriterLock(folder), mapped_faults(folder):
        replaced, new = _last_seq(folder), begin(folder)
        try:
            _unpack(path, passphrase, new)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        aside = finish(folder)
    details = {"aside": aside.name if aside else None, "replaced_seq": replaced}
    with Database.open(folder) as database:
        Journal(database).record(actor, JournalKind.RESTORED, details=details)
    return Restored(aside, is_closed)


def _last_seq(folder: Path) -> int:
    """Return the last row of the log in a folder; 0 where there is none, or it can't be read."""
    with suppress(StoreError), Database.open(folder, read_only=True) as database:
        head = Journal(database).head()
        return head.seq if head else 0
    return 0


def _proven(path: Path, passphrase: str, proof: Proof | None) -> Actor:
    """Return the admin of the backup who is restoring it.

    Raises:
        PermissionDenied: nobody has proved to be an admin of it.
    """
    db, _ = _opened(path, passphrase)
    try:
        admin = None if proof is None else admin_of(db, proof)
    finally:
        db.conn.close()
    if admin is None:
        asked = Text(
            "Only an admin of the backup may restore it here, with name and password as of then, "
            "or its recovery passphrase."
        )
        raise PermissionDenied(
            asked if proof is None else sentences(asked, Text("That was not right.")),
            "On the command line: --operator NAME, or --recovery. Nothing was changed.",
        )
    return admin


def _unpack(path: Path, passphrase: str, new: Path) -> None:
    """Write a backup's database under a new key, with its key file, into a folder."""
    db, facts = _opened(path, passphrase)
    try:
        text = str(facts["signing_key"])
        secrets = Secrets.make() if not text else Secrets(Secrets.make().database_key, bytes.fromhex(text))
        database = new / DATABASE_FILE
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        target = connect(database, secrets.database_key, read_only=False)
        try:
            source: Any = db.conn
            source.backup(cast(Any, target.conn))
            target.execute("DROP TABLE backup_facts")
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            target.conn.close()
        with database.open("rb+") as file:
            os.fsync(file.fileno())
        write_key_file(new, KeyFile.of(secrets))
    finally:
        db.conn.close()


def _opened(path: Path, passphrase: str) -> tuple[SqliteDatabase, dict[str, object]]:
    """Open a backup to read it, and return it with its description.

    Raises:
        StoreError: it is no backup, of a newer program, or the passphrase is another's.
    """
    hint = template("Nothing was changed. Choose a file that FaceAccess wrote as a backup.")
    with mapped_faults(path):
        is_file = path.is_file() and not path.is_symlink()
        size = path.stat().st_size if is_file else 0
    if not is_file or size < _PAGE_BYTES or size % _PAGE_BYTES:
        raise StoreError("{path} is not a backup, or a part of it is missing.", hint, path=path)
    connection = open_under_passphrase(path, passphrase, mode="ro")
    try:
        db = SqliteDatabase(cast(Any, connection), execute_plugins=False)
        row = db.execute("SELECT facts FROM backup_facts").fetchone()
        facts = json.loads(row[0])
        if not FIRST <= schema_version(db) <= newest():
            raise StoreError(
                template("The backup {path} was made by a newer FaceAccess ({version}).")
                if schema_version(db) > newest()
                else template("The backup {path} was made by an older FaceAccess ({version})."),
                "Install that version; nothing was changed.",
                path=path,
                version=facts["program"],
            )
        assert {"made_at", "program", "signing_key"} <= facts.keys()
        bytes.fromhex(facts["signing_key"])
        clock.from_text(facts["made_at"])
    except StoreError:
        connection.close()
        raise
    except sqlcipher.DatabaseError as exc:
        connection.close()
        raise StoreError(
            "{path} can't be opened: the passphrase is wrong, or the file is damaged or not a backup.",
            "Nothing was changed. Check the passphrase, or take another backup.",
            path=path,
        ) from exc
    except (ValueError, TypeError, KeyError, AssertionError, AttributeError) as exc:
        connection.close()
        raise StoreError("{path} is not a backup of FaceAccess.", hint, path=path) from exc
    return db, facts


def _rotate(folder: Path, keep: int, newest: Path) -> int:
    """Remove the oldest backups beyond those kept; return how many."""
    if keep < 1:
        return 0
    old = [path for path in backups_in(folder)[keep:] if path != newest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


class _OneReader:
    """Reads one connection as `verify` reads a database."""

    def __init__(self, db: SqliteDatabase) -> None:
        self._db = db

    def reader(self) -> "_OneReader":
        """Return what gives the connection in a `with` statement."""
        return self

    def __enter__(self) -> SqliteDatabase:
        return self._db

    def __exit__(self, *exc_info: object) -> None:
        pass
