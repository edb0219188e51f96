"""The live session as the window sees it: callbacks of its thread become signals of Qt's."""

import logging
import threading
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background

if TYPE_CHECKING:
    from faceaccess.door.live import LiveSession
    from faceaccess.recognition.types import FrameResult
    from faceaccess.vision.types import Frame
    from faceaccess.workspace import Workspace

logger = logging.getLogger(__name__)


class RunState(Enum):
    """What the door is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class LiveBridge(QObject):
    """Starts and stops the live session and tells the window what it reports.

    Results are coalesced: a window that is busy for a moment gets the newest one only, so
    they never pile up. Events are never dropped.
    """

    result_ready = Signal(object)
    event_logged = Signal(object)
    failed = Signal(object)
    camera_changed = Signal(object)
    run_state_changed = Signal(object)

    _result_waiting = Signal()

    def __init__(self, workspace: "Workspace", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._lock = threading.Lock()
        self._session: LiveSession | None = None
        self._result: FrameResult | None = None
        self._is_closed = False
        self._next_source: str | None = None
        self._restarts = False
        self.run_state = RunState.STOPPED
        self._result_waiting.connect(self._pass_result_on, Qt.ConnectionType.QueuedConnection)
        self.camera_changed.connect(self._on_camera_changed)

    def start(self, source: str | None = None) -> None:
        """Open the door on `source` (None: the one in the settings); restarts a running one."""
        if self.run_state is not RunState.STOPPED:
            self._next_source, self._restarts = source, True
            self.stop()
            return
        self._restarts = False
        self._set_run_state(RunState.STARTING)
        run_in_background(
            partial(self._open, source), self._on_opened, self._on_open_failed, self, lane=Lane.DOOR
        )

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

    def latest_frame(self) -> "Frame | None":
        """Return the newest frame, or None when there is none yet."""
        session = self._session
        return session.latest_frame() if session is not None else None

    def retry_now(self) -> None:
        """Try a lost camera again without waiting."""
        session = self._session
        if session is not None:
            session.retry_now()

    def _open(self, source: str | None) -> None:
        self._workspace.load_models()
        session = self._workspace.open_door(
            self._on_result, self.event_logged.emit, self.failed.emit, self.camera_changed.emit, source=source
        )
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
        if self._restarts:
            self.start(self._next_source)

    def _on_open_failed(self, error: FaceAccessError) -> None:
        self.failed.emit(error)
        if self.run_state is RunState.STARTING:
            self._set_run_state(RunState.STOPPED)

    def _on_stop_failed(self, error: FaceAccessError) -> None:
        self.failed.emit(error)
        self._on_stopped(None)

    def _on_camera_changed(self, status: CameraStatus) -> None:
        if status.state is CameraState.ENDED:
            self.stop()

    def _on_result(self, result: "FrameResult") -> None:
        """Keep the newest result. Called from the inference thread."""
        with self._lock:
            is_first, self._result = self._result is None, result
        if is_first:
            self._result_waiting.emit()

    def _pass_result_on(self) -> None:
        with self._lock:
            result, self._result = self._result, None
        if result is not None:
            self.result_ready.emit(result)

    def _set_run_state(self, state: RunState) -> None:
        if state is not self.run_state:
            self.run_state = state
            self.run_state_changed.emit(state)
