"""The live session: frames in, entries out, while the window only looks on."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from faceaccess.codes import CameraFault, CameraState
from faceaccess.door.checkin import CheckIn, CheckInPolicy
from faceaccess.door.entries import EntryLog
from faceaccess.door.feed import CameraFeed
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.recognition.pipeline import Pipeline
from faceaccess.recognition.types import FrameResult, MatchPolicy
from faceaccess.store.types import Event
from faceaccess.vision.camera import FrameSource
from faceaccess.vision.capture import Capture
from faceaccess.vision.types import Frame

logger = logging.getLogger(__name__)

JOIN_S = 3.0
STALE_S = 2.0
"""A live frame older than this is never decided on."""


@dataclass(frozen=True)
class Callbacks:
    """What a session reports, all on its own threads: hand it on, don't work in it."""

    on_result: Callable[[FrameResult], None] = lambda _: None
    on_event: Callable[[Event], None] = lambda _: None
    on_error: Callable[[FaceAccessError], None] = lambda _: None
    on_status: Callable[[CameraStatus], None] = lambda _: None


class LiveSession:
    """A door in service: one camera or recording, one inference thread."""

    def __init__(
        self,
        source: Callable[[], FrameSource] | Callable[[], Capture],
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
            source: opens a recording's frames or a live camera's capture; raises CameraError.
            is_recording: pull every frame on the recording's own clock.
            pipeline: finds and recognises faces.
            checkin: makes entries.
            log: writes them.
            callbacks: called from the session's threads.
            is_paced: play a recording no faster than it was recorded.
        """
        self.is_recording = is_recording
        self._open, self._is_paced = source, is_paced
        self._pipeline, self._checkin, self._log, self._callbacks = pipeline, checkin, log, callbacks
        self._stopping = threading.Event()
        self._newest: Frame | None = None
        self._processed: tuple[Frame, datetime] | None = None
        self._journalled: tuple[CameraState, CameraFault | None] | None = None
        self._feed: CameraFeed | None = None
        self._thread = threading.Thread(target=self._inference_loop, name="inference", daemon=True)

    def start(self) -> None:
        """Begin; a camera that can't be opened is reported and tried again."""
        if not self.is_recording:
            self._feed = CameraFeed(
                cast(Callable[[], Capture], self._open),
                on_status=self._camera_changed,
                on_error=self._callbacks.on_error,
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

    @property
    def is_running(self) -> bool:
        """Whether frames are still being processed."""
        return self._thread.is_alive()

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

    def retry_now(self) -> None:
        """Try a lost camera again without waiting. May be called from any thread."""
        if self._feed is not None:
            self._feed.retry_now()

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on. May be called from any thread."""
        self._pipeline.policy = policy

    def _inference_loop(self) -> None:
        try:
            if self.is_recording:
                self._callbacks.on_status(CameraStatus(CameraState.ONLINE))
                for _ in self._recorded_frames():
                    if self._stopping.is_set():
                        return
                self._callbacks.on_status(CameraStatus(CameraState.ENDED))
            else:
                self._watch_camera()
        except FaceAccessError as exc:
            self._callbacks.on_error(exc)
            self._callbacks.on_status(CameraStatus(CameraState.ENDED))
        except Exception:  # the edge of the inference thread: never an entry, never silent
            logger.exception("recognition stopped")
            self._callbacks.on_error(
                FaceAccessError("Recognition stopped unexpectedly.", "Start the door again.")
            )
            self._callbacks.on_status(CameraStatus(CameraState.ENDED))

    def _watch_camera(self) -> None:
        assert self._feed is not None
        is_failing = False
        while not self._stopping.is_set():
            frame = self._feed.slot.take(0.2)
            try:
                if frame is not None and time.monotonic() - frame.time_s <= STALE_S:
                    is_failing = not self._process(frame) and is_failing
                elif self._processed and time.monotonic() - self._processed[0].time_s > STALE_S:
                    self._end_tracks()
            except FaceAccessError as exc:
                # Not written, so not shown: the next frames try again.
                self._callbacks.on_error(exc)
            except Exception:  # the edge of the inference loop: no entry, and the next frame is tried
                if not is_failing:
                    logger.exception("a frame could not be judged")
                    self._callbacks.on_error(
                        FaceAccessError("A picture could not be judged.", "The log file says more.")
                    )
                is_failing = True

    def _recorded_frames(self) -> Iterator[Frame]:
        """Process a recording and yield each frame when it is done."""
        with contextlib.closing(cast(FrameSource, self._open())) as source:
            started_s = time.monotonic()
            while not self._stopping.is_set() and (frame := source.read()) is not None:
                if self._is_paced:
                    self._stopping.wait(max(0.0, frame.time_s - (time.monotonic() - started_s)))
                self._newest = frame
                self._process(frame)
                yield frame
        if not self._stopping.is_set():
            self._end_tracks()

    def _process(self, frame: Frame) -> bool:
        """Judge a frame if it is due; tell whether it was."""
        if self._processed and self._processed[0].image.shape != frame.image.shape:
            # Boxes of another resolution would be found again in the wrong place.
            self._end_tracks()
        now = self._steady(frame)
        self._processed = frame, now
        settled = self._checkin.settled()
        if not self._pipeline.is_due(frame.time_s, settled):
            return False
        result = self._pipeline.process(frame, settled)
        self._write(self._checkin.observe(result, now))
        self._callbacks.on_result(result)
        return True

    def _steady(self, frame: Frame) -> datetime:
        """Return the frame's UTC time, made to go on as the source's clock does when it is set back."""
        if self._processed is None:
            return frame.captured_at
        last, now = self._processed
        return max(frame.captured_at, now + timedelta(seconds=max(0.0, frame.time_s - last.time_s)))

    def _end_tracks(self) -> None:
        """End whatever is in the picture: it can't be followed any longer."""
        for track_id in self._pipeline.end():
            self._write(self._checkin.end_track(track_id))

    def _write(self, entries: Sequence[CheckIn]) -> None:
        """Commit first, show second."""
        for entry in entries:
            try:
                event = self._log.append(entry, self._pipeline.policy)
            except FaceAccessError:
                self._checkin.retract(entry)
                raise
            self._callbacks.on_event(event)

    def _camera_changed(self, status: CameraStatus) -> None:
        """Journal a change once, and pass it on. Called from the camera's thread."""
        change = (status.state, status.fault)
        if status.state is not CameraState.CONNECTING and change != self._journalled:
            self._journalled = change
            try:
                self._log.camera_state(status.state, status.fault)
            except FaceAccessError as exc:
                self._callbacks.on_error(exc)
        self._callbacks.on_status(status)
