"""Connections to an encrypted database file, and transactions on one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database as SqliteDatabase

_BUSY_TIMEOUT_MS = 5000


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


@contextmanager
def immediate(db: SqliteDatabase) -> Iterator[None]:
    """Run a transaction beside which nobody else can write."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk has SQLite roll back by itself, then there is nothing left to undo.
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise


def empty_log(writer: SqliteDatabase) -> bool:
    """Write the log into the database and cut it off; False where somebody still reads from it."""
    writer.execute("PRAGMA busy_timeout = 0").fetchall()
    try:
        return bool(writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    finally:
        writer.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}").fetchall()
