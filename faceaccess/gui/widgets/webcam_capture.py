"""Takes photos for enrolment with a webcam, or with the door's camera while it runs."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, text
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.widgets.frame_view import FrameView

if TYPE_CHECKING:
    from faceaccess.vision.types import Frame
    from faceaccess.workspace import CameraFeed, CameraInfo, Workspace

_FRAME_MS = 33
_DOOR = "\0door"


class WebcamCapture(QWidget):
    """A preview and the button that takes its newest frame."""

    taken = Signal(object)
    failed = Signal(object)

    _feed_changed = Signal(object)

    def __init__(self, workspace: "Workspace", bridge: LiveBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._bridge = workspace, bridge
        self._feed: CameraFeed | None = None
        self._feed_number = 0
        self._frame: Frame | None = None
        self.view = FrameView(self)
        self.camera_box = QComboBox(self)
        self.camera_box.setAccessibleName(self.tr("Camera for photos"))
        self.camera_box.setPlaceholderText(self.tr("No camera found"))
        self.take_button = QPushButton(self.tr("Take photo"), self)
        self.take_button.setProperty("role", "primary")
        self.take_button.setToolTip(self.tr("Takes the picture that is shown now"))
        icons.set_icon(self.take_button, "shutter", 18)
        bar = QHBoxLayout()
        bar.addWidget(self.camera_box, 1)
        bar.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addLayout(bar)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._pull_frame)
        self.take_button.clicked.connect(self._take)
        self.camera_box.activated.connect(self._on_camera_chosen)
        self._feed_changed.connect(self._show_status)
        self._show_message(self.tr("The camera is off."))

    def start(self) -> None:
        """Look for cameras and show the first one's picture."""
        self._show_message(self.tr("Looking for cameras…"))
        run_in_background(
            self._workspace.list_cameras, self._show_cameras, self._on_failed, self, lane=Lane.DOOR
        )

    def stop(self) -> None:
        """Release the camera without holding up the window."""
        self._timer.stop()
        self._feed_number += 1
        feed, self._feed = self._feed, None
        self._show_message(self.tr("The camera is off."))
        if feed is not None:
            run_in_background(feed.stop, self._ignore, self._on_failed, self, lane=Lane.DOOR)

    def hideEvent(self, event: QHideEvent) -> None:
        """Release the camera when the page is left."""
        super().hideEvent(event)
        self.stop()

    def _show_cameras(self, cameras: "list[CameraInfo]") -> None:
        self.camera_box.clear()
        if self._bridge.run_state is RunState.RUNNING:
            self.camera_box.addItem(self.tr("The door's camera"), _DOOR)
        for camera in cameras:
            self.camera_box.addItem(camera.name, str(camera.index))
        self.camera_box.setEnabled(self.camera_box.count() > 0)
        self.camera_box.setCurrentIndex(0 if self.camera_box.count() else -1)
        if self.camera_box.count() == 0:
            self._show_message(self.tr("No camera found. Connect one, or use photos from files instead."))
        elif self.isVisible():
            self._open(self.camera_box.currentData())

    def _on_camera_chosen(self, row: int) -> None:
        self.stop()
        self._open(self.camera_box.itemData(row))

    def _open(self, source: str) -> None:
        self._timer.start()
        if source == _DOOR:
            self._show_message(self.tr("Waiting for a picture from the door's camera…"))
        else:
            self._show_message(self.tr("Starting the camera…"))
            self._feed_number += 1
            opened = partial(self._keep_feed, self._feed_number)
            job = partial(_start_feed, self._workspace, source, self._feed_changed.emit)
            run_in_background(job, opened, self._on_failed, self, lane=Lane.DOOR)

    def _keep_feed(self, number: int, feed: "CameraFeed") -> None:
        if number == self._feed_number:
            self._feed = feed
        else:
            run_in_background(feed.stop, self._ignore, self._on_failed, self, lane=Lane.DOOR)

    def _pull_frame(self) -> None:
        frame = self._latest_frame()
        if frame is not None and frame is not self._frame:
            self._frame = frame
            self.view.show_picture(frame.image)
            self.take_button.setEnabled(True)

    def _latest_frame(self) -> "Frame | None":
        if self.camera_box.currentData() == _DOOR:
            return self._bridge.latest_frame()
        return self._feed.latest_frame() if self._feed is not None else None

    def _take(self) -> None:
        if self._frame is not None:
            self.taken.emit(self._frame.image)

    def _show_status(self, status: CameraStatus) -> None:
        if status.state in (CameraState.OFFLINE, CameraState.STALLED):
            wording = text.camera_status(status)
            self._show_message(f"{wording.label}\n{wording.advice}")

    def _show_message(self, message: str) -> None:
        self._frame = None
        self.take_button.setEnabled(False)
        self.view.show_message(message)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._timer.stop()
        self._show_message(str(error))
        self.failed.emit(error)

    def _ignore(self, _: object) -> None:
        """Take note of nothing: the camera was released."""


def _start_feed(workspace: "Workspace", source: str, on_status: object) -> "CameraFeed":
    feed = workspace.open_camera_feed(source, on_status=on_status)
    feed.start()
    return feed
