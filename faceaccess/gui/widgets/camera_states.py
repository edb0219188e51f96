"""The state of each camera, its reconnects, and a button that tries a lost one again."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import camera_codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.settings import CameraSettings


@dataclass(frozen=True)
class StateRow:
    """The widgets of a camera."""

    symbol: QLabel
    state: QLabel
    retry_button: QPushButton


class CameraStates(QWidget):
    """Shows the cameras in service, one row each."""

    def __init__(self, bridge: LiveBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.rows: dict[str, StateRow] = {}
        self._inside = QWidget(self)
        self._closed = Label(self.tr("The door is closed."), self)
        self._closed.setProperty("role", "muted")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._closed)
        self._column.addWidget(self._inside)
        bridge.cameras_opened.connect(self.set_cameras)
        bridge.camera_changed.connect(self.show_camera)
        bridge.run_state_changed.connect(self._show_run_state)
        self.set_cameras(bridge.cameras)
        for camera_id, status in bridge.statuses.items():
            self.show_camera(camera_id, status)
        self._show_run_state(bridge.run_state)

    def set_cameras(self, cameras: tuple[CameraSettings, ...]) -> None:
        """Show these cameras and no others."""
        self._column.removeWidget(self._inside)
        self._inside.deleteLater()
        self._inside = QWidget(self)
        grid = QGridLayout(self._inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        self.rows = {}
        for number, camera in enumerate(cameras):
            row = StateRow(Label(), Label(), QPushButton(self.tr("Retry now")))
            row.state.setWordWrap(True)
            row.state.setProperty("camera", camera.name)
            row.retry_button.clicked.connect(partial(self._retry, camera.camera_id))
            grid.addWidget(row.symbol, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.state, number, 1)
            grid.addWidget(row.retry_button, number, 2, Qt.AlignmentFlag.AlignTop)
            self.rows[camera.camera_id] = row
            self.show_camera(camera.camera_id, CameraStatus(CameraState.CONNECTING))
        self._column.addWidget(self._inside)

    def show_camera(self, camera_id: str, status: CameraStatus) -> None:
        """Show the state of a camera."""
        row = self.rows.get(camera_id)
        if row is None:
            return
        wording = camera_codes.status(status)
        parts = [self.tr("{0}: {1}.").format(row.state.property("camera"), wording.label)]
        if status.reconnects:
            parts.append(self.tr("{0}.").format(Counts().reconnects(status.reconnects)))
        row.state.setText(" ".join(parts))
        icons.set_icon(row.symbol, wording.icon, 18)
        row.retry_button.setVisible(status.state in (CameraState.OFFLINE, CameraState.STALLED))

    def _show_run_state(self, state: RunState) -> None:
        is_closed = state is RunState.STOPPED
        self._closed.setVisible(is_closed)
        self._inside.setVisible(not is_closed)

    def _retry(self, camera_id: str, _: bool = False) -> None:
        self._bridge.retry_now(camera_id)
