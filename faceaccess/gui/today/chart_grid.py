"""The charts beside one another, with one key to their colours."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from faceaccess.attendance.overview import OverviewFigures
from faceaccess.codes import Outcome
from faceaccess.gui import theme
from faceaccess.gui.plain import Label
from faceaccess.gui.plot import key_text
from faceaccess.gui.today.charts import DayBars, DistanceBars, HourBars, ReasonBars
from faceaccess.gui.wording import codes


class ChartGrid(QWidget):
    """Four charts of the same filter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = Label(self)
        self.key.setTextFormat(Qt.TextFormat.RichText)
        self.key.setWordWrap(True)
        self.hours, self.days = HourBars(self), DayBars(self)
        self.distances, self.reasons = DistanceBars(self), ReasonBars(self)
        self.charts = (self.hours, self.days, self.distances, self.reasons)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        grid.addWidget(self.key, 0, 0, 1, 2)
        for number, chart in enumerate(self.charts):
            grid.addWidget(chart, 1 + number // 2, number % 2)
        for at in (0, 1):
            grid.setColumnStretch(at, 1)
            grid.setRowStretch(at + 1, 1)
        self._show_key()

    def show_figures(self, shown: OverviewFigures) -> None:
        """Draw a filter's counts."""
        for chart in self.charts:
            chart.show_figures(shown)

    def changeEvent(self, event: QEvent) -> None:
        """Show the key in the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "key"):
            self._show_key()

    def _show_key(self) -> None:
        pairs = [(theme.chart_colour(outcome), codes.outcome(outcome).label) for outcome in Outcome]
        self.key.setText(key_text(pairs))
