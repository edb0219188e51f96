"""The kiosk's start: at login, again after a crash, and the desk's PIN."""

import plistlib
import sys
from pathlib import Path

import pytest

from faceaccess.cli import autostart
from faceaccess.cli.kiosk import keep_alive
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run


def test_it_starts_at_login_until_it_is_taken_back(run: Run, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(autostart, "file", lambda: tmp_path / "autostart" / "kiosk.desktop")
    assert run("kiosk", "--at-login").exit_code == 0
    written = (tmp_path / "autostart" / "kiosk.desktop").read_text()
    assert "-m faceaccess kiosk --data-dir" in written
    assert run("kiosk", "--not-at-login").exit_code == 0
    assert run("kiosk", "--not-at-login").exit_code == 0
    assert not (tmp_path / "autostart" / "kiosk.desktop").exists()


def test_each_system_has_its_own_way(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path))
    assert autostart.file("win32").name == "faceaccess-kiosk.cmd"
    assert autostart.file("darwin").parent.name == "LaunchAgents"
    assert autostart.file("linux").parent.name == "autostart"
    command = ["/opt/my python", "-m", "faceaccess"]
    assert autostart._content(command, "win32") == b'@start "" "/opt/my python" -m faceaccess\r\n'
    assert plistlib.loads(autostart._content(command, "darwin"))["ProgramArguments"] == command
    assert b"Exec='/opt/my python' -m faceaccess" in autostart._content(command, "linux")


@pytest.mark.parametrize("code", [0, 2])
def test_what_was_left_or_wrongly_called_is_not_started_again(code: int) -> None:
    assert keep_alive([sys.executable, "-c", f"import sys; sys.exit({code})"], (0.0,)) == code


def test_what_crashes_or_cannot_start_is_started_again(tmp_path: Path, capsys) -> None:
    code = (
        "import os, sys, pathlib; runs = pathlib.Path(sys.argv[1]);"
        "count = len(list(runs.iterdir())); (runs / str(count)).touch();"
        "os.abort() if count == 0 else sys.exit(1 if count == 1 else 0)"
    )
    assert keep_alive([sys.executable, "-c", code, str(tmp_path)], (0.0,)) == 0
    assert len(list(tmp_path.iterdir())) == 3
    assert capsys.readouterr().err.count("started again") == 2


def test_the_desks_pin_is_read_from_standard_input(run: Run, folder: Folder) -> None:
    assert run("kiosk", "--set-pin", input="4827\n").exit_code == 0
    assert run("kiosk", "--set-pin", input="1111\n").exit_code == 1
    with Workspace.open(folder.path) as space:
        assert space.doors.check_desk_pin("4827")
        assert not space.doors.check_desk_pin("1111")
