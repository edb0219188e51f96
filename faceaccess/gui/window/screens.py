"""The screens that windows are put on, by name."""

from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget


def find_screen(name: str) -> tuple[QScreen, bool]:
    """Return the screen of a name, and whether it is there; the first one where it isn't or none is named."""
    screens = QGuiApplication.screens()
    named = next((screen for screen in screens if screen.name() == name), None)
    return named or screens[0], named is not None or not name


def fill_screen(window: QWidget, name: str) -> bool:
    """Show a window on the whole of a screen; tell whether it is the one that was meant."""
    screen, is_there = find_screen(name)
    window.setGeometry(screen.geometry())
    window.showFullScreen()
    return is_there


def show_on_screen(window: QWidget, name: str) -> bool:
    """Show a window of its own size in the middle of a screen; tell whether it is the one that was meant."""
    screen, is_there = find_screen(name)
    room = screen.availableGeometry()
    size = window.size().boundedTo(room.size())
    window.resize(size)
    window.move(room.center().x() - size.width() // 2, room.center().y() - size.height() // 2)
    window.show()
    return is_there
