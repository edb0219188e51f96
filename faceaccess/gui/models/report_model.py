"""A report as a table model."""

from datetime import date

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from faceaccess.attendance.report_cells import WORDS, Cell
from faceaccess.attendance.reports import Table
from faceaccess.codes import DayMark, ReportKind
from faceaccess.gui import icons, theme
from faceaccess.gui.plain import plain, shown
from faceaccess.gui.wording import attendance as attendance_text

WARNINGS = frozenset({DayMark.MISSING_IN, DayMark.MISSING_OUT, DayMark.LONG_STAY, DayMark.ABSENT})
"""The columns of a day that need attention when they hold anything."""

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_KEPT = frozenset({"name", "day", "first_in", "last_out", "worked"})
"""Columns that are shown even when nothing stands in them."""


class ReportModel(QAbstractTableModel):
    """Shows the columns of a report that aren't empty, and its totals as a last row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self._columns: list[int] = []

    def show_table(self, table: Table | None) -> None:
        """Show a report, or nothing."""
        self.beginResetModel()
        self.table = table
        self._columns = []
        if table is not None:
            filled = set(table.filled())
            self._columns = [at for at, name in enumerate(table.columns) if at in filled or name in _KEPT]
        self.endResetModel()

    def column_name(self, column: int) -> str:
        """Return the name of a column, as the report has it."""
        return self.table.columns[self._columns[column]] if self.table else ""

    def person_at(self, row: int) -> str | None:
        """Return the id of the person a row is about; None where it is about nobody."""
        people = self.table.people if self.table else ()
        return people[row] if 0 <= row < len(people) else None

    def cell_at(self, row: int, name: str) -> Cell:
        """Return the cell of a row in a named column; None where there is no such column."""
        if self.table is None or name not in self.table.columns or not 0 <= row < len(self.table.rows):
            return None
        return self.table.rows[row][self.table.columns.index(name)]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows, the totals included."""
        if parent.isValid() or self.table is None or not self.table.rows:
            return 0
        return len(self.table.rows) + (self.table.totals is not None)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        name = self.column_name(section)
        if role == _Role.DisplayRole:
            return attendance_text.column(name)
        if role == _Role.TextAlignmentRole:
            return _side(name)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell."""
        if not index.isValid() or self.table is None or index.row() >= self.rowCount():
            return None
        name, is_total = self.column_name(index.column()), index.row() == len(self.table.rows)
        if role == _Role.TextAlignmentRole:
            return _side(name)
        if role == _Role.FontRole and is_total:
            font = QFont()
            font.setBold(True)
            return font
        cell = self._cell(self.table, index)
        if role in (_Role.DisplayRole, _Role.ToolTipRole):
            # The people in came today, or the evening before.
            is_present = self.table.kind is ReportKind.PRESENT
            of_row = self.table.made_at.date() if is_present else self.cell_at(index.row(), "day")
            day = of_row if isinstance(of_row, date) else None
            text = attendance_text.cell(cell, day)
            return plain(text) or None if role == _Role.ToolTipRole else shown(text)
        if role == _Role.DecorationRole and _is_warning(name, cell):
            return icons.icon("warning", theme.tokens_in_use().caution)
        return None

    def _cell(self, table: Table, index: _Index) -> Cell:
        at = self._columns[index.column()]
        if table.totals is None or index.row() < len(table.rows):
            return table.rows[index.row()][at]
        total = table.totals[at]
        return attendance_text.column("total") if not total and index.column() == 0 else total


def _is_warning(name: str, cell: Cell) -> bool:
    if name == "missing":
        return bool(cell)
    return name == "remarks" and isinstance(cell, tuple) and bool(WARNINGS.intersection(cell))


def _side(name: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if name in WORDS else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
