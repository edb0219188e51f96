"""Icons by name, drawn from SVG in any colour."""

from functools import lru_cache
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QToolButton, QWidget
from shiboken6 import isValid

from faceaccess import paths

_SIZES = (16, 20, 24, 32, 48, 64)
_GAP_PX = 4

_shown_on: "WeakSet[QAbstractButton | QLabel]" = WeakSet()


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    folder = paths.resource("icons")
    path = folder / f"{name}.svg"
    if not path.is_file():
        raise KeyError(f"no icon named {name!r} in {folder}")
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size_px: int, scale: float = 1.0, gap_px: int = 0) -> QPixmap:
    """Draw an icon.

    Args:
        name: the file's name in `resources/icons`, without suffix; unknown ones raise KeyError.
        colour: what `currentColor` stands for, as `#rrggbb`.
        size_px: width and height in device-independent pixels.
        scale: device pixels per device-independent pixel.
        gap_px: empty room added at the right, between an icon and a button's words.
    """
    svg = _source(name).replace("currentColor", colour)
    side = round(size_px * scale)
    drawn = QPixmap(side + round(gap_px * scale), side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


def program_icon() -> QIcon:
    """Return the program's own icon, which has colours of its own."""
    renderer, drawn = QSvgRenderer(str(paths.resource("program.svg"))), QIcon()
    for size in (*_SIZES, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        drawn.addPixmap(pixmap)
    return drawn


def icon(name: str, colour: str | None = None) -> QIcon:
    """Return an icon in `colour`, or in the palette's text colour, greyed when disabled."""
    palette = QApplication.palette()
    normal = colour or palette.color(QPalette.ColorRole.WindowText).name()
    off = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    drawn = QIcon()
    for size in _SIZES:
        drawn.addPixmap(pixmap(name, normal, size, 2.0), QIcon.Mode.Normal)
        drawn.addPixmap(pixmap(name, off, size, 2.0), QIcon.Mode.Disabled)
    return drawn


def set_icon(widget: QAbstractButton | QLabel, name: str, size_px: int = 20) -> None:
    """Show an icon on a button or label, in the colour of its text, also after a theme change."""
    widget.setProperty("iconName", name)
    widget.setProperty("iconSide", size_px)
    _shown_on.add(widget)
    _draw_on(widget)


def redraw_all() -> None:
    """Draw the icons of all widgets again in their present colours."""
    # Not every widget there is: asking one whose window is just being deleted ends the program.
    for widget in list(_shown_on):
        if isValid(widget):
            _draw_on(widget)


def _button_icon(name: str, colour: str, size_px: int, gap_px: int) -> QIcon:
    off = QApplication.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    drawn = QIcon()
    drawn.addPixmap(pixmap(name, colour, size_px, 2.0, gap_px), QIcon.Mode.Normal)
    drawn.addPixmap(pixmap(name, off, size_px, 2.0, gap_px), QIcon.Mode.Disabled)
    return drawn


def _text_colour(button: QAbstractButton) -> str:
    """Return the colour of a button's text when it can be pressed, also while it can't."""
    if button.isEnabled():
        return button.palette().color(QPalette.ColorRole.ButtonText).name()
    # The look is given by rules for each state, which only a button in that state can be asked for.
    like = (QToolButton if isinstance(button, QToolButton) else QPushButton)()
    for name in ("role", "iconName"):
        like.setProperty(name, button.property(name))
    like.ensurePolished()
    return like.palette().color(QPalette.ColorRole.ButtonText).name()


def _draw_on(widget: QWidget) -> None:
    name, size = widget.property("iconName"), int(widget.property("iconSide"))
    widget.ensurePolished()
    if isinstance(widget, QLabel):
        colour = widget.palette().color(QPalette.ColorRole.WindowText).name()
        widget.setPixmap(pixmap(name, QColor(colour).name(), size, max(2.0, widget.devicePixelRatioF())))
    elif isinstance(widget, QAbstractButton):
        colour = _text_colour(widget)
        gap = _GAP_PX if widget.text() else 0
        widget.setIcon(_button_icon(name, colour, size, gap))
        widget.setIconSize(QSize(size + gap, size))
