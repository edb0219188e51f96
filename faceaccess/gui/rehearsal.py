"""The real window on the screen, driven and timed for `faceaccess benchmark`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from faceaccess.gui import background
from faceaccess.gui.app import application, window_settings
from faceaccess.gui.enrolment.import_dialog import ImportDialog
from faceaccess.gui.enrolment.photo_intake import PhotoIntake
from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.theme import Theme
from faceaccess.gui.window.event_loop import EventLoopGaps
from faceaccess.steady import steady_s
from faceaccess.workspace import Workspace

_PAGE_MS = 1500
_SCROLLED = 50


@dataclass(frozen=True)
class PeopleVisit:
    """The times of the page *People*, from what was done until it is painted.

    Attributes:
        first_s: seconds until everybody is listed.
        searches_ms: of each text typed, the pause included after which it is searched for.
        scrolls_ms: of each step of the list, from the first row to the last.
        all_selected_ms: everybody selected at once.
        listed: how many were.
    """

    first_s: float
    searches_ms: tuple[float, ...]
    scrolls_ms: tuple[float, ...]
    all_selected_ms: float
    listed: int


def measure_gaps(
    data_dir: Path, source: str, photos: list[str], table: tuple[Path, Path] | None = None
) -> list[float]:
    """Return the gaps of the event loop, milliseconds, while a door runs and photos are imported.

    Args:
        data_dir: a throw-away data folder.
        source: a recording for the door.
        photos: paths of files, as if dropped on the enrolment page.
        table: of people and the folder of their photos, to be imported instead of `photos`.

    Raises:
        FaceAccessError: the data folder can't be opened.
    """
    with _opened(data_dir) as (app, workspace, window):
        workspace.reception.load_models()
        window.begin(source, is_gallery_empty=False)
        window.show_page(window.enrolment)
        window.show()
        gaps = EventLoopGaps(window)
        if table is not None:
            dialog = _import_table(workspace, window, *table)
            dialog.imported.connect(app.quit)
        else:
            intake = window.enrolment.intake
            intake.changed.connect(partial(_quit_when_done, intake, app))
            intake.add_files(photos)
        app.exec()
        gaps.stop()
        return gaps.gaps_ms


def tour_pages(data_dir: Path, source: str | None) -> list[tuple[float, str]]:
    """Return the gaps of the event loop, milliseconds, and the page shown then, while a door runs.

    Every page is opened twice: the first time much is made that is there the second.

    Args:
        data_dir: a data folder.
        source: a recording for the door; None leaves it closed.

    Raises:
        FaceAccessError: the data folder can't be opened.
    """
    with _opened(data_dir) as (app, _, window):
        window.begin(source, is_gallery_empty=False)
        window.show()
        ways = [(page, f"{page.label} {number}") for number in ("1", "2") for page in window.pages]
        place = "start"

        def go_on() -> None:
            nonlocal place
            if not ways:
                app.quit()
                return
            page, place = ways.pop(0)
            window.show_page(page)

        gaps = EventLoopGaps(window, where=lambda: place)
        timer = QTimer(window)
        timer.timeout.connect(go_on)
        timer.start(_PAGE_MS)
        app.exec()
        gaps.stop()
        return list(zip(gaps.gaps_ms, gaps.places, strict=True))


def slide_threshold(data_dir: Path, steps: int) -> tuple[float, list[float], float]:
    """Move the slider of *Insights* and draw its map, on the screen.

    Args:
        data_dir: a data folder.
        steps: how often the slider is moved.

    Returns:
        Seconds until the page shows its evidence, milliseconds of each step until it is painted, and
        seconds until the map is drawn.

    Raises:
        FaceAccessError: the data folder can't be opened.
    """
    with _opened(data_dir) as (app, _, window):
        window.show()
        page = window.insights
        started_s = steady_s()
        window.show_page(page)
        _wait_for(app, page.cost.isEnabled)
        read_s = steady_s() - started_s
        steps_ms = []
        for number in range(steps):
            started_s = steady_s()
            page.cost.move_to(0.3 + 1.2 * number / steps)
            window.grab()
            steps_ms.append(1000 * (steady_s() - started_s))
            app.processEvents()
        started_s = steady_s()
        page.map.draw_button.click()
        _wait_for(app, lambda: not page.map.view.isHidden())
        return read_s, steps_ms, steady_s() - started_s


def visit_people(data_dir: Path, texts: Sequence[str]) -> PeopleVisit:
    """List everybody on the page *People*, scroll, select all and search, on the screen.

    Args:
        data_dir: a data folder with somebody in it.
        texts: to be typed into the search field, one after the other.

    Raises:
        FaceAccessError: the data folder can't be opened.
    """
    with _opened(data_dir) as (app, _, window):
        window.show()
        page = window.people
        shown: list[bool] = []
        page.model.modelReset.connect(partial(shown.append, True))

        def until_listed(do: Callable[[], object]) -> float:
            shown.clear()
            started_s = steady_s()
            do()
            _wait_for(app, lambda: bool(shown))
            window.grab()
            return steady_s() - started_s

        first_s = until_listed(partial(window.show_page, page))
        listed, bar = page.model.rowCount(), page.table.verticalScrollBar()
        steps = (round(bar.maximum() * step / _SCROLLED) for step in range(1, _SCROLLED + 1))
        scrolls_ms = [_painted_ms(app, window, partial(bar.setValue, step)) for step in steps]
        all_selected_ms = _painted_ms(app, window, page.table.selectAll)
        searches_ms = [1000 * until_listed(partial(page.search.setText, text)) for text in texts]
        return PeopleVisit(first_s, tuple(searches_ms), tuple(scrolls_ms), all_selected_ms, listed)


@contextmanager
def _opened(data_dir: Path) -> Iterator[tuple[QApplication, Workspace, MainWindow]]:
    """Give the window on a data folder, not shown yet; it is closed at the end, whatever happens.

    Raises:
        FaceAccessError: the data folder can't be opened.
    """
    app = application()
    with Workspace.open(data_dir) as workspace:
        window = MainWindow(
            workspace, Theme(app, str(workspace.machine.settings.appearance)), window_settings()
        )
        try:
            yield app, workspace, window
        finally:
            window.close()
            background.shutdown()


def _painted_ms(app: QApplication, window: MainWindow, do: Callable[[], object]) -> float:
    """Return the milliseconds until something is done and painted; what waits then is worked off."""
    started_s = steady_s()
    do()
    window.grab()
    took_ms = 1000 * (steady_s() - started_s)
    app.processEvents()
    return took_ms


def _wait_for(app: QApplication, is_done: Callable[[], bool]) -> None:
    """Let the window work until something is done."""
    while not is_done():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def _import_table(workspace: Workspace, window: MainWindow, table: Path, photos: Path) -> ImportDialog:
    """Import a table as soon as it is planned."""
    dialog = ImportDialog(workspace.access, workspace.reception, workspace.doors, table, window)
    dialog.source.choose_photos(photos)
    dialog.terms.agreed.setChecked(True)
    dialog.planned.connect(dialog.import_button.click)
    dialog.open()
    return dialog


def _quit_when_done(intake: PhotoIntake, app: QApplication) -> None:
    if not intake.is_busy():
        app.quit()
