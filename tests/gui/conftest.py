"""What every test of the window needs: no leftover workers, native look switched off, short waits."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent, QLocale, QSettings
from PySide6.QtWidgets import QApplication

from faceaccess.gui import background
from faceaccess.gui import theme as theme_module
from faceaccess.gui.door.desk_window import DeskWindow
from faceaccess.gui.kiosk.kiosk_window import KioskWindow
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.notices import Notices
from faceaccess.gui.theme import Theme
from faceaccess.gui.window.collecting import Collector
from faceaccess.gui.wording import language
from faceaccess.workspace import Workspace
from tests.gui.played import FakeSession, Previews, use_no_cameras
from tests.gui.site import copy_of, template_folder, use_small_networks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform's own remark pass; every other warning of Qt's fails a test."""
    for item in items:
        if "tests/gui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(scope="session", autouse=True)
def _english(qapp: QApplication) -> None:
    """Say plurals as the window does."""
    language.install(qapp)


@pytest.fixture(scope="session", autouse=True)
def _plain_numbers() -> None:
    """Write digits and names of months as the tests expect them, whatever language the computer speaks."""
    QLocale.setDefault(QLocale.c())


@pytest.fixture(autouse=True)
def _no_leftovers(qapp: QApplication) -> Iterator[None]:
    """Workers, and windows that a test's own `main` opened: each later change of look would redraw them.

    Nothing is collected during a test, and what it left is collected here: Python would do it on whichever
    thread allocates, and a widget that another thread deletes takes the whole run with it.
    """
    before = set(qapp.topLevelWidgets())
    gc.disable()
    yield
    for window in qapp.topLevelWidgets():
        if window not in before and isinstance(window, MainWindow | DeskWindow | KioskWindow):
            window.close()
            window.deleteLater()
    for collector in qapp.findChildren(Collector):
        collector.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    background.shutdown()
    gc.collect()
    # What is left lasts: going through it after each test would take minutes.
    gc.freeze()
    gc.enable()


@pytest.fixture
def qtbot(qtbot, monkeypatch: pytest.MonkeyPatch):
    """The bot, which keeps the widgets it closes, as the window keeps its pages.

    A test's own reference ends with the test. The last one may then be the slot of a button in a row that
    is being deleted: the widget goes from within its row's destructor, and deletes that row a second time.
    """
    widgets, add = [], qtbot.addWidget

    def keep(widget, **options) -> None:
        widgets.append(widget)
        add(widget, **options)

    monkeypatch.setattr(qtbot, "addWidget", keep)
    yield qtbot
    widgets.clear()


@pytest.fixture(scope="session")
def _filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with template_folder(tmp_path_factory.mktemp("site") / "data") as folder:
        yield folder


@pytest.fixture
def sessions() -> list[FakeSession]:
    """The sessions that were opened, oldest first."""
    return []


@pytest.fixture
def previews() -> Previews:
    """The previews of cameras."""
    return Previews()


@pytest.fixture
def space(
    _filled_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sessions: list[FakeSession],
    previews: Previews,
) -> Iterator[Workspace]:
    """A real data folder with five people and twelve entries."""
    use_small_networks(monkeypatch)
    use_no_cameras(monkeypatch, sessions, previews)
    with Workspace.open(copy_of(_filled_folder, tmp_path / "data")) as opened:
        yield opened
        background.shutdown()


@pytest.fixture
def empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sessions: list[FakeSession], previews: Previews
) -> Iterator[Workspace]:
    """A real data folder with nobody in it."""
    use_small_networks(monkeypatch)
    use_no_cameras(monkeypatch, sessions, previews)
    with Workspace.open(tmp_path / "data") as opened:
        yield opened
        background.shutdown()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A file that a session may play; nothing reads it."""
    path = tmp_path / "door.mp4"
    path.touch()
    return path


@pytest.fixture
def notices(qtbot) -> Notices:
    """A message bar."""
    bar = Notices()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def live(space: Workspace) -> Iterator[LiveBridge]:
    """A bridge to the sessions of a real data folder."""
    made = LiveBridge(space)
    yield made
    made.close()


@pytest.fixture
def unstyled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the style sheet where nothing is looked at: a window takes as long to style as to build."""
    monkeypatch.setattr(theme_module, "style_sheet", lambda _: "")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light theme."""
    return Theme(qapp, "light")


@pytest.fixture
def window_settings(tmp_path) -> QSettings:
    """An empty place for the window's geometry."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot, space: Workspace, theme: Theme, window_settings: QSettings) -> MainWindow:
    """The window on its first page."""
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.begin(None, is_gallery_empty=False)
    made.show()
    qtbot.waitExposed(made)
    return made
