"""The rows of an import as a table model: the plan for each, or the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from faceaccess.gui import icons
from faceaccess.gui.models.flat_model import FlatModel, Index
from faceaccess.gui.plain import plain, shown


class Column(IntEnum):
    """The columns of the table."""

    ROW = 0
    STATUS = 1
    NAME = 2
    STAFF_NUMBER = 3
    DEPARTMENT = 4
    EMAIL = 5
    PHOTOS = 6
    WHY = 7


@dataclass(frozen=True)
class ImportLine:
    """A row as it is shown.

    Attributes:
        number: of the row in the table.
        cells: one for each `Column`.
        is_refused: whether nothing is done with it.
    """

    number: int
    cells: tuple[str, ...]
    is_refused: bool


class ImportModel(FlatModel):
    """Lines in the order they were given, all of them or the refused ones."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = (
            self.tr("Row"), self.tr("Action"), self.tr("Name"), self.tr("Staff number"),
            self.tr("Department"), self.tr("E-mail"), self.tr("Photos"), self.tr("Notes"),
        )  # fmt: skip
        self._all: Sequence[ImportLine] = ()
        self._rows: Sequence[ImportLine] = ()
        self._is_refused_only = False
        self._icon = icons.icon("warning")

    @property
    def refused(self) -> int:
        """The number of refused rows, shown or not."""
        return sum(line.is_refused for line in self._all)

    def show_lines(self, lines: Sequence[ImportLine]) -> None:
        """Show these rows and no others."""
        self._all = lines
        self._filter()

    def show_refused_only(self, is_refused_only: bool) -> None:
        """Show the refused rows only, or all."""
        self._is_refused_only = is_refused_only
        self._filter()

    def _filter(self) -> None:
        self.beginResetModel()
        self._rows = (
            [line for line in self._all if line.is_refused] if self._is_refused_only else list(self._all)
        )
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        line = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(line.cells[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(line.cells[index.column()])
        if role == Qt.ItemDataRole.DecorationRole and index.column() == Column.STATUS and line.is_refused:
            return self._icon
        return None
