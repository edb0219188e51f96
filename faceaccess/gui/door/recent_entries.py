"""The latest entries at the door, newest at the top."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedLayout, QWidget

from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.models.event_model import EVENT_ROLE, Column, EventModel
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.outcome_delegate import EntryDelegate
from faceaccess.store.journal.types import EventFilter

if TYPE_CHECKING:
    from faceaccess.store.journal.journal import Journal


class RecentEntries(QWidget):
    """Reads the journal's newest entries; announces the entry that is double-clicked or chosen with Enter."""

    opened = Signal(object)

    def __init__(self, journal: "Journal", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = EventModel(journal, page_size=30, parent=self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setModelColumn(Column.PERSON)
        self.view.setItemDelegate(EntryDelegate(self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAccessibleName(self.tr("Latest entries"))
        self.model.hint = self.tr("Double-click an entry to see its decision in the log")
        self._empty = wrapped(self.tr("Entries appear here as people come to the door."), self, "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = Label(self.tr("Latest entries"), self)
        heading.setProperty("role", "heading")
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        stack = column(heading, parent=self, spacing=8)
        stack.addLayout(self._stack, 1)
        self.model.loaded.connect(self._on_loaded)
        self.view.activated.connect(self._on_activated)

    def load(self) -> None:
        """Read the newest entries."""
        if self.model.rowCount():
            self.model.fetch_newer()
        else:
            self.reload()

    def reload(self) -> None:
        """Read everything again, because names or crops have changed."""
        self.model.set_filter(EventFilter())

    def add_newer(self) -> None:
        """Put the journal's new entries at the top."""
        self.model.fetch_newer()

    def _on_loaded(self) -> None:
        self._stack.setCurrentWidget(self.view if self.model.rowCount() else self._empty)

    def _on_activated(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(EVENT_ROLE))
