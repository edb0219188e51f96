"""What the program starts by its arguments: windows at once, all else by the commands."""

from pathlib import Path

import pytest

from faceaccess import __main__ as program
from faceaccess.cli import app as commands
from faceaccess.gui import app as windows


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was started, with what it was told."""
    calls: list[object] = []

    def kiosk(folder: Path | None, *, with_desk: bool, with_office: bool) -> int:
        calls.append(("kiosk", folder, with_desk, with_office))
        return 3

    # They would take this process's standard error and its umask for good.
    monkeypatch.setattr(program.log, "keep_libraries_apart", lambda: calls.append("apart"))
    monkeypatch.setattr(program.paths, "keep_private", lambda: calls.append("private"))
    monkeypatch.setattr(windows, "main", lambda folder: calls.append(("window", folder)) or 0)
    monkeypatch.setattr(windows, "kiosk", kiosk)
    monkeypatch.setattr(commands, "main", lambda: calls.append("commands"))
    return calls


def start(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    """Return the exit code, None where the process would go on to its end."""
    monkeypatch.setattr("sys.argv", ["faceaccess", *arguments])
    try:
        program.main()
    except SystemExit as left:
        return left.code
    return None


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ("window", None)),
        (("--data-dir", "office"), ("window", Path("office"))),
        (("kiosk", "--once"), ("kiosk", None, False, False)),
        (("--data-dir", "office", "kiosk", "--once"), ("kiosk", Path("office"), False, False)),
        (("kiosk", "--once", "--with-desk", "--data-dir", "x"), ("kiosk", Path("x"), True, False)),
        (("kiosk", "--with-office", "--once"), ("kiosk", None, False, True)),
    ],
)
def test_windows_start_without_the_commands(monkeypatch, started, arguments, expected):
    code = start(monkeypatch, *arguments)
    assert started == ["apart", "private", expected]
    assert code == (3 if expected[0] == "kiosk" else 0), "its own exit code is the program's"


@pytest.mark.parametrize(
    "arguments",
    [
        ("kiosk",),
        ("kiosk", "--once", "--help"),
        ("kiosk", "--once", "--data-dir"),
        ("--once",),
        ("--data-dir",),
        ("--data-dir=office",),
        ("--data-dir", "a", "--data-dir", "b"),
        ("watch",),
    ],
)
def test_whatever_else_is_asked_for_is_read_by_the_commands(monkeypatch, started, arguments):
    start(monkeypatch, *arguments)
    assert started == ["commands"]
