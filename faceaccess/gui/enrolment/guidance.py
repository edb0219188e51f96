"""What to ask of somebody before the camera, and which photos are taken."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from faceaccess.gui import icons
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.wording import photos as photo_text
from faceaccess.people.enrolment.capture import Advice, Guidance, GuidedCapture, Observation, Pose


class GuidancePanel(QWidget):
    """Follows what the camera sees; `taken` carries each picture with its pose, `retaken` a pose."""

    taken = Signal(object, object)
    retaken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.capture = GuidedCapture()
        self.advice = wrapped("", self, "heading")
        self.pause_button = QPushButton(self)
        self.chips: dict[Pose, QToolButton] = {}
        row = QHBoxLayout()
        row.setSpacing(6)
        for pose in Pose:
            chip = QToolButton(self)
            chip.setText(photo_text.pose(pose))
            chip.setToolButtonStyle(chip.toolButtonStyle().ToolButtonTextBesideIcon)
            chip.clicked.connect(partial(self._retake, pose))
            self.chips[pose] = chip
            row.addWidget(chip)
        row.addStretch()
        top = QHBoxLayout()
        top.addWidget(self.advice, 1)
        top.addWidget(self.pause_button)
        column(top, row, parent=self, spacing=6)
        self.pause_button.clicked.connect(self._toggle_pause)
        self.start_over()

    def start_over(self) -> None:
        """Begin with the first photo."""
        self.capture = GuidedCapture()
        self.show_shots({})
        self._show_pause()
        self.advice.setText(photo_text.advice(Advice.LOOK_AHEAD))

    def observe(self, seen: Observation, time_s: float) -> Guidance:
        """Take a look at the newest frame; return what is to be shown."""
        guidance = self.capture.observe(seen, time_s)
        self.advice.setText(photo_text.advice(guidance.advice))
        if guidance.shot is not None:
            self.taken.emit(guidance.shot, guidance.shot_pose)
        return guidance

    def show_shots(self, shots: dict[Pose, bool]) -> None:
        """Show of each photo that was taken whether it is good."""
        for pose, chip in self.chips.items():
            is_good = shots.get(pose)
            name = "camera" if is_good is None else "accepted" if is_good else "warning"
            icons.set_icon(chip, name, 16)
            chip.setEnabled(is_good is not None)
            again = self.tr("Take this photo again") if is_good is not None else ""
            chip.setToolTip(again)
            chip.setAccessibleName(f"{photo_text.pose(pose)}. {again}".strip())

    def _retake(self, pose: Pose, _: bool = False) -> None:
        self.capture.retake(pose)
        self.capture.resume()
        self._show_pause()
        self.retaken.emit(pose)

    def _toggle_pause(self) -> None:
        if self.capture.is_paused:
            self.capture.resume()
        else:
            self.capture.pause()
            self.advice.setText(photo_text.advice(Advice.PAUSED))
        self._show_pause()

    def _show_pause(self) -> None:
        is_paused = self.capture.is_paused
        self.pause_button.setText(self.tr("Go on") if is_paused else self.tr("Stop the count-down"))
        icons.set_icon(self.pause_button, "play" if is_paused else "stop", 16)
