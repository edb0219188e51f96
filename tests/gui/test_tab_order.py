"""Tab goes through every page and dialog as it is read, and dialogs begin in their first field."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from faceaccess.gui.main_window import MainWindow
from faceaccess.gui.page import Page
from faceaccess.gui.widgets.password_dialogs import SecretDialog

MOST_STOPS = 200


@pytest.fixture
def window(qtbot, space, theme, window_settings) -> MainWindow:
    """The window on a folder with people and entries."""
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.begin(None, is_gallery_empty=False)
    made.show()
    qtbot.waitExposed(made)
    return made


def place(widget: QWidget, root: QWidget) -> QRect:
    """Where a widget stands on a page."""
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def stops(qtbot, page: Page) -> list[QWidget]:
    """What has the focus after each press of Tab, until it leaves the page."""
    window = page.window()
    window.rail.button(window.pages.index(page)).setFocus()
    seen: list[QWidget] = []
    for _ in range(MOST_STOPS):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now in seen:
            break
        if page.isAncestorOf(now):
            seen.append(now)
        elif seen:
            break
    return seen


def test_tab_goes_down_and_to_the_right_on_every_page(qtbot, window) -> None:
    for page in window.pages:
        window.show_page(page)
        qtbot.wait(100)
        visited = stops(qtbot, page)
        places = [place(stop, page) for stop in visited]
        back = [
            (type(page).__name__, visited[number].objectName() or visited[number].accessibleName())
            for number in range(1, len(places))
            if places[number].right() < places[number - 1].left()
            and places[number].bottom() <= places[number - 1].bottom()
            or places[number].bottom() < places[number - 1].top()
            and places[number].left() < places[number - 1].right()
        ]
        assert not back
        assert visited, type(page).__name__


class _Later(Page):
    """A page whose first field comes last."""

    def __init__(self) -> None:
        super().__init__()
        self.second = QPushButton("second", self)
        self.column = QVBoxLayout(self)
        self.column.addWidget(self.second)


def test_a_row_that_came_later_is_gone_through_where_it_stands(qtbot) -> None:
    page = _Later()
    qtbot.addWidget(page)
    page.first, third = QPushButton("first", page), QPushButton("third", page)
    page.column.addWidget(third)
    page.column.insertWidget(0, page.first)
    page.show()
    qtbot.waitExposed(page)
    page.first.setFocus()
    for expected in (page.second, third):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        assert page.focusWidget() is expected


def test_a_dialog_begins_in_its_first_field(qtbot) -> None:
    dialog = SecretDialog("Admin", "The first.", (("name", "Name", False), ("secret", "Password", True)))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.focusWidget() is dialog.fields["name"]
    qtbot.keyClick(dialog.fields["name"], Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.fields["secret"]
