"""A camera's picture outside the door: opened, pulled and released without holding up the window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.widgets.frame_view import FrameView
from faceaccess.gui.wording import camera_codes, failures
from faceaccess.settings import CameraSettings

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.door.feed import CameraFeed
    from faceaccess.vision.types import Frame

_FRAME_MS = 33


class CameraPreview(QObject):
    """Shows a source in a view; a camera that the door has open is shared with it.

    `frame_shown` carries each frame, `emptied` says that the last one is gone.
    """

    frame_shown = Signal(object)
    emptied = Signal()
    failed = Signal(object)

    _feed_changed = Signal(object)

    def __init__(self, doors: "Doors", bridge: LiveBridge, view: FrameView) -> None:
        super().__init__(view)
        self._doors = doors
        self._bridge, self._view = bridge, view
        self._feed: CameraFeed | None = None
        self._feed_number = 0
        self._camera_id: str | None = None
        self.frame: Frame | None = None
        self._pulled: Frame | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._pull_frame)
        self._shown_as: CameraSettings | None = None
        self._feed_changed.connect(self._show_status)
        bridge.run_state_changed.connect(self._on_run_state_changed)

    def show_as(self, camera: CameraSettings) -> None:
        """Stretch and turn the picture from now on as a camera's settings say."""
        self._shown_as, self._pulled = camera, None

    def start(self, source: str) -> None:
        """Show a source in place of what is shown."""
        self.stop()
        self._timer.start()
        shared = [c for c in self._bridge.cameras if c.source == source]
        if shared and self._bridge.run_state is RunState.RUNNING:
            self.share(shared[0].camera_id)
            return
        self.show_message(self.tr("Starting the camera…"))
        opened = partial(self._keep_feed, self._feed_number)
        job = partial(_start_feed, self._doors, source, self._feed_changed.emit)
        run_in_background(job, opened, self._on_failed, self, lane=Lane.DOOR)

    def share(self, camera_id: str) -> None:
        """Show the picture of a camera that the door has open."""
        self._camera_id = camera_id
        self._timer.start()
        self.show_message(self.tr("Waiting for a picture from the door's camera…"))

    def stop(self, message: str = "") -> None:
        """Release the camera without holding up the window."""
        self._timer.stop()
        self._feed_number += 1
        self._camera_id = None
        feed, self._feed = self._feed, None
        self.show_message(message or self.tr("The camera is off."))
        if feed is not None:
            run_in_background(feed.stop, self._ignore, self._on_failed, self, lane=Lane.DOOR)

    def show_message(self, message: str) -> None:
        """Take the picture away and show words instead."""
        self.frame = self._pulled = None
        self._view.show_message(message)
        self.emptied.emit()

    def _on_run_state_changed(self, state: RunState) -> None:
        """Leave nobody standing before a camera that the door has closed."""
        if self._camera_id is not None and state in (RunState.STOPPING, RunState.STOPPED):
            self.stop(self.tr("The door was closed, and its camera with it."))

    def _keep_feed(self, number: int, feed: "CameraFeed") -> None:
        if number == self._feed_number:
            self._feed = feed
        else:
            run_in_background(feed.stop, self._ignore, self._on_failed, self, lane=Lane.DOOR)

    def _pull_frame(self) -> None:
        frame = self._latest_frame()
        if frame is None or frame is self._pulled:
            return
        self._pulled = frame
        self.frame = self._in_shape(frame)
        self._view.show_picture(self.frame.image)
        self.frame_shown.emit(self.frame)

    def _in_shape(self, frame: "Frame") -> "Frame":
        if self._shown_as is None:
            return frame
        door = next((camera for camera in self._bridge.cameras if camera.camera_id == self._camera_id), None)
        return self._doors.cameras.picture_for(frame, self._shown_as, taken_by=door)

    def _latest_frame(self) -> "Frame | None":
        if self._camera_id is not None:
            return self._bridge.latest_frame(self._camera_id)
        return self._feed.latest_frame() if self._feed is not None else None

    def _show_status(self, status: CameraStatus) -> None:
        if status.state in (CameraState.OFFLINE, CameraState.STALLED):
            wording = camera_codes.status(status)
            self.show_message(f"{wording.label}\n{wording.advice}")

    def _on_failed(self, error: FaceAccessError) -> None:
        self._timer.stop()
        self.show_message(failures.whole(error))
        self.failed.emit(error)

    def _ignore(self, _: object) -> None:
        """Do nothing: the camera was released."""


def _start_feed(doors: "Doors", source: str, on_status: Callable[[CameraStatus], None]) -> "CameraFeed":
    feed = doors.cameras.open_feed(source, on_status=on_status)
    feed.start()
    return feed
