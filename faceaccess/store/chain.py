"""The hash chain of the journal: what is hashed, and in which form."""

import hashlib
import json
from collections.abc import Iterator, Mapping

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


def first_bad_row(database: Database) -> int | None:
    """Return the first journal row that is changed, missing or out of order; None when all is well.

    Crops that are still there are compared with their digests too.
    """
    previous, expected = GENESIS, 1
    for seq, canonical, stored_previous, stored, salt, jpeg in _rows_with_crops(database):
        is_chained = (seq, stored_previous) == (expected, previous) and stored == chain_hash(
            previous, canonical
        )
        if not is_chained or not _says(canonical, seq, salt, jpeg):
            return expected
        previous, expected = stored, expected + 1
    return None


def _says(canonical: str, seq: int, salt: bytes | None, jpeg: bytes | None) -> bool:
    """Tell whether a row's text gives its own number and the digest of its crop."""
    try:
        row = json.loads(canonical)
        digest = row["details"].get("crop_sha256")
        return row["seq"] == seq and (salt is None or jpeg is None or digest == crop_digest(salt, jpeg))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _rows_with_crops(
    database: Database,
) -> Iterator[tuple[int, str, bytes, bytes, bytes | None, bytes | None]]:
    after = -(2**63)
    while True:
        with database.reader() as db:
            rows = db.execute(
                "SELECT j.seq, j.canonical, j.previous_hash, j.hash, c.salt, c.jpeg FROM journal j"
                " LEFT JOIN crops c ON c.seq = j.seq WHERE j.seq > ? ORDER BY j.seq LIMIT ?",
                [after, _CHECKED_AT_ONCE],
            ).fetchall()
        if not rows:
            return
        yield from rows
        after = rows[-1][0]
