"""The schema: a first one, and named steps that are applied in order and never edited afterwards."""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import StoreError
from faceaccess.store.file import first_schema
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.keys.keys import sync_folder

logger = logging.getLogger(__name__)

Migration = Callable[[SqliteDatabase], None]


FIRST = 33
"""The number of the first schema; folders with a lower one are too old to be read."""


def _keep_turns(db: SqliteDatabase) -> None:
    """Keep a picture of how somebody turned their head, which goes with the picture of the entry."""
    db.execute("""CREATE TABLE turn_pictures (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            jpeg BLOB NOT NULL
        ) STRICT""")


def _keep_other_ways(db: SqliteDatabase) -> None:
    """Keep how somebody comes in who isn't asked to turn the head."""
    db.execute("ALTER TABLE people ADD COLUMN other_way TEXT CHECK (other_way IN ('pin', 'desk'))")


MIGRATIONS: tuple[Migration, ...] = (_keep_turns, _keep_other_ways)
"""The steps since the first schema, in order."""


def newest() -> int:
    """Return the number of the schema that this program makes."""
    return FIRST + len(MIGRATIONS)


def schema_version(db: SqliteDatabase) -> int:
    """Return the number of a database's schema; 0 for an empty one."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def refuse_unreadable(db: SqliteDatabase, path: Path) -> None:
    """Raise `StoreError` for a database that a newer program has changed, or one too old to be read."""
    version = schema_version(db)
    if version > newest():
        raise StoreError(
            "The database {path} was made by a newer FaceAccess (schema {version}, this one knows {known}).",
            "Install that version; nothing was changed.",
            path=path,
            version=version,
            known=newest(),
        )
    if 0 < version < FIRST:
        raise StoreError(
            "The database {path} is too old (schema {version}, this FaceAccess reads {first} and later).",
            "Start FaceAccess 0.1.0 of November 2026 on it once, which brings it to schema {first}, "
            "then this one. Nothing was changed.",
            path=path,
            version=version,
            first=FIRST,
        )


def steps_from(version: int) -> tuple[Migration, ...]:
    """Return the steps that are missing from a schema, 0 or one that this program reads."""
    return MIGRATIONS[version - FIRST :] if version else (first_schema.create, *MIGRATIONS)


def migrate(db: SqliteDatabase, path: Path) -> None:
    """Bring a database to the newest schema, keeping a copy of an older file first.

    The caller is the only writer. All missing steps are one transaction: it ends migrated or as it was.

    Raises:
        StoreError: the database can't be read by this program, or there is no room for the copy.
    """
    refuse_unreadable(db, path)
    version = schema_version(db)
    if version == newest():
        return
    if version > 0:
        copy = _keep_copy(db, path, version)
        logger.info("Database copied to %s before migrating from schema %d", copy, version)
    db.execute("BEGIN IMMEDIATE")
    try:
        for migration in steps_from(version):
            migration(db)
        db.execute(f"PRAGMA user_version = {newest()}")
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
    logger.info("Database migrated from schema %d to %d", version, newest())


def kept_copies(path: Path) -> list[Path]:
    """Return the copies of a database that were kept before updates."""
    return sorted(path.parent.glob(f"{path.stem}.schema*{path.suffix}*"))


def _keep_copy(db: SqliteDatabase, path: Path, version: int) -> Path:
    """Copy the database file whole, with everything that its log still holds."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    copy = path.with_name(f"{path.stem}.schema{version}{path.suffix}")
    part = copy.with_name(copy.name + ".new")
    with mapped_faults(copy):
        try:
            shutil.copyfile(path, part)
            os.chmod(part, 0o600)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(part, copy)
            sync_folder(copy.parent)
        finally:
            part.unlink(missing_ok=True)
    return copy
