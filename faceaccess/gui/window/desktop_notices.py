"""Notifications of the desktop, for those who look at another window."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.wording import codes

_SHOWN_MS = 10_000


def can_notify() -> bool:
    """Return whether this desktop shows notifications of a program's own."""
    return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()


class DesktopNotices(QObject):
    """Says when a camera is lost or sees nothing, once a fault, where that was chosen."""

    def __init__(self, bridge: LiveBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._is_on = False
        self._said: dict[str, str] = {}
        self.tray = QSystemTrayIcon(QApplication.windowIcon(), self)
        bridge.camera_changed.connect(self.show_camera)
        bridge.cameras_opened.connect(self._forget)

    def set_on(self, is_on: bool) -> None:
        """Notify from now on, or no longer; a desktop without a tray has no notifications."""
        self._is_on = is_on
        self.tray.setVisible(is_on and can_notify())

    def show_camera(self, camera_id: str, status: CameraStatus) -> None:
        """Notify of a camera's fault."""
        wording = (
            codes.camera_status(status) if status.fault and status.state is not CameraState.ENDED else None
        )
        before, now = self._said.get(camera_id, ""), wording.label if wording else ""
        self._said[camera_id] = now
        if wording is None or now == before or not self._is_on:
            return
        names = {camera.camera_id: camera.name for camera in self._bridge.cameras}
        title = f"{QGuiApplication.applicationDisplayName()}: {names.get(camera_id, camera_id)}"
        self.tray.showMessage(
            title, f"{wording.label}. {wording.advice}", QSystemTrayIcon.MessageIcon.Warning, _SHOWN_MS
        )

    def _forget(self, _: object) -> None:
        self._said = {}
