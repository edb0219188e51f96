"""A dialog that sets up a camera: its source, its door, its region, and a check of the faces there."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import CameraError, FaceAccessError, SettingsError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.settings.setup_view import SetupView
from faceaccess.gui.widgets.camera_preview import CameraPreview
from faceaccess.gui.widgets.settings_form import SettingsForm, add_setting
from faceaccess.gui.wording import failures
from faceaccess.settings import WHOLE_PICTURE, CameraSettings, Region
from faceaccess.store.policy.types import Baseline

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.door.health import MeasuredFace
    from faceaccess.vision.sources.webcams import CameraInfo
    from faceaccess.vision.types import Quality

_SHOWN = ("name", "door", "passage", "turn", "stretch", "smallest_face_px")
_HELP_PX = 300
_MEASURE_MS = 300
_MEASUREMENTS = 10


class CameraDialog(QDialog):
    """Shows the picture while its settings are changed; `settings` and `baseline` are the answer."""

    def __init__(
        self,
        doors: "Doors",
        bridge: LiveBridge,
        camera: CameraSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Set up a camera"))
        self._doors = doors
        self._camera = camera
        self.baseline: Baseline | None = None
        self._collected: list[Quality] | None = None
        self._is_measuring = False
        self.view = SetupView(self)
        self.preview = CameraPreview(doors, bridge, self.view)
        self.source_box = QComboBox(self)
        self.form = SettingsForm(camera, only=_SHOWN, help_px=_HELP_PX, parent=self)
        self.whole_button = QPushButton(self.tr("Use the whole picture"), self)
        self.measure_button = QPushButton(self.tr("Remember how people look here"), self)
        self.message = Label(self)
        self.buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._arrange()
        self._connect()
        self.view.set_region(camera.region)
        self.view.set_smallest(camera.smallest_face_px)
        self.preview.show_as(camera)
        self._say(self.tr("Have somebody stand where people will stand, and look at the mark on the face."))
        run_in_background(doors.cameras.find, self._offer_webcams, self._fail, self, lane=Lane.DOOR)
        self.preview.start(camera.source)
        self._timer.start()

    def settings(self) -> CameraSettings:
        """Return the camera as it is set up now.

        Raises:
            SettingsError: something can't be used.
        """
        return replace(self.form.settings(), source=self._source(), region=self.view.region)

    def done(self, result: int) -> None:
        """Release the camera, however the dialog ends."""
        self._timer.stop()
        self.preview.stop()
        super().done(result)

    def _arrange(self) -> None:
        self.source_box.setEditable(True)
        self.source_box.setMaxVisibleItems(25)
        self.source_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.source_box.setEditText(self._camera.source)
        self.message.setWordWrap(True)
        self.message.setProperty("role", "muted")
        self.message.setMinimumHeight(60)
        icons.set_icon(self.measure_button, "check", 16)
        source = QFormLayout()
        source.setHorizontalSpacing(24)
        source.setContentsMargins(0, 0, 0, 0)
        help_text = self.tr("A webcam, or the address of a network camera (rtsp:// or http://).")
        add_setting(source, self.source_box, self.tr("Picture from"), help_text, help_px=_HELP_PX)
        settings = QVBoxLayout()
        settings.setContentsMargins(0, 0, 12, 0)
        settings.setSpacing(10)
        settings.addLayout(source)
        settings.addWidget(self.form)
        settings.addStretch()
        page = QWidget(self)
        page.setLayout(settings)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(scroll, 1)
        right.addWidget(self.whole_button)
        right.addWidget(self.measure_button)
        right.addWidget(self.message)
        right.addWidget(self.buttons)
        side = QWidget(self)
        side.setFixedWidth(550)
        side.setLayout(right)
        row = QHBoxLayout(self)
        row.setSpacing(16)
        row.addWidget(self.view, 1)
        row.addWidget(side)
        self.resize(1220, 720)

    def _connect(self) -> None:
        self._timer = QTimer(self)
        self._timer.setInterval(_MEASURE_MS)
        self._timer.timeout.connect(self._measure)
        self.source_box.activated.connect(self._on_source_chosen)
        line = self.source_box.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._on_source_chosen)
        self.form.edited.connect(self._on_edited)
        self.form.refused.connect(self._fail)
        self.view.region_drawn.connect(self._on_region_drawn)
        self.whole_button.clicked.connect(self._use_whole)
        self.measure_button.clicked.connect(self._begin_baseline)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._shown_source = self._camera.source

    def _source(self) -> str:
        """Return the chosen webcam's source, or the address typed."""
        written = self.source_box.currentText().strip()
        row = self.source_box.findText(written)
        return self.source_box.itemData(row) if row >= 0 else written

    def _offer_webcams(self, webcams: "list[CameraInfo]") -> None:
        written = self._source()
        for webcam in webcams:
            self.source_box.addItem(shown(webcam.name), webcam.source)
        names = [w.name for w in webcams if written in (w.source, str(w.index))]
        self.source_box.setEditText(names[0] if names else written)

    def _on_source_chosen(self, _: int = 0) -> None:
        source = self._source()
        if source and source != self._shown_source:
            self._shown_source = source
            self.preview.start(source)

    def _on_edited(self, camera: CameraSettings) -> None:
        self.view.set_smallest(camera.smallest_face_px)
        self.preview.show_as(camera)

    def _on_region_drawn(self, _: Region) -> None:
        self._say(self.tr("Only faces inside the yellow frame count."))

    def _use_whole(self) -> None:
        self.view.set_region(WHOLE_PICTURE)

    def _measure(self) -> None:
        """Measure the faces of the newest frame, one frame at a time."""
        frame = self.preview.frame
        if frame is None or self._is_measuring:
            return
        self._is_measuring = True
        job = partial(
            self._doors.cameras.measure_faces,
            frame.image,
            smallest_face_px=self.form.settings().smallest_face_px,
        )
        run_in_background(job, self._on_measured, self._fail, self, lane=Lane.FACES)

    def _on_measured(self, faces: "list[MeasuredFace]") -> None:
        self._is_measuring = False
        self.view.show_faces(faces)
        if self._collected is None:
            return
        if faces:
            self._collected.append(max(faces, key=lambda face: face.quality.face_px).quality)
        self._left -= 1
        if self._left:
            self._say(self.tr("Measuring… please stand still."))
            return
        # Here, because it would load the recognition engine before the window can open.
        from faceaccess.door.health import baseline_of

        collected, self._collected = self._collected, None
        self.measure_button.setEnabled(True)
        try:
            self.baseline = baseline_of(collected)
        except CameraError as error:
            self._fail(error)
            return
        self._say(
            self.tr(
                "Remembered: faces {0} px wide, sharpness {1}. If people come to look different here, "
                "you are told: the camera may have been moved or soiled."
            ).format(round(self.baseline.face_px), round(self.baseline.sharpness))
        )

    def _begin_baseline(self) -> None:
        self._collected, self._left = [], _MEASUREMENTS
        self.measure_button.setEnabled(False)

    def _accept(self) -> None:
        try:
            camera = self.settings()
        except SettingsError as error:
            self._fail(error)
            return
        if camera.source == self._camera.source:
            self.accept()
            return
        check = partial(self._doors.cameras.check, camera)
        run_in_background(check, self._on_checked, self._fail, self, lane=Lane.DOOR)

    def _on_checked(self, _: object) -> None:
        self.accept()

    def _say(self, message: str) -> None:
        self.message.setProperty("role", "muted")
        self._show(message)

    def _fail(self, error: FaceAccessError) -> None:
        self._is_measuring = False
        self.message.setProperty("role", "caution")
        self._show(failures.whole(error))

    def _show(self, message: str) -> None:
        self.message.setText(message)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
