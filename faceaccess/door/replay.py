"""A recording played through the door, frame by frame on its own clock."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.door.watch import Callbacks, Watch
from faceaccess.errors import FaceAccessError
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.vision.types import Frame, FrameSource

logger = logging.getLogger(__name__)

JOIN_S = 3.0


class ReplaySession:
    """A door made of one recording: every frame counts, so its result doesn't depend on the machine."""

    is_recording, counts = True, False

    def __init__(
        self, source: Callable[[], FrameSource], watch: Watch, callbacks: Callbacks, *, is_paced: bool = False
    ) -> None:
        """Take the parts.

        Args:
            source: opens the recording; raises CameraError.
            watch: judges its frames.
            callbacks: called from the session's thread.
            is_paced: play it no faster than it was recorded.
        """
        self._open, self._watch, self._callbacks, self._is_paced = source, watch, callbacks, is_paced
        self._stopping = threading.Event()
        self._newest: Frame | None = None
        self._is_said_slow = False
        self._thread = threading.Thread(target=self._inference_loop, name="inference", daemon=True)

    @property
    def cameras(self) -> tuple[CameraSettings, ...]:
        """The recording, as the one camera of its door."""
        return (self._watch.camera,)

    def start(self) -> None:
        """Begin, on a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and let go of the recording. May be called again."""
        self._stopping.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(JOIN_S)

    @property
    def is_running(self) -> bool:
        """Whether frames are still being processed."""
        return self._thread.is_alive()

    def run(self) -> None:
        """Process the recording on the calling thread, to its end.

        Raises:
            FaceAccessError: it can't be opened, or an entry can't be written.
        """
        with contextlib.closing(self._open()) as source:
            self._watch.begin(source.fps)
            try:
                for frame in self._paced(source):
                    self._newest = frame
                    self._watch.judge(frame)
                    self._tell_if_slow()
            finally:
                # Who was seen before a file breaks off was there.
                if not self._stopping.is_set():
                    self._watch.end_tracks()

    def latest_frame(self, camera_id: str = "") -> Frame | None:
        """Return the newest frame. May be called from any thread."""
        return self._newest

    def retry_now(self, camera_id: str | None = None) -> None:
        """Do nothing: a recording is never lost."""

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on. May be called from any thread."""
        self._watch.use_policy(policy)

    def _inference_loop(self) -> None:
        try:
            self._tell(CameraState.ONLINE)
            self.run()
            if self._stopping.is_set():
                return
        except FaceAccessError as exc:
            self._callbacks.on_error(exc)
        except Exception:  # the edge of the inference thread: never an entry, never silent
            logger.exception("recognition stopped")
            self._callbacks.on_error(
                FaceAccessError("Recognition stopped unexpectedly.", "Start the door again.")
            )
        self._tell(CameraState.ENDED)

    def _tell_if_slow(self) -> None:
        """Say once that the recording has too few pictures to decide on."""
        if self._watch.is_too_slow and not self._is_said_slow:
            self._is_said_slow = True
            self._tell(CameraState.ONLINE, CameraFault.TOO_SLOW)

    def _tell(self, state: CameraState, fault: CameraFault | None = None) -> None:
        self._callbacks.on_status(self._watch.camera.camera_id, CameraStatus(state, fault))

    def _paced(self, source: FrameSource) -> Iterator[Frame]:
        started_s = time.monotonic()
        while not self._stopping.is_set() and (frame := source.read()) is not None:
            if self._is_paced:
                self._stopping.wait(max(0.0, frame.time_s - (time.monotonic() - started_s)))
            yield frame
