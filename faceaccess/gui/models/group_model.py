"""The comparison of groups as a table: strangers' and staff's errors, and the threshold needed."""

from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from faceaccess.gui.models.flat_model import FlatModel, Index
from faceaccess.gui.plain import shown
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.amounts import per_thousand
from faceaccess.models.group_evidence import GroupComparison, GroupRow


class Column(IntEnum):
    """The columns of the table."""

    GROUP = 0
    PEOPLE = 1
    STRANGERS = 2
    STRANGERS_TIMES = 3
    NEEDED = 4
    STAFF = 5
    STAFF_TIMES = 6


class GroupModel(FlatModel):
    """The groups, those whose members are most often taken for others first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = (
            self.tr("Group"),
            self.tr("People"),
            self.tr("Mistaken, of 1 000"),
            self.tr("× best"),
            self.tr("Would need"),
            self.tr("Refused, of 1 000"),
            self.tr("× best"),
        )
        self._rows: list[tuple[str, ...]] = []
        self._can_tell = False

    def show_comparison(self, comparison: GroupComparison | None) -> None:
        """Show a comparison; None shows nothing."""
        self.beginResetModel()
        staff = {} if comparison is None else {row.group: row for row in comparison.staff.rows}
        rows = () if comparison is None else comparison.strangers.rows
        self._can_tell = comparison is not None and comparison.can_tell
        self._rows = [self._cells(row, staff.get(row.group)) for row in rows]
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return shown(self._rows[index.row()][index.column()])

    def _cells(self, row: GroupRow, staff: GroupRow | None) -> tuple[str, ...]:
        return (
            row.group,
            str(row.people),
            _rate(row),
            self._times(row),
            "–" if row.threshold is None else amounts.distance(row.threshold),
            "–" if staff is None else _rate(staff),
            "–" if staff is None else self._times(staff),
        )

    def _times(self, row: GroupRow) -> str:
        """Return how many times as often as in the best group; a word where that isn't chance."""
        if row.times_best is None:
            return self.tr("the best") if self._can_tell else "–"
        if row.times_best.low == 0 and row.times_best.high == float("inf"):
            return "–"
        low, high = (_factor(end) for end in (row.times_best.low, row.times_best.high))
        said = f"{_factor(row.times_best.mean)} ({low}–{high})"
        return self.tr("{0}: worse").format(said) if row.is_worse else said


def _rate(row: GroupRow) -> str:
    return f"{per_thousand(row.rate.mean)} ({per_thousand(row.rate.low)}–{per_thousand(row.rate.high)})"


def _factor(times: float) -> str:
    return "∞" if times == float("inf") else f"{times:.1f}"
