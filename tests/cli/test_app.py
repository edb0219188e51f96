"""What all commands share: help, version, exit codes."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from faceaccess import __version__
from faceaccess.cli.door.door import StatusPrinter
from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.store.file.restoring import DATABASE_FILE
from tests.cli.conftest import Folder, Run

HEAVY = ("numpy", "torch", "cv2", "faiss", "PySide6", "onnxruntime", "sqlcipher3", "sklearn")


def test_help_needs_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['faceaccess', '--help']\n"
        "from faceaccess.cli.app import app\n"
        "try: app()\n"
        "finally: sys.stderr.write(' '.join(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "enrol" in found.stdout
    assert set(HEAVY).isdisjoint(found.stderr.split())


def test_the_version_is_printed(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout.strip()) == (0, f"faceaccess {__version__}")


def test_wrong_usage_exits_with_2(run: Run, folder: Folder) -> None:
    folder.open().close()
    assert run("people", "--nonsense").exit_code == 2
    assert run("nonsense").exit_code == 2
    assert run("log", "--since", "yesterday-ish").exit_code == 2
    assert run("log", "--outcome", "nonsense").exit_code == 2


def test_a_known_failure_exits_with_1_and_says_what_to_do(run: Run, folder: Folder) -> None:
    result = run("people")
    assert result.exit_code == 1
    assert "There is no data" in result.stderr
    assert "Enrol somebody first" in result.stderr
    assert result.stdout == ""
    assert not folder.path.exists()


def test_a_damaged_database_exits_with_1_and_is_kept(run: Run, folder: Folder) -> None:
    folder.open().close()
    (folder.path / DATABASE_FILE).write_bytes(b"damaged")
    result = run("log")
    assert result.exit_code == 1
    assert "damaged" in result.stderr
    assert (folder.path / DATABASE_FILE).read_bytes() == b"damaged"


def test_a_busy_folder_exits_with_3_and_names_the_holder(run: Run, folder: Folder) -> None:
    with folder.open():
        result = run("people", "rename", "Ada", "Bea")
        assert result.exit_code == 3
        assert "in use by process" in result.stderr
        assert run("people").exit_code == 0
        assert run("log").exit_code == 0
        assert run("models", "list").exit_code == 0


def test_the_folder_may_be_named_at_any_level(folder: Folder) -> None:
    from typer.testing import CliRunner

    from faceaccess.cli.app import app

    folder.fill(lambda people, *_: people.create(name="Ada"))
    there = ["--data-dir", str(folder.path)]
    for words in ([*there, "people"], ["people", *there], ["people", *there, "rename", "Ada", "Ada"]):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
        assert "Ada" in result.stdout
    for words in ([*there, "log"], ["log", *there], ["models", *there, "list"], ["models", "list", *there]):
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    # The standard folder, which has no data, was not looked at.
    assert CliRunner().invoke(app, ["log"]).exit_code == 1


def test_damaged_settings_exit_with_1_and_are_kept(run: Run, folder: Folder, tmp_path: Path) -> None:
    folder.open().close()
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.json").write_text("{")
    for words in (["people"], ["models", "list"]):
        result = run(*words)
        assert result.exit_code == 1
        assert "settings.json is damaged" in result.stderr
    assert (tmp_path / "config" / "settings.json").read_text() == "{"


def test_without_a_command_the_window_opens_on_the_folder(
    run: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    window = ModuleType("faceaccess.gui.app")
    monkeypatch.setattr(window, "main", lambda path: opened.append(path) or 5, raising=False)
    monkeypatch.setitem(sys.modules, "faceaccess.gui.app", window)
    assert run().exit_code == 5
    assert opened == [folder.path]


def test_a_camera_that_is_tried_again_and_again_is_complained_of_once(capsys) -> None:
    printer = StatusPrinter()
    printer.names["main"] = "Gate"
    for status in (
        CameraStatus(CameraState.ONLINE),
        CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, 5.0),
        CameraStatus(CameraState.OFFLINE, CameraFault.UNREACHABLE, 9.0),
        CameraStatus(CameraState.ONLINE, None, None, 1),
    ):
        printer.show("main", status)
    assert capsys.readouterr().err.splitlines() == [
        "Gate: online",
        "Gate: offline (unreachable)",
        "Gate: online",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "absences list", "consents list Ada", "consents due", "entries missing Ada", "exports list",
        "groups list", "log --actions", "log --faults", "months list", "notifications list",
        "operators list", "people photos Ada", "schedules list",
    ],
)  # fmt: skip
def test_a_list_of_nothing_says_so(run: Run, folder: Folder, words: str) -> None:
    """Fault: many lists printed nothing at all, which looked like a command that failed."""
    folder.fill(lambda people, *_: people.create(name="Ada"))
    shown = run(*words.split())
    assert shown.exit_code == 0, shown.output
    assert len(shown.stdout.splitlines()) == 1
    assert run(*words.split(), "--json").stdout == ""
