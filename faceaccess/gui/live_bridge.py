"""The live session as the window sees it: callbacks of its thread become signals of Qt's."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from faceaccess.codes import CameraState, Direction, Outcome, Passage
from faceaccess.door.supervision import CameraStatus
from faceaccess.door.watch import Callbacks
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.log import Step
from faceaccess.settings import DoorSettings
from faceaccess.store.journal.types import Event, EventFilter, EventSort

if TYPE_CHECKING:
    from faceaccess.door.assembly import Session
    from faceaccess.recognition.types import FrameResult
    from faceaccess.settings import CameraSettings
    from faceaccess.vision.types import Frame
    from faceaccess.workspace import Workspace

logger = logging.getLogger(__name__)

_RECENT = 500


class RunState(Enum):
    """The state of the door."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Run:
    """What a door is opened for.

    Attributes:
        source: see `Doors.open`.
        is_trial: for a trial day.
        drill_door: the door that an attack drill is at; "" for none.
    """

    source: str | None = None
    is_trial: bool = False
    drill_door: str = ""

    @property
    def is_staged(self) -> bool:
        """Whether it is a trial or a drill: entries don't count, and it lets nobody in."""
        return self.is_trial or bool(self.drill_door)


class LiveBridge(QObject):
    """Starts and stops the live session and tells the window what it reports.

    Results are coalesced: a window that is busy for a moment gets each camera's newest one
    only, so they never pile up. Events are never dropped. Results, states and turns come with the
    id of their camera; `cameras_opened` with all cameras comes before any of them. `making_ready` comes with
    the number of people whose photos are embedded anew for the model in use; `device_given_up` with the
    reason why networks run on the CPU from now on.
    """

    cameras_opened = Signal(object)
    result_ready = Signal(str, object)
    event_logged = Signal(object)
    event_voided = Signal(object)
    failed = Signal(object)
    camera_changed = Signal(str, object)
    camera_drifted = Signal(str, object)
    question_asked = Signal(object)
    question_closed = Signal(int)
    opening_failed = Signal(object)
    turn_asked = Signal(str, object)
    often_suspected = Signal(object)
    making_ready = Signal(int)
    device_given_up = Signal(object)
    run_state_changed = Signal(object)

    _result_waiting = Signal()

    def __init__(self, workspace: "Workspace", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        workspace.models.recognisers.on_making_ready = self.making_ready.emit
        workspace.models.recognisers.on_device_given_up = self.device_given_up.emit
        self._lock = threading.Lock()
        self._session: Session | None = None
        self._results: dict[str, FrameResult] = {}
        self._is_closed = False
        self.run = Run()
        # What follows when it has stopped, and what was open before a trial or drill; None: nothing.
        self._next: Run | None = None
        self._before: Run | None = None
        self.run_state = RunState.STOPPED
        # Whether anybody is shown questions; otherwise none are asked. Counts from the next start.
        self.has_desk = True
        self.cameras: tuple[CameraSettings, ...] = ()
        self.statuses: dict[str, CameraStatus] = {}
        self.counts, self.is_recording = True, False
        self._entered: dict[tuple[str, Direction], Event] = {}
        self._cool_down = timedelta()
        self.event_logged.connect(self._keep_entered)
        self.event_voided.connect(self._forget_entered)
        self.cameras_opened.connect(self._keep_cameras)
        self._result_waiting.connect(self._pass_result_on, Qt.ConnectionType.QueuedConnection)
        self.camera_changed.connect(self._on_camera_changed)

    def start(self, source: str | None = None) -> None:
        """Open the door on `source` (None: the one in the settings); restarts a running one."""
        self._start(Run(source))

    def _start(self, run: Run) -> None:
        if self.run_state is not RunState.STOPPED:
            self._next = run
            self.stop()
            return
        self._next, self.run = None, run
        self._set_run_state(RunState.STARTING)
        logger.info("%s", Step.OPENING)
        run_in_background(
            partial(self._open, run), self._on_opened, self._on_open_failed, self, lane=Lane.DOOR
        )

    @property
    def is_running(self) -> bool:
        """Whether the door is open, or about to be."""
        return self.run_state in (RunState.STARTING, RunState.RUNNING)

    def restart(self) -> None:
        """Open a running door anew, because its settings have changed."""
        if self.is_running:
            self._start(self.run)

    def begin_trial(self) -> None:
        """Open the door for a trial day: on the cameras it runs on, or on all that are set up."""
        before = self._remember()
        self._start(Run(before.source if before else None, is_trial=True))

    def begin_drill(self, door: str) -> None:
        """Open a door for an attack drill, on its cameras; others are closed meanwhile."""
        self._remember()
        self._start(Run(drill_door=door))

    def _remember(self) -> Run | None:
        """Return what runs on cameras now, which comes back after a trial or drill; None for nothing."""
        if not self.run.is_staged or not self.is_running:
            is_on_cameras = self.is_running and not self.is_recording
            self._before = self.run if is_on_cameras else None
        return self._before

    def end_staged(self) -> None:
        """Let a door that runs for a trial day or a drill do as before it."""
        if not self.run.is_staged or not self.is_running:
            return
        if self._before is None:
            self.stop()
        else:
            self._start(self._before)

    def stop(self) -> None:
        """Close the door without holding up the window."""
        if self.run_state in (RunState.STOPPED, RunState.STOPPING):
            return
        self._set_run_state(RunState.STOPPING)
        run_in_background(self._end_session, self._on_stopped, self._on_stop_failed, self, lane=Lane.DOOR)

    def close(self) -> None:
        """Stop for good and wait for it; called once, when the window closes."""
        with self._lock:
            self._is_closed = True
        self._end_session()
        self._set_run_state(RunState.STOPPED)

    def latest_frame(self, camera_id: str = "") -> "Frame | None":
        """Return a camera's newest frame ("": the first one's), or None when there is none yet."""
        session = self._session
        return session.latest_frame(camera_id) if session is not None else None

    def entry_in_cool_down(self, camera_id: str, person_id: str, *, at: datetime) -> "Event | None":
        """Return the entry for which a person makes no other one at a camera; None when there is none.

        Args:
            camera_id: the camera's.
            person_id: the person's.
            at: UTC of the picture: a recording's lie back.
        """
        camera = next((camera for camera in self.cameras if camera.camera_id == camera_id), None)
        if camera is None:
            return None
        by_turns = camera.passage is Passage.BY_TURNS
        ways = tuple(Direction) if by_turns else (Direction(camera.passage),)
        since = at - self._cool_down
        events = [event for way in ways if (event := self._entered.get((person_id, way)))]
        return max((event for event in events if event.entry.at >= since), key=_moment, default=None)

    def retry_now(self, camera_id: str | None = None) -> None:
        """Try a lost camera, or all that are lost, again without waiting."""
        session = self._session
        if session is not None:
            session.retry_now(camera_id)

    def _open(self, run: Run) -> None:
        self._workspace.reception.load_models()
        session = self._workspace.doors.open(
            self._workspace.access.actor,
            Callbacks(
                on_result=self._on_result,
                on_event=self.event_logged.emit,
                on_error=self.failed.emit,
                on_status=self.camera_changed.emit,
                on_drift=self.camera_drifted.emit,
                on_question=self.question_asked.emit if self.has_desk else None,
                on_answered=self.question_closed.emit,
                on_not_opened=self.opening_failed.emit,
                on_turn=self.turn_asked.emit,
                on_suspicions=self.often_suspected.emit,
            ),
            run.source,
            is_trial=run.is_trial,
            is_drill=bool(run.drill_door),
            door=run.drill_door or None,
        )
        cool_down_s = 0.0 if run.is_staged else self._workspace.policies.read(DoorSettings).cool_down_s
        self._cool_down = timedelta(seconds=cool_down_s)
        since = datetime.now(UTC) - self._cool_down
        recent = EventFilter(outcomes=(Outcome.ACCEPTED,), since=since)
        newest_first = self._workspace.journal.events.page(recent, EventSort(), limit=_RECENT)
        self._entered = {_whose(event): event for event in reversed(newest_first)}
        # A recording shows it by its name.
        self.counts = session.counts or session.is_recording or run.is_staged
        self.is_recording = session.is_recording
        self.cameras_opened.emit(session.cameras)
        session.start()
        with self._lock:
            if not self._is_closed:
                self._session = session
                return
        session.stop()

    def _end_session(self) -> None:
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.stop()

    def _on_opened(self, _: object) -> None:
        if self.run_state is RunState.STARTING:
            self._set_run_state(RunState.RUNNING)

    def _on_stopped(self, _: object) -> None:
        self._set_run_state(RunState.STOPPED)
        if self._next is not None:
            self._start(self._next)

    def _on_open_failed(self, error: FaceAccessError) -> None:
        self.failed.emit(error)
        if self.run_state is RunState.STARTING:
            self._set_run_state(RunState.STOPPED)

    def _on_stop_failed(self, error: FaceAccessError) -> None:
        self.failed.emit(error)
        self._on_stopped(None)

    def _keep_entered(self, event: "Event") -> None:
        if event.entry.outcome is Outcome.ACCEPTED:
            self._entered[_whose(event)] = event

    def _forget_entered(self, event: "Event") -> None:
        self._entered.pop(_whose(event), None)

    def _keep_cameras(self, cameras: "tuple[CameraSettings, ...]") -> None:
        self.cameras, self.statuses = cameras, {}

    def _on_camera_changed(self, camera_id: str, status: CameraStatus) -> None:
        self.statuses[camera_id] = status
        if status.state is CameraState.ENDED:
            self.stop()

    def _on_result(self, camera_id: str, result: "FrameResult") -> None:
        """Keep the newest result. Called from the inference thread."""
        with self._lock:
            is_first = not self._results
            self._results[camera_id] = result
        if is_first:
            self._result_waiting.emit()

    def _pass_result_on(self) -> None:
        with self._lock:
            results, self._results = self._results, {}
        for camera_id, result in results.items():
            self.result_ready.emit(camera_id, result)

    def _set_run_state(self, state: RunState) -> None:
        if state is not self.run_state:
            self.run_state = state
            if state is RunState.STOPPED:
                self.statuses = {}
            self.run_state_changed.emit(state)


def _whose(event: Event) -> tuple[str, Direction]:
    return event.entry.person_id or "", event.entry.direction


def _moment(event: Event) -> datetime:
    return event.entry.at
