"""The page Attendance: reports on the screen, one day in full beside them, and corrections."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.attendance.reading import ClosedMonth, DayRecord, Punch
from faceaccess.attendance.report_cells import Cell
from faceaccess.attendance.reports import ReportRequest, Table
from faceaccess.attendance.stays import Gap
from faceaccess.codes import ReportKind
from faceaccess.gui import icons
from faceaccess.gui.attendance.day_actions import DayActions
from faceaccess.gui.attendance.day_detail import DayDetail
from faceaccess.gui.attendance.exports_dialog import ExportsDialog
from faceaccess.gui.attendance.report_actions import ReportActions
from faceaccess.gui.attendance.report_choice import ReportChoice
from faceaccess.gui.attendance.report_columns import ReportColumns
from faceaccess.gui.attendance.schedules_dialog import SchedulesDialog
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import STRETCH, plain_table, row, side_card, wrapped
from faceaccess.gui.models.report_model import ReportModel
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.empty_state import EmptyState
from faceaccess.gui.window import entries
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_OF_DAYS = frozenset({ReportKind.PERSON, ReportKind.DAILY, ReportKind.LATENESS})
"""Reports whose rows are working days of people, each of which can be looked at in full."""

_ROW_PX = 36
_CARD_PX, _NARROW_CARD_PX = 300, 236
_WIDE_PX = 1100


@dataclass(frozen=True)
class _Reading:
    """The data on the page, read in one go."""

    table: Table
    people: list[Person]
    closed: ClosedMonth | None


class AttendancePage(Page):
    """The choice of report, its table, the selected day, and the actions on them."""

    entry = entries.ATTENDANCE

    def __init__(
        self,
        access: "Access",
        people: "People",
        office: "Office",
        journal: "Journal",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._people, self._office = access, people, office
        self._policies = policies
        self._notices = notices
        self._asked = 0
        self._asked_day = 0
        self._wanted_id = ""
        self._reading: _Reading | None = None
        self.choice = ReportChoice(self)
        self.model = ReportModel(self)
        self.table = plain_table(self.model, self.tr("Report"), self, row_px=_ROW_PX)
        self.columns = ReportColumns(self.table, self.model)
        self.detail = DayDetail(self)
        self.day_actions = DayActions(access, office, journal, notices, self)
        self.report_actions = ReportActions(access, office, notices, self)
        self.empty = EmptyState("attendance", "", self.tr("Show everybody"), self)
        self.sums = wrapped("", self, "muted")
        self.sums.setAccessibleName(self.tr("How the totals add up"))
        self.count_label = Label(self)
        self.export_button = QPushButton(self.tr("Export…"), self)
        self.absence_button = QPushButton(self.tr("Enter absence…"), self)
        self.schedules_button = QPushButton(self.tr("Schedules…"), self)
        self.exports_button = QPushButton(self.tr("Scheduled exports…"), self)
        self.close_button = QPushButton(self.tr("Close month…"), self)
        self._set_up_table()
        self._arrange()
        self._connect()

    def load(self) -> None:
        """Read the report that is chosen."""
        self._asked += 1
        read = partial(_read, self._people, self._office, self.choice.request())
        run_in_background(read, partial(self._show, self._asked), self._notices.fail, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the table more room on a narrow screen."""
        super().resizeEvent(event)
        self.card.setFixedWidth(_CARD_PX if event.size().width() >= _WIDE_PX else _NARROW_CARD_PX)

    def show_person(self, person_id: str) -> None:
        """Show somebody's timesheet as soon as the page is read."""
        self._wanted_id = person_id

    def begin_anew(self) -> None:
        """Select no row."""
        self.table.selectionModel().reset()

    def _set_up_table(self) -> None:
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setIconSize(QSize(16, 16))
        self.table.horizontalHeader().setStretchLastSection(True)

    def _arrange(self) -> None:
        self.export_button.setToolTip(self.tr("Save this report as XLSX, CSV or PDF"))
        icons.set_icon(self.export_button, "export", 18)
        icons.set_icon(self.absence_button, "plus", 16)
        self.count_label.setProperty("role", "muted")
        self.count_label.setWordWrap(True)
        bar = row(self.choice, STRETCH, self.absence_button, self.export_button)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.card = side_card(self.detail, _CARD_PX, self)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.card)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.count_label, 1)
        for widget in (self.schedules_button, self.exports_button, self.close_button):
            below.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addLayout(middle, 1)
        column.addWidget(self.sums)
        column.addLayout(below)

    def _connect(self) -> None:
        self.choice.changed.connect(self.load)
        self.columns.changed.connect(self._on_columns_changed)
        self.empty.button.clicked.connect(self.choice.show_everybody)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.table.doubleClicked.connect(self._open_row)
        self.detail.resolve_wanted.connect(self._resolve)
        self.detail.add_wanted.connect(self._add)
        self.detail.correct_wanted.connect(self._correct)
        self.detail.void_wanted.connect(self.day_actions.void)
        self.detail.absence_removal_wanted.connect(self.day_actions.remove_absence)
        self.day_actions.changed.connect(self.load)
        self.report_actions.month_closed.connect(self.load)
        self.report_actions.busy_changed.connect(self.export_button.setDisabled)
        self.export_button.clicked.connect(self._export)
        self.absence_button.clicked.connect(self._enter_absence)
        self.schedules_button.clicked.connect(self._edit_schedules)
        self.exports_button.clicked.connect(self._edit_exports)
        self.close_button.clicked.connect(self._close_month)

    def _show(self, asked: int, reading: _Reading) -> None:
        if asked != self._asked:
            return
        selected, before = self.table.currentIndex().row(), self.model.table
        about = self._about(selected)
        self.choice.show_people(reading.people)
        if self._wanted_id:
            person_id, self._wanted_id = self._wanted_id, ""
            self.choice.show_person(person_id)
            return
        self.model.show_table(reading.table)
        has_rows = bool(reading.table.rows)
        self.stack.setCurrentWidget(self.table if has_rows else self.empty)
        self.empty.message.setText(attendance_text.nothing(reading.table.kind))
        self.empty.button.setVisible(self.choice.request().department is not None)
        self.export_button.setEnabled(has_rows)
        self.card.setVisible(has_rows and reading.table.kind in _OF_DAYS)
        self._reading = reading
        self.columns.fit()
        self._show_state(reading)
        is_same = before and (before.kind, before.subject) == (reading.table.kind, reading.table.subject)
        rows = range(len(reading.table.rows)) if is_same else ()
        row = next(
            (row for row in rows if (self._about(row) == about if any(about) else row == selected)), None
        )
        if row is not None:
            self.table.selectRow(row)
        else:
            self.detail.show_message(self.tr("Select a day to see its entries, and to correct them."))
            self._scroll_to(reading.table.made_at.date())

    def _scroll_to(self, day: date) -> None:
        rows = range(self.model.rowCount())
        today = next((row for row in rows if self.model.cell_at(row, "day") == day), None)
        if today is not None:
            self.table.scrollTo(self.model.index(today, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _on_columns_changed(self) -> None:
        if self._reading is not None:
            self._show_state(self._reading)

    def _show_state(self, reading: _Reading) -> None:
        count = len(reading.table.rows)
        sums = attendance_text.sums(reading.table)
        self.sums.setText("\n".join(sums))
        self.sums.setVisible(bool(sums))
        facts = [self.tr("%n rows", "", count)]
        has_month = self.choice.request().month is not None
        if has_month and reading.closed is not None:
            when = f"{reading.closed.at.astimezone():%Y-%m-%d}"
            facts.append(self.tr("closed on {0} by {1}").format(when, reading.closed.actor))
        if reading.table.zone and count:
            facts.append(self.tr("times in {0}").format(reading.table.zone))
        if reading.table.people and reading.table.kind not in _OF_DAYS:
            facts.append(self.tr("double-click a person to see the days one by one"))
        if self.columns.hidden:
            missing = ", ".join(self.columns.hidden)
            facts.append(self.tr("for lack of room only in the export: {0}").format(missing))
        self.count_label.setText(" · ".join(facts))
        is_over = self.choice.month.month < date.today().replace(day=1)
        self.close_button.setEnabled(has_month and is_over and reading.closed is None)

    def _on_row_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        person_id, day = self.model.person_at(current.row()), self._day_of(current.row())
        if person_id is None or day is None:
            return
        self._asked_day += 1
        read = partial(_read_day, self._office, person_id, day)
        run_in_background(read, partial(self._show_day, self._asked_day), self._notices.fail, self)

    def _about(self, row: int) -> tuple[str | None, Cell]:
        """Return the person and the day of a row: a correction may add rows, or take some away."""
        return self.model.person_at(row), self.model.cell_at(row, "day")

    def _day_of(self, row: int) -> date | None:
        day = self.model.cell_at(row, "day")
        return day if isinstance(day, date) else self.choice.request().day

    def _show_day(self, asked: int, record: DayRecord) -> None:
        if asked == self._asked_day:
            self.detail.show_record(record)

    def _open_row(self, index: QModelIndex) -> None:
        person_id = self.model.person_at(index.row())
        if person_id is not None and self.choice.request().kind is not ReportKind.PERSON:
            self.choice.show_person(person_id)

    def _resolve(self, gap: Gap) -> None:
        if self.detail.record is not None:
            self.day_actions.resolve(self.detail.record, gap)

    def _add(self) -> None:
        if self.detail.record is not None:
            self.day_actions.add(self.detail.record)

    def _correct(self, punch: Punch) -> None:
        if self.detail.record is not None:
            self.day_actions.correct(self.detail.record, punch)

    def _enter_absence(self) -> None:
        # A table that has the keyboard has a current row, which nobody chose.
        rows = self.table.selectionModel().selectedRows()
        row = rows[0].row() if rows else -1
        person_id = self.model.person_at(row) or self.choice.request().person_id
        self.day_actions.enter_absence(self.choice.people, person_id, self._day_of(row) or date.today())

    def _edit_schedules(self) -> None:
        self._open_dialog(
            SchedulesDialog(self._access, self._people, self._office, self._policies, self.window())
        )

    def _edit_exports(self) -> None:
        self._open_dialog(ExportsDialog(self._access, self._office, self._policies, self.window()))

    def _open_dialog(self, dialog: SchedulesDialog | ExportsDialog) -> None:
        dialog.exec()
        dialog.deleteLater()
        self.load()

    def _close_month(self) -> None:
        self.report_actions.close_month(self.choice.month.month)

    def _export(self) -> None:
        self.report_actions.export(self.choice.request())


def _read(people: "People", office: "Office", request: ReportRequest) -> _Reading:
    table = office.reports.build(request, now=datetime.now(UTC))
    months = office.timesheets.closed_months() if request.month else []
    closed = next((month for month in months if month.month == request.month), None)
    return _Reading(table, people.list(), closed)


def _read_day(office: "Office", person_id: str, day: date) -> DayRecord:
    return office.timesheets.record(person_id, day, now=datetime.now(UTC))
