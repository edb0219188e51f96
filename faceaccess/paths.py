"""Where the program keeps its files; each place can be moved by an environment variable."""

import os
import stat
import sys
from pathlib import Path

import platformdirs

from faceaccess.errors import FaceAccessError

APP_NAME = "FaceAccess"
DATA_DIR_VARIABLE = "FACEACCESS_DATA_DIR"
HEARTBEAT_VARIABLE = "FACEACCESS_HEARTBEAT"
"""Names the file by which a kiosk shows its keeper that it lives."""

CONFIG_DIR_VARIABLE = "FACEACCESS_CONFIG_DIR"
CACHE_DIR_VARIABLE = "FACEACCESS_CACHE_DIR"

_PACKAGE = Path(__file__).resolve().parent


def _from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable, "").strip()
    return Path(value).expanduser() if value else None


def is_frozen() -> bool:
    """Tell whether this is the installed program, which brings its own Python, and not a Python package."""
    return bool(getattr(sys, "frozen", False))


def program() -> list[str]:
    """Return the command that starts this program once more, to which arguments are added."""
    return [sys.executable] if is_frozen() else [sys.executable, "-m", "faceaccess"]


def data_dir() -> Path:
    """Return the folder of database, key, downloaded models and logs."""
    return _from_environment(DATA_DIR_VARIABLE) or platformdirs.user_data_path(APP_NAME, appauthor=False)


def config_dir() -> Path:
    """Return the folder of the settings that belong to this computer."""
    return _from_environment(CONFIG_DIR_VARIABLE) or platformdirs.user_config_path(APP_NAME, appauthor=False)


def cache_dir() -> Path:
    """Return the folder of exported networks, which can be recreated at any time."""
    return _from_environment(CACHE_DIR_VARIABLE) or platformdirs.user_cache_path(APP_NAME, appauthor=False)


def log_dir(data: Path | None = None) -> Path:
    """Return the folder of the program's own logs.

    Args:
        data: the data folder in use; the standard one when None.
    """
    return (data or data_dir()) / "logs"


def models_dir(data: Path | None = None) -> Path:
    """Return the folder of downloaded or imported weights.

    Args:
        data: the data folder in use; the standard one when None.
    """
    return (data or data_dir()) / "models"


def keep_private() -> None:
    """Make whatever this process writes from now on readable by its own account alone.

    Reports, exports and copies are about people, and the system's usual mask lets everybody read them.
    """
    os.umask(0o077)


def others_may_write(folder: Path) -> bool:
    """Tell whether other accounts of this computer may change what lies in a folder; never on Windows."""
    try:
        return os.name == "posix" and bool(folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    except OSError:
        return False


def resource(name: str) -> Path:
    """Return the path of a file or folder that ships with the program.

    Args:
        name: path inside `resources`, with forward slashes.

    Raises:
        FaceAccessError: the installation is incomplete.
    """
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = folder / name
        if path.exists():
            return path
    raise FaceAccessError("The program's file {name} is missing.", "Install FaceAccess again.", name=name)
