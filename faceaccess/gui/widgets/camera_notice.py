"""The bar that says what is wrong with the camera, and lets the operator try it again."""

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons, text


class CameraNotice(QFrame):
    """Shown only while something is wrong; counts down to the next try."""

    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("kind", "warn")
        self._status: CameraStatus | None = None
        symbol = QLabel(self)
        icons.set_icon(symbol, "camera-off", 20)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.retry_button = QPushButton(self.tr("Retry now"), self)
        icons.set_icon(self.retry_button, "refresh", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(symbol)
        row.addWidget(self.words, 1)
        row.addWidget(self.retry_button)
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._tell)
        self.retry_button.clicked.connect(self.retry_wanted)
        self.clear()

    def show_status(self, status: CameraStatus) -> None:
        """Say what is wrong, or hide when nothing is."""
        self._status = status
        is_wrong = status.fault is not None and status.state is not CameraState.ENDED
        self.retry_button.setVisible(status.state in (CameraState.OFFLINE, CameraState.STALLED))
        self.setVisible(is_wrong)
        if is_wrong:
            self._timer.start()
            self._tell()
        else:
            self._timer.stop()

    def clear(self) -> None:
        """Hide, because the door is closed."""
        self._status = None
        self._timer.stop()
        self.hide()

    def _tell(self) -> None:
        if self._status is None:
            return
        wording = text.camera_status(self._status)
        parts = [wording.label + "."]
        if self._status.state is CameraState.ONLINE:
            # Without a picture, the advice stands in its place.
            parts.append(wording.advice)
        if self._status.retry_at_s is not None:
            left_s = max(0, round(self._status.retry_at_s - time.monotonic()))
            parts.append(self.tr("Next try in %n s.", "", left_s))
        elif self._status.state is CameraState.OFFLINE:
            parts.append(self.tr("Trying…"))
        if self._status.reconnects:
            parts.append(text.reconnects(self._status.reconnects))
        self.words.setText(" ".join(part for part in parts if part))
        self.setAccessibleName(self.words.text())
