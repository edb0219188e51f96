"""How many clicks the tasks take that people do every day, from the page that they are on."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QListWidget, QPushButton, QTableView, QWidget

from faceaccess.codes import Outcome
from faceaccess.gui.log.this_is_dialog import ThisIsDialog
from faceaccess.gui.main_window import MainWindow
from tests.gui.site import events_of, judge_by_name


class Clicks:
    """Clicks on what can be seen, and counts.

    Attributes:
        count: clicks so far; a file dialog's *Open* or *Save* is one.
    """

    def __init__(self, qtbot) -> None:
        self._qtbot = qtbot
        self.count = 0

    def on(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on a widget, once it can be."""
        self._qtbot.waitUntil(lambda: widget.isVisible() and widget.isEnabled())
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        self.count += 1

    def on_row(self, view: QTableView | QListWidget, row: int) -> None:
        """Click on a row of a list."""
        self.on(view.viewport(), view.visualRect(view.model().index(row, 0)).center())

    def answer(self, *chosen: object) -> tuple[object, ...]:
        """Return what a file dialog returns, after a click on its button."""
        self.count += 1
        return chosen


@pytest.fixture
def clicks(qtbot) -> Clicks:
    """None yet."""
    return Clicks(qtbot)


def _open_page(clicks: Clicks, window: MainWindow, page: QWidget) -> None:
    clicks.on(window.rail.button(window.pages.index(page)))
    assert window.stack.currentWidget() is page


def test_a_person_is_enrolled_from_photos_with_five(qtbot, window, space, clicks, monkeypatch) -> None:
    judge_by_name(monkeypatch)
    photos = ["/photos/good-1.jpg", "/photos/good-2.jpg"]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: clicks.answer(photos, ""))
    page = window.enrolment
    _open_page(clicks, window, page)
    clicks.on(page.intake.drop_zone.button)
    qtbot.waitUntil(lambda: len(page.intake.cards) == 2 and not page.intake.is_busy())
    # The field has the focus: nothing is clicked to type.
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.form.name)
    qtbot.keyClicks(page.form.name, "Somebody New")
    clicks.on(page.form.consent.box, QPoint(8, page.form.consent.box.height() // 2))
    with qtbot.waitSignal(page.person_enrolled):
        clicks.on(page.save_button)
    assert space.people.by_name("Somebody New")
    assert clicks.count <= 5


def test_an_unknown_entry_is_named_with_three(qtbot, window, space, clicks) -> None:
    window.show_page(window.log)
    log = window.log
    qtbot.waitUntil(lambda: log.model.rowCount() > 0)
    unknown = next(event for event in events_of(space)[::-1] if event.entry.outcome is Outcome.UNKNOWN)
    row = next(row for row in range(log.model.rowCount()) if log.model.event_at(row).seq == unknown.seq)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ThisIsDialog)
        qtbot.waitUntil(lambda: dialog.people.count() == 5)
        qtbot.keyClicks(dialog.search, "Person 2")
        qtbot.waitUntil(lambda: dialog.person() is not None)
        clicks.on(dialog.save_button)

    clicks.on_row(log.table, row)
    QTimer.singleShot(0, window, answer)
    clicks.on(log.detail.event_actions.this_is_button)
    (person,) = space.people.by_name("Person 2")
    qtbot.waitUntil(
        lambda: any(
            event.entry.person_id == person.person_id and event.entry.at == unknown.entry.at
            for event in events_of(space)
        )
    )
    assert clicks.count <= 3


def test_a_months_report_is_a_table_on_the_screen_with_four(
    qtbot, window, clicks, monkeypatch, tmp_path
) -> None:
    path, opened = tmp_path / "month.xlsx", []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: clicks.answer(str(path), ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    page = window.attendance
    _open_page(clicks, window, page)
    clicks.on(page.export_button)

    def open_button() -> QPushButton | None:
        buttons = window.notices.findChildren(QPushButton)
        return next((button for button in buttons if button.text() == "Open"), None)

    qtbot.waitUntil(lambda: open_button() is not None)
    clicks.on(open_button())
    assert opened == [str(path)]
    assert path.stat().st_size
    assert clicks.count <= 4
