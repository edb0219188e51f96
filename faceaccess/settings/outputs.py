"""Other programs that are told of entries, and the devices that open doors."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from faceaccess.codes import NotificationKind, NotificationWish, OpeningKind
from faceaccess.errors import SettingsError
from faceaccess.settings import fields

SECRET_LENGTH = (0, 200)


LEAST_SECRET = 16


@dataclass(frozen=True)
class Notification(fields.Settings):
    """Another program that is told of entries and camera faults.

    Attributes:
        channel_id: names it for good, whatever it is called.
    """

    channel_id: str = fields.text("", "Id", "Names it in messages.", (1, 32))
    name: str = fields.text("Notification", "Name", "What you call it.", (1, 100))
    kind: NotificationKind = fields.choice(NotificationKind.WEBHOOK, "By", "How it is told.")
    address: str = fields.text(
        "https://",
        "Address",
        "https://host/path of a webhook, or mqtt://name:password@host/topic (mqtts: encrypted).",
        (1, 2000),
    )
    secret: str = fields.text(
        "",
        "Secret",
        "Signs each message of a webhook (HMAC-SHA256); at least 16 characters, the same at the receiver.",
        SECRET_LENGTH,
    )
    wish: NotificationWish = fields.choice(NotificationWish.ALL, "Entries", "Which entries it is told of.")
    wants_faults: bool = fields.flag(
        True, "Camera faults", "Whether it is told when a camera is lost or sees nothing."
    )

    def check(self) -> None:
        """Check that the parts fit together, which they needn't while they are being changed.

        Raises:
            SettingsError: an address of another kind, or a secret that could be guessed.
        """
        if self.kind is NotificationKind.WEBHOOK and len(self.secret) < LEAST_SECRET:
            raise SettingsError(
                "The secret must have at least {least_secret} characters.", least_secret=LEAST_SECRET
            )
        schemes = ("http", "https") if self.kind is NotificationKind.WEBHOOK else ("mqtt", "mqtts")
        _check_address(self.address, schemes)


@dataclass(frozen=True)
class Opening(fields.Settings):
    """The device that opens a door for people let in."""

    kind: OpeningKind = fields.choice(OpeningKind.NONE, "Opened by", "What opens the door for who is let in.")
    address: str = fields.text(
        "",
        "Address",
        "/dev/ttyUSB0 or COM3 of a relay, https://host/path, or mqtt://name:password@host/topic.",
        (0, 2000),
    )
    secret: str = fields.text("", "Secret", "Signs the order sent by HTTP (HMAC-SHA256).", SECRET_LENGTH)
    on_hex: str = fields.text("A00101A2", "Relay on", "What switches the relay on, in hexadecimal.", (2, 64))
    off_hex: str = fields.text(
        "A00100A1", "Relay off", "What switches the relay off, in hexadecimal.", (2, 64)
    )
    pulse_s: float = fields.number(3.0, "Pulse", "How long the relay stays on.", (0.1, 30), unit="s")

    def check(self) -> None:
        """Check that the parts fit together, which they needn't while they are being changed.

        Raises:
            SettingsError: an address of another kind, or codes that are no hexadecimal numbers.
        """
        for name in ("on_hex", "off_hex"):
            try:
                bytes.fromhex(getattr(self, name))
            except ValueError as exc:
                raise SettingsError("{name} must be hexadecimal, such as A00101A2.", name=name) from exc
        if self.kind is OpeningKind.SERIAL and not self.address:
            raise SettingsError("Give the relay's device, such as /dev/ttyUSB0 or COM3.")
        if self.kind in (OpeningKind.HTTP, OpeningKind.MQTT):
            schemes = ("http", "https") if self.kind is OpeningKind.HTTP else ("mqtt", "mqtts")
            _check_address(self.address, schemes)


def _check_address(address: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or ("mqtt" in schemes and not parts.path.strip("/")):
        example = "mqtt://host/topic" if "mqtt" in schemes else "https://host/path"
        raise SettingsError("The address must look like {example}.", example=example)
