"""The line at the bottom: camera, device, model, and whether the data folder is open."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QToolButton, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.plain import Label, plain
from faceaccess.gui.wording import codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.settings import CameraSettings


class StatusLine(QStatusBar):
    """Facts that are always true, each with an icon."""

    sign_out_wanted = Signal()
    messages_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._statuses: dict[str, CameraStatus | None] = {}
        self.setSizeGripEnabled(False)
        self.setAccessibleName(self.tr("Status"))
        self.camera = self._item("camera", self.tr("Camera"), is_left=True)
        trial = self._item("warning", self.tr("Entries don't count, and no door opens"), is_left=True)
        trial.setText(self.tr("Trial day"))
        self.trial_mark = trial.parentWidget() or trial
        self.messages = QToolButton(self)
        self.messages.setObjectName("messages")
        self.messages.setProperty("role", "plain")
        self.messages.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.messages.setToolTip(self.tr("Show the messages that nobody has closed"))
        icons.set_icon(self.messages, "warning", 16)
        self.messages.clicked.connect(self.messages_wanted)
        self.addWidget(self.messages)
        self.show_messages(0)
        self.folder = self._item("lock-open", self.tr("Data folder"))
        self.device = self._item("device", self.tr("Device in use"))
        self.model = self._item("model", self.tr("Model in use"))
        self.operator = QToolButton(self)
        self.operator.setProperty("role", "plain")
        self.operator.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.operator.setAccessibleName(self.tr("Sign out"))
        self.operator.setToolTip(self.tr("Lock the window; the door goes on (Ctrl+L)"))
        self.operator.setShortcut("Ctrl+L")
        icons.set_icon(self.operator, "person", 16)
        self.operator.clicked.connect(self.sign_out_wanted)
        self.addPermanentWidget(self.operator)
        self.show_operator("")
        self.show_trial(False)
        self.show_run_state(RunState.STOPPED)
        self.model.setText(self.tr("Loading the model…"))

    def _item(self, icon: str, name: str, *, is_left: bool = False) -> QLabel:
        box, symbol, label = QWidget(self), Label(self), Label(self)
        icons.set_icon(symbol, icon, 16)
        label.setToolTip(plain(name))
        symbol.setToolTip(plain(name))
        label.setAccessibleName(name)
        row = QHBoxLayout(box)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(2)
        row.addWidget(symbol)
        row.addWidget(label)
        (self.addWidget if is_left else self.addPermanentWidget)(box)
        return label

    def show_messages(self, count: int) -> None:
        """Offer to show so many messages again."""
        self.messages.setVisible(count > 0)
        self.messages.setText(self.tr("%n message(s)", "", count))

    def show_operator(self, name: str) -> None:
        """Name the operator, with a button to sign out; "" for nobody."""
        self.operator.setVisible(bool(name))
        self.operator.setText(self.tr("{0} – sign out").format(name))

    def show_run_state(self, state: RunState) -> None:
        """Show whether the door runs."""
        self.camera.setText(
            {
                RunState.STOPPED: self.tr("Door closed"),
                RunState.STARTING: self.tr("Door starting…"),
                RunState.RUNNING: self.tr("Door open"),
                RunState.STOPPING: self.tr("Door stopping…"),
            }[state]
        )

    def show_trial(self, is_trial: bool) -> None:
        """Show for as long as the door is open for a trial day."""
        self.trial_mark.setVisible(is_trial)

    def set_cameras(self, cameras: Sequence[CameraSettings]) -> None:
        """Take the cameras in service."""
        self._statuses = dict.fromkeys((camera.camera_id for camera in cameras), None)

    def show_camera(self, camera_id: str, status: CameraStatus) -> None:
        """Show the camera's state and its reconnects; of several, the number that are on."""
        self._statuses[camera_id] = status
        if len(self._statuses) > 1:
            online = sum(
                known is not None and known.state is CameraState.ONLINE for known in self._statuses.values()
            )
            self.camera.setText(self.tr("{0} of %n cameras on", "", len(self._statuses)).format(online))
            return
        label = codes.camera_status(status).label
        if status.reconnects:
            label = f"{label} · {Counts().reconnects(status.reconnects)}"
        self.camera.setText(label)

    def show_device(self, device: str, note: str) -> None:
        """Name the device in use; the note says why it is not the one asked for."""
        self.device.setText(device)
        self.device.setProperty("role", "caution" if note else "")
        self.device.style().unpolish(self.device)
        self.device.style().polish(self.device)
        self.device.setToolTip(note or self.tr("Device in use"))

    def show_model(self, title: str, model_id: str) -> None:
        """Name the model in use; an empty title says that there is none."""
        self.model.setText(title or self.tr("No model"))
        self.model.setToolTip(model_id or self.tr("Model in use"))

    def show_open_folder(self, is_open: bool) -> None:
        """Show whether anyone at this computer may change the data."""
        box = self.folder.parentWidget()
        assert box is not None
        box.setVisible(is_open)
        self.folder.setText(self.tr("No operators: anyone here may change the data"))
        self.folder.setToolTip(
            self.tr("This data folder is open: anyone at this computer may change what is in it.")
        )
