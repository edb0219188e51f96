"""Signatures of the files that are handed out, and their checksums.

A signature is Ed25519 over the bytes of the file, in base64, in a file of the same name and ".sig". Whoever
has no FaceAccess checks it with `base64 -d FILE.sig > raw` and `openssl pkeyutl -verify -pubin -inkey KEY.pem
-rawin -in FILE -sigfile raw`.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from faceaccess.errors import FaceAccessError

CHECKSUMS = "SHA256SUMS"
_SIGNATURE_SUFFIX = ".sig"


class SigningError(FaceAccessError):
    """A file can't be signed, or isn't what was signed."""


def make_key_pair(private_path: Path, passphrase: str | None = None) -> str:
    """Write a new private key, and its public key beside it as PEM; return the public key as text.

    Args:
        private_path: the file to make, readable by its own account alone; ".pub" is added for the public one.
        passphrase: opens the file; None leaves it open to whoever can read it.

    Returns:
        The public key in base64, 44 characters, as *Settings, Newer versions* takes it.

    Raises:
        SigningError: there is such a file already, or it can't be written, or the passphrase is empty. No
            key is ever written over.
    """
    public_path = private_path.with_name(private_path.name + ".pub")
    for path in (private_path, public_path):
        if path.exists():
            raise _is_there(path)
    if passphrase == "":
        raise SigningError("The passphrase is empty.", "Nothing was made. Type it again.")
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase is not None:
        encryption = BestAvailableEncryption(passphrase.encode())
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    public_pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write_new(private_path, pem, mode=0o600)
    _write_new(public_path, public_pem, mode=0o644)
    return public_key_text(key)


def load_private_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """Return the private key in a file.

    Args:
        path: of the PEM file.
        passphrase: that opens it; None for a file that was written without.

    Raises:
        SigningError: it isn't there, holds no such key, or the passphrase is another.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), None if passphrase is None else passphrase.encode())
    except OSError as exc:
        raise SigningError("{path} can't be read: {reason}.", path=path, reason=exc.strerror) from exc
    except (ValueError, TypeError) as exc:
        raise SigningError(
            "{path} can't be opened.", "Is it the private key, and the passphrase its own?", path=path
        ) from exc
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningError("{path} holds a key of another kind.", "It must be one of Ed25519.", path=path)
    return key


def public_key_text(key: Ed25519PrivateKey) -> str:
    """Return the public key of a private one in base64, 44 characters."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign_file(path: Path, key: Ed25519PrivateKey) -> Path:
    """Write the signature of a file beside it, over an older one, and return its path.

    Raises:
        SigningError: the file can't be read, or the signature can't be written.
    """
    signature = base64.b64encode(key.sign(_content(path)))
    target = signature_path(path)
    _write(target, signature + b"\n")
    return target


def signature_path(path: Path) -> Path:
    """Return where the signature of a file lies."""
    return path.with_name(path.name + _SIGNATURE_SUFFIX)


def check_file(path: Path, public_key: str) -> None:
    """Check a file against the signature beside it.

    Args:
        path: of the file.
        public_key: as `make_key_pair` returns it.

    Raises:
        SigningError: it was changed or signed by another key, has no signature, or the key isn't one.
    """
    try:
        signature = base64.b64decode(_content(signature_path(path)).strip(), validate=True)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    except (binascii.Error, ValueError) as exc:
        raise SigningError(
            "The signature of {path}, or the public key, isn't one.", "Both are base64.", path=path
        ) from exc
    try:
        key.verify(signature, _content(path))
    except InvalidSignature as exc:
        raise SigningError(
            "{path} isn't what was signed: it was changed, or another key signed it.",
            "Don't hand it out.",
            path=path,
        ) from exc


def write_checksums(files: Iterable[Path], folder: Path) -> Path:
    """Write the SHA-256 digests of files as `sha256sum -c` reads them, by name, and return the file's path.

    Args:
        files: of the folder; a signature may be among them.
        folder: where the list is written, as SHA256SUMS.

    Raises:
        SigningError: a file lies elsewhere or can't be read, or the list can't be written.
    """
    lines = []
    for path in sorted(files):
        if path.resolve().parent != folder.resolve():
            raise SigningError("{path} doesn't lie in {folder}.", path=path, folder=folder)
        lines.append(f"{_sha256(path)}  {path.name}\n")
    target = folder / CHECKSUMS
    _write(target, "".join(lines).encode())
    return target


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise SigningError("{path} can't be read: {reason}.", path=path, reason=exc.strerror) from exc


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise SigningError("{path} can't be read: {reason}.", path=path, reason=exc.strerror) from exc


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as exc:
        raise SigningError("{path} can't be written: {reason}.", path=path, reason=exc.strerror) from exc


def _is_there(path: Path) -> SigningError:
    return SigningError("{path} is there already.", "Keep it: what was signed with it needs it.", path=path)


def _write_new(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file that isn't there yet, never readable by more accounts than in the end."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError as exc:
        raise _is_there(path) from exc
    except OSError as exc:
        raise SigningError("{path} can't be written: {reason}.", path=path, reason=exc.strerror) from exc
