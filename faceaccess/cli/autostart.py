"""Starts the kiosk when an account logs in, in the way of each system."""

import os
import plistlib
import shlex
import subprocess
import sys
from pathlib import Path

from faceaccess.errors import SettingsError

_NAME = "faceaccess-kiosk"


def install(data_dir: Path | None) -> Path:
    """Write what starts the kiosk at login; return the file.

    Raises:
        SettingsError: it can't be written.
    """
    command = [sys.executable, "-m", "faceaccess", "kiosk"]
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
    """Return where the system looks for what to start at login."""
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
        f"Exec={shlex.join(command)}",
        "",
    )
    return "\n".join(lines).encode()
