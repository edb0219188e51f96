"""The cameras as they are set up: add, change, remove."""

import secrets
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QMessageBox, QVBoxLayout, QWidget

from faceaccess.door.entries import CameraChange, camera_changes
from faceaccess.door.supervision import CameraStatus
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.live_bridge import LiveBridge, RunState
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label, plain
from faceaccess.gui.settings.camera_dialog import CameraDialog
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.wording import text
from faceaccess.settings import CameraSettings
from faceaccess.store.policy.types import Baseline

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_FAULTS_SHOWN = 6


class CameraList(QWidget):
    """One row per camera; `changed` says that they are different now."""

    changed = Signal()

    def __init__(
        self, workspace: "Workspace", bridge: LiveBridge, notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._bridge, self._notices = workspace, bridge, notices
        self._cameras: tuple[CameraSettings, ...] = ()
        self.list = ItemList(self.tr("Add a camera"), self)
        self._statuses: dict[str, CameraStatus] = {}
        self.faults = Label(self)
        self.faults.setProperty("role", "muted")
        self.faults.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addWidget(self.faults)
        self.list.add_wanted.connect(self._add)
        self.list.edit_wanted.connect(self._edit_number)
        self.list.remove_wanted.connect(self._remove)
        bridge.camera_changed.connect(self._show_status)
        bridge.run_state_changed.connect(self._show_run_state)

    def load(self) -> None:
        """Show the cameras in force, and what was last wrong with them."""
        run_in_background(self._workspace.policies.cameras, self._show, self._notices.fail, self)
        self._load_faults()

    def _load_faults(self) -> None:
        read = partial(_read_states, self._workspace)
        run_in_background(read, self._show_faults, self._notices.fail, self)

    def _show(self, cameras: tuple[CameraSettings, ...]) -> None:
        self._cameras = cameras
        items = [(camera.name, self._facts(camera)) for camera in cameras]
        self.list.show_items(items, can_remove=len(cameras) > 1)

    def _facts(self, camera: CameraSettings) -> str:
        """Return where a camera is, and while the door runs what it does and how often it came back."""
        parts = [camera.door, text.choice("passage", camera.passage), text.source(camera.source)]
        status = self._statuses.get(camera.camera_id)
        if status is not None:
            parts.append(text.camera_status(status).label)
        if status is not None and status.reconnects:
            parts.append(text.reconnects(status.reconnects).rstrip("."))
        return " · ".join(parts)

    def _show_status(self, camera_id: str, status: CameraStatus) -> None:
        self._statuses[camera_id] = status
        for row, camera in zip(self.list.rows, self._cameras, strict=False):
            if camera.camera_id == camera_id:
                row.facts.setText(self._facts(camera))
        if self.isVisible():
            self._load_faults()

    def _show_run_state(self, state: RunState) -> None:
        if state is RunState.STOPPED:
            self._statuses = {}
            self._show(self._cameras)

    def _show_faults(self, changes: list[CameraChange]) -> None:
        lines = [text.camera_change(change) for change in changes]
        heading = self.tr("What the cameras did last:")
        self.faults.setText("\n".join([heading, *lines]) if lines else "")
        self.faults.setVisible(bool(lines))

    def _add(self) -> None:
        number = len(self._cameras) + 1
        name = self.tr("Camera {0}").format(number)
        self._edit(CameraSettings(camera_id=secrets.token_hex(4), name=name, source=str(number - 1)))

    def _edit_number(self, number: int) -> None:
        self._edit(self._cameras[number])

    def _edit(self, camera: CameraSettings) -> None:
        dialog = CameraDialog(self._workspace, self._bridge, camera, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            changed = dialog.settings()
            others = [each for each in self._cameras if each.camera_id != camera.camera_id]
            place = next((i for i, each in enumerate(self._cameras) if each is camera), len(others))
            self._save([*others[:place], changed, *others[place:]], changed.camera_id, dialog.baseline)
        dialog.deleteLater()

    def _remove(self, number: int) -> None:
        camera = self._cameras[number]
        question = self.tr("Remove the camera {0}? Its entries stay in the log.").format(camera.name)
        answer = QMessageBox.question(self.window(), self.tr("Remove a camera"), plain(question))
        if answer == QMessageBox.StandardButton.Yes:
            self._save([each for each in self._cameras if each is not camera], "", None)

    def _save(self, cameras: list[CameraSettings], camera_id: str, baseline: Baseline | None) -> None:
        job = partial(_keep, self._workspace, cameras, camera_id, baseline)
        run_in_background(job, self._on_saved, self._on_failed, self)

    def _on_saved(self, cameras: tuple[CameraSettings, ...]) -> None:
        self._show(cameras)
        self._notices.notify(self.tr("The cameras are saved."), is_success=True)
        self.changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()


def _read_states(workspace: "Workspace") -> list[CameraChange]:
    return camera_changes(workspace.journal, _FAULTS_SHOWN)


def _keep(
    workspace: "Workspace", cameras: list[CameraSettings], camera_id: str, baseline: Baseline | None
) -> tuple[CameraSettings, ...]:
    workspace.policies.set_cameras(workspace.actor, cameras)
    if baseline is not None:
        workspace.policies.set_baseline(workspace.actor, camera_id, baseline)
    return workspace.policies.cameras()
