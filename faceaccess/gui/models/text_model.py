"""Rows of text as a table, such as the passes of a trial day."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt

from faceaccess.gui.models.flat_model import FlatModel, Index
from faceaccess.gui.plain import shown


class TextModel(FlatModel):
    """The rows that a wording gives, under the heads that come with them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ("",)
        self._rows: list[tuple[str, ...]] = []

    def show_rows(self, titles: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
        """Show rows in place of those that are shown, under the heads of their columns."""
        self.beginResetModel()
        self._titles = tuple(titles)
        self._rows = list(rows)
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return shown(self._rows[index.row()][index.column()])
