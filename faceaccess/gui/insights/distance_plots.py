"""The distances at the doors above those of the people enrolled, with one threshold through both."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QWidget

from faceaccess.gui import theme
from faceaccess.gui.insights.scale import AXIS_PX, FARTHEST
from faceaccess.gui.layout import column
from faceaccess.gui.plain import Label
from faceaccess.gui.plot import CountAxis, Plot, key_text
from faceaccess.models.evidence import DoorEvidence, GalleryEvidence

_STEP = 0.04
_EDGES = np.arange(0, FARTHEST + _STEP / 2, _STEP)
_DOOR_PX, _GALLERY_PX = 110, 180

Bars = tuple[NDArray[np.floating], str]


class DistancePlots(QWidget):
    """Bars that don't move, and a line that does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery: GalleryEvidence | None = None
        self._doors: DoorEvidence | None = None
        self._threshold = 0.0
        self._lines: list[pg.InfiniteLine] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._draw_gallery)
        self.door_key, self.gallery_key = Label(self), Label(self)
        for key in (self.door_key, self.gallery_key):
            key.setTextFormat(Qt.TextFormat.RichText)
            key.setWordWrap(True)
        self.door_plot = self._plot(self.tr("Distances at the doors"), _DOOR_PX)
        self.gallery_plot = self._plot(self.tr("Distances of the people enrolled"), _GALLERY_PX)
        column(self.door_key, self.door_plot, self.gallery_key, self.gallery_plot, parent=self, spacing=2)

    def _plot(self, name: str, height_px: int) -> Plot:
        left = CountAxis("left")
        left.setWidth(AXIS_PX)
        plot = Plot(name, self, left=left, bottom=pg.AxisItem("bottom"))
        plot.setFixedHeight(height_px)
        # An empty plot takes as long to draw as a full one, and would jump when it is filled.
        policy = plot.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        plot.setSizePolicy(policy)
        plot.hide()
        return plot

    def show_evidence(self, gallery: GalleryEvidence | None, doors: DoorEvidence | None) -> None:
        """Draw the distances."""
        self._gallery, self._doors = gallery, doors
        if gallery is not None:
            self.door_plot.show()
            self._draw()

    def move_to(self, threshold: float) -> None:
        """Put the line at a threshold."""
        self._threshold = threshold
        for line in self._lines:
            line.setValue(threshold)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_soon"):
            self.show_evidence(self._gallery, self._doors)

    def _draw(self) -> None:
        tokens = theme.tokens_in_use()
        self._lines = []
        doors = self._doors
        accepted = doors.entries.is_accepted if doors else np.zeros(0, bool)
        distances = doors.entries.distances if doors else np.zeros(0, np.float32)
        self._fill(
            self.door_plot,
            [(distances[accepted], tokens.good), (distances[~accepted], tokens.bad)],
            self.tr("Entries"),
        )
        wrong = [passage.distance for passage in (doors.known if doors else ()) if not passage.is_nearest]
        if wrong:
            mark = pg.ScatterPlotItem(
                x=wrong,
                y=[0] * len(wrong),
                symbol="x",
                size=13,
                brush=tokens.text,
                pen=pg.mkPen(tokens.surface),
            )
            self.door_plot.add(mark)
        # In a turn of its own: each takes some 30 ms to draw.
        self._soon.start()
        self.door_key.setText(
            _key(
                self.tr("At the doors, last 30 days:"),
                [(tokens.good, self.tr("let in")), (tokens.bad, self.tr("refused"))],
            )
            + (self.tr("&nbsp;&nbsp; <b>✕</b>&nbsp;somebody else, as is known") if wrong else "")
        )
        self.gallery_key.setText(
            _key(
                self.tr("Each enrolled photo:"),
                [
                    (tokens.good, self.tr("to the person's nearest other photo")),
                    (tokens.bad, self.tr("to the nearest photo of somebody else")),
                ],
            )
        )

    def _draw_gallery(self) -> None:
        gallery, tokens = self._gallery, theme.tokens_in_use()
        self.gallery_plot.show()
        same = gallery.searches.own if gallery else np.zeros(0, np.float32)
        other = gallery.searches.other if gallery else np.zeros(0, np.float32)
        self._fill(self.gallery_plot, [(same, tokens.good), (other, tokens.bad)], self.tr("Photos"))

    def _fill(self, plot: Plot, bars: Sequence[Bars], upwards: str) -> None:
        """Draw bars side by side, and the line."""
        plot.clear()
        below = self.tr("Distance (lower is closer)") if plot is self.gallery_plot else ""
        plot.show_axes({"bottom": below, "left": upwards}, "left")
        seen = [values[np.isfinite(values)] for values, _ in bars]
        counts = [np.histogram(np.clip(values, 0, _EDGES[-1] - 1e-6), _EDGES)[0] for values in seen]
        for number, (heights, (_, colour)) in enumerate(zip(counts, bars, strict=True)):
            x = _EDGES[:-1] + _STEP * (number + 0.5) / len(bars)
            plot.add(
                pg.BarGraphItem(
                    x=x, height=heights, width=_STEP / len(bars), brush=pg.mkBrush(colour), pen=pg.mkPen(None)
                )
            )
        pen = pg.mkPen(theme.tokens_in_use().text, width=2, style=Qt.PenStyle.DashLine)
        line = pg.InfiniteLine(self._threshold, angle=90, pen=pen)
        plot.add(line)
        self._lines.append(line)
        plot.show_range(
            (0, FARTHEST), (0, 1.08 * max(1, *(int(heights.max(initial=0)) for heights in counts)))
        )


def _key(title: str, kinds: Sequence[tuple[str, str]]) -> str:
    return f"<b>{title}</b>&nbsp;&nbsp; {key_text(kinds)}"
