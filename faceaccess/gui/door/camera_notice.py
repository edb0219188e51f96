"""The bar that says what is wrong with the camera, and lets the operator try it again."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from faceaccess.codes import CameraState, Drift
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons
from faceaccess.gui.layout import wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import camera_codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.steady import steady_s


class CameraNotice(QFrame):
    """Shown only while something is wrong with a camera; counts down to the next try."""

    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("kind", "warn")
        self._faults: dict[str, CameraStatus] = {}
        self._drifts: dict[str, Mapping[Drift, float]] = {}
        self._names: dict[str, str] = {}
        symbol = Label(self)
        icons.set_icon(symbol, "camera-off", 20)
        self.message = wrapped("", self)
        self.retry_button = QPushButton(self.tr("Retry now"), self)
        icons.set_icon(self.retry_button, "refresh", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(symbol)
        row.addWidget(self.message, 1)
        row.addWidget(self.retry_button)
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._tell)
        self.retry_button.clicked.connect(self.retry_wanted)
        self.clear()

    def set_cameras(self, names: dict[str, str]) -> None:
        """Take the cameras in service, by their ids; of several, the faulty one is named."""
        self._names = names
        self.clear()

    def show_status(self, camera_id: str, status: CameraStatus) -> None:
        """Show what is wrong with a camera, or hide when nothing is."""
        self._faults.pop(camera_id, None)
        if status.fault is not None and status.state is not CameraState.ENDED:
            self._faults[camera_id] = status
        self._update()

    def show_drift(self, camera_id: str, drifts: Mapping[Drift, float]) -> None:
        """Show how faces have come to differ from those at the camera's set-up; none hides it."""
        self._drifts[camera_id] = drifts
        self._update()

    def _update(self) -> None:
        states = {fault.state for fault in self._faults.values()}
        self.retry_button.setVisible(bool(states & {CameraState.OFFLINE, CameraState.STALLED}))
        is_wrong = bool(self._faults) or any(self._drifts.values())
        self.setVisible(is_wrong)
        if is_wrong:
            self._timer.start()
            self._tell()
        else:
            self._timer.stop()

    def clear(self) -> None:
        """Hide, because the door is closed."""
        self._faults, self._drifts = {}, {}
        self._timer.stop()
        self.hide()

    def _tell(self) -> None:
        lines = [self._line(camera_id, status) for camera_id, status in self._faults.items()]
        for camera_id, drifts in self._drifts.items():
            lines += [
                self._named(camera_id, camera_codes.drift(drift, drifts[drift])) for drift in sorted(drifts)
            ]
        self.message.setText("\n".join(lines))
        self.setAccessibleName(self.message.text())

    def _line(self, camera_id: str, status: CameraStatus) -> str:
        wording = camera_codes.status(status)
        parts = [self.tr("{0}.").format(wording.label)]
        if status.state is CameraState.ONLINE:
            # Without a picture, the advice stands in its place.
            parts.append(wording.advice)
        if status.retry_at_s is not None:
            left_s = max(0, round(status.retry_at_s - steady_s()))
            parts.append(self.tr("Next try in %n s.", "", left_s))
        elif status.state is CameraState.OFFLINE:
            parts.append(self.tr("Trying…"))
        if status.reconnects:
            parts.append(self.tr("{0}.").format(Counts().reconnects(status.reconnects)))
        return self._named(camera_id, " ".join(part for part in parts if part))

    def _named(self, camera_id: str, message: str) -> str:
        if len(self._names) > 1:
            return self.tr("{0}: {1}").format(self._names.get(camera_id, camera_id), message)
        return message
