"""The columns of a report as wide as there is room for; nothing has to be scrolled sideways."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QTableView

from faceaccess.gui.models.report_model import MAY_WARN, ReportModel

_ROWS_LOOKED_AT = 60
_ICON, _ICON_GAP_PX = Qt.ItemDataRole.DecorationRole, 8
_WIDEST_PX = 200
_NARROWEST_PX = {
    "name": 110,
    "department": 80,
    "schedule": 80,
    "remarks": 90,
    "absence": 70,
    "leave_days": 80,
}
"""Texts that may be cut short; numbers and times never are."""

_FIRST_TO_GO = (
    "schedule", "department", "staff_number", "credited", "early_by", "leave_days", "days_worked", "late_by",
    "absent_days", "asked", "undertime", "overtime", "people", "camera", "reason",
)  # fmt: skip


class ReportColumns(QObject):
    """Fits the columns whenever the table changes its size; `changed` follows when others are hidden.

    Attributes:
        hidden: the titles of the columns for which there is no room.
    """

    changed = Signal()

    def __init__(self, table: QTableView, model: ReportModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model
        self._usual_px: list[int] = []
        model.modelReset.connect(self._forget)
        self.hidden: tuple[str, ...] = ()
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the columns to another width."""
        if event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Give each column its width; the least needed ones are hidden where there is no room for all."""
        model, room_px = self._model, self._table.viewport().width()
        names = [model.column_name(at) for at in range(model.columnCount())]
        usual_px = self._usual_px = self._usual_px or [self._width_px(at) for at in range(len(names))]
        header = self._table.horizontalHeader()
        least_px = [
            min(px, max(_NARROWEST_PX.get(name, px), header.sectionSizeHint(at)))
            for at, (name, px) in enumerate(zip(names, usual_px, strict=True))
        ]
        shown = list(range(len(names)))
        for name in _FIRST_TO_GO:
            if sum(least_px[at] for at in shown) <= room_px:
                break
            shown = [at for at in shown if names[at] != name]
        spare_px = room_px - sum(least_px[at] for at in shown)
        for at, px in enumerate(least_px):
            self._table.setColumnHidden(at, at not in shown)
            if at in shown:
                more_px = min(max(0, spare_px), usual_px[at] - px)
                spare_px -= more_px
                header.resizeSection(at, px + more_px)
        hidden = tuple(self._title(at) for at in range(len(names)) if at not in shown)
        if hidden != self.hidden:
            self.hidden = hidden
            self.changed.emit()

    def _forget(self) -> None:
        self._usual_px = []

    def _width_px(self, column: int) -> int:
        """Return the width that a column would like to have.

        Its texts are measured, and only the widest cell is asked: a month of all people, asked cell by cell,
        takes longer than a turn of the event loop may.
        """
        model, metrics = self._model, self._table.fontMetrics()
        rows = model.rowCount()
        looked_at = {*range(min(rows, _ROWS_LOOKED_AT)), *range(max(0, rows - 1), rows)}
        cells = [model.index(row, column) for row in looked_at]
        widest = max(cells, key=lambda cell: metrics.horizontalAdvance(str(cell.data() or "")), default=None)
        cell_px = self._table.sizeHintForIndex(widest).width() if widest is not None else 0
        if model.column_name(column) in MAY_WARN and (widest is None or widest.data(_ICON) is None):
            cell_px += self._table.iconSize().width() + _ICON_GAP_PX
        header_px = self._table.horizontalHeader().sectionSizeHint(column)
        return min(max(cell_px, header_px) + 4, _WIDEST_PX)

    def _title(self, column: int) -> str:
        return str(self._model.headerData(column, Qt.Orientation.Horizontal))
