"""Encrypted records in one file: each authenticated, in its place, up to a marked end.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015): AES-256-GCM, whose nonce is a
random prefix, the record's number, and whether it is the last. A record that is changed, moved,
repeated, left out or cut off doesn't decrypt. There are no names, paths or sizes to be believed before.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from faceaccess.errors import StoreError
from faceaccess.store.faults import mapped_faults
from faceaccess.store.keys import sync_folder
from faceaccess.store.recovery import derive_key

_SALT_BYTES, _PREFIX_BYTES, _NUMBER_BYTES, _TAG_BYTES = 16, 7, 4, 16
_LENGTH_BYTES = 4
GREATEST_RECORD = 64 * 1024 * 1024
"""More isn't read: a length is believed only after so much memory could be given for it."""

LEAST_PASSPHRASE = 12
"""As for the passwords of operators."""


class SealedWriter:
    """Writes records; the file is there whole or not at all."""

    def __init__(self, path: Path, magic: bytes, passphrase: str) -> None:
        """Begin a file. Slow on purpose.

        Args:
            path: of the file, which may be replaced.
            magic: begins it, and says what it is.
            passphrase: opens it, and nothing else does.

        Raises:
            StoreError: the passphrase is too short, or the file can't be written.
        """
        if len(passphrase.strip()) < LEAST_PASSPHRASE:
            raise StoreError(
                f"The file needs a passphrase of at least {LEAST_PASSPHRASE} characters.",
                "Give one that isn't used elsewhere.",
            )
        self._path, self._part = path, path.with_name(path.name + ".part")
        salt, prefix = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_PREFIX_BYTES)
        self._head = magic + salt + prefix
        self._cipher, self._prefix, self._number = AESGCM(derive_key(passphrase, salt)), prefix, 0
        self._pending: bytes | None = None
        with mapped_faults(path):
            self._file = open(  # noqa: SIM115 - closed by `finish` or `__exit__`
                os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            )
            self._file.write(self._head)

    def write(self, record: bytes) -> None:
        """Append a record.

        Raises:
            StoreError: it is too large, or can't be written.
        """
        if len(record) > GREATEST_RECORD:
            raise StoreError(f"A record has {len(record)} bytes; {GREATEST_RECORD} are allowed.")
        if self._pending is not None:
            self._put(self._pending, is_last=False)
        self._pending = record

    def finish(self) -> None:
        """Mark the last record as such and put the file into place."""
        self._put(self._pending or b"", is_last=True)
        with mapped_faults(self._path):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(self._part, self._path)
            sync_folder(self._path.parent)

    def _put(self, record: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._number, is_last), record, self._head)
        with mapped_faults(self._path):
            self._file.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._number += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing half done."""
        self._file.close()
        self._part.unlink(missing_ok=True)


def read_records(path: Path, magic: bytes, passphrase: str) -> Iterator[bytes]:
    """Yield the records of a file in order. Slow on purpose at the first.

    What was yielded is authentic; that nothing is missing is known only when it ends without an error.

    Raises:
        StoreError: it is something else, of a newer program, damaged, cut off, or the passphrase is
            another's.
    """
    with mapped_faults(path), path.open("rb") as file:
        head = file.read(len(magic) + _SALT_BYTES + _PREFIX_BYTES)
        _check_head(path, head, magic)
        salt, prefix = head[len(magic) : -_PREFIX_BYTES], head[-_PREFIX_BYTES:]
        cipher, number, is_last = AESGCM(derive_key(passphrase, salt)), 0, False
        while not is_last:
            sealed = _next(file, path)
            record, is_last = _opened(cipher, prefix, number, sealed, head)
            if record is None:
                raise _damaged(path, is_first=number == 0)
            yield record
            number += 1
        if file.read(1):
            raise _damaged(path, is_first=False)


def _opened(
    cipher: AESGCM, prefix: bytes, number: int, sealed: bytes, head: bytes
) -> tuple[bytes | None, bool]:
    """Return a record and whether it is the last; None for one that is neither in its place."""
    for is_last in (False, True):
        try:
            return cipher.decrypt(_nonce(prefix, number, is_last), sealed, head), is_last
        except InvalidTag:
            continue
    return None, False


def _next(file: BinaryIO, path: Path) -> bytes:
    length = int.from_bytes(file.read(_LENGTH_BYTES), "big")
    if not _TAG_BYTES <= length <= GREATEST_RECORD + _TAG_BYTES:
        raise _damaged(path, is_first=False)
    sealed = file.read(length)
    if len(sealed) < length:
        raise _damaged(path, is_first=False)
    return sealed


def _check_head(path: Path, head: bytes, magic: bytes) -> None:
    if len(head) < len(magic) + _SALT_BYTES + _PREFIX_BYTES or head[: len(magic) - 1] != magic[:-1]:
        raise StoreError(f"{path} is no file of this kind.", "Choose one that FaceAccess wrote.")
    if head[len(magic) - 1] != magic[-1]:
        raise StoreError(f"{path} was written by a newer FaceAccess.", "Install that version.")


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(_NUMBER_BYTES, "big") + (b"\1" if is_last else b"\0")


def _damaged(path: Path, *, is_first: bool) -> StoreError:
    if is_first:
        return StoreError(f"{path} can't be opened with this passphrase, or is damaged.", "Try it again.")
    return StoreError(f"{path} is damaged or cut off.", "Copy it anew. Nothing was changed.")
