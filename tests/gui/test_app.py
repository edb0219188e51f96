"""Starting the window, and what is said when that fails or a bug turns up."""

import sys

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from faceaccess.errors import StoreBusyError
from faceaccess.gui import app
from faceaccess.gui.main_window import MainWindow


@pytest.fixture
def boxes(monkeypatch) -> list[QMessageBox]:
    """Message boxes that would have been shown."""
    shown: list[QMessageBox] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box))
    return shown


@pytest.fixture(autouse=True)
def _settings_of_the_test(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(
        app, "_window_settings", lambda: QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    )


def _open_as(monkeypatch, workspace: object) -> None:
    monkeypatch.setattr(app.Workspace, "open", classmethod(lambda *_: workspace))


def _windows() -> list[MainWindow]:
    return [
        each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()
    ]


@pytest.mark.logs_warnings
def test_data_folder_in_use_is_told_in_a_readable_way(qapp, monkeypatch, boxes) -> None:
    def refuse(*_: object) -> None:
        raise StoreBusyError("Process 42 uses this data folder.", "Close it first.")

    monkeypatch.setattr(app.Workspace, "open", classmethod(refuse))
    assert app.main() == 1
    assert boxes[0].text() == "Process 42 uses this data folder."
    assert boxes[0].informativeText() == "Close it first."


def test_window_opens_runs_and_closes(qapp, qtbot, monkeypatch, workspace, boxes) -> None:
    titles = []

    def close() -> None:
        titles.extend(window.windowTitle() for window in _windows())
        for window in _windows():
            window.close()

    _open_as(monkeypatch, workspace)
    QTimer.singleShot(200, qapp, close)
    before = sys.excepthook
    assert app.main(source="/videos/door.mp4", demo=True) == 0
    assert titles == ["FaceAccess – demo"]
    assert [session.stops for session in workspace.sessions] == [1]
    assert workspace.is_closed
    assert sys.excepthook is before
    assert boxes == []


@pytest.mark.logs_warnings
def test_bug_is_logged_and_shown_with_its_details(qapp, boxes, caplog) -> None:
    try:
        _ = 1 // 0
    except ZeroDivisionError as error:
        app._show_crash(type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in boxes[0].detailedText()
    assert "A bug reached the window" in caplog.text
