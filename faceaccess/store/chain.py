"""The hash chain of the journal: what is hashed, and in which form."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from faceaccess.store.database import Database

_CHECKED_AT_ONCE = 500

GENESIS = bytes(32)
"""The hash before the first row."""


def canonical_text(row: Mapping[str, object]) -> str:
    """Return the one way to write a row: JSON in ASCII, keys in order, without spaces."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def chain_hash(previous: bytes, canonical: str) -> bytes:
    """Return the SHA-256 over the previous row's hash and a row's canonical text."""
    return hashlib.sha256(previous + canonical.encode()).digest()


def crop_digest(salt: bytes, jpeg: bytes) -> str:
    """Return the salted SHA-256 of a crop, in hex.

    The digest stays in the chain when crop and salt are erased; without the salt it doesn't
    tell whether a picture at hand was the one.
    """
    return hashlib.sha256(salt + jpeg).hexdigest()


def note_digest(salt: bytes, text: str) -> str:
    """Return the salted SHA-256 of a note, in hex; it outlives the note as a crop's does."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def first_bad_row(database: Database) -> int | None:
    """Return the first journal row that is changed, missing or out of order; None when all is well.

    Crops and notes that are still there are compared with their digests too.
    """
    previous, expected = GENESIS, 1
    for seq, canonical, stored_previous, stored, attached in _rows_with_attached(database):
        is_chained = (seq, stored_previous) == (expected, previous) and stored == chain_hash(
            previous, canonical
        )
        if not is_chained or not _says(canonical, seq, attached):
            return expected
        previous, expected = stored, expected + 1
    return None


@dataclass(frozen=True)
class _Attached:
    """What stands beside a row and may have been erased."""

    crop_salt: bytes | None
    jpeg: bytes | None
    note_salt: bytes | None
    note: str | None


def _says(canonical: str, seq: int, attached: _Attached) -> bool:
    """Tell whether a row's text gives its own number and the digests of its crop and note."""
    try:
        row = json.loads(canonical)
        details = row["details"]
        is_right = row["seq"] == seq
        if attached.crop_salt is not None and attached.jpeg is not None:
            is_right &= details.get("crop_sha256") == crop_digest(attached.crop_salt, attached.jpeg)
        if attached.note_salt is not None and attached.note is not None:
            is_right &= details.get("note_sha256") == note_digest(attached.note_salt, attached.note)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return bool(is_right)


def _rows_with_attached(database: Database) -> Iterator[tuple[int, str, bytes, bytes, _Attached]]:
    after = -(2**63)
    while True:
        with database.reader() as db:
            rows = db.execute(
                "SELECT j.seq, j.canonical, j.previous_hash, j.hash, c.salt, c.jpeg, n.salt, n.text"
                " FROM journal j LEFT JOIN crops c ON c.seq = j.seq LEFT JOIN notes n ON n.seq = j.seq"
                " WHERE j.seq > ? ORDER BY j.seq LIMIT ?",
                [after, _CHECKED_AT_ONCE],
            ).fetchall()
        if not rows:
            return
        for row in rows:
            yield *row[:4], _Attached(*row[4:])
        after = rows[-1][0]
