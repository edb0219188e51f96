"""The page Today: the people in, late or missing, and the doors' decisions over hours and days."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from faceaccess.attendance.overview import MOST_DAYS, OverviewFigures, in_company_days
from faceaccess.attendance.reports import Table
from faceaccess.codes import Outcome, Right
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import STRETCH, column, row
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.plain import Label
from faceaccess.gui.today.day_filter import InsightFilter
from faceaccess.gui.today.figure import Figure
from faceaccess.gui.today.people_card import PeopleCard
from faceaccess.gui.today.roll_actions import RollActions
from faceaccess.gui.widgets.camera_states import CameraStates
from faceaccess.gui.widgets.log_filters import REFUSALS
from faceaccess.gui.window import entries
from faceaccess.gui.window.facts import ModelFacts
from faceaccess.gui.wording.counts import Counts
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.policy.types import StoredMatch

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.gui.today.chart_grid import ChartGrid
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_AT_MOST_EVERY_MS = 2000
_AT_LEAST_EVERY_MS = 60_000
"""Somebody becomes late without any entry."""

_DOORS_PX = 232
_CHARTS_PX = 460


@dataclass(frozen=True)
class _Reading:
    """The data on the page, read in one go."""

    figures: OverviewFigures
    departments: list[str]
    cameras: list[str]
    doors: list[str]


class TodayPage(Page):
    """The people in, late and not come at the top; cameras and charts below.

    `log_wanted` asks for the entries behind a figure.
    """

    entry = entries.TODAY

    log_wanted = Signal(object)

    def __init__(
        self,
        access: "Access",
        people: "People",
        office: "Office",
        journal: "Journal",
        bridge: LiveBridge,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._people, self._office, self._journal = access, people, office, journal
        self._notices = notices
        self._asked = 0
        self._match: StoredMatch | None = None
        self.shown: OverviewFigures | None = None
        self.filter = InsightFilter(self)
        self.present = Figure(self.tr("In now"), self)
        self.first_ins = Figure(self.tr("Came in"), self)
        self.late = Figure(self.tr("Late"), self)
        self.absent = Figure(self.tr("Not come"), self)
        self.unknown = Figure(self.tr("Unknown visitors"), self)
        self.refused = Figure(self.tr("Refused in total"), self)
        self.lists = (self.present, self.first_ins, self.late, self.absent)
        self.people = PeopleCard(people.thumbnail, self)
        self.late_people = PeopleCard(people.thumbnail, self)
        self.absent_people = PeopleCard(people.thumbnail, self)
        self.cards = (self.people, self.late_people, self.absent_people)
        self.cameras = CameraStates(bridge, self)
        self._charts_place = QWidget(self)
        self._charts_column = column(parent=self._charts_place)
        self.roll = RollActions(access, office, notices, self)
        self._soon, self._minute = QTimer(self), QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AT_MOST_EVERY_MS)
        self._minute.setInterval(_AT_LEAST_EVERY_MS)
        self._arrange()
        self._connect(bridge)

    @cached_property
    def charts(self) -> "ChartGrid":
        """The charts, made when there is something to draw: what draws them takes a while to load."""
        from faceaccess.gui.today.chart_grid import ChartGrid

        charts = ChartGrid(self)
        self._charts_column.addWidget(charts)
        return charts

    def load(self) -> None:
        """Read the figures of the filter."""
        self._soon.stop()
        self._asked += 1
        read = partial(
            _read, self._people, self._office, self._journal, self.filter.event_filter(), self._match
        )
        run_in_background(read, partial(self._show, self._asked), self._notices.fail, self)

    def take_facts(self, facts: ModelFacts | None) -> None:
        """Take the model and threshold in force."""
        if facts is None:
            return
        match = facts.match
        self._match = StoredMatch(facts.model_id, match.threshold, match.margin) if match else None
        if self.isVisible():
            self.load()

    def showEvent(self, event: QShowEvent) -> None:
        """Keep up with the clock while seen."""
        super().showEvent(event)
        for card in self.cards:
            card.forget_faces()
        self._minute.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while not seen; `load` reads it all again."""
        super().hideEvent(event)
        self._minute.stop()
        self._soon.stop()

    def _arrange(self) -> None:
        group = QButtonGroup(self)
        for figure in (self.present, self.first_ins):
            figure.setCheckable(True)
            figure.setToolTip(self.tr("Show this list"))
            group.addButton(figure)
        self.present.setChecked(True)
        for figure in (self.late, self.absent):
            figure.setToolTip(self.tr("Go to this list"))
        for figure in (self.unknown, self.refused):
            figure.setToolTip(self.tr("Show these entries in the log"))
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        body = column(parent=inside, spacing=12)
        body.addLayout(self._people_side(), 1)
        body.addLayout(self._doors_side(), 1)
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Today"))
        page = column(self.filter, parent=self, spacing=12)
        page.setContentsMargins(16, 16, 16, 12)
        page.addWidget(scroll, 1)
        group.buttonToggled.connect(self._show_lists)

    def _people_side(self) -> QHBoxLayout:
        """Return the answers that people come for: who is in, who is late, who has not come."""
        sides = QHBoxLayout()
        sides.setSpacing(12)
        for figures, card, weight in (
            ((self.present, self.first_ins), self.people, 4),
            ((self.late,), self.late_people, 3),
            ((self.absent,), self.absent_people, 3),
        ):
            side = column(row(*figures, spacing=10), spacing=8)
            side.addWidget(card, 1)
            sides.addLayout(side, weight)
        return sides

    def _doors_side(self) -> QHBoxLayout:
        """Return the doors' decisions, which stand below."""
        left = QWidget(self)
        left.setFixedWidth(_DOORS_PX)
        column(
            row(self.unknown, self.refused, spacing=10), self._camera_card(), STRETCH, parent=left, spacing=10
        )
        self._charts_place.setMinimumHeight(_CHARTS_PX)
        side = row(left, spacing=12)
        side.addWidget(self._charts_place, 1)
        return side

    def _camera_card(self) -> QFrame:
        card, heading = QFrame(self), Label(self.tr("Cameras"), self)
        card.setObjectName("card")
        heading.setProperty("role", "heading")
        stack = QVBoxLayout(card)
        stack.setContentsMargins(14, 10, 14, 12)
        stack.setSpacing(6)
        stack.addWidget(heading)
        stack.addWidget(self.cameras)
        return card

    def _connect(self, bridge: LiveBridge) -> None:
        self.filter.changed.connect(self.load)
        self._soon.timeout.connect(self.load)
        self._minute.timeout.connect(self.load)
        bridge.event_logged.connect(self._load_soon)
        bridge.event_voided.connect(self._load_soon)
        self.unknown.clicked.connect(self._open_unknown)
        self.refused.clicked.connect(self._open_refused)
        for card in self.cards:
            card.opened.connect(self._open_person)
        self.late.clicked.connect(self.late_people.table.setFocus)
        self.absent.clicked.connect(self.absent_people.table.setFocus)
        self.people.print_wanted.connect(self._print_roll)
        self.people.pdf_wanted.connect(self._save_roll)
        self.roll.busy_changed.connect(self.people.print_button.setDisabled)
        self.roll.busy_changed.connect(self.people.pdf_button.setDisabled)

    def _load_soon(self, _: object) -> None:
        """Read again after an entry; many within two seconds are read together."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _show(self, asked: int, reading: _Reading) -> None:
        if asked != self._asked:
            return
        self.shown = shown = reading.figures
        self.filter.offer(reading.departments, reading.cameras, reading.doors)
        captions = self._captions(shown)
        for figure, table, caption in zip(self.lists, self._tables(shown), captions, strict=True):
            figure.show_number(len(table.rows), caption)
        self.unknown.show_number(shown.count(Outcome.UNKNOWN))
        self.refused.show_number(shown.count(*REFUSALS))
        self.charts.show_figures(shown)
        self._show_lists()

    def _captions(self, shown: OverviewFigures) -> tuple[str, ...]:
        """Return what the lists count: of several days, people once a day each, which are no people."""
        if shown.first_day == shown.last_day:
            return self.tr("In now"), self.tr("Came in"), self.tr("Late"), self.tr("Not come")
        return (
            self.tr("In now"),
            self.tr("Came in\n(person-days)"),
            self.tr("Late\n(person-days)"),
            self.tr("Not come\n(person-days)"),
        )

    def _tables(self, shown: OverviewFigures) -> tuple[Table, ...]:
        return shown.present, shown.first_ins, shown.late, shown.absent

    def _show_lists(self, *_: object) -> None:
        if self.shown is None:
            return
        first = 1 if self.first_ins.isChecked() else 0
        for card, at in ((self.people, first), (self.late_people, 2), (self.absent_people, 3)):
            heading, note, nothing = self._texts(self.shown, at)
            card.show_table(heading, note, nothing, self._tables(self.shown)[at], is_roll=at == 0)

    def _texts(self, shown: OverviewFigures, at: int) -> tuple[str, str, str]:
        """Return the heading of a list, its note, and the message while it is empty."""
        event_filter = self.filter.event_filter()
        if at == 0:
            is_cut = event_filter.camera or event_filter.door or not self.filter.is_today()
            note = self.tr("At this moment, whatever days, camera and door are chosen.") if is_cut else ""
            nothing = self.tr("Nobody is in. Whoever a door lets in appears here.")
            return self.tr("In now"), note, nothing
        note = "" if self.filter.is_today() else self._days(shown, self._tables(shown)[at])
        if at == 3 and (event_filter.camera or event_filter.door):
            doors = self.tr("At all doors: people who never came were at no camera.")
            note = f"{doors} {note}"
        where = self.tr("Hours are set on the page Attendance, under Schedules.")
        hours = where if self._access.may(Right.SET_POLICY) else ""
        on_time, nobody_missing = self.tr("Nobody was late."), self.tr("Nobody is missing.")
        return (
            (self.tr("Came in first"), note, self.tr("Nobody came in. Start the door on the page Door.")),
            (
                self.tr("Late"),
                note,
                f"{on_time} {hours}".strip(),
            ),
            (
                self.tr("Not come, without a reason"),
                note,
                f"{nobody_missing} {hours}".strip(),
            ),
        )[at - 1]

    def _days(self, shown: OverviewFigures, table: Table) -> str:
        """Return the days of a list, and how many people its rows are of where these are several days."""
        first, last = shown.first_day, shown.last_day
        if first == last:
            return first.isoformat()
        days = f"{first.isoformat()} – {last.isoformat()}"
        if (last - first).days + 1 == MOST_DAYS < len(shown.days):
            days = self.tr("{0} (the last %n days)", "", MOST_DAYS).format(days)
        if not table.rows:
            return days
        people = Counts().people(len(set(table.people)))
        once = self.tr("%n person-days of {0}: each counts once a day.", "", len(table.rows)).format(people)
        return f"{days}\n{once}"

    def _open_unknown(self) -> None:
        self.log_wanted.emit(replace(self.filter.event_filter(), outcomes=(Outcome.UNKNOWN,)))

    def _open_refused(self) -> None:
        self.log_wanted.emit(replace(self.filter.event_filter(), outcomes=REFUSALS))

    def _open_person(self, name: str, day: date | None) -> None:
        """Ask for the entries of a person, on the day of the row where it has one."""
        event_filter = replace(self.filter.event_filter(), text=name, department=None)
        if day is not None and not self.filter.is_today():
            since = datetime.combine(day, time()).astimezone(UTC)
            until = datetime.combine(day + timedelta(days=1), time()).astimezone(UTC)
            event_filter = replace(event_filter, since=since, until=until)
        self.log_wanted.emit(event_filter)

    def _print_roll(self) -> None:
        self.roll.print_roll(self.filter.event_filter().department)

    def _save_roll(self) -> None:
        self.roll.save_roll(self.filter.event_filter().department)


def _read(
    people: "People",
    office: "Office",
    journal: "Journal",
    event_filter: EventFilter,
    match: StoredMatch | None,
) -> _Reading:
    # What draws the charts, loaded while the figures are read, and not at the start of the program.
    import pyqtgraph  # noqa: F401

    now = datetime.now(UTC)
    event_filter = in_company_days(event_filter, office.timesheets.zones())
    return _Reading(
        office.overview.read(event_filter, now=now, match=match),
        people.departments(),
        journal.events.cameras(),
        journal.events.values_of("door"),
    )
