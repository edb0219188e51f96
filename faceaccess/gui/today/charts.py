"""Charts of what the doors decided, drawn by pyqtgraph in the colours of the theme."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QToolTip, QVBoxLayout, QWidget

from faceaccess.attendance.overview import Distances, OverviewFigures
from faceaccess.codes import Outcome, Reason
from faceaccess.gui import theme
from faceaccess.gui.layout import wrapped
from faceaccess.gui.plain import Label, plain
from faceaccess.gui.plot import SMALL_PT, CountAxis, Plot, key_text
from faceaccess.gui.wording import amounts, codes
from faceaccess.gui.wording import attendance as attendance_text

_BAR = 0.8
_MOST_FRAMED = 40
"""More bars than this touch one another: a frame would hide them."""

_FEWEST = 5
_AXIS_PX = 80
_LABEL_PX = 62
"""Room for the axis at the left, and for a label below."""
_MOST_REASONS = 6
_MARGINS_PX = 50
_REFUSED = Outcome.UNKNOWN
"""Its colour stands for all refusals."""


class Chart(QFrame):
    """A card with a heading, a plot that doesn't move, and words in its place while there is nothing."""

    grid = "left"

    def __init__(self, heading: str, across: str, upwards: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._labels = {"bottom": across, "left": upwards}
        self.heading = Label(heading, self)
        self.heading.setProperty("role", "heading")
        self.key = Label(self)
        self.key.setTextFormat(Qt.TextFormat.RichText)
        self.key.setWordWrap(True)
        self.key.hide()
        self.nothing = wrapped(
            self.tr("No entries. Choose other days above, or start the door."), self, "muted"
        )
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.plot = Plot(heading, self, left=self.left_axis(), bottom=self.bottom_axis())
        self.plot.viewport().installEventFilter(self)
        self._shown: OverviewFigures | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.key)
        column.addWidget(self.plot, 1)
        column.addWidget(self.nothing, 1)
        self.show_figures(None)

    def left_axis(self) -> pg.AxisItem | None:
        """Return the axis at the left; None for none."""
        return CountAxis("left")

    def bottom_axis(self) -> pg.AxisItem:
        """Return the axis below."""
        return pg.AxisItem("bottom")

    def show_figures(self, shown: OverviewFigures | None) -> None:
        """Draw a filter's counts; None draws nothing yet."""
        self._shown = shown
        self.plot.clear()
        has_any = shown is not None and self.has_any(shown)
        self.plot.setVisible(has_any)
        self.nothing.setVisible(shown is not None and not has_any)
        if shown is not None and has_any:
            self.plot.show_axes(self._labels, self.grid)
            self.draw(shown)
            self.fit_labels(shown)

    def has_any(self, shown: OverviewFigures) -> bool:
        """Tell whether there is anything to draw."""
        return shown.count(*Outcome) > 0

    @abstractmethod
    def draw(self, shown: OverviewFigures) -> None:
        """Put the bars into the empty plot."""

    def tip_at(self, shown: OverviewFigures, x: float, y: float) -> str:
        """Return the tool tip for a place in the plot; "" for none."""
        return ""

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_shown"):
            self.show_figures(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit labels to the room there is."""
        super().resizeEvent(event)
        if self._shown is not None and self.has_any(self._shown):
            self.fit_labels(self._shown)

    def fit_labels(self, shown: OverviewFigures) -> None:
        """Choose the labels beside the bars by the plot's width."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the numbers of the bar under the mouse."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and self._shown:
            at = self.plot.place_of(event.position())
            text = plain(self.tip_at(self._shown, at.x(), at.y()))
            QToolTip.showText(event.globalPosition().toPoint(), text, self.plot)
        return super().eventFilter(watched, event)


class OutcomeBars(Chart):
    """Entries as bars of outcomes, one on the other."""

    def draw(self, shown: OverviewFigures) -> None:
        """Put up one bar for each place across."""
        counts = self.counts(shown)
        length = len(counts[Outcome.ACCEPTED])
        base = [0] * length
        tokens = theme.tokens_in_use()
        pen = pg.mkPen(tokens.surface) if length <= _MOST_FRAMED else pg.mkPen(None)
        for outcome in Outcome:
            if any(counts[outcome]):
                item = pg.BarGraphItem(
                    x=list(range(length)), y0=base, height=list(counts[outcome]), width=_BAR,
                    brush=pg.mkBrush(theme.chart_colour(outcome)), pen=pen,
                )  # fmt: skip
                self.plot.add(item)
            base = [below + more for below, more in zip(base, counts[outcome], strict=True)]
        # A single day doesn't fill the whole plot with its bar.
        beside = max(0.6, (_FEWEST - length) / 2)
        self.plot.show_range((-beside, length - 1 + beside), (0, max(base) * 1.05))
        described = (f"{self.place(shown, at)}: {total}" for at, total in enumerate(base) if total)
        self.plot.setAccessibleDescription("; ".join(described))

    def fit_labels(self, shown: OverviewFigures) -> None:
        """Leave out ticks for which there is no room."""
        self.plot.axes["bottom"].setTicks([self.ticks(shown)])

    @abstractmethod
    def counts(self, shown: OverviewFigures) -> Mapping[Outcome, Sequence[int]]:
        """Return the numbers to draw."""

    @abstractmethod
    def ticks(self, shown: OverviewFigures) -> list[tuple[float, str]]:
        """Return the labels below the bars, by their place."""

    @abstractmethod
    def place(self, shown: OverviewFigures, at: int) -> str:
        """Return the label of a bar."""

    def tip_at(self, shown: OverviewFigures, x: float, y: float) -> str:
        """Return the numbers of a bar."""
        counts, at = self.counts(shown), round(x)
        if not 0 <= at < len(counts[Outcome.ACCEPTED]):
            return ""
        lines = [
            f"{codes.outcome(outcome).label}: {counts[outcome][at]}"
            for outcome in Outcome
            if counts[outcome][at]
        ]
        return "\n".join([self.place(shown, at), *lines])


class HourBars(OutcomeBars):
    """Entries by the hour of the day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", "", parent)
        self.heading.setText(self.tr("Entries by hour"))
        self.plot.setAccessibleName(self.heading.text())
        self._labels = {"bottom": self.tr("Hour of the day"), "left": self.tr("Entries")}

    def counts(self, shown: OverviewFigures) -> Mapping[Outcome, Sequence[int]]:
        """Return 24 numbers for each outcome."""
        return shown.by_hour

    def ticks(self, shown: OverviewFigures) -> list[tuple[float, str]]:
        """Return every third hour."""
        return [(hour, f"{hour:02d}") for hour in range(0, 24, 3)]

    def place(self, shown: OverviewFigures, at: int) -> str:
        """Return the hour."""
        return f"{at:02d}:00–{at:02d}:59"


class DayBars(OutcomeBars):
    """Entries by day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", "", parent)
        self.heading.setText(self.tr("Entries by day"))
        self.plot.setAccessibleName(self.heading.text())
        self._labels = {"bottom": self.tr("Day"), "left": self.tr("Entries")}

    def counts(self, shown: OverviewFigures) -> Mapping[Outcome, Sequence[int]]:
        """Return a number a day for each outcome."""
        return shown.by_day

    def ticks(self, shown: OverviewFigures) -> list[tuple[float, str]]:
        """Return as many days as have room."""
        room = max(1, (self.width() - _AXIS_PX) // _LABEL_PX)
        every = math.ceil(len(shown.days) / room)
        return [(at, _day(day, shown.days)) for at, day in enumerate(shown.days) if at % every == 0]

    def place(self, shown: OverviewFigures, at: int) -> str:
        """Return the day."""
        return attendance_text.cell(shown.days[at])


class DistanceBars(Chart):
    """Distances of accepted and refused faces, with the threshold between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", "", parent)
        self.heading.setText(self.tr("Distances of faces"))
        self.plot.setAccessibleName(self.heading.text())
        self._labels = {"bottom": self.tr("Distance (lower is closer)"), "left": self.tr("Entries")}
        self.nothing.setText(self.tr("No faces were compared. Choose other days above, or start the door."))

    def has_any(self, shown: OverviewFigures) -> bool:
        """Tell whether any face was compared."""
        return bool(shown.distances.accepted)

    def draw(self, shown: OverviewFigures) -> None:
        """Put the refused on the accepted, and a line at the threshold."""
        distances = shown.distances
        middles = [(step + 0.5) * distances.width for step in range(len(distances.accepted))]
        pen = pg.mkPen(theme.tokens_in_use().surface)
        for base, heights, outcome in (
            ([0] * len(middles), distances.accepted, Outcome.ACCEPTED),
            (list(distances.accepted), distances.refused, _REFUSED),
        ):
            brush = pg.mkBrush(theme.chart_colour(outcome))
            item = pg.BarGraphItem(
                x=middles, y0=base, height=list(heights), width=distances.width * 0.92, brush=brush, pen=pen
            )
            self.plot.add(item)
        end = max(len(middles) * distances.width, (distances.threshold or 0) * 1.2)
        top = max(map(sum, zip(distances.accepted, distances.refused, strict=True)))
        self.plot.show_range((0, end), (0, top * 1.05))
        self._draw_threshold(distances)
        self.plot.setAccessibleDescription(
            self.tr("{0}, {1}, threshold {2}").format(
                self.tr("%n accepted", "", sum(distances.accepted)),
                self.tr("%n refused", "", sum(distances.refused)),
                amounts.distance(distances.threshold),
            )
        )

    def _draw_threshold(self, distances: Distances) -> None:
        keys = [(Outcome.ACCEPTED, self.tr("Accepted")), (_REFUSED, self.tr("Refused"))]
        key = key_text([(theme.chart_colour(outcome), label) for outcome, label in keys])
        if distances.threshold is not None:
            tokens = theme.tokens_in_use()
            pen = pg.mkPen(tokens.text, width=2, style=Qt.PenStyle.DashLine)
            self.plot.add(pg.InfiniteLine(distances.threshold, angle=90, pen=pen))
            mark = (
                self.tr("Threshold {0}").format(amounts.distance(distances.threshold)).replace(" ", "&nbsp;")
            )
            key += f"&nbsp;&nbsp; <b>┆</b>&nbsp;{mark}"
        self.key.setText(key)
        self.key.show()

    def tip_at(self, shown: OverviewFigures, x: float, y: float) -> str:
        """Return the numbers of a step."""
        distances = shown.distances
        at = math.floor(x / distances.width)
        if not 0 <= at < len(distances.accepted):
            return ""
        far = amounts.distance(at * distances.width), amounts.distance((at + 1) * distances.width)
        return self.tr("{0} to {1}\nAccepted: {2}\nRefused: {3}").format(
            *far, distances.accepted[at], distances.refused[at]
        )


class ReasonBars(Chart):
    """Refused entries by reason, the most frequent at the top."""

    grid = "bottom"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", "", parent)
        self.heading.setText(self.tr("Why entries were refused"))
        self.plot.setAccessibleName(self.heading.text())
        self._labels = {"bottom": self.tr("Entries")}
        self._reason_labels: list[pg.TextItem] = []
        self.nothing.setText(self.tr("Nobody was refused."))

    def left_axis(self) -> None:
        """Return none: words stand over the bars."""

    def bottom_axis(self) -> pg.AxisItem:
        """Return one of whole numbers."""
        return CountAxis("bottom")

    def has_any(self, shown: OverviewFigures) -> bool:
        """Tell whether anybody was refused."""
        return bool(shown.reasons)

    def draw(self, shown: OverviewFigures) -> None:
        """Put the words over each bar: beside it they would leave it no room."""
        first = list(shown.reasons.items())[:_MOST_REASONS]
        self._reason_labels = []
        font = self.font()
        font.setPointSizeF(SMALL_PT + 0.5)
        for at, (_, count) in enumerate(first):
            bar = pg.BarGraphItem(
                x0=0, width=count, y=-at, height=0.34,
                brush=pg.mkBrush(theme.chart_colour(_REFUSED)), pen=pg.mkPen(None),
            )  # fmt: skip
            self.plot.add(bar)
            label = pg.TextItem("", color=QColor(theme.tokens_in_use().text), anchor=(0, 1))
            label.setFont(font)
            label.setPos(0, -at + 0.12)
            self.plot.add(label)
            self._reason_labels.append(label)
        most = max(count for _, count in first)
        self.plot.show_range((0, most * 1.05), (-max(len(first), 4) + 0.6, 0.85))
        described = (f"{_reason(reason)}: {count}" for reason, count in shown.reasons.items())
        self.plot.setAccessibleDescription("; ".join(described))

    def fit_labels(self, shown: OverviewFigures) -> None:
        """Shorten the labels that are too long."""
        for label, (reason, count) in zip(self._reason_labels, shown.reasons.items(), strict=False):
            measure = QFontMetricsF(label.textItem.font())
            whole = f"{count} · {_reason(reason)}"
            label.setText(measure.elidedText(whole, Qt.TextElideMode.ElideRight, self.width() - _MARGINS_PX))

    def tip_at(self, shown: OverviewFigures, x: float, y: float) -> str:
        """Return all reasons, also those without room."""
        return "\n".join(f"{_reason(reason)}: {count}" for reason, count in shown.reasons.items())


def _reason(reason: Reason) -> str:
    return codes.reason(reason).label


def _day(day: date, days: Sequence[date]) -> str:
    if len(days) <= 7:
        return f"{attendance_text.weekday(day)} {day.day}"
    return f"{day:%Y-%m}" if len(days) > 300 else f"{day:%m-%d}"
