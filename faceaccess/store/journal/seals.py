"""Seals of records that may change: at each change, a row of the journal takes their new digest.

A subject is a person with photos, templates and consents, an operator, a policy, a schedule, or a text of
consent. If another program changes one, it is unlike the last digest that was chained. The salt lies beside
the records and goes with them: the digest of somebody who was erased tells nothing.
"""

import hashlib
import json
import math
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind
from faceaccess.store.access.types import SYSTEM
from faceaccess.store.file.migrations import schema_version
from faceaccess.store.journal.appending import append_now
from faceaccess.store.journal.chain import canonical_text
from faceaccess.store.people.consent_texts import FIRST_TEXTS

_SALT_BYTES = 16
_SUBJECTS_PER_ROW = 500

TABLES = {
    "person": {
        "people": "person_id",
        "photos": "person_id",
        "templates": "person_id",
        "consents": "person_id",
        "group_members": "person_id",
        "pins": "person_id",
        "absences": "person_id",
        "look_alikes": "first_id",
        "findings_kept": "person_id",
        "refused_doubles": "person_id",
    },
    "operator": {"operators": "name_key"},
    "policy": {"policies": "key"},
    "schedule": {"schedules": "schedule_id", "assignments": "schedule_id"},
    "text": {"consent_texts": "version"},
}
"""The tables of each kind of subject, and the column that names it.

All columns count: whoever adds one, or a table, adds a migration, after which everything is sealed anew.
"""

_WITH_DIGEST_OF_THEIR_OWN = frozenset({"crop", "jpeg"})
_ALSO = {"consents": "(SELECT t.text FROM consent_texts t WHERE t.version = consents.version)"}
"""What somebody agreed to belongs to the consent."""


def follow_changes(writer: SqliteDatabase) -> None:
    """Make a connection note every subject that it changes, for `take_touched`."""
    statements = ["CREATE TEMP TABLE touched (subject TEXT NOT NULL)"]
    rows = {"INSERT": ("new",), "DELETE": ("old",), "UPDATE": ("old", "new")}
    for kind, tables in TABLES.items():
        for table, key in tables.items():
            for verb, sides in rows.items():
                notes = (f"INSERT INTO touched VALUES ('{kind}:' || {side}.{key});" for side in sides)
                trigger = f"TEMP TRIGGER sealed_{table}_{verb} AFTER {verb} ON main.{table}"
                statements.append(f"CREATE {trigger} BEGIN {' '.join(notes)} END")
    # At once, in two thirds of the time: every start of a command waits for it.
    writer.conn.executescript(";\n".join(statements))


def take_touched(writer: SqliteDatabase) -> list[str]:
    """Return and clear the subjects noted as changed in this transaction so far."""
    subjects = [row[0] for row in writer.execute("SELECT DISTINCT subject FROM touched ORDER BY subject")]
    if subjects:
        writer.execute("DELETE FROM touched")
    return subjects


def schema_sealed(db: SqliteDatabase) -> int | None:
    """Return the schema in which records were sealed last; None while nothing is sealed."""
    if not db.table("seals").exists():
        return None
    row = db.execute(
        "SELECT json_extract(canonical, '$.details.schema') FROM journal WHERE kind = ?"
        " ORDER BY seq DESC LIMIT 1",
        [str(JournalKind.RECORDS_SEALED)],
    ).fetchone()
    return None if row is None else row[0]


def touch(writer: SqliteDatabase, subjects: Iterable[str]) -> None:
    """Mark subjects to be sealed with this transaction though they didn't change."""
    writer.conn.executemany("INSERT INTO touched VALUES (?)", [(subject,) for subject in subjects])


def sealed_until(db: SqliteDatabase, last_seq: int) -> list[str]:
    """Return the subjects whose last digest stands in a row up to this one."""
    rows = db.execute("SELECT subject FROM seals WHERE seq <= ? ORDER BY subject", [last_seq])
    return [row[0] for row in rows]


def all_subjects(db: SqliteDatabase) -> Iterator[str]:
    """Yield every subject that any table has rows of, even rows that belong to nobody."""
    for kind, tables in TABLES.items():
        keys = " UNION ".join(f"SELECT {key} FROM {table}" for table, key in tables.items())
        for (value,) in db.execute(f"{keys} ORDER BY 1").fetchall():
            yield f"{kind}:{value}"


def unshipped_subjects(db: SqliteDatabase) -> Iterator[str]:
    """Yield every subject that didn't come with the program."""
    return (subject for subject in all_subjects(db) if not is_as_shipped(db, subject))


def seal(writer: SqliteDatabase, subjects: Iterable[str], changed: Iterable[str] = ()) -> None:
    """Chain the present digests of subjects, inside a transaction and `Appender.appending`.

    Args:
        writer: the connection that changed them.
        subjects: to be sealed.
        changed: those among them that were found unlike their last digest before, which is said for good.
    """
    waiting, found_changed = sorted(set(subjects)), set(changed)
    for begin in range(0, len(waiting), _SUBJECTS_PER_ROW):
        part = waiting[begin : begin + _SUBJECTS_PER_ROW]
        salts = {subject: secrets.token_bytes(_SALT_BYTES) for subject in part}
        digests = {subject: digest(writer, subject, salts[subject]) for subject in part}
        details: dict[str, object] = {"digests": digests, "schema": schema_version(writer)}
        if told := sorted(found_changed.intersection(part)):
            details["changed"] = told
        seq = append_now(writer, SYSTEM, JournalKind.RECORDS_SEALED, None, details)
        for subject in part:
            writer.execute("DELETE FROM seals WHERE subject = ?", [subject])
            if digests[subject] is not None:
                row = [subject, salts[subject], seq]
                writer.execute("INSERT INTO seals (subject, salt, seq) VALUES (?, ?, ?)", row)


def unlike_sealed(db: SqliteDatabase, subjects: Iterable[str]) -> list[str]:
    """Return the subjects that differ from their last digest in the journal."""
    return [subject for subject in subjects if not _is_as_sealed(db, subject)]


def digest(db: SqliteDatabase, subject: str, salt: bytes) -> str | None:
    """Return the salted SHA-256 of all that belongs to a subject, in hex; None when it isn't there."""
    kind, _, value = subject.partition(":")
    content, is_there = hashlib.sha256(salt), False
    for table, key in TABLES[kind].items():
        columns = ", ".join([*_columns(db, table), *([_ALSO[table]] if table in _ALSO else [])])
        rows = db.execute(f"SELECT {columns} FROM {table} WHERE {key} = ?", [value]).fetchall()
        is_there = is_there or bool(rows)
        for text in sorted(canonical_text({table: [_plain(cell) for cell in row]}) for row in rows):
            content.update(text.encode())
    return content.hexdigest() if is_there else None


def is_as_shipped(db: SqliteDatabase, subject: str) -> bool:
    """Tell whether a subject is a consent text that came with the program, which no row tells of."""
    kind, _, version = subject.partition(":")
    if kind != "text" or not 0 < int(version) <= len(FIRST_TEXTS):
        return False
    columns = "SELECT language, text, is_imported FROM consent_texts WHERE version = ?"
    return db.execute(columns, [version]).fetchone() == (*FIRST_TEXTS[int(version) - 1], 0)


def _is_as_sealed(db: SqliteDatabase, subject: str) -> bool:
    select = (
        "SELECT s.salt, j.canonical, s.seq FROM seals s LEFT JOIN journal j USING (seq) WHERE s.subject = ?"
    )
    row = db.execute(select, [subject]).fetchone()
    if row is None:
        # A person's id is drawn by lot: of a new one no row tells, and an import doesn't look for it.
        if is_as_shipped(db, subject):
            return True
        is_new = subject.startswith("person:") or not _is_named_after(db, subject, 0)
        return is_new and digest(db, subject, b"") is None
    is_newest = row[1] is not None and not _is_named_after(db, subject, row[2])
    return is_newest and digest(db, subject, bytes(row[0])) == _chained(row[1]).get(subject, "")


def _is_named_after(db: SqliteDatabase, subject: str, seq: int) -> bool:
    """Tell whether a row after this one has a digest of a subject: where that is stands nowhere signed.

    Of one that was removed the last row has none, which names nothing.
    """
    last = db.execute(
        "SELECT canonical FROM journal WHERE kind = ? AND seq > ? AND instr(canonical, ?) > 0"
        " ORDER BY seq DESC LIMIT 1",
        [str(JournalKind.RECORDS_SEALED), seq, json.dumps(subject) + ":"],
    ).fetchone()
    return last is not None and _chained(last[0]).get(subject) is not None


@lru_cache(maxsize=4)
def _chained(canonical: str) -> dict[str, str | None]:
    """Return the digests by subject that a row has; none when it is no such row."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        row = json.loads(canonical)
        if row["kind"] == JournalKind.RECORDS_SEALED:
            return dict(row["details"]["digests"])
    return {}


def _columns(db: SqliteDatabase, table: str) -> list[str]:
    """Return the columns of a table that are part of the digest; a photo's bytes are checked by their own."""
    names = [row[1] for row in db.execute(f"PRAGMA table_xinfo({table})").fetchall()]
    return [f"{table}.{name}" for name in names if name not in _WITH_DIGEST_OF_THEIR_OWN]


def _plain(cell: object) -> object:
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"float": str(cell)}
    return {"bytes": cell.hex()} if isinstance(cell, bytes) else cell
