"""Before a database is opened: checking that it is there and whole, and which key fits."""

import os
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import StoreError
from faceaccess.store.file import schema
from faceaccess.store.file.connection import connect
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.file.migrations import migrate, newest, refuse_unreadable, schema_version
from faceaccess.store.file.pages import refuse_cut_off
from faceaccess.store.file.restoring import DATABASE_FILE, begin, finish, is_unfinished, remains
from faceaccess.store.keys.keys import KeyFile, Secrets, keep_secrets, load_secrets, write_key_file


def secrets_to_read(path: Path) -> Secrets:
    """Return the secrets of a database that is to be read beside the process that writes it.

    Raises:
        StoreError: there is none, it isn't whole, or its key can't be had; nothing was changed.
    """
    if is_unfinished(path.parent):
        raise StoreError(
            "A restore in {folder} was interrupted.", "Start FaceAccess to finish it.", folder=path.parent
        )
    if not path.exists():
        _require_nothing_left(path.parent)
        raise StoreError("There is no data in {folder} yet.", "Enrol somebody first.", folder=path.parent)
    with mapped_faults(path):
        refuse_cut_off(path)
    return _with_fitting_key(path, load_secrets(path.parent))


def secrets_to_write(path: Path) -> Secrets:
    """Return the secrets of a database, made when there is none. The caller holds the folder's lock.

    Raises:
        StoreError: it isn't whole, or its key can't be had; nothing was overwritten.
    """
    with mapped_faults(path):
        if is_unfinished(path.parent):
            finish(path.parent)
        if not path.exists():
            _create(path.parent)
    secrets = load_secrets(path.parent)
    with mapped_faults(path):
        refuse_cut_off(path)
        return _settled(path, secrets)


def refuse_to_read(db: SqliteDatabase, path: Path) -> None:
    """Raise `StoreError` for a database whose schema isn't the one that this program reads."""
    schema.refuse_wrong_version(db, path)
    refuse_unreadable(db, path)
    if schema_version(db) < newest():
        raise StoreError(
            "The database {path} is of an older schema.",
            "Start FaceAccess once on it, which keeps a copy and brings it up to date.",
            path=path,
        )


def _with_fitting_key(path: Path, secrets: Secrets) -> Secrets:
    """Return secrets whose database key fits: a change of it may have been interrupted."""
    if secrets.next_key is None:
        return secrets
    with suppress(StoreError), mapped_faults(path):
        connect(path, secrets.next_key, read_only=True).conn.close()
        return Secrets(secrets.next_key, secrets.signing_key)
    return Secrets(secrets.database_key, secrets.signing_key)


def _settled(path: Path, secrets: Secrets) -> Secrets:
    """Return secrets with the one key that fits, and keep them so."""
    fitting = _with_fitting_key(path, secrets)
    if fitting != secrets:
        keep_secrets(path.parent, fitting)
    return fitting


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
    secrets, path = Secrets.make(), begin(folder) / DATABASE_FILE
    # Made here because SQLite would make it readable by everybody.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    writer = connect(path, secrets.database_key, read_only=False)
    try:
        migrate(writer, path)
    finally:
        writer.conn.close()
    write_key_file(path.parent, KeyFile.of(secrets))
    finish(folder)
