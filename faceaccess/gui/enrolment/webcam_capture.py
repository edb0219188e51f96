"""Photos for enrolment from a webcam, or from the door's camera while it runs."""

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.enrolment.guidance import GuidancePanel
from faceaccess.gui.enrolment.guided_view import GuidedView
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.camera_preview import CameraPreview
from faceaccess.gui.wording import failures

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.people.enrolment.capture import Observation
    from faceaccess.people.reception import Reception
    from faceaccess.vision.sources.webcams import CameraInfo
    from faceaccess.vision.types import Frame, ImageArray

_DOOR = "\0door"


class WebcamCapture(QWidget):
    """A preview with guidance, and the button that takes its newest frame."""

    taken = Signal(object)
    failed = Signal(object)

    def __init__(
        self, reception: "Reception", doors: "Doors", bridge: LiveBridge, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reception, self._doors = reception, doors
        self._bridge = bridge
        self.view = GuidedView(self)
        self.guidance = GuidancePanel(self)
        self._is_looking = False
        self.preview = CameraPreview(doors, bridge, self.view)
        self.camera_box = QComboBox(self)
        self.camera_box.setAccessibleName(self.tr("Camera for photos"))
        self.camera_box.setPlaceholderText(self.tr("No camera found"))
        self.take_button = QPushButton(self.tr("Take photo"), self)
        self.take_button.setToolTip(self.tr("Takes the picture that is shown now"))
        self.take_button.setEnabled(False)
        icons.set_icon(self.take_button, "shutter", 18)
        bar = QHBoxLayout()
        bar.addWidget(self.camera_box, 1)
        bar.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addWidget(self.guidance)
        column.addLayout(bar)
        self.take_button.clicked.connect(self._take)
        self.camera_box.activated.connect(self._on_camera_chosen)
        self.preview.frame_shown.connect(self._on_frame)
        self.preview.emptied.connect(self._on_emptied)
        self.preview.failed.connect(self.failed)
        self.preview.show_message(self.tr("The camera is off."))

    def start(self) -> None:
        """Look for cameras and show the first one's picture."""
        self.preview.show_message(self.tr("Looking for cameras…"))
        run_in_background(self._doors.cameras.find, self._show_cameras, self._on_failed, self, lane=Lane.DOOR)

    def stop(self) -> None:
        """Release the camera without holding up the window."""
        self.preview.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Release the camera when the page is left."""
        super().hideEvent(event)
        self.stop()

    def _show_cameras(self, cameras: "list[CameraInfo]") -> None:
        self.camera_box.clear()
        if self._bridge.run_state is RunState.RUNNING:
            for door in self._bridge.cameras:
                text = self.tr("The door's camera: {0}").format(door.name)
                self.camera_box.addItem(shown(text), _DOOR + door.camera_id)
        for camera in cameras:
            self.camera_box.addItem(shown(camera.name), camera.source)
        self.camera_box.setEnabled(self.camera_box.count() > 0)
        self.camera_box.setCurrentIndex(0 if self.camera_box.count() else -1)
        # Nobody is told to look into a camera that isn't there.
        self.guidance.setVisible(self.camera_box.count() > 0)
        if self.camera_box.count() == 0:
            text = self.tr("No camera found. Connect one, or use photos from files instead.")
            self.preview.show_message(text)
        elif self.isVisible():
            self._on_camera_chosen(0)

    def _on_camera_chosen(self, row: int) -> None:
        source = self.camera_box.itemData(row)
        self.preview.stop()
        if source.startswith(_DOOR):
            self.preview.share(source.removeprefix(_DOOR))
        else:
            self.preview.start(source)

    def _take(self) -> None:
        if self.preview.frame is not None:
            self.taken.emit(self.preview.frame.image)

    def _on_frame(self, frame: "Frame") -> None:
        """Look at the newest frame, whenever the last look is over."""
        self.take_button.setEnabled(True)
        if not self._is_looking and self.guidance.capture.next_pose is not None:
            self._is_looking = True
            look = partial(_observe, self._reception, frame.image)
            run_in_background(look, self._on_observed, self._on_not_observed, self, lane=Lane.FACES)

    def _on_observed(self, seen: "Observation") -> None:
        self._is_looking = False
        if self.preview.frame is not None:
            guidance = self.guidance.observe(seen, time.monotonic())
            self.view.show_guide(guidance.pose is not None, guidance.held)

    def _on_not_observed(self, error: FaceAccessError) -> None:
        """Show the failure once: without guidance, photos are taken by the button."""
        self.guidance.capture.taken.update(self.guidance.capture.poses)
        self._is_looking = False
        self.failed.emit(error)

    def _on_emptied(self) -> None:
        self.take_button.setEnabled(False)
        self.view.show_guide(False)

    def _on_failed(self, error: FaceAccessError) -> None:
        self.preview.show_message(failures.whole(error))
        self.failed.emit(error)


def _observe(reception: "Reception", image: "ImageArray") -> "Observation":
    return reception.enrolment.observe(image)
