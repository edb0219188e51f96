"""The fields that choose the entries the log shows."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from faceaccess.codes import Method, Outcome, Reason
from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.layout import STRETCH, column, row
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.date_range import DateRange
from faceaccess.gui.wording import codes
from faceaccess.store.journal.types import EventFilter

if TYPE_CHECKING:
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_TYPING_MS = 250
_BOX_PX = 240
_SEARCH_PX = 112
_BOX_LETTERS = 9
"""So much of a choice is shown where room is short: the search must be left some."""
_ANY_REFUSAL = "refusal"
REFUSALS = tuple(outcome for outcome in Outcome if outcome is not Outcome.ACCEPTED)
"""The choice that stands for several outcomes: no other asks for more than one."""


class LogFilters(QWidget):
    """Search, days, outcome and camera; department, reason, door and method on request.

    One person, whose entries were asked for elsewhere, stands on a button that asks for everybody's again.

    `changed` says that the filter is different now.
    """

    changed = Signal()

    def __init__(
        self, people: "People", journal: "Journal", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._people, self._journal = people, journal
        self._notices = notices
        self.search = QLineEdit(self)
        self.days = DateRange(self)
        self.outcome_box, self.camera_box = QComboBox(self), QComboBox(self)
        self.department_box, self.reason_box = QComboBox(self), QComboBox(self)
        self.door_box, self.method_box = QComboBox(self), QComboBox(self)
        self.more_button = QPushButton(self.tr("More"), self)
        self.more_button.setCheckable(True)
        self.more_button.setToolTip(self.tr("Department, reason, door and method"))
        self.clear_button = QPushButton(self.tr("Clear"), self)
        self.clear_button.setProperty("role", "quiet")
        self.person_button = QPushButton(self)
        self.person_button.setToolTip(self.tr("Show everybody's entries again"))
        self.person_button.setAccessibleName(self.tr("Show everybody's entries again"))
        self.person_button.setVisible(False)
        icons.set_icon(self.person_button, "close", 14)
        self._person_id: str | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._fill()
        self._arrange()
        self.search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._tell)
        self.days.changed.connect(self._tell)
        for box in self._boxes():
            box.currentIndexChanged.connect(self._tell)
        self.more_button.toggled.connect(self.second.setVisible)
        self.clear_button.clicked.connect(self.clear)
        self.person_button.clicked.connect(self._show_everybody)

    def load(self) -> None:
        """Read the values to choose from."""
        run_in_background(partial(_read, self._people, self._journal), self._show, self._notices.fail, self)

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def event_filter(self) -> EventFilter:
        """Return the filter that the fields describe."""
        since, until = self.days.bounds()
        outcome, reason, method = (
            box.currentData() for box in (self.outcome_box, self.reason_box, self.method_box)
        )
        return EventFilter(
            since=since,
            until=until,
            person_id=self._person_id,
            text=self.search.text().strip(),
            outcomes=REFUSALS if outcome == _ANY_REFUSAL else (Outcome(outcome),) if outcome else (),
            camera=self.camera_box.currentData(),
            department=self.department_box.currentData(),
            reason=Reason(reason) if reason else None,
            door=self.door_box.currentData(),
            method=Method(method) if method else None,
        )

    def clear(self) -> None:
        """Ask for all entries."""
        self.show_filter(EventFilter())

    def show_filter(self, event_filter: EventFilter) -> None:
        """Show a filter in the fields, and ask for its entries."""
        # Not the search: its button to clear it follows its signals; what it starts is stopped below.
        widgets = (self.days, *self._boxes())
        for widget in widgets:
            widget.blockSignals(True)
        self._show_person(event_filter.person_id)
        self.search.setText(event_filter.text)
        self.days.show_bounds(event_filter.since, event_filter.until)
        outcome = _ANY_REFUSAL if len(event_filter.outcomes) > 1 else next(iter(event_filter.outcomes), None)
        chosen = {
            self.outcome_box: outcome,
            self.camera_box: event_filter.camera,
            self.department_box: event_filter.department,
            self.reason_box: event_filter.reason,
            self.door_box: event_filter.door,
            self.method_box: event_filter.method,
        }
        for box, value in chosen.items():
            if value is not None and box.findData(value) < 0:
                box.addItem(shown(str(value)), value)
            box.setCurrentIndex(max(0, box.findData(value)) if value is not None else 0)
        for widget in widgets:
            widget.blockSignals(False)
        if any((event_filter.department, event_filter.reason, event_filter.door, event_filter.method)):
            self.more_button.setChecked(True)
        self._tell()

    def _show_person(self, person_id: str | None) -> None:
        self._person_id = person_id
        self.person_button.setVisible(person_id is not None)
        # Nobody is searched for among one person's entries: the button gets the room.
        self.search.setMinimumWidth(_SEARCH_PX if person_id is None else 0)
        self.person_button.setText("…")
        if person_id is not None:
            read = partial(self._people.label_or_id, person_id)
            run_in_background(read, partial(self._name_person, person_id), self._notices.fail, self)

    def _name_person(self, person_id: str, name: str) -> None:
        if person_id == self._person_id:
            self.person_button.setText(shown(name))
            self.person_button.setAccessibleName(self.tr("Only entries of {0}").format(name))

    def _show_everybody(self) -> None:
        self._show_person(None)
        self._tell()

    def _boxes(self) -> tuple[QComboBox, ...]:
        return (
            self.outcome_box,
            self.camera_box,
            self.department_box,
            self.reason_box,
            self.door_box,
            self.method_box,
        )

    def _fill(self) -> None:
        self.search.setPlaceholderText(self.tr("Search by name or staff number"))
        self.search.setAccessibleName(self.tr("Search the log by name or staff number"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_SEARCH_PX)
        names = (
            (self.tr("Outcome"), self.tr("Any outcome")),
            (self.tr("Camera"), self.tr("Any camera")),
            (self.tr("Department"), self.tr("Any department")),
            (self.tr("Reason"), self.tr("Any reason")),
            (self.tr("Door"), self.tr("Any door")),
            (self.tr("Method"), self.tr("Any method")),
        )
        for box, (name, anything) in zip(self._boxes(), names, strict=True):
            box.setAccessibleName(name)
            box.addItem(anything, None)
            box.setMaximumWidth(_BOX_PX)
            box.setMinimumContentsLength(_BOX_LETTERS)
        for outcome in Outcome:
            wording = codes.outcome(outcome)
            self.outcome_box.addItem(icons.icon(wording.icon), wording.label, outcome)
        self.outcome_box.addItem(icons.icon("denied"), self.tr("Any refusal"), _ANY_REFUSAL)
        for reason in Reason:
            self.reason_box.addItem(codes.reason(reason).label, reason)
        for method in Method:
            self.method_box.addItem(codes.method(method), method)

    def _arrange(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.person_button)
        first.addWidget(self.search, 1)
        for widget in (self.days, self.outcome_box, self.camera_box, self.more_button, self.clear_button):
            first.addWidget(widget)
        self.second = QWidget(self)
        second = QHBoxLayout(self.second)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(8)
        for box in (self.department_box, self.reason_box, self.door_box, self.method_box):
            second.addWidget(box, 1)
        second.addStretch(1)
        self.second.setVisible(False)
        self.clear_button.setEnabled(False)
        # Below: a small window has no room for them beside the box.
        column(first, row(self.days.fields, STRETCH), self.second, parent=self, spacing=8)

    def _show(self, choices: "tuple[list[str], list[str], list[str]]") -> None:
        for box, values in zip((self.camera_box, self.door_box, self.department_box), choices, strict=True):
            for value in values:
                if value and box.findData(value) < 0:
                    box.addItem(shown(value), value)

    def _tell(self) -> None:
        self._typing.stop()
        self.clear_button.setEnabled(self.event_filter() != EventFilter())
        self.changed.emit()


def _read(people: "People", journal: "Journal") -> "tuple[list[str], list[str], list[str]]":
    return journal.events.cameras(), journal.events.values_of("door"), people.departments()
