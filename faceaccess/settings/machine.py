"""Settings of this computer, in a JSON file that holds only what differs from the defaults."""

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from faceaccess import paths
from faceaccess.errors import SettingsError, template
from faceaccess.foreign_files import read_text
from faceaccess.settings import fields

MACHINE_FILE = "settings.json"


class Device(StrEnum):
    """The device that runs the networks."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class HeldTemplates(StrEnum):
    """The way in which memory holds templates; decisions are the same."""

    EXACT = "exact"
    COMPACT = "compact"


class Appearance(StrEnum):
    """The look of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class MachineSettings(fields.Settings):
    """Settings of this computer."""

    device: Device = fields.choice(
        Device.AUTO,
        "Device",
        "What runs the networks. Auto takes a GPU when there is one, else the processor. A GPU needs the "
        "installation by pip: the one of the installer brings the processor's part only.",
        needs_restart=True,
    )
    held_templates: HeldTemplates = fields.choice(
        HeldTemplates.EXACT,
        "Templates in memory",
        "A byte a number decides the same in a third of the memory: 0.5 GB for a million people instead of "
        "1.5. A search reads the nearest in full from the database, which takes about half a millisecond. "
        "Below 100 000 templates there is little to save.",
        needs_restart=True,
    )
    appearance: Appearance = fields.choice(
        Appearance.SYSTEM, "Appearance", "Light or dark window; System follows the desktop."
    )
    starts_door: bool = fields.flag(
        False,
        "Start the door",
        "Opens the door with all its cameras as soon as the program starts, before anybody signs in.",
    )
    notifies_faults: bool = fields.flag(
        False,
        "Desktop notifications",
        "Tells you on the desktop when a camera is lost or sees nothing, or the desk is asked, whatever "
        "window you work in.",
    )
    lock_after_min: int = fields.number(
        10,
        "Lock after",
        "Signs the operator out when nothing was done for so long; the door goes on.",
        (1, 240),
        unit="min",
    )
    kiosk_screen: str = fields.text("", "Kiosk's screen", "The screen that the kiosk fills.", (0, 200))
    kiosk_camera: str = fields.text("", "Kiosk's camera", "The camera that the kiosk shows.", (0, 100))
    desk_screen: str = fields.text("", "Desk's screen", "The screen that the desk opens on.", (0, 200))
    desk_sounds: bool = fields.flag(
        False, "Sound of a question", "Sounds when the desk is asked who somebody is."
    )
    kiosk_sounds: bool = fields.flag(False, "Sounds", "Sounds once for who is let in, twice for who isn't.")
    kiosk_blurs: bool = fields.flag(
        False,
        "Hide strangers",
        "Makes faces that aren't recognised unrecognisable on the screen.",
    )
    backup_folder: str = fields.text(
        "", "Backups", "Where this computer wrote its last backup, should the data be damaged.", (0, 4096)
    )
    data_folder: str = fields.text(
        "",
        "Data folder",
        "Where database, key and models are kept; empty for the standard place.",
        (0, 4096),
        needs_restart=True,
    )


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


def chosen_data_dir(data_dir: Path | None, settings: MachineSettings) -> Path:
    """Return the data folder to use: the one named, the environment's, the setting's, or the standard one."""
    if data_dir is not None:
        return data_dir.expanduser()
    if os.environ.get(paths.DATA_DIR_VARIABLE, "").strip() or not settings.data_folder:
        return paths.data_dir()
    return Path(settings.data_folder).expanduser()
