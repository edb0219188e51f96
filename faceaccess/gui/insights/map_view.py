"""The map's dots: a picture for the one under the mouse, and a click that leads to its person."""

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QWidget

from faceaccess.gui import theme
from faceaccess.gui.layout import column
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import Label
from faceaccess.gui.plot import Plot
from faceaccess.gui.wording.counts import Counts
from faceaccess.models.face_map import FaceMap

_DOT_PX, _REACH_PX, _FACE_PX = 9, 12, 96
_HEIGHT_PX = 460
_GOLDEN = 0.61803398875
"""Turns of the colour wheel between two groups: any number of them are as far apart as can be."""


class _Tip(QFrame):
    """A face and its name, beside the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setObjectName("photoCard")
        self.face, self.name = Label(self), Label(self)
        column(self.face, self.name, parent=self, spacing=4, margin=8)

    def show_face(self, picture: QPixmap, name: str, at: QPointF) -> None:
        """Show a face a little beside a place on the screen."""
        self.face.setPixmap(picture)
        self.name.setText(name)
        self.adjustSize()
        self.move(at.toPoint().x() + 14, at.toPoint().y() + 10)
        self.show()


class MapView(Plot):
    """Draws a map; `person_chosen` carries the id of the person whose dot was clicked."""

    person_chosen = Signal(str)

    def __init__(self, load_face: Callable[[int], bytes | None], parent: QWidget) -> None:
        super().__init__("", parent, left=None, bottom=None)
        self.setAccessibleName(self.tr("Map of the faces"))
        self.setFixedHeight(_HEIGHT_PX)
        self.view.setAspectLocked(True)
        self._map: FaceMap | None = None
        self._groups: Sequence[str] = ()
        self._places = np.zeros((0, 2))
        self._under = -1
        self._faces = Thumbnails[int](load_face, _FACE_PX, self)
        self._faces.loaded.connect(self._on_face)
        self._tip = _Tip(self)
        self._pointer = QPointF()
        self.viewport().installEventFilter(self)

    def show_map(self, shown: FaceMap | None, groups: Sequence[str]) -> None:
        """Draw a map.

        Args:
            shown: None draws nothing.
            groups: N of them; the dots of one have one colour.
        """
        self._map, self._groups, self._under = shown, groups, -1
        self._tip.hide()
        self.clear()
        self.setBackground(theme.tokens_in_use().surface)
        if shown is None or not len(shown.places):
            return
        self._places = shown.places.astype(np.float64)
        self._draw_look_alikes(shown)
        self._draw_dots(shown)
        low, high = self._places.min(axis=0), self._places.max(axis=0)
        room = max(float((high - low).max()) * 0.05, 1.0)
        self.view.setRange(
            QRectF(QPointF(*(low - room)), QPointF(*(high + room))), padding=0, disableAutoRange=True
        )
        self.setAccessibleDescription(
            self.tr(
                "{0}, {1} unlike the person's others, %n pairs of look-alikes", "", len(shown.look_alikes)
            ).format(Counts().photos(len(shown.places)), len(shown.outliers))
        )

    def _draw_dots(self, shown: FaceMap) -> None:
        tokens = theme.tokens_in_use()
        numbers = {group: number for number, group in enumerate(dict.fromkeys(self._groups))}
        value = 0.62 if tokens.scheme == "light" else 0.9
        colours = [QColor.fromHsvF((numbers[group] * _GOLDEN) % 1.0, 0.65, value) for group in self._groups]
        outliers = set(shown.outliers)
        pens = [
            pg.mkPen(tokens.bad, width=3) if row in outliers else pg.mkPen(tokens.surface, width=1)
            for row in range(len(colours))
        ]
        sizes = [_DOT_PX + 5 if row in outliers else _DOT_PX for row in range(len(colours))]
        brushes = [pg.mkBrush(colour) for colour in colours]
        self.add(pg.ScatterPlotItem(pos=self._places, size=sizes, brush=brushes, pen=pens))

    def _draw_look_alikes(self, shown: FaceMap) -> None:
        rows = {int(photo_id): row for row, photo_id in enumerate(shown.photo_ids)}
        pen = pg.mkPen(theme.tokens_in_use().caution, width=2, style=Qt.PenStyle.DashLine)
        for pair in shown.look_alikes:
            ends = [rows[photo_id] for photo_id in pair.photo_ids if photo_id in rows]
            if len(ends) == 2:
                self.add(pg.PlotCurveItem(self._places[ends, 0], self._places[ends, 1], pen=pen))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_map"):
            self.show_map(self._map, self._groups)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the face under the mouse; a click leads to its person."""
        if isinstance(event, QMouseEvent):
            row = self._row_at(event.position())
            if event.type() == QEvent.Type.MouseButtonRelease and row >= 0 and self._map:
                self._tip.hide()
                self.person_chosen.emit(self._map.person_ids[row])
            elif event.type() == QEvent.Type.MouseMove:
                self._pointer = event.globalPosition()
                self._point_at(row)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Hide):
            self._point_at(-1)
        return super().eventFilter(watched, event)

    def _point_at(self, row: int) -> None:
        self._under = row
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor
        )
        if row < 0 or self._map is None:
            self._tip.hide()
            return
        picture = self._faces.picture(int(self._map.photo_ids[row]))
        self._tip.show_face(picture, self._map.names[row], self._pointer)

    def _row_at(self, at: QPointF) -> int:
        """Return the row of the dot at a place of the widget; -1 for none."""
        if self._map is None or not len(self._places):
            return -1
        here, beside = self.place_of(at), self.place_of(at + QPointF(_REACH_PX, 0))
        apart = np.hypot(self._places[:, 0] - here.x(), self._places[:, 1] - here.y())
        row = int(apart.argmin())
        return row if apart[row] <= abs(beside.x() - here.x()) else -1

    def _on_face(self, photo_id: object) -> None:
        if self._map is not None and self._under >= 0 and self._map.photo_ids[self._under] == photo_id:
            self._point_at(self._under)
