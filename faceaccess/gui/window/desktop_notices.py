"""Desktop notifications, for people who look at another window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.wording import camera_codes, turning

if TYPE_CHECKING:
    from faceaccess.door.desk import Question
    from faceaccess.door.liveness.suspicions import Suspicions

_SHOWN_MS = 10_000


def can_notify() -> bool:
    """Return whether this desktop shows notifications of a program's own."""
    return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()


class DesktopNotices(QObject):
    """Notifies, if chosen: of a camera's fault, once each, and of what the desk is asked or told."""

    def __init__(self, bridge: LiveBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._is_on = False
        self._said: dict[str, str] = {}
        self.tray = QSystemTrayIcon(QApplication.windowIcon(), self)
        bridge.camera_changed.connect(self.show_camera)
        bridge.cameras_opened.connect(self._forget)
        bridge.question_asked.connect(self.show_question)
        bridge.often_suspected.connect(self.show_suspicions)

    def set_on(self, is_on: bool) -> None:
        """Notify from now on, or no longer; a desktop without a tray has no notifications."""
        self._is_on = is_on
        self.tray.setVisible(is_on and can_notify())

    def show_camera(self, camera_id: str, status: CameraStatus) -> None:
        """Notify of a camera's fault."""
        wording = (
            camera_codes.status(status) if status.fault and status.state is not CameraState.ENDED else None
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

    def show_question(self, question: "Question") -> None:
        """Notify of somebody at a door whom the desk may know."""
        if self._is_on:
            self.tray.showMessage(
                f"{QGuiApplication.applicationDisplayName()}: {question.camera}",
                self.tr("The desk is asked who this is. It can be answered for half a minute."),
                QSystemTrayIcon.MessageIcon.Information,
                _SHOWN_MS,
            )

    def show_suspicions(self, told: "Suspicions") -> None:
        """Notify of a door at which several people may have been pictures."""
        if self._is_on:
            message, advice = turning.suspicions(told)
            title = QGuiApplication.applicationDisplayName()
            said = f"{message} {advice}"
            self.tray.showMessage(title, said, QSystemTrayIcon.MessageIcon.Warning, _SHOWN_MS)

    def _forget(self, _: object) -> None:
        self._said = {}
