"""Ends of the journal kept elsewhere: a line of JSON each, in a file that only grows."""

import json
import logging
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from faceaccess import foreign_files
from faceaccess.errors import StoreError
from faceaccess.store import clock
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.journal.chain import Head

logger = logging.getLogger(__name__)

HEADS_FILE = "faceaccess-heads.jsonl"
_MOST_BYTES = 64 << 20
"""Two hundred thousand ends: one an hour, and of each start and stop, for twenty years."""

_LAST_LINE_BYTES = 4096
"""More than a line ever has."""


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
    with mapped_faults(path):
        size = path.stat().st_size if path.exists() else None
        try:
            with path.open("a+b") as file:
                file.write((line if _ends_a_line(file) else "\n" + line).encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            _undo(path, size)
            raise


def read(path: Path) -> list[Head]:
    """Return the ends in a file; a line that was half written, as by a power cut, is left out.

    Raises:
        StoreError: it can't be read, or isn't such a file.
    """
    with mapped_faults(path):
        lines = foreign_files.read_text(path, _MOST_BYTES, errors="replace").splitlines()
    written = [line for line in lines if line.strip()]
    ends = [head for line in written if (head := _head(line)) is not None]
    if written and not ends:
        raise StoreError(
            "{path} is not a file of ends of a log.",
            "It is called {heads_file}.",
            path=path,
            heads_file=HEADS_FILE,
        )
    if len(ends) < len(written):
        logger.warning("%d lines of a file of ends of the log can't be read", len(written) - len(ends))
    return ends


def newest(path: Path) -> Head | None:
    """Return the end that was kept last in a file, without reading what is before it; None for none.

    Raises:
        StoreError: the file can't be read.
    """
    if not path.exists():
        return None
    with mapped_faults(path), foreign_files.open_file(path, _MOST_BYTES) as file:
        file.seek(-min(_LAST_LINE_BYTES, file.seek(0, os.SEEK_END)), os.SEEK_END)
        lines = file.read().decode(errors="replace").splitlines()
    return _head(lines[-1]) if lines else None


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


def _head(line: str) -> Head | None:
    """Return the end written on a line; None where there is none."""
    try:
        fields = json.loads(line)
        parts = (bytes.fromhex(fields[name]) for name in ("hash", "signature", "public_key"))
        return Head(int(fields["seq"]), *parts)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _ends_a_line(file: BinaryIO) -> bool:
    """Tell whether a file is empty or its last line is whole; leaves it at its end."""
    if not file.seek(0, os.SEEK_END):
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _undo(path: Path, size: int | None) -> None:
    """Leave a file as it was before a line was begun."""
    with suppress(OSError):
        if size is None:
            path.unlink(missing_ok=True)
        else:
            os.truncate(path, size)
