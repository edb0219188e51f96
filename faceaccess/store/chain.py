"""The proof of the journal: a hash chain whose end is signed, and finding whatever was changed.

Each row carries the SHA-256 over the row before it and its own canonical text; the hash of the last
row is signed with Ed25519 in the same transaction. Who can write to the database but has not the
signing key can therefore change nothing unseen. An end that was kept elsewhere shows as well that a
whole older database was put in this one's place.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import ChainFault, JournalKind
from faceaccess.store.keys import Secrets

_CHECKED_AT_ONCE = 500
_SIGNED_AS = b"faceaccess journal head"

GENESIS = bytes(32)
"""The hash before the first row."""


@dataclass(frozen=True)
class Head:
    """The end of a journal at some time.

    Attributes:
        seq: number of the last row; 0 while there is none.
        hash: of that row.
        signature: 64 bytes, Ed25519 over both; b"" while nothing was signed.
        public_key: 32 bytes of the key that signed.
    """

    seq: int
    hash: bytes
    signature: bytes
    public_key: bytes


@dataclass(frozen=True)
class Verification:
    """What came of checking a journal.

    Attributes:
        rows: how many rows there are.
        head: its end, None without rows.
        faults: the number of the row, and what is wrong there, in order.
    """

    rows: int
    head: Head | None
    faults: tuple[tuple[int, ChainFault], ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing was changed."""
        return not self.faults


class Readable(Protocol):
    """Whatever gives a connection to read with."""

    def reader(self) -> AbstractContextManager[SqliteDatabase]:
        """Give it in a `with` statement."""


class Signer(Protocol):
    """Signs the end of a journal."""

    public_key: bytes

    def sign(self, seq: int, row_hash: bytes) -> bytes:
        """Return 64 bytes."""


class Ed25519Signer:
    """Signs with a data folder's own key."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, seq: int, row_hash: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._key.sign(_signed_bytes(seq, row_hash))


@lru_cache(maxsize=4)
def _signer(seed: bytes) -> Ed25519Signer:
    return Ed25519Signer(seed)


def signer_of(kept: Secrets) -> Signer:
    """Return what signs with a folder's secrets, which must have a signing key."""
    assert kept.signing_key is not None
    return _signer(kept.signing_key)


def is_signed(head: Head) -> bool:
    """Tell whether an end is signed by the key that it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(head.public_key)
        key.verify(head.signature, _signed_bytes(head.seq, head.hash))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed_bytes(seq: int, row_hash: bytes) -> bytes:
    return _SIGNED_AS + seq.to_bytes(8, "big") + row_hash


def last_row(db: SqliteDatabase) -> tuple[int, bytes]:
    """Return number and hash of the last row; 0 and GENESIS without one."""
    row = db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (0, GENESIS) if row is None else (int(row[0]), bytes(row[1]))


def signed_head(db: SqliteDatabase, public_key: bytes) -> Head | None:
    """Return the end that was signed; None when nothing ever was."""
    row = db.execute("SELECT seq, hash, signature FROM journal_head").fetchone()
    return None if row is None else Head(int(row[0]), bytes(row[1]), bytes(row[2]), public_key)


def sign_end(db: SqliteDatabase, signer: Signer) -> Head:
    """Sign the journal's present end, inside the caller's transaction, and return it."""
    seq, row_hash = last_row(db)
    head = Head(seq, row_hash, signer.sign(seq, row_hash), signer.public_key)
    db.execute(
        "INSERT INTO journal_head (id, seq, hash, signature) VALUES (1, ?, ?, ?) ON CONFLICT (id)"
        " DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signature = excluded.signature",
        [head.seq, head.hash, head.signature],
    )
    return head


def is_end_as_signed(db: SqliteDatabase, signer: Signer) -> bool:
    """Tell whether the journal still ends where this folder's key signed it last."""
    head = signed_head(db, signer.public_key)
    if head is None:
        return last_row(db)[0] == 0
    return (head.seq, head.hash) == last_row(db) and is_signed(head)


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


def verify(database: Readable, public_key: bytes | None, kept: Sequence[Head] = ()) -> Verification:
    """Check every row, every crop and note that is still there, the end's signature, and ends kept elsewhere.

    Args:
        database: to read.
        public_key: of the key that signs; None leaves the signature unchecked.
        kept: ends of this journal that were kept elsewhere.
    """
    faults: list[tuple[int, ChainFault]] = []
    start = _start(database)
    # Ends before the start were kept of rows that are gone.
    hashes_kept = {head.seq: head for head in kept if head.seq > start[0]}
    previous, expected, rows, is_start_told = start[1], start[0] + 1, 0, start == (0, GENESIS)
    for seq, canonical, stored_previous, stored, attached in _rows_with_attached(database):
        rows += 1
        is_start_told = is_start_told or _tells_start(canonical, start)
        is_chained = (seq, stored_previous) == (expected, previous)
        is_chained = is_chained and stored == chain_hash(previous, canonical)
        fault = ChainFault.ROW if not is_chained else _fault_of(canonical, seq, attached)
        if fault is not None:
            faults.append((expected if fault is ChainFault.ROW else seq, fault))
        found = hashes_kept.pop(seq, None)
        if found is not None and found.hash != stored:
            faults.append((seq, ChainFault.KEPT_HEAD))
        previous, expected = stored, seq + 1
    if not is_start_told:
        faults.insert(0, (start[0], ChainFault.ROW))
    faults.extend((seq, ChainFault.KEPT_HEAD) for seq in sorted(hashes_kept) if seq)
    head, end_faults = _checked_head(database, public_key)
    faults.extend(end_faults)
    if public_key is not None:
        forged = (head for head in kept if head.public_key != public_key or not is_signed(head))
        faults.extend((head.seq, ChainFault.SIGNATURE) for head in forged)
    return Verification(rows, head, tuple(faults))


def _start(database: Readable) -> tuple[int, bytes]:
    """Return number and hash of the last row that was removed because it was old; 0 and GENESIS for none."""
    with database.reader() as db:
        row = db.execute("SELECT seq, hash FROM journal_start").fetchone()
    return (0, GENESIS) if row is None else (int(row[0]), bytes(row[1]))


def _tells_start(canonical: str, start: tuple[int, bytes]) -> bool:
    """Tell whether a row says that the journal starts after this one; only its writer can have signed it."""
    if f'"kind":"{JournalKind.JOURNAL_PRUNED}"' not in canonical:
        return False
    try:
        row = json.loads(canonical)
        details = row["details"]
        told = (details["last_seq"], bytes.fromhex(details["hash"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return bool(row["kind"] == JournalKind.JOURNAL_PRUNED and told == start)


def _checked_head(
    database: Readable, public_key: bytes | None
) -> tuple[Head | None, list[tuple[int, ChainFault]]]:
    with database.reader() as db:
        end, head = last_row(db), signed_head(db, public_key or b"")
    if head is None:
        return None, [(end[0], ChainFault.SIGNATURE)] if end[0] and public_key is not None else []
    if (head.seq, head.hash) != end:
        return head, [(min(head.seq, end[0]), ChainFault.HEAD)]
    if public_key is not None and not is_signed(head):
        return head, [(head.seq, ChainFault.SIGNATURE)]
    return head, []


@dataclass(frozen=True)
class _Attached:
    """What stands beside a row and may have been erased."""

    crop_salt: bytes | None
    jpeg: bytes | None
    note_salt: bytes | None
    note: str | None


def _fault_of(canonical: str, seq: int, attached: _Attached) -> ChainFault | None:
    """Return what is wrong with a row's text, which is chained as it should be."""
    try:
        row = json.loads(canonical)
        details = row["details"]
        if row["seq"] != seq:
            return ChainFault.ROW
        if row["kind"] == JournalKind.CHAIN_BROKEN:
            return ChainFault.FOUND_CHANGED
        is_right = True
        if attached.crop_salt is not None and attached.jpeg is not None:
            is_right &= details.get("crop_sha256") == crop_digest(attached.crop_salt, attached.jpeg)
        if attached.note_salt is not None and attached.note is not None:
            is_right &= details.get("note_sha256") == note_digest(attached.note_salt, attached.note)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ChainFault.ROW
    return None if is_right else ChainFault.CROP


def _rows_with_attached(database: Readable) -> Iterator[tuple[int, str, bytes, bytes, _Attached]]:
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
