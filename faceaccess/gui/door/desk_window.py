"""The desk on a screen of its own: the door's questions, the latest entries, and the cameras' states."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from faceaccess.door.liveness.suspicions import Suspicions
from faceaccess.gui.door.desk_questions import DeskQuestions
from faceaccess.gui.door.recent_entries import RecentEntries
from faceaccess.gui.layout import STRETCH, column
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.camera_states import CameraStates
from faceaccess.gui.window.gate import Gate
from faceaccess.gui.window.screens import show_on_screen
from faceaccess.gui.wording import codes, turning
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.door.desk import Question
    from faceaccess.door.doors import Doors
    from faceaccess.machine import Machine
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People

_WIDTH, _HEIGHT = 900, 700
_SIDE_PX = 360


class DeskWindow(QWidget):
    """A window for the person at the desk; `closed` says that nobody is there any longer."""

    closed = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        doors: "Doors",
        journal: "Journal",
        machine: "Machine",
        bridge: LiveBridge,
    ) -> None:
        super().__init__(None)
        self.setObjectName("page")
        self.setWindowTitle(self.tr("FaceAccess – desk"))
        self._access, self._machine = access, machine
        self.notices = Notices(self)
        self.questions = DeskQuestions(access, people, doors, bridge, self.notices, self)
        self.quiet = Label(self.tr("There are no questions."), self)
        self.quiet.setProperty("role", "muted")
        self.cameras = CameraStates(bridge, self)
        self.entries = RecentEntries(journal, self)
        self._arrange()
        self.resize(_WIDTH, _HEIGHT)
        bridge.question_asked.connect(self._on_asked)
        bridge.question_closed.connect(self._on_answered)
        bridge.event_logged.connect(self._on_event)
        bridge.event_voided.connect(self._on_voided)
        bridge.often_suspected.connect(self._on_suspicions)
        bridge.failed.connect(self.notices.fail)
        self.entries.model.failed.connect(self.notices.fail)

    def open_on_screen(self) -> bool:
        """Show it on the screen named in the settings; return whether that screen is there."""
        self.gate.load()
        self.entries.load()
        is_there = show_on_screen(self, self._machine.settings.desk_screen)
        if not is_there:
            warning = self.tr("The screen {0} isn't there: the desk is on the first one.")
            self.notices.warn(warning.format(self._machine.settings.desk_screen))
        return is_there

    def _arrange(self) -> None:
        left = column(
            self.questions, self.quiet, self._card(self.tr("Cameras"), self.cameras), STRETCH, spacing=12
        )
        side = self._card("", self.entries)
        side.setFixedWidth(_SIDE_PX)
        row = QHBoxLayout()
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(side)
        inside = QWidget(self)
        stack = column(self.notices, parent=inside, spacing=0)
        stack.addLayout(row, 1)
        self.gate = Gate(self._access, self._machine, inside, parent=self)
        column(self.gate, parent=self)

    def _card(self, heading: str, widget: QWidget) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 12)
        if heading:
            label = Label(heading, card)
            label.setProperty("role", "heading")
            column.addWidget(label)
        column.addWidget(widget)
        return card

    def _on_asked(self, _: "Question") -> None:
        """Come to the front: a person waits, for half a minute."""
        self.quiet.hide()
        self.raise_()
        self.activateWindow()

    def _on_answered(self, _: int) -> None:
        self.quiet.setVisible(self.questions.isHidden())

    def _on_event(self, _: Event) -> None:
        self.entries.add_newer()

    def _on_voided(self, event: Event) -> None:
        self.notices.warn(codes.voided_at_the_door(event))
        self.entries.reload()

    def _on_suspicions(self, told: Suspicions) -> None:
        self.notices.warn(*turning.suspicions(told))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Announce that nobody answers here any longer."""
        super().closeEvent(event)
        self.closed.emit()
