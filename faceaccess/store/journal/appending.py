"""Appending to the journal inside a transaction: every row is chained, and the new end is signed."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind
from faceaccess.store import clock
from faceaccess.store.access.types import SYSTEM, Actor
from faceaccess.store.journal.chain import (
    Head,
    Signer,
    canonical_text,
    chain_hash,
    is_end_as_signed,
    last_row,
    sign_end,
    signed_head,
    signer_of,
)
from faceaccess.store.keys.keys import Secrets

logger = logging.getLogger(__name__)

CLOCK_STEP_S = 2.0
"""A clock that differs by more from what it should show was set, by somebody or by the network."""


class Appender:
    """Appends the journal rows of one open database, for all that write them."""

    def __init__(self, secrets: Callable[[], Secrets]) -> None:
        """Take a function that returns the folder's secrets, which may change."""
        self._secrets = secrets
        self._clock = _ClockWatch()
        self._signed: Head | None = None
        self._has_appended = False

    @property
    def signer(self) -> Signer:
        """Signs the end with the folder's key."""
        return signer_of(self._secrets())

    @contextmanager
    def appending(self, db: SqliteDatabase) -> Iterator[None]:
        """Let rows be appended: changes to the schema are told first, and the end is signed afterwards."""
        signer = self.signer
        if not (is_end_as_signed(db, signer) and self._has_signed_row(db)):
            # The log goes on: a door that no longer lets anybody in would help nobody.
            append_now(db, SYSTEM, JournalKind.CHAIN_BROKEN, None, {"expected": _described_head(db)})
            logger.error("The journal was changed by another program; see: faceaccess log verify")
        step_s = self._clock.step_s(db)
        if step_s is not None:
            append_now(db, SYSTEM, JournalKind.CLOCK_CHANGED, None, {"by_s": round(step_s, 1)})
        yield
        sign_end(db, signer)
        self._has_appended = True

    @contextmanager
    def remembering(self, db: SqliteDatabase, transaction: AbstractContextManager[None]) -> Iterator[None]:
        """Go through a transaction, and remember the end that it signed once it is on the disk."""
        end, self._has_appended = None, False
        with transaction:
            yield
            if self._has_appended:
                end = signed_head(db, self.signer.public_key)
        self._signed = end or self._signed

    def _has_signed_row(self, db: SqliteDatabase) -> bool:
        """Tell whether the row that this process signed last is there: an older end is as well signed."""
        if self._signed is None:
            return True
        row = db.execute("SELECT hash FROM journal WHERE seq = ?", [self._signed.seq]).fetchone()
        return row is not None and bytes(row[0]) == self._signed.hash

    def say_changed(self, db: SqliteDatabase, names: Sequence[str]) -> None:
        """Say that parts of the schema were found changed; once for each that can't be mended."""
        last = db.execute(
            "SELECT canonical FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1",
            [str(JournalKind.CHAIN_BROKEN)],
        ).fetchone()
        details = {"schema": list(names)}
        if last is None or canonical_text(details)[1:-1] not in last[0]:
            with self.appending(db):
                append_now(db, SYSTEM, JournalKind.CHAIN_BROKEN, None, details)
        logger.error("The schema of the database was changed by another program: %s", ", ".join(names))


def append_now(
    db: SqliteDatabase,
    actor: Actor,
    kind: JournalKind,
    person_id: str | None,
    details: Mapping[str, object],
) -> int:
    """Append a row about this moment, and return its number."""
    return append(db, actor, kind, person_id, details, at=clock.utc_now(), zone=clock.local_zone())


def append(
    db: SqliteDatabase,
    actor: Actor,
    kind: JournalKind,
    person_id: str | None,
    details: Mapping[str, object],
    *,
    at: datetime,
    zone: str,
) -> int:
    """Append a row chained to the last one, and return its number; for use in `Appender.appending`."""
    last_seq, previous = last_row(db)
    seq = last_seq + 1
    canonical = canonical_text(
        {
            "seq": seq,
            "at": clock.to_text(at),
            "zone": zone,
            "monotonic_s": round(clock.steady_s(), 3),
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


def _described_head(db: SqliteDatabase) -> Mapping[str, object] | None:
    head = signed_head(db, b"")
    if head is None:
        return None
    return {"seq": head.seq, "hash": head.hash.hex(), "signature": head.signature.hex()}


class _ClockWatch:
    """Notices that the clock was set: it disagrees with the steady one, or is behind the log's end."""

    def __init__(self) -> None:
        self._offset_s: float | None = None

    def step_s(self, db: SqliteDatabase) -> float | None:
        """Return the seconds by which the clock was set since the last row; None if it wasn't."""
        now = clock.utc_now()
        offset_s = now.timestamp() - clock.steady_s()
        before_s, self._offset_s = self._offset_s, offset_s
        step_s = offset_s - before_s if before_s is not None else min(0.0, _since_last_s(db, now))
        return step_s if abs(step_s) > CLOCK_STEP_S else None


def _since_last_s(db: SqliteDatabase, now: datetime) -> float:
    """Return how long ago the last row that tells the clock's own time was written, seconds."""
    row = db.execute(
        "SELECT at_utc FROM journal WHERE seq = (SELECT max(seq) FROM journal)"
        " AND coalesce(is_recording, 0) = 0"
    ).fetchone()
    return 0.0 if row is None else (now - clock.from_text(row[0])).total_seconds()
