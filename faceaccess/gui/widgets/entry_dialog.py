"""The dialogs for an entry by hand: a new one, or the replacement of another."""

from datetime import UTC, date, datetime, time

from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QWidget,
)

from faceaccess.attendance.typed_times import check_entry_time, offset_text, read_moment
from faceaccess.attendance.zones import Zones
from faceaccess.codes import Direction
from faceaccess.errors import AttendanceError
from faceaccess.gui.layout import form, wrapped
from faceaccess.gui.widgets.month_chooser import chosen_day, chosen_time, day_field, time_field
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.gui.wording import failures

_WHY_PX = 340
_MOST_LETTERS = 2000


class ReasonDialog(SaveDialog):
    """Asks for a reason; `why` is the answer. Subclasses put their fields above it.

    Args:
        title: of the window.
        caution: what will happen.
    """

    def __init__(self, title: str, caution: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        advice = wrapped(caution, self, "muted")
        advice.setVisible(bool(caution))
        self.form = form()
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(_MOST_LETTERS)
        self.reason.setMinimumWidth(_WHY_PX)
        self.reason.setAccessibleName(self.tr("Why"))
        self.reason.setPlaceholderText(self.tr("Shown with the entry, erased with the person"))
        self.form.addRow(self.tr("Why"), self.reason)
        self.arrange(advice, self.form)

    def why(self) -> str:
        """Return the reason given."""
        return self.reason.text().strip()

    def refusal(self) -> str:
        """Return that there is no reason."""
        if self.why():
            return ""
        self.reason.setFocus()
        return self.tr("Say why in a few words.")


class EntryDialog(ReasonDialog):
    """Asks for a day, a time and a direction too; `moment` and `direction` are the answers.

    Args:
        title: of the window.
        caution: what will happen.
        at: the time shown at first, on the company's clocks.
        direction: the one shown at first.
        zones: the company's.
    """

    def __init__(
        self,
        title: str,
        caution: str,
        *,
        at: datetime,
        direction: Direction,
        zones: Zones,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, caution, parent)
        self._zones, self._at = zones, at
        self.day = day_field(self.tr("Day"), at.date(), self)
        self.time = time_field(self.tr("Time"), at.time(), self)
        self.which = QComboBox(self)
        self.which.setAccessibleName(self.tr("First or second time"))
        self.way = QComboBox(self)
        self.way.setAccessibleName(self.tr("Direction"))
        for way in Direction:
            self.way.addItem(attendance_text.label(way), way)
        self.way.setCurrentIndex(self.way.findData(direction))
        for row, (label, field) in enumerate(
            (
                (self.tr("Day"), self.day),
                (self.tr("Time"), self.time),
                (self.tr("Which of the two"), self.which),
                (self.tr("Direction"), self.way),
            )
        ):
            self.form.insertRow(row, label, field)
        self.day.dateChanged.connect(self._ask_which)
        self.time.timeChanged.connect(self._ask_which)
        self._ask_which()
        self.which.setCurrentIndex(at.fold)

    def moment(self) -> datetime:
        """Return the UTC time; the first one exactly as it was, where nobody changed it.

        Raises:
            AttendanceError: there is no such time, or the day can't be meant.
        """
        day, at = self._shown()
        is_second = self.which.currentIndex() > 0
        moment = read_moment(self._zones, day, at, now=datetime.now(UTC), is_second=is_second)
        begun = self._at.astimezone(UTC)
        return begun if begun.replace(second=0, microsecond=0) == moment else moment

    def direction(self) -> Direction:
        """Return the direction."""
        return Direction(self.way.currentData())

    def _shown(self) -> tuple[date, time]:
        return chosen_day(self.day), chosen_time(self.time)

    def _ask_which(self) -> None:
        """Ask which is meant of a time that the clocks show twice."""
        moments, chosen = self._zones.moments(*self._shown()), self.which.currentIndex()
        self.which.clear()
        for wording, at in zip((self.tr("First, {0}"), self.tr("Second, {0}")), moments, strict=False):
            self.which.addItem(wording.format(offset_text(at)))
        self.which.setCurrentIndex(min(max(chosen, 0), len(moments) - 1))
        self.form.setRowVisible(self.which, len(moments) > 1)

    def refusal(self) -> str:
        """Return what is wrong with the time, or that there is no reason."""
        try:
            check_entry_time(self.moment(), now=datetime.now(UTC))
        except AttendanceError as error:
            return failures.whole(error)
        return super().refusal()
