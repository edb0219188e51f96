"""The append-only, hash-chained record of entries and operator actions."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Outcome
from faceaccess.errors import StoreError
from faceaccess.store import clock
from faceaccess.store.chain import (
    GENESIS,
    canonical_text,
    chain_hash,
    crop_digest,
    first_bad_row,
    note_digest,
)
from faceaccess.store.database import Database
from faceaccess.store.journal_csv import write_csv
from faceaccess.store.rows import EVENT_SELECT, details_of, event_from, event_where, journal_row_from
from faceaccess.store.types import DOOR, Actor, Entry, Event, EventFilter, JournalRow

_SALT_BYTES = 16
_READ_AT_ONCE = 1000


class Journal:
    """Appends and reads; rows are never changed, by us or, thanks to triggers, by others.

    Inside `database.transaction()` an append takes part in that one.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def append(self, entry: Entry, crop: bytes | None, actor: Actor = DOOR, note: str = "") -> Event:
        """Journal an entry and return it as the log will show it; it is on disk when this returns.

        Called from the inference thread.

        Args:
            entry: what happened.
            crop: JPEG of the face, or None.
            actor: who made the entry.
            note: why, in free words; kept beside the journal, so that it can be erased.

        Raises:
            StoreError: it could not be written and is not recorded.
        """
        details = details_of(entry)
        salt = secrets.token_bytes(_SALT_BYTES)
        if crop is not None:
            details["crop_sha256"] = crop_digest(salt, crop)
        if note:
            details["note_sha256"] = note_digest(salt, note)
        with self.database.transaction() as db:
            seq = _append(
                db, actor, JournalKind.ENTRY, entry.person_id, details, at=entry.at, zone=entry.zone
            )
            if crop is not None:
                db.execute("INSERT INTO crops (seq, salt, jpeg) VALUES (?, ?, ?)", [seq, salt, crop])
            if note:
                db.execute("INSERT INTO notes (seq, salt, text) VALUES (?, ?, ?)", [seq, salt, note])
            return _event(db, seq)

    def record(
        self,
        actor: Actor,
        kind: JournalKind,
        *,
        person_id: str | None = None,
        details: Mapping[str, object] | None = None,
        note: str = "",
    ) -> int:
        """Journal an operator action or a state; return its sequence number.

        Args:
            actor: who did it.
            kind: what was done.
            person_id: whom it concerns.
            details: plain values, never a name: a journal row can't be erased.
            note: free words; kept beside the journal, so that they can be erased.

        Raises:
            StoreError: it could not be written and is not recorded.
        """
        chained, salt = dict(details or {}), secrets.token_bytes(_SALT_BYTES)
        if note:
            chained["note_sha256"] = note_digest(salt, note)
        with self.database.transaction() as db:
            seq = _append(db, actor, kind, person_id, chained, at=clock.utc_now(), zone=clock.local_zone())
            if note:
                db.execute("INSERT INTO notes (seq, salt, text) VALUES (?, ?, ?)", [seq, salt, note])
            return seq

    def void(self, actor: Actor, seq: int, *, note: str = "", replaced_by: int | None = None) -> int:
        """Void an entry by a row of its own; return that row's number. The entry itself stays.

        Args:
            actor: who takes it back.
            seq: the entry.
            note: why.
            replaced_by: the manual entry that stands for it.

        Raises:
            StoreError: there is no such entry, or it is voided already; or it could not be written.
        """
        with self.database.transaction():
            event = self.event(seq)
            if event is None or event.voided_by is not None:
                raise StoreError(f"Entry {seq} can't be voided: it isn't there, or is voided already.")
            details = {"entry": seq} | ({} if replaced_by is None else {"replaced_by": replaced_by})
            return self.record(
                actor,
                JournalKind.ENTRY_VOIDED,
                person_id=event.entry.person_id,
                details=details,
                note=note,
            )

    def events(self, wanted: EventFilter, *, limit: int = 100, before_seq: int | None = None) -> list[Event]:
        """Return entries, newest first.

        Args:
            wanted: which entries.
            limit: how many at most.
            before_seq: only older ones than this, to read on; None starts at the newest.
        """
        where, parameters = event_where(wanted)
        if before_seq is not None:
            where += " AND j.seq < ?"
            parameters.append(before_seq)
        # The numbers first: sorting them is cheap, sorting whole rows is not.
        seqs = f"SELECT j.seq FROM journal j WHERE {where} ORDER BY j.seq DESC LIMIT ?"
        with self.database.reader() as db:
            rows = db.query(
                f"{EVENT_SELECT} WHERE j.seq IN ({seqs}) ORDER BY j.seq DESC", [*parameters, limit]
            )
            return [event_from(row) for row in rows]

    def all_events(self, wanted: EventFilter) -> Iterator[Event]:
        """Yield every entry of a filter, newest first, never many in memory."""
        before_seq = None
        while page := self.events(wanted, limit=_READ_AT_ONCE, before_seq=before_seq):
            yield from page
            before_seq = page[-1].seq

    def count(self, wanted: EventFilter) -> int:
        """Return how many entries a filter finds."""
        where, parameters = event_where(wanted)
        with self.database.reader() as db:
            return int(db.execute(f"SELECT count(*) FROM journal j WHERE {where}", parameters).fetchone()[0])

    def event(self, seq: int) -> Event | None:
        """Return the entry with a sequence number; None when that row is no entry."""
        found = self.events(EventFilter(), limit=1, before_seq=seq + 1)
        return found[0] if found and found[0].seq == seq else None

    def crop(self, seq: int) -> bytes | None:
        """Return the face crop of an entry as JPEG; None when it has none or it was erased."""
        with self.database.reader() as db:
            row = db.execute("SELECT jpeg FROM crops WHERE seq = ?", [seq]).fetchone()
        return None if row is None else bytes(row[0])

    def note(self, seq: int) -> str | None:
        """Return the free words of a row; None when it has none or they were erased."""
        with self.database.reader() as db:
            row = db.execute("SELECT text FROM notes WHERE seq = ?", [seq]).fetchone()
        return None if row is None else str(row[0])

    def head(self) -> tuple[int, bytes]:
        """Return number and hash of the newest row: whoever keeps them can tell a past from another."""
        with self.database.reader() as db:
            row = db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        return (0, GENESIS) if row is None else (int(row[0]), bytes(row[1]))

    def cameras(self) -> list[str]:
        """Return the names of all cameras that have entries."""
        with self.database.reader() as db:
            rows = db.execute(
                "SELECT DISTINCT camera FROM journal WHERE camera <> '' ORDER BY camera"
            ).fetchall()
        return [row[0] for row in rows]

    def last_accepted(self, since: datetime) -> list[Event]:
        """Return accepted entries of live cameras from a time on that are not voided, latest first.

        By their time: a manual entry is made later than what it is about.
        """
        where, parameters = event_where(EventFilter(since=since, outcomes=(Outcome.ACCEPTED,)))
        with self.database.reader() as db:
            rows = db.query(
                f"{EVENT_SELECT} WHERE {where} AND NOT j.is_recording ORDER BY j.at_utc DESC, j.seq DESC",
                parameters,
            )
            return [event for row in rows if (event := event_from(row)).voided_by is None]

    def rows(
        self, kinds: Sequence[JournalKind] = (), *, limit: int = 100, before_seq: int | None = None
    ) -> list[JournalRow]:
        """Return rows of any kind, newest first; no kinds means all."""
        marks = ", ".join("?" * len(kinds))
        kind_term = f"kind IN ({marks})" if kinds else "1"
        with self.database.reader() as db:
            found = db.execute(
                f"SELECT seq, canonical FROM journal WHERE {kind_term} AND seq < coalesce(?, seq + 1)"
                " ORDER BY seq DESC LIMIT ?",
                [*map(str, kinds), before_seq, limit],
            ).fetchall()
        return [journal_row_from(seq, canonical) for seq, canonical in found]

    def row(self, seq: int) -> JournalRow | None:
        """Return a row of any kind; None when there is none of that number."""
        found = self.rows(limit=1, before_seq=seq + 1)
        return found[0] if found and found[0].seq == seq else None

    def verify(self) -> int | None:
        """Recompute the chain; return the first row that is wrong or missing, None when all is well.

        A cut tail can't be seen from the journal alone.
        """
        return first_bad_row(self.database)

    def export_csv(self, wanted: EventFilter, path: Path, actor: Actor) -> int:
        """Write the entries of a filter to a CSV file, newest first, and journal the export.

        Returns:
            How many entries were written.

        Raises:
            StoreError: the file can't be written (one of that name is kept), or opened read-only.
        """
        count = write_csv(self.all_events(wanted), path)
        self.record(
            actor, JournalKind.EXPORTED, person_id=wanted.person_id, details=_described(wanted, count)
        )
        return count


def _append(
    db: SqliteDatabase,
    actor: Actor,
    kind: JournalKind,
    person_id: str | None,
    details: Mapping[str, object],
    *,
    at: datetime,
    zone: str,
) -> int:
    last = db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (1, GENESIS) if last is None else (last[0] + 1, last[1])
    canonical = canonical_text(
        {
            "seq": seq,
            "at": clock.to_text(at),
            "zone": zone,
            "monotonic_s": round(time.monotonic(), 3),
            "kind": kind,
            "actor": actor.name,
            "role": actor.role,
            "person_id": person_id,
            "details": details,
        }
    )
    db.execute(
        "INSERT INTO journal (seq, canonical, previous_hash, hash) VALUES (?, ?, ?, ?)",
        [seq, canonical, previous, chain_hash(previous, canonical)],
    )
    return seq


def _event(db: SqliteDatabase, seq: int) -> Event:
    return event_from(next(db.query(f"{EVENT_SELECT} WHERE j.seq = ?", [seq])))


def _described(wanted: EventFilter, count: int) -> dict[str, object]:
    """Return what was exported, without the text looked for: it may be a name."""
    return {
        "rows": count,
        "since": None if wanted.since is None else clock.to_text(wanted.since),
        "until": None if wanted.until is None else clock.to_text(wanted.until),
        "outcomes": list(wanted.outcomes),
        "camera": wanted.camera,
        "has_text": bool(wanted.text),
    }
