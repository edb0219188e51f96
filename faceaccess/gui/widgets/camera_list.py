"""The cameras as they are set up: add, change, remove."""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, text
from faceaccess.gui.background import run_in_background
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.camera_dialog import CameraDialog
from faceaccess.settings import CameraSettings
from faceaccess.store.types import Baseline

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace


@dataclass(frozen=True)
class _Row:
    """The widgets of a camera."""

    camera: CameraSettings
    box: QWidget
    edit_button: QPushButton
    remove_button: QPushButton


class CameraList(QWidget):
    """One row per camera; `changed` says that they are different now."""

    changed = Signal()

    def __init__(
        self, workspace: "Workspace", bridge: LiveBridge, notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._bridge, self._notices = workspace, bridge, notices
        self.rows: list[_Row] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self.add_button = QPushButton(self.tr("Add a camera"), self)
        icons.set_icon(self.add_button, "plus", 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._list)
        line = QHBoxLayout()
        line.addWidget(self.add_button)
        line.addStretch()
        column.addLayout(line)
        self.add_button.clicked.connect(self._add)

    def load(self) -> None:
        """Show the cameras in force."""
        run_in_background(self._workspace.policies.cameras, self._show, self._notices.fail, self)

    def _show(self, cameras: tuple[CameraSettings, ...]) -> None:
        for row in self.rows:
            self._list.removeWidget(row.box)
            row.box.deleteLater()
        self.rows = [self._make_row(camera) for camera in cameras]
        for row in self.rows:
            row.remove_button.setVisible(len(self.rows) > 1)

    def _make_row(self, camera: CameraSettings) -> _Row:
        box = QWidget(self)
        name = QLabel(camera.name, box)
        name.setProperty("role", "strong")
        facts = self.tr("{0} · {1} · {2}").format(
            camera.door, text.choice("passage", camera.passage), text.source(camera.source)
        )
        details = QLabel(facts, box)
        details.setProperty("role", "muted")
        details.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(details)
        edit, remove = QPushButton(self.tr("Set up…"), box), QPushButton(self.tr("Remove"), box)
        icons.set_icon(edit, "settings", 16)
        icons.set_icon(remove, "trash", 16)
        edit.setAccessibleName(self.tr("Set up {0}").format(camera.name))
        remove.setAccessibleName(self.tr("Remove {0}").format(camera.name))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        row.addWidget(edit)
        row.addWidget(remove)
        self._list.addWidget(box)
        edit.clicked.connect(partial(self._edit, camera))
        remove.clicked.connect(partial(self._remove, camera))
        return _Row(camera, box, edit, remove)

    def _add(self) -> None:
        number = len(self.rows) + 1
        name = self.tr("Camera {0}").format(number)
        self._edit(CameraSettings(camera_id=secrets.token_hex(4), name=name, source=str(number - 1)))

    def _edit(self, camera: CameraSettings) -> None:
        dialog = CameraDialog(self._workspace, self._bridge, camera, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            changed = dialog.settings()
            kept = [row.camera for row in self.rows]
            ids = [each.camera_id for each in kept]
            if camera.camera_id in ids:
                kept[ids.index(camera.camera_id)] = changed
            else:
                kept.append(changed)
            self._save(kept, changed.camera_id, dialog.baseline)
        dialog.deleteLater()

    def _remove(self, camera: CameraSettings) -> None:
        question = self.tr("Remove the camera {0}? Its entries stay in the log.").format(camera.name)
        answer = QMessageBox.question(self.window(), self.tr("Remove a camera"), question)
        if answer == QMessageBox.StandardButton.Yes:
            self._save([row.camera for row in self.rows if row.camera is not camera], "", None)

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


def _keep(
    workspace: "Workspace", cameras: list[CameraSettings], camera_id: str, baseline: Baseline | None
) -> tuple[CameraSettings, ...]:
    workspace.policies.set_cameras(workspace.actor, cameras)
    if baseline is not None:
        workspace.policies.set_baseline(workspace.actor, camera_id, baseline)
    return workspace.policies.cameras()
