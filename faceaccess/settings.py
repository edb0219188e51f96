"""Settings as frozen dataclasses whose fields carry label, help, range and unit.

`MachineSettings` belong to this computer and live in a JSON file that holds only what
differs from the defaults. `DoorSettings` and `CameraSettings` decide about people: they
live in the database and each change of them is journalled.

A field's metadata has `label`, `help`, `kind` ("choice", "int", "float", "text", "flag" or
"region"),
and where they apply `range` (inclusive; of a text its length), `unit`, `choices` and
`needs_restart`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from faceaccess import paths
from faceaccess.codes import NotificationKind, NotificationWish, OpeningKind, Passage, Turn
from faceaccess.errors import SettingsError, Text, template
from faceaccess.foreign_files import read_text
from faceaccess.plain_text import has_hidden

MACHINE_FILE = "settings.json"

Region = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of the picture, as parts of its width and height."""

WHOLE_PICTURE: Region = (0.0, 0.0, 1.0, 1.0)
LEAST_REGION = 0.1
"""Least width and height of a region: in a smaller one nobody could be followed."""

WEBCAM_PREFIX = "usb:"
"""Begins a source that names a webcam by what the system knows it by, wherever it is plugged in."""


class Device(StrEnum):
    """What runs the networks."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Appearance(StrEnum):
    """The look of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _choice(default: StrEnum, label: str, words: str, *, needs_restart: bool = False) -> Any:  # noqa: ANN401
    choices = tuple(type(default))
    return _declare(
        default, label=label, help=words, kind="choice", choices=choices, needs_restart=needs_restart
    )


def _number(default: float, label: str, words: str, limits: tuple[float, float], *, unit: str = "") -> Any:  # noqa: ANN401
    kind = "int" if isinstance(default, int) else "float"
    return _declare(default, label=label, help=words, kind=kind, range=limits, unit=unit)


def _text(
    default: str, label: str, words: str, length: tuple[int, int], *, needs_restart: bool = False
) -> Any:  # noqa: ANN401
    return _declare(default, label=label, help=words, kind="text", range=length, needs_restart=needs_restart)


def _flag(default: bool, label: str, words: str) -> Any:  # noqa: ANN401
    return _declare(default, label=label, help=words, kind="flag")


def _region(label: str, words: str) -> Any:  # noqa: ANN401
    return _declare(WHOLE_PICTURE, label=label, help=words, kind="region", range=(0.0, 1.0), unit="")


def _declare(default: object, **metadata: object) -> Any:  # noqa: ANN401 - a field fits any annotation
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class _Settings:
    """Validation and plain values, shared by the groups."""

    def __post_init__(self) -> None:
        for setting in fields(self):
            # A frozen dataclass can only be given its enum members and stripped texts this way.
            object.__setattr__(self, setting.name, _checked(setting, getattr(self, setting.name)))

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> Self:
        """Build from plain values such as JSON gives; what is left out is the default.

        Raises:
            SettingsError: an unknown field, or a value out of range.
        """
        unknown = sorted(set(values) - {setting.name for setting in fields(cls)})
        if unknown:
            raise SettingsError("There is no setting named {unknown}.", unknown=", ".join(unknown))
        return cls(**values)

    def values(self) -> dict[str, object]:
        """Return all fields as plain values."""
        return asdict(self)

    def overrides(self) -> dict[str, object]:
        """Return the fields that differ from their defaults, as plain values."""
        defaults = {setting.name: setting.default for setting in fields(self)}
        return {name: value for name, value in self.values().items() if value != defaults[name]}


def _checked(setting: Field[Any], value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    kind = setting.metadata["kind"]
    if kind == "choice":
        return _checked_choice(setting, value)
    if kind == "text":
        return _checked_text(setting, value)
    if kind == "region":
        return _checked_region(setting, value)
    if kind == "flag":
        return _checked_flag(setting, value)
    return _checked_number(setting, value)


def _checked_choice(setting: Field[Any], value: object) -> object:
    choices = setting.metadata["choices"]
    if not isinstance(value, str) or value not in choices:
        raise SettingsError(
            "{name} is {value!r}; it must be one of {choices}.",
            name=setting.name,
            value=value,
            choices=", ".join(choices),
        )
    member: type[StrEnum] = type(setting.default)  # type: ignore[assignment]
    return member(value)


def _checked_text(setting: Field[Any], value: object) -> str:
    if not isinstance(value, str):
        raise SettingsError("{name} is {value!r}; it must be text.", name=setting.name, value=value)
    text = value.strip()
    least, most = setting.metadata["range"]
    if not least <= len(text) <= most:
        raise SettingsError(
            "{name} must have {least} to {most} characters, not {count}.",
            name=setting.name,
            least=least,
            most=most,
            count=len(text),
        )
    if has_hidden(text):
        raise SettingsError("{name} must not contain control characters.", name=setting.name)
    return text


def _checked_number(setting: Field[Any], value: object) -> float:
    is_whole = setting.metadata["kind"] == "int"
    if isinstance(value, bool) or not isinstance(value, int if is_whole else int | float):
        text = (
            template("{name} is {value!r}; it must be a whole number.")
            if is_whole
            else template("{name} is {value!r}; it must be a number.")
        )
        raise SettingsError(text, name=setting.name, value=value)
    least, most = setting.metadata["range"]
    if not least <= value <= most:
        unit = setting.metadata["unit"]
        most_in_units = Text("{most} {unit}", {"most": most, "unit": Text(unit)}) if unit else most
        raise SettingsError(
            "{name} is {value}; it must be {least} to {most}.",
            name=setting.name,
            value=value,
            least=least,
            most=most_in_units,
        )
    return value if is_whole else float(value)


def _checked_flag(setting: Field[Any], value: object) -> bool:
    if not isinstance(value, bool):
        raise SettingsError("{name} is {value!r}; it must be true or false.", name=setting.name, value=value)
    return value


def _checked_region(setting: Field[Any], value: Any) -> Region:  # noqa: ANN401 - JSON has lists
    try:
        left, top, right, bottom = (float(part) for part in value)
    except (TypeError, ValueError) as exc:
        raise SettingsError(
            "{name} is {value!r}; it must be four numbers from 0 to 1.", name=setting.name, value=value
        ) from exc
    if not (left >= 0 and top >= 0 and right <= 1 and bottom <= 1):
        raise SettingsError(
            "{name} is {value!r}; it must lie within the picture, 0 to 1.", name=setting.name, value=value
        )
    if not (right - left >= LEAST_REGION and bottom - top >= LEAST_REGION):
        raise SettingsError(
            "{name} is too small: it must be a tenth of the picture each way.", name=setting.name
        )
    return left, top, right, bottom


@dataclass(frozen=True)
class MachineSettings(_Settings):
    """Settings of this computer."""

    device: Device = _choice(
        Device.AUTO,
        "Device",
        "What runs the networks. Auto takes a GPU when there is one, else the processor.",
        needs_restart=True,
    )
    appearance: Appearance = _choice(
        Appearance.SYSTEM, "Appearance", "Light or dark window; System follows the desktop."
    )
    notifies_faults: bool = _flag(
        False,
        "Desktop notifications",
        "Tells you on the desktop when a camera is lost or sees nothing, whatever window you work in.",
    )
    lock_after_min: int = _number(
        10,
        "Lock after",
        "Signs the operator out when nothing was done for so long; the door goes on.",
        (1, 240),
        unit="min",
    )
    kiosk_screen: str = _text("", "Kiosk's screen", "The screen that the kiosk fills.", (0, 200))
    kiosk_camera: str = _text("", "Kiosk's camera", "The camera that the kiosk shows.", (0, 100))
    desk_screen: str = _text("", "Desk's screen", "The screen that the desk opens on.", (0, 200))
    kiosk_sounds: bool = _flag(False, "Sounds", "Sounds once for who is let in, twice for who isn't.")
    kiosk_blurs: bool = _flag(
        False,
        "Hide strangers",
        "Makes faces that aren't recognised unrecognisable on the screen.",
    )
    backup_folder: str = _text(
        "", "Backups", "Where this computer wrote its last backup, should the data be damaged.", (0, 4096)
    )
    data_folder: str = _text(
        "",
        "Data folder",
        "Where database, key and models are kept; empty for the standard place.",
        (0, 4096),
        needs_restart=True,
    )


@dataclass(frozen=True)
class DoorSettings(_Settings):
    """When a face at a door becomes an entry; the same for all cameras."""

    agreeing_frames: int = _number(
        3, "Agreeing frames", "How many frames must agree before an entry is made.", (1, 30)
    )
    cool_down_s: float = _number(
        60.0,
        "Cool-down",
        "How long after an entry the same person makes no further one in the same direction.",
        (0, 86_400),
        unit="s",
    )
    absence_s: float = _number(
        1.0,
        "Absence",
        "How long a face must be out of sight before its visit is over.",
        (0.1, 60),
        unit="s",
    )
    unknown_after_s: float = _number(
        3.0,
        "Unknown after",
        "How long a face stays unrecognised before it is entered as unknown.",
        (0.1, 60),
        unit="s",
    )

    asks_desk: bool = _flag(
        False,
        "Ask the desk",
        "Who is a little beyond the threshold, or between two people, is shown at the desk for 30 s instead "
        "of being refused at once. How little was measured for the model.",
    )
    keep_unknown_h: int = _number(
        0,
        "Keep unknown faces",
        "How long faces that were not recognised can be compared with one another, to see who comes "
        "again; 0: not at all. Longer than a day or two needs a reason that you can tell people.",
        (0, 720),
        unit="h",
    )


@dataclass(frozen=True)
class CameraSettings(_Settings):
    """A camera, the door it looks at, and what counts in its picture.

    Attributes:
        camera_id: names the camera for good, whatever it is called.
    """

    camera_id: str = _text("main", "Id", "Names the camera in settings and commands.", (1, 32))
    name: str = _text("Door", "Name", "What window and log call the camera.", (1, 100))
    source: str = _text(
        "0",
        "Picture from",
        "A webcam, an RTSP or HTTP address, a video file or a folder of images.",
        (1, 2000),
    )
    door: str = _text(
        "Main door",
        "Door",
        "The door it looks at. Two cameras at one door make one entry of a person, not two.",
        (1, 100),
    )
    passage: Passage = _choice(
        Passage.BOTH,
        "Direction",
        "Which way people pass it. By turns: in, then out, then in again, each day anew.",
    )
    smallest_face_px: int = _number(
        60,
        "Smallest face",
        "Faces with a shorter side than this are asked to come closer and not judged.",
        (20, 1000),
        unit="px",
    )
    region: Region = _region("Region", "The part of the picture in which faces count.")
    turn: Turn = _choice(
        Turn.NONE, "Turn", "By how much the picture is turned clockwise, for a camera that hangs on its side."
    )
    stretch: float = _number(
        1.0,
        "Stretch",
        "By how much the picture is made wider, where faces look too narrow: 2 at 960x1080.",
        (0.25, 4.0),
    )


SECRET_LENGTH = (0, 200)
LEAST_SECRET = 16


@dataclass(frozen=True)
class Notification(_Settings):
    """Another program that is told of entries and camera faults.

    Attributes:
        channel_id: names it for good, whatever it is called.
    """

    channel_id: str = _text("", "Id", "Names it in messages.", (1, 32))
    name: str = _text("Notification", "Name", "What you call it.", (1, 100))
    kind: NotificationKind = _choice(NotificationKind.WEBHOOK, "By", "How it is told.")
    address: str = _text(
        "https://",
        "Address",
        "https://host/path of a webhook, or mqtt://name:password@host/topic (mqtts: encrypted).",
        (1, 2000),
    )
    secret: str = _text(
        "",
        "Secret",
        "Signs each message of a webhook (HMAC-SHA256); at least 16 characters, the same at the receiver.",
        SECRET_LENGTH,
    )
    wish: NotificationWish = _choice(NotificationWish.ALL, "Entries", "Which entries it is told of.")
    wants_faults: bool = _flag(
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
class Opening(_Settings):
    """What opens a door for whom is let in."""

    kind: OpeningKind = _choice(OpeningKind.NONE, "Opened by", "What opens the door for who is let in.")
    address: str = _text(
        "",
        "Address",
        "/dev/ttyUSB0 or COM3 of a relay, https://host/path, or mqtt://name:password@host/topic.",
        (0, 2000),
    )
    secret: str = _text("", "Secret", "Signs the order sent by HTTP (HMAC-SHA256).", SECRET_LENGTH)
    on_hex: str = _text("A00101A2", "Relay on", "What switches the relay on, in hexadecimal.", (2, 64))
    off_hex: str = _text("A00100A1", "Relay off", "What switches the relay off, in hexadecimal.", (2, 64))
    pulse_s: float = _number(3.0, "Pulse", "How long the relay stays on.", (0.1, 30), unit="s")

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


@dataclass(frozen=True)
class BackupSettings(_Settings):
    """Backups that are made by themselves."""

    folder: str = _text("", "Folder", "Where backups are written: best on another disk.", (0, 4096))
    secret: str = _text(
        "", "Passphrase", "Opens the backups, and nothing else does: keep it on paper.", (0, 256)
    )
    every_h: int = _number(0, "Every", "How often one is made; 0: only when asked for.", (0, 720), unit="h")
    keep: int = _number(14, "Keep", "How many are kept, the newest.", (1, 1000))


@dataclass(frozen=True)
class RetentionSettings(_Settings):
    """How long personal data is kept; 0: until somebody deletes it. What was deleted goes in any case."""

    unknown_crops_days: int = _number(
        0, "Pictures of unknown people", "Faces at the door that were not recognised.", (0, 3650), unit="d"
    )
    crops_days: int = _number(0, "Pictures of entries", "Faces of people in the log.", (0, 3650), unit="d")
    events_days: int = _number(
        0,
        "Entries",
        "The log itself, with what operators did: its older part is removed for good. Payroll may need it.",
        (0, 36500),
        unit="d",
    )
    leavers_days: int = _number(
        0,
        "People who have left",
        "People who were deactivated are erased so long afterwards, with photos and templates.",
        (0, 3650),
        unit="d",
    )
    deleted_days: int = _number(
        7,
        "Deleted people and photos",
        "So long can they be restored; then they are erased for good.",
        (1, 365),
        unit="d",
    )


@dataclass(frozen=True)
class ConsentSettings(_Settings):
    """How long a consent to face recognition holds."""

    valid_months: int = _number(
        0,
        "A consent holds for",
        "Afterwards it is listed as expired until it is given anew; 0: until it is withdrawn.",
        (0, 120),
        unit="months",
    )
    review_months: int = _number(
        24,
        "Look at it again after",
        "When it is to be asked whether the face is still needed; 0: never.",
        (0, 120),
        unit="months",
    )
    warn_days: int = _number(
        30,
        "Say so before",
        "So long before it expires, it is in the list of what is due.",
        (0, 365),
        unit="d",
    )


def _check_address(address: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or ("mqtt" in schemes and not parts.path.strip("/")):
        example = "mqtt://host/topic" if "mqtt" in schemes else "https://host/path"
        raise SettingsError("The address must look like {example}.", example=example)


class SourceKind(StrEnum):
    """What a source is."""

    WEBCAM = "webcam"
    STREAM = "stream"
    RECORDING = "recording"


def is_live(source: str) -> bool:
    """Tell whether a source is a camera by how it is written: an address, a number, or a webcam's name."""
    return "://" in source or source.isdigit() or source.startswith(WEBCAM_PREFIX)


def source_kind(source: str) -> SourceKind:
    """Return what a source is, by how it is written; a file or folder must be there."""
    if "://" in source:
        return SourceKind.STREAM
    if not is_live(source) and Path(source).expanduser().exists():
        return SourceKind.RECORDING
    return SourceKind.WEBCAM


_MOST_BYTES = 2**20


def machine_settings_path() -> Path:
    """Return the path of this computer's settings file, which need not exist."""
    return paths.config_dir() / MACHINE_FILE


def load_machine_settings() -> MachineSettings:
    """Read this computer's settings; without a file they are the defaults.

    Raises:
        SettingsError: the file is damaged or holds a value out of range; it is left as it is.
    """
    path = machine_settings_path()
    hint = template("Mend or remove {path}, then start again.")
    try:
        values = json.loads(read_text(path, _MOST_BYTES))
    except FileNotFoundError:
        return MachineSettings()
    except OSError as exc:
        raise SettingsError(
            "The settings file {path} can't be read: {reason}.", hint, path=path, reason=exc.strerror
        ) from exc
    except ValueError as exc:
        raise SettingsError(
            "The settings file {path} is damaged: {reason}.", hint, path=path, reason=str(exc)
        ) from exc
    if not isinstance(values, dict):
        raise SettingsError("The settings file {path} is damaged: it holds no settings.", hint, path=path)
    try:
        return MachineSettings.from_values(values)
    except SettingsError as exc:
        raise SettingsError(
            "The settings file {path} can't be used: {reason}", hint, path=path, reason=exc.message_text
        ) from exc


def save_machine_settings(settings: MachineSettings) -> None:
    """Write what differs from the defaults, all or nothing.

    Raises:
        SettingsError: the present file is damaged (and is kept), or the folder can't be written.
    """
    load_machine_settings()
    path = machine_settings_path()
    part = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(settings.overrides(), indent=2) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError as exc:
        raise SettingsError(
            "The settings can't be saved in {path}: {reason}.", path=path, reason=exc.strerror
        ) from exc


def chosen_data_dir(given: Path | None, settings: MachineSettings) -> Path:
    """Return the data folder to use: as given, by environment, by setting, or the standard one."""
    if given is not None:
        return given.expanduser()
    if os.environ.get(paths.DATA_DIR_VARIABLE, "").strip() or not settings.data_folder:
        return paths.data_dir()
    return Path(settings.data_folder).expanduser()
