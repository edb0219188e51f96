"""The live session: frames in, entries out, while the window only looks on."""

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from faceaccess.door.checkin import CheckIn, CheckInPolicy
from faceaccess.door.entries import EntryLog
from faceaccess.errors import CameraError, FaceAccessError
from faceaccess.recognition.pipeline import Pipeline
from faceaccess.recognition.types import FrameResult, MatchPolicy
from faceaccess.store.types import Event
from faceaccess.vision.camera import FrameSource
from faceaccess.vision.types import Frame

logger = logging.getLogger(__name__)

RETRY_S = (1.0, 5.0, 10.0, 60.0)
"""Waits before a lost camera is opened again; the last one for ever after."""

JOIN_S = 3.0
STALE_S = 2.0
"""A live frame older than this is never decided on."""


class CameraState(StrEnum):
    """What a camera is doing."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    ENDED = "ended"


class LatestSlot:
    """Holds the newest frame only: a reader that is slow misses frames, and never waits for old ones."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._is_closed = False

    def put(self, frame: Frame) -> None:
        """Replace whatever is in the slot."""
        with self._changed:
            self._frame = frame
            self._changed.notify_all()

    def take(self, timeout_s: float) -> Frame | None:
        """Return the newest frame once, waiting for it; None when there is none in time."""
        with self._changed:
            if self._frame is None and not self._is_closed:
                self._changed.wait(timeout_s)
            frame, self._frame = self._frame, None
            return frame

    def close(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


@dataclass(frozen=True)
class Callbacks:
    """What a session reports, all on its own threads: hand it on, don't work in it."""

    on_result: Callable[[FrameResult], None] = lambda _: None
    on_event: Callable[[Event], None] = lambda _: None
    on_error: Callable[[FaceAccessError], None] = lambda _: None
    on_state: Callable[[CameraState], None] = lambda _: None


class CameraFeed:
    """Reads a live camera on a thread of its own, and opens it again when it is lost."""

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        *,
        on_state: Callable[[CameraState], None] = lambda _: None,
        on_error: Callable[[FaceAccessError], None] = lambda _: None,
        retry_s: tuple[float, ...] = RETRY_S,
    ) -> None:
        """Take what opens the camera; the callbacks are called from the camera's thread."""
        self.slot = LatestSlot()
        self._open, self._on_state, self._on_error, self._retry_s = open_source, on_state, on_error, retry_s
        self._stopping = threading.Event()
        self._newest: Frame | None = None
        self._thread = threading.Thread(target=self._camera_loop, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; a read that hangs is left behind after 3 s. May be called again."""
        self._stopping.set()
        self.slot.close()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(JOIN_S)
            if self._thread.is_alive():
                logger.info("the camera did not answer in time and was left behind")

    def latest_frame(self) -> Frame | None:
        """Return the newest frame, or None before the first and while the camera is offline."""
        return self._newest

    def _camera_loop(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            self._on_state(CameraState.CONNECTING)
            try:
                with contextlib.closing(self._open()) as source:
                    attempt = self._read_until_lost(source, attempt)
            except CameraError as exc:
                self._lost(exc)
            except Exception:  # the edge of the camera's thread: whatever it was, try again
                logger.exception("reading the camera failed")
                self._lost(CameraError("The camera failed unexpectedly.", "The log file says more."))
            wait_s = self._retry_s[min(attempt, len(self._retry_s) - 1)]
            self._stopping.wait(wait_s * random.uniform(0.9, 1.1))  # noqa: S311 - jitter
            attempt += 1

    def _read_until_lost(self, source: FrameSource, attempt: int) -> int:
        while not self._stopping.is_set():
            frame = source.read()
            if frame is None:
                raise CameraError(f"{source.name} gives no more pictures.", "Check its cable or network.")
            if self._newest is None:
                self._on_state(CameraState.ONLINE)
                attempt = -1
            self._newest = frame
            self.slot.put(frame)
        return attempt

    def _lost(self, error: CameraError) -> None:
        self._newest = None
        if not self._stopping.is_set():
            self._on_state(CameraState.OFFLINE)
            self._on_error(error)


class LiveSession:
    """A door in service: one camera or recording, one inference thread."""

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        *,
        is_recording: bool,
        pipeline: Pipeline,
        checkin: CheckInPolicy,
        log: EntryLog,
        callbacks: Callbacks,
        is_paced: bool = False,
    ) -> None:
        """Take the parts.

        Args:
            open_source: opens the frame source; raises CameraError.
            is_recording: pull every frame on the recording's own clock.
            pipeline: finds and recognises faces.
            checkin: makes entries.
            log: writes them.
            callbacks: called from the session's threads.
            is_paced: play a recording no faster than it was recorded.
        """
        self.is_recording = is_recording
        self._open, self._is_paced = open_source, is_paced
        self._pipeline, self._checkin, self._log, self._callbacks = pipeline, checkin, log, callbacks
        self._stopping = threading.Event()
        self._newest: Frame | None = None
        self._feed: CameraFeed | None = None
        self._thread = threading.Thread(target=self._inference_loop, name="inference", daemon=True)

    def start(self) -> None:
        """Begin; a camera that can't be opened is reported and tried again."""
        if not self.is_recording:
            self._feed = CameraFeed(
                self._open, on_state=self._camera_changed, on_error=self._callbacks.on_error
            )
            self._feed.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop and let go of the camera. Waits a few seconds at most; may be called again."""
        self._stopping.set()
        if self._feed is not None:
            self._feed.stop()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(JOIN_S)

    def run(self) -> None:
        """Process a recording on the calling thread, to its end.

        Raises:
            FaceAccessError: the recording can't be opened, or an entry can't be written.
        """
        for _ in self._recorded_frames():
            pass

    def latest_frame(self) -> Frame | None:
        """Return the newest frame. May be called from any thread."""
        return self._feed.latest_frame() if self._feed is not None else self._newest

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on. May be called from any thread."""
        self._pipeline.policy = policy

    def _inference_loop(self) -> None:
        try:
            if self.is_recording:
                self._callbacks.on_state(CameraState.ONLINE)
                for _ in self._recorded_frames():
                    if self._stopping.is_set():
                        return
                self._callbacks.on_state(CameraState.ENDED)
            else:
                self._watch_camera()
        except FaceAccessError as exc:
            self._callbacks.on_error(exc)
            self._callbacks.on_state(CameraState.ENDED)
        except Exception:  # the edge of the inference thread: never an entry, never silent
            logger.exception("recognition stopped")
            self._callbacks.on_error(
                FaceAccessError("Recognition stopped unexpectedly.", "Start the door again.")
            )
            self._callbacks.on_state(CameraState.ENDED)

    def _watch_camera(self) -> None:
        assert self._feed is not None
        while not self._stopping.is_set():
            frame = self._feed.slot.take(0.2)
            if frame is None or (datetime.now(UTC) - frame.captured_at).total_seconds() > STALE_S:
                continue
            try:
                self._process(frame)
            except FaceAccessError as exc:
                # Not written, so not shown: the next frames try again.
                self._callbacks.on_error(exc)

    def _recorded_frames(self) -> Iterator[Frame]:
        """Process a recording and yield each frame when it is done."""
        with contextlib.closing(self._open()) as source:
            started_s = time.monotonic()
            last = None
            while not self._stopping.is_set() and (frame := source.read()) is not None:
                if self._is_paced:
                    self._stopping.wait(max(0.0, frame.time_s - (time.monotonic() - started_s)))
                self._newest = last = frame
                self._process(frame)
                yield frame
        if last is not None and not self._stopping.is_set():
            for track_id in self._pipeline.end():
                self._write(self._checkin.end_track(track_id))

    def _process(self, frame: Frame) -> None:
        settled = self._checkin.settled()
        if not self._pipeline.is_due(frame.time_s, settled):
            return
        result = self._pipeline.process(frame, settled)
        self._write(self._checkin.observe(result, frame.captured_at))
        self._callbacks.on_result(result)

    def _write(self, entries: Sequence[CheckIn]) -> None:
        """Commit first, show second."""
        for entry in entries:
            try:
                event = self._log.append(entry, self._pipeline.policy)
            except FaceAccessError:
                self._checkin.retract(entry)
                raise
            self._callbacks.on_event(event)

    def _camera_changed(self, state: CameraState) -> None:
        """Called from the camera's thread."""
        if state in (CameraState.ONLINE, CameraState.OFFLINE):
            try:
                self._log.camera_state(state.value)
            except FaceAccessError as exc:
                self._callbacks.on_error(exc)
        self._callbacks.on_state(state)
