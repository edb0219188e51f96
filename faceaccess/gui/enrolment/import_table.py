"""The rows of an import, and which of them are refused."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QWidget,
)

from faceaccess.gui.layout import column, plain_table, wrapped
from faceaccess.gui.models.import_model import Column, ImportLine, ImportModel

_ROW_PX = 30


class ImportTable(QWidget):
    """A table below a line of words and the filter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ImportModel(self)
        self.table = plain_table(self.model, self.tr("Rows"), self, row_px=_ROW_PX)
        self.message = wrapped("", self)
        self.refused_only = QCheckBox(self.tr("Only &refused rows"), self)
        self.refused_only.toggled.connect(self.model.show_refused_only)
        self._set_up_table()
        bar = QHBoxLayout()
        bar.addWidget(self.message, 1)
        bar.addWidget(self.refused_only)
        stack = column(bar, parent=self, spacing=8)
        stack.addWidget(self.table, 1)

    def _set_up_table(self) -> None:
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        widths = {
            Column.ROW: 64, Column.STATUS: 140, Column.NAME: 150, Column.STAFF_NUMBER: 128,
            Column.DEPARTMENT: 112, Column.EMAIL: 150, Column.PHOTOS: 72,
        }  # fmt: skip
        for heading, width in widths.items():
            header.resizeSection(heading, width)

    def show_lines(self, lines: Sequence[ImportLine], message: str, role: str = "muted") -> None:
        """Show rows and what is to be said of all of them."""
        self.model.show_lines(lines)
        self.refused_only.setVisible(self.model.refused > 0)
        if not self.model.refused:
            self.refused_only.setChecked(False)
        self.message.setText(message)
        self.message.setProperty("role", role)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
