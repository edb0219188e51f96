"""Starts the kiosk when an account logs in, in the way of each system."""

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from faceaccess import paths
from faceaccess.errors import SettingsError

_NAME = "faceaccess-kiosk"


def install(data_dir: Path | None, options: Sequence[str] = ()) -> Path:
    """Write the file that starts the kiosk at login; return its path.

    Args:
        data_dir: None takes the one in the environment, which isn't there at a login, or the standard one.
        options: further ones of the kiosk.

    Raises:
        SettingsError: it can't be written.
    """
    command = [*paths.program(), "kiosk", *options]
    chosen = os.environ.get(paths.DATA_DIR_VARIABLE, "").strip()
    if data_dir is None and chosen:
        data_dir = Path(chosen).expanduser()
    if data_dir is not None:
        command += ["--data-dir", str(data_dir.resolve())]
    path = file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_content(command))
    except OSError as exc:
        raise SettingsError(f"{path} can't be written: {exc.strerror}.") from exc
    return path


def remove() -> Path:
    """Remove it, if it is there; return the file.

    Raises:
        SettingsError: it can't be removed.
    """
    path = file()
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise SettingsError(f"{path} can't be removed: {exc.strerror}.") from exc
    return path


def file(platform: str = sys.platform) -> Path:
    """Return the path where the system looks for programs to start at login."""
    if platform == "win32":
        start_menu = Path(os.environ["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs/Startup"
        return start_menu / f"{_NAME}.cmd"
    if platform == "darwin":
        return Path.home() / "Library/LaunchAgents" / f"{_NAME}.plist"
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(config) / "autostart" / f"{_NAME}.desktop"


def _content(command: list[str], platform: str = sys.platform) -> bytes:
    if platform == "win32":
        return f'@start "" {subprocess.list2cmdline(command)}\r\n'.encode()
    if platform == "darwin":
        return plistlib.dumps({"Label": _NAME, "ProgramArguments": command, "RunAtLoad": True})
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=FaceAccess kiosk",
        f"Exec={' '.join(map(_quoted, command))}",
        "",
    )
    return "\n".join(lines).encode()


def _quoted(argument: str) -> str:
    """Return an argument as a desktop entry's Exec has it.

    Source: Desktop Entry Specification 1.5, "The Exec key": double quotes, and a backslash before
    what they would not take away; a percent sign twice; then each backslash twice, as in any string.
    """
    escaped = re.sub(r'(["`$\\])', r"\\\1", argument).replace("%", "%%")
    return '"' + escaped.replace("\\", "\\\\") + '"'
