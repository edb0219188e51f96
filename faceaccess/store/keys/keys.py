"""The secrets of a data folder: the key of the database and the key that signs its journal.

They lie in a file beside the database, or the file only says where they lie: in the system's
keyring, or where a program without a person at hand can read them.
"""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from faceaccess.codes import KeySource
from faceaccess.errors import StoreError, Text, template
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.keys import recovery

KEY_FILE = "faceaccess.key"
KEY_VARIABLE = "FACEACCESS_KEY"
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
"""Set by systemd for a service with `LoadCredential=` or `LoadCredentialEncrypted=`."""

CREDENTIAL = "faceaccess-key"
SEALED_FILE = "faceaccess.sealed"
_KEYRING_SERVICE = "FaceAccess"
_KEY_BYTES = 32
_UNSEAL_S = 20
_HINT = template("Restore the key file from a backup; without it the data can't be read.")


@dataclass(frozen=True)
class Secrets:
    """The keys of a data folder.

    Attributes:
        database_key: 32 bytes.
        signing_key: 32 bytes, the Ed25519 seed that signs the journal; None in a folder of an
            older program. Somebody with the other key alone can read and verify, and can't forge.
        next_key: the key that the database is being changed to: after a crash it has either.
    """

    database_key: bytes
    signing_key: bytes | None = None
    next_key: bytes | None = None

    def to_text(self) -> str:
        """Return one line a key, in hex."""
        parts = (self.database_key, self.signing_key, self.next_key)
        return "".join(f"{part.hex()}\n" for part in parts if part is not None)

    @classmethod
    def from_text(cls, text: str, where: Text | str) -> "Secrets":
        """Read what `to_text` wrote.

        Args:
            text: one to three lines.
            where: what an error message names.

        Raises:
            StoreError: it isn't that.
        """
        if re.fullmatch(r"[0-9a-f]{64}(\s+[0-9a-f]{64}){0,2}\s*", text) is None:
            raise StoreError("The key {where} is damaged.", _HINT, where=where)
        return cls(*(bytes.fromhex(part) for part in text.split()))

    @classmethod
    def make(cls) -> "Secrets":
        """Return new keys."""
        return cls(secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES))


@dataclass(frozen=True)
class KeyFile:
    """The content of a key file.

    Attributes:
        source: where the secrets lie.
        entry: their name in the keyring.
        text: the secrets themselves, for FILE.
        box: the secrets, sealed with the recovery passphrase, or None.
    """

    source: KeySource
    entry: str = ""
    text: str = ""
    box: Mapping[str, str] | None = None

    @classmethod
    def of(cls, secrets: Secrets) -> "KeyFile":
        """Return a key file that holds the secrets themselves."""
        return cls(KeySource.FILE, text=secrets.to_text())


def read_key_file(folder: Path) -> KeyFile:
    """Read the key file of a folder.

    Raises:
        StoreError: it is missing, damaged or unreadable.
    """
    path = folder / KEY_FILE
    if not path.exists():
        raise StoreError("The key {path} of the database is missing.", _HINT, path=path)
    with mapped_faults(path):
        content = path.read_bytes()
    text = content.decode("ascii", errors="replace")
    if not text.startswith("{"):
        return KeyFile(KeySource.FILE, text=text)
    try:
        values = json.loads(text)
        box = values.get("recovery")
        return KeyFile(KeySource(values["source"]), str(values.get("entry", "")), box=box)
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise StoreError("The key {path} is damaged.", _HINT, path=path) from exc


def write_key_file(folder: Path, file: KeyFile) -> None:
    """Write the key file of a folder, whole or not at all.

    Raises:
        StoreError: it can't be written; the former one is kept.
    """
    values = {"source": str(file.source), "entry": file.entry, "recovery": file.box}
    text = file.text if file.source is KeySource.FILE else json.dumps(values, indent=1) + "\n"
    with mapped_faults(folder / KEY_FILE):
        _write_whole(folder / KEY_FILE, text.encode("ascii"))


def load_secrets(folder: Path) -> Secrets:
    """Return the secrets of the database in a folder.

    Raises:
        StoreError: they are missing, damaged, or can't be had now; says what to do.
    """
    return secrets_from(folder, read_key_file(folder))


def secrets_from(folder: Path, file: KeyFile) -> Secrets:
    """Return the secrets that a key file points to.

    Raises:
        StoreError: they are missing, damaged, or can't be had now; says what to do.
    """
    readers: Mapping[KeySource, Callable[[], str]] = {
        KeySource.FILE: lambda: file.text,
        KeySource.KEYRING: lambda: _from_keyring(file.entry),
        KeySource.ENVIRONMENT: _from_environment,
        KeySource.CREDENTIAL: _from_credential,
        KeySource.SEALED: lambda: _unsealed(folder / SEALED_FILE),
    }
    where = str(folder / KEY_FILE) if file.source is KeySource.FILE else f"({file.source})"
    return Secrets.from_text(readers[file.source](), where)


def keep_secrets(folder: Path, secrets: Secrets, passphrase: str | None = None) -> None:
    """Store changed secrets where the folder's secrets lie.

    Args:
        folder: the data folder.
        secrets: the secrets from now on.
        passphrase: seals them for recovery anew; None keeps a box there may be, which must hold
            no other database key.

    Raises:
        StoreError: they lie where this program can't write.
    """
    file = read_key_file(folder)
    if file.source is KeySource.FILE:
        write_key_file(folder, replace(file, text=secrets.to_text()))
        return
    if file.source is not KeySource.KEYRING:
        raise StoreError(
            "The key is given by the {source}, which FaceAccess can't change.",
            "Turn encryption off, change the key, then turn it on again.",
            source=file.source,
        )
    to_keyring(file.entry, secrets)
    if passphrase is not None:
        write_key_file(folder, replace(file, box=recovery.seal(secrets.to_text(), passphrase)))


def to_keyring(entry: str, secrets: Secrets) -> None:
    """Put secrets into the system's keyring, and see that they can be read back.

    Raises:
        StoreError: there is no keyring, or it is locked.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_KEYRING_SERVICE, entry, secrets.to_text())
    except (KeyringError, RuntimeError, OSError) as exc:
        raise _no_keyring() from exc
    if _from_keyring(entry) != secrets.to_text():
        raise _no_keyring()


def forget_in_keyring(entry: str) -> None:
    """Remove secrets from the keyring; one that is not there or can't be reached is left."""
    import contextlib

    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError, RuntimeError, OSError):
        keyring.delete_password(_KEYRING_SERVICE, entry)


def _from_keyring(entry: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(_KEYRING_SERVICE, entry)
    except (KeyringError, RuntimeError, OSError) as exc:
        raise _no_keyring() from exc
    if text is None:
        raise StoreError(
            "The key of the database is not in this account's keyring.",
            "Use the account that turned encryption on, or: faceaccess encryption recover",
        )
    return text


def _no_keyring() -> StoreError:
    return StoreError(
        "The system's keyring can't be used: there is none, or it is locked.",
        "Unlock it and start again. On a computer that starts without a person, use the key source "
        "credential, sealed or environment; with the recovery passphrase: faceaccess encryption recover",
    )


def _from_environment() -> str:
    text = os.environ.get(KEY_VARIABLE, "")
    if not text.strip():
        raise StoreError(
            "The key of the database is expected in the environment variable {key_variable}.",
            "Set it for this program, or: faceaccess encryption recover",
            key_variable=KEY_VARIABLE,
        )
    return text


def _from_credential() -> str:
    folder = os.environ.get(CREDENTIALS_VARIABLE, "")
    path = Path(folder) / CREDENTIAL
    if not folder or not path.is_file():
        raise StoreError(
            "The key of the database is expected as the systemd credential {credential}.",
            "Add LoadCredentialEncrypted={credential} to the service, or: faceaccess encryption recover",
            credential=CREDENTIAL,
        )
    with mapped_faults(path):
        return path.read_text(encoding="ascii", errors="replace")


def _unsealed(path: Path) -> str:
    """Return what a file sealed to this machine's TPM holds, as systemd-creds unseals it."""
    command = ["systemd-creds", "decrypt", f"--name={CREDENTIAL}", str(path), "-"]
    try:
        run = subprocess.run(command, capture_output=True, check=True, timeout=_UNSEAL_S)
    except (OSError, subprocess.SubprocessError) as exc:
        raise StoreError(
            "The sealed key {path} can't be opened on this machine.",
            "It opens only where it was sealed. With the recovery passphrase: faceaccess encryption recover",
            path=path,
        ) from exc
    return run.stdout.decode("ascii", errors="replace")


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
