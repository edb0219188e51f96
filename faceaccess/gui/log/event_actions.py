"""The actions on an entry of the log: correct it openly, or void it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from faceaccess.codes import Method, Outcome, Right
from faceaccess.gui import icons
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.log.this_is_dialog import ThisIsDialog
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.entry_dialog import EntryDialog, ReasonDialog
from faceaccess.gui.widgets.flow_layout import FlowLayout
from faceaccess.gui.work import Work
from faceaccess.store.journal.types import Event
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People


_OF_NOBODY = frozenset({Outcome.UNKNOWN, Outcome.AMBIGUOUS, Outcome.LOW_QUALITY})
_UNSURE = _OF_NOBODY | {Outcome.SUSPECTED}
"""Whom these show, somebody may say; only the face of nobody is enrolled: another may be a photo."""


class EventActions(QWidget):
    """What can be done about an entry that names somebody, and about one of an unknown face.

    `corrected` carries the entry in which a correction is to be seen: the one in its place, or else itself;
    `enrol_wanted` carries the entry of a face to enrol.
    """

    corrected = Signal(object)
    enrol_wanted = Signal(object)

    def __init__(
        self,
        access: "Access",
        people: "People",
        office: "Office",
        journal: "Journal",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._people = access, people
        self._office, self._journal = office, journal
        self._work, self._notices = Work(self, access, notices), notices
        self._event: Event | None = None
        self.correct_button = QPushButton(self.tr("Correct…"), self)
        self.void_button = QPushButton(self.tr("Take back…"), self)
        self.this_is_button = QPushButton(self.tr("This is…"), self)
        self.enrol_button = QPushButton(self.tr("Enrol…"), self)
        icons.set_icon(self.enrol_button, "enrol", 16)
        self.this_is_button.setToolTip(self.tr("Enter the person whom this face shows"))
        self.enrol_button.setToolTip(self.tr("Enrol this face, with the picture of the entry as first photo"))
        said = self.tr("An entry of a recording or a trial counts for nobody, so nobody is named in it.")
        self.no_naming = wrapped(said, self, "muted")
        buttons = QWidget(self)
        flow = FlowLayout(buttons)
        for button in (self.correct_button, self.void_button, self.this_is_button, self.enrol_button):
            flow.addWidget(button)
        column(buttons, self.no_naming, parent=self, spacing=6)
        self.this_is_button.clicked.connect(self._identify)
        self.enrol_button.clicked.connect(self._enrol)
        self.correct_button.clicked.connect(self._correct)
        self.void_button.clicked.connect(self._void)
        self.show_event(None)

    def show_event(self, event: Event | None) -> None:
        """Offer the actions on an entry, if the operator may correct at all."""
        self._event = event
        is_named = (
            event is not None
            and event.voided_by is None
            and event.entry.outcome in (Outcome.ACCEPTED, Outcome.DENIED)
        )
        may = is_named and self._access.may(Right.CORRECT)
        self.void_button.setVisible(may)
        self.correct_button.setVisible(may)
        is_unknown = event is not None and event.voided_by is None and event.entry.outcome in _OF_NOBODY
        counts = event is not None and not event.entry.is_recording
        is_unsure = event is not None and event.voided_by is None and event.entry.outcome in _UNSURE
        may_name = is_unsure and self._access.may(Right.CORRECT)
        is_face = may and event is not None and event.entry.method is Method.FACE
        is_wrong = is_face and event is not None and event.entry.outcome is Outcome.ACCEPTED
        self.this_is_button.setText(self.tr("Somebody else…") if is_wrong else self.tr("This is…"))
        self.this_is_button.setVisible((may_name and counts) or (is_wrong and counts))
        self.no_naming.setVisible(may_name and not counts)
        self.enrol_button.setVisible(is_unknown and self._access.may(Right.ENROL))

    def forbid_naming(self) -> None:
        """Offer to name somebody no longer: it was done."""
        self.this_is_button.hide()
        self.enrol_button.hide()

    def _identify(self) -> None:
        event = self._event
        if event is None:
            return
        dialog = ThisIsDialog(self._people, self._journal, event, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._enter(event, dialog.person(), dialog.why())
        dialog.deleteLater()

    def _enter(self, event: Event, person: Person | None, why: str) -> None:
        """Enter the person whom an entry shows; None takes back the entry of somebody who isn't enrolled."""
        now, corrections = datetime.now(UTC), self._office.corrections
        if person is None:
            void = self._work.by_actor(corrections.void, event.seq, why=why)
            self._run(void, self.tr("The entry is taken back."))
            return
        said = self.tr("{0} is entered.").format(person.name)
        seq, whose = event.seq, person.person_id
        if event.entry.outcome is Outcome.ACCEPTED:
            job = self._work.by_actor(corrections.replace, seq, why=why, now=now, person_id=whose)
            self._run(job, said)
        else:
            # The refused entry stays as it is, and says from now on whom it shows.
            job = self._work.by_actor(corrections.identify, seq, whose, why=why, now=now)
            self._work.carry_out(job, partial(self._on_identified, event), said=said)

    def _enrol(self) -> None:
        self.enrol_wanted.emit(self._event)

    def _correct(self) -> None:
        event, window = self._event, self.window()
        if event is None:
            return
        zones = self._office.timesheets.zones()
        dialog = EntryDialog(
            self.tr("Correct entry #{0}").format(event.seq),
            self.tr("The old entry stays in the log, struck through; the new one names it."),
            at=zones.local(event.entry.at),
            direction=event.entry.direction,
            zones=zones,
            parent=window,
        )
        dialog.save_by(
            lambda: self._work.by_actor(
                self._office.corrections.replace,
                event.seq,
                at=dialog.moment(),
                direction=dialog.direction(),
                why=dialog.why(),
                now=datetime.now(UTC),
            )
        )
        person_id = event.entry.person_id
        if person_id is not None:
            dialog.doubt_by(
                lambda: partial(
                    self._office.doubts.about_entry,
                    person_id,
                    dialog.moment(),
                    dialog.direction(),
                    now=datetime.now(UTC),
                    instead_of=event.seq,
                )
            )
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._notices.notify(self.tr("The entry is corrected."), is_success=True)
            self.corrected.emit(dialog.saved)
        dialog.deleteLater()

    def _void(self) -> None:
        event = self._event
        if event is None:
            return
        dialog = ReasonDialog(
            self.tr("Take back entry #{0}").format(event.seq),
            self.tr("The entry stays in the log, struck through, and counts no longer."),
            self.window(),
        )
        if dialog.exec() == QDialog.DialogCode.Accepted:
            void = self._work.by_actor(self._office.corrections.void, event.seq, why=dialog.why())
            self._run(void, self.tr("The entry is taken back."))
        dialog.deleteLater()

    def _run(self, job: Callable[[], Event], said: str) -> None:
        self._work.carry_out(job, self.corrected.emit, said=said)

    def _on_identified(self, refused: Event, _: Event) -> None:
        self.corrected.emit(refused)
