"""The page Log: every entry, found by day, person, outcome or camera."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.attendance.overview import in_company_days
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import STRETCH, hidden_titles, plain_table, row, side_card
from faceaccess.gui.log.actions_dialog import ActionsDialog
from faceaccess.gui.log.event_detail import EventDetail
from faceaccess.gui.models.event_model import CROP_PX, NEWEST_FIRST, ORDERS, Column, EventModel
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.plain import Label
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.widgets.empty_state import EmptyState
from faceaccess.gui.widgets.log_filters import LogFilters
from faceaccess.gui.widgets.outcome_delegate import OutcomeDelegate, outcome_column_px
from faceaccess.gui.window import entries
from faceaccess.store.journal.types import Event, EventFilter, EventSort

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.models.models import Models
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People
    from faceaccess.upkeep.actions import Actions

_WIDE_PX, _TIME_PX, _DAY_PX, _OUTCOME_PX = 1000, 190, 110, 182
_WHERE_WIDE = (Column.DISTANCE, Column.CAMERA)


class LogPage(Page):
    """Filters, the table, and the full decision of the row that is selected."""

    entry = entries.LOG

    enrol_wanted = Signal(object)

    def __init__(
        self,
        access: "Access",
        people: "People",
        models: "Models",
        office: "Office",
        journal: "Journal",
        actions: "Actions",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._office, self._journal = access, office, journal
        self._actions, self._notices = actions, notices
        self.model = EventModel(journal, parent=self)
        self.filters = LogFilters(people, journal, notices, self)
        self.export_button = QPushButton(self.tr("Export CSV…"), self)
        self.actions_button = QPushButton(self.tr("Who did what…"), self)
        self.table = plain_table(self.model, self.tr("Entries"), self, row_px=CROP_PX + 12)
        self.count_label = Label(self)
        self.detail = EventDetail(access, people, models, office, journal, notices, self)
        self.empty = EmptyState("log", "", self.tr("Clear the filter"), self)
        self._is_stale = True
        self._wanted: tuple[int, ...] = ()
        self._rows_wanted = 0
        self._count: int | None = None
        self._sort = NEWEST_FIRST
        icons.set_icon(self.export_button, "export", 18)
        self.actions_button.setProperty("role", "quiet")
        self.actions_button.setToolTip(self.tr("What operators and the program changed, and when"))
        self.count_label.setProperty("role", "muted")
        self._set_up_table()
        self._arrange()
        self._connect()

    def load(self) -> None:
        """Read the entries journalled since the page was last seen."""
        self.filters.load()
        self.model.show_zones(self._office.timesheets.zones())
        self._fit_columns()
        if self._is_stale:
            self._apply_filter()
        else:
            self.model.fetch_newer()

    def begin_anew(self) -> None:
        """Select no entry."""
        self.table.selectionModel().reset()
        self.detail.show_event(None)

    def mark_stale(self) -> None:
        """Read everything again when next shown, because names have changed."""
        self._is_stale = True

    def show_event(self, event: Event) -> None:
        """Select an entry, with the filter cleared so that it is there."""
        self._sort = NEWEST_FIRST
        self.filters.clear()
        self._want(event.seq)
        self.detail.show_event(event)

    def add_newer(self, _: Event) -> None:
        """Take in a live event when the page is seen; otherwise `load` does."""
        if self.isVisible():
            self.model.fetch_newer()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.filters.focus_search()

    def show_filter(self, event_filter: EventFilter) -> None:
        """Show the entries of a filter."""
        self.filters.show_filter(event_filter)

    def _set_up_table(self) -> None:
        self.table.setItemDelegateForColumn(Column.OUTCOME, OutcomeDelegate(self.table))
        self.table.setIconSize(QSize(CROP_PX, CROP_PX))
        self.table.setWordWrap(True)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(True)
        for column, width in (
            (Column.TIME, _TIME_PX),
            (Column.OUTCOME, _OUTCOME_PX),
            (Column.DISTANCE, 90),
            (Column.CAMERA, 150),
        ):
            header.resizeSection(column, width)
        header.setSectionResizeMode(Column.PERSON, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the columns that the details show too, where there is no room for all."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        is_wide = self.width() >= _WIDE_PX
        for column in _WHERE_WIDE:
            self.table.setColumnHidden(column, not is_wide)
        # Whoever it is matters most; the day and the time below it still take their title's room.
        title_px = self.table.horizontalHeader().sectionSizeHint(Column.TIME)
        narrow_px = min(max(title_px, _DAY_PX), _TIME_PX)
        self.table.setColumnWidth(Column.TIME, _TIME_PX if is_wide else narrow_px)
        outcome_px = outcome_column_px(self.table.font()) if is_wide else _OUTCOME_PX
        self.table.setColumnWidth(Column.OUTCOME, outcome_px)
        self._show_state()

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.filters, 1)
        bar.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignTop)
        card = side_card(self.detail, 320, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.stack, 1)
        middle.addWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addLayout(middle, 1)
        column.addLayout(row(self.count_label, STRETCH, self.actions_button))

    def _connect(self) -> None:
        self.filters.changed.connect(self._apply_filter)
        self.empty.button.clicked.connect(self.filters.clear)
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.detail.corrected.connect(self._on_corrected)
        self.detail.event_actions.enrol_wanted.connect(self.enrol_wanted)
        self.export_button.clicked.connect(self._export)
        self.actions_button.clicked.connect(self._show_actions)
        self.model.loaded.connect(self._on_loaded)
        self.model.failed.connect(self._notices.fail)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def _apply_filter(self) -> None:
        self._want()
        self.detail.show_event(None)
        self._read_again()

    def _read_again(self) -> None:
        self._is_stale = False
        is_usual = self._sort == NEWEST_FIRST
        self.table.horizontalHeader().setSortIndicatorShown(not is_usual)
        zones = self._office.timesheets.zones()
        self.model.set_filter(in_company_days(self.filters.event_filter(), zones), self._sort)

    def _sort_by(self, section: int) -> None:
        """Sort by a column, then the other way, then as usual again."""
        order = ORDERS[Column(section)]
        if self._sort.order is not order or self._sort == NEWEST_FIRST:
            self._sort = EventSort(order, is_descending=False)
        elif not self._sort.is_descending:
            self._sort = EventSort(order, is_descending=True)
        else:
            self._sort = NEWEST_FIRST
        down = Qt.SortOrder.DescendingOrder
        way = down if self._sort.is_descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(section, way)
        self._apply_filter()

    def _on_corrected(self, event: Event) -> None:
        """Show the log after a correction, with its entry selected, or the former where it isn't listed."""
        before = self.model.event_at(self.table.currentIndex().row())
        self._want(event.seq, *([before.seq] if before else []), rows=self.model.rowCount() + 1)
        self._read_again()

    def _want(self, *seqs: int, rows: int = 0) -> None:
        """Select the first of these entries that comes, among so many rows; of no number, the first ones."""
        self._wanted, self._rows_wanted = seqs, rows

    def _on_loaded(self) -> None:
        is_filtered = self.model.filter != EventFilter()
        self.empty.message.setText(
            self.tr("No entry matches this filter.")
            if is_filtered
            else self.tr("The log is empty. Entries appear here once the door is running.")
        )
        self.empty.button.setVisible(is_filtered)
        self.stack.setCurrentWidget(self.empty if self.model.is_empty else self.table)
        self._select_wanted()
        self.export_button.setEnabled(not self.model.is_empty)
        count = partial(self._journal.events.count, self.model.filter)
        run_in_background(count, self._show_count, self._notices.fail, self)

    def _select_wanted(self) -> None:
        """Select the entry that was asked for, once its row is here."""
        rows = {}
        if self._wanted:
            events = map(self.model.event_at, range(self.model.rowCount()))
            rows = {event.seq: at for at, event in enumerate(events) if event}
        listed = [seq for seq in self._wanted if seq in rows]
        is_all = self.model.rowCount() >= self._rows_wanted or not self.model.canFetchMore(QModelIndex())
        if listed and (is_all or listed[0] == self._wanted[0]):
            self._want()
            self.table.selectRow(rows[listed[0]])
        elif self._wanted and not is_all:
            self.model.fetchMore(QModelIndex())
        elif self._rows_wanted:
            self._want()
            self.detail.show_event(None)

    def _show_count(self, count: int) -> None:
        self._count = count
        self._show_state()

    def _show_state(self) -> None:
        """Say how many entries there are, and which columns there is no room for."""
        if self._count is None:
            return
        facts = [self.tr("%n entries", "", self._count)]
        if missing := hidden_titles(self.table):
            facts.append(self.tr("for lack of room only beside the entry selected: {0}").format(missing))
        self.count_label.setText(" · ".join(facts))

    def _on_row_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        self.detail.show_event(self.model.event_at(current.row()))

    def _show_actions(self) -> None:
        dialog = ActionsDialog(self._actions, self._office.timesheets.zones(), self.window())
        dialog.exec()
        dialog.deleteLater()

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Export the entries shown"), "entries.csv", self.tr("CSV (*.csv)")
        )
        if path:
            self.export_button.setEnabled(False)
            job = partial(
                self._journal.export_csv,
                self._access.actor,
                self.model.filter,
                Path(path),
                local=self._office.timesheets.zones().local,
            )
            run_in_background(
                job, partial(self._on_exported, path), self._on_export_failed, self, lane=Lane.LONG
            )

    def _on_exported(self, path: str, _: object) -> None:
        self.export_button.setEnabled(True)
        tell_saved(self._notices, self.tr("The entries are in {0}.").format(path), Path(path))

    def _on_export_failed(self, error: FaceAccessError) -> None:
        self.export_button.setEnabled(True)
        self._notices.fail(error)
