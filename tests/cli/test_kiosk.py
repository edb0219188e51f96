"""The kiosk's start: at login, again after a crash, and the desk's PIN."""

import plistlib
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from faceaccess.cli.door import autostart
from faceaccess.cli.door.keeper import keep_alive
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run
from tests.waiting import wait_for


def test_it_starts_at_login_until_it_is_taken_back(run: Run, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(autostart, "file", lambda: tmp_path / "autostart" / "kiosk.desktop")
    assert run("kiosk", "--at-login").exit_code == 0
    written = (tmp_path / "autostart" / "kiosk.desktop").read_text()
    assert '"-m" "faceaccess" "kiosk" "--data-dir"' in written
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
    assert b'Exec="/opt/my python" "-m" "faceaccess"' in autostart._content(command, "linux")


def test_the_desktop_entry_is_quoted_as_its_specification_says() -> None:
    """A shell's quotes mean something else there, and a percent sign is a field code."""
    for argument, quoted in (
        ("100% sure", '"100%% sure"'),
        ('a"b', r'"a\\"b"'),
        ("$HOME", r'"\\$HOME"'),
        ("a\\b", r'"a\\\\b"'),
        ("it's", '"it\'s"'),
    ):
        assert autostart._quoted(argument) == quoted, argument


def test_the_environments_data_folder_and_the_options_are_kept(monkeypatch, tmp_path: Path) -> None:
    """It was there when the kiosk was set up, and not at the login: another folder was opened."""
    monkeypatch.setattr(autostart, "file", lambda: tmp_path / "kiosk.desktop")
    monkeypatch.setenv("FACEACCESS_DATA_DIR", str(tmp_path / "door data"))
    written = autostart.install(None, ["--with-desk"]).read_text()
    assert f'"kiosk" "--with-desk" "--data-dir" "{tmp_path / "door data"}"' in written


@pytest.mark.parametrize("code", [0, 2])
def test_what_was_left_or_wrongly_called_is_not_started_again(code: int) -> None:
    assert keep_alive([sys.executable, "-c", f"import sys; sys.exit({code})"], (0.0,)) == code


def test_what_crashes_or_cannot_start_is_started_again(tmp_path: Path, capsys) -> None:
    code = (
        "import os, sys, pathlib; runs = pathlib.Path(sys.argv[1]);"
        "count = len(list(runs.iterdir())); (runs / str(count)).touch();"
        "os.abort() if count == 0 else sys.exit(1 if count == 1 else 0)"
    )
    assert keep_alive([sys.executable, "-c", code, str(tmp_path)], (0.0, 0.01)) == 0
    assert len(list(tmp_path.iterdir())) == 3
    said = capsys.readouterr().err
    # The first wait is the shortest.
    assert (said.count("in 0 s"), said.count("in 0.01 s")) == (1, 1)


def test_what_hangs_is_killed_and_started_again(tmp_path: Path, capsys) -> None:
    """A kiosk whose window stood still stood there until somebody came."""
    code = (
        "import os, sys, time, pathlib; runs = pathlib.Path(sys.argv[1]);"
        "count = len(list(runs.iterdir())); (runs / str(count)).touch();"
        "sys.exit(0) if count else pathlib.Path(os.environ['FACEACCESS_HEARTBEAT']).touch(); time.sleep(600)"
    )
    assert keep_alive([sys.executable, "-c", code, str(tmp_path)], (0.0,), hang_s=0.2) == 0
    assert "hung" in capsys.readouterr().err


def test_who_ends_the_keeper_ends_the_kiosk(tmp_path: Path) -> None:
    """The kiosk went on alone, held the data folder, and the next one could not start."""
    pid = tmp_path / "pid"
    kiosk = (
        f"import os, time, pathlib as p; p.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(600)"
    )
    code = (
        "import sys; from faceaccess.cli.door.keeper import keep_alive;"
        f"sys.exit(keep_alive([sys.executable, '-c', {kiosk!r}]))"
    )
    keeper = subprocess.Popen([sys.executable, "-c", code])
    wait_for(lambda: pid.exists() and pid.read_text())
    keeper.terminate()
    assert keeper.wait(20) == 128 + signal.SIGTERM
    assert not psutil.pid_exists(int(pid.read_text()))


def test_the_desks_pin_is_read_from_standard_input(run: Run, folder: Folder) -> None:
    assert run("kiosk", "--set-pin", input="4827\n").exit_code == 0
    assert run("kiosk", "--set-pin", input="1111\n").exit_code == 1
    with Workspace.open(folder.path) as space:
        assert space.doors.check_desk_pin("4827")
        assert not space.doors.check_desk_pin("1111")
