"""Ends of the journal kept elsewhere: a line of JSON each, in a file that only grows."""

import json
import os
from datetime import datetime
from pathlib import Path

from faceaccess import foreign_files
from faceaccess.errors import StoreError
from faceaccess.store import clock
from faceaccess.store.chain import Head
from faceaccess.store.faults import mapped_faults

HEADS_FILE = "faceaccess-heads.jsonl"
_MOST_BYTES = 64 << 20
"""Two hundred thousand ends: a start, a stop and a day each for many years."""


def values(head: Head) -> dict[str, object]:
    """Return an end as plain values."""
    return {
        "seq": head.seq,
        "hash": head.hash.hex(),
        "signature": head.signature.hex(),
        "public_key": head.public_key.hex(),
    }


def add(path: Path, head: Head, now: datetime | None = None) -> None:
    """Add an end to a file; it is on the disk when this returns.

    Raises:
        StoreError: the file can't be written.
    """
    line = json.dumps({"at": clock.to_text(now or clock.utc_now())} | values(head)) + "\n"
    with mapped_faults(path), path.open("a", encoding="ascii") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Head]:
    """Return the ends in a file.

    Raises:
        StoreError: it can't be read, or isn't such a file.
    """
    with mapped_faults(path):
        lines = foreign_files.read_text(path, _MOST_BYTES, errors="replace").splitlines()
    try:
        return [_head(json.loads(line)) for line in lines if line.strip()]
    except (ValueError, KeyError, TypeError, OverflowError) as exc:
        raise StoreError(f"{path} is not a file of ends of a log.", f"It is called {HEADS_FILE}.") from exc


def newest(path: Path) -> Head | None:
    """Return the end that was kept last in a file; None while there is no file.

    Raises:
        StoreError: see `read`.
    """
    kept = read(path) if path.exists() else []
    return kept[-1] if kept else None


def public_key(text: str) -> bytes:
    """Return a public key from its hex digits.

    Raises:
        StoreError: they are not.
    """
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise StoreError("A public key has 64 hexadecimal digits.", "See: faceaccess log head")
    return key


def _head(found: dict[str, str]) -> Head:
    parts = (bytes.fromhex(found[name]) for name in ("hash", "signature", "public_key"))
    return Head(int(found["seq"]), *parts)
