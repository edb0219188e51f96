"""Starts the window: application set-up, the workspace, and what happens when either fails."""

import logging
import os
import sys
import traceback
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QMessageBox

from faceaccess import __version__, log, paths
from faceaccess.errors import FaceAccessError, StoreBusyError, StoreError
from faceaccess.gui import background, icons
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.plain import plain
from faceaccess.gui.theme import Theme
from faceaccess.gui.window.collecting import Collector
from faceaccess.gui.window.first_paint import FirstPaint
from faceaccess.gui.window.heartbeat import Heartbeat
from faceaccess.gui.window.other_windows import OtherWindows
from faceaccess.gui.window.recovery import RestoreOrder, carry_out, offer_backup
from faceaccess.gui.window.second_start import SecondStarts, bring_to_front
from faceaccess.gui.wording import failures, language
from faceaccess.gui.wording.noop import translate
from faceaccess.settings import chosen_data_dir, load_machine_settings
from faceaccess.workspace import Workspace

if TYPE_CHECKING:
    from faceaccess.gui.main_window import MainWindow

logger = logging.getLogger(__name__)

_LEAST_POINT_SIZE = 10
_SWITCH_S = 0.0001
CRASHED = 70
"""Exit code after a bug, as in sysexits.h (EX_SOFTWARE)."""


def main(data_dir: Path | None = None, source: str | None = None, demo: bool = False) -> int:
    """Open the window and return when it is closed.

    Args:
        data_dir: the data folder; None takes the default one.
        source: opens the door on it at once.
        demo: says in the window that the data folder is a throw-away one.

    Returns:
        The exit code: 0, also where a window was open already and came to the front; 1 when the data
        folder could not be opened.
    """
    app = application()
    hook_before, sys.excepthook = sys.excepthook, _show_crash
    try:
        while True:
            try:
                ended = _run(app, data_dir, source, demo)
            except StoreBusyError:
                if bring_to_front(chosen_data_dir(data_dir, load_machine_settings())):
                    return 0
                raise
            except StoreError as error:
                if not offer_backup(error, data_dir):
                    raise
                continue
            if isinstance(ended, int):
                return ended
            carry_out(ended, data_dir)
    except FaceAccessError as error:
        _show_failure(error)
        return 1
    finally:
        sys.excepthook = hook_before


def _run(app: QApplication, data_dir: Path | None, source: str | None, demo: bool) -> int | RestoreOrder:
    """Show the window; return the exit code, or what to restore once the folder is closed."""
    from faceaccess.gui.main_window import MainWindow

    with Workspace.open(data_dir) as workspace:
        log.set_up(workspace.data_dir)
        # Notifications that waited since the last time are sent, whether the door is opened or not.
        workspace.doors.services.report_to(lambda _: None)
        theme = Theme(app, str(workspace.machine.settings.appearance))
        window = MainWindow(workspace, theme, window_settings())
        SecondStarts(window, workspace.data_dir)
        workspace.start_chores(window.tell_failure)
        if demo:
            window.setWindowTitle(translate("app", "FaceAccess – demo"))
            window.notices.notify(
                translate("app", "This is a demo on a throw-away data folder and a simulated camera.")
            )
        if paths.others_may_write(workspace.data_dir):
            window.notices.warn(
                translate("app", "Other accounts of this computer can write the data folder."),
                translate("app", "Take that away: {0}").format(workspace.data_dir),
            )
        window.begin(source, is_gallery_empty=not workspace.people.list(most=1))
        FirstPaint(window)
        window.show()
        try:
            code = app.exec()
            return window.restore_order or code
        finally:
            window.bridge.close()
            background.shutdown()


def kiosk(data_dir: Path | None = None, *, with_desk: bool = False, with_office: bool = False) -> int:
    """Show the door full screen until the desk's PIN is given.

    Args:
        data_dir: the data folder; None takes the default one.
        with_desk: open the desk too, on a screen of its own.
        with_office: open the main window too. Without either, no questions are asked: nobody could answer.

    Returns:
        The exit code: 0 when it was left, 1 when the data folder could not be opened, else a crash.
    """
    app = application()
    sys.excepthook = _end_with_crash
    try:
        with Workspace.open(data_dir) as workspace:
            log.set_up(workspace.data_dir)
            theme = Theme(app, str(workspace.machine.settings.appearance))
            Heartbeat(theme)
            office = _office(workspace, theme) if with_office else None
            if office is not None:
                SecondStarts(office, workspace.data_dir)
            bridge = office.bridge if office else LiveBridge(workspace, theme)
            bridge.has_desk = with_desk or with_office
            others = office.others if office else OtherWindows(workspace, bridge, theme)
            workspace.start_chores(bridge.failed.emit)
            try:
                others.kiosk_left.connect(app.quit)
                if office is None:
                    others.desk_closed.connect(partial(_ask_no_longer, bridge))
                _show_kiosk(others, office, with_desk=with_desk)
                return app.exec()
            finally:
                others.close()
                bridge.close()
                background.shutdown()
    except FaceAccessError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _office(workspace: Workspace, theme: Theme) -> "MainWindow":
    """Return the main window, whose many pages a kiosk alone doesn't load."""
    from faceaccess.gui.main_window import MainWindow

    return MainWindow(workspace, theme, window_settings())


def _show_kiosk(others: OtherWindows, office: "MainWindow | None", *, with_desk: bool) -> None:
    refused: list[FaceAccessError] = []
    others.failed.connect(refused.append)
    others.missing.connect(_complain)
    if office is not None:
        office.begin(None, is_gallery_empty=False)
        office.show()
    if with_desk:
        others.open_desk()
    others.open_kiosk()
    if others.kiosk is None:
        raise refused[0]
    FirstPaint(others.kiosk)
    others.kiosk.keep_open()


def _ask_no_longer(bridge: LiveBridge) -> None:
    """Stop asking about visitors, because nobody is at the desk any longer."""
    bridge.has_desk = False
    bridge.restart()


def _complain(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def _end_with_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """End at once: a message would stand before the door until somebody comes; the next start is quick."""
    logger.critical("A bug reached the kiosk", exc_info=(kind, error, trace))
    logging.shutdown()
    os._exit(CRASHED)


def window_settings() -> QSettings:
    """Return where the window keeps its place."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "FaceAccess", "window")


def application() -> QApplication:
    """Return the application, set up for this program."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    # Each call back from Qt waits so long for a worker that computes: a page drawn anew has dozens.
    sys.setswitchinterval(_SWITCH_S)
    if app.findChild(Collector) is None:
        Collector(app)
    language.install(app)
    app.setApplicationName("FaceAccess")
    app.setApplicationDisplayName("FaceAccess")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("faceaccess")
    font = app.font()
    if 0 < font.pointSize() < _LEAST_POINT_SIZE:
        font.setPointSize(_LEAST_POINT_SIZE)
        app.setFont(font)
    app.setWindowIcon(icons.program_icon())
    return app


def _show_failure(error: FaceAccessError) -> None:
    logger.error("The window can't open: %s", type(error).__name__)
    box = QMessageBox(QMessageBox.Icon.Critical, "FaceAccess", plain(failures.message(error)))
    box.setInformativeText(plain(failures.hint(error)))
    box.exec()


def _show_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log a bug and say so, with the details to pass on; the program goes on."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    logger.critical("A bug reached the window", exc_info=(kind, error, trace))
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    if any(window.objectName() == "kiosk" and window.isVisible() for window in app.topLevelWidgets()):
        # A box would stand before the door, and hold it up, until somebody comes.
        _tell_office(app)
        return
    box = QMessageBox(
        QMessageBox.Icon.Critical, "FaceAccess", translate("app", "FaceAccess met a fault of its own.")
    )
    box.setInformativeText(
        translate(
            "app",
            "What you were doing may not have worked. If it happens again, report it with the details below.",
        )
    )
    box.setDetailedText("".join(traceback.format_exception(kind, error, trace)))
    box.exec()


def _tell_office(app: QApplication) -> None:
    from faceaccess.gui.main_window import MainWindow

    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.notices.warn(
                translate("app", "FaceAccess met a fault of its own."),
                translate("app", "The log file says more."),
            )
