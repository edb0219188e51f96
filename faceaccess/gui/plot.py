"""A plot of bars that doesn't move: one view between two axes."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceaccess.gui import theme

pg.setConfigOptions(antialias=True, exitCleanup=False)

SMALL_PT = 8.5
_GRID = 46
"""Opacity of the grid's lines, of 255."""


def key_text(pairs: Sequence[tuple[str, str]]) -> str:
    """Return the key to the colours, as rich text."""
    spans = (
        f"<span style='color:{colour}'>■</span>&nbsp;{label.replace(' ', '&nbsp;')}"
        for colour, label in pairs
    )
    return "&nbsp;&nbsp; ".join(spans)


class CountAxis(pg.AxisItem):
    """Counts have no fractions."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N803
        """Return distances between ticks of 1 and more."""
        return [pair for pair in super().tickSpacing(minVal, maxVal, size) if pair[0] >= 1] or [(1, 0)]


class Plot(pg.GraphicsView):
    """Shows items between a left and a bottom axis.

    Not pyqtgraph's own `PlotWidget`, which makes dozens of widgets for a menu that nobody opens here.
    """

    def __init__(self, name: str, parent: QWidget, *, left: pg.AxisItem | None, bottom: pg.AxisItem) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumSize(120, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.enableMouse(False)
        self.viewport().setMouseTracking(True)
        self._layout = pg.GraphicsLayout()
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._layout.setSpacing(0)
        self.setCentralItem(self._layout)
        self.view = self._layout.addViewBox(row=0, col=1, enableMenu=False, enableMouse=False)
        self.axes = {"left": left, "bottom": bottom}
        for axis, row, column in ((left, 0, 0), (bottom, 1, 1)):
            if axis is not None:
                self._layout.addItem(axis, row, column)
                axis.linkToView(self.view)
                axis.enableAutoSIPrefix(False)
                axis.setStyle(tickLength=4)
                axis.setZValue(-1)
        self.items_shown: list[pg.GraphicsObject] = []

    def add(self, item: pg.GraphicsObject) -> None:
        """Put an item into the view."""
        self.view.addItem(item)
        self.items_shown.append(item)

    def clear(self) -> None:
        """Take all items out."""
        for item in self.items_shown:
            self.view.removeItem(item)
        self.items_shown = []

    def show_range(self, across: tuple[float, float], upwards: tuple[float, float]) -> None:
        """Show this range of both axes."""
        self.view.setRange(xRange=across, yRange=upwards, padding=0)

    def show_axes(self, labels: dict[str, str], grid: str) -> None:
        """Draw the axes in the theme's colours.

        Args:
            labels: of the left and the bottom axis.
            grid: whose axis has lines across the view.
        """
        tokens = theme.tokens_in_use()
        self.setBackground(tokens.surface)
        font = self.font()
        font.setPointSizeF(SMALL_PT)
        for side, axis in self.axes.items():
            if axis is None:
                continue
            axis.setPen(pg.mkPen(tokens.border_strong))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.setLabel(labels[side], color=tokens.muted, **{"font-size": f"{SMALL_PT}pt"})
            axis.setTickFont(font)
            axis.setGrid(_GRID if side == grid else False)

    def place_of(self, at: QPointF) -> QPointF:
        """Return the numbers that a place of the widget stands for."""
        return self.view.mapSceneToView(self.mapToScene(at.toPoint()))
