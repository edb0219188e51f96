"""Messages stand over the page: they move nothing and take no focus."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton

from faceaccess.errors import CameraError
from faceaccess.gui import notices as notices_module
from faceaccess.gui.free_place import lowest_place, seen_part
from faceaccess.gui.main_window import MainWindow

LONG = "The camera at the back door gave no picture for a while, and it was tried again and again. " * 4


@pytest.fixture
def window(qtbot, space, theme, window_settings) -> MainWindow:
    """The window at its smallest."""
    made = MainWindow(space, theme, window_settings)
    qtbot.addWidget(made)
    made.begin(None, is_gallery_empty=False)
    made.resize(960, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_messages_move_nothing_and_take_no_focus(qtbot, window) -> None:
    window.show_page(window.log)
    page_before = window.log.geometry()
    field = window.log.findChild(QPushButton)
    field.setFocus()
    window.notices.notify("Saved.", action=("Undo", lambda: None))
    window.notices.fail(CameraError(LONG))
    notices = window.notices
    # All words are shown, once the rows have their heights, which takes a few turns.
    qtbot.waitUntil(lambda: all(row.height() >= row.sizeHint().height() for row in notices._shown()))
    assert window.log.geometry() == page_before
    assert QApplication.focusWidget() is field
    qtbot.waitUntil(lambda: notices.parentWidget().rect().contains(notices.geometry()))
    notices.findChildren(QToolButton)[-1].click()
    assert QApplication.focusWidget() is field
    qtbot.waitUntil(lambda: notices.messages() == ["Saved."])


def test_a_message_that_stays_makes_room_and_can_be_shown_again(qtbot, window, monkeypatch) -> None:
    """It covered a line of every page until somebody closed it."""
    monkeypatch.setattr(notices_module, "_FOLDED_MS", 50)
    window.show_page(window.log)
    button = window.status_line.messages
    window.notices.fail(CameraError("Nothing."))
    assert window.notices.isVisible()
    assert not button.isVisible()
    window.show_page(window.people)
    assert not window.notices.isVisible()
    assert (button.isVisible(), button.text()) == (True, "1 message")
    button.click()
    assert window.notices.isVisible()
    assert not button.isVisible()
    window.notices.warn("Somebody else.")
    qtbot.waitUntil(lambda: button.text() == "2 messages")
    assert window.notices.messages() == ["Nothing.", "Somebody else."]
    window.notices.clear()
    assert not button.isVisible()


def test_messages_follow_the_window_and_leave_greetings_free(qtbot, window) -> None:
    window.notices.fail(CameraError("Nothing."))
    for page in (window.log, window.door):
        window.show_page(page)
        window.notices.fold(False)
        window.resize(1200, 760)
        qtbot.wait(50)
        notices = window.notices
        lower = notices.mapTo(window, notices.rect().bottomLeft()).y()
        assert lower < window.height()
        if page is window.door:
            banner = window.door.banner
            assert lower <= banner.mapTo(window, banner.rect().topLeft()).y()
        window.resize(960, 600)


@pytest.mark.parametrize("page", ["gallery", "attendance", "insights", "settings_page", "safety", "log"])
@pytest.mark.parametrize("count", [1, 3])
def test_messages_cover_no_button_that_can_be_pressed(qtbot, window, page, count) -> None:
    """The lower buttons of a page could not be pressed for twenty seconds."""
    shown = getattr(window, page)
    window.show_page(shown)
    qtbot.wait(100)
    place = shown.geometry()
    for number in range(count):
        window.notices.warn(f"{number}: the entries of a recording count as no attendance and open no door.")

    def is_clear() -> bool:
        buttons = [
            button
            for button in shown.findChildren(QAbstractButton)
            if button.isVisible() and button.isEnabled()
        ]
        messages = QRect(window.notices.mapTo(window, QPoint()), window.notices.size())
        return not any(seen_part(button, window).intersects(messages) for button in buttons)

    qtbot.waitUntil(is_clear)
    qtbot.wait(300)
    assert is_clear(), "also after it has looked once more"
    assert window.notices.isVisible()
    assert shown.geometry() == place


def test_the_lowest_free_place_is_taken() -> None:
    size, area = QSize(60, 10), QRect(0, 0, 100, 100)
    assert lowest_place(size, area, []) == QRect(0, 90, 60, 10)
    assert lowest_place(size, area, [QRect(10, 80, 20, 20)]) == QRect(40, 90, 60, 10)
    assert lowest_place(size, area, [QRect(40, 80, 20, 20)]) == QRect(0, 66, 60, 10)
    assert lowest_place(size, area, [QRect(0, 0, 100, 95), QRect(0, 95, 10, 5)]) == QRect(40, 90, 60, 10)


def test_messages_go_out_of_the_way_of_a_button_that_comes(qtbot, window) -> None:
    window.show_page(window.log)
    window.notices.warn("Somebody else.")
    qtbot.waitUntil(window.notices.isVisible)
    button = QPushButton("Late", window.log)
    button.setGeometry(40, window.log.height() - 40, 80, 30)
    button.show()
    button.lower()
    qtbot.waitUntil(lambda: not window.notices.geometry().intersects(button.geometry()))
