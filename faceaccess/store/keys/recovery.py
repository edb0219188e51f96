"""The recovery passphrase: created by the program, shown once, and used to seal secrets."""

import base64
import secrets
from collections.abc import Mapping

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from faceaccess.errors import StoreError

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which are read as one another."""

GROUPS, GROUP_LENGTH = 6, 5
"""30 characters of 5 bits each: 150 bits, more than anybody can try."""

_SALT_BYTES, _NONCE_BYTES = 16, 12
_TIME_COST, _MEMORY_KIB, _LANES = 3, 65_536, 4
"""Argon2id, the second recommended option of RFC 9106, section 4."""


def new_passphrase() -> str:
    """Return a new passphrase in groups of letters and digits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def clean_passphrase(text: str) -> str:
    """Return a recovery passphrase in the form that is compared, however it was typed or grouped."""
    return "".join(character for character in text.upper() if character in _ALPHABET)


def derive_key(passphrase: str, salt: bytes) -> bytes:
    """Return the 32-byte key derived from a passphrase. Slow on purpose."""
    return hash_secret_raw(passphrase.encode(), salt, _TIME_COST, _MEMORY_KIB, _LANES, 32, Type.ID)


def seal(text: str, passphrase: str) -> dict[str, str]:
    """Encrypt a text with AES-GCM under a recovery passphrase. Slow on purpose."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    key = derive_key(clean_passphrase(passphrase), salt)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), None)
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return {name: base64.b64encode(part).decode("ascii") for name, part in parts.items()}


def unseal(box: Mapping[str, str] | None, passphrase: str) -> str:
    """Return the text of a box. Slow on purpose.

    Raises:
        StoreError: another passphrase sealed it, or it is damaged.
    """
    try:
        parts = {name: base64.b64decode((box or {})[name]) for name in ("salt", "nonce", "sealed")}
        key = derive_key(clean_passphrase(passphrase), parts["salt"])
        return AESGCM(key).decrypt(parts["nonce"], parts["sealed"], None).decode()
    except (InvalidTag, KeyError, ValueError, TypeError) as exc:
        raise StoreError(
            "This recovery passphrase doesn't open it.",
            "Check the letters; each passphrase is for one folder.",
        ) from exc
