"""The figures of an attack drill on the screen: a table of kinds, and what they mean."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHeaderView, QPushButton, QTableView, QWidget

from faceaccess.gui import icons
from faceaccess.gui.layout import STRETCH, column, plain_table, row, wrapped
from faceaccess.gui.models.text_model import TextModel
from faceaccess.gui.plain import Label
from faceaccess.gui.safety import drill_text
from faceaccess.gui.wording import amounts

if TYPE_CHECKING:
    from faceaccess.door.liveness.drill import DrillReport, DrillRow

_ROW_PX, _HEADER_PX = 32, 40


class KindTable(QWidget):
    """A row for each kind that was held up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TextModel(self)
        self.table: QTableView = plain_table(self.model, self.tr("Kinds held up"), self, row_px=_ROW_PX)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        column(self.table, parent=self)

    def show_rows(self, of_kinds: "Sequence[DrillRow]") -> None:
        """Show what came of each kind."""
        self.model.show_rows(drill_text.head(), drill_text.rows(of_kinds))
        self.table.setFixedHeight(_HEADER_PX + _ROW_PX * max(len(of_kinds), 1) + 4)
        self.setVisible(bool(of_kinds))


class DrillResult(QWidget):
    """Shows a report; `save_wanted` carries the file that its page is to be written into."""

    save_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: DrillReport | None = None
        self.heading = Label("", self)
        self.heading.setProperty("role", "strong")
        self.result = wrapped("", self)
        self.kinds = KindTable(self)
        self.genuine, self.goal = wrapped("", self), wrapped("", self)
        self.notes = wrapped("", self, "muted")
        self.save_button = QPushButton(self.tr("Save as PDF…"), self)
        icons.set_icon(self.save_button, "export", 16)
        heading = row(self.heading, STRETCH, self.save_button)
        parts = (self.result, self.kinds, self.goal, self.genuine, self.notes)
        column(heading, *parts, parent=self, spacing=8)
        self.save_button.clicked.connect(self._save)
        self.hide()

    def show_report(self, report: "DrillReport | None") -> None:
        """Show a report; None hides everything."""
        self.report = report
        self.setVisible(report is not None)
        if report is None:
            self.kinds.show_rows(())
            return
        began = amounts.moment(report.drill.began_at)[:16]
        self.heading.setText(self.tr("Attack drill at {0}, {1}").format(report.drill.door, began))
        self.result.setText(drill_text.result(report))
        self.kinds.show_rows(report.rows)
        self.goal.setText(drill_text.goal(report.rows))
        self.goal.setVisible(bool(report.rows))
        self.genuine.setText(drill_text.genuine(report))
        self.notes.setText("\n".join(drill_text.notes(report)))

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Save as PDF"), "attack-drill.pdf", self.tr("PDF (*.pdf)")
        )
        if path:
            target = Path(path)
            self.save_wanted.emit(target if target.suffix else target.with_suffix(".pdf"))
