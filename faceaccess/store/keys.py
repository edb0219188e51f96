"""The key of the database, kept in a file beside it."""

import os
import re
import secrets
from pathlib import Path

from faceaccess.errors import StoreError
from faceaccess.store.faults import mapped_faults

KEY_FILE = "faceaccess.key"
_KEY_BYTES = 32


def load_key(folder: Path) -> bytes:
    """Return the 32-byte key of the database in a folder.

    Raises:
        StoreError: the key file is missing, damaged or unreadable.
    """
    path = folder / KEY_FILE
    hint = "Restore the key file from a backup; without it the data can't be read."
    if not path.exists():
        raise StoreError(f"The key {path} of the database is missing.", hint)
    with mapped_faults(path):
        text = path.read_bytes()
    if re.fullmatch(rb"[0-9a-f]{64}\s*", text) is None:
        raise StoreError(f"The key {path} is damaged.", hint)
    return bytes.fromhex(text.decode("ascii").strip())


def load_or_create_key(folder: Path, *, is_new: bool) -> bytes:
    """Return the key, making one only where there is no database yet.

    The caller holds the folder's lock, so nobody else creates one at the same time.

    Args:
        folder: the data folder.
        is_new: whether there is no database yet.

    Raises:
        StoreError: a database without its key, or a damaged or unreadable key.
    """
    path = folder / KEY_FILE
    if not is_new or path.exists():
        return load_key(folder)
    key = secrets.token_bytes(_KEY_BYTES)
    with mapped_faults(path):
        _write_whole(path, key.hex().encode("ascii") + b"\n")
    return key


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there completely or not at all, readable by its owner only."""
    part = path.with_name(path.name + ".new")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
