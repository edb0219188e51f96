"""The watch over one camera or recording: from its frames to entries."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from faceaccess.codes import CameraFault, CameraState, Drift
from faceaccess.door.checkin import CheckIn, CheckInPolicy
from faceaccess.door.entries import EntryLog
from faceaccess.door.health import HealthWatch
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.recognition.pipeline import Pipeline
from faceaccess.recognition.types import FrameResult, MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.store.types import Event
from faceaccess.vision.types import Frame

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Callbacks:
    """What a session reports, all on its own threads: hand it on, don't work in it.

    Results and states come with the id of their camera.
    """

    on_result: Callable[[str, FrameResult], None] = lambda _, __: None
    on_event: Callable[[Event], None] = lambda _: None
    on_error: Callable[[FaceAccessError], None] = lambda _: None
    on_status: Callable[[str, CameraStatus], None] = lambda _, __: None
    on_drift: Callable[[str, frozenset[Drift]], None] = lambda _, __: None


class Watch:
    """Judges the frames of one camera, in their order. For use on the inference thread."""

    def __init__(
        self,
        camera: CameraSettings,
        *,
        pipeline: Pipeline,
        checkin: CheckInPolicy,
        log: EntryLog,
        callbacks: Callbacks,
        health: HealthWatch | None = None,
        order: Callable[[Event], None] = lambda _: None,
    ) -> None:
        """Take the parts.

        Args:
            camera: what it is called and which way people pass it.
            pipeline: finds and recognises faces.
            checkin: makes entries; shared by the cameras of a door.
            log: writes them.
            callbacks: told of results and entries.
            health: compares faces with those of the camera's set-up; None when there were none.
            order: opens the door for an entry that lets somebody in.
        """
        self.camera = camera
        self._pipeline, self._checkin, self._log, self._callbacks = pipeline, checkin, log, callbacks
        self._health, self._order = health, order
        self._processed: tuple[Frame, datetime] | None = None
        self._journalled: tuple[CameraState, CameraFault | None] | None = None

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on. May be called from any thread."""
        self._pipeline.policy = policy

    def judge(self, frame: Frame) -> bool:
        """Judge a frame if it is due; tell whether it was.

        Raises:
            StoreError: an entry could not be written: there is none, and the next frames try again.
        """
        if self._processed and self._processed[0].image.shape != frame.image.shape:
            # Boxes of another resolution would be found again in the wrong place.
            self.end_tracks()
        now = self._steady(frame)
        self._processed = frame, now
        settled = self._checkin.settled()
        if not self._pipeline.is_due(frame.time_s, settled):
            return False
        result = self._pipeline.process(frame, settled)
        self._write(self._checkin.observe(result, now, self.camera.passage))
        self._callbacks.on_result(self.camera.camera_id, result)
        if self._health is not None and self._health.observe(result):
            self._log.camera_drift(self._health.found)
            self._callbacks.on_drift(self.camera.camera_id, self._health.found)
        return True

    def is_older_than(self, time_s: float) -> bool:
        """Tell whether the last frame came before a time on the source's clock."""
        return self._processed is not None and self._processed[0].time_s < time_s

    def end_tracks(self) -> None:
        """End whatever is in the picture: it can't be followed any longer.

        Raises:
            StoreError: an entry could not be written.
        """
        for track_id in self._pipeline.end():
            self._write(self._checkin.end_track(track_id))

    def camera_changed(self, status: CameraStatus) -> None:
        """Journal a change once, and pass it on. Called from the camera's thread."""
        change = (status.state, status.fault)
        if status.state is not CameraState.CONNECTING and change != self._journalled:
            self._journalled = change
            try:
                self._log.camera_state(status.state, status.fault)
            except FaceAccessError as exc:
                self._callbacks.on_error(exc)
        self._callbacks.on_status(self.camera.camera_id, status)

    def _steady(self, frame: Frame) -> datetime:
        """Return the frame's UTC time, made to go on as the source's clock does when it is set back."""
        if self._processed is None:
            return frame.captured_at
        last, now = self._processed
        return max(frame.captured_at, now + timedelta(seconds=max(0.0, frame.time_s - last.time_s)))

    def _write(self, entries: Sequence[CheckIn]) -> None:
        """Commit first, show second."""
        for entry in entries:
            try:
                event = self._log.append(entry, self._pipeline.policy)
            except FaceAccessError:
                self._checkin.retract(entry)
                raise
            self._order(event)
            self._callbacks.on_event(event)
