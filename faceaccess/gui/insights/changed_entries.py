"""The faces of the entries that another threshold would decide otherwise."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from faceaccess.attendance.zones import Zones
from faceaccess.codes import Outcome
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import plain, shown
from faceaccess.gui.wording import amounts, codes, failures
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.store.journal.journal import Journal

_FACE_PX, _WIDTH_PX, _HEIGHT_PX = 72, 186, 152
_MOST, _ONE_ROW = 60, 4


class ChangedEntries(QWidget):
    """Shows the latest of them; `opened` carries the one that is double-clicked or chosen with Enter."""

    opened = Signal(object)

    def __init__(self, journal: "Journal", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._journal = journal
        self._zones: Zones | None = None
        self._names: Mapping[str, str] = {}
        self._seqs: list[int] = []
        self.message = wrapped("", self, "muted")
        self.faces = QListWidget(self)
        self.faces.setViewMode(QListView.ViewMode.IconMode)
        self.faces.setResizeMode(QListView.ResizeMode.Adjust)
        self.faces.setMovement(QListView.Movement.Static)
        self.faces.setIconSize(QSize(_FACE_PX, _FACE_PX))
        self.faces.setGridSize(QSize(_WIDTH_PX, _HEIGHT_PX))
        self.faces.setWordWrap(True)
        self.faces.setAccessibleName(self.tr("Entries decided otherwise"))
        self.faces.setToolTip(self.tr("Double-click an entry to see its decision in the log"))
        self._pictures = Thumbnails(journal.events.entry_crop, _FACE_PX, self)
        self._pictures.loaded.connect(self._on_picture)
        self.faces.itemActivated.connect(self._on_activated)
        column(self.message, self.faces, parent=self, spacing=6)
        self.show_entries([])

    def show_zones(self, zones: Zones) -> None:
        """Show times as the company's clocks do."""
        self._zones = zones

    def show_names(self, names: Mapping[str, str]) -> None:
        """Take the names of the people enrolled, by id."""
        self._names = names

    def show_entries(self, seqs: Sequence[int]) -> None:
        """Show the entries at these positions, as many as fit."""
        self._seqs = list(seqs)
        if not seqs:
            self._show([], [])
            return
        read = partial(_read, self._journal, self._seqs[:_MOST])
        run_in_background(read, partial(self._show, self._seqs), self._on_failed, self)

    def _show(self, seqs: list[int], events: list[Event]) -> None:
        if seqs != self._seqs:
            return
        self.faces.clear()
        for event in events:
            item = QListWidgetItem(QIcon(self._pictures.picture(event.seq)), self._caption(event))
            item.setData(Qt.ItemDataRole.UserRole, event)
            item.setToolTip(plain(item.text()))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            self.faces.addItem(item)
        self.faces.setVisible(bool(events))
        self.faces.setFixedHeight(_HEIGHT_PX * (1 if len(events) <= _ONE_ROW else 2) + 16)
        if not seqs:
            self.message.setText(
                self.tr("At this threshold every entry of the last 30 days would be decided as it was.")
            )
        elif len(seqs) > len(events):
            self.message.setText(self.tr("The latest {0} of {1}.").format(len(events), len(seqs)))
        else:
            self.message.setText(self.tr("Latest first."))

    def _caption(self, event: Event) -> str:
        entry = event.entry
        is_let_in = entry.outcome is Outcome.ACCEPTED
        if is_let_in:
            change = self.tr("let in → refused")
            name = codes.event_name(event)
        else:
            change = self.tr("refused → let in as")
            name = self._names.get(entry.nearest_id or "", codes.event_name(event))
        at = amounts.moment(entry.at, self._zones)[5:16]
        return shown(f"{change}\n{name}\n{at}  {amounts.distance(entry.distance)}")

    def _on_picture(self, seq: object) -> None:
        for row in range(self.faces.count()):
            item = self.faces.item(row)
            event = item.data(Qt.ItemDataRole.UserRole)
            if event.seq == seq:
                item.setIcon(QIcon(self._pictures.picture(event.seq)))

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(Qt.ItemDataRole.UserRole))

    def _on_failed(self, error: FaceAccessError) -> None:
        self.message.setText(failures.whole(error))


def _read(journal: "Journal", seqs: Sequence[int]) -> list[Event]:
    events = (journal.events.get(seq) for seq in seqs)
    return [event for event in events if event is not None]
