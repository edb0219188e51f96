"""The result of a trial day on the screen: figures, what to change, and tables."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHeaderView, QPushButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.insights import trial_text
from faceaccess.gui.layout import STRETCH, column, form, plain_table, row, wrapped
from faceaccess.gui.models.text_model import TextModel
from faceaccess.gui.plain import Label

if TYPE_CHECKING:
    from faceaccess.door.trial_day.report import TrialReport

_ROW_PX, _HEADER_PX, _MOST_ROWS = 32, 40, 30


class TrialResult(QWidget):
    """Shows a report; `save_wanted` carries the file that its page is to be written into."""

    save_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: TrialReport | None = None
        self.heading = Label("", self)
        self.heading.setProperty("role", "strong")
        figures = form()
        self.figures = [(Label("", self), Label("", self)) for _ in range(4)]
        for name, value in self.figures:
            figures.addRow(name, value)
        self.wait = Label("", self)
        self.change = Label(self.tr("What to change"), self)
        self.change.setProperty("role", "strong")
        self.advice = wrapped("", self)
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(self.tr("Passes counted"))
        self.model = TextModel(self)
        self.table = plain_table(self.model, self.tr("Passes counted"), self, row_px=_ROW_PX)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(False)
        self.notes = wrapped("", self, "muted")
        self.save_button = QPushButton(self.tr("Save as PDF…"), self)
        icons.set_icon(self.save_button, "export", 16)
        column(
            self.heading,
            figures,
            self.wait,
            self.change,
            self.advice,
            row(self.choice, STRETCH, self.save_button),
            self.table,
            self.notes,
            parent=self,
            spacing=8,
        )
        self.choice.currentIndexChanged.connect(self._show_group)
        self.save_button.clicked.connect(self._save)
        self.hide()

    def show_report(self, report: "TrialReport | None") -> None:
        """Show a report; None hides everything."""
        self.report = report
        self.setVisible(report is not None)
        if report is None:
            self.model.show_rows((), [])
            return
        self.heading.setText(self.tr("Trial day of {0}").format(f"{report.at:%Y-%m-%d %H:%M}"))
        for (label, value), cells in zip(self.figures, trial_text.figures(report), strict=True):
            label.setText(cells[0])
            value.setText(f"{cells[1]}   {cells[2]}")
        self.wait.setText(trial_text.wait(report))
        self.advice.setText("\n".join(f"•  {text}" for text in trial_text.advice(report)))
        self.notes.setText("\n".join(trial_text.notes(report)))
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([group.name for group in trial_text.groups(report)])
        self.choice.blockSignals(False)
        self._show_group(0)

    def _show_group(self, number: int) -> None:
        if self.report is None or number < 0:
            return
        group = trial_text.groups(self.report)[number]
        self.model.show_rows(group.head, group.rows)
        # The first column has names, which may be long: it takes what the others leave.
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setFixedHeight(_HEADER_PX + _ROW_PX * min(max(len(group.rows), 1), _MOST_ROWS) + 4)

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Save as PDF"), "trial-day.pdf", self.tr("PDF (*.pdf)")
        )
        if path:
            target = Path(path)
            self.save_wanted.emit(target if target.suffix else target.with_suffix(".pdf"))
