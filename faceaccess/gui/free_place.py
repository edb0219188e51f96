"""Where something may stand over a page without covering what is used there."""

from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

_GAP_PX = 4


def lowest_place(size: QSize, area: QRect, obstacles: Sequence[QRect]) -> QRect:
    """Return the lowest place that covers no obstacle, at the left where there is room, else at the right.

    Args:
        size: of what is to be placed.
        area: where it may stand.
        obstacles: in the coordinates of `area`.

    Returns:
        The lowest place that covers least, where there is none that covers nothing.
    """
    lowest = area.bottom() + 1 - size.height()
    above = {obstacle.top() - _GAP_PX - size.height() for obstacle in obstacles}
    heights = sorted({lowest, *(y for y in above if area.top() <= y < lowest)}, reverse=True)
    lefts = (area.left(), area.right() + 1 - size.width())
    places = [QRect(QPoint(x, y), size) for y, x in product(heights, lefts)]
    return min(places, key=lambda place: _covered(place, obstacles))


def seen_part(widget: QWidget, page: QWidget) -> QRect:
    """Return the part of a widget that its parents let be seen, in the coordinates of `page`."""
    part, parent = QRect(widget.mapTo(page, QPoint()), widget.size()), widget.parentWidget()
    while parent is not None and parent is not page:
        part &= QRect(parent.mapTo(page, QPoint()), parent.size())
        parent = parent.parentWidget()
    return part & page.rect()


def _covered(place: QRect, obstacles: Sequence[QRect]) -> int:
    """Return how much of the obstacles a place covers, pixels."""
    parts = [place & obstacle for obstacle in obstacles]
    return sum(part.width() * part.height() for part in parts if not part.isEmpty())
