"""The line at the bottom: camera, device, model, and whether the data folder is open."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QToolButton, QWidget

from faceaccess.codes import CameraState
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons
from faceaccess.gui.live_bridge import Run, RunState
from faceaccess.gui.plain import Label, plain
from faceaccess.gui.wording import camera_codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.settings import CameraSettings

_GAP_PX = 8
"""After each item: Qt's own, and a little more."""


class StatusLine(QStatusBar):
    """Facts that are always true, each with an icon; nothing ends beyond the window's edge.

    Where there is no room for all, the least important leave their words to a tool tip, and others use fewer.
    """

    sign_out_wanted = Signal()
    messages_wanted = Signal()
    about_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._statuses: dict[str, CameraStatus | None] = {}
        self._messages, self._operator = 0, ""
        self._boxes: list[QWidget] = []
        self._symbols: dict[QLabel, QLabel] = {}
        self.setSizeGripEnabled(False)
        self.setAccessibleName(self.tr("Status"))
        self.camera = self._item("camera", self.tr("Camera"), is_left=True)
        trial = self._item("warning", self.tr("Entries don't count, and no door opens"), is_left=True)
        trial.setText(self.tr("Trial day"))
        self.trial_mark = trial.parentWidget() or trial
        self.drill = self._item("warning", self.tr("Entries don't count, and no door opens"), is_left=True)
        self.drill_mark = self.drill.parentWidget() or self.drill
        self.messages = QToolButton(self)
        self.messages.setObjectName("messages")
        self.messages.setProperty("role", "plain")
        self.messages.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.messages.setToolTip(self.tr("Show the messages that nobody has closed"))
        icons.set_icon(self.messages, "warning", 16)
        self.messages.clicked.connect(self.messages_wanted)
        self.addWidget(self.messages)
        self._boxes.append(self.messages)
        self.folder = self._item("lock-open", self.tr("Data folder"))
        self.device = self._item("device", self.tr("Device in use"))
        self.model = self._item("model", self.tr("Model in use"))
        self.operator = QToolButton(self)
        self.operator.setProperty("role", "plain")
        self.operator.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.operator.setAccessibleName(self.tr("Sign out"))
        self.operator.setShortcut("Ctrl+L")
        icons.set_icon(self.operator, "person", 16)
        self.operator.clicked.connect(self.sign_out_wanted)
        self.addPermanentWidget(self.operator)
        self._boxes.append(self.operator)
        self.about = QToolButton(self)
        self.about.setProperty("role", "plain")
        self.about.setToolTip(self.tr("About FaceAccess, and help"))
        self.about.setAccessibleName(self.tr("About FaceAccess"))
        icons.set_icon(self.about, "info", 16)
        self.about.clicked.connect(self.about_wanted)
        self.addPermanentWidget(self.about)
        self._boxes.append(self.about)
        self.show_messages(0)
        self.show_operator("")
        self.show_staged(Run())
        self.show_run_state(RunState.STOPPED)
        self.model.setText(self.tr("Loading the model…"))
        self._fit()

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
        self._boxes.append(box)
        self._symbols[label] = symbol
        return label

    def minimumSizeHint(self) -> QSize:
        """Return no least width: the window would give it, and cut off what lies beyond its own edge."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the words in the letters in use."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say everything in full, or leave words out, the least important first, until it fits."""
        self.folder.setText(self.tr("No operators: anyone here may change the data"))
        self.messages.setText(self.tr("%n message(s)", "", self._messages))
        self.operator.setText(self.tr("{0} – sign out").format(self._operator))
        self.operator.setToolTip(self.tr("Lock the window; the door goes on (Ctrl+L)"))
        for label in (self.device, self.model, self.folder):
            label.show()
            self._symbols[label].setToolTip(label.toolTip())
        for shorten in (
            partial(self._leave_icon, self.device),
            partial(self.folder.setText, self.tr("No operators")),
            partial(self._leave_icon, self.model),
            partial(self._leave_icon, self.folder),
            partial(self.messages.setText, str(self._messages)),
            self._leave_sign_out,
        ):
            if not self.isVisible() or self._needed_px() <= self.width():
                return
            shorten()

    def _leave_icon(self, label: QLabel) -> None:
        label.hide()
        tips = dict.fromkeys((label.text(), label.toolTip()))
        self._symbols[label].setToolTip(plain("\n".join(filter(None, tips))))

    def _leave_sign_out(self) -> None:
        self.operator.setText(self.tr("Sign out"))
        self.operator.setToolTip(plain(f"{self._operator}\n{self.operator.toolTip()}"))

    def _needed_px(self) -> int:
        shown = [box for box in self._boxes if not box.isHidden()]
        return sum(box.sizeHint().width() + _GAP_PX for box in shown)

    def show_messages(self, count: int) -> None:
        """Offer to show so many messages again."""
        self._messages = count
        self.messages.setVisible(count > 0)
        self._fit()

    def show_operator(self, name: str) -> None:
        """Name the operator, with a button to sign out; "" for nobody."""
        self._operator = name
        self.operator.setVisible(bool(name))
        self._fit()

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
        self._fit()

    def show_staged(self, run: Run) -> None:
        """Show for as long as the door is open for a trial day or an attack drill."""
        self.trial_mark.setVisible(run.is_trial)
        self.drill_mark.setVisible(bool(run.drill_door))
        self.drill.setText(self.tr("Attack drill: {0}").format(run.drill_door))
        self._fit()

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
            self._fit()
            return
        label = camera_codes.status(status).label
        if status.reconnects:
            label = f"{label} · {Counts().reconnects(status.reconnects)}"
        self.camera.setText(label)
        self._fit()

    def show_device(self, device: str, note: str) -> None:
        """Name the device in use; the note says why it is not the one asked for."""
        self.device.setText(device)
        self.device.setProperty("role", "caution" if note else "")
        self.device.style().unpolish(self.device)
        self.device.style().polish(self.device)
        self.device.setToolTip(note or self.tr("Device in use"))
        self._fit()

    def show_model(self, title: str, model_id: str) -> None:
        """Name the model in use; an empty title says that there is none."""
        self.model.setText(title or self.tr("No model"))
        self.model.setToolTip(model_id or self.tr("Model in use"))
        self._fit()

    def show_open_folder(self, is_open: bool) -> None:
        """Show whether anyone at this computer may change the data."""
        box = self.folder.parentWidget()
        assert box is not None
        box.setVisible(is_open)
        self.folder.setToolTip(
            self.tr("This data folder is open: anyone at this computer may change what is in it.")
        )
        self._fit()
