"""The schema that this program makes, compared with the one that a database has, and mended.

A trigger that somebody adds would be run by this program's own statements, and what it changes would be
signed as the program's: so the schema is looked at whenever it may have changed, before anything is written.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import StoreError
from faceaccess.store.file.migrations import FIRST, newest, schema_version, steps_from


class Part(NamedTuple):
    """A table, index, trigger or view.

    Attributes:
        kind: "table" and so on.
        name: its name.
        sql: that makes it, blanks squeezed.
    """

    kind: str
    name: str
    sql: str


@lru_cache(maxsize=4)
def expected(version: int) -> frozenset[Part]:
    """Return all parts of a schema that this program makes; none for 0, which is an empty database."""
    connection: Any = sqlcipher.connect(":memory:", isolation_level=None)
    try:
        db = SqliteDatabase(cast(Any, connection), execute_plugins=False)
        for migration in steps_from(0)[: version - FIRST + 1] if version else ():
            migration(db)
        return _present(db)
    finally:
        connection.close()


def differing(db: SqliteDatabase) -> list[str]:
    """Return the names of the parts that this program didn't make so, or that are missing."""
    return sorted({part.name for part in _present(db) ^ expected(schema_version(db))})


def refuse_wrong_version(db: SqliteDatabase, path: Path) -> None:
    """Raise `StoreError` for a database that says it is older than its tables are."""
    version, tables = schema_version(db), _tables(_present(db))
    if version >= newest():
        return
    if 0 < version < FIRST:
        is_wrong = tables >= _tables(expected(FIRST))
    else:
        later = (_present(db) & expected(newest())) - expected(version)
        is_wrong = bool(tables - _tables(expected(version))) or any(part.kind == "table" for part in later)
    if is_wrong:
        raise StoreError(
            "The database {path} was changed by another program: its version doesn't fit its tables.",
            "Nothing was changed. Keep the file and restore the newest backup.",
            path=path,
        )


def cookie(db: SqliteDatabase) -> int:
    """Return a number that changes whenever a schema does; a connection that sees the same uses the same."""
    return int(db.execute("PRAGMA schema_version").fetchone()[0])


def mend(writer: SqliteDatabase) -> list[str]:
    """Remove others' triggers and views, restore missing parts, and return the names of those that differed.

    A table that is another one stays: its rows may be all there is. Inside a transaction.
    """
    names, ours = differing(writer), expected(schema_version(writer))
    if not names:
        return []
    for part in _present(writer) - ours:
        if part.kind != "table":
            quoted = part.name.replace('"', '""')
            writer.execute(f'DROP {part.kind.upper()} IF EXISTS "{quoted}"')
    for part in sorted(ours - _present(writer)):
        if part.kind != "table":
            writer.execute(part.sql)
    return names


def _tables(parts: frozenset[Part]) -> set[str]:
    return {part.name for part in parts if part.kind == "table"}


def _present(db: SqliteDatabase) -> frozenset[Part]:
    rows = db.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    parts = (_part(*row) for row in rows)
    return frozenset(part for part in parts if not _is_sqlites_own(part))


@lru_cache(maxsize=256)
def _part(kind: str, name: str, sql: str | None) -> Part:
    """Return a part as the schema's table has it, which is looked at again and again at every start."""
    return Part(kind, name, " ".join((sql or "").split()))


def _is_sqlites_own(part: Part) -> bool:
    return part.kind in ("table", "index") and part.name.startswith("sqlite_")
