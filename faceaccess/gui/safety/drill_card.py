"""The card of the attack drill: begun at a door, counted as things are held up, ended with its result."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from faceaccess.codes import AttackKind
from faceaccess.gui.background import run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.printing import write_drill
from faceaccess.gui.safety import drill_text
from faceaccess.gui.safety.drill_choice import DrillChoice
from faceaccess.gui.safety.drill_result import DrillResult, KindTable
from faceaccess.gui.safety.drill_state import DrillState, read_state
from faceaccess.gui.saved_files import write_page
from faceaccess.gui.wording import amounts, codes
from faceaccess.gui.work import Work
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.door.liveness.drill import Drill, DrillReport, Drills
    from faceaccess.gui.live_bridge import LiveBridge
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies


class DrillCard(QWidget):
    """Shows the drill as the journal has it: nothing is lost with the page, the door or the program.

    `came_under_way` tells that it was begun, or is when the card is first shown.
    """

    came_under_way = Signal()

    def __init__(
        self,
        drills: "Drills",
        *,
        access: "Access",
        people: "People",
        policies: "Policies",
        bridge: "LiveBridge",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._drills, self._access, self._people, self._policies = drills, access, people, policies
        self._bridge, self._notices = bridge, notices
        self._state: DrillState | None = None
        self._reads = 0
        self._build()
        self._work = Work(
            self,
            access,
            notices,
            reload=self.load,
            busy=(self.choice, self.end_button, self.unnoticed_button),
        )
        bridge.event_logged.connect(self._on_event)
        bridge.run_state_changed.connect(self._show_door)
        self.choice.chosen.connect(self._on_chosen)
        self.open_button.clicked.connect(self._open)
        self.unnoticed_button.clicked.connect(self._say_unnoticed)
        self.end_button.clicked.connect(self._end)
        self.result.save_wanted.connect(self._save)
        self._show_parts()

    def _build(self) -> None:
        explanation = wrapped(
            self.tr(
                "Hold prints, phones and screens before a door yourself and see what comes in. While the "
                "drill goes on nothing counts and no door opens: the cameras of this door run for it, those "
                "of other doors stop, and all go on afterwards as before."
            ),
            self,
            "muted",
        )
        agreed = wrapped(
            self.tr(
                "Imitate only people who have agreed. Their pictures are held up, their entries stay in the "
                "log, marked, and the page with the result names them."
            ),
            self,
        )
        self.choice = DrillChoice(self)
        self._build_under_way()
        self.result = DrillResult(self)
        column(explanation, agreed, self.under_way, self.choice, self.result, parent=self, spacing=10)

    def _build_under_way(self) -> None:
        self.under_way = QWidget(self)
        self.progress = wrapped("", self.under_way, "strong")
        self.how = wrapped(
            self.tr(
                "Hold it up until an entry comes, or for twenty seconds, then take it out of the picture: "
                "that is one presentation. Fewer than some {0} of a kind say little."
            ).format(drill_text.ENOUGH),
            self.under_way,
            "muted",
        )
        self.closed = wrapped(
            self.tr("The door isn't open for the drill: what is held up now counts as on any other day."),
            self.under_way,
            "caution",
        )
        self.open_button = QPushButton(self.tr("Open the door for the drill"), self.under_way)
        self.last = wrapped("", self.under_way)
        self.kinds = KindTable(self.under_way)
        self.unnoticed_button = QPushButton(self.tr("Held up, nothing happened"), self.under_way)
        self.end_button = QPushButton(self.tr("End and count"), self.under_way)
        self.end_button.setProperty("role", "primary")
        closed = row(self.closed, self.open_button)
        closed.setStretch(0, 1)
        column(
            self.progress,
            self.how,
            closed,
            row(self.unnoticed_button, self.end_button, STRETCH),
            self.last,
            self.kinds,
            parent=self.under_way,
            spacing=10,
        )

    def load(self) -> None:
        """Read the drill as the journal has it."""
        self._reads += 1
        read = partial(read_state, self._drills, self._people, self._policies)
        run_in_background(read, partial(self._show, self._reads), self._notices.fail, self)

    def forget(self) -> None:
        """Name nobody."""
        self._reads += 1
        self._state = None
        self.choice.forget()
        self.kinds.show_rows(())
        self.result.show_report(None)
        self._show_parts()

    def _show(self, number: int, state: DrillState) -> None:
        if number != self._reads:
            return
        before, self._state = self._state, state
        drill = state.under_way
        if drill is not None and (before is None or before.under_way is None):
            self.came_under_way.emit()
        self._show_parts()
        held = None if drill is None else (drill.kind, drill.person_id)
        self.choice.show_choice(state.doors, state.people, held)
        self.kinds.show_rows(state.rows)
        self.result.show_report(state.report)
        if drill is not None:
            self._show_progress(drill, state)

    def _show_progress(self, drill: "Drill", state: DrillState) -> None:
        kind = codes.attack(drill.kind) if drill.kind is not None else "–"
        sentence = self.tr("A drill is under way at {0}. Held up now: {1}, pictures of {2}.")
        self.progress.setText(sentence.format(drill.door, kind, state.imitated or "–"))
        self.unnoticed_button.setEnabled(drill.kind is not None)
        event = state.last
        entry = event.entry if event is not None else None
        if event is None or entry is None or entry.drill is None:
            self.last.setText(self.tr("No entry yet."))
            return
        said = codes.attack(entry.drill), codes.outcome(entry.outcome).label, codes.event_name(event)
        self.last.setText(
            self.tr("Last entry, {0}: {1}, {2}, {3}.").format(amounts.short_moment(entry.at), *said)
        )

    def _show_parts(self) -> None:
        """Show what can be done now: begin, or go on with what is under way."""
        drill = self._state.under_way if self._state else None
        self.under_way.setVisible(drill is not None)
        self.choice.setVisible(self._state is not None)
        self._show_door()

    def _show_door(self, _: object = None) -> None:
        drill = self._state.under_way if self._state else None
        run = self._bridge.run
        is_open = drill is not None and run.drill_door == drill.door and self._bridge.is_running
        self.closed.setVisible(not is_open)
        self.open_button.setVisible(not is_open)

    def _on_event(self, event: Event) -> None:
        if event.entry.drill is not None and self.isVisible():
            self.load()

    def _on_chosen(self) -> None:
        person_id, kind = self.choice.person.person_id(), self.choice.attack()
        if person_id is None:
            return
        if self._state is not None and self._state.under_way is not None:
            self._work.carry_out(self._work.by_actor(self._drills.choose, kind, person_id))
            return
        if self.result.report is not None and not confirms(
            self,
            self.tr("Begin another drill?"),
            self.tr("The result shown gives way to it. Save its page as PDF first, if it is still needed."),
            verb=self.tr("Begin the drill"),
            harmless=self.tr("Keep the result"),
        ):
            return
        begin = partial(_begin, self._drills)
        door = self.choice.door.currentText()
        self._work.carry_out(self._work.by_actor(begin, door, kind, person_id), self._on_begun)

    def _on_begun(self, drill: "Drill") -> None:
        self._bridge.begin_drill(drill.door)
        self.load()

    def _open(self) -> None:
        drill = self._state.under_way if self._state else None
        if drill is not None:
            self._bridge.begin_drill(drill.door)

    def _say_unnoticed(self) -> None:
        self._work.carry_out(self._work.by_actor(self._drills.say_unnoticed))

    def _end(self) -> None:
        self._work.carry_out(self._work.by_actor(self._drills.end), self._on_ended)

    def _on_ended(self, _: object) -> None:
        self._bridge.end_staged()
        self.load()

    def _save(self, path: Path) -> None:
        report = self.result.report
        if report is not None:
            record = self._work.by_actor(self._drills.record_export)
            self._work.carry_out(record, partial(self._write, report, path))

    def _write(self, report: "DrillReport", path: Path, _: object) -> None:
        write_page(self._notices, partial(write_drill, report), path)


def _begin(drills: "Drills", actor: Actor, door: str, kind: AttackKind, person_id: str) -> "Drill":
    """Begin a drill with what is held up first, so that no entry of it is without a kind."""
    drills.begin(actor, door)
    return drills.choose(actor, kind, person_id)
