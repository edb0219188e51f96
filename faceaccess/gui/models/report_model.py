"""A report as a table model."""

from datetime import date

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont

from faceaccess.attendance.report_cells import WORDS, Cell
from faceaccess.attendance.reports import Table
from faceaccess.codes import AbsenceKind, DayMark, ReportKind
from faceaccess.gui import icons, theme
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import plain, shown
from faceaccess.gui.wording import attendance as attendance_text

WARNINGS = frozenset(
    {DayMark.MISSING_IN, DayMark.MISSING_OUT, DayMark.OUT_BEFORE_IN, DayMark.LONG_STAY, DayMark.ABSENT}
)
"""The columns of a day that need attention when they hold anything."""

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_KEPT = frozenset({"name", "day", "first_in", "last_out", "worked"})
"""Columns that are shown even when nothing stands in them."""

MAY_WARN = frozenset({"missing", "remarks"})
"""Columns whose cells may bear an icon of warning."""

_TIMES = {"late_by": "late_days", "early_by": "early_days"}
"""Durations, each with the number of times it happened, in one column."""

_AWAY = {
    "leave_days": AbsenceKind.LEAVE,
    "sick_days": AbsenceKind.SICK,
    "remote_days": AbsenceKind.REMOTE,
    "other_days": AbsenceKind.OTHER,
}
"""Days away of each kind, in one column that bears the first name."""


class ReportModel(QAbstractTableModel):
    """Shows the columns of a report that aren't empty, and its totals as a last row.

    What belongs together stands in one column here, for it has to fit a screen: a file has a column for each.
    """

    def __init__(self, parent: QObject | None = None, faces: Thumbnails[str] | None = None) -> None:
        """Make an empty model.

        Args:
            parent: its owner.
            faces: the pictures shown beside the names; None shows none.
        """
        super().__init__(parent)
        self._faces = faces
        if faces is not None:
            faces.loaded.connect(self._on_face_loaded)
        self.table: Table | None = None
        self._columns: list[int] = []
        self._below: tuple[str, ...] = ()

    def show_below(self, names: tuple[str, ...]) -> None:
        """Show the cells of these columns in a line below the name, where the columns have no room."""
        if names != self._below:
            self._below = names
            end = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), end, [_Role.DisplayRole])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.columnCount() - 1))

    def show_table(self, table: Table | None) -> None:
        """Show a report, or nothing."""
        self.beginResetModel()
        self.table = table
        self._columns = []
        if table is not None:
            self._columns = _columns_of(table)
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
            return " · ".join(map(self._title, (name, *(self._below if name == "name" else ()))))
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
            joined = self._joined(index, name)
            text = attendance_text.cell(cell, day) if joined is None else joined
            if role == _Role.DisplayRole and name == "name" and self._below:
                below = (self.cell_at(index.row(), other) for other in self._below)
                return shown("\n".join((text, "  ".join(attendance_text.cell(cell, day) for cell in below))))
            return plain(text) or None if role == _Role.ToolTipRole else shown(text)
        if role == _Role.DecorationRole and name == "name" and self._faces is not None:
            person_id = self.person_at(index.row())
            return None if person_id is None else self._faces.picture(person_id)
        if role == _Role.DecorationRole and _is_warning(name, cell):
            return icons.icon("warning", theme.tokens_in_use().caution)
        return None

    def _on_face_loaded(self, person_id: object) -> None:
        names = [self.column_name(at) for at in range(self.columnCount())]
        if self.table is None or "name" not in names:
            return
        for row, other in enumerate(self.table.people):
            if other == person_id:
                at = self.index(row, names.index("name"))
                self.dataChanged.emit(at, at, [_Role.DecorationRole])

    def _title(self, name: str) -> str:
        if self.table is not None and _TIMES.get(name) in self.table.columns:
            return self.tr("{0} (times)").format(attendance_text.column(name))
        return self.tr("Days away") if name in _AWAY else attendance_text.column(name)

    def _joined(self, index: _Index, name: str) -> str | None:
        """Return the text of a cell that shows several of the report's; None for any other."""
        if self.table is None or (name not in _AWAY and name not in _TIMES):
            return None
        is_total = index.row() == len(self.table.rows)
        row = (self.table.totals or ()) if is_total else self.table.rows[index.row()]
        cells = dict(zip(self.table.columns, row, strict=True))
        if name in _AWAY:
            parts = ((code, cells.get(kind)) for kind, code in _AWAY.items())
            return ", ".join(
                f"{attendance_text.code(code)} {attendance_text.cell(days)}" for code, days in parts if days
            )
        times = cells.get(_TIMES[name])
        return f"{attendance_text.cell(cells[name])} ({times})" if times else None

    def _cell(self, table: Table, index: _Index) -> Cell:
        at = self._columns[index.column()]
        if table.totals is None or index.row() < len(table.rows):
            return table.rows[index.row()][at]
        total = table.totals[at]
        return attendance_text.column("total") if not total and index.column() == 0 else total


def _columns_of(table: Table) -> list[int]:
    """Return the numbers of the columns to show; of those that are joined, the first."""
    filled, names = set(table.filled()), table.columns
    is_away = any(at in filled for at, name in enumerate(names) if name in _AWAY)
    columns = []
    for at, name in enumerate(names):
        if name in _AWAY:
            is_shown = is_away and name == "leave_days"
        else:
            is_joined = any(name == times and by in names for by, times in _TIMES.items())
            is_shown = (at in filled or name in _KEPT) and not is_joined
        if is_shown:
            columns.append(at)
    return columns


def _is_warning(name: str, cell: Cell) -> bool:
    if name == "missing":
        return bool(cell)
    return name == "remarks" and isinstance(cell, tuple) and bool(WARNINGS.intersection(cell))


def _side(name: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if name in WORDS or name in _AWAY else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
