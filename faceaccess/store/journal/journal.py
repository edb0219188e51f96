"""The append-only, hash-chained record of entries and operator actions."""

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import StoreError
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal import seals
from faceaccess.store.journal.appending import append, append_now
from faceaccess.store.journal.chain import Head, crop_digest, last_row, note_digest, signed_head
from faceaccess.store.journal.events import Events
from faceaccess.store.journal.journal_csv import Local, write_csv
from faceaccess.store.journal.proof import Verification, verify
from faceaccess.store.journal.rows import EVENT_SELECT, Rows, details_of, event_from
from faceaccess.store.journal.types import Entry, Event, EventFilter
from faceaccess.store.people.aliases import owners

logger = logging.getLogger(__name__)

_STORED_FLOAT = np.dtype("<f4")
_SALT_BYTES = 16
_MOST_RESTORES = 1000


class Journal:
    """Appends, and proves; rows are never changed, by us or, thanks to triggers, by others.

    Inside `database.transaction()` an append takes part in that one.

    Attributes:
        events: the entries, to read.
        rows: the rows of any kind, to read.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.events = Events(database)
        self.rows = Rows(database)

    def append(
        self,
        entry: Entry,
        crop: bytes | None,
        actor: Actor = DOOR,
        note: str = "",
        *,
        landmarks: NDArray[np.float32] | None = None,
        turn_picture: bytes | None = None,
    ) -> Event:
        """Journal an entry and return it as the log will show it; it is on disk when this returns.

        Called from the inference thread.

        Args:
            entry: what happened.
            crop: JPEG of the face, or None.
            actor: who made the entry.
            note: why, in free words; kept beside the journal, so that it can be erased.
            landmarks: (5, 2) float32, of a loose crop; None when the crop is an aligned face.
            turn_picture: JPEG of how the head turned, or None; not stored without a crop.

        Raises:
            StoreError: it could not be written and is not recorded.
        """
        details = details_of(entry)
        salt = secrets.token_bytes(_SALT_BYTES)
        if note:
            details["note_sha256"] = note_digest(salt, note)
        with self._appending() as db:
            if crop is not None and _is_erased(db, entry.person_id):
                crop = None  # decided just before: no picture of somebody whom nobody could erase again
            if crop is not None:
                details["crop_sha256"] = crop_digest(salt, crop)
                if turn_picture is not None:
                    details["turn_sha256"] = crop_digest(salt, turn_picture)
            seq = append(db, actor, JournalKind.ENTRY, entry.person_id, details, at=entry.at, zone=entry.zone)
            if crop is not None:
                _insert_crop(db, seq, salt, crop, landmarks)
                if turn_picture is not None:
                    db.execute("INSERT INTO turn_pictures (seq, jpeg) VALUES (?, ?)", [seq, turn_picture])
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
            person_id: the person it concerns.
            details: plain values, never a name: a journal row can't be erased.
            note: free words; kept beside the journal, so that they can be erased.

        Raises:
            StoreError: it could not be written and is not recorded.
        """
        chained, salt = dict(details or {}), secrets.token_bytes(_SALT_BYTES)
        if note:
            chained["note_sha256"] = note_digest(salt, note)
        with self._appending() as db:
            seq = append_now(db, actor, kind, person_id, chained)
            if note:
                db.execute("INSERT INTO notes (seq, salt, text) VALUES (?, ?, ?)", [seq, salt, note])
            return seq

    @contextmanager
    def _appending(self) -> Iterator[SqliteDatabase]:
        with self.database.transaction() as db, self.database.appender.appending(db):
            yield db

    @property
    def public_key(self) -> bytes | None:
        """The key that the journal's end is signed with, 32 bytes; None in a folder of an older program."""
        return None if self.database.secrets.signing_key is None else self.database.appender.signer.public_key

    def head(self) -> Head | None:
        """Return the signed end of the journal, to be kept elsewhere; None while nothing is signed."""
        with self.database.reader() as db:
            return signed_head(db, self.public_key or b"")

    def hash_of(self, seq: int) -> bytes:
        """Return the SHA-256 of a row, which the next one is chained to.

        Raises:
            StoreError: there is no such row.
        """
        with self.database.reader() as db:
            row = db.execute("SELECT hash FROM journal WHERE seq = ?", [seq]).fetchone()
        if row is None:
            raise StoreError("The log has no row {seq}.", seq=seq)
        return bytes(row[0])

    def has_end(self, head: Head) -> bool:
        """Tell whether an end that was kept is one of this journal, or of rows that are gone for a reason.

        They are gone because they were old, or because somebody restored a backup from before them.
        """
        with self.database.reader() as db:
            start = db.execute("SELECT seq FROM journal_start").fetchone()[0]
            row = db.execute("SELECT hash FROM journal WHERE seq = ?", [head.seq]).fetchone()
        if head.seq <= start or (row is not None and bytes(row[0]) == head.hash):
            return True
        restored = self.rows.newest([JournalKind.RESTORED], limit=_MOST_RESTORES)
        return any(row.seq <= head.seq <= int(str(row.details.get("replaced_seq", 0))) for row in restored)

    def was_lost(self, seq: int) -> bool:
        """Tell whether a start of the program has said already that this row is lost."""
        with self.database.reader() as db:
            cursor = db.execute(
                "SELECT EXISTS (SELECT 1 FROM journal WHERE kind = ?"
                " AND json_extract(canonical, '$.details.lost') = ?)",
                [str(JournalKind.PROGRAM_STARTED), seq],
            )
            return bool(cursor.fetchone()[0])

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
            event = self.events.get(seq)
            if event is None:
                raise StoreError("There is no entry {seq}.", "See: faceaccess log", seq=seq)
            if event.voided_by is not None:
                raise self._voided_error(seq, event.voided_by)
            details = {"entry": seq} | ({} if replaced_by is None else {"replaced_by": replaced_by})
            return self.record(
                actor,
                JournalKind.ENTRY_VOIDED,
                person_id=event.entry.person_id,
                details=details,
                note=note,
            )

    def _voided_error(self, seq: int, voided_by: int) -> StoreError:
        """Return the error for an entry already taken back; for a corrected one, it names the replacement."""
        latest, by = seq, voided_by
        while (row := self.rows.get(by)) and isinstance(later := row.details.get("replaced_by"), int):
            latest, event = later, self.events.get(later)
            if event is None or event.voided_by is None:
                return StoreError(
                    "Entry {seq} was corrected: entry {correction} stands for it.",
                    "Correct {correction}.",
                    seq=seq,
                    correction=later,
                )
            by = event.voided_by
        if latest == seq:
            return StoreError(
                "Entry {seq} was taken back already, by row {by}.", "Add an entry instead.", seq=seq, by=by
            )
        return StoreError(
            "Entry {seq} was corrected; entry {latest}, which stood for it, was taken back by row {by}.",
            "Add an entry instead.",
            seq=seq,
            latest=latest,
            by=by,
        )

    @needs(Right.KEEP)
    def prune(self, actor: Actor, last_seq: int) -> None:
        """Remove the rows up to one for good; a row of the journal says where it starts from now on.

        Args:
            actor: who does it.
            last_seq: the last row to be removed; the newest row stays in any case.

        Raises:
            StoreError: there is no such row, or it could not be written; nothing was removed.
        """
        with self.database.transaction() as db:
            row = db.execute("SELECT hash FROM journal WHERE seq = ?", [last_seq]).fetchone()
            if row is None or last_seq >= last_row(db)[0]:
                raise StoreError("Row {last_seq} can't be the last to be removed.", last_seq=last_seq)
            details = {"last_seq": last_seq, "hash": bytes(row[0]).hex()}
            self.record(actor, JournalKind.JOURNAL_PRUNED, details=details)
            # The digests of records that are in rows which go are chained again.
            seals.touch(db, seals.sealed_until(db, last_seq))
            db.execute("UPDATE journal_start SET seq = ?, hash = ?", [last_seq, bytes(row[0])])
            for table in ("crops", "notes", "outbox", "absences", "journal"):
                db.execute(f"DELETE FROM {table} WHERE seq <= ?", [last_seq])

    def verify(self, ends: Sequence[Head] = (), public_key: bytes | None = None) -> Verification:
        """Check the whole journal.

        Args:
            ends: ends of it that were kept elsewhere: only by them can it be seen that a whole older
                database was put in this one's place.
            public_key: of the key that must have signed; None takes this folder's own.
        """
        return verify(self.database, public_key or self.public_key, ends)

    @needs(Right.EXPORT)
    def export_csv(self, actor: Actor, event_filter: EventFilter, path: Path, *, local: Local) -> int:
        """Write the entries of a filter to a CSV file, newest first, and journal the export.

        Args:
            actor: who takes them out.
            event_filter: which entries.
            path: the file; one of that name is replaced.
            local: gives a moment as the company's clocks show it.

        Returns:
            How many entries were written.

        Raises:
            StoreError: the file can't be written (one of that name is kept), or opened read-only.
        """
        count = write_csv(self.events.all(event_filter), path, local=local)
        self.record(
            actor,
            JournalKind.EXPORTED,
            person_id=event_filter.person_id,
            details=_described(event_filter, count),
        )
        return count


def _insert_crop(
    db: SqliteDatabase, seq: int, salt: bytes, jpeg: bytes, landmarks: NDArray[np.float32] | None
) -> None:
    if landmarks is None:
        db.execute("INSERT INTO crops (seq, salt, jpeg) VALUES (?, ?, ?)", [seq, salt, jpeg])
        return
    if landmarks.shape != (5, 2):
        raise ValueError(f"landmarks: expected (5, 2), got {landmarks.shape}")
    points = landmarks.astype(_STORED_FLOAT).tobytes()
    db.execute(
        "INSERT INTO crops (seq, salt, jpeg, landmarks) VALUES (?, ?, ?, ?)", [seq, salt, jpeg, points]
    )


def _is_erased(db: SqliteDatabase, person_id: str | None) -> bool:
    """Tell whether an entry is about somebody who isn't in the folder."""
    return person_id is not None and not db.table("people").count_where("person_id = ?", [person_id])


def _event(db: SqliteDatabase, seq: int) -> Event:
    return event_from(next(db.query(f"{EVENT_SELECT} WHERE j.seq = ?", [seq])), owners(db))


def _described(event_filter: EventFilter, count: int) -> dict[str, object]:
    """Return a description of an export, without the text searched for: it may be a name."""
    return {
        "rows": count,
        "since": None if event_filter.since is None else clock.to_text(event_filter.since),
        "until": None if event_filter.until is None else clock.to_text(event_filter.until),
        "outcomes": list(event_filter.outcomes),
        "camera": event_filter.camera,
        "has_text": bool(event_filter.text),
    }
