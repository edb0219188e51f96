"""What a measurement has to say, before it is decided how it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faceaccess.recognition.intervals import Rate


@dataclass(frozen=True)
class Table:
    """Rows below their headings.

    Attributes:
        headings: one for each column.
        rows: their cells.
        title: above it; may be empty.
        numbers: headings of what stands on the right.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curve:
    """A line of a plot.

    Attributes:
        name: in the legend.
        points: x and y, in the order in which they are joined.
    """

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Plot:
    """Lines in a frame, for the HTML file alone.

    Attributes:
        title: above it.
        x_label, y_label: of the axes.
        curves: at least one.
        is_log_x, is_log_y: powers of ten at equal steps; what isn't above zero is left out.
    """

    title: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    is_log_x: bool = False
    is_log_y: bool = False


@dataclass(frozen=True)
class Intervals:
    """Rates, or differences, below each other with their intervals, for the HTML file alone.

    Attributes:
        title: above them.
        x_label: of the axis.
        rows: a name, and what was measured with the ends of its interval, which may be infinite.
        line: what they are compared with, such as 0 of differences; None for nothing.
    """

    title: str
    x_label: str
    rows: "Sequence[tuple[str, Rate]]"
    line: float | None = None


Drawing = Plot | Intervals
Section = str | Table | Drawing


@dataclass(frozen=True)
class Report:
    """The result of a command.

    Attributes:
        figures: what `--json` prints, an object a line.
        sections: what is read: lines, tables and plots, from top to bottom.
        model_ids: of the models measured.
        counts: of people, photos, pairs and draws, by what they count.
    """

    figures: tuple[Mapping[str, object], ...]
    sections: tuple[Section, ...]
    model_ids: tuple[str, ...] = ()
    counts: Mapping[str, object] = field(default_factory=dict)
