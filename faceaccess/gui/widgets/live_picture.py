"""The door's live picture, with the faces of the newest result marked on it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Outcome
from faceaccess.door.liveness.turning import TurnPrompt
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.plain import shown
from faceaccess.gui.turning.people import TurningPeople
from faceaccess.gui.widgets.frame_view import FaceMark, FrameView
from faceaccess.gui.wording import amounts, codes
from faceaccess.recognition.types import FrameResult, TrackedFace
from faceaccess.store.journal.types import Event

if TYPE_CHECKING:
    from faceaccess.vision.types import Frame

_FRAME_MS = 33
_RESULT_HELD_MS = 1000
_REFUSED = frozenset({Outcome.UNKNOWN, Outcome.AMBIGUOUS})


class LivePicture(FrameView):
    """Pulls frames 30 times a second while it is seen and the door runs."""

    def __init__(self, bridge: LiveBridge, camera_id: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._camera_id = bridge, camera_id
        self._names: dict[str, str] = {}
        self._hides_strangers = False
        self._shows_numbers = True
        self._frame: Frame | None = None
        self._turning = TurningPeople()
        self._result_age = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.pull_frame)
        bridge.run_state_changed.connect(self._on_run_state_changed)
        bridge.event_logged.connect(self._on_event)

    def set_camera(self, camera_id: str) -> None:
        """Show another camera from now on."""
        if camera_id != self._camera_id:
            self._camera_id, self._frame = camera_id, None

    def set_names(self, names: dict[str, str]) -> None:
        """Take the names of the people enrolled, by their ids."""
        self._names = names

    def set_showing_numbers(self, shows: bool) -> None:
        """Show distances with the names, or leave them out."""
        self._shows_numbers = shows

    def set_hiding_strangers(self, hides: bool) -> None:
        """Make faces that aren't recognised unrecognisable on the screen, as soon as they are found."""
        self._hides_strangers = hides

    def show_prompt(self, prompt: TurnPrompt) -> None:
        """Mark the face that is asked to turn as undecided, until it is over."""
        self._turning.ask(prompt)

    def show_result(self, result: FrameResult) -> None:
        """Mark the faces of a result."""
        self._result_age.restart()
        self._turning.follow(result)
        self.show_marks(
            tuple(self._mark(face, is_settled=face.track_id in result.settled) for face in result.faces)
        )

    def pull_frame(self) -> None:
        """Show the newest frame; forget marks that are too old to be true."""
        frame = self._bridge.latest_frame(self._camera_id)
        if frame is not None and frame is not self._frame:
            self._frame = frame
            self.show_picture(frame.image)
        if self._result_age.isValid() and self._result_age.hasExpired(_RESULT_HELD_MS):
            self.show_marks(())

    def showEvent(self, event: QShowEvent) -> None:
        """Pull frames while the picture is seen."""
        super().showEvent(event)
        self._run_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        """Pull no frames while it is not."""
        super().hideEvent(event)
        self._timer.stop()

    def _on_event(self, event: Event) -> None:
        self._turning.note(event)

    def _on_run_state_changed(self, state: RunState) -> None:
        if state is RunState.STARTING:
            self._frame = None
        elif state is not RunState.RUNNING:
            # Nobody is left standing at a door that is closed.
            self._frame = None
            self.show_message(self.tr("The door is closed"))
        self._run_timer()

    def _run_timer(self) -> None:
        if self.isVisible() and self._bridge.run_state is RunState.RUNNING:
            self._timer.start()
        else:
            self._timer.stop()

    def _mark(self, face: TrackedFace, *, is_settled: bool) -> FaceMark:
        decision = face.decision
        outcome: Outcome | None = decision.outcome
        x1, y1, x2, y2 = (float(value) for value in face.detection.box)
        detail = ""
        if decision.distance is not None and self._shows_numbers:
            detail = self.tr("distance {0}, limit {1}").format(
                amounts.distance(decision.distance), amounts.distance(decision.threshold)
            )
        name = codes.decision_name(decision, self._names)
        is_known = decision.outcome in (Outcome.ACCEPTED, Outcome.DENIED)
        if self._turning.is_suspected(face):
            outcome, is_known = Outcome.SUSPECTED, False
            name = codes.outcome(outcome).label
        elif self._turning.is_asked(face):
            outcome, is_known, detail = None, True, ""
            name = self.tr("{0}?").format(self._names.get(self._turning.person_of(face) or "", ""))
        elif outcome in _REFUSED and not is_settled:
            # The next frames may still recognise the face: the banner says nothing yet either.
            outcome, name = None, self.tr("Not recognised yet")
        return FaceMark(
            (x1, y1, x2, y2), outcome, shown(name), detail, self._hides_strangers and not is_known
        )
