"""The log as a table model that reads page after page from the journal."""

from bisect import bisect_left
from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QFont

from faceaccess.attendance.zones import Zones
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.models.flat_model import Index
from faceaccess.gui.models.paged_model import PagedModel
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import plain, shown
from faceaccess.gui.wording import amounts, codes
from faceaccess.store.journal.types import Event, EventFilter, EventOrder, EventSort

if TYPE_CHECKING:
    from faceaccess.store.journal.journal import Journal

NEWEST_FIRST = EventSort(EventOrder.TIME)
"""By the time that an entry is about: one made by hand for last week is no news at the door."""

EVENT_ROLE = Qt.ItemDataRole.UserRole
CROP_PX = 40


class Column(IntEnum):
    """The columns of the table."""

    PERSON = 0
    TIME = 1
    OUTCOME = 2
    DISTANCE = 3
    CAMERA = 4


ORDERS = {
    Column.PERSON: EventOrder.PERSON,
    Column.TIME: EventOrder.TIME,
    Column.OUTCOME: EventOrder.OUTCOME,
    Column.DISTANCE: EventOrder.DISTANCE,
    Column.CAMERA: EventOrder.CAMERA,
}


class EventModel(PagedModel[Event]):
    """Events as the journal's filter selects them, newest first or in another order.

    The journal alone decides what matches: live events are fetched through the same filter
    with `fetch_newer` rather than judged a second time here.

    Attributes:
        hint: what can be done with a row, below the texts that tool tips show whole.
    """

    def __init__(self, journal: "Journal", *, page_size: int = 100, parent: QObject | None = None) -> None:
        super().__init__(page_size, parent)
        self._titles = (
            self.tr("Person"), self.tr("Time"), self.tr("Outcome"), self.tr("Distance"), self.tr("Camera")
        )  # fmt: skip
        self.hint = ""
        self._journal = journal
        self._zones: Zones | None = None
        self._filter, self._sort = EventFilter(), NEWEST_FIRST
        self._is_newer_wanted = self._is_fetching_newer = False
        self._crops = Thumbnails(journal.events.entry_crop, CROP_PX, self)
        self._crops.loaded.connect(self._on_crop_loaded)

    @property
    def filter(self) -> EventFilter:
        """The filter in force."""
        return self._filter

    def show_zones(self, zones: Zones) -> None:
        """Show times as the company's clocks do, and name their zone."""
        self._zones = zones
        self._titles = tuple(
            self.tr("Time ({0})").format(zones.names) if column is Column.TIME else title
            for column, title in zip(Column, self._titles, strict=True)
        )
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.TIME, Column.TIME)

    def set_filter(self, event_filter: EventFilter, sort: EventSort | None = None) -> None:
        """Show the events that match, in an order; None shows the newest first."""
        self._begin_again(partial(self._ask, event_filter, sort or NEWEST_FIRST))

    def page_reader(self, last: Event | None) -> Callable[[], list[Event]]:
        """Return what reads the events after one."""
        events = self._journal.events
        return partial(events.page, self._filter, self._sort, after=last, limit=self._page_size)

    def fetch_newer(self) -> None:
        """Put in events that were journalled since the last one shown, where the newest come first."""
        if self._sort != NEWEST_FIRST:
            # They belong somewhere in the middle, where nobody would see them come.
            return
        if self._is_fetching_newer or self._is_fetching:
            self._is_newer_wanted = True
            return
        self._is_fetching_newer, self._is_newer_wanted = True, False
        newest = max((event.seq for event in self._rows), default=0)
        run_in_background(
            partial(_read_newer, self._journal, self._filter, newest, self._page_size),
            partial(self._put_in, self._generation),
            partial(self._fail, self._generation),
            self,
        )

    def event_at(self, row: int) -> Event | None:
        """Return the event of a row, or None."""
        return self.row_at(row)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell; `EVENT_ROLE` gives the event itself."""
        event = self.event_at(index.row()) if index.isValid() else None
        if event is None:
            return None
        if role == EVENT_ROLE:
            return event
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(_shown(event, Column(index.column()), self._zones))
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = _tip(event, Column(index.column()))
            return plain("\n".join(filter(None, (tip, self.hint)))) or None
        if role == Qt.ItemDataRole.FontRole and event.voided_by is not None:
            font = QFont()
            font.setStrikeOut(True)
            return font
        if role == Qt.ItemDataRole.DecorationRole and index.column() == Column.PERSON:
            return self._crops.picture(event.seq)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            outcome = codes.outcome(event.entry.outcome).label
            if event.voided_by is not None:
                outcome = f"{outcome}, {codes.voided()}"
            if event.entry.is_recording:
                outcome = f"{outcome}, {codes.not_counted()}"
            return f"{codes.event_name(event)}, {outcome}, {amounts.moment(event.entry.at, self._zones)}"
        return None

    def _ask(self, event_filter: EventFilter, sort: EventSort) -> None:
        self._filter, self._sort = event_filter, sort
        self._is_fetching_newer = self._is_newer_wanted = False
        self._crops.forget()

    def _append(self, generation: int, page: list[Event]) -> None:
        super()._append(generation, page)
        if generation == self._generation and self._is_newer_wanted:
            self.fetch_newer()

    def _put_in(self, generation: int, events: list[Event]) -> None:
        if generation != self._generation:
            return
        self._is_fetching_newer = False
        for event in reversed(events):
            # An entry by hand is about an earlier time than those on show, or than all of them.
            row = bisect_left(self._rows, _age(event), key=_age)
            if row < len(self._rows) or self._is_at_end:
                self.beginInsertRows(QModelIndex(), row, row)
                self._rows.insert(row, event)
                self.endInsertRows()
        if events:
            self.loaded.emit()
        if self._is_newer_wanted:
            self.fetch_newer()

    def _fail(self, generation: int, error: FaceAccessError) -> None:
        if generation == self._generation:
            self._is_fetching_newer = False
        super()._fail(generation, error)

    def _on_crop_loaded(self, seq: object) -> None:
        for row, event in enumerate(self._rows):
            if event.seq == seq:
                at = self.index(row, Column.PERSON)
                self.dataChanged.emit(at, at, [Qt.ItemDataRole.DecorationRole])
                return


def _age(event: Event) -> tuple[float, int]:
    """Return what rises from the newest event to the oldest."""
    return -event.entry.at.timestamp(), -event.seq


def _read_newer(journal: "Journal", event_filter: EventFilter, newest: int, page_size: int) -> list[Event]:
    newer: list[Event] = []
    before = None
    while True:
        page = journal.events.newest(event_filter, limit=page_size, before_seq=before)
        new = [event for event in page if event.seq > newest]
        newer += new
        if len(new) < page_size:
            return newer
        before = new[-1].seq


def _tip(event: Event, column: Column) -> str:
    """Return what may be cut short in a cell, whole."""
    if column is Column.PERSON:
        return codes.event_name(event)
    return codes.camera(event.entry) if column is Column.CAMERA else ""


def _shown(event: Event, column: Column, zones: Zones | None) -> str:
    entry = event.entry
    if column is Column.PERSON:
        return codes.event_name(event)
    if column is Column.TIME:
        return amounts.moment(entry.at, zones)
    if column is Column.OUTCOME:
        return codes.outcome(entry.outcome).label
    if column is Column.DISTANCE:
        return amounts.distance(entry.distance)
    return codes.camera_cell(entry)
