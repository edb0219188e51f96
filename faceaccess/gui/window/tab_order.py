"""The order in which Tab goes through what is shown: as it is read."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


def follow_layout(root: QWidget) -> list[QWidget]:
    """Let Tab go through a widget as it is laid out, also through what came later; return the stops."""
    stops = [widget for widget in _laid_out(root) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)
    return stops


def _laid_out(widget: QWidget) -> Iterator[QWidget]:
    """Yield what is inside a widget, from the first to the last as it is read."""
    for child in _children(widget):
        yield child
        yield from _laid_out(child)


def _children(widget: QWidget) -> list[QWidget]:
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        return [inside] if inside else []
    if isinstance(widget, QSplitter | QStackedWidget):
        return [page for number in range(widget.count()) if (page := widget.widget(number))]
    if isinstance(widget, QTabWidget):
        pages = (widget.widget(number) for number in range(widget.count()))
        return [widget.tabBar(), *(page for page in pages if page)]
    layout = widget.layout()
    return list(_widgets(layout)) if layout else []


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    numbers = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        numbers.sort(key=partial(_place, layout))
    for number in numbers:
        item = layout.itemAt(number)
        widget, inner = (item.widget(), item.layout()) if item else (None, None)
        if widget:
            yield widget
        elif inner:
            yield from _widgets(inner)


def _place(grid: QGridLayout, number: int) -> tuple[int, int]:
    place = grid.getItemPosition(number)
    assert isinstance(place, tuple)
    return place[0], place[1]
