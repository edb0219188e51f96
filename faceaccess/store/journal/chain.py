"""The journal's hash chain, whose end is signed.

Each row carries the SHA-256 over the hash of the row before it and its own canonical text; the hash of the
last row is signed with Ed25519 in the same transaction. What that proves, and what not, is said in `proof`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlite_utils import Database as SqliteDatabase

from faceaccess.store.keys.keys import Secrets

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


def signer_of(secrets: Secrets) -> Signer:
    """Return the signer of a folder's secrets, which must have a signing key."""
    assert secrets.signing_key is not None
    return _signer(secrets.signing_key)


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


def photo_digest(crop: bytes, jpeg: bytes) -> bytes:
    """Return the SHA-256 over all stored bytes of a photo."""
    return hashlib.sha256(hashlib.sha256(crop).digest() + jpeg).digest()
