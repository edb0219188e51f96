"""What each camera of the door does now."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons, text
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.settings import CameraSettings

_ROLES = {CameraState.ONLINE: "good", CameraState.STALLED: "caution", CameraState.OFFLINE: "bad"}


class CameraStates(QFrame):
    """A line per camera, while the door is open."""

    def __init__(self, bridge: LiveBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._bridge = bridge
        self.states: dict[str, QLabel] = {}
        heading = QLabel(self.tr("Cameras"), self)
        heading.setProperty("role", "heading")
        self.closed = QLabel(self.tr("The door is closed. Start it on the page Door."), self)
        self.closed.setProperty("role", "muted")
        self.closed.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addWidget(self.closed)
        column.addLayout(self._grid)
        bridge.cameras_opened.connect(self.show_cameras)
        bridge.camera_changed.connect(self.show_status)
        bridge.run_state_changed.connect(self._on_run_state)
        self.show_cameras(bridge.cameras)

    def show_cameras(self, cameras: Sequence[CameraSettings]) -> None:
        """Take the cameras in service; what they did before is forgotten."""
        while item := self._grid.takeAt(0):
            item.widget().deleteLater()
        self.states = {}
        is_open = self._bridge.run_state is not RunState.STOPPED
        self.closed.setVisible(not is_open)
        for row, camera in enumerate(cameras if is_open else ()):
            symbol, name, state = QLabel(self), ElidedLabel(camera.name, self), QLabel(self)
            icons.set_icon(symbol, "camera", 16)
            state.setText(text.camera_state(CameraState.CONNECTING).label)
            self.states[camera.camera_id] = state
            for column, label in enumerate((symbol, name, state)):
                self._grid.addWidget(label, row, column)

    def show_status(self, camera_id: str, status: CameraStatus) -> None:
        """Say what a camera does."""
        label = self.states.get(camera_id)
        if label is None:
            return
        label.setText(text.camera_status(status).label)
        label.setProperty("role", "caution" if status.fault else _ROLES.get(status.state, "muted"))
        label.style().unpolish(label)
        label.style().polish(label)

    def _on_run_state(self, state: RunState) -> None:
        if state is RunState.STOPPED or not self.states:
            self.show_cameras(self._bridge.cameras)
