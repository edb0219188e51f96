"""The place of the news of newer versions, and the key of who signs them."""

import base64
import binascii
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from faceaccess.errors import SettingsError
from faceaccess.settings import fields

KEY_BYTES = 32


@dataclass(frozen=True)
class UpdateSettings(fields.Settings):
    """The place where *About* may look for a newer version; nothing is looked for until both are set."""

    address: str = fields.text(
        "",
        "Address",
        "Of the signed file that IT puts there: https://it.example.com/faceaccess.json.",
        (0, 2000),
    )
    public_key: str = fields.text(
        "",
        "IT's public key",
        "The 44 characters that IT gives you. News signed by anybody else is refused.",
        (0, 200),
    )

    @property
    def is_on(self) -> bool:
        """Whether there is a place to look at."""
        return bool(self.address and self.public_key)

    def key(self) -> bytes:
        """Return the public key, of 32 bytes.

        Raises:
            SettingsError: it is none.
        """
        try:
            key = base64.b64decode(self.public_key, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise SettingsError(
                "The public key isn't one: it has 44 letters, digits and signs, the last of which is =.",
                "Copy it whole from what IT gave you.",
            )
        return key

    def check(self) -> None:
        """Check the parts that are set; one may be set before the other.

        Raises:
            SettingsError: the address could be listened in on, or isn't one, or the key isn't one.
        """
        if self.address:
            _check_address(self.address)
        if self.public_key:
            self.key()


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_whole = bool(host) and parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise SettingsError("The address must look like https://it.example.com/faceaccess.json.")
    if "@" in parts.netloc:
        raise SettingsError(
            "The address must not have a name or a password in it.",
            "The news is signed, not secret: let everybody in the house read it.",
        )
    if parts.scheme == "http" and not _is_this_computer(host):
        raise SettingsError(
            "The address must begin with https://: others on the network could change what http brings.",
            "Only an address of this computer itself may begin with http://.",
        )


def _is_this_computer(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
