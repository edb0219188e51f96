"""A live camera that is watched over: started, killed and started again, with its newest frame."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace

from faceaccess.codes import CameraFault
from faceaccess.door.supervision import Action, CameraStatus, Supervision, SupervisionPolicy
from faceaccess.errors import CameraError, CameraRedirectError
from faceaccess.steady import steady_s
from faceaccess.vision.picture import Glance, glance
from faceaccess.vision.sources.capture import Capture
from faceaccess.vision.types import Frame

logger = logging.getLogger(__name__)

TURN_S = 0.1
"""How often a camera that gives nothing is looked after."""

ASLEEP_S = 5.0
"""Turns farther apart than this on the steady clock: the machine was suspended, or all but stood still."""

JOIN_S = 3.0

PRINTS = 20_000
"""So many of the last pictures are told again when they come back: those of ten minutes and more."""


class LatestFrames:
    """Holds the newest frame of each camera: a slow reader misses frames, and never gets old ones.

    The camera that was served longest ago is served first, so each gets its share.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frames: dict[str, Frame] = {}
        self._served: dict[str, None] = {}
        self._is_woken = False

    def put(self, camera_id: str, frame: Frame) -> None:
        """Replace whatever there is of this camera. May be called from any thread."""
        with self._changed:
            self._frames[camera_id] = frame
            self._served.setdefault(camera_id)
            self._changed.notify_all()

    def take(self, timeout_s: float, most: int = 1) -> list[tuple[str, Frame]]:
        """Return cameras, each with its newest frame, once, waiting for one; none when none comes in time.

        Args:
            timeout_s: how long to wait.
            most: how many cameras at most.
        """
        with self._changed:
            if not self._frames and not self._is_woken:
                self._changed.wait(timeout_s)
            self._is_woken = False
            served = [camera_id for camera_id in self._served if camera_id in self._frames][:most]
            for camera_id in served:
                # A dict keeps its order: these cameras stand last from now on.
                del self._served[camera_id]
                self._served[camera_id] = None
            return [(camera_id, self._frames.pop(camera_id)) for camera_id in served]

    def wake(self) -> None:
        """Let whoever waits go on without a frame. May be called from any thread."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()


class CameraFeed:
    """Looks after a live camera on a thread of its own."""

    def __init__(
        self,
        open_capture: Callable[[], Capture],
        *,
        on_frame: Callable[[Frame], None] = lambda _: None,
        on_status: Callable[[CameraStatus], None] = lambda _: None,
        on_error: Callable[[CameraError], None] = lambda _: None,
        policy: SupervisionPolicy | None = None,
        clock: Callable[[], float] = steady_s,
    ) -> None:
        """Take what opens the camera.

        Args:
            open_capture: starts reading; raises CameraError.
            on_frame: called from the camera's thread with each frame that may be decided on: no
                picture twice in a row.
            on_status: called from the camera's thread with each change; `retry_at_s` is on the
                steady clock.
            on_error: called from the camera's thread with each loss.
            policy: how patient to be; for tests.
            clock: for tests.
        """
        self._open, self._on_frame, self._clock = open_capture, on_frame, clock
        self._on_status, self._on_error = on_status, on_error
        self._supervision = Supervision(
            policy or SupervisionPolicy(),
            jitter=lambda: random.uniform(0.9, 1.1),  # noqa: S311 - not for secrets
        )
        self._status: CameraStatus | None = None
        self._capture: Capture | None = None
        self._newest: Frame | None = None
        self._print: int | None = None
        self._prints: dict[int, None] = {}
        self._turned_s = clock()
        self._stopping, self._retry = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._camera_loop, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def begin_stop(self) -> None:
        """Tell the camera's thread to end, without waiting for it."""
        self._stopping.set()
        self._retry.set()

    def stop(self) -> None:
        """Stop and let go of the camera, whatever it is doing. May be called again."""
        self.begin_stop()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(JOIN_S)

    def retry_now(self) -> None:
        """Try a lost camera again without waiting. May be called from any thread."""
        self._retry.set()

    def latest_frame(self) -> Frame | None:
        """Return the newest frame, or None while there is none that is true now."""
        return self._newest

    def _camera_loop(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self._turn()
                except CameraError as exc:
                    self._lose(exc)
                except Exception:  # the edge of the camera's thread: whatever it was, try again
                    logger.exception("reading the camera failed")
                    self._lose(CameraError("The camera failed unexpectedly.", "The log file says more."))
                try:
                    self._tell()
                except Exception:  # whoever is told fails: the camera goes on, or it would be silently gone
                    logger.exception("telling of the camera failed")
        finally:
            self._close()

    def _turn(self) -> None:
        """Do what is due, then wait a moment for a frame or for the next thing that is due."""
        slept_s, self._turned_s = self._clock() - self._turned_s, self._clock()
        if slept_s > ASLEEP_S:
            self._supervision.wake()
        if self._retry.is_set():
            self._retry.clear()
            self._supervision.retry(self._clock())
        action = self._supervision.poll(self._clock())
        if action is Action.START:
            self._supervision.started(self._clock())
            self._capture = self._open()
        elif action is Action.KILL:
            self._close()
            self._supervision.ended(self._clock())
        if self._capture is None:
            self._retry.wait(TURN_S)
            return
        frame = self._capture.receive(TURN_S)
        if frame is not None:
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        """Show a frame, and let it be decided on where it isn't the last one once more.

        A camera or encoder that repeats a picture would let one picture agree with itself. A picture that
        comes back after others is of a recording: somebody plays it in the camera's place.
        """
        seen = glance(frame.image)
        is_repeated, self._print = seen.print == self._print, seen.print
        if not is_repeated and self._has_seen(seen):
            frame = replace(frame, is_replayed=True)
        self._supervision.frame(seen, self._clock())
        if self._supervision.is_showing:
            self._newest = frame
            if not is_repeated:
                self._on_frame(frame)

    def _has_seen(self, seen: Glance) -> bool:
        """Tell whether a picture came before; black and white ones are all alike."""
        if seen.is_black or seen.is_overexposed:
            return False
        if seen.print in self._prints:
            return True
        self._prints[seen.print] = None
        if len(self._prints) > PRINTS:
            # A dict keeps its order: the oldest is the first.
            del self._prints[next(iter(self._prints))]
        return False

    def _lose(self, error: CameraError) -> None:
        is_news = self._supervision.is_showing or self._status is None or self._status.fault is None
        self._close()
        is_redirected = isinstance(error, CameraRedirectError)
        fault = CameraFault.REDIRECTED if is_redirected else CameraFault.UNREACHABLE
        self._supervision.ended(self._clock(), fault)
        if is_news and not self._stopping.is_set():
            self._on_error(error)

    def _close(self) -> None:
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.close()

    def _tell(self) -> None:
        if not self._supervision.is_showing:
            self._newest = None
        status = self._supervision.status(self._clock())
        if status != self._status and not self._stopping.is_set():
            self._status = status
            self._on_status(status)
