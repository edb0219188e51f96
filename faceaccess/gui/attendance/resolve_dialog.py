"""The missing-punch resolver: near misses with their faces, one of which can be accepted."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from faceaccess.attendance.missing import NearMiss
from faceaccess.attendance.stays import Gap
from faceaccess.codes import DayMark, Direction
from faceaccess.gui.layout import wrapped
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.entry_dialog import ReasonDialog
from faceaccess.gui.wording import amounts, codes
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.store.journal.types import EntryCrop

_CROP_PX = 88
_SIZE = QSize(620, 560)


class ResolveDialog(ReasonDialog):
    """Shows the near misses of a gap; `chosen` is the answer.

    Args:
        gap: what is missing.
        name: of the person.
        misses: likest first.
        load_crop: returns the picture of an entry; called on a worker.
        local: returns a moment on the company's clocks.
    """

    def __init__(
        self,
        gap: Gap,
        name: str,
        misses: list[NearMiss],
        *,
        load_crop: Callable[[int], EntryCrop | None],
        local: Callable[[datetime], datetime],
        parent: QWidget | None = None,
    ) -> None:
        missing = DayMark.MISSING_IN if gap.direction is Direction.IN else DayMark.MISSING_OUT
        title = f"{name}, {attendance_text.cell(gap.day)}: {attendance_text.code(missing)}"
        super().__init__(title, "", parent)
        self._misses, self._local, self._gap = misses, local, gap
        self._crops = Thumbnails(load_crop, _CROP_PX, self)
        self.list = QListWidget(self)
        self.list.setIconSize(QSize(_CROP_PX, _CROP_PX))
        self.list.setAccessibleName(self.tr("Near misses"))
        self.list.setSpacing(2)
        self.empty = wrapped(
            self.tr("The log has nobody who looked like {0} at that time. Enter the time by hand.").format(
                name
            ),
            self,
            "empty",
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.lead = wrapped(self._lead(name), self)
        self._arrange()
        self._fill()

    def chosen(self) -> int | None:
        """Return the number of the entry that was accepted; None for an entry by hand."""
        row = self.list.currentRow()
        return self._misses[row].event.seq if row >= 0 else None

    def _arrange(self) -> None:
        self.column.insertWidget(0, self.lead)
        self.column.insertWidget(1, self.list, 1)
        self.column.insertWidget(2, self.empty, 1)
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText(self.tr("Accept the entry"))
        save.setProperty("role", "primary")
        save.style().unpolish(save)
        save.style().polish(save)
        save.setEnabled(bool(self._misses))
        self.by_hand = self.buttons.addButton(
            self.tr("Enter by hand…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.reason.setEnabled(bool(self._misses))
        self.by_hand.clicked.connect(self._leave_by_hand)
        self._crops.loaded.connect(self._on_crop_loaded)
        self.resize(_SIZE)

    def _fill(self) -> None:
        for miss in self._misses:
            item = QListWidgetItem(shown(self._line(miss)), self.list)
            item.setIcon(self._crops.picture(miss.event.seq))
            item.setData(Qt.ItemDataRole.UserRole, miss.event.seq)
        self.list.setVisible(bool(self._misses))
        self.empty.setVisible(not self._misses)
        if self._misses:
            self.list.setCurrentRow(0)

    def _lead(self, name: str) -> str:
        lead = []
        if self._misses:
            sentence = self.tr("Refused entries in which {0} was nearest or second, likest first.")
            lead.append(sentence.format(name))
        if self._gap.expected_at is not None:
            at = f"{self._local(self._gap.expected_at):%H:%M}"
            lead.append(self.tr("It was expected at about {0}.").format(at))
        return " ".join(lead)

    def _line(self, miss: NearMiss) -> str:
        entry = miss.event.entry
        at = f"{self._local(entry.at):%H:%M:%S}"
        where = " · ".join(part for part in (entry.camera, entry.door) if part)
        distance = self.tr("distance {0}, accepted up to {1}").format(
            amounts.distance(miss.distance), amounts.distance(entry.threshold)
        )
        return f"{at}   {codes.outcome(entry.outcome).label}\n{distance}\n{where}   #{miss.event.seq}"

    def _on_crop_loaded(self, seq: int) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == seq:
                item.setIcon(self._crops.picture(seq))

    def _leave_by_hand(self) -> None:
        self.list.setCurrentRow(-1)
        self.done(BY_HAND)


BY_HAND = 2
"""What `exec` gives when the operator would rather enter the time."""
