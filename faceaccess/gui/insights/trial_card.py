"""The card of the trial day: begun, answered entry by entry or by a list, and ended with its result."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton, QVBoxLayout, QWidget

from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.insights.expected_people import ExpectedDialog, ExpectedPeople
from faceaccess.gui.insights.person_box import PersonBox, PersonDialog
from faceaccess.gui.insights.trial_result import TrialResult
from faceaccess.gui.insights.trial_row import FACE_PX, TrialRow
from faceaccess.gui.insights.trial_state import TrialState, read_state
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.printing import write_trial
from faceaccess.gui.saved_files import write_page
from faceaccess.gui.widgets.settings_form import StillSpinBox
from faceaccess.gui.wording import amounts
from faceaccess.gui.work import Work
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.door.trial_day.day import Said
    from faceaccess.door.trial_day.report import TrialReport
    from faceaccess.door.trial_day.trial_days import TrialDays
    from faceaccess.gui.live_bridge import LiveBridge
    from faceaccess.models.models import Models
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_MOST_PASSES, _USUAL_PASSES = 20, 3
_MOST_ROWS = 8
"""So many entries wait on the screen for an answer; the others come up as these are answered."""


class TrialCard(QWidget):
    """Shows the trial as the journal has it: nothing is lost with the page, the door or the program.

    `came_under_way` tells that one was begun, or is when the card is first shown.
    """

    came_under_way = Signal()

    def __init__(
        self,
        trials: "TrialDays",
        *,
        access: "Access",
        people: "People",
        models: "Models",
        office: "Office",
        journal: "Journal",
        bridge: "LiveBridge",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._trials, self._access, self._people, self._models = trials, access, people, models
        self._office, self._bridge, self._notices = office, bridge, notices
        self._state: TrialState | None = None
        self._reads = 0
        self._rows: dict[int, TrialRow] = {}
        # Of the next trial; the one under way has its own in the journal.
        self._expected: tuple[str, ...] = ()
        self._faces = Thumbnails(journal.events.entry_crop, FACE_PX, self)
        self._build()
        self._work = Work(
            self,
            access,
            notices,
            reload=self.load,
            busy=(self.begin_button, self.end_button, self.away_button),
        )
        bridge.event_logged.connect(self._on_event)
        bridge.run_state_changed.connect(self._show_door)
        self.begin_button.clicked.connect(self._begin)
        self.expected_button.clicked.connect(self._choose_expected)
        self.expected.choose_button.clicked.connect(self._choose_expected)
        self.expected.person_chosen.connect(self.box.choose)
        self.open_button.clicked.connect(bridge.begin_trial)
        self.end_button.clicked.connect(self._end)
        self.away_button.clicked.connect(self._throw_away)
        self.list_button.clicked.connect(self._load_list)
        self.missed_button.clicked.connect(self._say_missed)
        self.back_button.clicked.connect(self._take_back)
        self.result.save_wanted.connect(self._save)
        self._show_expected()
        self._show_part()

    def _build(self) -> None:
        explanation = wrapped(
            self.tr(
                "The check before a site trusts the program: some twenty people walk past three times each, "
                "a few strangers among them, and you say who it was. What comes of it is counted, with "
                "what to change. Entries of a trial are marked and never count, and the door stays shut."
            ),
            self,
            "muted",
        )
        self.passes = StillSpinBox(self)
        self.passes.setRange(1, _MOST_PASSES)
        self.passes.setValue(_USUAL_PASSES)
        self.passes.setAccessibleName(self.tr("Passes of each person"))
        self.begin_button = QPushButton(self.tr("Begin a trial day"), self)
        icons.set_icon(self.begin_button, "play", 16)
        self.beginning = QWidget(self)
        label = Label(self.tr("Passes of each person"), self)
        self.expected_button = QPushButton("", self)
        row(label, self.passes, self.expected_button, self.begin_button, STRETCH, parent=self.beginning)
        self.result = TrialResult(self)
        self._build_under_way()
        column(explanation, self.beginning, self.under_way, self.result, parent=self, spacing=10)

    def _build_under_way(self) -> None:
        self.under_way = QWidget(self)
        self.progress = wrapped("", self.under_way)
        self.expected = ExpectedPeople(self.under_way)
        self.closed = wrapped(
            self.tr("The door isn't open for the trial: whoever passes now counts as on any other day."),
            self.under_way,
            "caution",
        )
        self.open_button = QPushButton(self.tr("Open the door for the trial"), self.under_way)
        self.waiting = wrapped("", self.under_way, "muted")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(8)
        self.box = PersonBox(self.under_way, has_stranger=True)
        self.missed_button = QPushButton(self.tr("Passed, and nothing happened"), self.under_way)
        self.back_button = QPushButton(self.tr("Take the last answer back"), self.under_way)
        self.list_button = QPushButton(self.tr("Answer by a list (CSV)…"), self.under_way)
        self.list_button.setToolTip(
            self.tr(
                "Its first line is time,person or time,person,camera; times are the clock's, such as 9:30."
            )
        )
        self.end_button = QPushButton(self.tr("End and count"), self.under_way)
        self.end_button.setProperty("role", "primary")
        self.away_button = QPushButton(self.tr("Throw away…"), self.under_way)
        column(
            self.progress,
            row(self.end_button, self.list_button, self.back_button, self.away_button, STRETCH),
            row(self.closed, self.open_button),
            self.expected,
            row(self.box, self.missed_button, STRETCH),
            self.waiting,
            self.rows,
            parent=self.under_way,
            spacing=10,
        )

    def load(self) -> None:
        """Read the trial as the journal has it."""
        self._reads += 1
        zones = self._office.timesheets.zones()
        read = partial(read_state, self._trials, self._people, self._models, zones)
        run_in_background(read, partial(self._show, self._reads), self._notices.fail, self)

    def forget(self) -> None:
        """Show nobody's faces and names."""
        self._reads += 1
        self._state, self._expected = None, ()
        self._show_expected()
        self.expected.show_people({}, 0)
        self.box.show_people(())
        self._faces.forget()
        self._show_rows([])
        self.result.show_report(None)
        self._show_part()

    def _show(self, number: int, state: TrialState) -> None:
        if number != self._reads:
            return
        before, self._state = self._state, state
        day = state.day
        was = before is not None and before.day is not None and before.day.is_under_way
        if day is not None and day.is_under_way and not was:
            self.came_under_way.emit()
        self._show_part()
        if day is not None and day.is_under_way:
            self.box.show_people(state.people, list(day.strangers))
            self.expected.show_day(day, state.passes, state.names)
            began = amounts.moment(day.began_at, self._office.timesheets.zones())[:16]
            people = {said.person_id for said in day.said} - {None}
            strangers = len({said.stranger for said in day.said if said.person_id is None})
            sentence = self.tr(
                "Begun {0}. Passes of each person: {1}. Answers so far: {2}; people: {3}; strangers: {4}."
            )
            answers = len(day.said), len(people), strangers
            self.progress.setText(sentence.format(began, day.passes, *answers))
            self._show_rows(state.open_events)
            self.back_button.setEnabled(bool(day.said))
        else:
            self._show_rows([])
        self.result.show_report(state.report)

    def _show_part(self) -> None:
        """Show what can be done now: begin, or go on with what is under way."""
        day = self._state.day if self._state else None
        is_under_way = day is not None and day.is_under_way
        self.under_way.setVisible(is_under_way)
        self.beginning.setVisible(self._state is not None and not is_under_way)
        self._show_door()

    def _show_door(self, _: object = None) -> None:
        is_open = self._bridge.run.is_trial and self._bridge.is_running
        self.closed.setVisible(not is_open)
        self.open_button.setVisible(not is_open)

    def _show_rows(self, events: "tuple[Event, ...] | list[Event]") -> None:
        shown = events[:_MOST_ROWS]
        had_focus = self._remove_rows({event.seq for event in shown})
        names = self._state.names if self._state else {}
        strangers = self._state.day.strangers if self._state and self._state.day else {}
        for event in shown:
            if event.seq not in self._rows:
                label = names.get(event.entry.person_id or event.entry.nearest_id or "", "")
                self._add_row(event, label)
            self._rows[event.seq].show_strangers(strangers)
        if had_focus and shown:
            self._rows[shown[0].seq].take_focus()
        waiting = self.tr("Who was it? Entries to answer: {0}.").format(len(events))
        none = self.tr("No entry waits for an answer.")
        self.waiting.setText(waiting if events else none)

    def _remove_rows(self, but_for: set[int]) -> bool:
        """Remove the rows of entries but for some; return whether the keyboard was in one of them.

        Those that stay are the same: an entry that comes closes no menu, and takes no key away.
        """
        had_focus = False
        for seq in self._rows.keys() - but_for:
            gone = self._rows.pop(seq)
            had_focus |= gone.isAncestorOf(self.focusWidget() or self)
            self.rows.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        return had_focus

    def _add_row(self, event: Event, label: str) -> None:
        added = self._rows[event.seq] = TrialRow(event, label, self._faces, self.under_way)
        added.answered.connect(partial(self._answer, event.seq))
        added.asked.connect(partial(self._ask, event.seq))
        self.rows.addWidget(added)

    def _on_event(self, event: Event) -> None:
        if event.entry.is_trial and self.isVisible():
            self.load()

    def _begin(self) -> None:
        if self.result.report is not None and not confirms(
            self,
            self.tr("Begin another trial day?"),
            self.tr("The result shown gives way to it. Save its page as PDF first, if it is still needed."),
            verb=self.tr("Begin a trial day"),
            harmless=self.tr("Keep the result"),
        ):
            return
        begin = self._work.by_actor(self._trials.begin, self.passes.value(), self._expected)
        self._work.carry_out(begin, self._on_begun)

    def _on_begun(self, _: object) -> None:
        self._bridge.begin_trial()
        self.load()

    def _choose_expected(self) -> None:
        day = self._state.day if self._state else None
        under_way = day if day is not None and day.is_under_way else None
        expected = self._expected if under_way is None else under_way.expected
        dialog = ExpectedDialog(self._state.people if self._state else (), expected, self.window())
        is_chosen = dialog.exec() == QDialog.DialogCode.Accepted
        self._expected = tuple(dialog.expected()) if is_chosen else tuple(expected)
        dialog.deleteLater()
        self._show_expected()
        if is_chosen and under_way is not None:
            self._work.carry_out(self._work.by_actor(self._trials.expect, self._expected))

    def _show_expected(self) -> None:
        chosen = self.tr("Who is to come: {0}…").format(len(self._expected))
        nobody = self.tr("Choose who is to come…")
        self.expected_button.setText(chosen if self._expected else nobody)

    def _answer(self, seq: int, person_id: str | None, stranger: int = 0) -> None:
        if seq in self._rows:
            # A second click would be about the same entry.
            self._rows[seq].setEnabled(False)
        answer = self._work.by_actor(self._trials.answer, person_id, entry=seq, stranger=stranger)
        self._work.carry_out(answer)

    def _ask(self, seq: int) -> None:
        dialog = PersonDialog(self._state.people if self._state else (), self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._answer(seq, dialog.box.person_id())
        dialog.deleteLater()

    def _say_missed(self) -> None:
        if not self.box.is_chosen():
            self._notices.warn(self.tr("Choose who passed."), self.tr("Type a part of the name."))
            return
        person_id, stranger = self.box.person_id(), self.box.stranger()
        answer = self._work.by_actor(self._trials.answer, person_id, entry=None, stranger=stranger)
        self.box.setEditText("")
        self._work.carry_out(answer)

    def _take_back(self) -> None:
        day = self._state.day if self._state else None
        if day is not None and day.said:
            last: Said = max(day.said, key=lambda said: said.seq)
            self._work.carry_out(self._work.by_actor(self._trials.take_back, last))

    def _load_list(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window(), self.tr("A list of who came when"), "", self.tr("CSV (*.csv)")
        )
        if path:
            zones = self._office.timesheets.zones()
            tick = partial(self._trials.tick, now=datetime.now(UTC))
            self._work.carry_out(partial(tick, self._access.actor, Path(path), zones.local), self._on_listed)

    def _on_listed(self, counted: tuple[int, int]) -> None:
        sentence = self.tr("Entries answered: {0}. Passes without an entry: {1}.")
        self._notices.notify(sentence.format(*counted), is_success=True)
        self.load()

    def _end(self) -> None:
        unanswered = len(self._state.open_events) if self._state else 0
        if unanswered and not confirms(
            self,
            self.tr("End the trial with entries that nobody answered?"),
            self.tr("Entries without an answer: {0}. They are left out.").format(unanswered),
            verb=self.tr("End and count"),
            harmless=self.tr("Go on"),
        ):
            return
        self._work.carry_out(self._work.by_actor(self._trials.end), self._on_ended)

    def _throw_away(self) -> None:
        if confirms(
            self,
            self.tr("Throw this trial away?"),
            self.tr("Its entries stay in the log, marked, and nothing is counted."),
            verb=self.tr("Throw away"),
            harmless=self.tr("Keep it"),
        ):
            end = self._work.by_actor(self._trials.end, is_thrown_away=True)
            self._work.carry_out(end, self._on_ended)

    def _on_ended(self, _: object) -> None:
        self._bridge.end_staged()
        self.load()

    def _save(self, path: Path) -> None:
        report = self.result.report
        if report is not None:
            record = self._work.by_actor(self._trials.record_export)
            self._work.carry_out(record, partial(self._write, report, path))

    def _write(self, report: "TrialReport", path: Path, _: object) -> None:
        write_page(self._notices, partial(write_trial, report), path)
