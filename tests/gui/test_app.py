"""Starting the window, and what is said when that fails or a bug turns up."""

import sys

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from faceaccess.errors import StoreBusyError
from faceaccess.gui import app
from faceaccess.gui.kiosk.kiosk_window import KioskWindow
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


@pytest.mark.logs_warnings
def test_a_bug_after_the_application_ended_is_only_logged(boxes, caplog, monkeypatch) -> None:
    monkeypatch.setattr(QApplication, "instance", lambda: None)
    app._show_crash(ZeroDivisionError, ZeroDivisionError(), None)
    assert "A bug reached the window" in caplog.text
    assert boxes == []


@pytest.mark.logs_warnings
def test_a_bug_puts_no_box_before_a_kiosk(qapp, qtbot, boxes, workspace, theme, window_settings) -> None:
    """A modal box stood before the door, and held the kiosk up, until somebody came."""
    window = MainWindow(workspace, theme, window_settings)
    qtbot.addWidget(window)
    window.others.open_kiosk()
    app._show_crash(ZeroDivisionError, ZeroDivisionError(), None)
    assert boxes == []
    assert "fault of its own" in window.notices.messages()[-1]
    window.others.kiosk.leave()
    app._show_crash(ZeroDivisionError, ZeroDivisionError(), None)
    assert len(boxes) == 1
    window.close()


@pytest.mark.logs_warnings
@pytest.mark.parametrize("words", [{}, {"with_desk": True}, {"with_office": True}])
def test_the_kiosk_opens_with_the_windows_it_was_asked_for(
    qapp, monkeypatch, workspace, tmp_path, words
) -> None:
    """Alone it asks about nobody: whoever was in doubt waited 30 s for an answer that nobody could give."""
    shown = {}

    def leave() -> None:
        names = (window.windowTitle() for window in qapp.topLevelWidgets() if window.isVisible())
        shown["titles"] = sorted(name for name in names if "FaceAccess" in name)
        shown["asks"] = workspace.sessions[-1].on_question is not None
        kiosks = [each for each in qapp.topLevelWidgets() if isinstance(each, KioskWindow)]
        kiosk = next(each for each in kiosks if each.isVisible())
        kiosk.pins.left.emit()

    _open_as(monkeypatch, workspace)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setenv("FACEACCESS_HEARTBEAT", str(tmp_path / "alive"))
    QTimer.singleShot(600, qapp, leave)
    assert app.kiosk(**words) == 0
    # The last window that closes wants to quit too: Qt would end the next test's loops by that.
    QTimer.singleShot(50, qapp, qapp.quit)
    qapp.exec()
    expected = {"with_desk": ["FaceAccess – desk"], "with_office": ["FaceAccess"]}
    assert shown["titles"] == sorted([*(expected[name][0] for name in words), "FaceAccess – door"])
    assert shown["asks"] is bool(words)
