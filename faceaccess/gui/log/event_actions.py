"""What can be done about an entry of the log: correct it openly, or take it back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from faceaccess.codes import Outcome, Right
from faceaccess.gui.layout import STRETCH, row
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.entry_dialog import EntryDialog, ReasonDialog
from faceaccess.gui.work import Work
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access


class EventActions(QWidget):
    """Two buttons; `corrected` says that the log has a correction."""

    corrected = Signal()

    def __init__(
        self, access: "Access", office: "Office", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._access, self._office = access, office
        self._work = Work(self, access, notices)
        self._event: Event | None = None
        self.correct_button = QPushButton(self.tr("Correct…"), self)
        self.void_button = QPushButton(self.tr("Take back…"), self)
        row(self.correct_button, self.void_button, STRETCH, parent=self)
        self.correct_button.clicked.connect(self._correct)
        self.void_button.clicked.connect(self._void)
        self.show_event(None)

    def show_event(self, event: Event | None) -> None:
        """Offer what can be done about an entry, if who is signed in may correct at all."""
        self._event = event
        is_named = (
            event is not None
            and event.voided_by is None
            and event.entry.outcome in (Outcome.ACCEPTED, Outcome.DENIED)
        )
        may = is_named and self._access.may(Right.CORRECT)
        self.void_button.setVisible(may)
        self.correct_button.setVisible(may)

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
        if dialog.exec() == QDialog.DialogCode.Accepted:
            replace = self._work.by_actor(
                self._office.corrections.replace,
                event.seq,
                at=dialog.moment(),
                direction=dialog.direction(),
                why=dialog.why(),
                now=datetime.now(UTC),
            )
            self._run(replace, self.tr("The entry is corrected."))
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

    def _run(self, job: Callable[[], object], said: str) -> None:
        self._work.carry_out(job, self._on_done, said=said)

    def _on_done(self, _: object) -> None:
        self.corrected.emit()
