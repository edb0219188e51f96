"""The proof: finding whatever was changed in journal and records without this program.

All that the journal tells is compared with its chained text: every stored column, the schema that makes
columns, triggers and indexes, pictures and notes, and the records that it names (see `seals`).

It holds against whoever hasn't the signing key, which lies beside the database's key. Somebody with both (the
account's own user while encryption is off, an admin of the computer) can write a whole journal anew; then
only an end that was kept elsewhere shows it, and proves every row up to that end.
"""

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import ChainFault, JournalKind
from faceaccess.store.file import schema
from faceaccess.store.file.migrations import newest, schema_version
from faceaccess.store.journal import seals
from faceaccess.store.journal.chain import (
    GENESIS,
    Head,
    chain_hash,
    crop_digest,
    is_signed,
    last_row,
    note_digest,
    photo_digest,
    signed_head,
)
from faceaccess.store.people.consent_texts import FIRST_TEXTS

_ROWS_AT_ONCE = 500
_MOST_INDEX_FAULTS = 5
_CACHE_KIB = 65_536
_MISSING = "a text that came with the program"

_COLUMNS_OF_ROW = ("kind", "person_id")
_COLUMNS_OF_DETAILS = (
    "outcome",
    "reason",
    "camera",
    "runner_up_id",
    "distance",
    "model_id",
    "is_recording",
    "door",
    "method",
)


class Fault(NamedTuple):
    """A row, record or end that is not as it was written.

    Attributes:
        seq: the row; for a record the one that has its last digest, 0 without one.
        kind: what is wrong.
        about: the part of the schema, or the record, such as "person:" and an id; "" for a row.
    """

    seq: int
    kind: ChainFault
    about: str = ""


@dataclass(frozen=True)
class Verification:
    """The result of checking a journal.

    Attributes:
        rows: how many rows there are.
        head: its end, None without rows.
        faults: what is wrong: rows first, in order.
    """

    rows: int
    head: Head | None
    faults: tuple[Fault, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing was changed."""
        return not self.faults


class Readable(Protocol):
    """Whatever gives a connection to read with."""

    def reader(self) -> AbstractContextManager[SqliteDatabase]:
        """Give it in a `with` statement."""


def verify(
    database: Readable,
    public_key: bytes | None,
    ends: Sequence[Head] = (),
    *,
    own_tables: Collection[str] = (),
) -> Verification:
    """Check rows, pictures and notes, records, schema, the end's signature, and ends kept elsewhere.

    Args:
        database: to read; what is written meanwhile isn't looked at.
        public_key: of the key that signs; None leaves the signature unchecked.
        ends: ends of this journal that were kept elsewhere.
        own_tables: that the file has besides, as a backup's does.
    """
    with database.reader() as db, snapshot(db):
        walk = _Walk(_start(db), ends)
        for row in _rows(db):
            walk.check(*row)
        head, end_faults = _checked_head(db, public_key)
        faults = [*walk.ended(), *_start_faults(db), *end_faults]
        faults += [*_schema_faults(db, own_tables), *_index_faults(db)]
        faults += [*_record_faults(db, walk.sealed), *_photo_faults(db)]
    if public_key is not None:
        forged = (head for head in ends if head.public_key != public_key or not is_signed(head))
        faults.extend(Fault(head.seq, ChainFault.SIGNATURE) for head in forged)
    return Verification(walk.rows, head, tuple(faults))


@contextmanager
def snapshot(db: SqliteDatabase) -> Iterator[Any]:
    """Give a connection that reads what the database holds now, whatever is written meanwhile."""
    if db.conn.in_transaction:
        yield db.conn
        return
    db.execute("BEGIN")
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchall()
        yield db.conn
    finally:
        db.execute("ROLLBACK")


@dataclass
class _Attached:
    """The pictures and note of a row, which may have been erased."""

    crop_salt: bytes | None
    jpeg: bytes | None
    note_salt: bytes | None
    note: str | None
    turn_jpeg: bytes | None


@dataclass
class _Walk:
    """Goes through the rows from the first to the last.

    Attributes:
        start: number and hash of the last row that was removed because it was old.
        ends: ends that were kept elsewhere.
        rows: how many rows were seen.
        sealed: the row and the last digest of each record, by subject.
    """

    start: tuple[int, bytes]
    ends: Sequence[Head]
    rows: int = 0
    sealed: dict[str, tuple[int, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._faults: list[Fault] = []
        self._restored: list[tuple[int, int]] = []
        self._expected, self._previous = self.start[0] + 1, self.start[1]
        self._is_start_told = self.start == (0, GENESIS)
        # Ends before the start were kept of rows that are gone.
        self._hashes_kept = {head.seq: head for head in self.ends if head.seq > self.start[0]}

    def check(
        self,
        seq: int,
        canonical: str,
        previous: bytes,
        stored: bytes,
        columns: Sequence[object],
        attached: _Attached,
    ) -> None:
        """Look at the next row."""
        self.rows += 1
        is_chained = (seq, previous) == (self._expected, self._previous)
        if is_chained and stored == chain_hash(previous, canonical):
            self._check_content(seq, canonical, columns, attached)
        else:
            self._faults.append(Fault(self._expected, ChainFault.ROW))
        end = self._hashes_kept.pop(seq, None)
        if end is not None and end.hash != stored:
            self._hashes_kept[seq] = end  # not in this log, though there is a row of its number
        self._previous, self._expected = stored, seq + 1

    def _check_content(
        self, seq: int, canonical: str, columns: Sequence[object], attached: _Attached
    ) -> None:
        """Look at a row that is chained as it should be."""
        try:
            row = json.loads(canonical)
            details = row["details"]
            if row["seq"] != seq:
                self._faults.append(Fault(seq, ChainFault.ROW))
                return
            if not _are_as_written(columns, row, details):
                self._faults.append(Fault(seq, ChainFault.COLUMN))
            if not _is_attached(attached, details):
                self._faults.append(Fault(seq, ChainFault.CROP))
            self._take(seq, row["kind"], details)
        except (ValueError, KeyError, TypeError, AttributeError):
            self._faults.append(Fault(seq, ChainFault.ROW))

    def _take(self, seq: int, kind: str, details: Mapping[str, Any]) -> None:
        """Take in a row's facts about the journal itself and records; only its writer can have signed it."""
        if kind == JournalKind.CHAIN_BROKEN or details.get("lost") is not None:
            about = ", ".join(details.get("schema", ()))
            self._faults.append(Fault(seq, ChainFault.FOUND_CHANGED, about))
        elif kind == JournalKind.JOURNAL_PRUNED:
            told = (details["last_seq"], bytes.fromhex(details["hash"]))
            self._is_start_told = self._is_start_told or told == self.start
        elif kind == JournalKind.RESTORED:
            # Rows of the log that a backup replaced: who had them kept elsewhere no longer finds them here.
            self._restored.append((seq, int(details.get("replaced_seq", 0))))
        elif kind == JournalKind.RECORDS_SEALED:
            self.sealed.update({subject: (seq, digest) for subject, digest in details["digests"].items()})
            for subject in details.get("changed", ()):
                self._faults.append(Fault(seq, ChainFault.FOUND_CHANGED, subject))

    def ended(self) -> list[Fault]:
        """Return the faults of the rows, once all have been seen."""
        start = [] if self._is_start_told else [Fault(self.start[0], ChainFault.ROW)]
        missing = (
            Fault(seq, ChainFault.KEPT_HEAD)
            for seq in sorted(self._hashes_kept)
            if not any(row <= seq <= last for row, last in self._restored)
        )
        return [*start, *self._faults, *missing]


def _start_faults(db: SqliteDatabase) -> list[Fault]:
    """Return the faults where the row that says where the journal starts is missing."""
    is_there = db.execute("SELECT EXISTS (SELECT 1 FROM journal_start)").fetchone()[0]
    return [] if is_there else [Fault(0, ChainFault.ROW)]


def _start(db: SqliteDatabase) -> tuple[int, bytes]:
    """Return number and hash of the last row that was removed because it was old; 0 and GENESIS for none."""
    row = db.execute("SELECT seq, hash FROM journal_start").fetchone()
    return (0, GENESIS) if row is None else (int(row[0]), bytes(row[1]))


def _rows(db: SqliteDatabase) -> Iterator[tuple[int, str, bytes, bytes, tuple[object, ...], _Attached]]:
    columns = ", ".join(f"j.{name}" for name in ("at_utc", *_COLUMNS_OF_ROW, *_COLUMNS_OF_DETAILS))
    rows = db.execute(
        "SELECT j.seq, j.canonical, j.previous_hash, j.hash, c.salt, c.jpeg, n.salt, n.text, t.jpeg,"
        f" {columns} FROM journal j LEFT JOIN crops c ON c.seq = j.seq LEFT JOIN notes n ON n.seq = j.seq"
        " LEFT JOIN turn_pictures t ON t.seq = j.seq"
        " ORDER BY j.seq"
    )
    while chunk := rows.fetchmany(_ROWS_AT_ONCE):
        for row in chunk:
            yield *row[:4], row[9:], _Attached(*row[4:9])


def _are_as_written(columns: Sequence[object], row: Mapping[str, Any], details: Mapping[str, Any]) -> bool:
    """Tell whether the searchable columns agree with the chained text."""
    written = [row["at"], *(row[name] for name in _COLUMNS_OF_ROW)]
    written += [details.get(name) for name in _COLUMNS_OF_DETAILS]
    return all(_is_same(stored, value) for stored, value in zip(columns, written, strict=True))


def _is_same(stored: object, written: object) -> bool:
    if isinstance(stored, float) and isinstance(written, int | float):
        # SQLite's and Python's reading of a decimal number may differ in the last bit.
        return math.isclose(stored, written, rel_tol=1e-12)
    return stored == written


def _is_attached(attached: _Attached, details: Mapping[str, Any]) -> bool:
    """Tell whether pictures and a note, where they are still there, are the ones that were journalled."""
    is_right = True
    if attached.crop_salt is not None and attached.jpeg is not None:
        is_right &= details.get("crop_sha256") == crop_digest(attached.crop_salt, attached.jpeg)
        if attached.turn_jpeg is not None:
            is_right &= details.get("turn_sha256") == crop_digest(attached.crop_salt, attached.turn_jpeg)
    if attached.note_salt is not None and attached.note is not None:
        is_right &= details.get("note_sha256") == note_digest(attached.note_salt, attached.note)
    return is_right


def _checked_head(db: SqliteDatabase, public_key: bytes | None) -> tuple[Head | None, list[Fault]]:
    end, head = last_row(db), signed_head(db, public_key or b"")
    if head is None:
        is_unsigned = end[0] and public_key is not None
        return None, [Fault(end[0], ChainFault.SIGNATURE)] if is_unsigned else []
    if (head.seq, head.hash) != end:
        return head, [Fault(min(head.seq, end[0]), ChainFault.HEAD)]
    if public_key is not None and not is_signed(head):
        return head, [Fault(head.seq, ChainFault.SIGNATURE)]
    return head, []


def _schema_faults(db: SqliteDatabase, own_tables: Collection[str]) -> list[Fault]:
    """Return the tables, indexes, triggers and views that this program didn't make so, or misses."""
    names = schema.differing(db)
    more = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type != 'table'").fetchall()}
    return [Fault(0, ChainFault.SCHEMA, name) for name in names if name not in own_tables or name in more]


def _index_faults(db: SqliteDatabase) -> list[Fault]:
    """Return the faults of indexes that disagree with their tables: searches would miss rows."""
    usual = db.execute("PRAGMA cache_size").fetchone()[0]
    # Rows are looked up all over the file: with the usual 2 MB nearly each page is decrypted again.
    db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}").fetchall()
    try:
        lines = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_MOST_INDEX_FAULTS})")]
    finally:
        db.execute(f"PRAGMA cache_size = {usual}").fetchall()
        db.execute("PRAGMA shrink_memory").fetchall()
    keys = [f"foreign key of {row[0]}" for row in db.execute("PRAGMA foreign_key_check").fetchall()]
    return [Fault(0, ChainFault.COLUMN, line) for line in (*lines, *sorted(set(keys))) if line != "ok"]


def _record_faults(db: SqliteDatabase, sealed: Mapping[str, tuple[int, str | None]]) -> list[Fault]:
    """Return the records that are not what the last row about them says."""
    if schema_version(db) < newest():
        return []  # of an older program; what it holds is compared once this one has opened it
    salts = {
        subject: bytes(salt) for subject, salt in db.execute("SELECT subject, salt FROM seals").fetchall()
    }
    faults = []
    shipped = {f"text:{version}" for version in range(1, len(FIRST_TEXTS) + 1)}
    for subject in sorted({*seals.all_subjects(db), *shipped, *sealed}):
        if subject not in sealed and seals.is_as_shipped(db, subject):
            continue
        seq, digest = sealed.get(subject, (0, _MISSING if subject in shipped else None))
        if seals.digest(db, subject, salts.get(subject, b"")) != digest:
            faults.append(Fault(seq, ChainFault.RECORD, subject))
    return faults


def _photo_faults(db: SqliteDatabase) -> list[Fault]:
    """Return the people who have a photo that is not the one its digest was made of."""
    rows = db.execute("SELECT person_id, digest, crop, jpeg FROM photos ORDER BY photo_id")
    people = {
        person_id
        for person_id, digest, crop, jpeg in rows
        if digest is not None and bytes(digest) != photo_digest(bytes(crop), bytes(jpeg))
    }
    return [Fault(0, ChainFault.RECORD, f"person:{person_id}") for person_id in sorted(people)]
