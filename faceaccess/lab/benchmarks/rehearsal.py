"""Entries by the hundred thousand in a throw-away folder, to measure with."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice

from faceaccess.codes import JournalKind
from faceaccess.store import clock
from faceaccess.store.access.types import DOOR
from faceaccess.store.file.database import Database
from faceaccess.store.journal.chain import canonical_text, chain_hash, last_row, sign_end, signer_of
from faceaccess.store.journal.rows import details_of
from faceaccess.store.journal.types import Entry

_AT_ONCE = 20_000


def append_all(database: Database, entries: Iterable[Entry]) -> int:
    """Journal entries, chained as `Journal.append` does but many to a transaction; return how many.

    Not for a door: a transaction lasts far longer than a door may wait.
    """
    with database.reader() as db:
        seq, previous = last_row(db)
    signer = signer_of(database.secrets)
    first, waiting = seq, iter(entries)
    while chunk := list(islice(waiting, _AT_ONCE)):
        rows = list(_chained(chunk, seq, previous))
        with database.transaction() as db:
            db.conn.executemany(
                "INSERT INTO journal (seq, canonical, previous_hash, hash) VALUES (?, ?, ?, ?)", rows
            )
            sign_end(db, signer)
        seq, previous = rows[-1][0], rows[-1][3]
    return seq - first


def _chained(entries: Iterable[Entry], seq: int, previous: bytes) -> Iterator[tuple[int, str, bytes, bytes]]:
    for entry in entries:
        seq += 1
        canonical = canonical_text(
            {
                "seq": seq,
                "at": clock.to_text(entry.at),
                "zone": entry.zone,
                "monotonic_s": round(time.monotonic(), 3),
                "kind": JournalKind.ENTRY,
                "actor": DOOR.name,
                "role": DOOR.role,
                "person_id": entry.person_id,
                "details": details_of(entry),
            }
        )
        digest = chain_hash(previous, canonical)
        yield seq, canonical, previous, digest
        previous = digest
