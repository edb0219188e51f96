"""The button “Not me”, for a person who was greeted as somebody else."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import Method, Outcome
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.outcome_banner import is_of, others_there
from faceaccess.gui.wording import codes
from faceaccess.recognition.types import FrameResult
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access

_OFFERED_MS = 5000
_MOST = 2
_TEXT_PX = 210
"""Beside the greeting, which needs its room."""


class NotMe(QWidget):
    """A button for each of the last two people greeted, while nobody else is there; hidden without.

    `voided` carries the entry that was voided, `failed` why it couldn't be.
    """

    voided = Signal(object)
    failed = Signal(object)

    def __init__(self, access: "Access", doors: "Doors", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access, self._doors = access, doors
        self.buttons: dict[int, QPushButton] = {}
        self._events: dict[int, Event] = {}
        self._timers: dict[int, QTimer] = {}
        self.offered_ms = _OFFERED_MS
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def offer(self, event: Event) -> None:
        """Offer to void an entry, where a face was recognised."""
        if event.entry.outcome is not Outcome.ACCEPTED or event.entry.method is not Method.FACE:
            return
        for seq in list(self.buttons)[: 1 - _MOST] if len(self.buttons) >= _MOST else ():
            self._drop(seq)
        button = QPushButton(self)
        button.setObjectName("kioskButton")
        button.setAccessibleName(self.tr("Not me: {0}").format(codes.event_name(event)))
        button.clicked.connect(partial(self._void, event))
        timer = QTimer(button)
        timer.setSingleShot(True)
        timer.timeout.connect(partial(self._drop, event.seq))
        timer.start(self.offered_ms)
        self.buttons[event.seq] = button
        self._events[event.seq], self._timers[event.seq] = event, timer
        self._column.addWidget(button, 1)
        button.setProperty("name", codes.event_name(event))
        self._name()

    def follow(self, result: FrameResult) -> None:
        """Offer nothing while somebody else is there, who could take back an entry that isn't theirs."""
        events = list(self._events.values())
        if others_there(events, result):
            self.clear()
            return
        for event in events:
            if any(is_of(event, face) for face in result.faces):
                self._timers[event.seq].start(self.offered_ms)

    def clear(self) -> None:
        """Offer nothing any longer."""
        for seq in list(self.buttons):
            self._drop(seq)

    def _name(self) -> None:
        """Put the names on the buttons where there are two; each person knows the name that was greeted."""
        for button in self.buttons.values():
            name = button.property("name")
            is_alone = len(self.buttons) == 1
            text = self.tr("Not me") if is_alone else self.tr("Not {0}").format(shown(name))
            button.ensurePolished()
            elided = button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _TEXT_PX)
            button.setText(elided)
        self.setVisible(bool(self.buttons))

    def _drop(self, seq: int) -> None:
        button = self.buttons.pop(seq, None)
        self._events.pop(seq, None)
        self._timers.pop(seq, None)
        if button is not None:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
            self._name()

    def _void(self, event: Event, _: bool = False) -> None:
        self.buttons[event.seq].setEnabled(False)
        job = partial(self._doors.void_entry, self._access.actor, event)
        failed = partial(self._on_failed, event)
        run_in_background(job, partial(self._on_voided, event), failed, self, lane=Lane.DOOR)

    def _on_voided(self, event: Event, _: object) -> None:
        self._drop(event.seq)
        self.voided.emit(event)

    def _on_failed(self, event: Event, error: FaceAccessError) -> None:
        if event.seq in self.buttons:
            self.buttons[event.seq].setEnabled(True)
        self.failed.emit(error)
