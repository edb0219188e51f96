"""Starting the window, and what is said when that fails or a bug turns up."""

import sys
from functools import partial

import pytest
from PySide6.QtCore import QProcess, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from faceaccess.errors import StoreBusyError
from faceaccess.gui import app
from faceaccess.gui.kiosk.kiosk_window import KioskWindow
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.window.second_start import bring_to_front
from faceaccess.workspace import Workspace


@pytest.fixture
def boxes(monkeypatch) -> list[QMessageBox]:
    """Message boxes that would have been shown."""
    shown: list[QMessageBox] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box))
    return shown


@pytest.fixture(autouse=True)
def _settings_of_the_test(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(
        app, "window_settings", lambda: QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    )


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


def test_window_opens_runs_and_closes(qapp, qtbot, monkeypatch, space, boxes, recording, sessions) -> None:
    titles = []

    def close() -> None:
        titles.extend(window.windowTitle() for window in _windows())
        for window in _windows():
            window.close()

    space.close()
    QTimer.singleShot(200, qapp, close)
    before = sys.excepthook
    assert app.main(source=str(recording), demo=True) == 0
    assert titles == ["FaceAccess – demo"]
    assert [session.is_running for session in sessions] == [False]
    Workspace.open().close()
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
def test_a_bug_puts_no_box_before_a_kiosk(qapp, qtbot, boxes, space, theme, window_settings) -> None:
    """A modal box stood before the door, and held the kiosk up, until somebody came."""
    window = MainWindow(space, theme, window_settings)
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
    qapp, monkeypatch, space, tmp_path, words, sessions
) -> None:
    """Alone it asks about nobody: whoever was in doubt waited 30 s for an answer that nobody could give."""
    shown = {}

    def leave() -> None:
        """Leave once the kiosk is there and its door is open: an exception here would end the process."""
        windows = [window for window in qapp.topLevelWidgets() if window.isVisible()]
        kiosks = [window for window in windows if isinstance(window, KioskWindow)]
        if not (kiosks and sessions and sessions[-1].is_running):
            QTimer.singleShot(20, qapp, leave)
            return
        names = (window.windowTitle() for window in windows)
        shown["titles"] = sorted(name for name in names if "FaceAccess" in name)
        shown["asks"] = sessions[-1].on_question is not None
        kiosks[0].pins.left.emit()

    space.close()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setenv("FACEACCESS_HEARTBEAT", str(tmp_path / "alive"))
    QTimer.singleShot(0, qapp, leave)
    assert app.kiosk(**words) == 0
    # The last window that closes wants to quit too: Qt would end the next test's loops by that.
    QTimer.singleShot(50, qapp, qapp.quit)
    qapp.exec()
    expected = {"with_desk": ["FaceAccess – desk"], "with_office": ["FaceAccess"]}
    assert shown["titles"] == sorted([*(expected[name][0] for name in words), "FaceAccess – door"])
    assert shown["asks"] is bool(words)


def test_a_second_start_brings_the_window_to_the_front(qapp, monkeypatch, space, boxes) -> None:
    """A process of its own, as a second start is one."""
    ended: list[str] = []
    states: list[bool] = []

    def start_again() -> None:
        (window,) = _windows()
        window.showMinimized()
        second = QProcess(window)
        second.finished.connect(partial(look, second, window))
        second.start(sys.executable, ["-m", "faceaccess", "--data-dir", str(space.data_dir)])

    def look(second: QProcess, window: MainWindow, code: int, _: object) -> None:
        ended.append(f"{code} {second.readAllStandardError().data().decode()}")
        states.append(window.isMinimized())
        window.close()

    space.close()
    QTimer.singleShot(200, qapp, start_again)
    assert app.main(space.data_dir) == 0
    assert ended == ["0 "]
    assert states == [False]
    assert boxes == []


def test_a_folder_that_no_window_has_open_brings_nothing_to_the_front(qapp, tmp_path) -> None:
    assert not bring_to_front(tmp_path)
